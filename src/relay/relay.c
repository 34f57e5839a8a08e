// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/relay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "relay/state.h"

#define DRAIN_MS    2000
#define PATH_OCTETS 4096
#define NAMES       1024

struct relay_settings relay_settings_read(struct config *config)
{
        struct relay_settings s = { .limits = http_limits_default() };

        s.listen = config_string(config, "ipp", "listen", "");
        s.certificate = config_string(config, "ipp", "certificate", "");
        s.key = config_string(config, "ipp", "key", "");
        s.threads = (unsigned)config_number(config, "ipp", "threads", 16, 1, 256);
        s.attributes_octets_max =
                (uint32_t)config_number(config, "ipp", "attributes_octets_max", 256 << 10, 4096, 4 << 20);
        s.document_octets_max = (uint64_t)config_number(config, "ipp", "document_octets_max",
                                                        (int64_t)4 << 30, 1024, (int64_t)1 << 50);
        s.answer_octets_max =
                (uint32_t)config_number(config, "ipp", "answer_octets_max", 4 << 20, 65536, 64 << 20);
        s.answer_ms = (uint32_t)config_duration_ms(config, "ipp", "answer", 30000, 1000, 600000);
        s.unproven = config_flag(config, "ipp", "unproven", false);
        s.limits.connections_max = (uint32_t)config_number(config, "ipp", "connections_max", 512, 16, 65536);
        s.limits.connections_per_peer_max =
                (uint32_t)config_number(config, "ipp", "connections_per_peer_max", 32, 1, 65536);
        s.limits.head_timeout_ms =
                (uint32_t)config_duration_ms(config, "ipp", "head_timeout", 10000, 100, 600000);
        s.limits.body_idle_timeout_ms =
                (uint32_t)config_duration_ms(config, "ipp", "body_idle_timeout", 30000, 100, 600000);
        s.limits.octets_per_second_least =
                (uint32_t)config_number(config, "ipp", "octets_per_second_least", 1024, 0, 1 << 30);
        return s;
}

int relay_new(const struct relay_parts *parts, struct relay **ret)
{
        struct relay *relay = calloc(1, sizeof(*relay));
        int r;

        if (!relay)
                return fault(-ENOMEM);
        relay->parts = *parts;
        relay->settings = *parts->settings;
        pthread_rwlock_init(&relay->lock, NULL);
        r = publisher_new(&relay->publisher);
        if (r == 0)
                r = absent_book_new(&relay->book);
        if (r == 0)
                r = certify_new(parts->directory, parts->service, &relay->certify);
        if (r == 0)
                r = shown_new(parts->directory, parts->service, &relay->shown);
        if (r) {
                publisher_free(relay->publisher);
                free(relay);
                return r;
        }
        *ret = relay;
        return 0;
}

static void close_door(struct relay *relay)
{
        if (!relay->server)
                return;
        certify_set(relay->certify, NULL, NULL);
        http_server_stop(relay->server, DRAIN_MS);
        http_server_free(relay->server);
        tls_server_free(relay->tls);
        relay->server = NULL;
        relay->tls = NULL;
        log_write(LOG_NOTICE, "ipp-door-closed", NULL);
}

/* The names by which clients may come, for a certificate of our own: the configured one first. */
static void list_names(const struct door_plan *plan, char ret[NAMES])
{
        char name[DOOR_HOST] = "";
        size_t len = 0;

        if (gethostname(name, sizeof(name) - 1) < 0)
                name[0] = '\0';
        ret[0] = '\0';
        if (plan->host[0])
                len += (size_t)snprintf(ret, NAMES, "%s,", plan->host);
        if (name[0])
                len += (size_t)snprintf(ret + len, NAMES - len, "%s,", name);
        if (name[0] && !strchr(name, '.'))
                len += (size_t)snprintf(ret + len, NAMES - len, "%s.local,", name);
        snprintf(ret + len, NAMES - len, "localhost");
}

/* One that was made for another name is made anew: clients that trusted it knew it by that name. */
static int make_certificate(const char *certificate, const char *key, const struct door_plan *plan,
                            struct tls_server **ret)
{
        char names[NAMES];
        bool made;
        int r;

        list_names(plan, names);
        r = tls_certificate_make(certificate, key, names, &made);
        if (r == 0)
                r = tls_server_new(certificate, key, ret);
        if (r || made || !plan->host[0] || tls_server_is_named(*ret, text_from(plan->host)))
                return r;
        tls_server_free(*ret);
        *ret = NULL;
        if (unlink(certificate) < 0)
                return fault(-errno);
        r = tls_certificate_make(certificate, key, names, &made);
        return r ? r : tls_server_new(certificate, key, ret);
}

static int open_tls(struct relay *relay, const struct door_plan *plan, struct tls_server **ret)
{
        const struct relay_settings *s = &relay->settings;
        char certificate[PATH_OCTETS], key[PATH_OCTETS];
        int r;

        if (s->certificate[0]) {
                r = tls_server_new(s->certificate, s->key, ret);
        } else {
                snprintf(certificate, sizeof(certificate), "%s/ipp-certificate.pem", relay->parts.state);
                snprintf(key, sizeof(key), "%s/ipp-key.pem", relay->parts.state);
                r = make_certificate(certificate, key, plan, ret);
        }
        if (r <= 0)
                return r;
        log_write(LOG_ERROR, "ipp-door-certificate-not-loaded", NULL);
        return RELAY_BAD_CERTIFICATE;
}

static int open_door(struct relay *relay, const struct door_plan *plan)
{
        struct http_server_options options = { .limits = relay->settings.limits,
                                               .threads = relay->settings.threads,
                                               .plain_too = plan->plain,
                                               .route = relay_route,
                                               .context = relay };
        SCOPED(http_server_freep) struct http_server *server = NULL;
        SCOPED(tls_server_freep) struct tls_server *tls = NULL;
        char address[128], names[NAMES];
        int r;

        options.limits.body_max_octets =
                relay->settings.document_octets_max + relay->settings.attributes_octets_max;
        snprintf(address, sizeof(address), "%s:%u", relay->settings.listen, plan->port);
        r = open_tls(relay, plan, &tls);
        if (r)
                return r;
        options.tls = tls;
        r = http_server_new(&options, &server);
        if (r)
                return fold(r);
        r = http_server_listen(server, address, NULL);
        if (r) {
                log_write(LOG_ERROR, "ipp-door-not-opened", "address", address, "why", strerror(-r), NULL);
                return RELAY_IN_USE;
        }
        relay->tls = take(tls);
        relay->server = take(server);
        relay->open = *plan;
        r = http_server_start(relay->server);
        if (r)
                return fold(r);
        log_write(LOG_NOTICE, "ipp-door-open", "address", address, NULL);
        if (!relay->settings.certificate[0]) {
                list_names(plan, names);
                certify_set(relay->certify, relay->tls, names);
        }
        return 0;
}

static bool is_same_door(const struct door_plan *a, const struct door_plan *b)
{
        return a->port == b->port && a->plain == b->plain && strcmp(a->host, b->host) == 0;
}

static int apply_plan(struct relay *relay, const struct door_plan *plan)
{
        int r = 0;

        pthread_rwlock_wrlock(&relay->lock);
        relay->plan = *plan;
        pthread_rwlock_unlock(&relay->lock);
        if (relay->server && (!plan->enabled || !is_same_door(plan, &relay->open)))
                close_door(relay);
        if (plan->enabled) {
                shown_set(relay->shown, plan);
                if (!relay->server)
                        r = open_door(relay, plan);
        }
        /* Nobody is sent to a door that is closed. */
        if (r || !relay->server) {
                static const struct door_plan nothing;

                (void)publisher_set(relay->publisher, &nothing);
                return r;
        }
        return publisher_set(relay->publisher, plan);
}

int relay_apply(struct relay *relay, bool is_on, const json_t *member)
{
        SCOPED(freep) struct door_plan *plan = calloc(1, sizeof(*plan));
        int r = 0;

        if (!plan)
                return fault(-ENOMEM);
        if (member)
                r = door_plan_parse(member, plan);
        if (r)
                return r < 0 ? r : RELAY_MALFORMED;
        plan->enabled = plan->enabled && is_on;
        return apply_plan(relay, plan);
}
