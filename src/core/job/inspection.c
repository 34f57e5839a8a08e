// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/inspection.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/recipe.h"
#include "core/state.h"

static const char *const state_names[] = {
        [INSPECTION_NONE] = "none",
        [INSPECTION_WAITING] = "waiting",
        [INSPECTION_DONE] = "done",
        [INSPECTION_FAILED] = "failed",
};

const char *inspection_state_name(enum inspection_state state)
{
        return state_names[state];
}

/* What the facts are bound to, so that those of one job are not taken for another's. */
#define BINDING_OCTETS (ID_OCTETS + 5)

static struct text bind(struct id job, char ret[BINDING_OCTETS])
{
        memcpy(ret, job.octets, ID_OCTETS);
        memcpy(ret + ID_OCTETS, "facts", 5);
        return text_from_octets(ret, BINDING_OCTETS);
}

static bool state_parse(const char *name, enum inspection_state *ret)
{
        for (size_t i = 0; i < ARRAY_LENGTH(state_names); i++) {
                if (strcmp(state_names[i], name) != 0)
                        continue;
                *ret = (enum inspection_state)i;
                return true;
        }
        return false;
}

struct row {
        struct inspection inspection;
        struct buffer facts; /* sealed */
};

static int row_find(struct db_tx *tx, struct id tenant, struct id job, struct row *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct inspection *inspection = &ret->inspection;
        char state[16];
        int r;

        r = db_one(tx, tenant,
                   "SELECT state, reason, base, pages, colour_pages, facts, secret FROM inspection"
                   " WHERE tenant_id = ?1 AND job_id = ?2",
                   DB_VALUES(db_id(&job)), &rows);
        if (r)
                return r;
        *inspection = (struct inspection){ .base = (uint32_t)db_rows_integer(&rows, 2) };
        db_rows_string(&rows, 0, state, sizeof(state));
        db_rows_string(&rows, 1, inspection->reason, sizeof(inspection->reason));
        inspection->facts.pages = (uint32_t)db_rows_integer(&rows, 3);
        inspection->facts.has_colour_pages = !db_rows_is_null(&rows, 4);
        inspection->facts.colour_pages = (uint32_t)db_rows_integer(&rows, 4);
        inspection->has_secret = db_rows_integer(&rows, 6);
        buffer_add_text(&ret->facts, db_rows_text(&rows, 5));
        if (ret->facts.failure)
                return fault(ret->facts.failure);
        return state_parse(state, &inspection->state) ? 0 : fault(-EBADMSG);
}

int inspection_row_find(struct db_tx *tx, struct id tenant, struct id job, struct inspection *ret)
{
        SCOPED(buffer_done) struct buffer facts = BUFFER(2 * FACTS_OCTETS_MAX);
        struct row row = { .facts = facts };
        int r;

        r = row_find(tx, tenant, job, &row);
        facts = row.facts;
        *ret = row.inspection;
        return r;
}

/* An order of before, with another password or without one, is void. */
static int forget_work(struct db_tx *tx, struct id tenant, struct id job)
{
        return fold(db_run(tx, tenant, "DELETE FROM work WHERE tenant_id = ?1 AND job_id = ?2 AND kind = ?3",
                           DB_VALUES(db_id(&job), db_integer(WORK_INSPECTION)), NULL));
}

int inspection_want(struct db_tx *tx, struct id tenant, const struct job_row *job, bool has_secret)
{
        char recipe[ORDER_LINE];
        int r;

        if (!format_is_source(format_from_media_type(text_from(job->format))))
                return 0;
        recipe_inspect(text_from(job->format), has_secret, recipe);
        r = db_run(
                tx, tenant,
                "INSERT INTO inspection (tenant_id, job_id, state, reason, base, pages, colour_pages, facts, secret)"
                " VALUES (?1, ?2, 'waiting', '', 0, 0, NULL, NULL, ?3) ON CONFLICT (tenant_id, job_id)"
                " DO UPDATE SET state = 'waiting', reason = '', secret = ?3",
                DB_VALUES(db_id(&job->id), db_integer(has_secret)), NULL);
        if (r)
                return fold(r);
        r = has_secret ? forget_work(tx, tenant, job->id) : 0;
        return r ? r : work_want(tx, tenant, job->id, job->owner, WORK_INSPECTION, recipe);
}

int inspection_fail(struct db_tx *tx, struct id tenant, struct id job, const char *reason)
{
        int r;

        r = db_run(tx, tenant,
                   "UPDATE inspection SET state = 'failed', reason = ?3 WHERE tenant_id = ?1 AND job_id = ?2",
                   DB_VALUES(db_id(&job), db_string(reason)), NULL);
        if (r)
                return fold(r);
        r = document_password_is_reason(reason) ? document_password_note(tx, tenant, job, reason) : 0;
        return r ? r : event_add(tx, tenant, NULL, "document-not-inspected", job, reason);
}

int inspection_done(struct core *core, struct db_tx *tx, const struct tenant_entry *entry,
                    const struct work_row *row, const struct facts *facts, struct text lines, uint32_t base)
{
        SCOPED(buffer_done) struct buffer sealed = BUFFER(2 * FACTS_OCTETS_MAX);
        char binding[BINDING_OCTETS];
        int r;

        r = tenant_seal(core, entry, bind(row->job, binding), lines, &sealed);
        if (r)
                return fold(r);
        return fold(
                db_run(tx, row->tenant,
                       "UPDATE inspection SET state = 'done', reason = '', base = ?3, pages = ?4, facts = ?5,"
                       " colour_pages = ?6 WHERE tenant_id = ?1 AND job_id = ?2",
                       DB_VALUES(db_id(&row->job), db_integer(base), db_integer(facts->pages),
                                 db_octets(sealed.at, sealed.len),
                                 facts->has_colour_pages ? db_integer(facts->colour_pages) : db_null()),
                       NULL));
}

struct find {
        const struct actor *actor;
        struct id job;
        struct row row;
};

static int find_in(struct db_tx *tx, void *context)
{
        struct find *find = context;
        int r;

        buffer_clear(&find->row.facts);
        r = row_find(tx, find->actor->tenant, find->job, &find->row);
        if (r != DB_NO_ROW)
                return fold(r);
        find->row.inspection = (struct inspection){ .state = INSPECTION_NONE };
        return 0;
}

/* The owner sees all of the facts. */
static int open_facts(struct core *core, struct find *find)
{
        SCOPED(buffer_done) struct buffer lines = BUFFER(2 * FACTS_OCTETS_MAX);
        const struct tenant_entry *entry;
        char binding[BINDING_OCTETS];
        int r;

        if (find->row.facts.len == 0)
                return 0;
        r = tenant_entry_get(core, find->actor->tenant, &entry);
        if (r == 0)
                r = tenant_unseal(core, entry, bind(find->job, binding), buffer_text(&find->row.facts),
                                  &lines);
        if (r == 0)
                r = facts_parse(buffer_text(&lines), &find->row.inspection.facts);
        return fold(r);
}

int inspection_find(struct core *core, const struct actor *actor, struct id job, struct inspection *ret)
{
        SCOPED(buffer_done) struct buffer facts = BUFFER(2 * FACTS_OCTETS_MAX);
        struct find find = { .actor = actor, .job = job, .row.facts = facts };
        struct job found;
        int r;

        r = job_find(core, actor, job, &found);
        if (r)
                return r;
        r = db_read(core->db, find_in, &find);
        if (r == 0 && id_equal(found.owner, actor->id))
                r = open_facts(core, &find);
        facts = find.row.facts;
        *ret = find.row.inspection;
        return r;
}
