// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Printers that ask by themselves (EST, RFC 7030): the first time by a code, then by what they have. */

#include "core/site/certificate.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/certificate-row.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct id tenant;
        struct text name;
        struct id id; /* of the printer */
        struct printer printer;
        uint8_t code_hash[HASH_OCTETS];
        char spki[65];
        int64_t now, expires_ms;
};

/* ---- the code ---- */

static int make_code_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = printer_find_in(tx, c->tenant, c->id, &c->printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = right_at_site(tx, c->actor, RIGHT_PRINTERS_CHANGE, c->printer.site);
        if (r)
                return r;
        r = fold(db_run(
                tx, c->tenant,
                "INSERT INTO certificate_code (tenant_id, printer_id, hash, expires_ms)"
                " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant_id, printer_id) DO UPDATE"
                " SET hash = excluded.hash, expires_ms = excluded.expires_ms",
                DB_VALUES(db_id(&c->id), db_octets(c->code_hash, HASH_OCTETS), db_integer(c->expires_ms)),
                NULL));
        return r ? r : event_add(tx, c->tenant, c->actor, "certificate-code-made", c->id, "");
}

int certificate_make_code(struct core *core, const struct actor *actor, struct id printer,
                          char ret_code[OUTPOST_CODE], int64_t *ret_expires_ms)
{
        SCOPED(freep) struct context *c = calloc(1, sizeof(*c));
        SCOPED(freep) struct authority *authority = calloc(1, sizeof(*authority));
        int r;

        if (!c || !authority)
                return fault(-ENOMEM);
        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = authority_find(core, actor->tenant, authority);
        if (r)
                return r;
        *c = (struct context){ .actor = actor, .tenant = actor->tenant, .id = printer };
        c->expires_ms = clock_unix_ms() + core->settings.enrolment_ms;
        outpost_code_make(ret_code, c->code_hash);
        r = db_write(core->db, make_code_in, c);
        if (r == 0)
                *ret_expires_ms = c->expires_ms;
        return r;
}

/* ---- enrolment ---- */

/* By name or alias, as a person types it, or by id. */
static int find_printer_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        char name[CORE_NAME];
        int r;

        if (!id_parse(c->name, &c->id)) {
                if (!text_copy(c->name, name, sizeof(name)))
                        return CORE_WRONG_CREDENTIALS;
                r = db_one(tx, c->tenant, "SELECT id FROM printer WHERE tenant_id = ?1 AND name = ?2",
                           DB_VALUES(db_string(name)), &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
                c->id = db_rows_id(&rows, 0);
        }
        r = printer_find_in(tx, c->tenant, c->id, &c->printer);
        return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
}

/* An address without a label: the code, or the key, tells whose printer it is. */
static int find_tenant_of(struct db_tx *tx, struct context *c, const char *sql, struct db_value secret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        if (!id_is_zero(c->tenant))
                return 0;
        r = db_one_all(tx, sql, DB_VALUES(secret, db_integer(c->now)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        c->tenant = db_rows_id(&rows, 0);
        return 0;
}

/* Whether the code is good, before anything is signed. */
static int look_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = find_tenant_of(tx, c,
                               "SELECT tenant_id FROM certificate_code WHERE hash = ?1 AND expires_ms > ?2",
                               db_octets(c->code_hash, HASH_OCTETS));

        if (r == 0)
                r = find_printer_in(tx, c);
        if (r)
                return r;
        r = db_one(tx, c->tenant,
                   "SELECT 1 FROM certificate_code WHERE tenant_id = ?1 AND printer_id = ?2 AND hash = ?3"
                   " AND expires_ms > ?4",
                   DB_VALUES(db_id(&c->id), db_octets(c->code_hash, HASH_OCTETS), db_integer(c->now)), &rows);
        return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
}

/* Of two that come at once with one code, one gets a certificate. */
static int spend_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r = fold(
                db_run(tx, c->tenant,
                       "DELETE FROM certificate_code WHERE tenant_id = ?1 AND printer_id = ?2 AND hash = ?3"
                       " AND expires_ms > ?4",
                       DB_VALUES(db_id(&c->id), db_octets(c->code_hash, HASH_OCTETS), db_integer(c->now)),
                       &changed));

        return r ? r : changed ? 0 : CORE_WRONG_CREDENTIALS;
}

static int issue(struct core *core, struct context *c, const char *way, struct text request,
                 int (*check)(struct db_tx *tx, void *context), struct certificate_issued *ret)
{
        SCOPED(freep) struct certificate_names *names = calloc(1, sizeof(*names));
        struct certificate_order order = { .core = core,
                                           .tenant = c->tenant,
                                           .kind = CERTIFICATE_OF_PRINTER,
                                           .subject = c->id,
                                           .life_ms = core->settings.certificates.est_ms,
                                           .way = way,
                                           .request = request,
                                           .check = check,
                                           .context = c,
                                           .issued = ret };

        if (!names)
                return fault(-ENOMEM);
        certificate_names_of_printer(&c->printer, names);
        order.names = names->list;
        return certificate_issue(&order);
}

int certificate_enrol(struct core *core, const struct certificate_enrolment *enrolment,
                      struct certificate_issued *ret)
{
        SCOPED(freep) struct context *c = calloc(1, sizeof(*c));
        int r;

        *ret = (struct certificate_issued){ .der = BUFFER(AUTHORITY_ROOT_MAX) };
        if (!c)
                return fault(-ENOMEM);
        *c = (struct context){ .tenant = enrolment->tenant,
                               .name = enrolment->printer,
                               .now = clock_unix_ms() };
        outpost_code_hash(enrolment->code, c->code_hash);
        r = db_read(core->db, look_in, c);
        return r ? r : issue(core, c, "est", enrolment->request, spend_in, ret);
}

/* ---- renewal ---- */

/* Whose key it is, while it is good; asked again where the row is written. */
static int find_key_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = find_tenant_of(
                tx, c,
                "SELECT tenant_id FROM certificate WHERE spki = ?1 AND kind = 1 AND revoked_ms = 0"
                " AND until_ms > ?2 ORDER BY until_ms DESC LIMIT 1",
                db_string(c->spki));

        if (r)
                return r;
        r = db_one(tx, c->tenant,
                   "SELECT subject_id FROM certificate WHERE tenant_id = ?1 AND spki = ?2 AND kind = ?3"
                   " AND revoked_ms = 0 AND until_ms > ?4 ORDER BY until_ms DESC LIMIT 1",
                   DB_VALUES(db_string(c->spki), db_integer(CERTIFICATE_OF_PRINTER), db_integer(c->now)),
                   &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        c->id = db_rows_id(&rows, 0);
        r = printer_find_in(tx, c->tenant, c->id, &c->printer);
        return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
}

int certificate_renew(struct core *core, struct id tenant, const uint8_t fingerprint[HASH_OCTETS],
                      struct text request, struct certificate_issued *ret)
{
        SCOPED(freep) struct context *c = calloc(1, sizeof(*c));
        int r;

        *ret = (struct certificate_issued){ .der = BUFFER(AUTHORITY_ROOT_MAX) };
        if (!c)
                return fault(-ENOMEM);
        *c = (struct context){ .tenant = tenant, .now = clock_unix_ms() };
        hex_format(fingerprint, HASH_OCTETS, c->spki);
        r = db_read(core->db, find_key_in, c);
        return r ? r : issue(core, c, "renewal", request, find_key_in, ret);
}
