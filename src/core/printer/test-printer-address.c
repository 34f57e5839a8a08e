// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Hosts in printers' addresses: found, and one put in the place of another. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/printer/printer-address.h"

static const struct {
        const char *addresses, *from, *with, *due; /* NULL: nothing is changed */
} moves[] = {
        { "socket://10.0.0.1:9100", "10.0.0.1", "10.0.0.2", "socket://10.0.0.2:9100" },
        { "ipps://10.0.0.1/ipp/print ipp://10.0.0.1:631/ipp/print", "10.0.0.1", "10.0.0.2",
          "ipps://10.0.0.2/ipp/print ipp://10.0.0.2:631/ipp/print" },
        { "ipps://10.0.0.1/ipp/print", "10.0.0.1", "fd00::2", "ipps://[fd00::2]/ipp/print" },
        { "ipps://[fd00::2]:631/ipp/print lpd://[fd00::2]", "fd00::2", "10.0.0.1",
          "ipps://10.0.0.1:631/ipp/print lpd://10.0.0.1" },
        { "socket://printer.example:9100 socket://10.0.0.1", "10.0.0.1", "10.0.0.2",
          "socket://printer.example:9100 socket://10.0.0.2" },
        { "socket://10.0.0.11:9100", "10.0.0.1", "10.0.0.2", NULL },
        { "lpd://10.0.0.2/10.0.0.1", "10.0.0.1", "10.0.0.3", NULL },
        { "socket://printer.example", "10.0.0.1", "10.0.0.2", NULL },
        { "", "10.0.0.1", "10.0.0.2", NULL },
        { "socket://", "", "10.0.0.2", NULL },
};

static void test_moves(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(moves); i++) {
                SCOPED(buffer_done) struct buffer to = BUFFER(256);
                bool changed =
                        printer_addresses_replace(text_from(moves[i].addresses), text_from(moves[i].from),
                                                  text_from(moves[i].with), &to);

                printf("%s\n", moves[i].addresses);
                assert(changed == (moves[i].due != NULL));
                if (changed)
                        assert(text_equal_string(buffer_text(&to), moves[i].due));
                assert(printer_addresses_have_host(text_from(moves[i].addresses), text_from(moves[i].from)) ==
                       changed);
        }
}

static const struct {
        const char *text;
        bool is;
} hosts[] = {
        { "10.0.0.1", true },   { "fd00::1", true },          { "010.0.0.1", false },
        { "10.1", false },      { "FD00::1", false },         { "fd00:0::1", false },
        { "[fd00::1]", false }, { "printer.example", false }, { "10.0.0.1 ", false },
        { "", false },          { "fe80::1%eth0", false },
};

static void test_hosts(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(hosts); i++) {
                printf("%s\n", hosts[i].text);
                assert(printer_host_is_address(text_from(hosts[i].text)) == hosts[i].is);
        }
        assert(text_equal_string(
                printer_addresses_only_host(TEXT_OF("socket://a.example lpd://10.0.0.1 ipp://10.0.0.1/")),
                "10.0.0.1"));
        assert(printer_addresses_only_host(TEXT_OF("lpd://10.0.0.1 ipp://10.0.0.2/")).len == 0);
        assert(printer_addresses_only_host(TEXT_OF("socket://a.example")).len == 0);
}

static void test_too_long(void)
{
        SCOPED(buffer_done) struct buffer to = BUFFER(24);

        assert(!printer_addresses_replace(TEXT_OF("socket://10.0.0.1:9100"), TEXT_OF("10.0.0.1"),
                                          TEXT_OF("fd00:1111:2222:3333:4444:5555:6666:7777"), &to));
}

int main(void)
{
        test_moves();
        test_hosts();
        test_too_long();
        return 0;
}
