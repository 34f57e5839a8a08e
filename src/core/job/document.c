// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "core/job/stay.h"

void document_seal_id(struct id tenant, struct id job, uint32_t artefact, uint8_t ret[DOCUMENT_SEAL_ID])
{
        memcpy(ret, tenant.octets, ID_OCTETS);
        memcpy(ret + ID_OCTETS, job.octets, ID_OCTETS);
        for (size_t i = 0; i < 4; i++)
                ret[2 * ID_OCTETS + i] = (uint8_t)(artefact >> (24 - 8 * i));
}

/* What began so long ago that its version has ended meanwhile could never be read. */
static int check_version(struct db_tx *tx, struct id tenant, uint32_t version)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, "SELECT 1 FROM tenant_key WHERE tenant_id = ?1 AND version = ?2",
                       DB_VALUES(db_integer(version)), &rows);

        return r == DB_NO_ROW ? CORE_BUSY : fold(r);
}

int document_insert(struct db_tx *tx, struct id tenant, const struct document *d)
{
        int r = check_version(tx, tenant, d->key_version);

        if (r)
                return r;
        r = db_run(tx, tenant, "INSERT INTO key_day (tenant_id, day) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                   DB_VALUES(db_integer(d->expiry_day)), NULL);
        if (r)
                return fold(r);
        r = db_run(
                tx, tenant,
                "INSERT INTO document (tenant_id, job_id, artefact, key_version, wrapped, expiry_day, format,"
                " size_octets, sealed_octets, place_name, place_is_segment, place_offset)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                DB_VALUES(db_id(&d->job), db_integer(d->artefact), db_integer(d->key_version),
                          db_octets(d->wrapped.octets, sizeof(d->wrapped.octets)), db_integer(d->expiry_day),
                          db_string(d->format), db_integer((int64_t)d->size_octets),
                          db_integer((int64_t)d->sealed_octets),
                          db_octets(d->place.name, sizeof(d->place.name)), db_integer(d->place.is_segment),
                          db_integer((int64_t)d->place.offset)),
                NULL);
        return r ? fold(r) : tenant_count_octets(tx, tenant, (int64_t)d->sealed_octets);
}

static bool read_place(struct db_rows *rows, int column, struct vault_place *ret)
{
        ret->is_segment = db_rows_integer(rows, column + 1);
        ret->offset = (uint64_t)db_rows_integer(rows, column + 2);
        ret->length = (uint64_t)db_rows_integer(rows, column + 3);
        return db_rows_octets(rows, column, ret->name, sizeof(ret->name));
}

/* What was sent, where it stays with an agent: there is no place in the vault. */
static int find_stay(struct db_tx *tx, struct id tenant, struct id job, struct document *ret)
{
        struct stay stay;
        int r = stay_find(tx, tenant, job, &stay);

        if (r)
                return r;
        *ret = (struct document){ .job = job,
                                  .artefact = KEYS_ORIGINAL,
                                  .stays = true,
                                  .size_octets = stay.size_octets,
                                  .sealed_octets = stay.sealed_octets };
        memcpy(ret->format, stay.format, sizeof(ret->format));
        return 0;
}

int document_find(struct db_tx *tx, struct id tenant, struct id job, uint32_t artefact, struct document *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, tenant,
                "SELECT key_version, wrapped, expiry_day, format, size_octets, place_name, place_is_segment,"
                " place_offset, sealed_octets FROM document WHERE tenant_id = ?1 AND job_id = ?2 AND artefact = ?3",
                DB_VALUES(db_id(&job), db_integer(artefact)), &rows);
        if (r == DB_NO_ROW && artefact == KEYS_ORIGINAL)
                return find_stay(tx, tenant, job, ret);
        if (r)
                return r;
        ret->stays = false;
        ret->job = job;
        ret->artefact = artefact;
        ret->key_version = (uint32_t)db_rows_integer(&rows, 0);
        ret->expiry_day = db_rows_integer(&rows, 2);
        db_rows_string(&rows, 3, ret->format, sizeof(ret->format));
        ret->size_octets = (uint64_t)db_rows_integer(&rows, 4);
        ret->sealed_octets = (uint64_t)db_rows_integer(&rows, 8);
        if (!db_rows_octets(&rows, 1, ret->wrapped.octets, sizeof(ret->wrapped.octets)) ||
            !read_place(&rows, 5, &ret->place))
                return fault(-EBADMSG);
        return 0;
}

/* Adds the places of those that the query finds; *ret_octets is how much they are. */
static int collect_places(struct db_tx *tx, struct id tenant, const char *sql, struct id job,
                          uint32_t artefact, struct places *add_to, int64_t *ret_octets)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_octets = 0;
        r = db_find(tx, tenant, sql, DB_VALUES(db_id(&job), db_integer(artefact)), &rows);
        if (r)
                return fold(r);
        while (add_to->count < PLACES_MAX && db_rows_next(&rows, &r)) {
                struct vault_place *place = &add_to->at[add_to->count++];

                if (!read_place(&rows, 0, place))
                        return fault(-EBADMSG);
                *ret_octets += (int64_t)place->length;
        }
        return fold(r);
}

#define PLACE_OF "SELECT place_name, place_is_segment, place_offset, sealed_octets FROM document"

int document_delete(struct db_tx *tx, struct id tenant, struct id job, struct places *add_to)
{
        static const char *const statements[] = {
                "DELETE FROM work WHERE tenant_id = ?1 AND job_id = ?2",
                "DELETE FROM rendition WHERE tenant_id = ?1 AND job_id = ?2",
                "DELETE FROM document WHERE tenant_id = ?1 AND job_id = ?2",
        };
        int64_t octets;
        bool stayed;
        int r;

        r = stay_end(tx, tenant, job, &stayed);
        if (r)
                return r;
        if (stayed)
                add_to->stayed = tenant;
        r = collect_places(tx, tenant, PLACE_OF " WHERE tenant_id = ?1 AND job_id = ?2 AND artefact >= ?3",
                           job, KEYS_ORIGINAL, add_to, &octets);
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = db_run(tx, tenant, statements[i], DB_VALUES(db_id(&job)), NULL);
        return r || octets == 0 ? fold(r) : tenant_count_octets(tx, tenant, -octets);
}

int document_delete_one(struct db_tx *tx, struct id tenant, struct id job, uint32_t artefact,
                        struct places *add_to)
{
        static const char *const statements[] = {
                "DELETE FROM rendition WHERE tenant_id = ?1 AND job_id = ?2 AND artefact = ?3",
                "DELETE FROM document WHERE tenant_id = ?1 AND job_id = ?2 AND artefact = ?3",
        };
        int64_t octets;
        int r;

        r = collect_places(tx, tenant, PLACE_OF " WHERE tenant_id = ?1 AND job_id = ?2 AND artefact = ?3",
                           job, artefact, add_to, &octets);
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = db_run(tx, tenant, statements[i], DB_VALUES(db_id(&job), db_integer(artefact)), NULL);
        return r || octets == 0 ? fold(r) : tenant_count_octets(tx, tenant, -octets);
}

void places_free(struct core *core, const struct places *places)
{
        if (!id_is_zero(places->stayed))
                wake_agent(core, places->stayed, (struct id){ 0 }, "stays");
        for (size_t i = 0; i < places->count; i++) {
                int r = vault_delete(core->vault, &places->at[i]);

                /* The row and with it the key are gone already; the octets are collected at the next start.
                 */
                if (r < 0)
                        log_fault("vault-delete-failed", r);
        }
}

/* Its file is gone, which no crash does: somebody or a broken disk took it. All others are still to be
 * served; whoever asks for this one hears that it was destroyed. */
static void log_lost(struct id job)
{
        char string[ID_STRING];

        id_format(job, string);
        log_write(LOG_ERROR, "document-lost", "job", string, NULL);
}

static int keep_all(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct core *core = context;
        int r;

        r = db_find_all(
                tx, "SELECT place_name, place_is_segment, place_offset, sealed_octets, job_id FROM document",
                DB_NONE, &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                struct vault_place place;

                if (!read_place(&rows, 0, &place))
                        return fault(-EBADMSG);
                r = vault_keep(core->vault, &place);
                if (r == VAULT_NOT_FOUND)
                        log_lost(db_rows_id(&rows, 4));
                else if (r)
                        return fold(r);
        }
        return fold(r);
}

int document_keep_all(struct core *core)
{
        return db_read(core->db, keep_all, core);
}
