// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/network.h"
#include "base/scope.h"

static const struct {
        const char *written;
        const char *formatted; /* NULL: refused */
} rows[] = {
        { "10.0.0.0/8", "10.0.0.0/8" },
        { "192.0.2.7", "192.0.2.7/32" },
        { "0.0.0.0/0", "0.0.0.0/0" },
        { "::/0", "::/0" },
        { "2001:db8::/32", "2001:db8::/32" },
        { "::ffff:10.0.0.0/104", "10.0.0.0/8" },
        { "fe80::1", "fe80::1/128" },
        { "10.0.0.1/8", NULL },
        { "10.0.0.0/33", NULL },
        { "10.0.0.0/", NULL },
        { "10.0.0.0/-1", NULL },
        { "10.0.0.0/8/8", NULL },
        { "10/8", NULL },
        { "010.0.0.1", NULL },
        { "10.0.0.1 ", NULL },
        { "fe80::1%eth0", NULL },
        { "2001:db8::1/32", NULL },
        { "", NULL },
        { "/8", NULL },
        { "example.com", NULL },
        { "0000000000000000000000000000000000000000000000000000000000000000000", NULL },
};

static const struct {
        const char *list;
        const char *address;
        bool is_in;
} members[] = {
        { "10.0.0.0/8", "10.255.0.1", true },
        { "10.0.0.0/8", "11.0.0.1", false },
        { "10.0.0.0/8", "::ffff:10.1.2.3", true },
        { "192.168.4.0/22", "192.168.7.255", true },
        { "192.168.4.0/22", "192.168.8.0", false },
        { "10.0.0.0/8 2001:db8::/33", "2001:db8:7fff::1", true },
        { "10.0.0.0/8 2001:db8::/33", "2001:db8:8000::1", false },
        /* All of IPv6 is not all of IPv4, but all of ::ffff is. */
        { "0.0.0.0/0", "2001:db8::1", false },
        { "::/0", "192.0.2.1", true },
        { "", "10.0.0.1", false },
        { "nonsense 10.0.0.0/8", "10.0.0.1", true },
        { "10.0.0.0/8", "10.0.0.1:80", false },
        { "10.0.0.0/8", "", false },
};

static void test_parse(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct network network, again;
                char string[NETWORK_STRING];

                printf("%s\n", rows[i].written);
                assert(network_parse(text_from(rows[i].written), &network) == (rows[i].formatted != NULL));
                if (!rows[i].formatted)
                        continue;
                network_format(&network, string);
                assert(strcmp(string, rows[i].formatted) == 0);
                assert(network_parse(text_from(string), &again));
                assert(again.bits == network.bits && memcmp(again.octets, network.octets, 16) == 0);
        }
}

static void test_members(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
                printf("%s in %s\n", members[i].address, members[i].list);
                assert(network_list_has(text_from(members[i].list), text_from(members[i].address)) ==
                       members[i].is_in);
        }
        assert(network_list_is_valid(text_from(network_list_private), 8));
        assert(!network_list_is_valid(text_from(network_list_private), 7));
        assert(network_list_is_valid(TEXT_OF(""), 0));
        assert(!network_list_is_valid(TEXT_OF("10.0.0.0/8  10.0.0.0/8"), 8));
        assert(!network_list_is_valid(TEXT_OF("10.0.0.0/8 "), 8));
        assert(network_list_has(text_from(network_list_private), TEXT_OF("127.0.0.1")));
        assert(network_list_has(text_from(network_list_private), TEXT_OF("::1")));
        assert(!network_list_has(text_from(network_list_private), TEXT_OF("198.51.100.1")));
}

int main(void)
{
        test_parse();
        test_members();
        return 0;
}
