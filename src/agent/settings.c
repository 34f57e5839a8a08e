// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/settings.h"

#include "agent/strangers.h"
#include "base/network.h"

static void read_printers(struct config *config, struct courier_limits *limits)
{
        const struct courier_limits *d = &courier_limits_default;

        limits->connect_ms = config_duration_ms(config, "printers", "connect", d->connect_ms, 100, 60000);
        limits->answer_ms = config_duration_ms(config, "printers", "answer", d->answer_ms, 1000, 600000);
        limits->echo_ms = config_duration_ms(config, "printers", "echo", d->echo_ms, 0, 60000);
        limits->stall_ms = config_duration_ms(config, "printers", "stall", 0, 0, 86400000);
}

static void read_looks(struct config *config, struct agent_settings *s)
{
        s->lookers = (uint32_t)config_number(config, "printers", "lookers", 4, 1, 64);
        s->look_ms = config_duration_ms(config, "printers", "look", 2000, 100, 30000);
        s->look_again_ms = config_duration_ms(config, "printers", "look_again", 30000, 0, 86400000);
        s->try_connect_ms = config_duration_ms(config, "printers", "try_connect", 2000, 100, 60000);
        s->try_ask_ms = config_duration_ms(config, "printers", "try_ask", 2500, 100, 60000);
        s->try_ms = config_duration_ms(config, "printers", "try", 10000, 1000, 120000);
        s->clock_tolerance_ms =
                config_duration_ms(config, "printers", "clock_tolerance", 300000, 1000, 86400000);
        s->snmp_community = config_string(config, "snmp", "community", "public");
        s->snmp_port = (uint16_t)config_number(config, "snmp", "port", 161, 1, UINT16_MAX);
}

static void read_appliances(struct config *config, struct agent_settings *s)
{
        s->per_address = (uint32_t)config_number(config, "readers", "per_address", 8, 1, 1024);
        s->unbound = (uint32_t)config_number(config, "readers", "unbound", 8, 1, 1024);
        s->unbound_ms = config_duration_ms(config, "readers", "unbound_for", 60000, 1000, 86400000);
        s->line_ms = config_duration_ms(config, "readers", "line_within", 10000, 500, 600000);
        s->poll_ms = config_duration_ms(config, "readers", "poll", READER_POLL_MS, 50, 10000);
        s->silence_ms = config_duration_ms(config, "readers", "silence", READER_SILENCE_MS, 500, 600000);
        s->light_ms = config_duration_ms(config, "readers", "light", READER_LIGHT_MS, 100, 60000);
        s->strangers = (uint32_t)config_number(config, "readers", "strangers", 32, 1, STRANGERS_MAX);
        s->strangers_again_ms =
                config_duration_ms(config, "readers", "strangers_again", 600000, 1000, 86400000);
}

static void read_deposits(struct config *config, struct agent_settings *s)
{
        const int64_t mib = INT64_C(1) << 20, day_ms = 86400000;

        s->deposits.octets_max =
                (uint64_t)config_number(config, "deposits", "octets", 4096 * mib, mib, INT64_MAX);
        s->deposits.one_octets_max =
                (uint64_t)config_number(config, "deposits", "one", 1024 * mib, 65536, INT64_C(1) << 46);
        s->deposits.count_max = (uint32_t)config_number(config, "deposits", "count", 1000, 1, DEPOSITS_MAX);
        s->deposits.reserve_octets =
                (uint64_t)config_number(config, "deposits", "reserve", 256 * mib, 0, INT64_MAX);
        s->drain.again_ms = config_duration_ms(config, "deposits", "again", 600000, 1000, day_ms);
        s->drain.keep_ms = config_duration_ms(config, "deposits", "keep", 7 * day_ms, 60000, 29 * day_ms);
}

/* What stays here lies longer than what waits for the line, so that there may be more of it. */
static void read_stays(struct config *config, struct agent_settings *s)
{
        const int64_t mib = INT64_C(1) << 20;

        s->stays.folder = "stays";
        s->stays.octets_max = (uint64_t)config_number(config, "stays", "octets", 16384 * mib, mib, INT64_MAX);
        s->stays.one_octets_max =
                (uint64_t)config_number(config, "stays", "one", 1024 * mib, 65536, INT64_C(1) << 46);
        s->stays.count_max = (uint32_t)config_number(config, "stays", "count", 10000, 1, DEPOSITS_MAX);
        s->stays.reserve_octets =
                (uint64_t)config_number(config, "stays", "reserve", 256 * mib, 0, INT64_MAX);
        s->stays_ms = config_duration_ms(config, "stays", "every", 60000, 1000, 86400000);
}

static void read_lpd(struct config *config, struct lpd_settings *ret)
{
        ret->listen = config_string(config, "lpd", "listen", "0.0.0.0");
        ret->connections = (uint32_t)config_number(config, "lpd", "connections", 32, 1, 1024);
        ret->per_address = (uint32_t)config_number(config, "lpd", "per_address", 8, 1, 1024);
        ret->idle_ms = config_duration_ms(config, "lpd", "idle", 30000, 100, 600000);
        ret->longest_ms = config_duration_ms(config, "lpd", "longest", 3600000, 1000, 86400000);
        ret->patience_ms = config_duration_ms(config, "lpd", "patience", 20000, 100, 600000);
        ret->repeat_ms = config_duration_ms(config, "lpd", "repeat", 600000, 0, 86400000);
        ret->unproven = config_flag(config, "lpd", "unproven", true);
}

int agent_settings_read(struct config *config, struct agent_settings *ret)
{
        struct agent_settings *s = ret;

        *s = (struct agent_settings){ 0 };
        program_settings_read(config, "agent", "/var/lib/imprimatur-agent", &s->program);
        s->workers = (uint32_t)config_number(config, "agent", "workers", 16, 1, 256);
        s->memory_octets = (uint64_t)config_number(config, "agent", "memory", 8 << 20, 65536, 1 << 30);
        s->update_mode = config_string(config, "update", "mode", "notify");
        s->update_key = config_string(config, "update", "key", "");
        s->update_ms = config_duration_ms(config, "update", "every", 86400000, 1000, 30 * 86400000LL);
        s->health_ms = config_duration_ms(config, "agent", "health", 86400000, 0, 7 * 86400000LL);
        s->status_port = (uint16_t)config_number(config, "status", "port", 0, 0, UINT16_MAX);
        s->listen = config_string(config, "readers", "listen", "0.0.0.0");
        for (int i = 0; i < READER_MODELS; i++)
                s->ports[i] =
                        (uint16_t)config_number(config, "readers", reader_model_name((enum reader_model)i),
                                                reader_model_port((enum reader_model)i), 0, UINT16_MAX);
        s->connections = (uint32_t)config_number(config, "readers", "connections", 64, 1, 1024);
        s->pause_ms = config_duration_ms(config, "readers", "pause", 200, 10, 5000);
        s->repeat_ms = config_duration_ms(config, "readers", "repeat", 3000, 0, 60000);
        s->rate = (uint32_t)config_number(config, "readers", "rate", 10, 1, 1000);
        read_appliances(config, s);
        s->directory_allow = config_string(config, "directory", "allow", "*");
        s->directory_workers = (uint32_t)config_number(config, "directory", "workers", 4, 1, 32);
        read_printers(config, &s->limits);
        read_looks(config, s);
        s->offline_runtime = config_string(config, "offline", "runtime", "/run/imprimatur-agent");
        s->remember_ms = config_duration_ms(config, "offline", "remember", 7 * INT64_C(86400000), 0,
                                            366 * INT64_C(86400000));
        s->notice_ms = config_duration_ms(config, "offline", "notice", 10000, 1000, 600000);
        s->relay = relay_settings_read(config);
        read_deposits(config, s);
        read_stays(config, s);
        read_lpd(config, &s->lpd);
        return config_finish(config);
}
