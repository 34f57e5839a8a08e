// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is understood comes back the same, and holds its own first address. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text text = text_from_octets(data, size), address, bits;
        struct network network, again;
        char string[NETWORK_STRING];

        network_list_has(text, TEXT_OF("192.0.2.1"));
        network_list_is_valid(text, 4);
        if (!network_parse(text, &network))
                return 0;
        assert(network.bits <= 128);
        network_format(&network, string);
        assert(network_parse(text_from(string), &again));
        assert(again.bits == network.bits && memcmp(again.octets, network.octets, 16) == 0);
        text_cut(text_from(string), '/', &address, &bits);
        assert(network_has(&network, address));
        return 0;
}
