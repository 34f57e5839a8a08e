// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <sys/resource.h>

#include "base/config.h"
#include "base/log.h"
#include "net/http-connection.h"

/* Descriptors that the rest of the program needs: database, vault, keeper, children. */
#define DESCRIPTORS_KEPT 512

struct http_limits http_limits_default(void)
{
        return (struct http_limits){
                .connections_max = 20000,
                .connections_per_peer_max = 4096,
                .requests_per_connection_max = 10000,
                .head_max_octets = 16384,
                .target_max_octets = 4096,
                .headers_max = 100,
                .body_max_octets = 2ull << 30,
                .discard_max_octets = 1 << 20,
                .arena_max_octets = 4 << 20,
                .events_queue_octets = 16384,
                .head_timeout_ms = 10000,
                .body_idle_timeout_ms = 30000,
                .write_timeout_ms = 30000,
                .octets_per_second_least = 1024,
                .keep_alive_timeout_ms = 75000,
                .events_comment_ms = 30000,
        };
}

static uint32_t number(struct config *config, const char *section, const char *name, uint32_t otherwise,
                       int64_t least, int64_t most)
{
        return (uint32_t)config_number(config, section, name, otherwise, least, most);
}

static uint32_t duration(struct config *config, const char *section, const char *name, uint32_t otherwise)
{
        return (uint32_t)config_duration_ms(config, section, name, otherwise, 50, 24 * 3600 * 1000);
}

struct http_limits http_limits_read(struct config *config, const char *section)
{
        struct http_limits l = http_limits_default();

        l.connections_max = number(config, section, "connections_max", l.connections_max, 16, 1 << 20);
        l.connections_per_peer_max =
                number(config, section, "connections_per_peer_max", l.connections_per_peer_max, 1, 1 << 20);
        l.requests_per_connection_max = number(config, section, "requests_per_connection_max",
                                               l.requests_per_connection_max, 1, INT32_MAX);
        l.head_max_octets = number(config, section, "head_max_octets", l.head_max_octets, 1024, 1 << 20);
        l.target_max_octets = number(config, section, "target_max_octets", l.target_max_octets, 256, 1 << 19);
        l.headers_max = number(config, section, "headers_max", l.headers_max, 8, 1000);
        l.body_max_octets = (uint64_t)config_number(config, section, "body_max_octets",
                                                    (int64_t)l.body_max_octets, 1024, (int64_t)1 << 50);
        l.discard_max_octets =
                number(config, section, "discard_max_octets", l.discard_max_octets, 0, 1 << 30);
        l.arena_max_octets = number(config, section, "arena_max_octets", l.arena_max_octets, 65536, 1 << 30);
        l.events_queue_octets =
                number(config, section, "events_queue_octets", l.events_queue_octets, 1024, 1 << 24);
        l.head_timeout_ms = duration(config, section, "head_timeout", l.head_timeout_ms);
        l.body_idle_timeout_ms = duration(config, section, "body_idle_timeout", l.body_idle_timeout_ms);
        l.write_timeout_ms = duration(config, section, "write_timeout", l.write_timeout_ms);
        l.octets_per_second_least =
                number(config, section, "octets_per_second_least", l.octets_per_second_least, 0, 1 << 30);
        l.keep_alive_timeout_ms = duration(config, section, "keep_alive_timeout", l.keep_alive_timeout_ms);
        l.events_comment_ms = duration(config, section, "events_comment", l.events_comment_ms);
        return l;
}

void http_limits_fit_descriptors(struct http_limits *limits)
{
        rlim_t needed = (rlim_t)limits->connections_max + DESCRIPTORS_KEPT;
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= needed)
                return;
        limit.rlim_cur = needed < limit.rlim_max ? needed : limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= needed)
                return;
        limits->connections_max = limit.rlim_cur > 2 * DESCRIPTORS_KEPT
                                          ? (uint32_t)limit.rlim_cur - DESCRIPTORS_KEPT
                                          : (uint32_t)limit.rlim_cur / 2;
        log_write(LOG_WARNING, "http-connections-limited", "reason",
                  "the limit of open files is too low for connections_max", NULL);
}
