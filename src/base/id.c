// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/id.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <stdlib.h>

#include "base/clock.h"

struct id id_new(void)
{
        uint64_t now = (uint64_t)clock_unix_ms();
        struct id id;

        /* 16 octets never block and are never cut short once the kernel has been seeded (random(7)). */
        if (getrandom(id.octets, sizeof(id.octets), 0) != sizeof(id.octets))
                abort();
        for (int i = 0; i < 6; i++)
                id.octets[i] = (uint8_t)(now >> (40 - 8 * i));
        id.octets[6] = (uint8_t)(0x70 | (id.octets[6] & 0x0f));
        id.octets[8] = (uint8_t)(0x80 | (id.octets[8] & 0x3f));
        return id;
}

bool id_equal(struct id a, struct id b)
{
        return memcmp(a.octets, b.octets, ID_OCTETS) == 0;
}

bool id_is_zero(struct id id)
{
        return id_equal(id, (struct id){ 0 });
}

void id_format(struct id id, char ret[ID_STRING])
{
        const uint8_t *o = id.octets;

        snprintf(ret, ID_STRING, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", o[0],
                 o[1], o[2], o[3], o[4], o[5], o[6], o[7], o[8], o[9], o[10], o[11], o[12], o[13], o[14],
                 o[15]);
}

static int digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
        return -1;
}

bool id_parse(struct text text, struct id *ret)
{
        struct id id;
        size_t at = 0;

        if (text.len != ID_STRING - 1)
                return false;
        for (int i = 0; i < ID_OCTETS; i++) {
                int high, low;

                if (i == 4 || i == 6 || i == 8 || i == 10)
                        if (text.at[at++] != '-')
                                return false;
                high = digit(text.at[at++]);
                low = digit(text.at[at++]);
                if (high < 0 || low < 0)
                        return false;
                id.octets[i] = (uint8_t)(high << 4 | low);
        }
        *ret = id;
        return true;
}
