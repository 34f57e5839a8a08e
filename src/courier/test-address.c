// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/address.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        const char *name;
        const char *text;
        int outcome;
        const char *uri;
} rows[] = {
        { "ipps", "ipps://printer.example/ipp/print", 0, "ipps://printer.example:631/ipp/print" },
        { "ipp with a port", "ipp://10.0.0.7:8631/ipp/print/lab", 0, "ipp://10.0.0.7:8631/ipp/print/lab" },
        { "ipp without a path", "ipp://p", 0, "ipp://p:631/ipp/print" },
        { "IPv6", "ipps://[fe80::1]:443/", 0, "ipps://[fe80::1]:443/" },
        { "raw", "socket://printer", 0, "socket://printer:9100" },
        { "raw with a slash", "socket://printer:9101/", 0, "socket://printer:9101" },
        { "raw without PJL", "socket://printer?pjl=no", 0, "socket://printer:9100?pjl=no" },
        { "lpd", "lpd://printer/lp", 0, "lpd://printer:515/lp" },
        { "lpd without a queue", "lpd://printer", ADDRESS_MALFORMED, "" },
        { "lpd with a path", "lpd://printer/a/b", ADDRESS_MALFORMED, "" },
        { "raw with a path", "socket://printer/x", ADDRESS_MALFORMED, "" },
        { "no host", "ipp:///ipp", ADDRESS_MALFORMED, "" },
        { "user in the host", "ipp://a@b/", ADDRESS_MALFORMED, "" },
        { "space", "ipp://a b/", ADDRESS_MALFORMED, "" },
        { "line feed in the path", "ipp://a/b\r\nX: y", ADDRESS_MALFORMED, "" },
        { "port zero", "socket://a:0", ADDRESS_MALFORMED, "" },
        { "port beyond", "socket://a:65536", ADDRESS_MALFORMED, "" },
        { "port is none", "socket://a:b", ADDRESS_MALFORMED, "" },
        { "open bracket", "ipp://[::1/", ADDRESS_MALFORMED, "" },
        { "behind the bracket", "ipp://[::1]x/", ADDRESS_MALFORMED, "" },
        { "option of a host", "socket://-h", ADDRESS_MALFORMED, "" },
        { "another scheme", "file:///etc/passwd", ADDRESS_UNKNOWN_SCHEME, "" },
        { "nothing", "", ADDRESS_UNKNOWN_SCHEME, "" },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct courier_address address, again;

                printf("%s\n", rows[i].name);
                assert(courier_address_parse(text_from(rows[i].text), &address) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                assert(strcmp(address.uri, rows[i].uri) == 0);
                assert(courier_address_parse(text_from(address.uri), &again) == 0);
                assert(strcmp(address.uri, again.uri) == 0 && address.port == again.port &&
                       strcmp(address.path, again.path) == 0 && address.bare == again.bare);
        }
        return 0;
}
