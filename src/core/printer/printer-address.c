// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

bool printer_host_canonical(struct text host, char ret[PRINTER_HOST])
{
        char string[PRINTER_HOST];
        struct in6_addr v6;
        struct in_addr v4;

        if (!text_copy(host, string, sizeof(string)))
                return false;
        if (inet_pton(AF_INET, string, &v4) == 1)
                inet_ntop(AF_INET, &v4, ret, PRINTER_HOST);
        else if (inet_pton(AF_INET6, string, &v6) == 1)
                inet_ntop(AF_INET6, &v6, ret, PRINTER_HOST);
        else
                return false;
        return true;
}

bool printer_host_is_address(struct text host)
{
        char canonical[PRINTER_HOST];

        return printer_host_canonical(host, canonical) && text_equal_string(host, canonical);
}

struct text printer_address_host(struct text address)
{
        const char *at = memmem(address.at, address.len, "://", 3);
        struct text rest, host, tail;
        size_t len = 0;

        if (!at)
                return TEXT_OF("");
        rest = text_from_octets(at + 3, address.len - (size_t)(at + 3 - address.at));
        if (rest.len && rest.at[0] == '[')
                return text_cut(text_from_octets(rest.at + 1, rest.len - 1), ']', &host, &tail) ? host
                                                                                                : TEXT_OF("");
        while (len < rest.len && rest.at[len] != ':' && rest.at[len] != '/')
                len++;
        return text_from_octets(rest.at, len);
}

bool printer_addresses_have_host(struct text addresses, struct text host)
{
        struct text address;

        while (addresses.len) {
                text_cut(addresses, ' ', &address, &addresses);
                if (host.len && text_equal_nocase(printer_address_host(address), host))
                        return true;
        }
        return false;
}

bool printer_addresses_replace(struct text addresses, struct text from, struct text with, struct buffer *to)
{
        bool is_changed = false, is_v6 = with.len && memchr(with.at, ':', with.len);
        struct text address;

        while (addresses.len) {
                struct text host, head, tail;

                text_cut(addresses, ' ', &address, &addresses);
                host = printer_address_host(address);
                if (to->len)
                        buffer_add_octet(to, ' ');
                if (!host.len || !text_equal_nocase(host, from)) {
                        buffer_add_text(to, address);
                        continue;
                }
                head = text_from_octets(address.at, (size_t)(host.at - address.at));
                tail = text_from_octets(host.at + host.len, address.len - head.len - host.len);
                if (head.at[head.len - 1] == '[') {
                        head.len--;
                        tail.at++;
                        tail.len--;
                }
                buffer_add_text(to, head);
                if (is_v6)
                        buffer_add_octet(to, '[');
                buffer_add_text(to, with);
                if (is_v6)
                        buffer_add_octet(to, ']');
                buffer_add_text(to, tail);
                is_changed = true;
        }
        return is_changed && !to->failure;
}

struct text printer_addresses_only_host(struct text addresses)
{
        struct text only = { NULL, 0 }, address;

        while (addresses.len) {
                struct text host;

                text_cut(addresses, ' ', &address, &addresses);
                host = printer_address_host(address);
                if (!printer_host_is_address(host))
                        continue;
                if (only.len && !text_equal(only, host))
                        return TEXT_OF("");
                only = host;
        }
        return only;
}
