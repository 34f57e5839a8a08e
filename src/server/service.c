// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/service.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/report-schedule.h"
#include "door/door.h"
#include "door/ipp/ipp.h"
#include "identity/ldap-sync.h"
#include "net/http-server.h"
#include "net/tls.h"
#include "os/file.h"
#include "os/process.h"
#include "server/collector.h"
#include "server/inquirer.h"
#include "server/herald.h"
#include "server/mailer.h"
#include "server/sweeper.h"
#include "server/witness.h"

#define CERTIFICATE_LOOK_MS 60000
#define ADDRESS_MAX         128
#define EST_THREADS         2

struct service {
        struct door door;
        struct ipp_door *ipp;
        struct tls_server *tls;
        struct http_server *http;
        struct tls_server *est_tls; /* NULL: no such address */
        struct http_server *est;
        const struct signals *signals;
        uint16_t port; /* of the first address */
};

static void service_done(struct service *service)
{
        http_server_freep(&service->est);
        tls_server_freep(&service->est_tls);
        http_server_freep(&service->http);
        tls_server_freep(&service->tls);
        ipp_door_freep(&service->ipp);
}

static int complain_of_tls(const struct settings *settings, int r)
{
        if (r == TLS_BAD_CERTIFICATE)
                complain(
                        "%s: not a certificate that can be used (PEM, its chain after it). Set [tls] certificate, "
                        "or remove it together with its key to have one made.",
                        settings->certificate);
        else if (r == TLS_BAD_KEY)
                complain("%s: not the key of %s. Set [tls] key.", settings->key, settings->certificate);
        else
                complain("%s: the certificate cannot be used: %s", settings->certificate, strerror(-r));
        return HOUSE_CLOSED;
}

static int open_tls(struct service *service, const struct settings *settings)
{
        bool made = false;
        int r = 0;

        if (settings->certificate == settings->own_certificate)
                r = tls_certificate_make(settings->certificate, settings->key, settings->certificate_names,
                                         &made);
        if (made)
                log_write(LOG_NOTICE, "certificate-made", "path", settings->certificate, "names",
                          settings->certificate_names, NULL);
        if (r == 0)
                r = tls_server_new(settings->certificate, settings->key, &service->tls);
        service->door.tls = service->tls;
        return r ? complain_of_tls(settings, r) : 0;
}

static const struct http_handler *route(void *context, struct http_exchange *x)
{
        struct service *service = context;
        const struct http_handler *handler = ipp_door_route(service->ipp, x);

        return handler ? handler : door_route(&service->door, x);
}

/* "127.0.0.1:8443", "localhost:8443", "[::1]:8443": nobody comes there from another machine. */
static bool is_of_this_machine(const char *address)
{
        struct text text = text_from(address);

        return text_starts_with(text, "127.") || text_starts_with(text, "localhost:") ||
               text_starts_with(text, "[::1]:");
}

/* What is made of the name (links, passkeys, addresses to come back to) should not hang on who asks. */
static void ask_for_name(const struct door_settings *door, const char *address)
{
        if (!door->public_url[0] && !is_of_this_machine(address))
                log_write(
                        LOG_WARNING, "public-url-not-set", "address", address, "reason",
                        "other machines reach this address; passkeys and programs' sign-in then hang on the "
                        "names of the certificate, and mails have no links",
                        "remedy", "set [api] public_url = https://NAME:PORT", NULL);
}

/* ret_port (may be NULL): of the first address, where it is still 0. */
static int listen_at(struct service *service, struct http_server *http, const char *addresses,
                     uint16_t *ret_port, const char *section)
{
        struct text rest = text_from(addresses), address;
        bool more = true;

        while (more) {
                char string[ADDRESS_MAX], number[8];
                uint16_t port = 0;
                int r;

                more = text_cut(rest, ',', &address, &rest);
                r = text_copy(text_trim(address), string, sizeof(string))
                            ? http_server_listen(http, string, &port)
                            : -EINVAL;
                if (r) {
                        complain("%.*s: cannot listen here: %s. Set %s listen to a free address.",
                                 TEXT_ARGS(address), r < 0 ? strerror(-r) : "refused", section);
                        return HOUSE_CLOSED;
                }
                if (ret_port && *ret_port == 0)
                        *ret_port = port;
                snprintf(number, sizeof(number), "%u", port);
                log_write(LOG_NOTICE, "listening", "address", string, "port", number, NULL);
                ask_for_name(&service->door.settings, string);
        }
        return 0;
}

static int open_http(struct service *service, const struct settings *settings)
{
        struct http_server_options options = {
                .limits = settings->http,
                .threads = settings->threads,
                .tls = service->tls,
                .route = route,
                .context = service,
        };
        int r = http_server_new(&options, &service->http);

        if (r)
                return r;
        service->door.server = service->http;
        r = listen_at(service, service->http, settings->listen, &service->port, "[server]");
        return r ? r : http_server_start(service->http);
}

/* Where everybody is asked for a certificate, there is EST and nothing else. */
static const struct http_handler *route_est(void *context, struct http_exchange *x)
{
        struct service *service = context;

        if (x->segment_count > 1 && text_equal_string(x->segments[0], ".well-known") &&
            text_equal_string(x->segments[1], "est"))
                return door_route(&service->door, x);
        http_respond_problem(x, 404, "There is nothing here but EST", "Use the service's own address.");
        return NULL;
}

/* Printers renew by the certificate that they have; browsers and IPP clients are never asked for one, so this
 * is an address of its own. */
static int open_est(struct service *service, const struct settings *settings)
{
        struct http_server_options options = {
                .limits = settings->http, .threads = EST_THREADS, .route = route_est, .context = service
        };
        int r;

        if (!settings->est_listen[0])
                return 0;
        r = tls_server_new_asking(settings->certificate, settings->key, &service->est_tls);
        if (r)
                return complain_of_tls(settings, r);
        options.tls = service->est_tls;
        r = http_server_new(&options, &service->est);
        if (r == 0)
                r = listen_at(service, service->est, settings->est_listen, NULL, "[est]");
        return r ? r : http_server_start(service->est);
}

static void reload_one(struct tls_server *tls)
{
        int r = tls_server_reload(tls);

        if (r == 0)
                log_write(LOG_NOTICE, "certificate-reloaded", NULL);
        else if (r > 0)
                log_write(LOG_ERROR, "certificate-not-reloaded", "reason",
                          r == TLS_BAD_KEY ? "bad key" : "bad certificate", NULL);
        else
                log_fault("certificate-not-reloaded", r);
}

static void reload(struct service *service)
{
        struct signalfd_siginfo info;

        while (read(service->signals->reload_fd, &info, sizeof(info)) == sizeof(info))
                ;
        reload_one(service->tls);
        if (service->est_tls)
                reload_one(service->est_tls);
}

static void look_at_certificate(struct service *service)
{
        bool changed = false;
        int r = tls_server_reload_if_changed(service->tls, &changed);

        if (changed && r == 0)
                log_write(LOG_NOTICE, "certificate-reloaded", NULL);
        if (service->est_tls)
                (void)tls_server_reload_if_changed(service->est_tls, &changed);
}

static int wait_for_stop(struct service *service)
{
        struct pollfd fds[2] = { { service->signals->stop_fd, POLLIN, 0 },
                                 { service->signals->reload_fd, POLLIN, 0 } };

        for (;;) {
                int n = poll(fds, 2, CERTIFICATE_LOOK_MS);

                if (n < 0 && errno != EINTR)
                        return fault(-errno);
                if (n == 0)
                        look_at_certificate(service);
                if (n > 0 && fds[1].revents)
                        reload(service);
                if (n > 0 && fds[0].revents && process_stop_take(service->signals->stop_fd))
                        return 0;
        }
}

static void tell_ready(const struct settings *settings, uint16_t port)
{
        char line[16];

        snprintf(line, sizeof(line), "%u\n", port);
        if (settings->ready_file && file_replace(settings->ready_file, 0644, text_from(line)))
                log_write(LOG_WARNING, "ready-file-not-written", "path", settings->ready_file, NULL);
        log_write(LOG_NOTICE, "ready", "version", IMPRIMATUR_VERSION, NULL);
}

int signals_open(struct signals *signals)
{
        sigset_t set;
        int r = process_stop_open(&signals->stop_fd);

        if (r)
                return r;
        sigemptyset(&set);
        sigaddset(&set, SIGHUP);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
                return fault(-errno);
        signals->reload_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        return signals->reload_fd < 0 ? fault(-errno) : 0;
}

void signals_done(struct signals *signals)
{
        closep(&signals->stop_fd);
        closep(&signals->reload_fd);
}

int service_run(struct house *house, const struct settings *settings, const struct signals *signals)
{
        SCOPED(service_done) struct service service = { .signals = signals };
        SCOPED(sweeper_stopp) struct sweeper *sweeper = NULL;
        SCOPED(mailer_stopp) struct mailer *mailer = NULL;
        SCOPED(herald_stopp) struct herald *herald = NULL;
        SCOPED(witness_stopp) struct witness *witness = NULL;
        SCOPED(collector_stopp) struct collector *collector = NULL;
        SCOPED(inquirer_stopp) struct inquirer *inquirer = NULL;
        SCOPED(ldap_sync_stopp) struct ldap_sync *sync = NULL;
        SCOPED(live_channel_stopp) struct live_channel *live = house->live;
        int r;

        service.door = (struct door){ .core = house->core,
                                      .channel = house->channel,
                                      .converters = house->converters,
                                      .live = house->live,
                                      .panels = house->panels,
                                      .identity = house->identity,
                                      .draw = renderer_draw,
                                      .draw_context = house->renderer,
                                      .settings = settings->door };
        report_files_made_by(house->core, door_report_file, &service.door);
        r = open_tls(&service, settings);
        if (r == 0)
                r = ipp_door_new(house->core, service.door.tls, &settings->ipp, &service.ipp);
        if (r == 0)
                r = sweeper_start(house->core, &sweeper);
        if (r == 0)
                r = mailer_start(&settings->mail, house->core, &mailer);
        if (r == 0)
                r = herald_start(identity_fetcher(house->identity), house->core, &herald);
        if (r == 0)
                r = witness_start(&settings->witness, house->core, &witness);
        if (r == 0)
                r = collector_start(&settings->collector, house->core, &collector);
        if (r == 0)
                r = inquirer_start(house->identity, house->core, &inquirer);
        if (r == 0)
                r = ldap_sync_start(house->core, &sync);
        service.door.sync = sync;
        if (r == 0)
                r = live_channel_start(live, house->core);
        if (r == 0)
                r = renderer_start(house->renderer, house->core);
        if (r == 0)
                r = open_http(&service, settings);
        if (r == 0)
                r = open_est(&service, settings);
        if (r == 0) {
                tell_ready(settings, service.port);
                r = wait_for_stop(&service);
        }
        if (settings->ready_file)
                unlink(settings->ready_file);
        if (service.http)
                http_server_stop(service.http, settings->drain_ms);
        if (service.est)
                http_server_stop(service.est, settings->drain_ms);
        renderer_stop(house->renderer);
        return r;
}
