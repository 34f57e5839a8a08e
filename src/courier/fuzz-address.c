// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "courier/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was accepted is canonical: its URI reads back the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct courier_address address, again;

        if (courier_address_parse(text_from_octets(data, size), &address) != 0)
                return 0;
        assert(courier_address_parse(text_from(address.uri), &again) == 0);
        assert(strcmp(address.uri, again.uri) == 0 && strcmp(address.host, again.host) == 0);
        return 0;
}
