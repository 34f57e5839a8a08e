// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "agent/offer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct offer offers[4];
        size_t count;

        if (offers_parse(text_from_octets(data, size), offers, 4, &count) != 0)
                assert(count == 0);
        for (size_t i = 0; i < count; i++) {
                const struct courier_order *order = &offers[i].order;

                assert(order->name[0] && strlen(order->name) < sizeof(order->name));
                assert(order->address_count <= COURIER_ADDRESSES && offers[i].sealed_octets > 0);
                assert(offers[i].seal_id_length <= OFFER_SEAL_ID);
        }
        return 0;
}
