// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/live.h"
#include "core/rendering/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/facts.h"
#include "core/job/artefact.h"
#include "core/job/inspection.h"
#include "core/job/queue.h"
#include "core/job/recipe.h"
#include "core/state.h"

#define ATTEMPTS_MAX 3 /* one that was begun so often and never ended takes its renderer with it */

#define WORK_PARTS   2

struct work {
        struct core *core;
        const struct tenant_entry *entry;
        struct work_row row;
        struct order order;
        struct document source;
        uint32_t first_artefact; /* of those that this work may make */
        struct artefact_reader *reader;
        struct work_part {
                bool is_begun, is_finished;
                struct artefact_writer writer;
        } parts[WORK_PARTS];
        struct buffer facts_lines;
        struct facts facts;
        struct work_lead {
                size_t length, at;
                char octets[2 + UNWRITTEN_OCTETS];
        } lead; /* the document's password, which is read before it */
};

static void part_drop(struct work *work, struct work_part *part)
{
        struct places unused = { .count = 1 };

        if (part->is_begun)
                artefact_abort(&part->writer);
        if (part->is_finished) {
                unused.at[0] = part->writer.document.place;
                places_free(work->core, &unused);
        }
        part->is_begun = part->is_finished = false;
}

static void work_free(struct work *work)
{
        if (!work)
                return;
        for (size_t i = 0; i < WORK_PARTS; i++)
                part_drop(work, &work->parts[i]);
        artefact_close(work->reader);
        buffer_done(&work->facts_lines);
        explicit_bzero(&work->lead, sizeof(work->lead));
        free(work);
}

static void work_freep(struct work **work)
{
        work_free(*work);
}

struct settle {
        struct work *work;
        const char *reason; /* of a failure */
        struct places places;
        struct id agent;
        bool is_gone;                  /* the job was deleted meanwhile, or another attempt has begun */
        bool is_wanted;                /* by a delivery */
        struct direct_release counted; /* of an inspection that did happen */
};

/* The delivery that waits for just this. DB_NO_ROW. */
static int find_delivery(struct db_tx *tx, const struct work_row *row, struct delivery_row *ret)
{
        struct id delivery;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(
                        tx, row->tenant,
                        "SELECT id FROM delivery WHERE tenant_id = ?1 AND job_id = ?2 AND state = 'requested'"
                        " AND artefact = 0 AND recipe = ?3",
                        DB_VALUES(db_id(&row->job), db_string(row->recipe)), &rows);
                if (r)
                        return r;
                delivery = db_rows_id(&rows, 0);
        }
        return delivery_row_find(tx, row->tenant, delivery, ret);
}

static int is_direct(struct db_tx *tx, struct id tenant, const struct job_row *job, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant, "SELECT kind FROM queue WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&job->queue)), &rows);
        *ret = r == 0 && db_rows_integer(&rows, 0) == QUEUE_DIRECT && !job->ticket.hold;
        return r == DB_NO_ROW ? 0 : fold(r);
}

/* Who prints at once waits for nothing that could be given later: the job is over, and says why. */
static int end_locked(struct db_tx *tx, struct settle *settle)
{
        const struct work_row *row = &settle->work->row;
        struct job_row job;
        bool direct;
        int r;

        r = job_row_find(tx, row->tenant, row->job, &job);
        if (r || job.state != JOB_HELD)
                return fold(r);
        r = is_direct(tx, row->tenant, &job, &direct);
        if (r || !direct)
                return r;
        r = inspection_fail(tx, row->tenant, row->job, settle->reason);
        return r ? r
                 : job_row_end(settle->work->core, tx, row->tenant, &job, JOB_DELETED, settle->reason,
                               &settle->places);
}

static int fail_delivery(struct db_tx *tx, struct settle *settle)
{
        const struct work_row *row = &settle->work->row;
        struct delivery_row delivery;
        int r;

        r = work_row_delete(tx, row);
        if (r)
                return r;
        r = find_delivery(tx, row, &delivery);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        r = delivery_row_return(settle->work->core, tx, row->tenant, &delivery, settle->reason);
        return r || !document_password_is_reason(settle->reason) ? r : end_locked(tx, settle);
}

static int fail_in(struct db_tx *tx, void *context)
{
        struct settle *settle = context;
        const struct work_row *row = &settle->work->row;
        int r;

        settle->places.count = 0;
        r = work_row_check(tx, row);
        settle->is_gone = r == DB_NO_ROW;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        switch (row->kind) {
        case WORK_RENDITION: return fail_delivery(tx, settle);
        case WORK_PREVIEW: return work_row_return(tx, row, settle->reason);
        default:
                r = inspection_fail(tx, row->tenant, row->job, settle->reason);
                if (r == 0)
                        r = work_row_delete(tx, row);
                return r || row->kind != WORK_INSPECTION
                               ? r
                               : release_counted(settle->work->core, tx, row->tenant, row->job,
                                                 &settle->counted);
        }
}

/* What waited for its pages to be counted goes on. */
static void wake_for_counted(const struct settle *settle)
{
        const struct work *work = settle->work;

        if (work->row.kind != WORK_INSPECTION || settle->counted.is_left)
                return;
        work->core->jobs_released++;
        if (settle->counted.wants_render)
                work_wake(work->core);
        else
                wake_agent(work->core, work->row.tenant, settle->counted.agent, "delivery");
}

int work_fail(struct work *work, struct text reason)
{
        SCOPED(work_freep) struct work *owned = work;
        char word[CORE_WORDS];
        struct settle settle = { .work = owned, .reason = word };
        int r;

        if (!text_is_name(reason) || !text_copy(reason, word, sizeof(word)))
                text_copy(text_from("conversion-failed"), word, sizeof(word));
        /* The renderer knows that a password is missing, and not whether it had one. */
        if (strcmp(word, DOCUMENT_PASSWORD_WRONG) == 0 && !owned->order.has_secret)
                text_copy(text_from(DOCUMENT_PASSWORD_NEEDED), word, sizeof(word));
        r = db_write(owned->core->db, fail_in, &settle);
        if (r == 0)
                places_free(owned->core, &settle.places);
        if (r == 0 && !settle.is_gone)
                wake_for_counted(&settle);
        if (r == 0 && !settle.is_gone && document_password_is_reason(word))
                unwritten_forget(owned->core->document_passwords, owned->row.job);
        work_ended(owned->core);
        return r;
}

static int return_in(struct db_tx *tx, void *context)
{
        const struct work *work = context;
        int r;

        r = work_row_check(tx, &work->row);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        return work_row_return(tx, &work->row, NULL);
}

void work_abandon(struct work *work)
{
        SCOPED(work_freep) struct work *owned = work;
        int r;

        if (!owned)
                return;
        r = db_write(owned->core->db, return_in, owned);
        /* Its lease ends by itself as well. */
        if (r < 0)
                log_fault("work-not-returned", r);
}

/* A PDF made of what is none, or of one that opens only with its password, has a number of its own. */
static int find_source(struct db_tx *tx, struct work *work)
{
        const struct work_row *row = &work->row;
        struct inspection inspection = { .base = 0 };
        int r = 0;

        if (work->order.from == FORMAT_PDF)
                r = inspection_row_find(tx, row->tenant, row->job, &inspection);
        if (r && r != DB_NO_ROW)
                return r;
        if (inspection.state == INSPECTION_DONE)
                work->order.has_secret = false;
        if (inspection.base)
                return document_find(tx, row->tenant, row->job, inspection.base, &work->source);
        r = document_find(tx, row->tenant, row->job, KEYS_ORIGINAL, &work->source);
        if (r || format_from_media_type(text_from(work->source.format)) == work->order.from)
                return r;
        return DB_NO_ROW;
}

/* False where the password is not there any more. */
static bool read_lead(struct work *work)
{
        SCOPED(unwritten_secret_done) struct unwritten_secret secret = { 0 };
        struct work_lead *lead = &work->lead;

        if (!work->order.has_secret)
                return true;
        if (!unwritten_find(work->core->document_passwords, work->row.job, &secret))
                return false;
        lead->octets[0] = (char)(secret.length >> 8);
        lead->octets[1] = (char)secret.length;
        memcpy(lead->octets + 2, secret.octets, secret.length);
        lead->length = secret.length + 2;
        return true;
}

static int take_numbers(struct db_tx *tx, struct work *work)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_run(tx, work->row.tenant,
                   "UPDATE job SET artefacts = artefacts + ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&work->row.job), db_integer(WORK_PARTS)), NULL);
        if (r == 0)
                r = db_one(tx, work->row.tenant, "SELECT artefacts FROM job WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&work->row.job)), &rows);
        if (r)
                return fold(r);
        work->first_artefact = (uint32_t)db_rows_integer(&rows, 0) - WORK_PARTS + 1;
        return 0;
}

struct begin {
        struct work *work;
        struct work_wish wish;
        const char *reason; /* why it cannot be done */
};

static int begin_in(struct db_tx *tx, void *context)
{
        struct begin *begin = context;
        struct work *work = begin->work;
        int r;

        begin->reason = NULL;
        r = work_lease(work->core, tx, &begin->wish, clock_unix_ms() + work->core->settings.work_ms,
                       &work->row);
        if (r)
                return r;
        if (order_line_parse(text_from(work->row.recipe), &work->order))
                return fault(-EBADMSG);
        r = find_source(tx, work);
        if (r == DB_NO_ROW)
                begin->reason = "document-destroyed";
        else if (r)
                return fold(r);
        else if (!read_lead(work))
                begin->reason = DOCUMENT_PASSWORD_NEEDED;
        if (work->row.attempts > ATTEMPTS_MAX)
                begin->reason = "conversion-failed";
        return take_numbers(tx, work);
}

static int open_source(struct work *work)
{
        int r;

        r = tenant_entry_get(work->core, work->row.tenant, &work->entry);
        if (r)
                return r;
        return artefact_open(work->core, work->entry, work->row.tenant, &work->source,
                             work->row.kind == WORK_PREVIEW ? KEYS_FOR_PREVIEW : KEYS_FOR_RENDER,
                             &work->reader);
}

/* CORE_DESTROYED after it is ended for that reason. */
static int end(struct work *work, const char *reason)
{
        int r = work_fail(work, text_from(reason));

        return r ? r : CORE_DESTROYED;
}

int work_begin(struct core *core, enum work_kind least_urgent, struct format_set sources,
               struct work_order *ret_order, struct work **ret)
{
        char words[FORMAT_SET_STRING];
        SCOPED(work_freep) struct work *work = calloc(1, sizeof(*work));
        struct begin begin = { work, { least_urgent, words }, NULL };
        int r;

        if (!work)
                return fault(-ENOMEM);
        work->core = core;
        buffer_init(&work->facts_lines, FACTS_OCTETS_MAX);
        format_set_format(sources, words);
        /* Looks before it writes, so that an idle service does not flush. */
        r = work_list_look(core, &begin.wish);
        if (r == 0)
                r = db_write(core->db, begin_in, &begin);
        if (r)
                return r;
        if (begin.reason)
                return end(take(work), begin.reason);
        r = open_source(work);
        if (r == CORE_DESTROYED)
                return end(take(work), "document-destroyed");
        if (r) {
                work_abandon(take(work));
                return r;
        }
        *ret_order = (struct work_order){ .id = work->row.id,
                                          .kind = work->row.kind,
                                          .order = work->order,
                                          .size_octets = work->lead.length + work->source.size_octets };
        *ret = take(work);
        return 0;
}

int work_read(struct work *work, void *to, size_t size, size_t *ret_length)
{
        struct work_lead *lead = &work->lead;

        if (lead->at < lead->length) {
                *ret_length = lead->length - lead->at < size ? lead->length - lead->at : size;
                memcpy(to, lead->octets + lead->at, *ret_length);
                lead->at += *ret_length;
                return 0;
        }
        return artefact_read(work->reader, to, size, ret_length);
}

/* Which part a frame belongs to; WORK_PARTS where this work has no use for it. */
static size_t part_of(const struct work *work, enum frame_type type)
{
        switch (work->row.kind) {
        case WORK_RENDITION: return type == FRAME_DOCUMENT ? 0 : WORK_PARTS;
        case WORK_PREVIEW: return type == FRAME_IMAGE ? 0 : WORK_PARTS;
        default: return type == FRAME_BASE ? 0 : type == FRAME_IMAGE ? 1 : WORK_PARTS;
        }
}

static const char *format_of(const struct work *work, enum frame_type type)
{
        switch (type) {
        case FRAME_BASE: return format_media_type(FORMAT_PDF);
        case FRAME_IMAGE: return format_media_type(FORMAT_JPEG);
        default: return format_media_type(work->order.to);
        }
}

static int part_begin(struct work *work, size_t number, enum frame_type type)
{
        struct work_part *part = &work->parts[number];
        struct document *document = &part->writer.document;
        int64_t tomorrow = clock_day(clock_unix_ms()) + 1;

        document->job = work->row.job;
        document->artefact = work->first_artefact + (uint32_t)number;
        /* A job released on its last day can be rendered after midnight. */
        document->expiry_day = work->source.expiry_day > tomorrow ? work->source.expiry_day : tomorrow;
        if (!text_copy(text_from(format_of(work, type)), document->format, sizeof(document->format)))
                return fault(-EMSGSIZE);
        part->is_begun = true;
        return artefact_begin(work->core, work->entry, work->row.tenant, &part->writer);
}

int work_write(struct work *work, const struct frame *frame)
{
        size_t number = part_of(work, frame->type);
        int r = 0;

        if (frame->type == FRAME_END)
                return 0;
        if (frame->type == FRAME_FACTS) {
                buffer_add_text(&work->facts_lines, frame->octets);
                return work->facts_lines.failure ? CORE_BAD_VALUE : 0;
        }
        if (number == WORK_PARTS)
                return CORE_BAD_VALUE;
        if (!work->parts[number].is_begun)
                r = part_begin(work, number, frame->type);
        return r ? r : artefact_write(&work->parts[number].writer, frame->octets);
}

/* Whether all is there that this work is for. */
static bool is_whole(struct work *work)
{
        bool needs_first = work->row.kind != WORK_INSPECTION || work->order.from != FORMAT_PDF;

        if (facts_parse(buffer_text(&work->facts_lines), &work->facts))
                return false;
        if (work->row.kind == WORK_INSPECTION && !work->facts.pages)
                return false;
        return !needs_first || work->parts[0].is_begun;
}

static int finish_parts(struct work *work)
{
        for (size_t i = 0; i < WORK_PARTS; i++) {
                struct work_part *part = &work->parts[i];
                int r = part->is_begun ? artefact_finish(&part->writer) : 0;

                if (r)
                        return r;
                part->is_finished = part->is_begun;
        }
        return 0;
}

static int give_to_delivery(struct db_tx *tx, struct settle *settle)
{
        const struct work *work = settle->work;
        const struct document *made = &work->parts[0].writer.document;
        struct delivery_row delivery;
        struct printer printer;
        int r;

        r = find_delivery(tx, &work->row, &delivery);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        r = db_run(tx, work->row.tenant, "UPDATE delivery SET artefact = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&delivery.id), db_integer(made->artefact)), NULL);
        if (r == 0)
                r = printer_find_in(tx, work->row.tenant, delivery.printer, &printer);
        if (r)
                return fold(r);
        settle->agent = printer.agent;
        settle->is_wanted = true;
        return event_add(tx, work->row.tenant, NULL, "rendition-made", made->job, made->format);
}

/* Under which recipe a part is found again. */
static void recipe_of(const struct work *work, size_t number, char ret[ORDER_LINE])
{
        if (work->row.kind != WORK_INSPECTION)
                memcpy(ret, work->row.recipe, ORDER_LINE);
        else if (number == 0)
                memcpy(ret, INSPECTION_BASE, sizeof(INSPECTION_BASE));
        else
                recipe_preview(1, RECIPE_PREVIEW_WIDTH, ret);
}

static int insert_parts(struct db_tx *tx, struct settle *settle)
{
        const struct work *work = settle->work;

        for (size_t i = 0; i < WORK_PARTS; i++) {
                char recipe[ORDER_LINE];
                int r;

                if (!work->parts[i].is_finished)
                        continue;
                recipe_of(work, i, recipe);
                r = rendition_insert(tx, work->row.tenant, &work->parts[i].writer.document, recipe,
                                     work->facts.pages, &settle->places);
                if (r)
                        return r;
        }
        return 0;
}

static int commit_in(struct db_tx *tx, void *context)
{
        struct settle *settle = context;
        const struct work *work = settle->work;
        int r;

        settle->is_gone = settle->is_wanted = false;
        settle->places.count = 0;
        r = work_row_check(tx, &work->row);
        if (r) {
                settle->is_gone = r == DB_NO_ROW;
                return r == DB_NO_ROW ? 0 : fold(r);
        }
        r = insert_parts(tx, settle);
        if (r == 0)
                r = work_row_delete(tx, &work->row);
        if (r == 0 && work->row.kind == WORK_RENDITION)
                r = give_to_delivery(tx, settle);
        if (r == 0 && work->row.kind == WORK_INSPECTION)
                r = inspection_done(work->core, tx, work->entry, &work->row, &work->facts,
                                    buffer_text(&work->facts_lines),
                                    work->parts[0].is_finished ? work->first_artefact : 0);
        if (r == 0 && work->row.kind == WORK_INSPECTION)
                r = release_counted(work->core, tx, work->row.tenant, work->row.job, &settle->counted);
        if (r == 0 && work->row.kind != WORK_RENDITION)
                r = live_job(tx, work->row.tenant, work->row.job,
                             work->row.kind == WORK_INSPECTION ? "job-inspected" : "job-drawn");
        return r;
}

static void keep_parts(struct work *work)
{
        for (size_t i = 0; i < WORK_PARTS; i++) {
                struct work_part *part = &work->parts[i];

                if (part->is_finished)
                        vault_kept(work->core->vault, &part->writer.document.place);
                part->is_finished = false;
        }
}

int work_commit(struct work *work)
{
        SCOPED(work_freep) struct work *owned = work;
        struct settle settle = { .work = owned };
        struct core *core = owned->core;
        int r;

        if (!is_whole(owned)) {
                r = work_fail(take(owned), TEXT_OF("conversion-failed"));
                return r ? r : CORE_BAD_VALUE;
        }
        r = finish_parts(owned);
        if (r == 0)
                r = db_write(core->db, commit_in, &settle);
        if (r) {
                work_abandon(take(owned));
                return r;
        }
        if (settle.is_gone)
                return 0;
        keep_parts(owned);
        places_free(core, &settle.places);
        if (owned->row.kind == WORK_INSPECTION && owned->order.has_secret)
                unwritten_forget(core->document_passwords, owned->row.job);
        wake_for_counted(&settle);
        if (settle.is_wanted)
                wake_agent(core, owned->row.tenant, settle.agent, "delivery");
        work_ended(core);
        return 0;
}
