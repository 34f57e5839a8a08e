// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Which one it is that was seen: what can be asked is asked in the order of what says most. */

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/certificate.h"
#include "core/printer/sighting-row.h"

#define CANDIDATES_MAX 8

/* Whether ?2, an agent of the site ?3 (NULL: of none), may tell of the printer p. */
#define MAY_TELL "(p.agent_id = ?2 OR p.site_id = ?3 OR (p.agent_id IS NULL AND p.site_id IS NULL))"

#define CANDIDATES                                                                                              \
        "SELECT d.id, d.agent_id, d.printer_id, d.run_id, d.address, d.also, d.uuid, d.spki, d.make_and_model," \
        " d.silent_ms, s.mac, m.mac FROM discovered_printer d"                                                  \
        " LEFT JOIN agent a ON a.tenant_id = d.tenant_id AND a.id = d.agent_id"                                 \
        " LEFT JOIN printer p ON p.tenant_id = d.tenant_id AND p.id = d.printer_id"                             \
        " LEFT JOIN discovered_mark s ON s.tenant_id = d.tenant_id AND s.discovered_id = d.id AND s.kind = 1"   \
        " LEFT JOIN discovered_mark m ON m.tenant_id = d.tenant_id AND m.discovered_id = d.id AND m.kind = 2"   \
        " WHERE d.tenant_id = ?1 AND (d.agent_id = ?2 OR a.site_id = ?3 OR (p.id IS NOT NULL AND " MAY_TELL     \
        "))"
#define MARKED                                                                                         \
        " AND d.id IN (SELECT k.discovered_id FROM discovered_mark k WHERE k.tenant_id = ?1 AND k.mac" \
        " IN (?5, ?6) AND k.kind = ?4)"
/* Printers with a certificate of that key from our own authority. */
#define ISSUED(value)                                                                                      \
        "SELECT c.subject_id FROM certificate c WHERE c.tenant_id = ?1 AND c.kind = 1 AND c.spki = " value \
        " AND c.spki <> '' AND c.revoked_ms = 0"
#define NEWEST " ORDER BY d.seen_ms DESC LIMIT 8"

bool sighting_shows_identity(const struct sighting *sighting)
{
        const struct sighting_identity *identity = &sighting->identity;

        return identity->uuid[0] || identity->spki[0] || identity->serial[0] || identity->mac[0];
}

static bool row_has_identity(const struct discovered_row *row)
{
        return row->uuid[0] || row->spki[0] || row->has_serial || row->has_mac;
}

static void read_row(struct db_rows *rows, struct discovered_row *ret)
{
        *ret = (struct discovered_row){ .id = db_rows_id(rows, 0) };
        ret->agent = db_rows_id(rows, 1);
        ret->printer = db_rows_id(rows, 2);
        ret->run = db_rows_id(rows, 3);
        db_rows_string(rows, 4, ret->address, sizeof(ret->address));
        db_rows_string(rows, 5, ret->also, sizeof(ret->also));
        db_rows_string(rows, 6, ret->uuid, sizeof(ret->uuid));
        db_rows_string(rows, 7, ret->spki, sizeof(ret->spki));
        db_rows_string(rows, 8, ret->make_and_model, sizeof(ret->make_and_model));
        ret->silent_ms = db_rows_integer(rows, 9);
        ret->has_serial = db_rows_octets(rows, 10, ret->serial, sizeof(ret->serial));
        ret->has_mac = db_rows_octets(rows, 11, ret->mac, sizeof(ret->mac));
}

static bool differ(const char *a, const char *b)
{
        return a[0] && b[0] && strcmp(a, b) != 0;
}

/* Two serial numbers, or two UUIDs: then it is another one, whatever else is equal. Certificates are renewed,
 * and a printer may have more than one MAC. */
static bool contradicts(const struct sighting *sighting, const struct sighting_marks *marks,
                        const struct discovered_row *row)
{
        return differ(sighting->identity.uuid, row->uuid) ||
               (marks->has_serial && row->has_serial && !marks_have(&marks->serial, row->serial));
}

/* Of one that shows nothing of itself, or did not before: what it is called has to do. */
static bool is_alike(const struct sighting *sighting, const struct discovered_row *row)
{
        return (!sighting_shows_identity(sighting) || !row_has_identity(row)) &&
               !differ(sighting->make_and_model, row->make_and_model);
}

struct search {
        const char *sql;
        struct db_value values[5]; /* ?2 and onward */
        size_t count;
        bool by_address;
};

static int search(struct db_tx *tx, const struct teller *teller, const struct search *search,
                  const struct sighting *sighting, const struct sighting_marks *marks,
                  struct discovered_row *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(tx, teller->agent->tenant, search->sql, search->values, search->count, &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                read_row(&rows, ret);
                if (!contradicts(sighting, marks, ret) && (!search->by_address || is_alike(sighting, ret)))
                        return 0;
        }
        return r ? fold(r) : DB_NO_ROW;
}

int sighting_match(struct db_tx *tx, const struct teller *teller, const struct sighting *sighting,
                   const struct sighting_marks *marks, struct discovered_row *ret)
{
        const struct db_value agent = db_id(&teller->agent->id), site = db_id(&teller->site);
        const struct search searches[] = {
                { CANDIDATES " AND d.uuid = ?4 AND d.uuid <> ''" NEWEST,
                  { agent, site, db_string(sighting->identity.uuid) },
                  sighting->identity.uuid[0] ? 3 : 0,
                  false },
                { CANDIDATES " AND d.spki = ?4 AND d.spki <> ''" NEWEST,
                  { agent, site, db_string(sighting->identity.spki) },
                  sighting->identity.spki[0] ? 3 : 0,
                  false },
                { CANDIDATES " AND d.printer_id IN (" ISSUED("?4") ")" NEWEST,
                  { agent, site, db_string(sighting->identity.spki) },
                  sighting->identity.spki[0] ? 3 : 0,
                  false },
                { CANDIDATES MARKED NEWEST,
                  { agent, site, db_integer(MARK_SERIAL), marks_newest(&marks->serial),
                    marks_before(&marks->serial) },
                  marks->has_serial ? 5 : 0,
                  false },
                { CANDIDATES MARKED NEWEST,
                  { agent, site, db_integer(MARK_MAC), marks_newest(&marks->mac), marks_before(&marks->mac) },
                  marks->has_mac ? 5 : 0,
                  false },
                { CANDIDATES " AND d.address = ?4" NEWEST,
                  { agent, site, db_string(sighting->address) },
                  3,
                  true },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(searches); i++) {
                int r = searches[i].count ? search(tx, teller, &searches[i], sighting, marks, ret)
                                          : DB_NO_ROW;

                if (r != DB_NO_ROW)
                        return r;
        }
        return DB_NO_ROW;
}

struct pinned {
        struct id id;
        char uuid[64], spki[65], serial[64], issued[PRINTER_ISSUED_COLUMN];
};

static void read_pinned(struct db_rows *rows, struct pinned *ret)
{
        ret->id = db_rows_id(rows, 0);
        db_rows_string(rows, 1, ret->uuid, sizeof(ret->uuid));
        db_rows_string(rows, 2, ret->spki, sizeof(ret->spki));
        db_rows_string(rows, 3, ret->serial, sizeof(ret->serial));
        db_rows_string(rows, 4, ret->issued, sizeof(ret->issued));
}

/* The key of a certificate that was issued to it is as good as the one that was pinned; where there is only
 * the former, no other will do. */
static bool is_key_of(const char *spki, const struct pinned *pinned)
{
        if (!spki[0] || (!pinned->spki[0] && !pinned->issued[0]) || strcmp(spki, pinned->spki) == 0)
                return true;
        return printer_issued_has(pinned->issued, clock_unix_ms(), spki);
}

/* Everything that both sides know is equal; here the certificate counts as well, for the courier will ask for
 * it. */
static bool is_pinned_so(const struct sighting *sighting, const struct pinned *pinned)
{
        return !differ(sighting->identity.uuid, pinned->uuid) && is_key_of(sighting->identity.spki, pinned) &&
               !differ(sighting->identity.serial, pinned->serial);
}

#define PRINTERS \
        "SELECT p.id, p.identity_uuid, p.identity_spki, p.identity_serial, p.identity_issued FROM printer p WHERE p.tenant_id = ?1 AND p.forward_user = '' AND " MAY_TELL
#define PRINTERS_WITH(column, value)                                                                   \
        "SELECT u.id FROM printer u WHERE u.tenant_id = ?1 AND u." column " = " value " AND u." column \
        " <> ''"

static int by_identity(struct db_tx *tx, const struct teller *teller, const struct sighting *sighting,
                       struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        const struct sighting_identity *i = &sighting->identity;
        struct pinned pinned;
        int r;

        r = db_find(tx, teller->agent->tenant,
                    PRINTERS " AND p.id IN (" PRINTERS_WITH("identity_uuid", "?4") " UNION " PRINTERS_WITH(
                            "identity_spki",
                            "?5") " UNION " PRINTERS_WITH("identity_serial",
                                                          "?6") " UNION " ISSUED("?5") ") LIMIT 8",
                    DB_VALUES(db_id(&teller->agent->id), db_id(&teller->site), db_string(i->uuid),
                              db_string(i->spki), db_string(i->serial)),
                    &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                read_pinned(&rows, &pinned);
                if (is_pinned_so(sighting, &pinned)) {
                        *ret = pinned.id;
                        return 0;
                }
        }
        return fold(r);
}

/* One that stands there by its addresses, is nothing that was discovered, and says nothing against it. */
static int by_address(struct db_tx *tx, const struct teller *teller, const struct sighting *sighting,
                      struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct pinned pinned;
        int r;

        r = db_find(tx, teller->agent->tenant,
                    PRINTERS " AND p.id IN (SELECT h.printer_id FROM printer_host h WHERE h.tenant_id = ?1"
                             " AND h.host = ?4) AND NOT EXISTS (SELECT 1 FROM discovered_printer d"
                             " WHERE d.tenant_id = ?1 AND d.printer_id = p.id) LIMIT 8",
                    DB_VALUES(db_id(&teller->agent->id), db_id(&teller->site), db_string(sighting->address)),
                    &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                read_pinned(&rows, &pinned);
                if (is_pinned_so(sighting, &pinned)) {
                        *ret = pinned.id;
                        return 0;
                }
        }
        return fold(r);
}

int sighting_match_printer(struct db_tx *tx, const struct teller *teller, const struct sighting *sighting,
                           struct id *ret)
{
        int r;

        *ret = (struct id){ 0 };
        r = by_identity(tx, teller, sighting, ret);
        return r || !id_is_zero(*ret) ? r : by_address(tx, teller, sighting, ret);
}
