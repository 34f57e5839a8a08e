// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/offer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define DELIVERY "01a1fc48-680b-789b-bba7-c22fbf3b6871"
#define DOCUMENT \
        "\"document\":{\"size\":9,\"sealed_size\":121,\"format\":\"application/pdf\",\"seal_id\":\"00ff\"}"
#define PRINTER                                                                                          \
        "\"printer\":{\"id\":\"01a1fc48-676c-7488-a6bb-ee80369fa8c0\",\"addresses\":[\"ipps://p\",null," \
        "\"gopher://p\",\"socket://p\"],\"identity\":{\"uuid\":\"urn:uuid:1\",\"spki\":null}}"
#define HEAD   "\"delivery\":\"" DELIVERY "\",\"epoch\":3,\"name\":\"imprimatur 1\","
#define TIMES  "\"lease_ms\":60000,\"grant_ms\":10000,\"stall_ms\":1800000"
#define TICKET "\"ticket\":{\"copies\":2,\"sides\":\"one-sided\",\"page_ranges\":\"1-3\"},"

static const struct {
        const char *name;
        const char *json; /* of the one delivery */
        size_t count;
} rows[] = {
        { "whole", "{" HEAD DOCUMENT "," PRINTER "," TICKET TIMES "}", 1 },
        { "without a ticket", "{" HEAD DOCUMENT "," PRINTER "," TIMES "}", 1 },
        { "later members", "{" HEAD DOCUMENT "," PRINTER ",\"later\":[1]," TIMES "}", 1 },
        { "to a server's queue",
          "{" HEAD DOCUMENT "," PRINTER ",\"forward\":{\"user\":\"ada\",\"title\":null}," TIMES "}", 1 },
        { "forward of another kind", "{" HEAD DOCUMENT "," PRINTER ",\"forward\":{\"user\":7}," TIMES "}",
          0 },
        { "no document", "{" HEAD PRINTER "," TIMES "}", 0 },
        { "no printer", "{" HEAD DOCUMENT "," TIMES "}", 0 },
        { "delivery is no id", "{\"delivery\":\"x\",\"name\":\"a\"," DOCUMENT "," PRINTER "}", 0 },
        { "epoch beyond",
          "{\"delivery\":\"" DELIVERY "\",\"epoch\":4294967296,\"name\":\"a\"," DOCUMENT "," PRINTER "}", 0 },
        { "negative epoch",
          "{\"delivery\":\"" DELIVERY "\",\"epoch\":-1,\"name\":\"a\"," DOCUMENT "," PRINTER "}", 0 },
        { "ticket of another kind", "{" HEAD DOCUMENT "," PRINTER ",\"ticket\":{\"sides\":7}," TIMES "}", 0 },
        { "name too long",
          "{\"delivery\":\"" DELIVERY
          "\",\"name\":\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234\"," DOCUMENT
          "," PRINTER "}",
          0 },
        { "seal id is no hexadecimal",
          "{" HEAD "\"document\":{\"sealed_size\":121,\"format\":\"a/b\",\"seal_id\":\"xy\"}," PRINTER "}",
          0 },
        { "no object", "[]", 0 },
        { "null", "null", 0 },
};

static void check_whole(const struct offer *offer)
{
        assert(offer->epoch == 3 && offer->sealed_octets == 121 && offer->seal_id_length == 2);
        assert(offer->order.address_count == 2 && offer->order.addresses[0].scheme == ADDRESS_IPPS &&
               offer->order.addresses[1].scheme == ADDRESS_RAW);
        assert(strcmp(offer->order.identity.uuid, "urn:uuid:1") == 0 &&
               !offer->order.identity.fingerprint[0]);
        assert(offer->order.ticket.copies == 2 && strcmp(offer->order.ticket.sides, "one-sided") == 0 &&
               strcmp(offer->order.ticket.page_ranges, "1-3") == 0);
        assert(offer->lease_ms == 60000 && offer->grant_ms == 10000 && offer->stall_ms == 1800000);
}

int main(void)
{
        static struct offer offers[4];
        char answer[4096];
        size_t count;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                snprintf(answer, sizeof(answer), "{\"deliveries\":[%s]}", rows[i].json);
                assert(offers_parse(text_from(answer), offers, 4, &count) == 0 && count == rows[i].count);
                if (i == 0)
                        check_whole(&offers[0]);
        }

        /* One that is not understood does not hide the others, and there are never more than asked for. */
        snprintf(answer, sizeof(answer), "{\"deliveries\":[%s,7,%s,%s]}", rows[0].json, rows[0].json,
                 rows[0].json);
        assert(offers_parse(text_from(answer), offers, 4, &count) == 0 && count == 3);
        assert(offers_parse(text_from(answer), offers, 2, &count) == 0 && count == 2);
        assert(offers_parse(TEXT_OF("{}"), offers, 4, &count) == OFFER_MALFORMED);
        assert(offers_parse(TEXT_OF("{\"deliveries\":["), offers, 4, &count) == OFFER_MALFORMED &&
               count == 0);
        return 0;
}
