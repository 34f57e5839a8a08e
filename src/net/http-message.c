// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-message.h"

#include <string.h>

#include "base/scope.h"
#include "net/http-target.h"

bool http_is_token(struct text text)
{
        return text.len > 0 && http_octets_are(text, HTTP_OCTET_TOKEN);
}

bool http_is_field_value(struct text text)
{
        return http_octets_are(text, HTTP_OCTET_VALUE);
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

/* "HTTP/1.1"; anything of that shape with other digits is a version we do not speak. */
static int version_parse(struct text t, struct http_head *ret)
{
        if (t.len != 8 || memcmp(t.at, "HTTP/", 5) != 0 || t.at[6] != '.' ||
            !http_octets_are((struct text){ t.at + 5, 1 }, HTTP_OCTET_DIGIT) ||
            !http_octets_are((struct text){ t.at + 7, 1 }, HTTP_OCTET_DIGIT))
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
        return http_target_parse(target, ret);
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
        if (!http_authority_is_good(host))
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
