// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The list of works: who comes first, what becomes of one that is left, and where what was made is found. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "core/job/inspection.h"
#include "core/job/intake.h"
#include "core/job/preview.h"
#include "core/printer/printer.h"
#include "core/job/queue.h"
#include "core/job/recipe.h"
#include "core/release/release.h"
#include "core/test-world.h"
#include "core/rendering/work.h"

static struct {
        struct core_world world;
        struct actor ada, grace;
        struct queue queue;
        struct printer printer; /* takes PCL XL */
} all;

static struct job submit(const struct actor *actor, const char *format)
{
        struct intake_order order = { .queue = &all.queue,
                                      .actor = actor,
                                      .title = TEXT_OF("a document"),
                                      .format = text_from(format) };
        struct intake *intake;
        struct job job;

        assert(intake_open(all.world.core, &order, &intake) == 0);
        assert(intake_write(intake, TEXT_OF("what was sent")) == 0);
        assert(intake_commit(intake, &job) == 0);
        return job;
}

static int want_in(struct db_tx *tx, void *context)
{
        const struct job *job = context;
        struct job_row row;

        assert(job_row_find(tx, all.world.tenant.id, job->id, &row) == 0);
        return inspection_want(tx, all.world.tenant.id, &row, false);
}

static void want_inspection(struct job *job)
{
        assert(db_write(all.world.db, want_in, job) == 0);
}

static struct work *begin(enum work_kind kind, struct work_order *ret)
{
        struct work *work;

        assert(work_begin(all.world.core, WORK_INSPECTION, all_formats, ret, &work) == 0);
        assert(ret->kind == kind);
        return work;
}

static void nothing_is_wanted(void)
{
        struct work_order order;
        struct work *work;

        assert(work_begin(all.world.core, WORK_INSPECTION, all_formats, &order, &work) == CORE_NOTHING_HELD);
}

static void answer(struct work *work, enum frame_type type, const char *octets)
{
        struct frame frame = { type, text_from(octets) };

        assert(work_write(work, &frame) == 0);
}

static void inspect(const char *base)
{
        struct work_order order;
        struct work *work = begin(WORK_INSPECTION, &order);
        char read[64];
        size_t length;

        assert(work_read(work, read, sizeof(read), &length) == 0 && length == 13);
        answer(work, FRAME_FACTS, "pages=3\n");
        if (base)
                answer(work, FRAME_BASE, base);
        answer(work, FRAME_IMAGE, "the first page");
        assert(work_commit(work) == 0);
}

static int release_one(const struct actor *actor, struct job *job)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct release_order order = { .printer = all.printer.id,
                                       .method = RELEASE_API,
                                       .selection = RELEASE_LISTED,
                                       .jobs = &job->id,
                                       .job_count = 1 };
        struct release release_made;

        return release(all.world.core, actor, &order, arena, &release_made);
}

static void drop(struct job *job)
{
        assert(job_delete(all.world.core, &all.world.admin, job->id) == 0);
}

static void who_waits_at_a_printer_comes_first(void)
{
        struct job looked_into = submit(&all.ada, "application/pdf");
        struct job released = submit(&all.grace, "application/pdf");
        struct work_order order;
        struct work *work;

        want_inspection(&looked_into);
        assert(release_one(&all.grace, &released) == 0);
        work = begin(WORK_RENDITION, &order);
        assert(order.order.to == FORMAT_PCL_XL);
        assert(work_fail(work, TEXT_OF("document-unprintable-error")) == 0);
        inspect(NULL);
        nothing_is_wanted();
        drop(&looked_into);
        drop(&released);
}

static void people_take_turns(void)
{
        struct job jobs[6];
        struct work_order order;
        bool hers_was_early = false;

        for (int i = 0; i < 6; i++) {
                jobs[i] = submit(i < 5 ? &all.ada : &all.grace, "application/pdf");
                want_inspection(&jobs[i]);
        }
        for (int i = 0; i < 2; i++) {
                struct work *work = begin(WORK_INSPECTION, &order);
                struct inspection inspection;

                answer(work, FRAME_FACTS, "pages=1\n");
                assert(work_commit(work) == 0);
                assert(inspection_find(all.world.core, &all.grace, jobs[5].id, &inspection) == 0);
                hers_was_early = hers_was_early || inspection.state == INSPECTION_DONE;
        }
        assert(hers_was_early);
        for (int i = 0; i < 6; i++)
                drop(&jobs[i]);
        nothing_is_wanted();
}

static void what_was_left_is_wanted_again(void)
{
        struct job job = submit(&all.ada, "application/pdf");
        struct inspection inspection;
        struct work *lost[2], *work;
        struct work_order order;

        want_inspection(&job);
        work_abandon(begin(WORK_INSPECTION, &order));
        lost[0] = begin(WORK_INSPECTION, &order); /* its renderer is never heard of in time */
        nothing_is_wanted();
        assert(work_list_sweep(all.world.core, clock_unix_ms()) == 0);
        nothing_is_wanted();
        assert(work_list_sweep(all.world.core, clock_unix_ms() + all.world.settings.work_ms + 1000) == 0);
        lost[1] = begin(WORK_INSPECTION, &order);
        /* Nor is any of the next service's; a third time is the last. */
        assert(work_list_sweep(all.world.core, INT64_MAX) == 0);
        assert(work_begin(all.world.core, WORK_INSPECTION, all_formats, &order, &work) == CORE_DESTROYED);
        nothing_is_wanted();
        assert(inspection_find(all.world.core, &all.ada, job.id, &inspection) == 0);
        assert(inspection.state == INSPECTION_FAILED && strcmp(inspection.reason, "conversion-failed") == 0);
        work_abandon(lost[0]);
        work_abandon(lost[1]);
        nothing_is_wanted();
        drop(&job);
}

static void a_work_that_came_too_late_changes_nothing(void)
{
        struct job job = submit(&all.ada, "application/pdf");
        struct inspection inspection;
        struct work_order order;
        struct work *late, *work;

        want_inspection(&job);
        late = begin(WORK_INSPECTION, &order);
        assert(work_list_sweep(all.world.core, INT64_MAX) == 0);
        work = begin(WORK_INSPECTION, &order);
        answer(late, FRAME_FACTS, "pages=99\n");
        answer(late, FRAME_IMAGE, "another page");
        assert(work_commit(late) == 0);
        assert(inspection_find(all.world.core, &all.ada, job.id, &inspection) == 0);
        assert(inspection.state == INSPECTION_WAITING);
        /* Nor does one whose job is deleted meanwhile. */
        drop(&job);
        answer(work, FRAME_FACTS, "pages=3\n");
        answer(work, FRAME_IMAGE, "the first page");
        assert(work_commit(work) == 0);
        nothing_is_wanted();
}

static const struct {
        const char *name;
        enum frame_type type;
        const char *octets;
        int of_write, of_commit;
} bad_rows[] = {
        { "nothing at all", FRAME_END, "", 0, CORE_BAD_VALUE },
        { "no pages", FRAME_FACTS, "pages=0\n", 0, CORE_BAD_VALUE },
        { "no facts", FRAME_FACTS, "garbage", 0, CORE_BAD_VALUE },
        { "a document that nobody wants", FRAME_DOCUMENT, "octets", CORE_BAD_VALUE, CORE_BAD_VALUE },
};

static void nonsense_is_a_failure(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(bad_rows); i++) {
                struct job job = submit(&all.ada, "application/pdf");
                struct frame frame = { bad_rows[i].type, text_from(bad_rows[i].octets) };
                struct inspection inspection;
                struct work_order order;
                struct work *work;

                printf("%s\n", bad_rows[i].name);
                want_inspection(&job);
                work = begin(WORK_INSPECTION, &order);
                assert(work_write(work, &frame) == bad_rows[i].of_write);
                assert(work_commit(work) == bad_rows[i].of_commit);
                assert(inspection_find(all.world.core, &all.ada, job.id, &inspection) == 0);
                assert(inspection.state == INSPECTION_FAILED);
                drop(&job);
        }
}

static void read_preview(struct job *job, uint32_t page, uint32_t width, const char *wanted)
{
        struct preview *preview;
        char reason[CORE_WORDS], image[64];
        size_t length;

        assert(preview_open(all.world.core, &all.ada, job->id, page, width, 0, reason, &preview) == 0);
        assert(preview_size_octets(preview) == strlen(wanted));
        assert(preview_read(preview, image, sizeof(image), &length) == 0);
        assert(length == strlen(wanted) && memcmp(image, wanted, length) == 0);
        assert(preview_read(preview, image, sizeof(image), &length) == 0 && length == 0);
        preview_close(preview);
}

static void preview_page(struct job *job, uint32_t page, const char *octets)
{
        struct work_order order;
        struct preview *preview;
        struct work *work;
        char reason[CORE_WORDS];

        assert(preview_open(all.world.core, &all.ada, job->id, page, 800, 0, reason, &preview) == CORE_BUSY);
        assert(preview_open(all.world.core, &all.ada, job->id, page, 800, 0, reason, &preview) == CORE_BUSY);
        work = begin(WORK_PREVIEW, &order);
        assert(order.order.page == page && order.order.width == 800);
        answer(work, FRAME_IMAGE, octets);
        assert(work_commit(work) == 0);
        nothing_is_wanted();
        read_preview(job, page, 800, octets);
}

static void pages_are_looked_at_by_their_owner_alone(void)
{
        struct job job = submit(&all.ada, "application/pdf");
        struct preview *preview;
        struct work_order order;
        char reason[CORE_WORDS];
        struct core *core = all.world.core;

        want_inspection(&job);
        assert(preview_open(core, &all.ada, job.id, 1, RECIPE_PREVIEW_WIDTH, 0, reason, &preview) ==
               CORE_BUSY);
        inspect(NULL);
        read_preview(&job, 1, RECIPE_PREVIEW_WIDTH, "the first page");
        assert(preview_open(core, &all.grace, job.id, 1, 800, 0, reason, &preview) == CORE_NOT_FOUND);
        assert(preview_open(core, &all.world.admin, job.id, 1, 800, 0, reason, &preview) == CORE_NOT_FOUND);
        assert(preview_open(core, &all.ada, job.id, 4, 800, 0, reason, &preview) == CORE_NOT_FOUND);
        assert(preview_open(core, &all.ada, job.id, 0, 800, 0, reason, &preview) == CORE_BAD_VALUE);
        assert(preview_open(core, &all.ada, job.id, 1, 801, 0, reason, &preview) == CORE_BAD_VALUE);
        preview_page(&job, 2, "the second page");

        assert(preview_open(core, &all.ada, job.id, 3, 800, 0, reason, &preview) == CORE_BUSY);
        assert(work_fail(begin(WORK_PREVIEW, &order), TEXT_OF("conversion-too-large")) == 0);
        assert(preview_open(core, &all.ada, job.id, 3, 800, 0, reason, &preview) == CORE_BAD_FORMAT);
        assert(strcmp(reason, "conversion-too-large") == 0);
        drop(&job);
        assert(preview_open(core, &all.ada, job.id, 1, 240, 0, reason, &preview) == CORE_DESTROYED);
}

struct count {
        const char *sql;
        int64_t rows;
};

static int count_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct count *count = context;
        int r = db_one(tx, all.world.tenant.id, count->sql, DB_NONE, &rows);

        count->rows = db_rows_integer(&rows, 0);
        return r;
}

static int64_t count_rows(const char *sql)
{
        struct count count = { .sql = sql };

        assert(db_read(all.world.db, count_in, &count) == 0);
        return count.rows;
}

static void what_is_kept_of_a_job_has_an_end(void)
{
        struct job job = submit(&all.ada, "text/plain");
        char reason[CORE_WORDS];
        struct preview *preview;
        struct work_order order;

        want_inspection(&job);
        inspect("%PDF-");
        for (int i = 0; i < 2 * JOB_ARTEFACTS_MAX; i++) {
                uint32_t width = i % 2 ? 800 : 1600;
                uint32_t page = (uint32_t)(i / 2 % 3) + 1;
                int r = preview_open(all.world.core, &all.ada, job.id, page, width, 0, reason, &preview);

                if (r == CORE_BUSY) {
                        struct work *work = begin(WORK_PREVIEW, &order);

                        answer(work, FRAME_IMAGE, "an image");
                        assert(work_commit(work) == 0);
                } else {
                        preview_close(preview);
                }
        }
        assert(count_rows("SELECT count(*) FROM document WHERE tenant_id = ?1") <= JOB_ARTEFACTS_MAX);
        /* The PDF it was made into stays. */
        assert(count_rows("SELECT count(*) FROM rendition WHERE tenant_id = ?1 AND recipe = 'base'") == 1);
        drop(&job);
        assert(count_rows("SELECT count(*) FROM document WHERE tenant_id = ?1") == 0);
        assert(count_rows("SELECT count(*) FROM rendition WHERE tenant_id = ?1") == 0);
}

static void what_was_made_once_is_not_made_again(void)
{
        struct job job = submit(&all.ada, "text/plain");
        struct work_order order;
        struct work *work;
        char read[64];
        size_t length;

        want_inspection(&job);
        inspect("%PDF-1.4 of it");
        assert(release_one(&all.ada, &job) == 0);
        /* From the PDF that it was made into, not from what was sent. */
        work = begin(WORK_RENDITION, &order);
        assert(order.order.from == FORMAT_PDF);
        assert(work_read(work, read, sizeof(read), &length) == 0 && length == 14);
        answer(work, FRAME_DOCUMENT, "PCL XL");
        assert(work_commit(work) == 0);
        drop(&job);
        nothing_is_wanted();
}

int main(void)
{
        struct printer printer = {
                .name = "lab", .title = "Lab", .accepting = true, .format_count = 1, .address_count = 1
        };
        struct queue queue = { .name = "pull", .title = "Pull", .kind = QUEUE_PULL, .accepting = true };

        core_world_open(&all.world);
        all.ada = core_world_make_actor(&all.world, "ada@demo.example", ROLE_PERSON);
        all.grace = core_world_make_actor(&all.world, "grace@demo.example", ROLE_PERSON);
        text_copy(TEXT_OF("socket://localhost:1"), printer.addresses[0], sizeof(printer.addresses[0]));
        text_copy(TEXT_OF("application/vnd.hp-PCLXL"), printer.formats[0], sizeof(printer.formats[0]));
        assert(printer_make(all.world.core, &all.world.admin, &printer) == 0);
        assert(queue_make(all.world.core, &all.world.admin, all.world.tenant.id, &queue) == 0);
        all.printer = printer;
        all.queue = queue;

        who_waits_at_a_printer_comes_first();
        people_take_turns();
        what_was_left_is_wanted_again();
        a_work_that_came_too_late_changes_nothing();
        nonsense_is_a_failure();
        pages_are_looked_at_by_their_owner_alone();
        what_is_kept_of_a_job_has_an_end();
        what_was_made_once_is_not_made_again();
        core_world_close(&all.world);
        return 0;
}
