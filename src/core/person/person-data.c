// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/person-data.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/accounting-row.h"
#include "core/trail/event.h"
#include "core/person/person.h"
#include "core/state.h"
#include "crypt/field.h"

#define ROWS_ONCE 200

/* ?2 is the person, ?3 the first column of the last row seen (or what is before any), ?4 how many. */
struct section {
        const char *name;
        const char *sql;
        bool is_counted; /* the first column is a number, or else octets or text */
        struct {
                const char *name;
                enum person_data_kind kind;
        } columns[PERSON_DATA_VALUES];
};

#define ID(name)                     \
        {                            \
                name, PERSON_DATA_ID \
        }
#define TEXT_(name)                    \
        {                              \
                name, PERSON_DATA_TEXT \
        }
#define NUMBER(name)                     \
        {                                \
                name, PERSON_DATA_NUMBER \
        }
#define FLAG(name)                     \
        {                              \
                name, PERSON_DATA_FLAG \
        }
#define TIME(name)                     \
        {                              \
                name, PERSON_DATA_TIME \
        }
#define HIDDEN                         \
        {                              \
                "", PERSON_DATA_HIDDEN \
        }
#define TITLE(name)                     \
        {                               \
                name, PERSON_DATA_TITLE \
        }

#define ACCOUNT(name)                     \
        {                                 \
                name, PERSON_DATA_ACCOUNT \
        }

/* clang-format off */
static const struct section sections[] = {
        { "person",
          "SELECT id, email, name, department, role, disabled, password IS NOT NULL, pin IS NOT NULL, created_ms,"
          " password_until_ms > 0, pin_given, asks_company, role_method_id IS NOT NULL, guest_until_ms FROM person"
          " WHERE tenant_id = ?1 AND id = ?2 AND id > ?3 LIMIT ?4", false,
          { ID("id"), TEXT_("email"), TEXT_("name"), TEXT_("department"), NUMBER("role"), FLAG("disabled"),
            FLAG("has_password"), FLAG("has_pin"), TIME("created"),
            FLAG("password_given"), FLAG("pin_given"), FLAG("always_company_code"), FLAG("role_from_groups"),
            TIME("guest_until") } },
        { "groups",
          "SELECT m.group_id, g.name, m.method_id FROM membership m JOIN \"group\" g ON g.tenant_id = m.tenant_id"
          " AND g.id = m.group_id WHERE m.tenant_id = ?1 AND m.person_id = ?2 AND m.group_id > ?3"
          " ORDER BY m.group_id LIMIT ?4", false,
          { ID("group"), TEXT_("name"), ID("method") } },
        { "badges",
          "SELECT id, kind, label, tail, created_ms, used_ms, seen_site, seen_ms FROM badge"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), NUMBER("kind"), TEXT_("label"), TEXT_("tail"), TIME("created"), TIME("used"),
            ID("seen_site"), TIME("seen") } },
        { "badge_waits",
          "SELECT printer_id, reader_id, expires_ms FROM badge_wait"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND printer_id > ?3 ORDER BY printer_id LIMIT ?4", false,
          { ID("printer"), ID("reader"), TIME("expires") } },
        { "panel_guests",
          "SELECT panel_id, method, expires_ms FROM panel_guest"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND panel_id > ?3 ORDER BY panel_id LIMIT ?4", false,
          { ID("panel"), TEXT_("method"), TIME("expires") } },
        { "badge_claims",
          "SELECT id, printer_id, tail, state, shown_ms FROM enrolment"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), ID("printer"), TEXT_("tail"), NUMBER("state"), TIME("shown") } },
        { "tokens",
          "SELECT id, kind, label, created_ms, expires_ms, used_ms, used_from, queue_id FROM token"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), NUMBER("kind"), TEXT_("label"), TIME("created"), TIME("expires"), TIME("used"), TEXT_("used_from") } },
        { "programs",
          "SELECT id, client, label, source, created_ms, used_ms, expires_ms FROM client_grant"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), TEXT_("program"), TEXT_("label"), TEXT_("source"), TIME("created"), TIME("used"), TIME("expires") } },
        { "sessions",
          "SELECT id, method, source, label, created_ms, seen_ms, expires_ms FROM session"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), TEXT_("method"), TEXT_("source"), TEXT_("label"), TIME("created"), TIME("seen"), TIME("expires") } },
        { "outside_identities",
          "SELECT subject, issuer, method_id, created_ms, seen_ms FROM outside_identity"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND subject > ?3 ORDER BY subject LIMIT ?4", false,
          { TEXT_("subject"), TEXT_("issuer"), ID("method"), TIME("created"), TIME("seen") } },
        { "missed_by_directories",
          "SELECT method_id, at_ms FROM roster_absence"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND method_id > ?3 ORDER BY method_id LIMIT ?4", false,
          { ID("method"), TIME("at") } },
        { "passkeys",
          "SELECT id, label, created_ms, used_ms FROM passkey"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), TEXT_("label"), TIME("created"), TIME("used") } },
        { "totp",
          "SELECT person_id, created_ms, confirmed_ms FROM totp"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND person_id > ?3 LIMIT ?4", false,
          { ID("person"), TIME("created"), TIME("confirmed") } },
        { "recovery_codes",
          "SELECT n, n FROM (SELECT count(*) AS n FROM recovery_code WHERE tenant_id = ?1 AND person_id = ?2)"
          " WHERE n > 0 AND ?3 < 0 LIMIT ?4", true,
          { NUMBER("left") } },
        { "one_time_codes",
          "SELECT id, created_ms, expires_ms FROM one_time_code"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), TIME("created"), TIME("expires") } },
        { "signed_in_from",
          "SELECT source, used_ms FROM known_source"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND source > ?3 ORDER BY source LIMIT ?4", false,
          { HIDDEN, TIME("used") } },
        { "report_schedules",
          "SELECT id, subject, period, language, outcome, outcome_ms, created_ms, asked_id, attach FROM report_schedule"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), NUMBER("by"), NUMBER("period"), NUMBER("language"), TEXT_("outcome"), TIME("outcome_at"), TIME("created"), ID("asked_by"), NUMBER("attach") } },
        { "printed_days",
          "SELECT day, sum(jobs), sum(pages), sum(colour_pages), sum(sheets), sum(saved_jobs), sum(saved_pages)"
          " FROM report_total WHERE tenant_id = ?1 AND kind = 1 AND subject_id = ?2 AND day > ?3"
          " GROUP BY day ORDER BY day LIMIT ?4", true,
          { NUMBER("day"), NUMBER("jobs"), NUMBER("pages"), NUMBER("colour_pages"), NUMBER("sheets"),
            NUMBER("jobs_not_collected"), NUMBER("pages_not_collected") } },
        { "delegates",
          "SELECT person_id, titles, until_ms, created_ms FROM delegate"
          " WHERE tenant_id = ?1 AND owner_id = ?2 AND person_id > ?3 ORDER BY person_id LIMIT ?4", false,
          { ID("person"), FLAG("titles"), TIME("until"), TIME("created") } },
        { "delegate_of",
          "SELECT owner_id, titles, until_ms, created_ms FROM delegate"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND owner_id > ?3 ORDER BY owner_id LIMIT ?4", false,
          { ID("owner"), FLAG("titles"), TIME("until"), TIME("created") } },
        { "favourites",
          "SELECT printer_id, created_ms FROM favourite"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND printer_id > ?3 ORDER BY printer_id LIMIT ?4", false,
          { ID("printer"), TIME("created") } },
        { "submitters",
          "SELECT id, network, user_name, created_ms FROM submitter"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), TEXT_("network"), TEXT_("user"), TIME("created") } },
        { "refused_deposits",
          "SELECT id, door, reason, queue, client, made_ms FROM refused_deposit WHERE tenant_id = ?1"
          " AND (claimed_id = ?2 OR person_id = ?2) AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), TEXT_("door"), TEXT_("reason"), TEXT_("queue"), TEXT_("client"), TIME("made") } },
        { "sites_looked_after",
          "SELECT site_id, person_id FROM site_administrator"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND site_id > ?3 ORDER BY site_id LIMIT ?4", false,
          { ID("site") } },
        { "registration",
          "SELECT id, email, name, state, created_ms FROM registration"
          " WHERE tenant_id = ?1 AND id = ?2 AND id > ?3 LIMIT ?4", false,
          { ID("id"), TEXT_("email"), TEXT_("name"), NUMBER("state"), TIME("created") } },
        { "address_rules",
          "SELECT a.id, a.blocks, a.pattern, a.note, a.created_ms FROM address_rule a JOIN person p"
          " ON p.tenant_id = a.tenant_id AND p.email = a.pattern"
          " WHERE a.tenant_id = ?1 AND p.id = ?2 AND a.id > ?3 ORDER BY a.id LIMIT ?4", false,
          { ID("id"), FLAG("blocks"), TEXT_("pattern"), TEXT_("note"), TIME("created") } },
        { "mail_waiting",
          "SELECT id, created_ms, expires_ms FROM mail_out"
          " WHERE tenant_id = ?1 AND about_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), TIME("created"), TIME("expires") } },
        { "ticket_default",
          "SELECT owner_id, ticket FROM ticket_default"
          " WHERE tenant_id = ?1 AND owner_id = ?2 AND kind = 3 AND owner_id > ?3 LIMIT ?4", false,
          { HIDDEN, TEXT_("ticket") } },
        { "jobs",
          "SELECT id, number, queue_id, state, reason, title, format, size_octets, ticket, created_ms, done_ms FROM job"
          " WHERE tenant_id = ?1 AND owner_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), NUMBER("number"), ID("queue"), TEXT_("state"), TEXT_("reason"), TITLE("title"), TEXT_("format"),
            NUMBER("size"), TEXT_("ticket"), TIME("created"), TIME("done") } },
        { "accounting",
          "SELECT subject_id, sealed FROM accounting"
          " WHERE tenant_id = ?1 AND owner_id = ?2 AND subject_id > ?3 ORDER BY subject_id LIMIT ?4", false,
          { ID("subject"), ACCOUNT("account_and_user") } },
        { "releases",
          "SELECT id, printer_id, method, created_ms FROM release"
          " WHERE tenant_id = ?1 AND person_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4", false,
          { ID("id"), ID("printer"), NUMBER("method"), TIME("created") } },
        { "deliveries",
          "SELECT d.id, d.job_id, d.printer_id, d.state, d.reason, d.pages, d.created_ms, d.ended_ms FROM delivery d"
          " JOIN job j ON j.tenant_id = d.tenant_id AND j.id = d.job_id"
          " WHERE d.tenant_id = ?1 AND j.owner_id = ?2 AND d.id > ?3 ORDER BY d.id LIMIT ?4", false,
          { ID("id"), ID("job"), ID("printer"), TEXT_("state"), TEXT_("reason"), NUMBER("pages"), TIME("created"),
            TIME("ended") } },
        { "events",
          "SELECT number, at_ms, kind, actor_kind, actor_id, subject_id, detail, via, source FROM event"
          " WHERE tenant_id = ?1 AND (subject_id = ?2 OR actor_id = ?2) AND number > ?3 ORDER BY number LIMIT ?4", true,
          { NUMBER("number"), TIME("at"), TEXT_("event"), TEXT_("actor_kind"), ID("actor"), ID("subject"),
            TEXT_("detail"), TEXT_("via"), TEXT_("source") } },
};
/* clang-format on */

const char *person_data_section(const struct person_data *at)
{
        return at->section < ARRAY_LENGTH(sections) ? sections[at->section].name : NULL;
}

bool person_data_tells_of(const char *table)
{
        char from[80], join[80];

        snprintf(from, sizeof(from), "FROM %s ", table);
        snprintf(join, sizeof(join), "JOIN %s ", table);
        for (size_t i = 0; i < ARRAY_LENGTH(sections); i++)
                if (strstr(sections[i].sql, from) || strstr(sections[i].sql, join))
                        return true;
        return false;
}

struct walk {
        struct core *core;
        const struct actor *actor;
        struct id person;
        struct person_data *at;
        int (*row)(void *context, const struct person_data_value *values, size_t count);
        void *context;
        size_t count;
        struct buffer title;
};

static void walk_done(struct walk *walk)
{
        buffer_done(&walk->title);
}

/* The title of the job in the first column; an empty text where it cannot be read. */
static int open_title(struct walk *walk, struct text sealed, struct id job, struct text *ret)
{
        const struct tenant_entry *entry;
        int r = tenant_entry_get(walk->core, walk->actor->tenant, &entry);

        if (r)
                return r;
        buffer_clear(&walk->title);
        r = tenant_unseal(walk->core, entry, text_from_octets(job.octets, ID_OCTETS), sealed, &walk->title);
        if (r < 0)
                return r;
        *ret = buffer_text(&walk->title);
        return 0;
}

/* Likewise who pays for what the first column names. */
static int open_account(struct walk *walk, struct text sealed, struct id subject, struct text *ret)
{
        struct accounting accounting;
        int r;

        if (sealed.len == 0)
                return 0;
        r = accounting_row_open(walk->core, walk->actor->tenant, subject, sealed, &accounting);
        if (r)
                return r;
        buffer_clear(&walk->title);
        buffer_format(&walk->title, "%s %s", accounting.account, accounting.user);
        *ret = text_trim(buffer_text(&walk->title));
        return 0;
}

static int tell_row(struct walk *walk, const struct section *section, struct db_rows *rows)
{
        struct person_data_value values[PERSON_DATA_VALUES] = { 0 };
        size_t count = 0;

        for (int i = 0; i < PERSON_DATA_VALUES && section->columns[i].name; i++) {
                struct person_data_value *value = &values[count];
                enum person_data_kind kind = section->columns[i].kind;
                int r;

                if (kind == PERSON_DATA_HIDDEN ||
                    (kind == PERSON_DATA_TITLE && !id_equal(walk->actor->id, walk->person)))
                        continue;
                value->name = section->columns[i].name;
                value->kind = kind;
                if (kind == PERSON_DATA_ID) {
                        value->id = db_rows_id(rows, i);
                } else if (kind == PERSON_DATA_TEXT) {
                        value->text = db_rows_text(rows, i);
                } else if (kind == PERSON_DATA_TITLE) {
                        r = open_title(walk, db_rows_text(rows, i), db_rows_id(rows, 0), &value->text);
                        if (r)
                                return r;
                } else if (kind == PERSON_DATA_ACCOUNT) {
                        r = open_account(walk, db_rows_text(rows, i), db_rows_id(rows, 0), &value->text);
                        if (r)
                                return r;
                } else {
                        value->number = db_rows_integer(rows, i);
                }
                count++;
        }
        return walk->row(walk->context, values, count);
}

static int keep_cursor(const struct section *section, struct db_rows *rows, struct person_data *at)
{
        struct text first = db_rows_text(rows, 0);

        if (section->is_counted) {
                at->number = db_rows_integer(rows, 0);
                return 0;
        }
        if (first.len > sizeof(at->octets))
                return fault(-EMSGSIZE);
        memcpy(at->octets, first.at, first.len);
        at->octets_len = first.len;
        return 0;
}

/* In a read's snapshot; what is told is told once, for reads are not run again. */
static int next_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct walk *walk = context;
        struct person_data *at = walk->at;
        const struct section *section = &sections[at->section];
        struct text last = text_from_octets(at->octets, at->octets_len);
        bool is_text = section->columns[0].kind == PERSON_DATA_TEXT;
        int r;

        r = db_find(tx, walk->actor->tenant, section->sql,
                    DB_VALUES(db_id(&walk->person),
                              section->is_counted ? db_integer(at->goes_on ? at->number : -1)
                              : is_text           ? db_text(last)
                                                  : db_octets(last.at, last.len),
                              db_integer(ROWS_ONCE)),
                    &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                r = keep_cursor(section, &rows, at);
                if (r == 0)
                        r = tell_row(walk, section, &rows);
                if (r)
                        return r;
                walk->count++;
        }
        return fold(r);
}

static int exists_in(struct db_tx *tx, void *context)
{
        const struct walk *walk = context;
        struct person person;
        int r = person_row_find(tx, walk->actor->tenant, walk->person, &person);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

int person_data_next(struct core *core, const struct actor *actor, struct id person, struct person_data *at,
                     int (*row)(void *context, const struct person_data_value *values, size_t count),
                     void *context, bool *ret_ended)
{
        SCOPED(walk_done) struct walk walk = { core, actor, person, at, row, context, 0, { 0 } };
        int r;

        if (!actor_may(actor, RIGHT_PERSON_EXPORT, whose_some()))
                return CORE_FORBIDDEN;
        if (!actor_may(actor, RIGHT_PERSON_EXPORT, whose_person(person)))
                return CORE_NOT_FOUND;
        buffer_init(&walk.title, 4096);
        if (at->section == 0 && !at->goes_on) {
                r = db_read(core->db, exists_in, &walk);
                if (r == 0)
                        r = event_note(core, actor->tenant, actor, "person-exported", person, "");
                if (r)
                        return r;
        }
        r = db_read(core->db, next_in, &walk);
        if (r)
                return r;
        at->goes_on = true;
        *ret_ended = walk.count < ROWS_ONCE;
        if (*ret_ended)
                *at = (struct person_data){ .section = at->section + 1 };
        return 0;
}
