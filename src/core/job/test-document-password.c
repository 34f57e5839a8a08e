// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/document-password.h"

#include "base/scope.h"
#include "core/job/inspection.h"
#include "core/job/intake.h"
#include "core/printer/printer.h"
#include "core/release/release.h"
#include "core/test-world.h"
#include "core/rendering/work.h"

static struct {
        struct core_world world;
        struct actor ada, grace;
        struct printer printer;
        struct queue pull, direct;
} all;

static struct job submit(const struct queue *queue, const char *format, const char *password)
{
        struct intake_order order = { .queue = queue,
                                      .actor = &all.ada,
                                      .title = TEXT_OF("a letter"),
                                      .format = text_from(format),
                                      .password = text_from(password) };
        struct intake *intake;
        struct job job;

        assert(intake_open(all.world.core, &order, &intake) == 0);
        assert(intake_write(intake, TEXT_OF("%PDF-locked")) == 0);
        assert(intake_commit(intake, &job) == 0);
        return job;
}

static struct inspection inspection_of(const struct job *job)
{
        struct inspection inspection;

        assert(inspection_find(all.world.core, &all.ada, job->id, &inspection) == 0);
        return inspection;
}

static struct job look(const struct job *job)
{
        struct job found;

        assert(job_find(all.world.core, &all.ada, job->id, &found) == 0);
        return found;
}

/* What the renderer reads, from its first octet to its last. */
static struct work *begin(enum work_kind kind, const char *octets, size_t len, bool has_secret)
{
        struct work_order order;
        struct work *work;
        char read[128];
        size_t at = 0, length;

        assert(work_begin(all.world.core, WORK_INSPECTION, all_formats, &order, &work) == 0);
        assert(order.kind == kind && order.order.has_secret == has_secret && order.size_octets == len);
        do {
                assert(work_read(work, read + at, 5, &length) == 0);
                at += length;
        } while (length);
        assert(at == len && memcmp(read, octets, len) == 0);
        return work;
}
#define BEGIN(kind, octets, has_secret) begin(kind, octets, sizeof(octets) - 1, has_secret)

static void answer(struct work *work, enum frame_type type, const char *octets)
{
        struct frame frame = { type, text_from(octets) };

        assert(work_write(work, &frame) == 0);
}

static void open_it(struct work *work)
{
        answer(work, FRAME_FACTS, "pages=1\n");
        answer(work, FRAME_BASE, "%PDF-open");
        answer(work, FRAME_IMAGE, "the first page");
        assert(work_commit(work) == 0);
}

static void nothing_is_wanted(void)
{
        struct work_order order;
        struct work *work;

        assert(work_begin(all.world.core, WORK_INSPECTION, all_formats, &order, &work) == CORE_NOTHING_HELD);
}

static bool is_kept(const struct job *job)
{
        SCOPED(unwritten_secret_done) struct unwritten_secret secret;

        return unwritten_find(all.world.core->document_passwords, job->id, &secret);
}

static int release_it(const struct job *job)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct release_order order = { .printer = all.printer.id,
                                       .method = RELEASE_API,
                                       .selection = RELEASE_LISTED,
                                       .jobs = &job->id,
                                       .job_count = 1 };
        struct release made;

        return release(all.world.core, &all.ada, &order, arena, &made);
}

static void drop(const struct job *job)
{
        assert(job_delete(all.world.core, &all.ada, job->id) == 0);
        nothing_is_wanted();
}

static int64_t artefact_under_way(void)
{
        return core_world_number(
                &all.world, "SELECT artefact FROM delivery WHERE tenant_id = ?1 AND state = 'requested'");
}

static void a_document_is_opened_once(void)
{
        struct job job = submit(&all.pull, "application/pdf", "secret");

        assert(is_kept(&job));
        open_it(BEGIN(WORK_INSPECTION, "\0\6secret%PDF-locked", true));
        assert(!is_kept(&job));
        assert(inspection_of(&job).state == INSPECTION_DONE && inspection_of(&job).base);
        /* The printer takes PDF, and gets the one that needs no password. */
        assert(release_it(&job) == 0);
        assert(artefact_under_way() == inspection_of(&job).base);
        drop(&job);
}

static void who_releases_at_once_waits_for_it(void)
{
        struct job job = submit(&all.pull, "application/pdf", "secret");
        struct work *work;

        assert(release_it(&job) == 0);
        work = BEGIN(WORK_RENDITION, "\0\6secret%PDF-locked", true);
        answer(work, FRAME_FACTS, "pages=1\n");
        answer(work, FRAME_DOCUMENT, "%PDF-open");
        assert(artefact_under_way() == 0);
        assert(work_commit(work) == 0);
        assert(artefact_under_way() > 0);
        open_it(BEGIN(WORK_INSPECTION, "\0\6secret%PDF-locked", true));
        drop(&job);

        /* Opened meanwhile: the password is gone, and nobody needs it. */
        job = submit(&all.pull, "application/pdf", "secret");
        work = BEGIN(WORK_INSPECTION, "\0\6secret%PDF-locked", true);
        assert(release_it(&job) == 0);
        open_it(work);
        work_abandon(BEGIN(WORK_RENDITION, "%PDF-open", false));
        drop(&job);
}

static void a_wrong_one_can_be_given_again(void)
{
        struct job job = submit(&all.pull, "application/pdf", "wrong");

        assert(work_fail(BEGIN(WORK_INSPECTION, "\0\5wrong%PDF-locked", true),
                         TEXT_OF("document-password-error")) == 0);
        assert(!is_kept(&job));
        assert(strcmp(inspection_of(&job).reason, "document-password-error") == 0);
        assert(look(&job).state == JOB_HELD && strcmp(look(&job).reason, "document-password-error") == 0);
        assert(release_it(&job) == CORE_PASSWORD_NEEDED);
        assert(document_password_give(all.world.core, &all.grace, job.id, TEXT_OF("secret")) ==
               CORE_NOT_FOUND);
        assert(document_password_give(all.world.core, &all.world.admin, job.id, TEXT_OF("secret")) ==
               CORE_NOT_FOUND);
        assert(document_password_give(all.world.core, &all.ada, job.id, TEXT_OF("")) == CORE_BAD_VALUE);
        assert(document_password_give(all.world.core, &all.ada, job.id, TEXT_OF("sec\0ret")) ==
               CORE_BAD_VALUE);
        assert(!is_kept(&job));
        assert(document_password_give(all.world.core, &all.ada, job.id, TEXT_OF("secret")) == 0);
        assert(look(&job).reason[0] == 0);
        open_it(BEGIN(WORK_INSPECTION, "\0\6secret%PDF-locked", true));
        assert(document_password_give(all.world.core, &all.ada, job.id, TEXT_OF("secret")) == CORE_NOT_ASKED);
        assert(release_it(&job) == 0);
        assert(document_password_give(all.world.core, &all.ada, job.id, TEXT_OF("secret")) == CORE_NOT_HELD);
        drop(&job);
}

static void one_that_is_missing_is_asked_for(void)
{
        struct job job = submit(&all.pull, "application/pdf", "");
        struct work *late;

        assert(work_fail(BEGIN(WORK_INSPECTION, "%PDF-locked", false), TEXT_OF("document-password-error")) ==
               0);
        assert(strcmp(look(&job).reason, "document-password-needed") == 0);
        assert(release_it(&job) == CORE_PASSWORD_NEEDED);
        drop(&job);

        /* Given while it is looked into without one: that look does not count. */
        job = submit(&all.pull, "application/pdf", "");
        late = BEGIN(WORK_INSPECTION, "%PDF-locked", false);
        assert(document_password_give(all.world.core, &all.ada, job.id, TEXT_OF("secret")) == 0);
        assert(work_fail(late, TEXT_OF("document-password-error")) == 0);
        assert(inspection_of(&job).state == INSPECTION_WAITING && look(&job).reason[0] == 0);
        open_it(BEGIN(WORK_INSPECTION, "\0\6secret%PDF-locked", true));
        drop(&job);
}

static void a_restart_forgets_it(void)
{
        struct job job = submit(&all.pull, "application/pdf", "secret");
        struct work_order order;
        struct work *work;

        core_world_restart(&all.world);
        assert(!is_kept(&job));
        assert(work_begin(all.world.core, WORK_INSPECTION, all_formats, &order, &work) == CORE_DESTROYED);
        assert(strcmp(look(&job).reason, "document-password-needed") == 0);
        assert(document_password_give(all.world.core, &all.ada, job.id, TEXT_OF("secret")) == 0);
        open_it(BEGIN(WORK_INSPECTION, "\0\6secret%PDF-locked", true));
        drop(&job);
}

static void who_prints_at_once_hears_that_it_is_over(void)
{
        struct job job = submit(&all.direct, "application/pdf", "wrong");

        assert(look(&job).state == JOB_RELEASING);
        assert(work_fail(BEGIN(WORK_RENDITION, "\0\5wrong%PDF-locked", true),
                         TEXT_OF("document-password-error")) == 0);
        assert(look(&job).state == JOB_DELETED);
        assert(strcmp(look(&job).reason, "document-password-error") == 0);
        assert(inspection_of(&job).state == INSPECTION_FAILED && !is_kept(&job));
        nothing_is_wanted();
        assert(core_world_number(&all.world, "SELECT count(*) FROM document WHERE tenant_id = ?1") == 0);
}

static void what_is_no_pdf_needs_none(void)
{
        struct job job = submit(&all.pull, "text/plain", "secret");

        assert(!is_kept(&job));
        work_abandon(BEGIN(WORK_INSPECTION, "%PDF-locked", false));
        assert(document_password_give(all.world.core, &all.ada, job.id, TEXT_OF("secret")) == CORE_NOT_ASKED);
        drop(&job);
}

int main(void)
{
        struct printer printer = {
                .name = "lab", .title = "Lab", .accepting = true, .format_count = 1, .address_count = 1
        };
        struct queue pull = { .name = "pull", .title = "Pull", .kind = QUEUE_PULL, .accepting = true };
        struct queue direct = {
                .name = "direct", .title = "Direct", .kind = QUEUE_DIRECT, .accepting = true
        };

        all.world.settings = core_world_settings();
        all.world.settings.inspects = true;
        core_world_open(&all.world);
        all.ada = core_world_make_actor(&all.world, "ada@demo.example", ROLE_PERSON);
        all.grace = core_world_make_actor(&all.world, "grace@demo.example", ROLE_PERSON);
        text_copy(TEXT_OF("ipp://localhost:1/ipp/print"), printer.addresses[0], sizeof(printer.addresses[0]));
        text_copy(TEXT_OF("application/pdf"), printer.formats[0], sizeof(printer.formats[0]));
        assert(printer_make(all.world.core, &all.world.admin, &printer) == 0);
        direct.printer = printer.id;
        assert(queue_make(all.world.core, &all.world.admin, all.world.tenant.id, &pull) == 0);
        assert(queue_make(all.world.core, &all.world.admin, all.world.tenant.id, &direct) == 0);
        all.printer = printer;
        all.pull = pull;
        all.direct = direct;

        a_document_is_opened_once();
        who_releases_at_once_waits_for_it();
        a_wrong_one_can_be_given_again();
        one_that_is_missing_is_asked_for();
        a_restart_forgets_it();
        who_prints_at_once_hears_that_it_is_over();
        what_is_no_pdf_needs_none();
        core_world_close(&all.world);
        return 0;
}
