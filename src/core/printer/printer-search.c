// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Looking for printers: by words, by where they stand, by what may come out there, and by how near they are.
 *
 * How near is not asked of the database: one walk over the printers that fit keeps the nearest that there is
 * room for, so that it costs a little time for each printer and no more memory than the answer.
 */

#include "core/printer/printer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/delegate.h"
#include "core/listing.h"
#include "core/printer/printer-glance.h"
#include "core/printer/printer-people.h"
#include "core/printer/printer-row.h"
#include "core/release/release.h"
#include "core/state.h"

#define PATTERN (2 * CORE_TITLE)

/* "50%" is looked for as it stands. */
static bool pattern_of(struct text words, char pattern[PATTERN])
{
        size_t at = 0;

        pattern[at++] = '%';
        for (size_t i = 0; i < words.len; i++) {
                if (at + 4 > PATTERN)
                        return false;
                if (strchr("%_!", words.at[i]))
                        pattern[at++] = '!';
                pattern[at++] = words.at[i];
        }
        pattern[at++] = '%';
        pattern[at] = 0;
        return true;
}

#define HAS(column) "lower(" column ") LIKE lower(?8) ESCAPE '!'"
#define HAS_WORDS                                                                                                    \
        " AND (?8 = '%%' OR " HAS("name") " OR " HAS("title") " OR " HAS("alias") " OR " HAS("location") " OR " HAS( \
                "make_and_model") " OR EXISTS (SELECT 1 FROM site z WHERE z.tenant_id"                               \
                                  " = ?1 AND z.id = printer.site_id AND (" HAS("z.name") " OR " HAS(                 \
                                          "z.title") " OR " HAS("z.address") ")))"
#define IS_OF_HIS_SITES                                                                     \
        " AND (?9 = 0 OR EXISTS (SELECT 1 FROM site_administrator o WHERE o.tenant_id = ?1" \
        " AND o.person_id = ?4 AND o.site_id = printer.site_id))"
/* ?12: "p" and "a" with the ids of printers and agents, of which one must be its own. */
#define TAKES_JOBS                                                                             \
        " AND (?12 IS NULL OR instr(?12, 'p' || hex(printer.id)) > 0 OR (agent_id IS NOT NULL" \
        " AND instr(?12, 'a' || hex(agent_id)) > 0))"
/* From ?4 on; what is asked for of a printer, whatever it is of it that is read. */
#define FITS                                                                                        \
        " AND (?6 IS NULL OR EXISTS (SELECT 1 FROM printer_grouping i WHERE i.tenant_id = ?1"       \
        " AND i.group_id = ?6 AND i.printer_id = printer.id))"                                      \
        " AND (?7 IS NULL OR site_id = ?7)" HAS_WORDS IS_OF_HIS_SITES                               \
        " AND (?10 = 0 OR " PRINTER_WANTS_ATTENTION("printer") ") AND (?11 = 0 OR " PRINTER_USABLE( \
                "printer") ")" TAKES_JOBS PRINTER_SEEN("printer")

struct search {
        const struct actor *actor;
        const struct printer_search *asked;
        struct listing listing;
        struct buffer takers; /* ?12 */
        bool takes_any;       /* one of the jobs comes out anywhere */
        struct nearest {
                struct id id;
                int64_t metres;
        } * nearest, after; /* the nearest so far, in order, with room for as many as the listing has */
        size_t count;
};

static void search_done(struct search *search)
{
        buffer_done(&search->takers);
        free(search->nearest);
}

/* ---- what may come out there ---- */

static void add_taker(struct search *search, char kind, struct id id)
{
        buffer_add_octet(&search->takers, (uint8_t)kind);
        for (size_t i = 0; i < ID_OCTETS; i++)
                buffer_format(&search->takers, "%02X", id.octets[i]);
        buffer_add_octet(&search->takers, ' ');
}

/* A job that is not his to read says nothing. */
static int add_job(struct db_tx *tx, struct search *search, struct id job)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        bool titles;
        int r = db_one(tx, search->actor->tenant,
                       "SELECT j.owner_id, j.printer_id, s.agent_id FROM job j LEFT JOIN stay s"
                       " ON s.tenant_id = j.tenant_id AND s.job_id = j.id AND s.box IS NOT NULL"
                       " WHERE j.tenant_id = ?1 AND j.id = ?2",
                       DB_VALUES(db_id(&job)), &rows);

        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        if (!actor_may(search->actor, RIGHT_JOBS_READ, whose_person(db_rows_id(&rows, 0)))) {
                r = delegate_check(tx, search->actor, RIGHT_JOBS_READ, db_rows_id(&rows, 0), &titles);
                if (r)
                        return r == CORE_NOT_FOUND ? 0 : r;
        }
        if (!db_rows_is_null(&rows, 1))
                add_taker(search, 'p', db_rows_id(&rows, 1));
        else if (!db_rows_is_null(&rows, 2))
                add_taker(search, 'a', db_rows_id(&rows, 2));
        else
                search->takes_any = true;
        return 0;
}

static int add_jobs(struct db_tx *tx, struct search *search)
{
        int r = 0;

        buffer_clear(&search->takers);
        search->takes_any = search->asked->job_count == 0;
        for (size_t i = 0; r == 0 && !search->takes_any && i < search->asked->job_count; i++)
                r = add_job(tx, search, search->asked->jobs[i]);
        return r ? r : search->takers.failure ? fault(search->takers.failure) : 0;
}

/* ---- nearest first ---- */

static int compare(const struct nearest *a, const struct nearest *b)
{
        /* What is nowhere is farther than everything. */
        uint64_t far_a = (uint64_t)a->metres, far_b = (uint64_t)b->metres;

        return far_a < far_b ? -1 : far_a > far_b ? 1 : memcmp(a->id.octets, b->id.octets, ID_OCTETS);
}

static int64_t metres_to(const struct search *search, struct text geo)
{
        struct geo place;

        return geo_parse_uri(geo, &place) ? geo_metres(*search->asked->near, place) : GEO_NOWHERE;
}

static void keep_nearest(struct search *search, struct nearest one)
{
        size_t at = search->count;

        if (!id_is_zero(search->after.id) && compare(&one, &search->after) <= 0)
                return;
        while (at > 0 && compare(&one, &search->nearest[at - 1]) < 0)
                at--;
        if (at == search->listing.max)
                return;
        if (search->count < search->listing.max)
                search->count++;
        memmove(&search->nearest[at + 1], &search->nearest[at],
                (search->count - at - 1) * sizeof(*search->nearest));
        search->nearest[at] = one;
}

#define GEO "(SELECT z.geo FROM site z WHERE z.tenant_id = ?1 AND z.id = printer.site_id)"

static int find_after(struct db_tx *tx, struct search *search)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct id after = search->listing.after;
        int r;

        if (id_is_zero(after))
                return 0;
        r = db_one(tx, search->actor->tenant, "SELECT " GEO " FROM printer WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&after)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_BAD_VALUE : fold(r);
        search->after = (struct nearest){ after, metres_to(search, db_rows_text(&rows, 0)) };
        return 0;
}

static int find_nearest(struct db_tx *tx, struct search *search)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct db_value values[2 + LISTING_VALUES_MAX] = { db_null(), db_null() };
        int r = find_after(tx, search);

        if (r)
                return r;
        for (size_t i = 0; i < search->listing.value_count; i++)
                values[2 + i] = search->listing.values[i];
        search->count = 0;
        r = db_find(tx, search->actor->tenant, "SELECT id, " GEO " FROM printer WHERE tenant_id = ?1" FITS,
                    values, 2 + search->listing.value_count, &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r))
                keep_nearest(search, (struct nearest){ db_rows_id(&rows, 0),
                                                       metres_to(search, db_rows_text(&rows, 1)) });
        return fold(r);
}

static int read_nearest(struct db_tx *tx, struct search *search)
{
        struct printer *to = search->listing.items;

        for (size_t i = 0; i < search->count; i++) {
                int r = printer_find_in(tx, search->actor->tenant, search->nearest[i].id, &to[i]);

                if (r)
                        return fold(r);
                to[i].metres = search->nearest[i].metres;
        }
        search->listing.count = search->count;
        return 0;
}

/* ---- both ---- */

static int find_in(struct db_tx *tx, void *context)
{
        struct search *search = context;
        const struct printer_search *asked = search->asked;
        bool only_his = (asked->inspected || asked->attention) &&
                        !actor_may(search->actor, RIGHT_PRINTERS_INSPECT, whose_tenant());
        char pattern[PATTERN];
        int r;

        if (!pattern_of(asked->words, pattern))
                return CORE_BAD_VALUE;
        r = add_jobs(tx, search);
        if (r)
                return r;
        struct db_value values[] = {
                PRINTER_SEEN_VALUES(search->actor),
                db_id(&asked->group),
                db_id(&asked->site),
                db_string(pattern),
                db_integer(only_his),
                db_integer(asked->attention),
                db_integer(asked->usable),
                search->takes_any ? db_null() : db_text(buffer_text(&search->takers)),
        };
        search->listing.values = values;
        search->listing.value_count = ARRAY_LENGTH(values);
        if (!asked->near)
                return listing_find_in(tx, &search->listing);
        r = find_nearest(tx, search);
        return r ? r : read_nearest(tx, search);
}

int printer_list(struct core *core, const struct actor *actor, const struct printer_search *asked,
                 struct id after, struct printer *ret, size_t max, size_t *ret_count)
{
        SCOPED(search_done)
        struct search search = {
                .actor = actor,
                .asked = asked,
                .takers = BUFFER(RELEASE_JOBS_MAX * (2 * ID_OCTETS + 2)),
                .listing = { .tenant = actor->tenant,
                             .sql = PRINTER_COLUMNS " AND id > ?2" FITS " ORDER BY id LIMIT ?3",
                             .after = after,
                             .read = printer_row_read,
                             LISTING_INTO(ret, max) },
        };
        int r;

        if (asked->job_count > RELEASE_JOBS_MAX)
                return CORE_BAD_VALUE;
        if (asked->near) {
                search.nearest = calloc(max, sizeof(*search.nearest));
                if (!search.nearest)
                        return fault(-ENOMEM);
        }
        r = db_read(core->db, find_in, &search);
        if (r == 0)
                *ret_count = search.listing.count;
        return r;
}
