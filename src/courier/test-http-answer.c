// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/http-answer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/scope.h"

static const struct {
        const char *name;
        struct text head;
        int outcome;
        struct http_answer answer;
} heads[] = {
        { "length",
          TEXT("HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 9\r\n\r\n"),
          0,
          { 200, false, false, true, 9, true } },
        { "chunked",
          TEXT("HTTP/1.1 200 OK\r\ncontent-type: application/ipp; x=y\r\ntransfer-encoding: Chunked\r\n\r\n"),
          0,
          { 200, false, true, false, 0, true } },
        { "until it closes", TEXT("HTTP/1.0 200\r\n\r\n"), 0, { 200, true, false, false, 0, false } },
        { "says that it closes",
          TEXT("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n"),
          0,
          { 401, true, false, false, 0, false } },
        { "continue", TEXT("HTTP/1.1 100 Continue\r\n\r\n"), 0, { 100, false, false, false, 0, false } },
        { "the same length twice",
          TEXT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 9\r\n\r\n"),
          0,
          { 200, false, false, true, 9, false } },
        { "two lengths",
          TEXT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n"),
          HTTP_ANSWER_MALFORMED,
          { 0 } },
        { "length and chunked",
          TEXT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"),
          HTTP_ANSWER_MALFORMED,
          { 0 } },
        { "other encoding",
          TEXT("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
          HTTP_ANSWER_MALFORMED,
          { 0 } },
        { "negative length",
          TEXT("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
          HTTP_ANSWER_MALFORMED,
          { 0 } },
        { "bare line feed", TEXT("HTTP/1.1 200 OK\nX: y\r\n\r\n"), HTTP_ANSWER_MALFORMED, { 0 } },
        { "folded line", TEXT("HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n"), HTTP_ANSWER_MALFORMED, { 0 } },
        { "space before the colon", TEXT("HTTP/1.1 200 OK\r\nX : y\r\n\r\n"), HTTP_ANSWER_MALFORMED, { 0 } },
        { "other protocol", TEXT("RTSP/1.1 200 OK\r\n\r\n"), HTTP_ANSWER_MALFORMED, { 0 } },
        { "other version", TEXT("HTTP/2.0 200 OK\r\n\r\n"), HTTP_ANSWER_MALFORMED, { 0 } },
        { "status is none", TEXT("HTTP/1.1 2x0 OK\r\n\r\n"), HTTP_ANSWER_MALFORMED, { 0 } },
        { "no end", TEXT("HTTP/1.1 200 OK\r\n"), HTTP_ANSWER_MORE, { 0 } },
};

static const struct {
        const char *name;
        struct text octets;
        int outcome;
        bool ended;
        const char *body;
} bodies[] = {
        { "one chunk", TEXT("5\r\nhello\r\n0\r\n\r\n"), 0, true, "hello" },
        { "two chunks", TEXT("5\r\nhello\r\n1\r\n!\r\n000\r\n\r\n"), 0, true, "hello!" },
        { "extension and trailer", TEXT("A;x=y\r\n0123456789\r\n0;z\r\nT: u\r\n\r\nrest"), 0, true,
          "0123456789" },
        { "no end yet", TEXT("5\r\nhello\r\n0\r\n"), 0, false, "hello" },
        { "nothing", TEXT("0\r\n\r\n"), 0, true, "" },
        { "no size", TEXT("\r\nhello"), HTTP_ANSWER_MALFORMED, false, "" },
        { "size is none", TEXT("x\r\n"), HTTP_ANSWER_MALFORMED, false, "" },
        { "size beyond belief", TEXT("fffffffffffffffff\r\n"), HTTP_ANSWER_MALFORMED, false, "" },
        { "longer than said", TEXT("5\r\nhello!\r\n"), HTTP_ANSWER_MALFORMED, false, "hello" },
};

static void test_head(size_t i)
{
        struct http_answer answer, expected = heads[i].answer;
        size_t length = 0;
        int r;

        printf("%s\n", heads[i].name);
        r = http_answer_scan(heads[i].head, &length);
        if (r == 0) {
                assert(length == heads[i].head.len);
                r = http_answer_parse(heads[i].head, &answer);
        }
        assert(r == heads[i].outcome);
        assert(r || (answer.status == expected.status && answer.closes == expected.closes &&
                     answer.chunked == expected.chunked && answer.has_length == expected.has_length &&
                     answer.length == expected.length && answer.is_ipp == expected.is_ipp));
}

static void test_body(size_t i, size_t step)
{
        SCOPED(buffer_done) struct buffer body = BUFFER(100);
        struct text octets = bodies[i].octets, data;
        struct http_chunks chunks = { 0 };
        int r = 0;

        printf("%s, %zu at a time\n", bodies[i].name, step);
        while (r == 0 && octets.len > 0 && !http_chunks_ended(&chunks)) {
                struct text part = { octets.at, octets.len < step ? octets.len : step };

                octets.at += part.len;
                octets.len -= part.len;
                while (r == 0 && part.len > 0 && !http_chunks_ended(&chunks)) {
                        r = http_chunks_next(&chunks, &part, &data);
                        if (r == 0)
                                buffer_add_text(&body, data);
                }
        }
        assert(r == bodies[i].outcome && http_chunks_ended(&chunks) == bodies[i].ended);
        assert(text_equal_string(buffer_text(&body), bodies[i].body));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(heads); i++)
                test_head(i);
        for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++)
                for (size_t step = 1; step < 40; step += 3)
                        test_body(i, step);
        return 0;
}
