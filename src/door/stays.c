// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/stays.h"

#include <string.h>

#include "base/encoding.h"
#include "net/http-exchange.h"

void stay_order_fill(struct stay_order *order, struct id agent, const struct deposit_header *header)
{
        order->agent = agent;
        order->deposit = header->id;
        memcpy(order->tenant_key, header->tenant_key, sizeof(order->tenant_key));
        memcpy(order->box, header->for_tenant, sizeof(order->box));
        order->sealed_octets = header->document_octets;
}

bool stay_order_read(const struct http_exchange *x, struct id agent, struct stay_order *ret, bool *ret_stays)
{
        struct text encoded = http_header(x, "Imprimatur-Stays");
        struct text format = http_header(x, "Imprimatur-Stays-Format");
        uint8_t octets[DEPOSIT_HEADER_OCTETS];
        struct deposit_header header;
        size_t len;

        *ret_stays = encoded.at != NULL;
        if (!encoded.at)
                return true;
        if (!base64_parse(encoded, octets, sizeof(octets), &len) || len != sizeof(octets) ||
            deposit_header_parse(text_from_octets(octets, len), &header))
                return false;
        stay_order_fill(ret, agent, &header);
        return text_number(http_header(x, "Imprimatur-Stays-Size"), INT64_MAX, &ret->size_octets) &&
               format.len && text_is_printable(format) &&
               text_copy(format, ret->format, sizeof(ret->format)) &&
               hex_parse(http_header(x, "Imprimatur-Stays-Contents"), ret->contents, sizeof(ret->contents),
                         &len) &&
               len == sizeof(ret->contents);
}
