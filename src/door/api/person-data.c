// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* All that is kept of one person, as one JSON document that is written while it is sent. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person-data.h"
#include "door/api/api.h"

#define PART_MAX (8 << 20)

struct document {
        struct core *core;
        struct actor actor;
        struct id person;
        struct person_data at;
        struct buffer part;
        size_t sent; /* of it */
        bool in_section, has_row, is_over;
};

static json_t *value_json(const struct person_data_value *value)
{
        switch (value->kind) {
        case PERSON_DATA_TEXT:
        case PERSON_DATA_TITLE:
        case PERSON_DATA_ACCOUNT: {
                json_t *text = json_stringn(value->text.at ? value->text.at : "", value->text.len);

                return text ? text : json_string("?"); /* not UTF-8 */
        }
        case PERSON_DATA_NUMBER: return json_integer(value->number);
        case PERSON_DATA_FLAG: return json_boolean(value->number);
        case PERSON_DATA_TIME: return json_of_time(value->number);
        case PERSON_DATA_ID: return json_of_id(value->id);
        case PERSON_DATA_HIDDEN: break;
        }
        return NULL;
}

static int add_row(void *context, const struct person_data_value *values, size_t count)
{
        SCOPED(json_decrefp) json_t *row = json_object();
        struct document *document = context;
        char *octets;

        for (size_t i = 0; row && i < count; i++)
                if (json_object_set_new(row, values[i].name, value_json(&values[i])))
                        return fault(-ENOMEM);
        octets = row ? json_dumps(row, JSON_COMPACT) : NULL;
        if (!octets)
                return fault(-ENOMEM);
        buffer_add_string(&document->part, document->has_row ? ",\n    " : "\n    ");
        buffer_add_string(&document->part, octets);
        free(octets);
        document->has_row = true;
        return document->part.failure ? fault(document->part.failure) : 0;
}

/* One step: some rows of a section, with what stands around them. */
static int write_part(struct document *document)
{
        const char *section = person_data_section(&document->at);
        bool ended = false;
        int r;

        if (!section) {
                buffer_add_string(&document->part, "\n}\n");
                document->is_over = true;
                return 0;
        }
        if (!document->in_section)
                buffer_format(&document->part, ",\n  \"%s\": [", section);
        document->in_section = true;
        r = person_data_next(document->core, &document->actor, document->person, &document->at, add_row,
                             document, &ended);
        if (r)
                return r;
        if (ended) {
                buffer_add_string(&document->part, document->has_row ? "\n  ]" : "]");
                document->in_section = document->has_row = false;
        }
        return document->part.failure ? fault(document->part.failure) : 0;
}

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct document *document = context;
        size_t left = document->part.len - document->sent;

        if (left == 0 && !document->is_over) {
                int r;

                buffer_clear(&document->part);
                document->sent = 0;
                r = write_part(document);
                if (r)
                        return fold(r);
                left = document->part.len;
        }
        *ret_length = left < size ? left : size;
        if (*ret_length)
                memcpy(to, document->part.at + document->sent, *ret_length);
        document->sent += *ret_length;
        return 0;
}

static void close_document(void *context)
{
        struct document *document = context;

        buffer_done(&document->part);
        free(document);
}

static int begin(struct document *document)
{
        char now[25];

        clock_format(clock_unix_ms(), now);
        buffer_format(&document->part, "{\n  \"at\": \"%s\"", now);
        return write_part(document);
}

int person_export_answer(struct request *request)
{
        struct document *document;
        struct http_source source = { .pull = pull, .close = close_document };
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r)
                return request_refuse(request, r);
        document = calloc(1, sizeof(*document));
        if (!document)
                return fault(-ENOMEM);
        document->core = request->core;
        document->actor = request->actor;
        document->person = person;
        buffer_init(&document->part, PART_MAX);
        source.context = document;
        r = begin(document);
        if (r == 0)
                r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r) {
                close_document(document);
                return request_refuse(request, r);
        }
        return http_respond_stream(request->x, 200, "application/json", -1, &source);
}
