// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/tally.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "net/http-server.h"

#define PAGE_OCTETS ((size_t)512 << 10)
#define THREADS     2

static void add_escaped(struct buffer *page, const char *string)
{
        for (; string && *string; string++)
                switch (*string) {
                case '<': buffer_add_string(page, "&lt;"); break;
                case '>': buffer_add_string(page, "&gt;"); break;
                case '&': buffer_add_string(page, "&amp;"); break;
                case '"': buffer_add_string(page, "&quot;"); break;
                default: buffer_add(page, string, 1);
                }
}

static void add_row(struct buffer *page, const char *name, const char *value)
{
        buffer_add_string(page, "<tr><th scope=\"row\">");
        add_escaped(page, name);
        buffer_add_string(page, "</th><td>");
        add_escaped(page, value);
        buffer_add_string(page, "</td></tr>\n");
}

static void add_number(struct buffer *page, const char *name, long long number, const char *unit)
{
        char value[64];

        snprintf(value, sizeof(value), "%lld%s", number, unit);
        add_row(page, name, value);
}

static void begin_table(struct buffer *page, const char *caption)
{
        buffer_format(page, "<section><h2>%s</h2>\n<table>\n", caption);
}

static void end_table(struct buffer *page)
{
        buffer_add_string(page, "</table></section>\n");
}

static void add_connection(const struct status *status, struct buffer *page)
{
        const struct program_settings *s = &status->settings->program;
        struct tally tally;
        char state[CHANNEL_STATE], moment[25];

        tally_get(&tally);
        begin_table(page, "Connection");
        add_row(page, "Service", s->url);
        channel_state(status->health->channel, state);
        add_row(page, "State", state);
        add_row(page, "Proxy", s->proxy.address ? s->proxy.address : "none");
        if (s->proxy.address)
                add_row(page, "Proxy's user", s->proxy.credentials_path ? "set" : "none");
        if (tally.clock.is_known)
                add_number(page, "Clock of the service", tally.clock.offset_ms, " ms from ours");
        if (tally.clock.jumped_unix_ms) {
                clock_format(tally.clock.jumped_unix_ms, moment);
                add_row(page, "Our clock jumped", moment);
                add_number(page, "by", tally.clock.jumped_by_ms, " ms");
        }
        end_table(page);
}

static void add_work(const struct status *status, struct buffer *page)
{
        uint64_t room, total;
        struct tally tally;
        char features[256];
        bool full = health_disk_is_full(status->health, &room, &total);
        json_t *health = health_describe(status->health);
        json_t *journal = json_object_get(health, "journal"), *readers = json_object_get(health, "readers");

        tally_get(&tally);
        configuration_features(status->health->configuration, features, sizeof(features));
        begin_table(page, "Work since the start");
        add_row(page, "Features that are on", features);
        add_number(page, "Running for", json_integer_value(json_object_get(health, "uptime")), " s");
        add_number(page, "Printed", (long long)tally.results[COURIER_PRINTED], "");
        add_number(page, "Sent", (long long)tally.results[COURIER_SENT], "");
        add_number(page, "Not printed", (long long)tally.results[COURIER_NOT_PRINTED], "");
        add_number(page, "Uncertain", (long long)tally.results[COURIER_UNCERTAIN], "");
        add_number(page, "Open in the journal", json_integer_value(json_object_get(journal, "open")), "");
        add_number(page, "Room in the journal", json_integer_value(json_object_get(journal, "room")), "");
        add_number(page, "Badge readers connected",
                   json_integer_value(json_object_get(readers, "connected")) +
                           json_integer_value(json_object_get(readers, "dialled")),
                   "");
        add_number(page, "Appliances bound by nobody",
                   (long long)json_array_size(json_object_get(health, "strangers")), "");
        add_number(page, "Badges of nobody's", json_integer_value(json_object_get(readers, "unknown_badges")),
                   "");
        add_number(page, "Room on the disk", (long long)(room >> 20), full ? " MB: full" : " MB");
        end_table(page);
        json_decref(health);
}

static void add_offline(const struct status *status, struct buffer *page)
{
        struct offline_count count = offline_count(status->health->offline);

        begin_table(page, "While the line is down");
        add_row(page, "Releases by badge",
                !offline_is_on(status->health->offline) ? "no: the site does not say so"
                : count.left_s                          ? "yes"
                                                        : "no: who is known is not, or not any more");
        add_number(page, "Service heard", (long long)count.age_s, " s ago");
        add_number(page, "Left without it", (long long)count.left_s / 60, " min");
        add_number(page, "Jobs at home here", (long long)count.homes, "");
        add_number(page, "Submitted here, and waiting", (long long)count.deposits, "");
        end_table(page);
}

static void add_queues(const struct status *status, struct buffer *page)
{
        json_t *names = configuration_names(status->health->configuration, "ipp", "queues", "name");
        json_t *name;
        size_t i;

        buffer_add_string(page, "<section><h2>Queues that it serves</h2>\n<ul>\n");
        json_array_foreach(names, i, name)
        {
                buffer_add_string(page, "<li>");
                add_escaped(page, json_string_value(name));
                buffer_add_string(page, "</li>\n");
        }
        if (json_array_size(names) == 0)
                buffer_add_string(page, "<li>none</li>\n");
        buffer_add_string(page, "</ul></section>\n");
        json_decref(names);
}

static void add_printers(struct buffer *page)
{
        char address[64], make_and_model[128];
        size_t i = 0;

        buffer_add_string(page,
                          "<section><h2>Printers that it has seen since the start</h2>\n<table>\n<tr><th "
                          "scope=\"col\">Address</th><th scope=\"col\">Make and model</th></tr>\n");
        while (tally_get_printer(i, address, make_and_model)) {
                add_row(page, address, make_and_model);
                i++;
        }
        buffer_add_string(page, i ? "</table></section>\n"
                                  : "<tr><td colspan=\"2\">none</td></tr>\n</table></section>\n");
}

static void write_page(const struct status *status, struct buffer *page)
{
        buffer_add_string(
                page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                      "<title>Imprimatur agent</title><style>"
                      "body{font:1rem/1.5 sans-serif;margin:2rem auto;max-width:50rem;padding:0 1rem}"
                      "th{text-align:left;padding-right:2rem;font-weight:600;vertical-align:top}"
                      "td{overflow-wrap:anywhere}</style></head>\n<body><main>\n<h1>Imprimatur agent</h1>\n");
        buffer_format(page, "<p>Version %s. This page only shows; settings are changed in the service.</p>\n",
                      IMPRIMATUR_VERSION);
        add_connection(status, page);
        add_work(status, page);
        add_offline(status, page);
        add_queues(status, page);
        add_printers(page);
        buffer_add_string(page, "</main></body></html>\n");
}

/* The names of the loopback, with any port: whoever asks by another was led here. */
static bool host_is_ours(const struct http_exchange *x)
{
        static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
        struct text host = x->host;

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                size_t len = strlen(names[i]);

                if (host.len >= len && strncasecmp(host.at, names[i], len) == 0 &&
                    (host.len == len || host.at[len] == ':'))
                        return true;
        }
        return false;
}

static int answer(struct http_exchange *x)
{
        static const char *const headers[][2] = {
                { "Cache-Control", "no-store" },
                { "Content-Security-Policy",
                  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
                  "form-action 'none'" },
                { "X-Content-Type-Options", "nosniff" },
                { "Referrer-Policy", "no-referrer" },
                { "Cross-Origin-Resource-Policy", "same-origin" },
        };
        SCOPED(buffer_done) struct buffer page = BUFFER(PAGE_OCTETS);
        int r = 0;

        if (!host_is_ours(x))
                return http_respond_problem(x, 421, NULL, "This page is asked for as localhost.");
        if (!http_method_is(x, "GET") && !http_method_is(x, "HEAD"))
                return http_respond_problem(x, 405, NULL, "This page only shows.");
        write_page(x->user, &page);
        if (page.failure)
                return fault(page.failure);
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(headers); i++)
                r = http_add_header(x, headers[i][0], headers[i][1]);
        return r ? r : http_respond(x, 200, "text/html; charset=utf-8", buffer_text(&page));
}

static const struct http_handler *route(void *context, struct http_exchange *x)
{
        static const struct http_handler handler = { .end = answer };

        x->user = context;
        return text_equal_string(x->path, "/") ? &handler : NULL;
}

int status_start(struct status *status)
{
        struct http_server_options options = {
                .limits = http_limits_default(), .threads = THREADS, .route = route, .context = status
        };
        struct http_server *server;
        char address[32];
        int r;

        if (status->settings->status_port == 0)
                return 0;
        options.limits.connections_max = 32;
        options.limits.connections_per_peer_max = 32;
        options.limits.body_max_octets = 0;
        snprintf(address, sizeof(address), "127.0.0.1:%u", status->settings->status_port);
        r = http_server_new(&options, &server);
        if (r)
                return fold(r);
        r = http_server_listen(server, address, NULL);
        if (r == 0)
                return http_server_start(server);
        http_server_free(server);
        return STATUS_IN_USE;
}
