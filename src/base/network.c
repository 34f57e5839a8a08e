// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define MAPPED_BITS 96

const char network_list_private[] =
        "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 ::1 fc00::/7 fe80::/10";

/* *ret_width is 32 or 128. */
static bool address_parse(struct text text, uint8_t ret[16], unsigned int *ret_width)
{
        static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
        char string[NETWORK_STRING];

        if (!text_copy(text, string, sizeof(string)))
                return false;
        if (inet_pton(AF_INET, string, ret + sizeof(mapped)) == 1) {
                memcpy(ret, mapped, sizeof(mapped));
                *ret_width = 32;
                return true;
        }
        *ret_width = 128;
        return inet_pton(AF_INET6, string, ret) == 1;
}

static bool is_zero_from(const uint8_t octets[16], unsigned int bit)
{
        for (; bit < 128; bit++)
                if (octets[bit / 8] & (0x80 >> bit % 8))
                        return false;
        return true;
}

bool network_parse(struct text text, struct network *ret)
{
        struct text address, rest;
        struct network network;
        unsigned int width;
        uint64_t bits;
        bool has_bits = text_cut(text, '/', &address, &rest);

        if (!address_parse(address, network.octets, &width))
                return false;
        bits = width;
        if (has_bits && !text_number(rest, width, &bits))
                return false;
        network.bits = (unsigned int)bits + 128 - width;
        if (!is_zero_from(network.octets, network.bits))
                return false;
        *ret = network;
        return true;
}

static bool is_mapped(const struct network *network)
{
        static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

        return network->bits >= MAPPED_BITS && memcmp(network->octets, mapped, sizeof(mapped)) == 0;
}

void network_format(const struct network *network, char ret[NETWORK_STRING])
{
        char address[INET6_ADDRSTRLEN] = "";
        bool is_4 = is_mapped(network);

        inet_ntop(is_4 ? AF_INET : AF_INET6, network->octets + (is_4 ? 12 : 0), address, sizeof(address));
        snprintf(ret, NETWORK_STRING, "%s/%u", address, network->bits - (is_4 ? MAPPED_BITS : 0));
}

static bool has(const struct network *network, const uint8_t octets[16])
{
        unsigned int whole = network->bits / 8, rest = network->bits % 8;

        if (memcmp(network->octets, octets, whole) != 0)
                return false;
        return rest == 0 || ((network->octets[whole] ^ octets[whole]) & (0xff00 >> rest) & 0xff) == 0;
}

bool network_has(const struct network *network, struct text address)
{
        uint8_t octets[16];
        unsigned int width;

        return address_parse(address, octets, &width) && has(network, octets);
}

bool network_list_has(struct text list, struct text address)
{
        struct network network;
        struct text item;
        uint8_t octets[16];
        unsigned int width;
        bool more = list.len > 0;

        if (!address_parse(address, octets, &width))
                return false;
        while (more) {
                more = text_cut(list, ' ', &item, &list);
                if (network_parse(item, &network) && has(&network, octets))
                        return true;
        }
        return false;
}

bool network_list_is_valid(struct text list, size_t max)
{
        struct network network;
        struct text item;
        bool more = list.len > 0;

        for (size_t count = 0; more; count++) {
                more = text_cut(list, ' ', &item, &list);
                if (count == max || !network_parse(item, &network))
                        return false;
        }
        return true;
}
