// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/redirect.h"

#include <string.h>

#include "base/scope.h"

static const char *const loopback[] = { "http://127.0.0.1", "http://[::1]" };

static bool is_letter_or_digit(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static struct text from(struct text t, size_t at)
{
        return (struct text){ t.at + at, t.len - at };
}

/* ":8080", or nothing. */
static size_t port_length(struct text t)
{
        size_t length = 1;

        if (!t.len || t.at[0] != ':')
                return 0;
        while (length < t.len && t.at[length] >= '0' && t.at[length] <= '9')
                length++;
        return length;
}

/* Host names and IPv4 addresses; a host in brackets is an IPv6 address. */
static size_t host_length(struct text t)
{
        bool is_bracketed = t.len && t.at[0] == '[';
        size_t length = is_bracketed;

        while (length < t.len && (is_letter_or_digit(t.at[length]) ||
                                  (!is_bracketed && t.at[length] && strchr("-.", t.at[length])) ||
                                  (is_bracketed && t.at[length] == ':')))
                length++;
        if (!is_bracketed)
                return length;
        return length < t.len && t.at[length] == ']' ? length + 1 : 0;
}

static bool is_path_or_query(struct text t)
{
        if (t.len && t.at[0] != '/' && t.at[0] != '?')
                return false;
        for (size_t i = 0; i < t.len; i++) {
                char c = t.at[i];

                if (!is_letter_or_digit(c) && !(c && strchr("-._~!$&'()*+,;=:@/?%", c)))
                        return false;
        }
        return true;
}

/* The length of http://127.0.0.1 where the URI begins so, and its host ends there. */
static size_t loopback_length(struct text uri)
{
        for (size_t i = 0; i < ARRAY_LENGTH(loopback); i++) {
                size_t length = strlen(loopback[i]);

                if (text_starts_with(uri, loopback[i]) &&
                    (uri.len == length || strchr(":/?", uri.at[length])))
                        return length;
        }
        return 0;
}

static size_t origin_length(struct text uri)
{
        size_t length = loopback_length(uri), host;

        if (!length) {
                if (!text_starts_with(uri, "https://"))
                        return 0;
                host = host_length(from(uri, strlen("https://")));
                if (!host)
                        return 0;
                length = strlen("https://") + host;
        }
        return length + port_length(from(uri, length));
}

bool redirect_is_valid(struct text uri)
{
        size_t length;

        if (uri.len >= REDIRECT_OCTETS)
                return false;
        length = origin_length(uri);
        return length && uri.at[length - 1] != ':' && is_path_or_query(from(uri, length));
}

bool redirect_matches(struct text registered, struct text given)
{
        size_t length = loopback_length(registered);

        if (text_equal(registered, given))
                return true;
        if (!length || length != loopback_length(given) || memcmp(registered.at, given.at, length) != 0 ||
            !redirect_is_valid(given))
                return false;
        return text_equal(from(registered, length + port_length(from(registered, length))),
                          from(given, length + port_length(from(given, length))));
}

struct text redirect_origin(struct text uri)
{
        return (struct text){ uri.at, origin_length(uri) };
}
