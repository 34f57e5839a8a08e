// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/release/release.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/code.h"
#include "core/job/inspection.h"
#include "core/job/home.h"
#include "core/job/job-password.h"
#include "core/printer/printer-people.h"
#include "core/printer/printer-wire.h"
#include "core/job/recipe.h"
#include "core/state.h"
#include "core/job/stay.h"
#include "core/job/substitution.h"
#include "crypt/hash.h"

const char *release_method_name(enum release_method method)
{
        static const char *const names[] = {
                [RELEASE_API] = "api",       [RELEASE_PIN] = "pin", [RELEASE_BADGE] = "badge",
                [RELEASE_DIRECT] = "direct", [RELEASE_IPP] = "ipp", [RELEASE_CODE] = "code",
        };

        return names[method];
}

const char *release_word(int refusal)
{
        switch (refusal) {
        case CORE_PASSWORD_NEEDED: return "document-password-needed";
        case CORE_ACCOUNTING_NEEDED: return "accounting-needed";
        case CORE_JOB_PASSWORD_NEEDED: return "job-password-needed";
        case CORE_NOT_ENCRYPTED: return "not-encrypted";
        case CORE_JOB_PASSWORD_UNKNOWN: return "job-password-not-supported";
        case CORE_AT_SITE: return "document-at-site";
        case CORE_AS_IT_IS: return "document-as-it-is";
        default: return NULL;
        }
}

struct id release_id_of_key(struct id tenant, struct id person, struct text key)
{
        uint8_t hash[HASH_OCTETS];
        struct id id;

        hash_hkdf(key.at, key.len, text_from_octets(tenant.octets, ID_OCTETS),
                  text_from_octets(person.octets, ID_OCTETS), hash, sizeof(hash));
        memcpy(id.octets, hash, ID_OCTETS);
        id.octets[6] = (uint8_t)(0x80 | (id.octets[6] & 0x0f));
        id.octets[8] = (uint8_t)(0x80 | (id.octets[8] & 0x3f));
        return id;
}

int release_insert(struct db_tx *tx, struct id tenant, struct id release, struct id person, struct id printer,
                   int method)
{
        return fold(db_run(tx, tenant,
                           "INSERT INTO release (tenant_id, id, person_id, printer_id, method, created_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                           DB_VALUES(db_id(&release), db_id(&person), db_id(&printer), db_integer(method),
                                     db_integer(clock_unix_ms())),
                           NULL));
}

/* The format that there is the document in: as it was sent, or as PDF once a renderer has looked into it. */
struct basis {
        uint32_t artefact;
        const char *format; /* borrowed from the job, or static */
        bool is_locked;     /* it has to be opened with its password first */
};

static int find_basis(struct db_tx *tx, struct id tenant, const struct job_row *job,
                      const struct printer *printer, struct basis *ret)
{
        struct inspection inspection;
        int r;

        *ret = (struct basis){ KEYS_ORIGINAL, job->format, false };
        r = inspection_row_find(tx, tenant, job->id, &inspection);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        ret->is_locked = inspection.has_secret && inspection.state != INSPECTION_DONE;
        if (inspection.base && (inspection.has_secret || !printer_takes(printer, text_from(job->format))))
                *ret = (struct basis){ inspection.base, format_media_type(FORMAT_PDF), false };
        return 0;
}

/* As it was sent, made already, or to be made first: *ret 0. CORE_BAD_FORMAT. */
static int choose_artefact(struct db_tx *tx, struct id tenant, const struct job_row *job,
                           const struct printer *printer, const struct ticket *ticket,
                           char ret_recipe[ORDER_LINE], uint32_t *ret)
{
        struct rendition rendition;
        struct basis basis;
        struct order order;
        int r;

        ret_recipe[0] = 0;
        r = find_basis(tx, tenant, job, printer, &basis);
        if (r)
                return r;
        *ret = basis.artefact;
        if (!basis.is_locked && printer_takes(printer, text_from(basis.format)) &&
            !recipe_is_needed(printer, ticket, text_from(basis.format)))
                return 0;
        r = recipe_make(printer, ticket, text_from(basis.format), &order);
        if (r)
                return r;
        order.has_secret = basis.is_locked;
        order_line_format(&order, ret_recipe);
        r = rendition_find(tx, tenant, job->id, ret_recipe, &rendition);
        *ret = r ? 0 : rendition.artefact;
        if (r != DB_NO_ROW)
                return fold(r);
        return work_want(tx, tenant, job->id, job->owner, WORK_RENDITION, ret_recipe);
}

int delivery_insert(struct core *core, struct db_tx *tx, struct id tenant, struct id release,
                    struct job_row *job, const struct printer *printer, const struct ticket *ticket,
                    struct id *ret, bool *ret_waits)
{
        struct id id = id_new();
        char words[TICKET_TEXT], recipe[ORDER_LINE];
        uint32_t artefact;
        int r;

        r = choose_artefact(tx, tenant, job, printer, ticket, recipe, &artefact);
        if (r)
                return r;
        *ret_waits = artefact == 0;
        ticket_format(ticket, words, sizeof(words));
        r = db_run(
                tx, tenant,
                "INSERT INTO delivery (tenant_id, id, job_id, release_id, printer_id, state, reason, artefact, ticket, epoch,"
                " incarnation, attempts, due_ms, pages, octets_acked, created_ms, armed_ms, ended_ms, recipe)"
                " VALUES (?1, ?2, ?3, ?4, ?5, 'requested', '', ?6, ?7, 0, 0, 0, 0, 0, 0, ?8, 0, 0, ?9)",
                DB_VALUES(db_id(&id), db_id(&job->id), db_id(&release), db_id(&printer->id),
                          db_integer(artefact), db_string(words), db_integer(clock_unix_ms()),
                          db_string(recipe)),
                NULL);
        if (r)
                return r == DB_TAKEN ? CORE_NOT_HELD : fold(r);
        r = db_run(tx, tenant, "UPDATE job SET delivery_id = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&job->id), db_id(&id)), NULL);
        if (r)
                return fold(r);
        r = trace_transition(core, tx, "delivery", id, "none", "requested", "released", 0);
        if (r)
                return r;
        *ret = id;
        /* While it is being delivered nothing expires. A job whose last delivery was UNCERTAIN is RELEASING
         * already. */
        return job->state == JOB_RELEASING ? 0 : job_row_become(core, tx, tenant, job, JOB_RELEASING, "", 0);
}

struct context {
        struct core *core;
        const struct actor *actor;
        const struct release_order *order;
        struct arena *arena;
        struct release *ret;
        struct printer printer;
        bool wants_render;
        bool waits_for_site;
        bool is_repeated;
        size_t unprintable;
};

/* What this id has ordered before. CORE_NOT_FOUND. */
static int find_in(struct db_tx *tx, const struct actor *actor, struct id id, struct arena *arena,
                   struct release *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, actor->tenant,
                "SELECT person_id, printer_id, method, created_ms FROM release WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        *ret = (struct release){ .id = id, .person = db_rows_id(&rows, 0), .printer = db_rows_id(&rows, 1) };
        ret->method = (enum release_method)db_rows_integer(&rows, 2);
        ret->created_ms = db_rows_integer(&rows, 3);
        ret->items = arena_alloc(arena, RELEASE_JOBS_MAX * sizeof(*ret->items));
        return ret->items ? 0 : fault(-ENOMEM);
}

static int find_items(struct db_tx *tx, const struct actor *actor, struct release *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        char state[16];
        int r;

        ret->item_count = 0;
        r = db_find(
                tx, actor->tenant,
                "SELECT job_id, id, state, reason FROM delivery WHERE tenant_id = ?1 AND release_id = ?2 ORDER BY id"
                " LIMIT ?3",
                DB_VALUES(db_id(&ret->id), db_integer(RELEASE_JOBS_MAX)), &rows);
        if (r)
                return fold(r);
        while (ret->item_count < RELEASE_JOBS_MAX && db_rows_next(&rows, &r)) {
                struct release_item *item = &ret->items[ret->item_count++];

                item->job = db_rows_id(&rows, 0);
                item->delivery = db_rows_id(&rows, 1);
                db_rows_string(&rows, 2, state, sizeof(state));
                db_rows_string(&rows, 3, item->reason, sizeof(item->reason));
                if (!delivery_state_parse(state, &item->state))
                        return fault(-EBADMSG);
        }
        return fold(r);
}

/* The held jobs of the actor, or of the owner he acts for, that may come out there, oldest first, or only the
 * newest. */
static int select_held(struct db_tx *tx, struct context *c, struct id *to, size_t *ret_count)
{
        static const char all[] = "SELECT id FROM job WHERE tenant_id = ?1 AND owner_id = ?2"
                                  " AND state IN ('receiving', 'held', 'releasing') AND state = 'held'"
                                  " AND (printer_id IS NULL OR printer_id = ?4) ORDER BY id LIMIT ?3";
        static const char newest[] = "SELECT id FROM job WHERE tenant_id = ?1 AND owner_id = ?2"
                                     " AND state IN ('receiving', 'held', 'releasing') AND state = 'held'"
                                     " AND (printer_id IS NULL OR printer_id = ?4) ORDER BY id DESC LIMIT ?3";
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        bool one = c->order->selection == RELEASE_NEWEST;
        size_t max = one ? 1 : RELEASE_JOBS_MAX;
        struct id owner = id_is_zero(c->order->owner) ? c->actor->id : c->order->owner;
        int r;

        *ret_count = 0;
        r = db_find(tx, c->actor->tenant, one ? newest : all,
                    DB_VALUES(db_id(&owner), db_integer((int64_t)max), db_id(&c->order->printer)), &rows);
        if (r)
                return fold(r);
        while (*ret_count < max && db_rows_next(&rows, &r))
                to[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

/* The owner asks for it again: the old delivery, which may or may not have come out, is closed for good. */
static int close_last(struct context *c, struct db_tx *tx, const struct job_row *job)
{
        struct delivery_row last;
        struct document unused;
        int r;

        if (!c->order->again || id_is_zero(job->delivery))
                return CORE_NOT_HELD;
        r = delivery_row_find(tx, c->actor->tenant, job->delivery, &last);
        if (r)
                return fold(r);
        if (last.state != DELIVERY_UNCERTAIN && last.state != DELIVERY_SENT && last.state != DELIVERY_PRINTED)
                return CORE_NOT_HELD;
        r = document_find(tx, c->actor->tenant, job->id, KEYS_ORIGINAL, &unused);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_HELD : fold(r);
        return delivery_row_become(c->core, tx, c->actor->tenant, &last, DELIVERY_CLOSED, "printed-again", 0);
}

/* As far as there is room. */
static void leave_out(struct context *c, struct id job, int refusal, const struct settled_note *note)
{
        struct release_left *left;

        if (!c->ret->left)
                c->ret->left = arena_alloc(c->arena, RELEASE_LEFT_MAX * sizeof(*left));
        if (!c->ret->left || c->ret->left_count == RELEASE_LEFT_MAX)
                return;
        left = &c->ret->left[c->ret->left_count++];
        *left = (struct release_left){ .job = job, .refusal = refusal };
        if (note)
                left->note = *note;
}

static int note_left(struct db_tx *tx, const struct actor *actor, const struct release_left *left)
{
        char detail[CORE_WORDS];

        if (left->refusal == CORE_UNSUPPORTED)
                return settled_note_one_left(tx, actor->tenant, actor, left->job, &left->note);
        snprintf(detail, sizeof(detail), "reason=%s", release_word(left->refusal));
        return event_add(tx, actor->tenant, actor, "job-left-out", left->job, detail);
}

/* What it becomes at the printer. CORE_UNSUPPORTED after it was left out. */
static int settle_one(struct context *c, struct db_tx *tx, const struct job_row *job, struct settled *ret)
{
        const struct settle_options options = { .chosen = c->order->ticket,
                                                .from_page = c->order->from_page };
        int r = settle_job(tx, c->actor->tenant, job, &c->printer, &options, ret);

        if (r || !(settled_refuses(ret) || (settled_conflicts(ret) && !c->order->adapts)))
                return r;
        for (size_t i = 0; i < ret->note_count; i++)
                if (ret->notes[i].kind >= SETTLED_TOO_MANY_PAGES ||
                    (settled_is_conflict(&ret->notes[i]) && !c->order->adapts))
                        leave_out(c, job->id, CORE_UNSUPPORTED, &ret->notes[i]);
        return CORE_UNSUPPORTED;
}

/* Its owner, and while it is held his delegates. */
static int check_releaser(struct db_tx *tx, const struct context *c, const struct job_row *job)
{
        bool titles;

        if (actor_may(c->actor, RIGHT_RELEASE, whose_person(job->owner)))
                return 0;
        return job->state == JOB_HELD ? delegate_check(tx, c->actor, RIGHT_RELEASE, job->owner, &titles)
                                      : CORE_NOT_FOUND;
}

/* CORE_NOT_FOUND, CORE_NOT_HELD, CORE_BAD_FORMAT, CORE_OTHER_PRINTER, CORE_PASSWORD_NEEDED: this job is not
 * released; others may be. */
static int release_one(struct context *c, struct db_tx *tx, struct id id, struct release_item *item)
{
        struct id tenant = c->actor->tenant;
        struct accounting accounting;
        struct settled settled;
        struct job_row job;
        uint32_t rest = 0;
        bool waits, is_away = false;
        char detail[CORE_WORDS], printer[ID_STRING], both[CORE_WORDS / 2];
        int r;

        r = job_row_find(tx, tenant, id, &job);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = check_releaser(tx, c, &job);
        if (r)
                return r;
        if (job.state != JOB_HELD && job.state != JOB_RELEASING && job.state != JOB_DONE)
                return CORE_NOT_HELD;
        if (!id_is_zero(job.printer) && !id_equal(job.printer, c->printer.id))
                return CORE_OTHER_PRINTER;
        if (!printer_takes(&c->printer, text_from(job.format)) &&
            !recipe_is_possible(&c->printer, text_from(job.format), NULL))
                return CORE_BAD_FORMAT;
        r = document_password_check(tx, tenant, id);
        if (r == 0)
                r = accounting_settle(c->core, tx, tenant, &job, &c->printer, c->order->accounting,
                                      &accounting);
        if (r)
                return r;
        r = settle_one(c, tx, &job, &settled);
        if (r == 0)
                r = job_password_check(&settled, &c->printer, c->order->job_password);
        if (r == 0)
                r = stay_check_release(tx, tenant, &job, &c->printer, &settled.ticket);
        if (r)
                return r;
        if (job.state != JOB_HELD) {
                r = close_last(c, tx, &job);
                if (r)
                        return r;
        }
        r = c->order->first_copy
                    ? first_copy_begin(tx, tenant, &job, c->order->ticket, &settled.ticket, &rest)
                    : 0;
        if (r)
                return r;
        r = delivery_insert(c->core, tx, tenant, c->ret->id, &job, &c->printer, &settled.ticket,
                            &item->delivery, &waits);
        if (r == 0)
                r = home_wait(tx, tenant, id, item->delivery, &is_away);
        if (r == 0 && rest)
                r = first_copy_keep_rest(tx, tenant, item->delivery, rest);
        if (r == 0)
                r = accounting_keep_for(c->core, tx, tenant, item->delivery, job.owner, &accounting);
        if (r == 0)
                r = job_password_keep(c->core, tx, tenant, item->delivery, c->actor->id,
                                      c->order->job_password);
        if (r)
                return r;
        item->job = id;
        item->state = DELIVERY_REQUESTED;
        snprintf(item->reason, sizeof(item->reason), "%s", is_away ? HOME_REASON : "");
        c->waits_for_site = c->waits_for_site || is_away;
        c->wants_render = c->wants_render || waits;
        id_format(c->printer.id, printer);
        both_named(c->actor, job.owner, both, sizeof(both));
        snprintf(detail, sizeof(detail), "method=%s printer=%s%s%s%s%s",
                 release_method_name(c->order->method), printer, c->order->again ? " again=yes" : "",
                 rest ? " first-copy=yes" : "", both[0] ? " " : "", both);
        r = event_add(tx, tenant, c->actor, "job-released", id, detail);
        return r ? r : settled_note_changes(tx, tenant, c->actor, id, &settled);
}

static int release_selected(struct context *c, struct db_tx *tx, const struct id *jobs, size_t count)
{
        int refusal = c->order->selection == RELEASE_LISTED ? CORE_NOT_HELD : CORE_NOTHING_HELD;

        for (size_t i = 0; i < count; i++) {
                int r = release_one(c, tx, jobs[i], &c->ret->items[c->ret->item_count]);

                if (r < 0)
                        return r;
                /* A list that names what is not his is refused whole; what is busy, gone or unprintable is
                 * left out. */
                if (r == CORE_NOT_FOUND && c->order->selection == RELEASE_LISTED)
                        return r;
                if (r == 0) {
                        c->ret->item_count++;
                        continue;
                }
                if (r != CORE_UNSUPPORTED)
                        leave_out(c, jobs[i], r, NULL);
                if (r == CORE_UNSUPPORTED ||
                    ((r == CORE_BAD_FORMAT || r == CORE_OTHER_PRINTER || release_word(r)) &&
                     refusal != CORE_UNSUPPORTED))
                        refusal = r;
        }
        return c->ret->item_count ? 0 : refusal;
}

static int note_all_left(struct db_tx *tx, const struct actor *actor, const struct release *release)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < release->left_count; i++)
                if (release->left[i].refusal == CORE_UNSUPPORTED || release_word(release->left[i].refusal))
                        r = note_left(tx, actor, &release->left[i]);
        return r;
}

static int select_and_release(struct context *c, struct db_tx *tx)
{
        const struct release_order *order = c->order;
        struct id *held = arena_alloc(c->arena, RELEASE_JOBS_MAX * sizeof(*held));
        size_t count;
        bool titles;
        int r;

        if (!held)
                return fault(-ENOMEM);
        if (order->selection == RELEASE_LISTED)
                return release_selected(c, tx, order->jobs, order->job_count);
        if (!id_is_zero(order->owner) && !id_equal(order->owner, c->actor->id)) {
                r = delegate_check(tx, c->actor, RIGHT_RELEASE, order->owner, &titles);
                if (r)
                        return r;
        }
        r = select_held(tx, c, held, &count);
        return r ? r : release_selected(c, tx, held, count);
}

static int release_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct release_order *order = c->order;
        int r;

        c->wants_render = c->is_repeated = false;
        if (!id_is_zero(order->id)) {
                r = find_in(tx, c->actor, order->id, c->arena, c->ret);
                if (r != CORE_NOT_FOUND) {
                        c->is_repeated = true;
                        if (r == 0 && !id_equal(c->ret->person, c->actor->id))
                                return CORE_KEY_REUSED;
                        return r ? r : find_items(tx, c->actor, c->ret);
                }
        }
        *c->ret = (struct release){ .id = id_is_zero(order->id) ? id_new() : order->id,
                                    .person = c->actor->id,
                                    .printer = order->printer,
                                    .method = order->method,
                                    .created_ms = clock_unix_ms() };
        c->ret->items = arena_alloc(c->arena, RELEASE_JOBS_MAX * sizeof(*c->ret->items));
        if (!c->ret->items)
                return fault(-ENOMEM);
        r = printer_find_in(tx, c->actor->tenant, order->printer, &c->printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = printer_check_use(tx, c->actor, &c->printer);
        if (r)
                return r;
        if (!c->printer.accepting || (order->method == RELEASE_BADGE && !c->printer.badges))
                return CORE_NOT_ACCEPTING;
        r = printer_wire_check_use(tx, c->actor->tenant, &c->printer);
        if (r)
                return r;
        r = id_is_zero(order->code) ? 0 : code_spend(tx, c->actor->tenant, order->code, c->ret->id);
        if (r)
                return r;
        r = release_insert(tx, c->actor->tenant, c->ret->id, c->actor->id, order->printer, order->method);
        if (r)
                return r;
        r = select_and_release(c, tx);
        return r || !order->leaves_words ? r : note_all_left(tx, c->actor, c->ret);
}

struct left {
        const struct actor *actor;
        const struct release *release;
};

static int left_in(struct db_tx *tx, void *context)
{
        const struct left *left = context;

        return note_all_left(tx, left->actor, left->release);
}

int release_note_left(struct core *core, const struct actor *actor, const struct release *release)
{
        struct left left = { actor, release };

        return db_write(core->db, left_in, &left);
}

int release_within(struct core *core, struct db_tx *tx, const struct actor *actor,
                   const struct release_order *order, struct arena *arena, struct release *ret)
{
        struct context c = { .core = core, .actor = actor, .order = order, .arena = arena, .ret = ret };

        assert(!order->again);
        return release_in(tx, &c);
}

int release(struct core *core, const struct actor *actor, const struct release_order *order,
            struct arena *arena, struct release *ret)
{
        struct context c = { .core = core, .actor = actor, .order = order, .arena = arena, .ret = ret };
        int r;

        if (!actor_may(actor, RIGHT_RELEASE, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        if (order->job_count > RELEASE_JOBS_MAX || (order->ticket && !ticket_is_valid(order->ticket)) ||
            (order->accounting && !accounting_is_valid(order->accounting)) ||
            (order->job_password.len && !job_password_is_possible(order->job_password)))
                return CORE_BAD_VALUE;
        r = substitution_prepare(core, actor->tenant, order->printer, core->settings.printer_state_wait_ms);
        if (r)
                return r;
        r = db_write(core->db, release_in, &c);
        if (r) {
                for (size_t i = 0; i < ret->item_count && order->job_password.len; i++)
                        unwritten_forget(core->job_passwords, ret->items[i].delivery);
                return r;
        }
        if (c.is_repeated)
                return 0;
        core->jobs_released += ret->item_count;
        if (c.wants_render)
                work_wake(core);
        wake_agent(core, actor->tenant, c.printer.agent, "delivery");
        if (c.waits_for_site)
                wake_agent(core, actor->tenant, (struct id){ 0 }, "homes");
        return 0;
}

struct look {
        const struct actor *actor;
        struct id id;
        struct arena *arena;
        struct release *ret;
};

static int look_in(struct db_tx *tx, void *context)
{
        struct look *look = context;
        int r;

        r = find_in(tx, look->actor, look->id, look->arena, look->ret);
        if (r)
                return r;
        if (!actor_may(look->actor, RIGHT_RELEASES_READ, whose_person(look->ret->person)))
                return CORE_NOT_FOUND;
        return find_items(tx, look->actor, look->ret);
}

int release_find(struct core *core, const struct actor *actor, struct id id, struct arena *arena,
                 struct release *ret)
{
        struct look look = { actor, id, arena, ret };

        if (actor->kind != ACTOR_PERSON)
                return CORE_NOT_FOUND;
        return db_read(core->db, look_in, &look);
}
