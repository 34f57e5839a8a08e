// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-message.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

#define HEAD_MAX   512
#define TARGET_MAX 64
#define FIELDS     6

static const struct {
        const char *name;
        struct text octets;
        int outcome; /* of finding and parsing together */
        int64_t content_length;
        const char *path;
        const char *authority;
        bool keep_alive;
} heads[] = {
        { "plain", TEXT("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0, 0, "/", "a", true },
        { "one empty line before", TEXT("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0, 0, "/", "a", true },
        { "two empty lines before", TEXT("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "not complete", TEXT("GET / HTTP/1.1\r\nHost: a\r\n"), HTTP_MORE },
        { "nothing", TEXT(""), HTTP_MORE },
        { "HTTP/1.0 without Host", TEXT("GET /x HTTP/1.0\r\n\r\n"), 0, 0, "/x", "", false },
        { "HTTP/1.0 kept", TEXT("GET /x HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"), 0, 0, "/x", "", true },
        { "close in a list", TEXT("GET / HTTP/1.1\r\nHost: a\r\nConnection: te , close\r\n\r\n"), 0, 0, "/",
          "a", false },
        { "close and keep-alive",
          TEXT("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n"), 0, 0, "/",
          "a", false },
        { "length", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n"), 0, 17, "/", "a", true },
        { "chunked", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"), 0, -1, "/",
          "a", true },
        { "absolute form", TEXT("GET https://b:8443/p HTTP/1.1\r\nHost: a\r\n\r\n"), 0, 0, "/p", "b:8443",
          true },
        { "absolute form without path", TEXT("GET http://b HTTP/1.1\r\nHost: a\r\n\r\n"), 0, 0, "/", "b",
          true },
        { "IPv6 host", TEXT("GET / HTTP/1.1\r\nHost: [::1]:631\r\n\r\n"), 0, 0, "/", "[::1]:631", true },
        { "OPTIONS *", TEXT("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 0, 0, "*", "a", true },
        { "value of blanks", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX:\t \r\n\r\n"), 0, 0, "/", "a", true },

        /* Where does the request end? */
        { "bare LF", TEXT("GET / HTTP/1.1\nHost: a\n\n"), HTTP_BAD },
        { "bare LF in a field", TEXT("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"), HTTP_BAD },
        { "bare CR in a field", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: y\rz\r\n\r\n"), HTTP_BAD },
        { "CR CR LF", TEXT("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"), HTTP_BAD },
        { "folded line", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n"), HTTP_BAD },
        { "folded first line", TEXT("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), HTTP_BAD },
        { "blank before colon", TEXT("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), HTTP_BAD },
        { "no colon", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"), HTTP_BAD },
        { "no name", TEXT("GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"), HTTP_BAD },
        { "NUL in a value", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"), HTTP_BAD },
        { "NUL in a name", TEXT("GET / HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n"), HTTP_BAD },
        { "both lengths",
          TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
          HTTP_BAD },
        { "underscore", TEXT("POST / HTTP/1.1\r\nHost: a\r\ncontent_length: 1\r\n\r\n"), HTTP_BAD },
        { "equal lengths",
          TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"), HTTP_BAD },
        { "list of lengths", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n"), HTTP_BAD },
        { "signed length", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n"), HTTP_BAD },
        { "negative length", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"), HTTP_BAD },
        { "hexadecimal length", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n"), HTTP_BAD },
        { "empty length", TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"), HTTP_BAD },
        { "length beyond 2^63",
          TEXT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n"), HTTP_BAD },
        { "another coding", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
          HTTP_NOT_IMPLEMENTED },
        { "coding in a list", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
          HTTP_NOT_IMPLEMENTED },
        { "coding with a tab", TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \vchunked\r\n\r\n"),
          HTTP_BAD },
        { "coding with a parameter",
          TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q\r\n\r\n"), HTTP_NOT_IMPLEMENTED },
        { "coding twice",
          TEXT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
          HTTP_BAD },
        { "coding in HTTP/1.0", TEXT("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), HTTP_BAD },

        /* Who is meant? */
        { "no Host", TEXT("GET / HTTP/1.1\r\n\r\n"), HTTP_BAD },
        { "empty Host", TEXT("GET / HTTP/1.1\r\nHost:\r\n\r\n"), HTTP_BAD },
        { "two Hosts", TEXT("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n"), HTTP_BAD },
        { "Host with a path", TEXT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), HTTP_BAD },
        { "Host with userinfo", TEXT("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), HTTP_BAD },
        { "Host with a bad port", TEXT("GET / HTTP/1.1\r\nHost: a:70000\r\n\r\n"), HTTP_BAD },
        { "broken IPv6 Host", TEXT("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"), HTTP_BAD },
        { "two Authorizations",
          TEXT("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic x\r\nAuthorization: Basic y\r\n\r\n"),
          HTTP_BAD },
        { "userinfo in the target", TEXT("GET http://u:p@b/ HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },

        /* What is asked? */
        { "other scheme", TEXT("GET ftp://b/ HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "* for GET", TEXT("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "relative target", TEXT("GET x HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "two blanks", TEXT("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "blank at the end", TEXT("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "tab for blank", TEXT("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "fragment", TEXT("GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "octets beyond ASCII", TEXT("GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "broken escape", TEXT("GET /%2 HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "escaped NUL", TEXT("GET /?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "HTTP/0.9", TEXT("GET /\r\n\r\n"), HTTP_BAD },
        { "HTTP/2", TEXT("PRI * HTTP/2.0\r\n\r\n"), HTTP_VERSION },
        { "HTTP/1.2", TEXT("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), HTTP_VERSION },
        { "lower-case version", TEXT("GET / http/1.1\r\nHost: a\r\n\r\n"), HTTP_BAD },
        { "CONNECT", TEXT("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_NOT_IMPLEMENTED },
        { "TRACE", TEXT("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_NOT_IMPLEMENTED },
        { "expectation", TEXT("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n"), HTTP_EXPECTATION },

        /* How much? */
        { "long target",
          TEXT("GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: "
               "a\r\n\r\n"),
          HTTP_TARGET_TOO_LONG },
        { "many fields",
          TEXT("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\n\r\n"),
          HTTP_HEAD_TOO_LARGE },
};

static int head_read(struct text octets, struct http_head *ret)
{
        size_t scanned = 0, length;
        int r = http_head_find(octets, HEAD_MAX, &scanned, &length);

        if (r)
                return r;
        assert(length == octets.len);
        return http_head_parse(octets, TARGET_MAX, ret);
}

static void test_heads(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(heads); i++) {
                struct http_field fields[FIELDS];
                struct http_head head = { .fields = fields, .field_max = FIELDS };
                int r = head_read(heads[i].octets, &head);

                if (r != heads[i].outcome ||
                    (r == 0 && (head.content_length != heads[i].content_length ||
                                !text_equal_string(head.path, heads[i].path) ||
                                !text_equal_string(head.authority, heads[i].authority) ||
                                head.keep_alive != heads[i].keep_alive))) {
                        fprintf(stderr, "%s: %d\n", heads[i].name, r);
                        abort();
                }
        }
}

/* Every single octet put in the place of every other one, is either refused or changes nothing of the
 * framing. */
static void test_octets(void)
{
        static const char good[] = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nX: y\r\n\r\n";
        char octets[sizeof(good)];

        for (size_t at = 0; at + 1 < sizeof(good); at++)
                for (int octet = 0; octet < 256; octet++) {
                        struct http_field fields[FIELDS];
                        struct http_head head = { .fields = fields, .field_max = FIELDS };

                        memcpy(octets, good, sizeof(good));
                        octets[at] = (char)octet;
                        size_t scanned = 0, length;
                        if (http_head_find((struct text){ octets, sizeof(good) - 1 }, HEAD_MAX, &scanned,
                                           &length) == 0 &&
                            length == sizeof(good) - 1 &&
                            http_head_parse((struct text){ octets, length }, TARGET_MAX, &head) == 0)
                                assert(octet != '\n' || good[at] == '\n');
                }
}

static void test_head_limits(void)
{
        char octets[HEAD_MAX + 1];
        size_t scanned = 0, length;

        memset(octets, 'a', sizeof(octets));
        assert(http_head_find((struct text){ octets, HEAD_MAX - 1 }, HEAD_MAX, &scanned, &length) ==
               HTTP_MORE);
        assert(http_head_find((struct text){ octets, HEAD_MAX }, HEAD_MAX, &scanned, &length) ==
               HTTP_HEAD_TOO_LARGE);
        for (int refusal = HTTP_MORE; refusal <= HTTP_VERSION; refusal++)
                assert((http_message_status(refusal) >= 400) == (refusal != HTTP_MORE));
}

static void test_paths(void)
{
        static const struct {
                const char *path;
                int outcome;
                size_t count;
                const char *last;
        } rows[] = {
                { "/", 0, 0, NULL },
                { "/v1/jobs", 0, 2, "jobs" },
                { "/v1/jobs/", 0, 2, "jobs" },
                { "/a%20b", 0, 1, "a b" },
                { "/a+b", 0, 1, "a+b" },
                { "/%C3%A4", 0, 1, "\xc3\xa4" },
                { "/...", 0, 1, "..." },
                { "/a/b/c/d", 0, 4, "d" },
                { "/a/b/c/d/e", HTTP_BAD, 0, NULL },
                { "", HTTP_BAD, 0, NULL },
                { "a", HTTP_BAD, 0, NULL },
                { "//", HTTP_BAD, 0, NULL },
                { "/a//b", HTTP_BAD, 0, NULL },
                { "/.", HTTP_BAD, 0, NULL },
                { "/a/../b", HTTP_BAD, 0, NULL },
                { "/a/%2e%2E/b", HTTP_BAD, 0, NULL },
                { "/a%2fb", HTTP_BAD, 0, NULL },
                { "/a%2Fb", HTTP_BAD, 0, NULL },
                { "/a%00b", HTTP_BAD, 0, NULL },
                { "/a%0ab", HTTP_BAD, 0, NULL },
                { "/a%09b", HTTP_BAD, 0, NULL },
                { "/a%7f", HTTP_BAD, 0, NULL },
                { "/%ff", HTTP_BAD, 0, NULL },
                { "/%C0%AF", HTTP_BAD, 0, NULL },
                { "/a%2", HTTP_BAD, 0, NULL },
                { "/a%zz", HTTP_BAD, 0, NULL },
                { "/a\\b", HTTP_BAD, 0, NULL },
        };
        struct text segments[4];
        char scratch[64];
        size_t count;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                int r = http_path_parse(text_from(rows[i].path), scratch, segments, ARRAY_LENGTH(segments),
                                        &count);

                if (r != rows[i].outcome || (r == 0 && count != rows[i].count) ||
                    (r == 0 && count > 0 && !text_equal_string(segments[count - 1], rows[i].last))) {
                        fprintf(stderr, "path %s: %d\n", rows[i].path, r);
                        abort();
                }
        }
}

static void test_queries(void)
{
        struct text rest = TEXT("a=1&&b=x+y%26z&c&d=&=e"), name, value;
        static const char *const expected[][2] = {
                { "a", "1" }, { "b", "x y&z" }, { "c", "" }, { "d", "" }, { "", "e" },
        };
        char scratch[64];

        for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
                assert(http_query_next(&rest, scratch, &name, &value));
                assert(text_equal_string(name, expected[i][0]) && text_equal_string(value, expected[i][1]));
        }
        assert(!http_query_next(&rest, scratch, &name, &value));
}

static void test_ranges(void)
{
        static const struct {
                const char *value;
                uint64_t size;
                int outcome;
                uint64_t first, length;
        } rows[] = {
                { "bytes=0-9", 100, 0, 0, 10 },
                { "bytes=90-", 100, 0, 90, 10 },
                { "bytes=90-1000", 100, 0, 90, 10 },
                { "bytes=-10", 100, 0, 90, 10 },
                { "bytes=-1000", 100, 0, 0, 100 },
                { "bytes=0-0", 1, 0, 0, 1 },
                { "bytes=100-", 100, HTTP_RANGE_UNSATISFIABLE },
                { "bytes=-0", 100, HTTP_RANGE_UNSATISFIABLE },
                { "bytes=0-", 0, HTTP_RANGE_UNSATISFIABLE },
                { "bytes=-1", 0, HTTP_RANGE_UNSATISFIABLE },
                { "bytes=5-4", 100, HTTP_RANGE_IGNORED },
                { "bytes=1-2,4-5", 100, HTTP_RANGE_IGNORED },
                { "bytes=-", 100, HTTP_RANGE_IGNORED },
                { "bytes=a-b", 100, HTTP_RANGE_IGNORED },
                { "pages=1-2", 100, HTTP_RANGE_IGNORED },
                { "", 100, HTTP_RANGE_IGNORED },
        };
        uint64_t first, length;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                int r = http_range_parse(text_from(rows[i].value), rows[i].size, &first, &length);

                if (r != rows[i].outcome ||
                    (r == 0 && (first != rows[i].first || length != rows[i].length))) {
                        fprintf(stderr, "range %s: %d\n", rows[i].value, r);
                        abort();
                }
        }
}

static void test_chunked(void)
{
        static const struct {
                const char *octets;
                int outcome;
                const char *body;
                const char *rest;
        } rows[] = {
                { "0\r\n\r\n", 0, "", "" },
                { "3\r\nabc\r\n0\r\n\r\nGET", 0, "abc", "GET" },
                { "3\r\nabc\r\n0000a\r\n0123456789\r\n0\r\n\r\n", 0, "abc0123456789", "" },
                { "3;a=b;c=\"d\"\r\nabc\r\n0;x\r\nT: v\r\nU:\r\n\r\n", 0, "abc", "" },
                { "3\r\nab", HTTP_MORE, "ab", "" },
                { "", HTTP_MORE, "", "" },
                { "\r\n", HTTP_BAD, "", "" },
                { "g\r\n", HTTP_BAD, "", "" },
                { "-1\r\n", HTTP_BAD, "", "" },
                { "0x3\r\nabc\r\n", HTTP_BAD, "", "" },
                { " 3\r\nabc\r\n", HTTP_BAD, "", "" },
                { "3 \r\nabc\r\n", HTTP_BAD, "", "" },
                { "3\nabc\n", HTTP_BAD, "", "" },
                { "3\r\nabcd\r\n", HTTP_BAD, "", "" },
                { "3\r\nabc\n0\r\n\r\n", HTTP_BAD, "", "" },
                { "3\rx\r\nabc", HTTP_BAD, "", "" },
                { "3;a\nb\r\nabc", HTTP_BAD, "", "" },
                { "fffffffffffffffff\r\n", HTTP_BAD, "", "" },
                { "0\r\nnocolon\r\n\r\n", HTTP_BAD, "", "" },
                { "0\r\n folded\r\n\r\n", HTTP_BAD, "", "" },
                { "0\r\nA : b\r\n\r\n", HTTP_BAD, "", "" },
                { "0\r\nA: b\n\n", HTTP_BAD, "", "" },
                { "0\r\n\n", HTTP_BAD, "", "" },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct http_chunked chunked = { 0 };
                char octets[128];
                size_t len = strlen(rows[i].octets), consumed = 0, decoded = 0;
                int r;

                memcpy(octets, rows[i].octets, len + 1);
                r = http_chunked_decode(&chunked, octets, len, &consumed, &decoded);
                if (r != rows[i].outcome ||
                    (r != HTTP_BAD &&
                     (decoded != strlen(rows[i].body) || memcmp(octets, rows[i].body, decoded) ||
                      strcmp(rows[i].octets + consumed, rows[i].rest)))) {
                        fprintf(stderr, "chunked %zu: %d\n", i, r);
                        abort();
                }
        }
}

/* Extensions without end are an attack, however they are spread. */
static void test_chunked_overhead(void)
{
        struct http_chunked chunked = { 0 };
        size_t consumed, decoded;
        int r = HTTP_MORE, rounds = 0;

        while (r == HTTP_MORE && rounds++ < 10000) {
                char octets[] = "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n";

                r = http_chunked_decode(&chunked, octets, sizeof(octets) - 1, &consumed, &decoded);
        }
        assert(r == HTTP_BAD && rounds > 10 && rounds < 1000);
}

int main(void)
{
        test_heads();
        test_octets();
        test_head_limits();
        test_paths();
        test_queries();
        test_ranges();
        test_chunked();
        test_chunked_overhead();
        return 0;
}
