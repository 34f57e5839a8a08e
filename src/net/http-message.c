// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-message.h"

#include <string.h>

#include "base/scope.h"

enum {
        TOKEN = 1,  /* RFC 9110, section 5.6.2: tchar */
        VALUE = 2,  /* section 5.5: field-vchar, blank and tab */
        PATH = 4,   /* RFC 3986: pchar and '/'; '%' is looked at apart */
        QUERY = 8,  /* pchar, '/' and '?' */
        HOST = 16,  /* a name, an IPv4 address, a port's colon */
        DIGIT = 32, /* decimal */
};

static const uint8_t classes[256] = {
        ['\t'] = VALUE,
        [' '] = VALUE,
        ['!'] = TOKEN | VALUE | PATH | QUERY,
        ['"'] = VALUE,
        ['#'] = TOKEN | VALUE,
        ['$'] = TOKEN | VALUE | PATH | QUERY,
        ['%'] = TOKEN | VALUE | PATH | QUERY,
        ['&'] = TOKEN | VALUE | PATH | QUERY,
        ['\''] = TOKEN | VALUE | PATH | QUERY,
        ['('] = VALUE | PATH | QUERY,
        [')'] = VALUE | PATH | QUERY,
        ['*'] = TOKEN | VALUE | PATH | QUERY,
        ['+'] = TOKEN | VALUE | PATH | QUERY,
        [','] = VALUE | PATH | QUERY,
        ['-'] = TOKEN | VALUE | PATH | QUERY | HOST,
        ['.'] = TOKEN | VALUE | PATH | QUERY | HOST,
        ['/'] = VALUE | PATH | QUERY,
        ['0' ... '9'] = TOKEN | VALUE | PATH | QUERY | HOST | DIGIT,
        [':'] = VALUE | PATH | QUERY,
        [';'] = VALUE | PATH | QUERY,
        ['<'] = VALUE,
        ['='] = VALUE | PATH | QUERY,
        ['>'] = VALUE,
        ['?'] = VALUE | QUERY,
        ['@'] = VALUE | PATH | QUERY,
        ['A' ... 'Z'] = TOKEN | VALUE | PATH | QUERY | HOST,
        ['['] = VALUE,
        ['\\'] = VALUE,
        [']'] = VALUE,
        ['^'] = TOKEN | VALUE,
        ['_'] = TOKEN | VALUE | PATH | QUERY | HOST,
        ['`'] = TOKEN | VALUE,
        ['a' ... 'z'] = TOKEN | VALUE | PATH | QUERY | HOST,
        ['{'] = VALUE,
        ['|'] = TOKEN | VALUE,
        ['}'] = VALUE,
        ['~'] = TOKEN | VALUE | PATH | QUERY,
        [0x80 ... 0xff] = VALUE,
};

static bool is_all(struct text t, uint8_t class)
{
        for (size_t i = 0; i < t.len; i++)
                if (!(classes[(uint8_t)t.at[i]] & class))
                        return false;
        return true;
}

bool http_is_token(struct text text)
{
        return text.len > 0 && is_all(text, TOKEN);
}

bool http_is_field_value(struct text text)
{
        return is_all(text, VALUE);
}

int http_message_status(int refusal)
{
        switch (refusal) {
        case HTTP_BAD: return 400;
        case HTTP_TARGET_TOO_LONG: return 414;
        case HTTP_EXPECTATION: return 417;
        case HTTP_HEAD_TOO_LARGE: return 431;
        case HTTP_NOT_IMPLEMENTED: return 501;
        case HTTP_VERSION: return 505;
        default: return 0;
        }
}

/* Every line ends in CR LF, and an empty one ends the head. Looking at each LF once keeps a head that comes
 * in single octets linear. */
int http_head_find(struct text octets, size_t max, size_t *scanned, size_t *ret_length)
{
        while (*scanned < octets.len) {
                const char *lf = memchr(octets.at + *scanned, '\n', octets.len - *scanned);
                size_t at;

                if (!lf)
                        break;
                at = (size_t)(lf - octets.at);
                if (at >= max)
                        return HTTP_HEAD_TOO_LARGE;
                if (at < 1 || octets.at[at - 1] != '\r')
                        return HTTP_BAD;
                *scanned = at + 1;
                /* One empty line before the request line is tolerated (RFC 9112, section 2.2). */
                if (at >= 3 && octets.at[at - 2] == '\n' && at != 3) {
                        *ret_length = at + 1;
                        return 0;
                }
                if (at == 3 && octets.at[1] == '\n')
                        return HTTP_BAD;
        }
        *scanned = octets.len;
        return octets.len >= max ? HTTP_HEAD_TOO_LARGE : HTTP_MORE;
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
static bool authority_is_good(struct text t)
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
                return is_all(t, HOST);
        }
        return host.len > 0 && (is_all(host, HOST) || t.at[0] == '[') && port.len <= 5 &&
               (port.len == 0 || text_number(port, 65535, &number));
}

/* request-target: origin-form, absolute-form, or "*" (RFC 9112, section 3.2). */
static int target_parse(struct text target, struct http_head *ret)
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
                if (!authority_is_good(ret->authority))
                        return HTTP_BAD;
        }
        (void)text_cut(path, '?', &ret->path, &ret->query);
        if (ret->path.len == 0)
                ret->path = TEXT_OF("/");
        if (!is_all(ret->path, PATH) || !is_all(ret->query, QUERY) || !escapes_are_good(ret->path) ||
            !escapes_are_good(ret->query))
                return HTTP_BAD;
        return 0;
}

/* "HTTP/1.1"; anything of that shape with other digits is a version we do not speak. */
static int version_parse(struct text t, struct http_head *ret)
{
        if (t.len != 8 || memcmp(t.at, "HTTP/", 5) != 0 || t.at[6] != '.' ||
            !(classes[(uint8_t)t.at[5]] & DIGIT) || !(classes[(uint8_t)t.at[7]] & DIGIT))
                return HTTP_BAD;
        if (t.at[5] != '1' || t.at[7] > '1')
                return HTTP_VERSION;
        ret->minor_version = t.at[7] - '0';
        return 0;
}

/* method SP request-target SP HTTP-version (RFC 9112, section 3). */
static int request_line_parse(struct text line, size_t target_max, struct http_head *ret)
{
        struct text target, rest;
        int r;

        if (!text_cut(line, ' ', &ret->method, &rest) || !http_is_token(ret->method) || ret->method.len > 32)
                return HTTP_BAD;
        if (!text_cut(rest, ' ', &target, &rest))
                return target.len > target_max ? HTTP_TARGET_TOO_LONG : HTTP_BAD;
        r = version_parse(rest, ret);
        if (r)
                return r;
        if (target.len > target_max)
                return HTTP_TARGET_TOO_LONG;
        if (text_equal_string(ret->method, "CONNECT") || text_equal_string(ret->method, "TRACE"))
                return HTTP_NOT_IMPLEMENTED;
        return target_parse(target, ret);
}

static struct text trim_blanks(struct text t)
{
        while (t.len > 0 && (t.at[0] == ' ' || t.at[0] == '\t'))
                t = (struct text){ t.at + 1, t.len - 1 };
        while (t.len > 0 && (t.at[t.len - 1] == ' ' || t.at[t.len - 1] == '\t'))
                t.len--;
        return t;
}

/* field-name ":" OWS field-value OWS (RFC 9112, section 5). A blank before the colon and a folded line both
 * fail as names that are no token. */
static int field_parse(struct text line, struct http_head *ret)
{
        struct http_field field;

        if (ret->field_count == ret->field_max)
                return HTTP_HEAD_TOO_LARGE;
        if (!text_cut(line, ':', &field.name, &field.value) || !http_is_token(field.name))
                return HTTP_BAD;
        field.value = trim_blanks(field.value);
        if (!http_is_field_value(field.value))
                return HTTP_BAD;
        ret->fields[ret->field_count++] = field;
        return 0;
}

struct text http_field_find(const struct http_field *fields, size_t count, const char *name)
{
        struct text wanted = text_from(name);

        for (size_t i = 0; i < count; i++)
                if (fields[i].name.len == wanted.len && text_equal_nocase(fields[i].name, wanted))
                        return fields[i].value;
        return (struct text){ NULL, 0 };
}

/* Takes the line up to CR LF off *octets. A CR anywhere else is no field value, so it is refused there. */
static struct text line_next(struct text *octets)
{
        const char *lf = memchr(octets->at, '\n', octets->len);
        size_t len = lf ? (size_t)(lf - octets->at) : octets->len;
        struct text line = { octets->at, len > 0 ? len - 1 : 0 };

        len = lf ? len + 1 : len;
        *octets = (struct text){ octets->at + len, octets->len - len };
        return line;
}

/* Fields that would change a request's meaning when given twice. */
static bool singles_are_single(const struct http_head *head)
{
        static const char *const names[] = {
                "Host",         "Content-Length",   "Transfer-Encoding",
                "Content-Type", "Content-Encoding", "Authorization",
                "Range",        "Expect",           "Idempotency-Key",
        };
        unsigned seen = 0;

        for (size_t i = 0; i < head->field_count; i++)
                for (size_t n = 0; n < ARRAY_LENGTH(names); n++) {
                        struct text name = text_from(names[n]);

                        if (name.len != head->fields[i].name.len ||
                            !text_equal_nocase(name, head->fields[i].name))
                                continue;
                        if (seen & 1u << n)
                                return false;
                        seen |= 1u << n;
                }
        return true;
}

/* Some gateways write an underscore as a hyphen: to them these names would say how long the body is. */
static bool names_are_clear(const struct http_head *head)
{
        for (size_t i = 0; i < head->field_count; i++)
                if (text_equal_nocase(head->fields[i].name, TEXT_OF("Content_Length")) ||
                    text_equal_nocase(head->fields[i].name, TEXT_OF("Transfer_Encoding")))
                        return false;
        return true;
}

/* How long the body is (RFC 9112, section 6.3); whatever leaves a doubt is refused. */
static int framing_parse(struct http_head *ret)
{
        struct text length = http_field_find(ret->fields, ret->field_count, "Content-Length");
        struct text coding = http_field_find(ret->fields, ret->field_count, "Transfer-Encoding");
        uint64_t number;

        if (length.at && coding.at)
                return HTTP_BAD;
        ret->has_body_framing = length.at || coding.at;
        if (coding.at) {
                if (ret->minor_version == 0)
                        return HTTP_BAD;
                if (!text_equal_nocase(coding, TEXT_OF("chunked")))
                        return HTTP_NOT_IMPLEMENTED;
                ret->content_length = -1;
        } else if (length.at) {
                if (!text_number(length, INT64_MAX, &number))
                        return HTTP_BAD;
                ret->content_length = (int64_t)number;
        }
        return 0;
}

static int host_parse(struct http_head *ret)
{
        struct text host = http_field_find(ret->fields, ret->field_count, "Host");

        if (!host.at)
                return ret->minor_version == 0 ? 0 : HTTP_BAD;
        if (!authority_is_good(host))
                return HTTP_BAD;
        if (ret->authority.len == 0)
                ret->authority = host;
        return 0;
}

/* Connection: a list of options in as many fields as one likes (RFC 9110, section 7.6.1). */
static void connection_parse(struct http_head *ret)
{
        ret->keep_alive = ret->minor_version == 1;
        for (size_t i = 0; i < ret->field_count; i++) {
                struct text rest = ret->fields[i].value, option;

                if (!text_equal_nocase(ret->fields[i].name, TEXT_OF("Connection")))
                        continue;
                while (rest.len > 0) {
                        (void)text_cut(rest, ',', &option, &rest);
                        option = trim_blanks(option);
                        if (text_equal_nocase(option, TEXT_OF("close"))) {
                                ret->keep_alive = false;
                                return;
                        }
                        if (text_equal_nocase(option, TEXT_OF("keep-alive")))
                                ret->keep_alive = true;
                }
        }
}

static int expect_parse(struct http_head *ret)
{
        struct text expect = http_field_find(ret->fields, ret->field_count, "Expect");

        if (!expect.at || ret->minor_version == 0)
                return 0;
        if (!text_equal_nocase(expect, TEXT_OF("100-continue")))
                return HTTP_EXPECTATION;
        ret->expects_continue = ret->content_length != 0;
        return 0;
}

int http_head_parse(struct text octets, size_t target_max, struct http_head *ret)
{
        struct http_field *fields = ret->fields;
        size_t field_max = ret->field_max;
        struct text line;
        int r;

        *ret = (struct http_head){ .fields = fields, .field_max = field_max };
        if (text_starts_with(octets, "\r\n"))
                octets = (struct text){ octets.at + 2, octets.len - 2 };
        r = request_line_parse(line_next(&octets), target_max, ret);
        if (r)
                return r;
        while ((line = line_next(&octets)).len > 0) {
                r = field_parse(line, ret);
                if (r)
                        return r;
        }
        if (octets.len > 0 || !singles_are_single(ret) || !names_are_clear(ret))
                return HTTP_BAD;
        r = framing_parse(ret);
        if (r)
                return r;
        r = host_parse(ret);
        if (r)
                return r;
        connection_parse(ret);
        return expect_parse(ret);
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

        if (path.len == 0 || path.at[0] != '/' || !is_all(path, PATH) || !escapes_are_good(path))
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

/* bytes=first-last, bytes=first-, bytes=-suffix. */
int http_range_parse(struct text value, uint64_t size, uint64_t *ret_first, uint64_t *ret_length)
{
        struct text first, last;
        uint64_t from, to;

        if (!text_starts_with(value, "bytes="))
                return HTTP_RANGE_IGNORED;
        value = (struct text){ value.at + 6, value.len - 6 };
        if (!text_cut(value, '-', &first, &last))
                return HTTP_RANGE_IGNORED;
        if (first.len == 0) {
                if (!text_number(last, INT64_MAX, &to))
                        return HTTP_RANGE_IGNORED;
                if (to == 0 || size == 0)
                        return HTTP_RANGE_UNSATISFIABLE;
                *ret_length = to < size ? to : size;
                *ret_first = size - *ret_length;
                return 0;
        }
        if (!text_number(first, INT64_MAX, &from))
                return HTTP_RANGE_IGNORED;
        if (last.len == 0)
                to = INT64_MAX;
        else if (!text_number(last, INT64_MAX, &to) || to < from)
                return HTTP_RANGE_IGNORED;
        if (from >= size)
                return HTTP_RANGE_UNSATISFIABLE;
        *ret_first = from;
        *ret_length = (to < size - 1 ? to : size - 1) - from + 1;
        return 0;
}
