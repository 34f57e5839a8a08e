// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/preview.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crew.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/artefact.h"
#include "core/job/inspection.h"
#include "core/job/recipe.h"

struct preview {
        uint64_t size_octets;
        struct artefact_reader *reader;
};

void preview_close(struct preview *preview)
{
        if (!preview)
                return;
        artefact_close(preview->reader);
        free(preview);
}

void preview_closep(struct preview **preview)
{
        preview_close(*preview);
}

uint64_t preview_size_octets(const struct preview *preview)
{
        return preview->size_octets;
}

int preview_read(struct preview *preview, void *to, size_t size, size_t *ret_length)
{
        return artefact_read(preview->reader, to, size, ret_length);
}

struct look {
        const struct actor *actor;
        struct job_row job;
        uint32_t page;
        char recipe[ORDER_LINE];
        struct document document;
        char reason[CORE_WORDS];
        bool is_wanted; /* by a work that is there already */
};

static int find_failure(struct db_tx *tx, struct look *look)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, look->actor->tenant,
                   "SELECT state = 2, reason FROM work WHERE tenant_id = ?1 AND job_id = ?2 AND recipe = ?3",
                   DB_VALUES(db_id(&look->job.id), db_string(look->recipe)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_BUSY : fold(r);
        look->is_wanted = true;
        db_rows_string(&rows, 1, look->reason, sizeof(look->reason));
        return db_rows_integer(&rows, 0) ? CORE_BAD_FORMAT : CORE_BUSY;
}

/* CORE_BUSY: not yet. */
static int check_inspection(struct db_tx *tx, struct look *look)
{
        struct inspection inspection;
        int r;

        r = inspection_row_find(tx, look->actor->tenant, look->job.id, &inspection);
        if (r && r != DB_NO_ROW)
                return fold(r);
        memcpy(look->reason, r ? "document-format-error" : inspection.reason,
               r ? sizeof("document-format-error") : sizeof(look->reason));
        if (r || inspection.state == INSPECTION_FAILED)
                return CORE_BAD_FORMAT;
        if (inspection.state != INSPECTION_DONE) {
                look->is_wanted = true;
                return CORE_BUSY;
        }
        return look->page <= inspection.facts.pages ? 0 : CORE_NOT_FOUND;
}

/* Only the owner, and while there is a document to look at. */
static int document_in(struct db_tx *tx, void *context)
{
        struct look *look = context;
        struct id tenant = look->actor->tenant;
        int r;

        r = job_row_find(tx, tenant, look->job.id, &look->job);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (!id_equal(look->job.owner, look->actor->id) ||
            !actor_may(look->actor, RIGHT_PREVIEW, whose_person(look->job.owner)))
                return CORE_NOT_FOUND;
        r = document_find(tx, tenant, look->job.id, KEYS_ORIGINAL, &look->document);
        if (r == 0 && look->document.stays)
                return CORE_AS_IT_IS;
        return r == DB_NO_ROW ? CORE_DESTROYED : fold(r);
}

static int look_in(struct db_tx *tx, void *context)
{
        struct look *look = context;
        struct id tenant = look->actor->tenant;
        struct rendition rendition;
        int r;

        look->is_wanted = false;
        r = document_in(tx, context);
        if (r)
                return r;
        r = check_inspection(tx, look);
        if (r)
                return r;
        r = rendition_find(tx, tenant, look->job.id, look->recipe, &rendition);
        if (r)
                return r == DB_NO_ROW ? find_failure(tx, look) : fold(r);
        return fold(document_find(tx, tenant, look->job.id, rendition.artefact, &look->document));
}

static int want_in(struct db_tx *tx, void *context)
{
        struct look *look = context;

        return work_want(tx, look->actor->tenant, look->job.id, look->job.owner, WORK_PREVIEW, look->recipe);
}

/* Where too many wait already, nobody waits longer: the answer is to ask again. */
static bool wait_in_turn(struct core *core, uint64_t seen, int64_t deadline_ms)
{
        bool has_ended;

        if (!crew_wait_begin(CREW_IMAGES))
                return false;
        has_ended = work_wait(core, seen, deadline_ms);
        crew_wait_end(CREW_IMAGES);
        return has_ended;
}

static int find(struct core *core, struct look *look, int64_t deadline_ms)
{
        for (;;) {
                uint64_t seen = work_endings(core);
                int r = db_read(core->db, look_in, look);

                if (r != CORE_BUSY)
                        return r;
                if (!look->is_wanted) {
                        r = db_write(core->db, want_in, look);
                        if (r)
                                return r;
                        work_wake(core);
                }
                if (!wait_in_turn(core, seen, deadline_ms))
                        return CORE_BUSY;
        }
}

/* What look->document is, opened. */
static int open_found(struct core *core, const struct look *look, struct preview **ret)
{
        SCOPED(preview_closep) struct preview *preview = calloc(1, sizeof(*preview));
        const struct tenant_entry *entry;
        int r;

        if (!preview)
                return fault(-ENOMEM);
        r = tenant_entry_get(core, look->actor->tenant, &entry);
        if (r == 0)
                r = artefact_open(core, entry, look->actor->tenant, &look->document, KEYS_FOR_PREVIEW,
                                  &preview->reader);
        if (r)
                return r;
        preview->size_octets = look->document.size_octets;
        *ret = take(preview);
        return 0;
}

int preview_open_document(struct core *core, const struct actor *actor, struct id job, struct preview **ret)
{
        struct look look = { .actor = actor, .job.id = job };
        int r;

        /* Images are what a panel is shown, and never the document. */
        if (actor->via == VIA_PANEL)
                return CORE_FORBIDDEN;
        r = db_read(core->db, document_in, &look);
        return r ? r : open_found(core, &look, ret);
}

int preview_open(struct core *core, const struct actor *actor, struct id job, uint32_t page, uint32_t width,
                 int64_t wait_ms, char *ret_reason, struct preview **ret)
{
        struct look look = { .actor = actor, .job.id = job, .page = page };
        int r;

        if (!recipe_has_width(width) || page == 0)
                return CORE_BAD_VALUE;
        recipe_preview(page, width, look.recipe);
        r = find(core, &look, clock_monotonic_ms() + wait_ms);
        memcpy(ret_reason, look.reason, sizeof(look.reason));
        return r ? r : open_found(core, &look, ret);
}
