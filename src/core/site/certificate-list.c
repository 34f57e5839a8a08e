// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What was issued, what of it still counts, and its end. */

#include "core/site/certificate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/certificate-row.h"
#include "core/listing.h"
#include "core/state.h"

static bool next_key(struct text *column, struct text *ret_spki, int64_t *ret_until_ms)
{
        struct text word, until;
        uint64_t number;

        if (column->len == 0)
                return false;
        text_cut(*column, ' ', &word, column);
        *ret_until_ms = 0;
        if (text_cut(word, '@', ret_spki, &until) && text_number(until, INT64_MAX, &number))
                *ret_until_ms = (int64_t)number;
        return true;
}

void printer_issued_keys(const char *column, int64_t now_ms, struct printer_issued_keys *ret)
{
        struct text rest = text_from(column), spki;
        int64_t until_ms;

        *ret = (struct printer_issued_keys){ .any = rest.len > 0 };
        while (ret->count < PRINTER_ISSUED && next_key(&rest, &spki, &until_ms))
                if (until_ms > now_ms && text_copy(spki, ret->spki[ret->count], sizeof(ret->spki[0])))
                        ret->count++;
}

bool printer_issued_has(const char *column, int64_t now_ms, const char *spki)
{
        struct printer_issued_keys keys;

        printer_issued_keys(column, now_ms, &keys);
        for (size_t i = 0; i < keys.count; i++)
                if (text_equal_nocase(text_from(keys.spki[i]), text_from(spki)))
                        return true;
        return false;
}

int certificate_note_keys(struct db_tx *tx, struct id tenant, struct id printer)
{
        char column[PRINTER_ISSUED_COLUMN] = "";
        size_t len = 0;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_find(
                        tx, tenant,
                        "SELECT spki, max(until_ms) FROM certificate WHERE tenant_id = ?1 AND subject_id = ?2"
                        " AND revoked_ms = 0 AND until_ms > ?3 GROUP BY spki ORDER BY max(from_ms) DESC,"
                        " max(until_ms) DESC LIMIT 4",
                        DB_VALUES(db_id(&printer), db_integer(clock_unix_ms())), &rows);
                if (r)
                        return fold(r);
                while (db_rows_next(&rows, &r)) {
                        char spki[65];

                        db_rows_string(&rows, 0, spki, sizeof(spki));
                        len += (size_t)snprintf(column + len, sizeof(column) - len, "%s%s@%" PRId64,
                                                len ? " " : "", spki, db_rows_integer(&rows, 1));
                }
                if (r)
                        return fold(r);
        }
        return fold(db_run(tx, tenant,
                           "UPDATE printer SET identity_issued = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&printer), db_string(column[0] ? column : "none")), NULL));
}

int certificates_forget(struct db_tx *tx, struct id tenant, struct id subject)
{
        int r = fold(db_run(tx, tenant,
                            "DELETE FROM certificate_code WHERE tenant_id = ?1 AND printer_id = ?2",
                            DB_VALUES(db_id(&subject)), NULL));

        if (r == 0)
                r = fold(db_run(
                        tx, tenant,
                        "UPDATE certificate SET revoked_ms = ?3 WHERE tenant_id = ?1 AND subject_id = ?2"
                        " AND revoked_ms = 0",
                        DB_VALUES(db_id(&subject), db_integer(clock_unix_ms())), NULL));
        return r ? r
                 : fold(db_run(tx, tenant,
                               "UPDATE printer SET identity_issued = '' WHERE tenant_id = ?1 AND id = ?2",
                               DB_VALUES(db_id(&subject)), NULL));
}

static void read_certificate(struct db_rows *rows, void *item)
{
        struct certificate *ret = item;

        *ret = (struct certificate){ .id = db_rows_id(rows, 0) };
        ret->kind = (enum certificate_kind)db_rows_integer(rows, 1);
        ret->subject = db_rows_id(rows, 2);
        db_rows_octets(rows, 3, ret->serial, sizeof(ret->serial));
        db_rows_string(rows, 4, ret->spki, sizeof(ret->spki));
        db_rows_string(rows, 5, ret->names, sizeof(ret->names));
        ret->from_ms = db_rows_integer(rows, 6);
        ret->until_ms = db_rows_integer(rows, 7);
        ret->revoked_ms = db_rows_integer(rows, 8);
}

int certificate_list(struct core *core, const struct actor *actor, struct id subject, struct id after,
                     struct certificate *ret, size_t max, size_t *ret_count)
{
        bool is_of_sites = !actor_may(actor, RIGHT_PRINTERS_INSPECT, whose_tenant());
        struct listing certificates = {
                .tenant = actor->tenant,
                .sql = "SELECT c.id, c.kind, c.subject_id, c.serial, c.spki, c.names, c.from_ms, c.until_ms,"
                       " c.revoked_ms FROM certificate c WHERE c.tenant_id = ?1 AND c.id > ?2"
                       " AND (?4 IS NULL OR c.subject_id = ?4)"
                       " AND (?5 IS NULL OR EXISTS (SELECT 1 FROM site_administrator s WHERE s.tenant_id = ?1"
                       " AND s.person_id = ?5 AND (s.site_id IN (SELECT p.site_id FROM printer p"
                       " WHERE p.tenant_id = ?1 AND p.id = c.subject_id) OR s.site_id IN (SELECT a.site_id"
                       " FROM agent a WHERE a.tenant_id = ?1 AND a.id = c.subject_id)))) ORDER BY c.id LIMIT ?3",
                .values = DB_VALUES(id_is_zero(subject) ? db_null() : db_id(&subject),
                                    is_of_sites ? db_id(&actor->id) : db_null()),
                .after = after,
                .read = read_certificate,
                LISTING_INTO(ret, max)
        };

        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        return listing_find(core, &certificates, ret_count);
}

struct revocation {
        const struct actor *actor;
        struct id id;
};

/* Who may change what it is of; what is at another's site does not exist for him. */
static int check_right(struct db_tx *tx, const struct actor *actor, enum certificate_kind kind,
                       struct id subject)
{
        struct printer printer;
        int r;

        if (kind == CERTIFICATE_OF_AGENT) {
                r = right_to_agent(tx, actor, RIGHT_PRINTERS_CHANGE, subject);
                return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
        }
        r = printer_find_in(tx, actor->tenant, subject, &printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = right_at_site(tx, actor, RIGHT_PRINTERS_CHANGE, printer.site);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

static int revoke_in(struct db_tx *tx, void *context)
{
        const struct revocation *c = context;
        struct id tenant = c->actor->tenant, subject;
        enum certificate_kind kind;
        bool is_revoked;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(
                        tx, tenant,
                        "SELECT kind, subject_id, revoked_ms FROM certificate WHERE tenant_id = ?1 AND id = ?2",
                        DB_VALUES(db_id(&c->id)), &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
                kind = (enum certificate_kind)db_rows_integer(&rows, 0);
                subject = db_rows_id(&rows, 1);
                is_revoked = db_rows_integer(&rows, 2) != 0;
        }
        r = check_right(tx, c->actor, kind, subject);
        if (r || is_revoked)
                return r;
        r = fold(db_run(tx, tenant, "UPDATE certificate SET revoked_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                        DB_VALUES(db_id(&c->id), db_integer(clock_unix_ms())), NULL));
        if (r == 0 && kind == CERTIFICATE_OF_PRINTER)
                r = certificate_note_keys(tx, tenant, subject);
        return r ? r : event_add(tx, tenant, c->actor, "certificate-revoked", subject, "");
}

int certificate_revoke(struct core *core, const struct actor *actor, struct id id)
{
        struct revocation c = { .actor = actor, .id = id };

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        return db_write(core->db, revoke_in, &c);
}
