// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The end of a tenant: first its keys, at once and for good; then its rows, in steps that let others write.
 *
 * Every table with a tenant's rows stands in one list here; a test compares it with the schema, so that a new
 * table cannot be forgotten.
 */

#include "core/tenant/tenant.h"

#include <errno.h>
#include <stddef.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "core/tenant/tenant-tables.h"

/* A bounded part of a tenant's rows, by the second column of the table's key. */
#define PART(table, column)                                                                           \
        "DELETE FROM " table " WHERE tenant_id = ?1 AND " column " IN (SELECT " column " FROM " table \
        " WHERE tenant_id = ?1 LIMIT 500)"

#define COUNT(table) "SELECT count(*) FROM " table " WHERE tenant_id = ?1"

/* Whatever refers to another table stands before it. */
/* clang-format off */
const struct tenant_table tenant_tables[] = {
        { "idempotency", COUNT("idempotency"), PART("idempotency", "actor_id") },
        { "submission", COUNT("submission"), PART("submission", "key") },
        { "release", COUNT("release"), PART("release", "id") },
        { "delivery", COUNT("delivery"), PART("delivery", "id") },
        { "home", COUNT("home"), PART("home", "job_id") },
        { "stay", COUNT("stay"), PART("stay", "deposit_id") },
        { "work", COUNT("work"), PART("work", "id") },
        { "accounting", COUNT("accounting"), PART("accounting", "subject_id") },
        { "inspection", COUNT("inspection"), PART("inspection", "job_id") },
        { "rendition", COUNT("rendition"), PART("rendition", "job_id") },
        { "document", COUNT("document"), NULL }, /* with its place in the vault: delete_documents() */
        { "job", COUNT("job"), PART("job", "id") },
        { "machine_queue", COUNT("machine_queue"), PART("machine_queue", "person_id") },
        { "machine", COUNT("machine"), PART("machine", "person_id") },
        { "reader", COUNT("reader"), PART("reader", "id") },
        { "reader_switch", COUNT("reader_switch"), PART("reader_switch", "model") },
        { "badge_wait", COUNT("badge_wait"), PART("badge_wait", "printer_id") },
        { "panel_guest", COUNT("panel_guest"), PART("panel_guest", "panel_id") },
        { "panel", COUNT("panel"), PART("panel", "id") },
        { "panel_policy", COUNT("panel_policy"), "DELETE FROM panel_policy WHERE tenant_id = ?1" },
        { "policy", COUNT("policy"), PART("policy", "id") },
        { "ticket_default", COUNT("ticket_default"), PART("ticket_default", "owner_id") },
        { "agent_door_queue", COUNT("agent_door_queue"), PART("agent_door_queue", "agent_id") },
        { "agent_door", COUNT("agent_door"), PART("agent_door", "agent_id") },
        { "queue", COUNT("queue"), PART("queue", "id") },
        { "alert_message", COUNT("alert_message"), PART("alert_message", "id") },
        { "alert_route", COUNT("alert_route"), PART("alert_route", "id") },
        { "alert", COUNT("alert"), PART("alert", "id") },
        { "meter", COUNT("meter"), PART("meter", "printer_id") },
        { "device_configuration", COUNT("device_configuration"),
          PART("device_configuration", "printer_id") },
        { "readiness", COUNT("readiness"), PART("readiness", "printer_id") },
        { "device_usage", COUNT("device_usage"), PART("device_usage", "subject_id") },
        { "printer_watch", COUNT("printer_watch"), PART("printer_watch", "printer_id") },
        { "discovered_mark", COUNT("discovered_mark"), PART("discovered_mark", "discovered_id") },
        { "discovered_printer", COUNT("discovered_printer"), PART("discovered_printer", "id") },
        { "discovery_run", COUNT("discovery_run"), PART("discovery_run", "id") },
        { "discovery", COUNT("discovery"), PART("discovery", "agent_id") },
        { "printer_host", COUNT("printer_host"), PART("printer_host", "printer_id") },
        { "supply_level", COUNT("supply_level"), PART("supply_level", "supply_id") },
        { "supply", COUNT("supply"), PART("supply", "id") },
        { "printer_price", COUNT("printer_price"), PART("printer_price", "printer_id") },
        { "printer_state", COUNT("printer_state"), PART("printer_state", "printer_id") },
        { "printer_allowed", COUNT("printer_allowed"), PART("printer_allowed", "printer_id") },
        { "printer_grouping", COUNT("printer_grouping"), PART("printer_grouping", "group_id") },
        { "favourite", COUNT("favourite"), PART("favourite", "person_id") },
        { "printer_group", COUNT("printer_group"), PART("printer_group", "id") },
        { "printer", COUNT("printer"), PART("printer", "id") },
        { "agent", COUNT("agent"), PART("agent", "id") },
        { "converter", COUNT("converter"), PART("converter", "id") },
        { "home_queue", COUNT("home_queue"), PART("home_queue", "queue_id") },
        { "site_offline", COUNT("site_offline"), PART("site_offline", "site_id") },
        { "submitter", COUNT("submitter"), PART("submitter", "id") },
        { "refused_deposit", COUNT("refused_deposit"), PART("refused_deposit", "id") },
        { "site_administrator", COUNT("site_administrator"), PART("site_administrator", "person_id") },
        { "report_schedule", COUNT("report_schedule"), PART("report_schedule", "id") },
        { "report_total", COUNT("report_total"), PART("report_total", "subject_id") },
        { "report_setting", COUNT("report_setting"), "DELETE FROM report_setting WHERE tenant_id = ?1" },
        { "site", COUNT("site"), PART("site", "id") },
        { "delegate", COUNT("delegate"), PART("delegate", "owner_id") },
        { "device_code", COUNT("device_code"), PART("device_code", "hash") },
        { "grant_code", COUNT("grant_code"), PART("grant_code", "hash") },
        { "grant_refresh", COUNT("grant_refresh"), PART("grant_refresh", "hash") },
        { "grant_access", COUNT("grant_access"), PART("grant_access", "hash") },
        { "device_move", COUNT("device_move"), PART("device_move", "id") },
        { "client_grant", COUNT("client_grant"), PART("client_grant", "id") },
        { "client_secret", COUNT("client_secret"), PART("client_secret", "id") },
        { "client", COUNT("client"), PART("client", "id") },
        { "session", COUNT("session"), PART("session", "id") },
        { "totp", COUNT("totp"), PART("totp", "person_id") },
        { "recovery_code", COUNT("recovery_code"), PART("recovery_code", "person_id") },
        { "passkey", COUNT("passkey"), PART("passkey", "id") },
        { "one_time_code", COUNT("one_time_code"), PART("one_time_code", "id") },
        { "known_source", COUNT("known_source"), PART("known_source", "person_id") },
        { "membership", COUNT("membership"), PART("membership", "person_id") },
        { "group", COUNT("\"group\""), PART("\"group\"", "id") },
        { "mail_part", COUNT("mail_part"), PART("mail_part", "id") },
        { "mail_out", COUNT("mail_out"), PART("mail_out", "id") },
        { "admission", COUNT("admission"), "DELETE FROM admission WHERE tenant_id = ?1" },
        { "address_rule", COUNT("address_rule"), PART("address_rule", "id") },
        { "registration", COUNT("registration"), PART("registration", "id") },
        { "enrolment", COUNT("enrolment"), PART("enrolment", "id") },
        { "token", COUNT("token"), PART("token", "id") },
        { "badge", COUNT("badge"), PART("badge", "id") },
        { "roster_run", COUNT("roster_run"), PART("roster_run", "id") },
        { "roster_absence", COUNT("roster_absence"), PART("roster_absence", "person_id") },
        { "outside_session", COUNT("outside_session"), PART("outside_session", "method_id") },
        { "outside_identity", COUNT("outside_identity"), PART("outside_identity", "method_id") },
        { "person", COUNT("person"), PART("person", "id") },
        { "sign_in_policy", COUNT("sign_in_policy"), "DELETE FROM sign_in_policy WHERE tenant_id = ?1" },
        { "method", COUNT("method"), PART("method", "id") },
        { "event", COUNT("event"), PART("event", "number") },
        { "audit_checkpoint", COUNT("audit_checkpoint"), PART("audit_checkpoint", "sequence") },
        { "audit_unsigned", COUNT("audit_unsigned"), "DELETE FROM audit_unsigned WHERE tenant_id = ?1" },
        { "audit_push", COUNT("audit_push"), "DELETE FROM audit_push WHERE tenant_id = ?1" },
        { "deposit_box", COUNT("deposit_box"), PART("deposit_box", "key") },
        { "certificate_code", COUNT("certificate_code"), PART("certificate_code", "printer_id") },
        { "certificate", COUNT("certificate"), PART("certificate", "id") },
        { "authority", COUNT("authority"), "DELETE FROM authority WHERE tenant_id = ?1" },
        { "key_day", COUNT("key_day"), PART("key_day", "day") },
        { "tenant_domain", COUNT("tenant_domain"), PART("tenant_domain", "id") },
        { "tenant_limit", COUNT("tenant_limit"), PART("tenant_limit", "name") },
        { "key_exchange", COUNT("key_exchange"), "DELETE FROM key_exchange WHERE tenant_id = ?1" },
        { "tenant_key", COUNT("tenant_key"), PART("tenant_key", "version") },
};
/* clang-format on */
const size_t tenant_tables_count = ARRAY_LENGTH(tenant_tables);

struct end {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct text name;
        struct places places;
        int64_t deleted, total;
        const char *sql;
};

/* From this commit on nobody of it is let in (whoever comes with a secret is asked for his tenant's state),
 * nothing of it is found by code or domain, and no key of it can be opened again. What follows only makes
 * room. Short, whatever the tenant has: everybody's writes wait for it. */
static int mark(struct db_tx *tx, struct id tenant)
{
        static const char *const statements[] = {
                "DELETE FROM tenant_domain WHERE tenant_id = ?1",
                "DELETE FROM tenant_key WHERE tenant_id = ?1",
                "UPDATE agent SET fingerprint = NULL, code_hash = NULL WHERE tenant_id = ?1",
                "UPDATE converter SET fingerprint = NULL, code_hash = NULL WHERE tenant_id = ?1",
        };
        char code[ID_STRING];
        int r;

        /* Its company code is free for others from now on. */
        id_format(tenant, code);
        r = db_run(tx, tenant, "UPDATE tenant SET state = 'deleting', company_code_folded = ?2 WHERE id = ?1",
                   DB_VALUES(db_string(code)), NULL);
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = db_run(tx, tenant, statements[i], DB_NONE, NULL);
        return fold(r);
}

static int mark_in(struct db_tx *tx, void *context)
{
        struct end *end = context;
        struct tenant tenant;
        int r;

        r = tenant_row_find(tx, end->tenant, &tenant);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (tenant.is_operators || !text_equal_string(end->name, tenant.name))
                return CORE_BAD_VALUE;
        if (tenant.state == TENANT_DELETING)
                return 0;
        r = mark(tx, end->tenant);
        return r ? r
                 : event_add(tx, end->actor->tenant, end->actor, "tenant-deleted", end->tenant, tenant.name);
}

static void become_deleting(struct tenant *tenant, void *context)
{
        struct tenant_entry *entry =
                (struct tenant_entry *)((char *)tenant - offsetof(struct tenant_entry, tenant));

        (void)context;
        tenant->state = TENANT_DELETING;
        field_keys_wipe(entry->field_keys);
}

int tenant_delete(struct core *core, const struct actor *actor, struct id id, struct text name)
{
        struct end end = { .core = core, .actor = actor, .tenant = id, .name = name };
        int r;

        if (!actor_may(actor, RIGHT_TENANTS_CHANGE, whose_service()))
                return CORE_FORBIDDEN;
        r = db_write(core->db, mark_in, &end);
        if (r)
                return r;
        tenant_entry_change(core, id, become_deleting, NULL);
        /* Where the keeper is away this is a fault, and the sweeper does it before it deletes a row. */
        r = fold(keys_tenant_destroy(core->keys, id));
        if (r)
                return r;
        /* What was deleted leaves the write-ahead log too, at the latest with the sweeper's next turn. */
        r = db_checkpoint(core->db);
        return r == -EBUSY ? 0 : r;
}

static int find_deleting(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct end *end = context;
        int r;

        r = db_one_all(tx, "SELECT id FROM tenant WHERE state = 'deleting' LIMIT 1", DB_NONE, &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        end->tenant = db_rows_id(&rows, 0);
        return 0;
}

static int count_deleted(struct db_tx *tx, const struct end *end)
{
        return fold(db_run(tx, end->tenant,
                           "UPDATE tenant SET rows_deleted = rows_deleted + ?2 WHERE id = ?1",
                           DB_VALUES(db_integer(end->deleted)), NULL));
}

/* The jobs of some documents, whose rows go with their places. */
static int delete_documents(struct db_tx *tx, void *context)
{
        struct end *end = context;
        struct id jobs[PLACES_JOBS_MAX];
        size_t count = 0;
        int r;

        end->places.count = 0;
        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_find(tx, end->tenant,
                            "SELECT DISTINCT job_id FROM document WHERE tenant_id = ?1 LIMIT ?2",
                            DB_VALUES(db_integer((int64_t)ARRAY_LENGTH(jobs))), &rows);
                if (r)
                        return fold(r);
                while (count < ARRAY_LENGTH(jobs) && db_rows_next(&rows, &r))
                        jobs[count++] = db_rows_id(&rows, 0);
        }
        for (size_t i = 0; r == 0 && i < count; i++)
                r = document_delete(tx, end->tenant, jobs[i], &end->places);
        end->deleted = (int64_t)count;
        return r ? fold(r) : count_deleted(tx, end);
}

static int delete_part(struct db_tx *tx, void *context)
{
        struct end *end = context;

        int r = db_run(tx, end->tenant, end->sql, DB_NONE, &end->deleted);

        return r ? fold(r) : count_deleted(tx, end);
}

static int delete_tenant(struct db_tx *tx, void *context)
{
        struct end *end = context;
        int r = db_run(tx, end->tenant, "DELETE FROM tenant WHERE id = ?1 AND state = 'deleting'", DB_NONE,
                       NULL);

        return r == DB_TAKEN ? CORE_TAKEN : fold(r);
}

/* How many rows there are to delete, said once, so that who asks sees how far it is. */
static int count_rows(struct db_tx *tx, void *context)
{
        struct end *end = context;

        end->total = 0;
        for (size_t i = 0; i < tenant_tables_count; i++) {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };
                int r = db_one(tx, end->tenant, tenant_tables[i].count_sql, DB_NONE, &rows);

                if (r)
                        return fold(r);
                end->total += db_rows_integer(&rows, 0);
        }
        return 0;
}

static int store_total(struct db_tx *tx, void *context)
{
        struct end *end = context;

        return fold(db_run(tx, end->tenant,
                           "UPDATE tenant SET rows_deleting = rows_deleted + ?2 WHERE id = ?1",
                           DB_VALUES(db_integer(end->total)), NULL));
}

static int begin(struct core *core, struct end *end)
{
        int r;

        /* Where the keeper was away when it was asked for the first time. */
        r = keys_tenant_destroy(core->keys, end->tenant);
        if (r)
                return fold(r);
        r = db_read(core->db, count_rows, end);
        if (r == 0)
                r = db_write(core->db, store_total, end);
        if (r == 0) {
                core->ending = end->tenant;
                core->ending_table = 0;
        }
        return r;
}

static int delete_some(struct core *core, struct end *end)
{
        int r;

        end->sql = tenant_tables[core->ending_table].delete_sql;
        r = db_write(core->db, end->sql ? delete_part : delete_documents, end);
        if (r)
                return r;
        places_free(core, &end->places);
        if (end->deleted == 0)
                core->ending_table++;
        return 0;
}

int tenant_delete_step(struct core *core, bool *ret_more)
{
        struct end end = { .core = core };
        int r;

        r = db_read(core->db, find_deleting, &end);
        if (r)
                return r == CORE_NOT_FOUND ? 0 : r;
        *ret_more = true;
        if (!id_equal(core->ending, end.tenant))
                return begin(core, &end);
        if (core->ending_table < tenant_tables_count)
                return delete_some(core, &end);
        r = db_write(core->db, delete_tenant, &end);
        /* A row that came after its table's turn: once more from the first. */
        core->ending = (struct id){ 0 };
        return r == CORE_TAKEN ? 0 : r;
}
