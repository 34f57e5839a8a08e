// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* People as a table: POST /v1/people/import with text/csv as its body, GET /v1/people/export. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/person/person-import.h"
#include "door/api/api.h"

#define PART_MAX (4 << 20) /* of the table that is written: some people at a time */

static const struct problem problem_not_csv = { 415, "not-csv", "The body is not a table",
                                                "Send it with Content-Type: text/csv (RFC 4180, UTF-8).", 0 };

static bool is_csv(struct text content_type)
{
        struct text name, parameters;

        text_cut(content_type, ';', &name, &parameters);
        return text_equal_nocase(text_trim(name), TEXT_OF("text/csv"));
}

int people_import_open(struct request *request)
{
        struct text dry = TEXT_OF("no");
        bool is_dry;
        int r;

        if (!is_csv(request->x->content_type))
                return request_problem(request, &problem_not_csv, NULL);
        http_query(request->x, "dry_run", &dry);
        is_dry = text_equal_string(dry, "yes") || text_equal_string(dry, "true");
        if (!is_dry && !text_equal_string(dry, "no") && !text_equal_string(dry, "false"))
                return request_bad(request, "\"dry_run\" is yes or no.");
        request->dry = is_dry;
        request->x->body_max_octets = request->door->settings.table_max_octets;
        r = person_import_open(request->core, &request->actor, is_dry, &request->import);
        return r ? request_refuse(request, r) : 0;
}

int people_import_octets(struct request *request, struct text octets)
{
        int r = person_import_write(request->import, octets);

        return r < 0 ? r : 0; /* the report tells where it stopped */
}

static json_t *line_json(const struct person_import_line *line)
{
        return json_pack("{s:I, s:s, s:s?}", "line", (json_int_t)line->line, "outcome",
                         person_import_outcome_name(line->outcome), "reason", line->reason);
}

static json_t *lines_json(const struct person_import_report *report)
{
        json_t *lines = json_array();

        for (size_t i = 0; lines && i < report->line_count; i++)
                if (json_array_append_new(lines, line_json(&report->lines[i]))) {
                        json_decref(lines);
                        return NULL;
                }
        return lines;
}

static json_t *report_json(const struct request *request, const struct person_import_report *report)
{
        json_t *stopped = report->stopped.reason ? line_json(&report->stopped) : json_null();

        return json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:o, s:b, s:o}", "dry_run", request->dry, "made",
                         (json_int_t)report->made, "changed", (json_int_t)report->changed, "unchanged",
                         (json_int_t)report->unchanged, "refused", (json_int_t)report->refused, "pins_left",
                         (json_int_t)report->pins_left, "lines", lines_json(report), "lines_cut",
                         report->lines_cut, "stopped", stopped);
}

int people_import_answer(struct request *request)
{
        struct person_import_report report;
        int r = person_import_finish(request->import, &report);

        return r ? request_refuse(request, r) : request_answer(request, 200, report_json(request, &report));
}

void people_import_close(struct request *request)
{
        person_import_closep(&request->import);
        request->import = NULL;
}

struct table {
        struct core *core;
        struct actor actor;
        struct id after;
        struct buffer part;
        size_t sent; /* of it */
        bool began;
};

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct table *table = context;
        size_t left = table->part.len - table->sent;
        int r;

        if (left == 0) {
                buffer_clear(&table->part);
                table->sent = 0;
                if (table->began && id_is_zero(table->after))
                        return 0;
                table->began = true;
                r = person_export_part(table->core, &table->actor, &table->after, &table->part);
                if (r)
                        return fold(r);
                left = table->part.len;
        }
        *ret_length = left < size ? left : size;
        if (*ret_length)
                memcpy(to, table->part.at + table->sent, *ret_length);
        table->sent += *ret_length;
        return 0;
}

static void close_table(void *context)
{
        struct table *table = context;

        buffer_done(&table->part);
        free(table);
}

int people_export_answer(struct request *request)
{
        struct table *table = calloc(1, sizeof(*table));
        struct http_source source = { .pull = pull, .close = close_table, .context = table };
        int r;

        if (!table)
                return fault(-ENOMEM);
        table->core = request->core;
        table->actor = request->actor;
        buffer_init(&table->part, PART_MAX);
        r = event_note(request->core, request->actor.tenant, &request->actor, "people-exported",
                       request->actor.id, "");
        if (r == 0)
                r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r == 0)
                r = http_add_header(request->x, "Content-Disposition", "attachment; filename=\"people.csv\"");
        if (r) {
                close_table(table);
                return request_refuse(request, r);
        }
        return http_respond_stream(request->x, 200, "text/csv; charset=utf-8", -1, &source);
}
