// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/artefact.h"
#include "core/job/document-password.h"
#include "core/printer/printer-people.h"
#include "core/release/release.h"
#include "core/release/settle.h"
#include "core/state.h"
#include "core/job/stay.h"
#include "crypt/hash.h"

/* How often a long upload says that its RECEIVING job is still being received. */
#define RECEIVING_TOUCH_MS 60000
#define KEY_KEEP_MS        (5LL * 86400000)

struct intake {
        struct core *core;
        const struct tenant_entry *entry;
        struct queue queue;
        struct actor actor;
        char title[CORE_TITLE];
        struct ticket ticket;
        bool release_now;
        bool is_released;
        struct home_release released; /* of one that is */
        struct actor agent;
        struct accounting accounting;
        struct unwritten_secret password; /* length 0: none */
        bool has_key;
        int64_t key_keep_ms;
        bool is_same_by_contents;
        int64_t sent_ms;
        uint8_t key[HASH_OCTETS];
        bool is_created; /* job_create() has made its row */
        int64_t touched_ms;
        int64_t created_ms;
        int64_t expires_ms;
        const struct stay_order *stay; /* NULL: the document comes here */
        struct sha256 contents;
        struct artefact_writer artefact;
};

/* Cut at a character's border, so that what remains is UTF-8 still. */
static void copy_title(struct text title, char to[CORE_TITLE])
{
        if (title.len == 0 || !text_is_printable(title))
                title = TEXT_OF("untitled");
        if (title.len >= CORE_TITLE) {
                title.len = CORE_TITLE - 1;
                while (title.len > 0 && ((unsigned char)title.at[title.len] & 0xc0) == 0x80)
                        title.len--;
        }
        memcpy(to, title.at, title.len);
        to[title.len] = 0;
}

static void intake_free(struct intake *intake)
{
        artefact_abort(&intake->artefact);
        sha256_done(&intake->contents);
        unwritten_secret_done(&intake->password);
        free(intake);
}

void intake_abort(struct intake *intake)
{
        if (intake)
                intake_free(intake);
}

void intake_abortp(struct intake **intake)
{
        intake_abort(*intake);
}

struct insert {
        struct core *core;
        const struct tenant_entry *entry;
        const struct actor *actor;
        const struct queue *queue;
        const char *title;
        const struct ticket *ticket;
        const struct accounting *accounting; /* may be NULL */
        const char *format;
        uint64_t size_octets;
        struct id id;
        enum job_state state;
        int64_t created_ms;
        int64_t expires_ms;
        uint32_t number;
};

static int insert_job(struct db_tx *tx, struct insert *insert)
{
        SCOPED(buffer_done) struct buffer title = BUFFER(4096);
        struct id tenant = insert->actor->tenant;
        char ticket[TICKET_TEXT];
        int r;

        job_seal_title(insert->core, insert->entry, insert->id, text_from(insert->title), &title, &r);
        if (r)
                return r;
        ticket_format(insert->ticket, ticket, sizeof(ticket));
        r = job_row_count(insert->core, tx, tenant, insert->actor->id, insert->queue->id);
        if (r)
                return r;
        r = tenant_count_job(insert->core, tx, tenant, &insert->number);
        if (r)
                return r;
        r = db_run(
                tx, tenant,
                "INSERT INTO job (tenant_id, id, number, queue_id, owner_id, state, reason, title, format, size_octets,"
                " ticket, created_ms, expires_ms, processing_ms, done_ms, printer_id)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?8, ?9, ?10, ?11, ?12, 0, 0, ?13)",
                DB_VALUES(db_id(&insert->id), db_integer(insert->number), db_id(&insert->queue->id),
                          db_id(&insert->actor->id), db_string(job_state_name(insert->state)),
                          db_octets(title.at, title.len), db_string(insert->format),
                          db_integer((int64_t)insert->size_octets), db_string(ticket),
                          db_integer(insert->created_ms), db_integer(insert->expires_ms),
                          insert->queue->kind == QUEUE_SECURE ? db_id(&insert->queue->printer) : db_null()),
                NULL);
        if (r)
                return fold(r);
        r = insert->accounting ? accounting_keep_for(insert->core, tx, tenant, insert->id, insert->actor->id,
                                                     insert->accounting)
                               : 0;
        if (r)
                return r;
        return trace_transition(insert->core, tx, "job", insert->id, "none", job_state_name(insert->state),
                                "submitted", 0);
}

static int may_submit(struct core *core, const struct intake_order *order)
{
        int r;

        if (!actor_may(order->actor, RIGHT_SUBMIT, whose_person(order->actor->id)) ||
            !id_equal(order->actor->tenant, order->queue->tenant))
                return CORE_FORBIDDEN;
        if (!ticket_is_valid(&order->ticket) ||
            (order->accounting && !accounting_is_valid(order->accounting)) ||
            (order->password.len && !document_password_is_possible(order->password)))
                return CORE_BAD_VALUE;
        if (order->released)
                return 0;
        if (order->release_now && order->queue->kind == QUEUE_PULL)
                return CORE_BAD_VALUE;
        if (order->release_now && !actor_may(order->actor, RIGHT_RELEASE, whose_person(order->actor->id)))
                return CORE_FORBIDDEN;
        if (!order->queue->accepting)
                return CORE_NOT_ACCEPTING;
        if (order->queue->documents == DOCUMENTS_SITE && !order->is_at_site && !order->stay)
                return CORE_SITE_ONLY;
        r = machine_check_queue(core, order->actor, order->queue->id);
        if (r == 0)
                r = printer_check_submit(core, order->actor, order->queue);
        return r ? r
                 : tenant_admits(core, order->actor->tenant, ACCESS_SUBMIT, text_from(order->actor->source));
}

static int create(struct db_tx *tx, void *context)
{
        struct insert *insert = context;
        int r;

        r = insert_job(tx, insert);
        if (r)
                return r;
        return event_add(tx, insert->actor->tenant, insert->actor, "job-created", insert->id, "");
}

int job_create(struct core *core, const struct intake_order *order, struct job *ret)
{
        struct insert insert = { .core = core,
                                 .actor = order->actor,
                                 .queue = order->queue,
                                 .ticket = &order->ticket,
                                 .accounting = order->accounting,
                                 .format = "",
                                 .id = id_new(),
                                 .state = JOB_RECEIVING,
                                 .created_ms = clock_unix_ms() };
        char title[CORE_TITLE];
        int r;

        r = may_submit(core, order);
        if (r)
                return r;
        r = tenant_entry_get(core, order->actor->tenant, &insert.entry);
        if (r)
                return r;
        copy_title(order->title, title);
        insert.title = title;
        insert.expires_ms = insert.created_ms + core->settings.receiving_ms;
        r = db_write(core->db, create, &insert);
        if (r)
                return r;
        return fold(job_find(core, order->actor, insert.id, ret));
}

/* The time a document may stay, and the day whose key it gets. */
static int set_times(struct intake *intake)
{
        struct tenant tenant;
        int r;

        r = tenant_find_by_id(intake->core, intake->actor.tenant, &tenant);
        if (r)
                return fold(r);
        intake->created_ms = clock_unix_ms();
        intake->expires_ms = intake->created_ms + tenant.held_ms;
        intake->artefact.document.expiry_day = clock_day(intake->expires_ms);
        return 0;
}

/* Keeps the sweeper from rejecting a job whose document is arriving. */
static int touch(struct db_tx *tx, void *context)
{
        struct intake *intake = context;
        int64_t changed;
        int r;

        r = db_run(
                tx, intake->actor.tenant,
                "UPDATE job SET expires_ms = ?4 WHERE tenant_id = ?1 AND id = ?2 AND owner_id = ?3 AND state = 'receiving'",
                DB_VALUES(db_id(&intake->artefact.document.job), db_id(&intake->actor.id),
                          db_integer(clock_unix_ms() + intake->core->settings.receiving_ms)),
                &changed);
        if (r)
                return fold(r);
        return changed ? 0 : CORE_NOT_FOUND;
}

static int take_up(struct intake *intake, const struct intake_order *order)
{
        struct job job;
        int r;

        r = job_find(intake->core, order->actor, order->job, &job);
        if (r)
                return r;
        if (job.state != JOB_RECEIVING)
                return CORE_NOT_HELD;
        if (!id_equal(job.owner, order->actor->id) || !id_equal(job.queue, order->queue->id))
                return CORE_NOT_FOUND;
        intake->is_created = true;
        intake->artefact.document.job = job.id;
        intake->touched_ms = clock_monotonic_ms();
        return db_write(intake->core->db, touch, intake);
}

static int open_in(struct intake *intake, const struct intake_order *order)
{
        int r;

        r = sha256_init(&intake->contents);
        if (r)
                return r;
        r = tenant_entry_get(intake->core, order->actor->tenant, &intake->entry);
        if (r)
                return r;
        if (id_is_zero(order->job))
                intake->artefact.document.job = id_new();
        else
                r = take_up(intake, order);
        if (r)
                return r;
        r = set_times(intake);
        if (r)
                return r;
        intake->artefact.document.artefact = KEYS_ORIGINAL;
        if (intake->stay) {
                intake->artefact.document.size_octets = intake->stay->size_octets;
                return 0;
        }
        return artefact_begin(intake->core, intake->entry, intake->actor.tenant, &intake->artefact);
}

int intake_open(struct core *core, const struct intake_order *order, struct intake **ret)
{
        SCOPED(intake_abortp) struct intake *intake = NULL;
        int r;

        r = may_submit(core, order);
        /* At an agent's door, but from one that does not know yet that it is to keep it. */
        if (r == 0 && order->queue->documents == DOCUMENTS_SITE && !order->stay && !order->released)
                r = CORE_SITE_ONLY;
        if (r)
                return r;
        intake = calloc(1, sizeof(*intake));
        if (!intake)
                return fault(-ENOMEM);
        intake->core = core;
        intake->queue = *order->queue;
        intake->actor = *order->actor;
        intake->ticket = order->ticket;
        intake->release_now = order->release_now;
        intake->is_released = order->released;
        if (order->released) {
                intake->released = *order->released;
                intake->agent = *order->agent;
        }
        intake->stay = order->stay;
        if (order->accounting)
                intake->accounting = *order->accounting;
        if (order->password.len && core->settings.inspects) {
                intake->password.length = order->password.len;
                memcpy(intake->password.octets, order->password.at, order->password.len);
        }
        intake->has_key = order->key.len > 0;
        intake->key_keep_ms = order->key_keep_ms ? order->key_keep_ms : KEY_KEEP_MS;
        intake->is_same_by_contents = order->is_same_by_contents && id_is_zero(order->job);
        intake->sent_ms = order->sent_ms;
        hash_hmac("submission", 10, order->key, intake->key);
        copy_title(order->title, intake->title);
        intake_set_format(intake, order->format);
        r = open_in(intake, order);
        if (r)
                return r;
        *ret = take(intake);
        return 0;
}

void intake_set_format(struct intake *intake, struct text format)
{
        if (!text_copy(format, intake->artefact.document.format, sizeof(intake->artefact.document.format)))
                text_copy(text_from("application/octet-stream"), intake->artefact.document.format,
                          sizeof(intake->artefact.document.format));
}

int intake_write(struct intake *intake, struct text octets)
{
        int r;

        sha256_add(&intake->contents, octets.at, octets.len);
        r = artefact_write(&intake->artefact, octets);
        if (r)
                return r;
        if (intake->is_created && clock_monotonic_ms() - intake->touched_ms > RECEIVING_TOUCH_MS) {
                intake->touched_ms = clock_monotonic_ms();
                return db_write(intake->core->db, touch, intake);
        }
        return 0;
}

struct commit {
        struct intake *intake;
        uint8_t contents[HASH_OCTETS];
        uint8_t contents_key[HASH_OCTETS];
        bool is_repeated; /* an earlier submission is this one: document.job is that one's */
        struct id job;
        struct id agent;
        bool is_released;
        bool has_secret; /* its password is kept by now */
        bool wants_render;
};

/* IPP clients bring no key: it is made of who, where, the title and the contents. */
static void key_by_contents(struct commit *commit)
{
        struct intake *intake = commit->intake;
        char octets[2 * ID_OCTETS + CORE_TITLE + HASH_OCTETS];
        size_t title = strlen(intake->title);

        memcpy(octets, intake->actor.id.octets, ID_OCTETS);
        memcpy(octets + ID_OCTETS, intake->queue.id.octets, ID_OCTETS);
        memcpy(octets + 2 * ID_OCTETS, intake->title, title);
        memcpy(octets + 2 * ID_OCTETS + title, commit->contents, HASH_OCTETS);
        hash_hmac("contents", 8, text_from_octets(octets, 2 * ID_OCTETS + title + HASH_OCTETS),
                  commit->contents_key);
}

/*
 * The same submission again: 0 with is_repeated set. Contents alone make it the same only while the first
 * answer may not have reached the client; who prints a page twice on purpose gets it twice.
 */
static int find_by(struct db_tx *tx, struct commit *commit, const uint8_t key[HASH_OCTETS],
                   bool is_by_contents)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct intake *intake = commit->intake;
        int64_t at_ms = is_by_contents && intake->sent_ms ? intake->sent_ms : intake->created_ms;
        uint8_t contents[HASH_OCTETS];
        int r;

        r = db_one(
                tx, intake->actor.tenant,
                "SELECT job_id, contents FROM submission WHERE tenant_id = ?1 AND key = ?2 AND expires_ms > ?3",
                DB_VALUES(db_octets(key, HASH_OCTETS), db_integer(at_ms)), &rows);
        if (r == DB_NO_ROW)
                return 0;
        if (r)
                return fold(r);
        if (!db_rows_octets(&rows, 1, contents, HASH_OCTETS))
                return fault(-EBADMSG);
        if (memcmp(contents, commit->contents, HASH_OCTETS) != 0)
                return CORE_KEY_REUSED;
        if (is_by_contents && answered_has(intake->core, db_rows_id(&rows, 0)))
                return 0;
        commit->job = db_rows_id(&rows, 0);
        commit->is_repeated = true;
        return 0;
}

/* By its key, or, where the first time it may have come without one, by its contents. */
static int find_repeated(struct db_tx *tx, struct commit *commit)
{
        const struct intake *intake = commit->intake;
        int r = intake->has_key ? find_by(tx, commit, intake->key, false) : 0;

        return r || commit->is_repeated || !intake->is_same_by_contents
                       ? r
                       : find_by(tx, commit, commit->contents_key, true);
}

static int remember(struct db_tx *tx, struct commit *commit)
{
        struct intake *intake = commit->intake;
        int64_t keep_ms = intake->has_key ? intake->key_keep_ms : intake->core->settings.submit_retry_ms;

        return fold(
                db_run(tx, intake->actor.tenant,
                       "INSERT INTO submission (tenant_id, key, job_id, contents, expires_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (tenant_id, key)"
                       " DO UPDATE SET job_id = ?3, contents = ?4, expires_ms = ?5",
                       DB_VALUES(db_octets(intake->has_key ? intake->key : commit->contents_key, HASH_OCTETS),
                                 db_id(&commit->job), db_octets(commit->contents, HASH_OCTETS),
                                 db_integer(intake->created_ms + keep_ms)),
                       NULL));
}

/* Create-Job has written the row; the document makes it HELD. */
static int fill_created(struct db_tx *tx, struct commit *commit)
{
        struct intake *intake = commit->intake;
        struct job_row job;
        int r;

        r = job_row_find(tx, intake->actor.tenant, commit->job, &job);
        if (r == DB_NO_ROW || (r == 0 && job.state != JOB_RECEIVING))
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        r = db_run(tx, intake->actor.tenant,
                   "UPDATE job SET format = ?3, size_octets = ?4 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&commit->job), db_string(intake->artefact.document.format),
                             db_integer((int64_t)intake->artefact.document.size_octets)),
                   NULL);
        if (r)
                return fold(r);
        return job_row_become(intake->core, tx, intake->actor.tenant, &job, JOB_HELD, "", intake->expires_ms);
}

static int insert_held(struct db_tx *tx, struct commit *commit)
{
        struct intake *intake = commit->intake;
        struct insert insert = { .core = intake->core,
                                 .entry = intake->entry,
                                 .actor = &intake->actor,
                                 .queue = &intake->queue,
                                 .title = intake->title,
                                 .ticket = &intake->ticket,
                                 .accounting = &intake->accounting,
                                 .format = intake->artefact.document.format,
                                 .size_octets = intake->artefact.document.size_octets,
                                 .id = commit->job,
                                 .state = JOB_HELD,
                                 .created_ms = intake->created_ms,
                                 .expires_ms = intake->expires_ms };

        return insert_job(tx, &insert);
}

static int want_inspection(struct db_tx *tx, struct commit *commit)
{
        struct intake *intake = commit->intake;
        struct job_row job = { .id = commit->job, .owner = intake->actor.id };

        if (!intake->core->settings.inspects || intake->stay)
                return 0;
        memcpy(job.format, intake->artefact.document.format, sizeof(job.format));
        commit->wants_render = true;
        return inspection_want(tx, intake->actor.tenant, &job, commit->has_secret);
}

/* Never merely held, except where a policy has its pages counted first (core/release/release-direct.c). */
static int release_at_once(struct db_tx *tx, struct commit *commit)
{
        struct intake *intake = commit->intake;
        struct direct_order order = { .tenant = intake->actor.tenant,
                                      .actor = &intake->actor,
                                      .printer = intake->queue.printer,
                                      .is_asked = intake->release_now };
        enum format format = format_from_media_type(text_from(intake->artefact.document.format));
        struct direct_release made;
        struct job_row job;
        int r;

        order.job = &job;
        order.pages_come = intake->core->settings.inspects && !format_is_raw(format) && !intake->stay;
        r = job_row_find(tx, order.tenant, commit->job, &job);
        if (r)
                return fold(r);
        r = release_directly(intake->core, tx, &order, &made);
        if (r)
                return r;
        commit->is_released = !made.is_left;
        commit->wants_render = commit->wants_render || made.wants_render;
        commit->agent = made.agent;
        return made.is_left && !commit->has_secret ? want_inspection(tx, commit) : 0;
}

static int note_release(struct db_tx *tx, struct commit *commit)
{
        struct intake *intake = commit->intake;

        if (!intake->is_released)
                return 0;
        intake->released.job = commit->job;
        return home_release_deposit(intake->core, tx, &intake->agent, &intake->released);
}

static int keep_stay(struct db_tx *tx, struct commit *commit)
{
        struct intake *intake = commit->intake;
        int r = stay_check_submit(tx, intake->actor.tenant, &intake->queue, intake->stay);

        return r ? r : stay_insert(tx, intake->actor.tenant, commit->job, intake->stay);
}

static int commit_in(struct db_tx *tx, void *context)
{
        struct commit *commit = context;
        struct intake *intake = commit->intake;
        bool is_keyed = intake->has_key || intake->is_same_by_contents;
        bool is_direct = !intake->is_released &&
                         (intake->queue.kind == QUEUE_DIRECT ? !intake->ticket.hold : intake->release_now);
        int r = 0;

        commit->is_repeated = commit->is_released = commit->wants_render = false;
        commit->job = intake->artefact.document.job;
        if (is_keyed)
                r = find_repeated(tx, commit);
        if (r || commit->is_repeated)
                return r ? r : note_release(tx, commit);
        r = intake->is_created ? fill_created(tx, commit) : insert_held(tx, commit);
        if (r)
                return r;
        r = intake->stay ? keep_stay(tx, commit)
                         : document_insert(tx, intake->actor.tenant, &intake->artefact.document);
        if (r)
                return r;
        if (is_keyed)
                r = remember(tx, commit);
        if (r)
                return r;
        r = event_add(tx, intake->actor.tenant, &intake->actor, "job-held", commit->job, "");
        if (r)
                return r;
        /* What opens only with a password has to be opened once; otherwise who prints at once does not wait.
         */
        if (!is_direct || commit->has_secret)
                r = want_inspection(tx, commit);
        if (r || !is_direct)
                return r ? r : note_release(tx, commit);
        return release_at_once(tx, commit);
}

/* Before the row is there, for a renderer may begin with it at once. */
static int keep_password(struct commit *commit)
{
        struct intake *intake = commit->intake;

        if (intake->password.length == 0 ||
            format_from_media_type(text_from(intake->artefact.document.format)) != FORMAT_PDF)
                return 0;
        commit->has_secret = true;
        return document_password_keep(intake->core, intake->artefact.document.job, intake->actor.id,
                                      unwritten_secret_text(&intake->password));
}

/* An agent has flushed them. */
static int commit_stay(struct intake *intake, struct commit *commit, struct job *ret)
{
        int r;

        memcpy(commit->contents, intake->stay->contents, HASH_OCTETS);
        if (intake->is_same_by_contents)
                key_by_contents(commit);
        memcpy(intake->artefact.document.format, intake->stay->format, sizeof(intake->stay->format));
        r = db_write(intake->core->db, commit_in, commit);
        return r ? r : fold(job_find(intake->core, &intake->actor, commit->job, ret));
}

/* First the octets on the disk, then the row that names them, then the caller's yes (models/submit.pml). */
static int commit_whole(struct intake *intake, struct commit *commit, struct job *ret)
{
        struct core *core = intake->core;
        struct places unused = { .count = 1 };
        int r;

        if (intake->artefact.document.size_octets == 0)
                return CORE_EMPTY;
        if (intake->stay)
                return commit_stay(intake, commit, ret);
        sha256_finish(&intake->contents, commit->contents);
        if (intake->is_same_by_contents)
                key_by_contents(commit);
        r = artefact_finish(&intake->artefact);
        if (r)
                return r;
        unused.at[0] = intake->artefact.document.place;
        r = keep_password(commit);
        if (r == 0)
                r = db_write(core->db, commit_in, commit);
        if (r || commit->is_repeated) {
                places_free(core, &unused);
                if (commit->has_secret)
                        unwritten_forget(core->document_passwords, intake->artefact.document.job);
        }
        if (r)
                return r == -ENOSPC ? CORE_STORAGE_FULL : r;
        if (!commit->is_repeated)
                vault_kept(core->vault, &intake->artefact.document.place);
        return fold(job_find(core, &intake->actor, commit->job, ret));
}

int intake_commit(struct intake *intake, struct job *ret)
{
        SCOPED(intake_abortp) struct intake *owned = intake;
        struct core *core = owned->core;
        struct commit commit = { .intake = owned };
        int r;

        r = commit_whole(owned, &commit, ret);
        if (r)
                return r;
        if (!commit.is_repeated) {
                core->jobs_received++;
                core->octets_received += owned->artefact.document.size_octets;
        }
        if (commit.is_released) {
                core->jobs_released++;
                if (!commit.wants_render)
                        wake_agent(core, owned->actor.tenant, commit.agent, "delivery");
        }
        if (commit.wants_render)
                work_wake(core);
        return 0;
}
