// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/scope.h"
#include "net/event-stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_OCTETS 512

/* What was read is written and read again; data keeps its lines. */
static bool again(void *context, struct text name, struct text data)
{
        struct text *expected = context;

        assert(text_equal(*expected, data));
        *expected = (struct text){ NULL, 0 };
        return true;
}

static bool event(void *context, struct text name, struct text data)
{
        SCOPED(buffer_done) struct buffer written = BUFFER(8 * MAX_OCTETS);
        SCOPED(event_stream_done) struct event_stream stream = { 0 };
        struct text expected = data;

        assert(name.len <= MAX_OCTETS && data.len <= MAX_OCTETS);
        /* A final line end and CR do not survive as they were; neither occurs in what we send. */
        if (data.len == 0 || data.at[data.len - 1] == '\n' || memchr(data.at, '\r', data.len))
                return true;
        event_stream_format(NULL, NULL, data, &written);
        event_stream_init(&stream, MAX_OCTETS + 8, again, &expected);
        assert(event_stream_push(&stream, buffer_text(&written)) == 0 && expected.at == NULL);
        return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(event_stream_done) struct event_stream stream;

        event_stream_init(&stream, MAX_OCTETS, event, NULL);
        for (size_t at = 0; at < size; at += 7)
                if (event_stream_push(&stream, text_from_octets(data + at, size - at < 7 ? size - at : 7)))
                        break;
        return 0;
}
