// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/address.h"

#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        struct text prefix;
        enum address_scheme scheme;
        uint16_t port;
} schemes[] = {
        { TEXT("ipps://"), ADDRESS_IPPS, 631 },
        { TEXT("ipp://"), ADDRESS_IPP, 631 },
        { TEXT("socket://"), ADDRESS_RAW, 9100 },
        { TEXT("lpd://"), ADDRESS_LPD, 515 },
};

const char *address_scheme_name(enum address_scheme scheme)
{
        static const char *const names[] = { "ipps", "ipp", "raw", "lpd" };

        return names[scheme];
}

static bool is_letter_or_digit(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool consists_of(struct text t, const char *others)
{
        for (size_t i = 0; i < t.len; i++)
                if (!is_letter_or_digit(t.at[i]) && (!t.at[i] || !strchr(others, t.at[i])))
                        return false;
        return t.len > 0;
}

/* host, or [address], then perhaps ":port"; *ret_brackets says which. */
static bool read_authority(struct text authority, struct courier_address *address, bool *ret_brackets)
{
        struct text host, port = { "", 0 };
        uint64_t number;
        bool has_port;

        *ret_brackets = authority.len > 0 && authority.at[0] == '[';
        if (*ret_brackets) {
                authority.at++;
                authority.len--;
                if (!text_cut(authority, ']', &host, &port) || !consists_of(host, ":."))
                        return false;
                has_port = port.len > 0;
                if (has_port && port.at[0] != ':')
                        return false;
                if (has_port)
                        port = (struct text){ port.at + 1, port.len - 1 };
        } else {
                has_port = text_cut(authority, ':', &host, &port);
                if (!consists_of(host, "-._") || host.at[0] == '-' || host.at[0] == '.')
                        return false;
        }
        if (has_port && (!text_number(port, UINT16_MAX, &number) || number == 0))
                return false;
        if (has_port)
                address->port = (uint16_t)number;
        return text_copy(host, address->host, sizeof(address->host));
}

/* What follows the authority, with its slash; empty where nothing does. */
static bool read_rest(struct text rest, struct courier_address *address)
{
        switch (address->scheme) {
        case ADDRESS_IPPS:
        case ADDRESS_IPP:
                if (rest.len == 0)
                        rest = TEXT_OF("/ipp/print");
                return consists_of(rest, "/-._~%") && text_copy(rest, address->path, sizeof(address->path));
        case ADDRESS_RAW:
                address->bare = text_equal_string(rest, "?pjl=no") || text_equal_string(rest, "/?pjl=no");
                return address->bare || rest.len == 0 || text_equal_string(rest, "/");
        case ADDRESS_LPD:
                if (rest.len == 0)
                        return false;
                rest = (struct text){ rest.at + 1, rest.len - 1 };
                return consists_of(rest, "-._") && rest.at[0] != '.' && rest.len < 64 &&
                       text_copy(rest, address->path, sizeof(address->path));
        }
        return false;
}

static bool format_uri(struct courier_address *address, size_t scheme, bool brackets)
{
        int len = snprintf(address->uri, sizeof(address->uri), "%.*s%s%s%s:%u%s%s%s",
                           TEXT_ARGS(schemes[scheme].prefix), brackets ? "[" : "", address->host,
                           brackets ? "]" : "", address->port, address->scheme == ADDRESS_LPD ? "/" : "",
                           address->path, address->bare ? "?pjl=no" : "");

        return len > 0 && (size_t)len < sizeof(address->uri);
}

static size_t authority_length(struct text t)
{
        size_t len = 0;

        while (len < t.len && t.at[len] != '/' && t.at[len] != '?')
                len++;
        return len;
}

int courier_address_parse(struct text text, struct courier_address *ret)
{
        struct courier_address address = { .port = 0 };
        size_t scheme = 0, len;
        bool brackets;

        while (scheme < ARRAY_LENGTH(schemes) && !text_starts_with(text, schemes[scheme].prefix.at))
                scheme++;
        if (scheme == ARRAY_LENGTH(schemes))
                return ADDRESS_UNKNOWN_SCHEME;
        address.scheme = schemes[scheme].scheme;
        address.port = schemes[scheme].port;
        text.at += schemes[scheme].prefix.len;
        text.len -= schemes[scheme].prefix.len;
        len = authority_length(text);
        if (!read_authority((struct text){ text.at, len }, &address, &brackets) ||
            !read_rest((struct text){ text.at + len, text.len - len }, &address) ||
            !format_uri(&address, scheme, brackets))
                return ADDRESS_MALFORMED;

        *ret = address;
        return 0;
}
