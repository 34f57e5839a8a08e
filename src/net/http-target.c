// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-target.h"

#include <string.h>

static const uint8_t classes[256] = {
        ['\t'] = HTTP_OCTET_VALUE,
        [' '] = HTTP_OCTET_VALUE,
        ['!'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['"'] = HTTP_OCTET_VALUE,
        ['#'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE,
        ['$'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['%'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['&'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['\''] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['('] = HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        [')'] = HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['*'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['+'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        [','] = HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['-'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY | HTTP_OCTET_HOST,
        ['.'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY | HTTP_OCTET_HOST,
        ['/'] = HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['0' ... '9'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY |
                        HTTP_OCTET_HOST | HTTP_OCTET_DIGIT,
        [':'] = HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        [';'] = HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['<'] = HTTP_OCTET_VALUE,
        ['='] = HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['>'] = HTTP_OCTET_VALUE,
        ['?'] = HTTP_OCTET_VALUE | HTTP_OCTET_QUERY,
        ['@'] = HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        ['A' ... 'Z'] =
                HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY | HTTP_OCTET_HOST,
        ['['] = HTTP_OCTET_VALUE,
        ['\\'] = HTTP_OCTET_VALUE,
        [']'] = HTTP_OCTET_VALUE,
        ['^'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE,
        ['_'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY | HTTP_OCTET_HOST,
        ['`'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE,
        ['a' ... 'z'] =
                HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY | HTTP_OCTET_HOST,
        ['{'] = HTTP_OCTET_VALUE,
        ['|'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE,
        ['}'] = HTTP_OCTET_VALUE,
        ['~'] = HTTP_OCTET_TOKEN | HTTP_OCTET_VALUE | HTTP_OCTET_PATH | HTTP_OCTET_QUERY,
        [0x80 ... 0xff] = HTTP_OCTET_VALUE,
};

bool http_octets_are(struct text t, uint8_t class)
{
        for (size_t i = 0; i < t.len; i++)
                if (!(classes[(uint8_t)t.at[i]] & class))
                        return false;
        return true;
}

static uint8_t hex_value(char c)
{
        if (c >= '0' && c <= '9')
                return (uint8_t)(c - '0');
        if (c >= 'a' && c <= 'f')
                return (uint8_t)(c - 'a' + 10);
        if (c >= 'A' && c <= 'F')
                return (uint8_t)(c - 'A' + 10);
        return 0xff;
}

/* Whether every '%' starts an escape, and none stands for NUL. */
static bool escapes_are_good(struct text t)
{
        for (size_t i = 0; i < t.len; i++) {
                if (t.at[i] != '%')
                        continue;
                if (t.len - i < 3 || hex_value(t.at[i + 1]) > 15 || hex_value(t.at[i + 2]) > 15)
                        return false;
                if (t.at[i + 1] == '0' && t.at[i + 2] == '0')
                        return false;
        }
        return true;
}

/* host [ ":" port ] without userinfo; an IPv6 address stands in brackets. */
bool http_authority_is_good(struct text t)
{
        struct text host = t, port = { "", 0 };
        uint64_t number;

        if (t.len > 261 || t.len == 0)
                return false;
        if (t.at[0] == '[') {
                const char *end = memchr(t.at, ']', t.len);

                if (!end || end - t.at < 3)
                        return false;
                host = (struct text){ t.at + 1, (size_t)(end - t.at - 1) };
                for (size_t i = 0; i < host.len; i++)
                        if (hex_value(host.at[i]) > 15 && host.at[i] != ':' && host.at[i] != '.')
                                return false;
                port = (struct text){ end + 1, t.len - host.len - 2 };
                if (port.len == 0)
                        return true;
                if (port.at[0] != ':')
                        return false;
                port = (struct text){ port.at + 1, port.len - 1 };
        } else if (!text_cut(t, ':', &host, &port)) {
                return http_octets_are(t, HTTP_OCTET_HOST);
        }
        return host.len > 0 && (http_octets_are(host, HTTP_OCTET_HOST) || t.at[0] == '[') && port.len <= 5 &&
               (port.len == 0 || text_number(port, 65535, &number));
}

/* request-target: origin-form, absolute-form, or "*" (RFC 9112, section 3.2). */
int http_target_parse(struct text target, struct http_head *ret)
{
        struct text path = target;

        if (text_equal_string(target, "*")) {
                ret->path = target;
                return text_equal_string(ret->method, "OPTIONS") ? 0 : HTTP_BAD;
        }
        if (target.len == 0)
                return HTTP_BAD;
        if (target.at[0] != '/') {
                size_t scheme;

                if (target.len >= 8 && text_equal_nocase((struct text){ target.at, 8 }, TEXT_OF("https://")))
                        scheme = 8;
                else if (target.len >= 7 &&
                         text_equal_nocase((struct text){ target.at, 7 }, TEXT_OF("http://")))
                        scheme = 7;
                else
                        return HTTP_BAD;
                path = (struct text){ target.at + scheme, target.len - scheme };
                ret->authority = path;
                for (size_t i = 0; i < path.len; i++)
                        if (path.at[i] == '/' || path.at[i] == '?') {
                                ret->authority.len = i;
                                break;
                        }
                path = (struct text){ path.at + ret->authority.len, path.len - ret->authority.len };
                if (!http_authority_is_good(ret->authority))
                        return HTTP_BAD;
        }
        (void)text_cut(path, '?', &ret->path, &ret->query);
        if (ret->path.len == 0)
                ret->path = TEXT_OF("/");
        if (!http_octets_are(ret->path, HTTP_OCTET_PATH) || !http_octets_are(ret->query, HTTP_OCTET_QUERY) ||
            !escapes_are_good(ret->path) || !escapes_are_good(ret->query))
                return HTTP_BAD;
        return 0;
}

/* Decodes one segment or query word; the escapes are known to be well-formed. */
static struct text unescape(struct text t, bool plus_is_blank, char *to)
{
        struct text decoded = { to, 0 };

        for (size_t i = 0; i < t.len; i++) {
                char c = t.at[i];

                if (c == '%' && t.len - i >= 3) {
                        c = (char)(hex_value(t.at[i + 1]) << 4 | hex_value(t.at[i + 2]));
                        i += 2;
                } else if (c == '+' && plus_is_blank) {
                        c = ' ';
                }
                to[decoded.len++] = c;
        }
        return decoded;
}

static bool segment_is_good(struct text t)
{
        return t.len > 0 && !text_equal_string(t, ".") && !text_equal_string(t, "..") &&
               !memchr(t.at, '/', t.len) && !memchr(t.at, '\t', t.len) && text_is_printable(t);
}

int http_path_parse(struct text path, char *scratch, struct text *segments, size_t max, size_t *ret_count)
{
        struct text segment, rest = path;
        size_t count = 0;

        if (path.len == 0 || path.at[0] != '/' || !http_octets_are(path, HTTP_OCTET_PATH) ||
            !escapes_are_good(path))
                return HTTP_BAD;
        rest = (struct text){ path.at + 1, path.len - 1 };
        while (rest.len > 0) {
                (void)text_cut(rest, '/', &segment, &rest);
                segment = unescape(segment, false, scratch);
                if (count == max || !segment_is_good(segment))
                        return HTTP_BAD;
                segments[count++] = segment;
                scratch += segment.len;
        }
        *ret_count = count;
        return 0;
}

bool http_query_next(struct text *query, char *scratch, struct text *ret_name, struct text *ret_value)
{
        struct text pair = { "", 0 }, name, value;

        while (pair.len == 0 && query->len > 0)
                (void)text_cut(*query, '&', &pair, query);
        if (pair.len == 0)
                return false;
        (void)text_cut(pair, '=', &name, &value);
        *ret_name = unescape(name, true, scratch);
        *ret_value = unescape(value, true, scratch + ret_name->len);
        return true;
}
