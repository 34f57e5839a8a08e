// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/settings.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/process.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define GIBI      ((int64_t)1 << 30)

static const char *in_state(const struct settings *s, const char *name, char *ret)
{
        snprintf(ret, SETTINGS_PATH, "%s/%s", s->state, name);
        return ret;
}

static void read_server(struct config *config, struct settings *s)
{
        s->listen = config_string(config, "server", "listen", "[::]:8443");
        s->state = config_string(config, "server", "state", "/var/lib/imprimatur/service");
        s->user = config_string(config, "server", "user", NULL);
        s->ready_file = config_string(config, "server", "ready_file", NULL);
        s->threads = (unsigned int)config_number(config, "server", "threads", 32, 1, 1024);
        s->drain_ms = (uint32_t)config_duration_ms(config, "server", "drain", 10000, 0, HOUR_MS);
        s->files_max = (uint32_t)config_number(config, "server", "files_max", 65536, 256, 1 << 24);
        s->debug = config_flag(config, "server", "debug", false);

        s->est_listen = config_string(config, "est", "listen", "");
        s->certificate = config_string(config, "tls", "certificate", "");
        s->key = config_string(config, "tls", "key", "");
        s->certificate_names = config_string(config, "tls", "names", "localhost,127.0.0.1,::1");
        if (!s->certificate[0] && !s->key[0]) {
                s->certificate = in_state(s, "certificate.pem", s->own_certificate);
                s->key = in_state(s, "certificate-key.pem", s->own_key);
        }
}

static bool read_keeper(struct config *config, struct settings *s)
{
        const char *owner = config_string(config, "keeper", "owner", NULL);

        s->keys.path = config_string(config, "keeper", "socket", "/run/imprimatur/keeper.sock");
        s->keys.pool = (unsigned int)config_number(config, "keeper", "connections", 8, 1, 64);
        s->keys.timeout_ms =
                (unsigned int)config_duration_ms(config, "keeper", "timeout", 5000, 100, MINUTE_MS);
        s->keys.uid = geteuid();
        return !owner || process_find_user(owner, &s->keys.uid) == 0;
}

static void read_keeping(struct config *config, struct settings *s)
{
        s->db.path = config_string(config, "database", "path", in_state(s, "imprimatur.db", s->own_database));
        s->db.readers = (unsigned int)config_number(config, "database", "readers", 8, 1, 256);
        s->db.batch_max = (unsigned int)config_number(config, "database", "batch_max", 256, 1, 65536);
        s->db.cache_octets = config_number(config, "database", "cache", 16 << 20, 1 << 20, 64 * GIBI);

        s->vault.path = config_string(config, "vault", "path", in_state(s, "vault", s->own_vault));
        s->vault.segment_octets =
                (uint64_t)config_number(config, "vault", "segment", 64 << 20, 1 << 20, GIBI);
        s->vault.reserve_octets =
                (uint64_t)config_number(config, "vault", "reserve", 256 << 20, 1 << 20, 1024 * GIBI);
}

static void read_limits(struct config *config, struct core_settings *c)
{
        c->document_octets_max = (uint64_t)config_number(config, "limits", "document_octets_max",
                                                         (int64_t)c->document_octets_max, 1, 1024 * GIBI);
        c->jobs_held_max =
                (uint32_t)config_number(config, "limits", "jobs_held_max", c->jobs_held_max, 1, 1000000);
        c->receiving_ms = config_duration_ms(config, "limits", "receiving", c->receiving_ms, 1000, DAY_MS);
        c->submit_retry_ms =
                config_duration_ms(config, "limits", "submit_retry", c->submit_retry_ms, 0, DAY_MS);

        c->sent_keep_ms =
                config_duration_ms(config, "retention", "sent_keep", c->sent_keep_ms, 0, 31 * DAY_MS);
        c->waiting_ms = config_duration_ms(config, "retention", "waiting", c->waiting_ms, 1000, 365 * DAY_MS);
        c->uncertain_keep_ms = config_duration_ms(config, "retention", "uncertain_keep", c->uncertain_keep_ms,
                                                  MINUTE_MS, 31 * DAY_MS);
        c->meter_keep_ms = config_duration_ms(config, "retention", "meter_keep", c->meter_keep_ms, DAY_MS,
                                              36500 * DAY_MS);
        c->alert_keep_ms = config_duration_ms(config, "retention", "alert_keep", c->alert_keep_ms, DAY_MS,
                                              36500 * DAY_MS);
        c->alert_settle_ms =
                config_duration_ms(config, "retention", "alert_settle", c->alert_settle_ms, 0, DAY_MS);
        c->alarm_over_ms =
                config_duration_ms(config, "retention", "alarm_over", c->alarm_over_ms, 1000, 31 * DAY_MS);
        c->discovered_keep_ms = config_duration_ms(config, "retention", "discovered_keep",
                                                   c->discovered_keep_ms, DAY_MS, 36500 * DAY_MS);
        c->event_keep_ms = config_duration_ms(config, "retention", "event_keep", c->event_keep_ms, DAY_MS,
                                              36500 * DAY_MS);
}

/* Who waits for his password to be checked occupies a thread, and the check itself a processor: at most half
 * of them go on whoever guesses. */
static void read_sign_in(struct config *config, unsigned int threads, struct core_settings *c)
{
        long processors = sysconf(_SC_NPROCESSORS_ONLN);

        if (processors / 2 < (long)c->password_checks_max)
                c->password_checks_max = processors < 4 ? 1 : (uint32_t)(processors / 2);
        if (c->password_waiting_max > threads / 2)
                c->password_waiting_max = threads / 2;
        c->pin_wrong_max =
                (uint32_t)config_number(config, "sign-in", "pin_wrong_max", c->pin_wrong_max, 1, 100);
        c->guess_pause_ms =
                config_duration_ms(config, "sign-in", "guess_pause", c->guess_pause_ms, 1000, DAY_MS);
        c->unknown_badges_per_hour = (uint32_t)config_number(config, "sign-in", "unknown_badges_per_hour",
                                                             c->unknown_badges_per_hour, 1, 1000000);
        c->badge_wait_ms =
                config_duration_ms(config, "sign-in", "badge_wait", c->badge_wait_ms, 5000, 600000);
        c->badge_two_sites_ms =
                config_duration_ms(config, "sign-in", "badge_two_sites", c->badge_two_sites_ms, 0, 3600000);
        c->password_checks_max = (uint32_t)config_number(config, "sign-in", "password_checks_max",
                                                         c->password_checks_max, 1, 256);
        c->password_waiting_max = (uint32_t)config_number(config, "sign-in", "password_waiting_max",
                                                          c->password_waiting_max, 0, 65536);
        c->password_memory_octets = config_number(config, "sign-in", "password_memory",
                                                  c->password_memory_octets, 1 << 20, 4 * GIBI);
        c->password_passes =
                (uint32_t)config_number(config, "sign-in", "password_passes", c->password_passes, 1, 100);
        c->password_cache_ms =
                config_duration_ms(config, "sign-in", "password_cache", c->password_cache_ms, 0, DAY_MS);
        c->password_wrong_max = (uint32_t)config_number(config, "sign-in", "password_wrong_max",
                                                        c->password_wrong_max, 1, 100);
        c->source_wrong_max = (uint32_t)config_number(config, "sign-in", "source_wrong_max",
                                                      c->source_wrong_max, 1, 1000000);
        c->code_ms = config_duration_ms(config, "sign-in", "code", c->code_ms, MINUTE_MS, 30 * DAY_MS);
}

static void read_passwords(struct config *config, struct core_settings *c)
{
        c->breached_file = config_string(config, "passwords", "breached_file", NULL);
        c->password_least = (uint32_t)config_number(config, "passwords", "least", c->password_least, 8, 64);
}

static void read_sessions(struct config *config, struct core_settings *c)
{
        c->session_idle_ms =
                config_duration_ms(config, "sessions", "idle", c->session_idle_ms, MINUTE_MS, DAY_MS);
        c->session_panel_idle_ms = config_duration_ms(config, "sessions", "panel_idle",
                                                      c->session_panel_idle_ms, 10000, HOUR_MS);
        c->session_absolute_ms = config_duration_ms(config, "sessions", "absolute", c->session_absolute_ms,
                                                    MINUTE_MS, 30 * DAY_MS);
        c->session_administrator_ms = config_duration_ms(config, "sessions", "administrator",
                                                         c->session_administrator_ms, MINUTE_MS, 30 * DAY_MS);
        c->session_fresh_ms =
                config_duration_ms(config, "sessions", "fresh", c->session_fresh_ms, 1000, HOUR_MS);
        c->sessions_max = (uint32_t)config_number(config, "sessions", "most", c->sessions_max, 1, 1000);
}

static void read_oauth(struct config *config, struct grant_settings *g)
{
        g->code_ms = config_duration_ms(config, "oauth", "code", g->code_ms, 1000, 10 * MINUTE_MS);
        g->access_ms = config_duration_ms(config, "oauth", "access", g->access_ms, 1000, DAY_MS);
        g->refresh_ms = config_duration_ms(config, "oauth", "refresh", g->refresh_ms, 1000, 365 * DAY_MS);
        g->refresh_retry_ms =
                config_duration_ms(config, "oauth", "refresh_retry", g->refresh_retry_ms, 0, MINUTE_MS);
        g->device_code_ms =
                config_duration_ms(config, "oauth", "device_code", g->device_code_ms, 1000, HOUR_MS);
        g->device_interval_ms = config_duration_ms(config, "oauth", "device_interval", g->device_interval_ms,
                                                   1000, MINUTE_MS);
        g->device_codes_max =
                (uint32_t)config_number(config, "oauth", "device_codes_max", g->device_codes_max, 1, 1000000);
        g->device_codes_of_source = (uint32_t)config_number(config, "oauth", "device_codes_of_source",
                                                            g->device_codes_of_source, 1, 1000000);
        g->of_person_max = (uint32_t)config_number(config, "oauth", "grants_max", g->of_person_max, 1, 10000);
}

static void read_audit(struct config *config, struct settings *s)
{
        struct core_settings *c = &s->core;

        c->trail_keep_ms =
                config_duration_ms(config, "audit", "keep", c->trail_keep_ms, MINUTE_MS, 36500 * DAY_MS);
        c->watch_again_ms = config_duration_ms(config, "audit", "again", c->watch_again_ms, 0, DAY_MS);
        c->trail_sign_ms = config_duration_ms(config, "audit", "sign_after", c->trail_sign_ms, 0, DAY_MS);
        c->trail_sign_records = (uint64_t)config_number(config, "audit", "sign_records",
                                                        (int64_t)c->trail_sign_records, 1, 1000000);
        s->collector.syslog = config_string(config, "audit", "syslog", NULL);
        s->collector.ca_path = config_string(config, "audit", "syslog_ca", NULL);
        s->collector.records = config_flag(config, "audit", "syslog_records", false);
        s->collector.tenants = config_string(config, "audit", "syslog_tenants", NULL);
        s->collector.again_ms = config_duration_ms(config, "audit", "syslog_again", MINUTE_MS, 1000, DAY_MS);
        s->collector.alarm_ms =
                config_duration_ms(config, "audit", "syslog_alarm", 5 * MINUTE_MS, 1000, DAY_MS);
        s->witness.file = config_string(config, "audit", "checkpoints", NULL);
}

static void read_delivery(struct config *config, struct core_settings *c)
{
        c->lease_ms = config_duration_ms(config, "delivery", "lease", c->lease_ms, 1000, HOUR_MS);
        c->armed_ms = config_duration_ms(config, "delivery", "armed", c->armed_ms, 1000, 7 * DAY_MS);
        c->attempts_max =
                (uint32_t)config_number(config, "delivery", "attempts_max", c->attempts_max, 1, 1000);
        c->retry_ms = config_duration_ms(config, "delivery", "retry", c->retry_ms, 0, HOUR_MS);
        c->printer_state_fresh_ms = config_duration_ms(config, "delivery", "printer_state_fresh",
                                                       c->printer_state_fresh_ms, 0, DAY_MS);
        c->readiness_wait_ms = config_duration_ms(config, "delivery", "readiness_wait", c->readiness_wait_ms,
                                                  0, 2 * MINUTE_MS);
        c->printer_state_wait_ms = config_duration_ms(config, "delivery", "printer_state_wait",
                                                      c->printer_state_wait_ms, 0, MINUTE_MS);
        c->printer_state_badge_ms = config_duration_ms(config, "delivery", "printer_state_badge_wait",
                                                       c->printer_state_badge_ms, 0, 5000);
        c->enrolment_ms =
                config_duration_ms(config, "delivery", "enrolment", c->enrolment_ms, MINUTE_MS, 7 * DAY_MS);
        c->agent_gone_ms =
                config_duration_ms(config, "delivery", "agent_gone", c->agent_gone_ms, 1000, DAY_MS);
        c->agent_ms = config_duration_ms(config, "delivery", "agent_key", c->agent_ms, DAY_MS, 3650 * DAY_MS);
        c->trace = config_flag(config, "delivery", "trace", c->trace);
}

/* What the keeper would not sign cannot be set. */
static void read_certificates(struct config *config, struct core_certificates *c)
{
        c->root_ms = config_duration_ms(config, "certificates", "root", c->root_ms, DAY_MS, 7300 * DAY_MS);
        c->printer_ms =
                config_duration_ms(config, "certificates", "printer", c->printer_ms, DAY_MS, 397 * DAY_MS);
        c->est_ms = config_duration_ms(config, "certificates", "est", c->est_ms, HOUR_MS, 397 * DAY_MS);
        c->door_ms = config_duration_ms(config, "certificates", "door", c->door_ms, HOUR_MS, 397 * DAY_MS);
}

static void read_names(struct config *config, struct settings *s)
{
        s->names.servers = config_string(config, "names", "servers", "");
        s->names.timeout_ms =
                (unsigned int)config_duration_ms(config, "names", "timeout", 5000, 100, MINUTE_MS);
}

static void read_render(struct config *config, struct settings *s)
{
        cells_settings_read(config, s->core.document_octets_max, &s->renderer);
        s->core.inspects = config_flag(config, "render", "inspect", true);
        s->core.converters = config_flag(config, "render", "converters", false);
        s->core.converter_lease_ms = config_duration_ms(config, "render", "converter_lease",
                                                        s->core.converter_lease_ms, 1000, HOUR_MS);
        s->core.converter_seen_ms = config_duration_ms(config, "render", "converter_seen",
                                                       s->core.converter_seen_ms, 2 * MINUTE_MS, DAY_MS);
        s->core.work_ms = config_duration_ms(config, "render", "lease", s->core.work_ms, MINUTE_MS, HOUR_MS);
        s->core.document_passwords_max = (uint32_t)config_number(config, "render", "passwords",
                                                                 s->core.document_passwords_max, 1, 65536);
        s->core.document_passwords_of_person = (uint32_t)config_number(
                config, "render", "passwords_of_person", s->core.document_passwords_of_person, 1, 65536);
        s->core.job_passwords_max = (uint32_t)config_number(config, "delivery", "job_passwords",
                                                            s->core.job_passwords_max, 1, 65536);
        s->core.job_password_ms = config_duration_ms(config, "delivery", "job_password",
                                                     s->core.job_password_ms, 1000, 7 * DAY_MS);
        s->core.document_password_ms =
                config_duration_ms(config, "render", "password", s->core.document_password_ms, 1000, DAY_MS);
}

static void read_mail(struct config *config, struct settings *s)
{
        s->mail.relay = config_string(config, "mail", "relay", NULL);
        s->mail.from = config_string(config, "mail", "from", NULL);
        s->mail.credentials = config_string(config, "mail", "credentials", NULL);
        s->mail.ca_path = config_string(config, "mail", "ca", NULL);
        s->mail.plain = config_flag(config, "mail", "plain", false);
        s->core.has_mail = s->mail.relay != NULL;
}

static int complain(char complaint[512], const char *sentence)
{
        snprintf(complaint, 512, "%s", sentence);
        return CONFIG_BAD_VALUE;
}

int settings_read(struct config *config, struct settings *ret, char complaint[512])
{
        bool knows_keeper, knows_networks;
        int r;

        memset(ret, 0, sizeof(*ret));
        ret->core = core_settings_default();
        read_server(config, ret);
        knows_keeper = read_keeper(config, ret);
        read_keeping(config, ret);
        read_limits(config, &ret->core);
        read_sign_in(config, ret->threads, &ret->core);
        read_oauth(config, &ret->core.grant);
        read_passwords(config, &ret->core);
        read_sessions(config, &ret->core);
        read_delivery(config, &ret->core);
        read_certificates(config, &ret->core.certificates);
        read_audit(config, ret);
        read_names(config, ret);
        read_render(config, ret);
        read_mail(config, ret);
        knows_networks = ldap_parts_read(config, &ret->directory);
        ret->http = http_limits_read(config, "http");
        ret->door = door_settings_read(config, "api");
        ret->live = live_limits_read(config, "live");
        ret->ipp = ipp_door_settings_read(config);
        ret->identity = identity_settings_read(config);

        r = config_finish(config);
        if (r) {
                snprintf(complaint, 512, "%s", config_complaint(config));
                return r;
        }
        if (!knows_keeper)
                return complain(complaint, "[keeper] owner: names a user whom this machine does not know");
        if (!knows_networks)
                return complain(complaint, "[directory] allow: names and networks, with commas between them");
        if (ret->door.public_url[0] &&
            !door_public_host(text_from(ret->door.public_url), &(struct text){ 0 }))
                return complain(
                        complaint,
                        "[api] public_url: https:// and a host name, perhaps with a port, and no more");
        if (!ret->certificate[0] != !ret->key[0])
                return complain(complaint, "[tls] certificate and key: set both, or neither");
        if (mailer_complaint(&ret->mail))
                return complain(complaint, mailer_complaint(&ret->mail));
        if (witness_complaint(&ret->witness))
                return complain(complaint, witness_complaint(&ret->witness));
        if (collector_complaint(&ret->collector))
                return complain(complaint, collector_complaint(&ret->collector));
        if (strlen(ret->state) > SETTINGS_PATH - 64)
                return complain(complaint, "[server] state: the path is too long");
        return 0;
}
