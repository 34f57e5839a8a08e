// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/core.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/breached.h"
#include "core/rendering/converter.h"
#include "core/job/job-password.h"
#include "core/printer/printer-desk.h"
#include "core/state.h"
#include "crypt/random.h"

#define DAY_MS 86400000LL

struct core_settings core_settings_default(void)
{
        return (struct core_settings){
                .document_octets_max = 2ULL << 30,
                .jobs_held_max = 1000,
                .receiving_ms = 300000,
                .lease_ms = 30000,
                .armed_ms = 40 * 60000,
                .attempts_max = 3,
                .retry_ms = 5000,
                .printer_state_fresh_ms = 60000,
                .readiness_wait_ms = 12000,
                .printer_state_wait_ms = 2000,
                .printer_state_badge_ms = 300,
                .sent_keep_ms = 15 * 60000,
                .uncertain_keep_ms = DAY_MS,
                .waiting_ms = 4 * 3600000,
                .submit_retry_ms = 120000,
                .work_ms = 300000,
                .document_passwords_max = 4096,
                .document_passwords_of_person = 64,
                .document_password_ms = 3600000,
                .job_passwords_max = 4096,
                .job_password_ms = 86400000,
                .converter_lease_ms = 30000,
                .converter_seen_ms = 300000,
                .own_formats = { UINT64_MAX },
                .certificates = { .root_ms = 3650 * DAY_MS,
                                  .printer_ms = 397 * DAY_MS,
                                  .est_ms = 90 * DAY_MS,
                                  .door_ms = 90 * DAY_MS },
                .enrolment_ms = 15 * 60000,
                .agent_ms = 90 * DAY_MS,
                .agent_gone_ms = 25000,
                .meter_keep_ms = 1095 * DAY_MS,
                .alert_keep_ms = 90 * DAY_MS,
                .alert_settle_ms = 5 * 60000,
                .alarm_over_ms = 3600000,
                .discovered_keep_ms = 30 * DAY_MS,
                .event_keep_ms = 365 * DAY_MS,
                .trail_keep_ms = 365 * DAY_MS,
                .trail_sign_ms = 60000,
                .key_settle_ms = 30000,
                .watch_again_ms = 15 * 60000,
                .trail_sign_records = 1000,
                .pin_wrong_max = 5,
                .guess_pause_ms = 15 * 60000,
                .password_wrong_max = 10,
                .source_wrong_max = 100,
                .unknown_badges_per_hour = 20,
                .badge_wait_ms = 60000,
                .badge_two_sites_ms = 60000,
                .password_least = 8,
                .password_checks_max = 4,
                .password_waiting_max = 64,
                .password_memory_octets = 64 << 20,
                .password_passes = 3,
                .password_cache_ms = 300000,
                .grant = { .code_ms = 60000,
                           .access_ms = 15 * 60000,
                           .refresh_ms = 7 * DAY_MS,
                           .refresh_retry_ms = 10000,
                           .device_code_ms = 10 * 60000,
                           .device_interval_ms = 5000,
                           .device_codes_max = 10000,
                           .device_codes_of_source = 60,
                           .of_person_max = 100 },
                .session_idle_ms = 20 * 60000,
                .session_panel_idle_ms = 5 * 60000,
                .session_absolute_ms = 12 * 3600000,
                .session_administrator_ms = 4 * 3600000,
                .session_fresh_ms = 5 * 60000,
                .code_ms = 7 * DAY_MS,
                .sessions_max = 32,
        };
}

/* Everything a crash left without a row is nobody's: the vault is told of what has one and frees the rest. */
static int collect(struct core *core)
{
        uint64_t octets = 0;
        int r;

        r = document_keep_all(core);
        if (r)
                return r;
        r = vault_collect(core->vault, &octets);
        if (r)
                return fold(r);
        if (octets) {
                char number[24];

                snprintf(number, sizeof(number), "%llu", (unsigned long long)octets);
                log_write(LOG_NOTICE, "vault-collected", "octets", number, NULL);
        }
        return 0;
}

static void core_closep(struct core **core)
{
        core_close(*core);
}

static int open_breached(struct core *core)
{
        const char *path = core->settings.breached_file;
        int r = path ? breached_open(path, &core->breached) : 0;

        if (r > 0)
                log_write(LOG_ERROR,
                          r == BREACHED_NO_FILE ? "breached-file-missing" : "breached-file-malformed", "path",
                          path, NULL);
        return r > 0 ? fault(-EINVAL) : r;
}

int core_open(const struct core_parts *parts, struct core **ret)
{
        SCOPED(core_closep) struct core *core = calloc(1, sizeof(*core));
        int r;

        if (!core)
                return fault(-ENOMEM);
        core->parts = *parts;
        core->db = parts->db;
        core->vault = parts->vault;
        core->keys = parts->keys;
        core->settings = parts->settings;
        core->started_ms = clock_unix_ms();
        core->swept_ms = 0;
        random_secret(&core->challenge_key);
        pthread_rwlock_init(&core->tenants_lock, NULL);
        work_list_init(core);
        r = open_breached(core);
        if (r == 0)
                r = password_gate_new(core);
        if (r == 0)
                r = password_work_new(core);
        if (r == 0)
                r = password_cache_new(core);
        if (r == 0)
                r = answered_new(core);
        if (r == 0)
                r = document_passwords_new(core);
        if (r == 0)
                r = job_passwords_new(core);
        if (r == 0)
                r = watch_new(core);
        if (r == 0)
                r = outposts_seen_new(core);
        if (r == 0)
                r = printer_desk_new(5000, &core->printer_desk);
        if (r == 0)
                r = printer_desk_new(12000, &core->readiness_desk);
        if (r == 0)
                r = printer_desk_new(15000, &core->configure_desk);
        if (r == 0)
                r = collect(core);
        /* Whatever was under way here is not any more. */
        if (r == 0)
                r = work_list_sweep(core, INT64_MAX);
        if (r == 0)
                r = leases_new(core);
        if (r == 0)
                r = converters_count_in(core);
        if (r)
                return r;
        db_set_owner(core->db, core);
        *ret = take(core);
        return 0;
}

void core_close(struct core *core)
{
        if (!core)
                return;
        db_set_owner(core->db, NULL);
        leases_free(core);
        tenant_entries_free(core);
        pthread_rwlock_destroy(&core->tenants_lock);
        work_list_done(core);
        breached_close(core->breached);
        password_work_free(core);
        password_gate_free(core);
        password_cache_free(core);
        answered_free(core);
        unwritten_free(core->document_passwords);
        unwritten_free(core->job_passwords);
        watch_free(core);
        outposts_seen_free(core);
        printer_desk_free(core->printer_desk);
        printer_desk_free(core->readiness_desk);
        printer_desk_free(core->configure_desk);
        secret_done(&core->challenge_key);
        free(core);
}

void *core_method_context(const struct core *core)
{
        return core->parts.method_context;
}

const struct core_settings *core_settings(const struct core *core)
{
        return &core->settings;
}

void wake_agent(struct core *core, struct id tenant, struct id agent, const char *event)
{
        if (core->parts.wake_agent)
                core->parts.wake_agent(core->parts.wake_context, tenant, agent, event);
}

static int check(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        (void)context;
        r = db_one_all(tx, "SELECT 1 FROM tenant LIMIT 1", DB_NONE, &rows);
        return r == DB_NO_ROW ? 0 : fold(r);
}

int core_check(struct core *core)
{
        int r;

        r = db_read(core->db, check, NULL);
        return r ? r : fold(keys_ping(core->keys));
}

void core_read_figures(struct core *core, struct core_figures *ret)
{
        struct db_figures db = { 0 };
        struct vault_figures vault = { 0 };

        db_read_figures(core->db, &db);
        vault_read_figures(core->vault, &vault);
        *ret = (struct core_figures){
                .jobs_received = core->jobs_received,
                .octets_received = core->octets_received,
                .jobs_released = core->jobs_released,
                .deliveries_printed = core->deliveries_ended[DELIVERY_PRINTED],
                .deliveries_sent = core->deliveries_ended[DELIVERY_SENT],
                .deliveries_not_printed = core->deliveries_ended[DELIVERY_NOT_PRINTED],
                .deliveries_uncertain = core->deliveries_ended[DELIVERY_UNCERTAIN],
                .sign_ins_refused = core->sign_ins_refused,
                .badges_unknown = core->badges_unknown,
                .trail_sent = core->trail_sent,
                .trail_waiting = core->trail_waiting,
                .trail_waiting_since_ms = core->trail_waiting_since_ms,
                .db_writes = db.writes,
                .db_commits = db.commits,
                .vault_deposits = vault.deposits,
                .vault_flushes = vault.flushes,
                .vault_free_octets = vault.free_octets,
        };
}
