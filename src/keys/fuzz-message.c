// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "keys/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted has the one size, a known operation, and no length beyond its field. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct keys_request request;

        if (keys_request_parse(text_from_octets(data, size), &request)) {
                assert(size == sizeof(request) && memcmp(&request, data, size) == 0);
                assert(request.operation >= KEYS_PING && request.operation < KEYS_OPERATIONS);
                if (request.operation == KEYS_CARD_MAC)
                        assert(request.octets_len <= KEYS_CARD_MAX);
                if (request.operation == KEYS_AUTHORITY_SIGN)
                        assert(request.octets_len <= sizeof(request.octets));
        }
        return 0;
}
