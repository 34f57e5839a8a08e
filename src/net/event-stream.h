// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Server-sent events, as a client reads them (HTML standard, section 9.2.6): lines of "field: value", an
 * empty line ends an event. Lines end in LF or CR LF; a CR alone, which the standard would also allow, is
 * part of the line, for no server we speak to sends it. "id" and "retry" are read over.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/text.h"

enum event_stream_refusal {
        EVENT_STREAM_TOO_LARGE = 1, /* a line or an event beyond the maximum */
        EVENT_STREAM_STOPPED,       /* the callback returned false */
};

struct event_stream {
        struct buffer line;
        struct buffer name;
        struct buffer data;
        bool has_data;
        bool (*event)(void *context, struct text name, struct text data);
        void *context;
};

/* max_octets bounds a line, and the data of an event. */
void event_stream_init(struct event_stream *stream, size_t max_octets,
                       bool (*event)(void *context, struct text name, struct text data), void *context);
void event_stream_done(struct event_stream *stream);

/* Reads what came, and calls event() for each event that is complete with it. */
int event_stream_push(struct event_stream *stream, struct text octets);

/* Writes one event: each line of data gets a "data:" of its own; name and id may be NULL and must hold no
 * line end. The id is what a client that comes again tells by Last-Event-ID. */
void event_stream_format(const char *name, const char *id, struct text data, struct buffer *to);
