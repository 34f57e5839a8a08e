// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/settings.h"

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
        s->snmp_community = config_string(config, "snmp", "community", "public");
        s->snmp_port = (uint16_t)config_number(config, "snmp", "port", 161, 1, UINT16_MAX);
}

int agent_settings_read(struct config *config, struct agent_settings *ret)
{
        struct agent_settings *s = ret;

        *s = (struct agent_settings){ 0 };
        program_settings_read(config, "agent", "/var/lib/imprimatur-agent", &s->program);
        s->workers = (uint32_t)config_number(config, "agent", "workers", 16, 1, 256);
        s->memory_octets = (uint64_t)config_number(config, "agent", "memory", 8 << 20, 65536, 1 << 30);
        s->listen = config_string(config, "readers", "listen", "0.0.0.0");
        for (int i = 0; i < READER_MODELS; i++)
                s->ports[i] =
                        (uint16_t)config_number(config, "readers", reader_model_name((enum reader_model)i),
                                                reader_model_port((enum reader_model)i), 0, UINT16_MAX);
        s->connections = (uint32_t)config_number(config, "readers", "connections", 64, 1, 1024);
        s->pause_ms = config_duration_ms(config, "readers", "pause", 200, 10, 5000);
        s->repeat_ms = config_duration_ms(config, "readers", "repeat", 3000, 0, 60000);
        s->rate = (uint32_t)config_number(config, "readers", "rate", 10, 1, 1000);
        s->directory_allow = config_string(config, "directory", "allow", "*");
        s->directory_workers = (uint32_t)config_number(config, "directory", "workers", 4, 1, 32);
        read_printers(config, &s->limits);
        read_looks(config, s);
        s->relay = relay_settings_read(config);
        return config_finish(config);
}
