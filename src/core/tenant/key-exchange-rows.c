// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/tenant/key-exchange-rows.h"

#include "base/scope.h"

/* What the folder's other files bind their fields to; tests of an exchange read every one of them back. */

static void bind_key(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_text(to, key);
}

static void bind_facts(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_text(to, key);
        buffer_add_string(to, "facts");
}

static void bind_accounting(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_string(to, "accounting");
        buffer_add_text(to, key);
}

static void bind_method(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_string(to, "method");
        buffer_add_text(to, key);
}

static void bind_discovered(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_string(to, "discovered");
        buffer_add_text(to, key);
}

static void bind_discovery(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_string(to, "discovery");
        buffer_add_text(to, key);
}

static void bind_alert_route(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_string(to, "alert-route");
        buffer_add_text(to, key);
}

static void bind_mail(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_string(to, "mail");
        buffer_add(to, tenant.octets, ID_OCTETS);
        buffer_add_text(to, key);
}

static void bind_mail_part(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_string(to, "mail-part");
        buffer_add(to, tenant.octets, ID_OCTETS);
        buffer_add_text(to, key);
}

static void bind_totp(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_string(to, "totp");
        buffer_add_text(to, key);
}

static void bind_second(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        buffer_add_text(to, second);
}

static void bind_outside(struct id tenant, struct text key, struct text second, const char *column,
                         struct buffer *to)
{
        buffer_add(to, tenant.octets, ID_OCTETS);
        buffer_add_text(to, key);
        buffer_add_string(to, column);
        buffer_add_text(to, second);
}

static void bind_refresh(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        bind_outside(tenant, key, second, "refresh", to);
}

static void bind_id_token(struct id tenant, struct text key, struct text second, struct buffer *to)
{
        bind_outside(tenant, key, second, "id-token", to);
}

/* Where the key is unique a batch goes on after its last one; else with it, for what is done is not found
 * again. */
#define ROWS(columns, table, key, beyond, old)                                                              \
        .count = "SELECT count(*) FROM " table " WHERE tenant_id = ?1 AND " key " >= ?2 AND " old,          \
        .find = "SELECT " columns " FROM " table " WHERE tenant_id = ?1 AND " key " " beyond " ?2 AND " old \
                " ORDER BY " key " LIMIT ?4"

#define MARKS(table, key, beyond)                                                                 \
        .form = CARRIED_MARK, .kind = KEYS_CARD,                                                  \
        ROWS(key ", NULL, mac", table, key, beyond, "key_version < ?3"),                          \
        .update = "UPDATE " table " SET mac = ?4, key_version = ?5 WHERE tenant_id = ?1 AND " key \
                  " = ?2 AND mac = ?3",                                                           \
        .drop = "DELETE FROM " table " WHERE tenant_id = ?1 AND " key " = ?2 AND mac = ?3"

#define VERIFIERS(column)                                                                                \
        .form = CARRIED_VERIFIER, ROWS("id, NULL, " column, "person", "id", ">", column " NOT LIKE ?3"), \
        .update = "UPDATE person SET " column " = ?4 WHERE tenant_id = ?1 AND id = ?2 AND " column " = ?3"

#define FIELDS(table, key, column)                                                                         \
        .form = CARRIED_FIELD, ROWS(key ", NULL, " column, table, key, ">", column " < ?3"),               \
        .update = "UPDATE " table " SET " column " = ?4 WHERE tenant_id = ?1 AND " key " = ?2 AND " column \
                  " = ?3"

#define FIELDS_OF_TWO(table, key, name, column, old)                                                     \
        .form = CARRIED_FIELD, ROWS(key ", " name ", " column, table, key, ">=", column " < ?3" old),    \
        .update = "UPDATE " table " SET " column " = ?5 WHERE tenant_id = ?1 AND " key " = ?2 AND " name \
                  " = ?3 AND " column " = ?4"

const struct carried carried[] = {
        { .name = "badges", MARKS("badge", "id", ">") },
        { .name = "enrolments", MARKS("enrolment", "id", ">") },
        { .name = "discovered-marks", MARKS("discovered_mark", "discovered_id", ">=") },
        { .name = "codes", MARKS("one_time_code", "id", ">") },
        { .name = "recovery-codes", MARKS("recovery_code", "person_id", ">=") },
        { .name = "passwords", .kind = KEYS_PASSWORD, VERIFIERS("password") },
        { .name = "pins", .kind = KEYS_PIN, VERIFIERS("pin") },
        { .name = "titles", .bind = bind_key, FIELDS("job", "id", "title") },
        { .name = "facts", .bind = bind_facts, FIELDS("inspection", "job_id", "facts") },
        { .name = "accounting", .bind = bind_accounting, FIELDS("accounting", "subject_id", "sealed") },
        { .name = "methods", .bind = bind_method, FIELDS("method", "id", "secret") },
        { .name = "totp", .bind = bind_totp, FIELDS("totp", "person_id", "secret") },
        { .name = "discovered-printers",
          .bind = bind_discovered,
          FIELDS("discovered_printer", "id", "sealed") },
        { .name = "discovery", .bind = bind_discovery, FIELDS("discovery", "agent_id", "sealed") },
        { .name = "alert-routes", .bind = bind_alert_route, FIELDS("alert_route", "id", "sealed") },
        { .name = "mail", .bind = bind_mail, FIELDS("mail_out", "id", "sealed") },
        { .name = "mail-files", .bind = bind_mail_part, FIELDS("mail_part", "id", "sealed") },
        { .name = "refresh-tokens",
          .bind = bind_refresh,
          .second = DB_TEXT,
          FIELDS_OF_TWO("outside_session", "method_id", "name", "refresh", "") },
        { .name = "id-tokens",
          .bind = bind_id_token,
          .second = DB_TEXT,
          FIELDS_OF_TWO("outside_session", "method_id", "name", "id_token", "") },
        { .name = "answers",
          .bind = bind_second,
          .second = DB_OCTETS,
          FIELDS_OF_TWO("idempotency", "actor_id", "key", "body", " AND status <> 0") },
        { .name = "documents",
          .form = CARRIED_DOCUMENT,
          .second = DB_INTEGER,
          ROWS("job_id, artefact, wrapped, expiry_day", "document", "job_id", ">=", "key_version < ?3"),
          .update = "UPDATE document SET wrapped = ?5, key_version = ?6, expiry_day = ?7"
                    " WHERE tenant_id = ?1 AND job_id = ?2 AND artefact = ?3 AND wrapped = ?4" },
        { .name = "boxes",
          .form = CARRIED_BOX,
          ROWS("key, NULL, wrapped", "deposit_box", "key", ">", "key_version < ?3"),
          .update = "UPDATE deposit_box SET wrapped = ?4, key_version = ?5"
                    " WHERE tenant_id = ?1 AND key = ?2 AND wrapped = ?3" },
        { .name = "authorities",
          .form = CARRIED_BOX,
          ROWS("key, NULL, wrapped", "authority", "key", ">", "key_version < ?3"),
          .update = "UPDATE authority SET wrapped = ?4, key_version = ?5"
                    " WHERE tenant_id = ?1 AND key = ?2 AND wrapped = ?3" },
};
const size_t carried_count = ARRAY_LENGTH(carried);
