// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "offline/deposit-form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The hash at the end is put right, or nothing behind it would ever be reached. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        uint8_t octets[DEPOSIT_HEADER_OCTETS] = { 0 }, again[DEPOSIT_HEADER_OCTETS];
        size_t hashed = sizeof(octets) - HASH_OCTETS;
        struct deposit_header header;

        (void)deposit_header_parse(text_from_octets(data, size), &header);
        memcpy(octets, data, size < hashed ? size : hashed);
        hash_sha256(text_from_octets(octets, hashed), octets + hashed);
        if (deposit_header_parse(text_from_octets(octets, sizeof(octets)), &header) != 0)
                return 0;
        assert(header.door == DEPOSIT_IPP || header.door == DEPOSIT_LPD);
        deposit_header_format(&header, again);
        assert(deposit_header_parse(text_from_octets(again, sizeof(again)), &header) == 0);
        return 0;
}
