// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/notice/mail.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/email.h"
#include "core/trail/event.h"
#include "core/notice/mail-files.h"
#include "core/report/report-schedule.h"
#include "core/state.h"
#include "core/tenant/tenant.h"
#include "crypt/field.h"

#define MINUTE_MS 60000LL
#define LEASE_MS  (5 * MINUTE_MS)
#define KEEP_MS   (60 * MINUTE_MS)
#define PARTS_MAX (CORE_EMAIL + MAIL_SUBJECT_MAX + MAIL_TEXT_MAX + 3)

/* "mail", tenant, id: a row that is put in another's place does not open. */
#define BOUND_OCTETS (4 + 2 * ID_OCTETS)
static void bound_to(struct id tenant, struct id id, char ret[BOUND_OCTETS])
{
        memcpy(ret, "mail", 4);
        memcpy(ret + 4, tenant.octets, ID_OCTETS);
        memcpy(ret + 4 + ID_OCTETS, id.octets, ID_OCTETS);
}

bool mail_is_on(const struct core *core)
{
        return core->settings.has_mail;
}

static void wipe(struct buffer *buffer)
{
        if (buffer->at)
                explicit_bzero(buffer->at, buffer->size);
        buffer_done(buffer);
}

static bool text_is_good(struct text text)
{
        struct text line;
        bool more = true;

        if (text.len > MAIL_TEXT_MAX)
                return false;
        while (more) {
                more = text_cut(text, '\n', &line, &text);
                if (!text_is_printable(line))
                        return false;
        }
        return true;
}

/* to, subject and text, each ended by NUL. */
static int seal(struct core *core, const char *to, const struct mail_order *order, struct mail *mail)
{
        SCOPED(wipe) struct buffer plain = BUFFER(PARTS_MAX);
        const struct tenant_entry *entry;
        char bound[BOUND_OCTETS];
        int r;

        buffer_add(&plain, to, strlen(to) + 1);
        buffer_add(&plain, order->subject, strlen(order->subject) + 1);
        buffer_add(&plain, order->text, strlen(order->text) + 1);
        if (plain.failure)
                return fault(plain.failure);
        r = tenant_entry_get(core, mail->tenant, &entry);
        if (r)
                return r;
        bound_to(mail->tenant, mail->id, bound);
        buffer_init(&mail->sealed, PARTS_MAX + TENANT_SEAL_OVERHEAD);
        r = fold(tenant_seal(core, entry, text_from_octets(bound, sizeof(bound)), buffer_text(&plain),
                             &mail->sealed));
        if (r == 0 && order->file_count)
                r = mail_files_seal(core, entry, order, mail);
        if (r)
                mail_done(mail);
        return r;
}

int mail_prepare(struct core *core, struct id tenant, const struct mail_order *order, struct mail *ret)
{
        struct mail mail = {
                .tenant = tenant, .id = id_new(), .about = order->about, .report = order->report
        };
        struct text subject = text_from(order->subject);
        char to[CORE_EMAIL];
        int r;

        if (!core->settings.has_mail)
                return CORE_NO_MAIL;
        if (!email_fold(text_from(order->to), to) || subject.len > MAIL_SUBJECT_MAX ||
            !text_is_printable(subject) || !text_is_good(text_from(order->text)))
                return CORE_BAD_VALUE;
        mail.now_ms = clock_unix_ms();
        mail.expires_ms = mail.now_ms + (order->keep_ms ? order->keep_ms : KEEP_MS);
        r = seal(core, to, order, &mail);
        if (r == 0)
                *ret = mail;
        return r;
}

static void wipe_words(char (*words)[MAIL_WORDS_MAX])
{
        explicit_bzero(*words, sizeof(*words));
}

int mail_prepare_kind(struct core *core, struct id tenant, enum mail_kind kind, const char *code,
                      const struct mail_order *order, struct mail *ret)
{
        SCOPED(wipe_words) char words[MAIL_WORDS_MAX];
        struct mail_order whole = *order;
        struct mail_values values = { .code = code, .link = order->link };
        struct tenant found;
        int r = tenant_find_by_id(core, tenant, &found);

        if (r)
                return r;
        values.organisation = found.title[0] ? found.title : found.name;
        if (!mail_text(kind, found.language, &values, words, sizeof(words)))
                return fault(-EMSGSIZE);
        whole.subject = mail_subject(kind, found.language);
        whole.text = words;
        return mail_prepare(core, tenant, &whole, ret);
}

void mail_done(struct mail *mail)
{
        buffer_done(&mail->sealed);
        buffer_done(&mail->pieces);
}

int mail_add(struct db_tx *tx, const struct mail *mail)
{
        int64_t changed;
        int r;

        r = db_run(
                tx, mail->tenant,
                "INSERT INTO mail_out (tenant_id, id, about_id, sealed, attempts, due_ms, created_ms, expires_ms,"
                " report_id) SELECT ?1, ?2, ?3, ?4, 0, ?5, ?5, ?6, ?8"
                " WHERE (SELECT count(*) FROM mail_out WHERE tenant_id = ?1) < ?7",
                DB_VALUES(db_id(&mail->id), db_id(&mail->about), db_octets(mail->sealed.at, mail->sealed.len),
                          db_integer(mail->now_ms), db_integer(mail->expires_ms),
                          db_integer(MAIL_WAITING_MAX), db_id(&mail->report)),
                &changed);
        if (r)
                return fold(r);
        return changed ? mail_files_add(tx, mail) : CORE_BUSY;
}

int mail_forget_about(struct db_tx *tx, struct id tenant, struct id about)
{
        int r = db_run(tx, tenant,
                       "DELETE FROM mail_part WHERE tenant_id = ?1 AND mail_id IN"
                       " (SELECT id FROM mail_out WHERE tenant_id = ?1 AND about_id = ?2)",
                       DB_VALUES(db_id(&about)), NULL);

        if (r == 0)
                r = db_run(tx, tenant, "DELETE FROM mail_out WHERE tenant_id = ?1 AND about_id = ?2",
                           DB_VALUES(db_id(&about)), NULL);
        return fold(r);
}

struct lease {
        struct core *core;
        struct mail_leased *leased;
        int64_t now;
        int64_t expires_ms;
        struct id about;
        struct buffer sealed;
};

static int find_due(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct lease *l = context;
        int r;

        r = db_one_all(
                tx,
                "SELECT tenant_id, id, attempts, created_ms, expires_ms, about_id, sealed FROM mail_out"
                " WHERE due_ms <= ?1 ORDER BY due_ms LIMIT 1",
                DB_VALUES(db_integer(l->now)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        l->leased->tenant = db_rows_id(&rows, 0);
        l->leased->id = db_rows_id(&rows, 1);
        l->leased->attempts = (uint32_t)db_rows_integer(&rows, 2);
        l->leased->created_ms = db_rows_integer(&rows, 3);
        l->expires_ms = db_rows_integer(&rows, 4);
        l->about = db_rows_id(&rows, 5);
        buffer_clear(&l->sealed);
        buffer_add_text(&l->sealed, db_rows_text(&rows, 6));
        return l->sealed.failure ? fault(l->sealed.failure) : 0;
}

static int find_report(struct db_tx *tx, struct id tenant, struct id id, struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, "SELECT report_id FROM mail_out WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&id)), &rows);

        *ret = (struct id){ 0 };
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        *ret = db_rows_id(&rows, 0);
        return 0;
}

/* event NULL: it was sent. */
static int drop(struct db_tx *tx, struct id tenant, struct id id, struct id about, const char *event)
{
        struct id report;
        int r = find_report(tx, tenant, id, &report);

        if (r == 0)
                r = mail_files_delete(tx, tenant, id);
        if (r == 0)
                r = fold(db_run(tx, tenant, "DELETE FROM mail_out WHERE tenant_id = ?1 AND id = ?2",
                                DB_VALUES(db_id(&id)), NULL));
        if (r || !event)
                return r;
        if (!id_is_zero(report))
                r = report_schedule_lost(tx, tenant, report, event);
        return r ? r : event_add(tx, tenant, NULL, event, about, "");
}

/* Takes it for a while, or drops one whose time is over (CORE_EXPIRED, which is committed as the caller
 * sees). */
static int take_in(struct db_tx *tx, void *context)
{
        struct lease *l = context;
        int64_t changed;
        int r;

        if (l->expires_ms <= l->now)
                return drop(tx, l->leased->tenant, l->leased->id, l->about, "mail-expired");
        r = db_run(tx, l->leased->tenant,
                   "UPDATE mail_out SET due_ms = ?3, attempts = attempts + 1"
                   " WHERE tenant_id = ?1 AND id = ?2 AND due_ms <= ?4",
                   DB_VALUES(db_id(&l->leased->id), db_integer(l->now + LEASE_MS), db_integer(l->now)),
                   &changed);
        if (r)
                return fold(r);
        return changed ? 0 : CORE_TAKEN;
}

/* The next of the three strings; false where there is none. */
static bool part(struct text *rest, struct text *ret)
{
        const char *end = memchr(rest->at, '\0', rest->len);

        if (!end)
                return false;
        *ret = text_from_octets(rest->at, (size_t)(end - rest->at));
        *rest = text_from_octets(end + 1, rest->len - ret->len - 1);
        return true;
}

static int open_sealed(struct core *core, struct lease *l)
{
        SCOPED(wipe) struct buffer plain = BUFFER(PARTS_MAX);
        struct mail_leased *leased = l->leased;
        const struct tenant_entry *entry;
        struct text rest, to, subject, text;
        char bound[BOUND_OCTETS];
        int r;

        r = tenant_entry_get(core, leased->tenant, &entry);
        if (r)
                return r;
        bound_to(leased->tenant, leased->id, bound);
        r = tenant_unseal(core, entry, text_from_octets(bound, sizeof(bound)), buffer_text(&l->sealed),
                          &plain);
        if (r)
                return fold(r);
        rest = buffer_text(&plain);
        if (!part(&rest, &to) || !part(&rest, &subject) || !part(&rest, &text) ||
            !text_copy(to, leased->to, sizeof(leased->to)) ||
            !text_copy(subject, leased->subject, sizeof(leased->subject)))
                return fault(-EBADMSG);
        buffer_init(&leased->text, MAIL_TEXT_MAX + 1);
        buffer_add_text(&leased->text, text);
        return leased->text.failure ? fault(leased->text.failure) : mail_files_open(core, entry, leased);
}

static void lease_done(struct lease *l)
{
        buffer_done(&l->sealed);
}

int mail_lease(struct core *core, struct mail_leased *ret)
{
        SCOPED(lease_done) struct lease l = { .core = core, .leased = ret };
        int r;

        buffer_init(&l.sealed, PARTS_MAX + TENANT_SEAL_OVERHEAD);
        for (;;) {
                *ret = (struct mail_leased){ 0 };
                l.now = clock_unix_ms();
                r = db_read(core->db, find_due, &l);
                if (r)
                        return r;
                r = db_write(core->db, take_in, &l);
                if (r < 0)
                        return r;
                if (r == 0 && l.expires_ms > l.now)
                        break;
        }
        r = open_sealed(core, &l);
        if (r)
                mail_leased_done(ret);
        return r;
}

void mail_leased_done(struct mail_leased *leased)
{
        wipe(&leased->text);
        wipe(&leased->octets);
        explicit_bzero(leased, sizeof(*leased));
}

struct end {
        const struct mail_leased *leased;
        enum mail_outcome outcome;
        int64_t now;
};

static int read_about(struct db_tx *tx, const struct mail_leased *leased, struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, leased->tenant, "SELECT about_id FROM mail_out WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&leased->id)), &rows);

        *ret = (struct id){ 0 };
        if (r == 0)
                *ret = db_rows_id(&rows, 0);
        return r;
}

/* One minute, then twice as long each time, at most an hour. */
static int64_t pause_ms(uint32_t attempts)
{
        return attempts < 6 ? MINUTE_MS << attempts : 60 * MINUTE_MS;
}

static int end_in(struct db_tx *tx, void *context)
{
        const struct end *e = context;
        const struct mail_leased *leased = e->leased;
        struct id about;
        int r = read_about(tx, leased, &about);

        if (r == DB_NO_ROW)
                return 0; /* whom it was about is gone */
        if (r)
                return fold(r);
        if (e->outcome == MAIL_DELAYED)
                return fold(
                        db_run(tx, leased->tenant,
                               "UPDATE mail_out SET due_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                               DB_VALUES(db_id(&leased->id), db_integer(e->now + pause_ms(leased->attempts))),
                               NULL));
        return drop(tx, leased->tenant, leased->id, about,
                    e->outcome == MAIL_REFUSED ? "mail-refused" : NULL);
}

int mail_end(struct core *core, const struct mail_leased *leased, enum mail_outcome outcome)
{
        struct end e = { leased, outcome, clock_unix_ms() };

        return db_write(core->db, end_in, &e);
}
