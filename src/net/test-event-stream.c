// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/event-stream.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

static bool gather(void *context, struct text name, struct text data)
{
        buffer_format(context, "[%.*s|%.*s]", TEXT_ARGS(name), TEXT_ARGS(data));
        return !text_equal_string(data, "stop");
}

static const struct {
        const char *octets;
        int outcome;
        const char *events;
} rows[] = {
        { "data: a\n\n", 0, "[|a]" },
        { "event: x\ndata: a\ndata:b\n\ndata\n\n", 0, "[x|a\nb][|]" },
        { "event: x\r\ndata: a\r\n\r\n", 0, "[x|a]" },
        { ":\n\n: comment\n\n", 0, "" },
        { "event: x\n\n", 0, "" },
        { "event: x\n\ndata: y\n\n", 0, "[|y]" },
        { "id: 1\nretry: 2\ndata:  a\n\n", 0, "[| a]" },
        { "data: a\n", 0, "" },
        { "data: stop\n\ndata: a\n\n", EVENT_STREAM_STOPPED, "[|stop]" },
        { "data: 0123456789012345678901234567890123456789\n\n", EVENT_STREAM_TOO_LARGE, "" },
        { "data: 01234567890123456789\ndata: 01234567890123456789\n\n", EVENT_STREAM_TOO_LARGE, "" },
};

/* Whatever stands in the data, none of its lines becomes a field of its own. */
static void test_format(void)
{
        static const struct {
                const char *data, *written;
        } formats[] = {
                { "", "data: \n\n" },
                { "a", "data: a\n\n" },
                { "a\nevent: x", "data: a\ndata: event: x\n\n" },
                { "a\revent: x", "data: a\ndata: event: x\n\n" },
                { "a\r\n\nb", "data: a\ndata: \ndata: b\n\n" },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
                SCOPED(buffer_done) struct buffer written = BUFFER(256);

                event_stream_format(NULL, NULL, text_from(formats[i].data), &written);
                assert(strcmp(buffer_string(&written), formats[i].written) == 0);
        }
}

int main(void)
{
        test_format();
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                for (size_t piece = 1; piece < 64; piece++) {
                        SCOPED(buffer_done) struct buffer events = BUFFER(1024);
                        SCOPED(event_stream_done) struct event_stream stream;
                        struct text octets = text_from(rows[i].octets);
                        int r = 0;

                        event_stream_init(&stream, 32, gather, &events);
                        for (size_t at = 0; r == 0 && at < octets.len; at += piece) {
                                size_t len = octets.len - at < piece ? octets.len - at : piece;

                                r = event_stream_push(&stream, (struct text){ octets.at + at, len });
                        }
                        if (r != rows[i].outcome || strcmp(buffer_string(&events), rows[i].events) != 0) {
                                fprintf(stderr, "%zu: %d %s\n", i, r, buffer_string(&events));
                                abort();
                        }
                }
        return 0;
}
