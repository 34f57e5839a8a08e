// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/event-stream.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"

void event_stream_init(struct event_stream *stream, size_t max_octets,
                       bool (*event)(void *context, struct text name, struct text data), void *context)
{
        *stream = (struct event_stream){ .event = event, .context = context };
        buffer_init(&stream->line, max_octets);
        buffer_init(&stream->name, max_octets);
        buffer_init(&stream->data, max_octets);
}

void event_stream_done(struct event_stream *stream)
{
        buffer_done(&stream->line);
        buffer_done(&stream->name);
        buffer_done(&stream->data);
}

static int failure_of(const struct buffer *buffer)
{
        if (!buffer->failure)
                return 0;
        return buffer->failure == -EMSGSIZE ? EVENT_STREAM_TOO_LARGE : fault(buffer->failure);
}

/* An event without data is none, says the standard. */
static int event_end(struct event_stream *stream)
{
        bool on = true;

        if (stream->has_data)
                on = stream->event(stream->context, buffer_text(&stream->name), buffer_text(&stream->data));
        buffer_clear(&stream->name);
        buffer_clear(&stream->data);
        stream->has_data = false;
        return on ? 0 : EVENT_STREAM_STOPPED;
}

static int line_end(struct event_stream *stream)
{
        struct text line = buffer_text(&stream->line), name, value;

        if (line.len > 0 && line.at[line.len - 1] == '\r')
                line.len--;
        if (line.len == 0)
                return event_end(stream);
        (void)text_cut(line, ':', &name, &value);
        if (value.len > 0 && value.at[0] == ' ')
                value = (struct text){ value.at + 1, value.len - 1 };
        if (text_equal_string(name, "event")) {
                buffer_clear(&stream->name);
                buffer_add_text(&stream->name, value);
                return failure_of(&stream->name);
        }
        if (text_equal_string(name, "data")) {
                if (stream->has_data)
                        buffer_add_octet(&stream->data, '\n');
                stream->has_data = true;
                buffer_add_text(&stream->data, value);
                return failure_of(&stream->data);
        }
        return 0;
}

int event_stream_push(struct event_stream *stream, struct text octets)
{
        struct text piece;
        int r;

        while (octets.len > 0) {
                bool ended = text_cut(octets, '\n', &piece, &octets);

                buffer_add_text(&stream->line, piece);
                r = failure_of(&stream->line);
                if (r)
                        return r;
                if (!ended)
                        return 0;
                r = line_end(stream);
                buffer_clear(&stream->line);
                if (r)
                        return r;
        }
        return 0;
}

/* Cuts at LF, CR LF or CR, for a browser ends a line at each of them: data must not become a field. */
static struct text data_line(struct text *rest)
{
        size_t len = 0, ends = 0;
        struct text line;

        while (len < rest->len && rest->at[len] != '\n' && rest->at[len] != '\r')
                len++;
        line = (struct text){ rest->at, len };
        if (len < rest->len)
                ends = rest->len - len > 1 && rest->at[len] == '\r' && rest->at[len + 1] == '\n' ? 2 : 1;
        *rest = (struct text){ rest->at + len + ends, rest->len - len - ends };
        return line;
}

void event_stream_format(const char *name, const char *id, struct text data, struct buffer *to)
{
        struct text rest = data;

        if (name)
                buffer_format(to, "event: %s\n", name);
        if (id)
                buffer_format(to, "id: %s\n", id);
        do {
                buffer_add_string(to, "data: ");
                buffer_add_text(to, data_line(&rest));
                buffer_add_octet(to, '\n');
        } while (rest.len > 0);
        buffer_add_octet(to, '\n');
}
