// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/sighting-row.h"

#define OF_AGENT_MAX  10000 /* discovered printers that are none of ours */
#define IDENTITY_MAX  128   /* serial number, NUL, MAC */
#define SEALED_OCTETS 256

struct text discovered_binding(struct id id, char room[DISCOVERED_BINDING])
{
        memcpy(room, "discovered", 10);
        memcpy(room + 10, id.octets, ID_OCTETS);
        return text_from_octets(room, DISCOVERED_BINDING);
}

/* What shows less than is known already leaves that as it is. */
static int seal(const struct teller *teller, const struct sighting *sighting,
                const struct discovered_row *row, struct buffer *to)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(IDENTITY_MAX);
        const struct tenant_entry *entry;
        char binding[DISCOVERED_BINDING];
        int r;

        if ((!sighting->identity.serial[0] && (row->has_serial || !sighting->identity.mac[0])) ||
            (!sighting->identity.mac[0] && row->has_mac))
                return 0;
        buffer_add_string(&plain, sighting->identity.serial);
        buffer_add_octet(&plain, '\n');
        buffer_add_string(&plain, sighting->identity.mac);
        if (plain.failure)
                return fault(plain.failure);
        r = tenant_entry_get(teller->core, teller->agent->tenant, &entry);
        return r ? r
                 : fold(tenant_seal(teller->core, entry, discovered_binding(row->id, binding),
                                    buffer_text(&plain), to));
}

static int mark_put(struct db_tx *tx, const struct teller *teller, struct id id, enum mark_kind kind,
                    const struct marks *marks)
{
        return fold(db_run(
                tx, teller->agent->tenant,
                "INSERT INTO discovered_mark (tenant_id, discovered_id, kind, mac, key_version)"
                " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (tenant_id, discovered_id, kind) DO UPDATE"
                " SET mac = excluded.mac, key_version = excluded.key_version",
                DB_VALUES(db_id(&id), db_integer(kind), marks_newest(marks), db_integer(marks->version)),
                NULL));
}

static int marks_put(struct db_tx *tx, const struct teller *teller, struct id id,
                     const struct sighting_marks *marks)
{
        int r = marks->has_serial ? mark_put(tx, teller, id, MARK_SERIAL, &marks->serial) : 0;

        return r == 0 && marks->has_mac ? mark_put(tx, teller, id, MARK_MAC, &marks->mac) : r;
}

int discovered_row_delete(struct db_tx *tx, struct id tenant, struct id discovered)
{
        int r = fold(db_run(tx, tenant,
                            "DELETE FROM discovered_mark WHERE tenant_id = ?1 AND discovered_id = ?2",
                            DB_VALUES(db_id(&discovered)), NULL));

        return r ? r
                 : fold(db_run(tx, tenant, "DELETE FROM discovered_printer WHERE tenant_id = ?1 AND id = ?2",
                               DB_VALUES(db_id(&discovered)), NULL));
}

/* Looks at the keys of those that are kept, which are so many at most. */
int discovered_make_room(struct db_tx *tx, const struct teller *teller)
{
        struct id oldest[SIGHTINGS_MAX];
        size_t count = 0;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_find(tx, teller->agent->tenant,
                            "SELECT d.id FROM discovered_printer d WHERE d.tenant_id = ?1 AND d.agent_id = ?2"
                            " AND d.printer_id IS NULL ORDER BY d.seen_ms DESC LIMIT ?3 OFFSET ?4",
                            DB_VALUES(db_id(&teller->agent->id), db_integer(SIGHTINGS_MAX),
                                      db_integer(OF_AGENT_MAX)),
                            &rows);
                if (r)
                        return fold(r);
                while (count < SIGHTINGS_MAX && db_rows_next(&rows, &r))
                        oldest[count++] = db_rows_id(&rows, 0);
        }
        r = fold(r);
        for (size_t i = 0; r == 0 && i < count; i++)
                r = discovered_row_delete(tx, teller->agent->tenant, oldest[i]);
        return r;
}

static struct db_value told(struct text text)
{
        return text.at ? db_text(text) : db_null();
}

static int insert(struct db_tx *tx, const struct teller *teller, const struct sighting *s, struct text sealed,
                  const struct discovered_row *row)
{
        return fold(db_run(
                tx, teller->agent->tenant,
                "INSERT INTO discovered_printer (tenant_id, id, agent_id, run_id, address, also, via, uuid, spki, sealed,"
                " make_and_model, facts, supplies, trays, covers, first_ms, seen_ms, silent_ms) VALUES (?1, ?2, ?3, ?4,"
                " ?5, '', ?6, ?7, ?8, ?9, ?10, coalesce(?11, '{}'), coalesce(?12, '[]'), coalesce(?13, '[]'),"
                " coalesce(?14, '[]'), ?15, ?15, 0)",
                DB_VALUES(db_id(&row->id), db_id(&teller->agent->id), db_id(&teller->run),
                          db_string(s->address), db_string(s->via), db_string(s->identity.uuid),
                          db_string(s->identity.spki),
                          sealed.len ? db_octets(sealed.at, sealed.len) : db_null(),
                          db_string(s->make_and_model), told(s->facts), told(s->supplies), told(s->trays),
                          told(s->covers), db_integer(teller->now - s->age_s * 1000)),
                NULL));
}

static int update(struct db_tx *tx, const struct teller *teller, const struct sighting *s, struct text sealed,
                  const struct discovered_row *row)
{
        return fold(db_run(
                tx, teller->agent->tenant,
                "UPDATE discovered_printer SET agent_id = ?3, run_id = ?4, address = ?5, also = ?6, via = ?7,"
                " uuid = CASE ?8 WHEN '' THEN uuid ELSE ?8 END, spki = CASE ?9 WHEN '' THEN spki ELSE ?9 END,"
                " sealed = coalesce(?10, sealed), make_and_model = CASE ?11 WHEN '' THEN make_and_model ELSE ?11 END,"
                " facts = coalesce(?12, facts), supplies = coalesce(?13, supplies), trays = coalesce(?14, trays),"
                " covers = coalesce(?15, covers), seen_ms = ?16, silent_ms = 0 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&row->id), db_id(&teller->agent->id), db_id(&teller->run),
                          db_string(row->address), db_string(row->also), db_string(s->via),
                          db_string(s->identity.uuid), db_string(s->identity.spki),
                          sealed.len ? db_octets(sealed.at, sealed.len) : db_null(),
                          db_string(s->make_and_model), told(s->facts), told(s->supplies), told(s->trays),
                          told(s->covers), db_integer(teller->now - s->age_s * 1000)),
                NULL));
}

int discovered_row_put(struct db_tx *tx, const struct teller *teller, const struct sighting *sighting,
                       const struct sighting_marks *marks, struct discovered_row *row)
{
        SCOPED(buffer_done) struct buffer sealed = BUFFER(SEALED_OCTETS);
        bool is_new = id_is_zero(row->id);
        int r;

        if (is_new) {
                *row = (struct discovered_row){ .id = id_new() };
                memcpy(row->address, sighting->address, sizeof(row->address));
        }
        r = seal(teller, sighting, row, &sealed);
        if (r == 0)
                r = is_new ? insert(tx, teller, sighting, buffer_text(&sealed), row)
                           : update(tx, teller, sighting, buffer_text(&sealed), row);
        return r ? r : marks_put(tx, teller, row->id, marks);
}

int discovered_row_link(struct db_tx *tx, struct id tenant, struct id discovered, struct id printer)
{
        int r = 0;

        if (!id_is_zero(printer))
                r = fold(db_run(
                        tx, tenant,
                        "UPDATE discovered_printer SET printer_id = NULL WHERE tenant_id = ?1 AND printer_id = ?2"
                        " AND id <> ?3",
                        DB_VALUES(db_id(&printer), db_id(&discovered)), NULL));
        return r ? r
                 : fold(db_run(
                           tx, tenant,
                           "UPDATE discovered_printer SET printer_id = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&discovered), db_id(&printer)), NULL));
}
