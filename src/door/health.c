// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* For whoever watches over the service: is it well, and what has it done (Prometheus text format 0.0.4). */

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/core.h"
#include "door/agent/channel.h"
#include "door/live-channel.h"
#include "door/api/api.h"
#include "net/http-server.h"

#define CHECK_KEEP_MS      1000
#define METRICS_OCTETS_MAX (64 * 1024)

static pthread_mutex_t check_lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t checked_ms = -CHECK_KEEP_MS;
static int check_outcome;

/* Everybody may ask, so the database and the keeper are asked once a second at most. */
static int check(struct core *core)
{
        int64_t now_ms = clock_monotonic_ms();
        int r;

        pthread_mutex_lock(&check_lock);
        if (now_ms - checked_ms >= CHECK_KEEP_MS) {
                r = core_check(core);
                if (r && check_outcome == 0)
                        log_fault("not-well", r);
                check_outcome = r;
                checked_ms = now_ms;
        }
        r = check_outcome;
        pthread_mutex_unlock(&check_lock);
        return r;
}

int health_answer(struct request *request)
{
        if (check(request->core))
                return request_problem(request, &problem_not_well, NULL);
        return request_answer(request, 200,
                              json_pack("{s:s, s:s}", "status", "ok", "version", IMPRIMATUR_VERSION));
}

static void add(struct buffer *to, const char *name, const char *type, const char *help, uint64_t value)
{
        buffer_format(to, "# HELP imprimatur_%s %s\n# TYPE imprimatur_%s %s\nimprimatur_%s %llu\n", name,
                      help, name, type, name, (unsigned long long)value);
}

static void add_core(struct buffer *to, const struct core_figures *f)
{
        add(to, "jobs_received_total", "counter", "Jobs acknowledged since start.", f->jobs_received);
        add(to, "octets_received_total", "counter", "Octets of documents received.", f->octets_received);
        add(to, "jobs_released_total", "counter", "Jobs released by their owners.", f->jobs_released);
        buffer_add_string(to, "# HELP imprimatur_deliveries_total Deliveries by outcome.\n"
                              "# TYPE imprimatur_deliveries_total counter\n");
        buffer_format(to,
                      "imprimatur_deliveries_total{outcome=\"printed\"} %llu\n"
                      "imprimatur_deliveries_total{outcome=\"sent\"} %llu\n"
                      "imprimatur_deliveries_total{outcome=\"not-printed\"} %llu\n"
                      "imprimatur_deliveries_total{outcome=\"uncertain\"} %llu\n",
                      (unsigned long long)f->deliveries_printed, (unsigned long long)f->deliveries_sent,
                      (unsigned long long)f->deliveries_not_printed,
                      (unsigned long long)f->deliveries_uncertain);
        add(to, "sign_ins_refused_total", "counter", "Wrong passwords, PINs and tokens.",
            f->sign_ins_refused);
        add(to, "badges_unknown_total", "counter", "Swipes of unknown badges.", f->badges_unknown);
        add(to, "audit_records_sent_total", "counter", "Records sent to the audit collector.", f->trail_sent);
        add(to, "audit_records_waiting", "gauge", "Records that the audit collector was not sent yet.",
            f->trail_waiting);
        add(to, "audit_waiting_seconds", "gauge", "Age of the oldest of them.",
            f->trail_waiting_since_ms ? (uint64_t)(clock_unix_ms() - f->trail_waiting_since_ms) / 1000 : 0);
        add(to, "db_writes_total", "counter", "Writes committed.", f->db_writes);
        add(to, "db_commits_total", "counter", "Commits, each one flush.", f->db_commits);
        add(to, "vault_deposits_total", "counter", "Documents made durable.", f->vault_deposits);
        add(to, "vault_flushes_total", "counter", "Flushes of the vault.", f->vault_flushes);
        add(to, "vault_free_octets", "gauge", "Free space where documents lie.", f->vault_free_octets);
}

static void add_net(struct buffer *to, const struct http_counters *c)
{
        add(to, "http_connections", "gauge", "Connections open now.", c->connections_now);
        add(to, "http_connections_total", "counter", "Connections accepted.", c->connections);
        add(to, "http_connections_refused_total", "counter", "Connections over a limit.",
            c->connections_refused);
        add(to, "tls_handshakes_failed_total", "counter", "Handshakes that failed.", c->handshakes_failed);
        add(to, "http_requests_total", "counter", "Requests read.", c->requests);
        add(to, "http_requests_refused_total", "counter", "Requests that were no HTTP or over a limit.",
            c->requests_refused);
        add(to, "event_streams", "gauge", "Event streams open now.", c->events_now);
        add(to, "event_streams_dropped_total", "counter", "Event streams closed because they were slow.",
            c->events_dropped);
}

static void add_live(struct buffer *to, struct live_channel *channel)
{
        struct live_figures f = live_channel_count(channel);

        add(to, "live_streams", "gauge", "Open pages that are told what happens.", f.streams);
        add(to, "live_events_total", "counter", "What they were told.", f.told);
        add(to, "live_resyncs_total", "counter", "How often one was told to ask for everything again.",
            f.resyncs);
        add(to, "live_refused_total", "counter", "Streams refused for a limit.", f.refused);
}

static bool is_of_this_machine(const struct http_exchange *x)
{
        return text_starts_with(text_from(x->peer), "127.") || strcmp(x->peer, "::1") == 0 ||
               text_starts_with(text_from(x->peer), "::ffff:127.");
}

int metrics_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer text = BUFFER(METRICS_OCTETS_MAX);
        struct core_figures figures;

        if (!request->door->settings.metrics_everywhere && !is_of_this_machine(request->x))
                return request_refuse(request, CORE_NOT_FOUND);
        core_read_figures(request->core, &figures);
        buffer_format(
                &text,
                "# HELP imprimatur_build_info The version that runs.\n# TYPE imprimatur_build_info gauge\n"
                "imprimatur_build_info{version=\"%s\"} 1\n",
                IMPRIMATUR_VERSION);
        add_core(&text, &figures);
        if (request->door->server) {
                struct http_counters counters = http_server_count(request->door->server);

                add_net(&text, &counters);
        }
        add(&text, "agents_connected", "gauge", "Agents whose channel is open.",
            agent_channel_count(request->door->channel));
        add_live(&text, request->door->live);
        if (text.failure)
                return fault(text.failure);
        return http_respond(request->x, 200, "text/plain; version=0.0.4; charset=utf-8", buffer_text(&text));
}
