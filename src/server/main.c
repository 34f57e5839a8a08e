// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/scope.h"
#include "core/core.h"
#include "core/right.h"
#include "directory/ask.h"
#include "door/ipp/operation.h"
#include "door/routes.h"
#include "net/tls.h"
#include "os/process.h"
#include "os/wipe.h"
#include "server/init.h"
#include "server/service.h"
#include "server/settings.h"

WIPE_WHAT_IS_FREED

#define OVERRIDES_MAX 64

enum mode {
        MODE_SERVE,
        MODE_CHECK,
        MODE_SETTINGS,
        MODE_INIT,
        MODE_RECOVERED,
        MODE_ROUTES,
        MODE_RIGHTS,
};

struct arguments {
        enum mode mode;
        const char *config;
        const char *overrides[OVERRIDES_MAX];
        size_t override_count;
        struct init_order init;
};

static int usage(FILE *to, int status)
{
        fprintf(to,
                "imprimaturd [--config FILE] [--set SECTION.NAME=VALUE]...\n"
                "\n"
                "Holds what people print until they stand at a printer: API and IPP over HTTPS.\n"
                "\n"
                "  --config FILE          settings (INI)\n"
                "  --set S.N=VALUE        a setting, in place of the file's\n"
                "  --check                read settings and certificate, say what is wrong, and end\n"
                "  --routes               print the routes of the API and the operations of IPP with the\n"
                "                         right each takes, and end\n"
                "  --rights               print how far each role reaches with each right, and end\n"
                "  --settings             print every setting with the value in force, and end\n"
                "  --init                 make the first tenant and administrator, and end; refuses where\n"
                "                         there is a tenant. With:\n"
                "      --tenant NAME --mail-domain DOMAIN --administrator EMAIL\n"
                "      [--title WORDS] [--company-code CODE] [--name WORDS]\n"
                "                         the password is the first line of standard input\n"
                "  --add-tenant           the same for a further tenant, while the service is stopped\n"
                "  --add-operator         make somebody who operates the service, while it is stopped, in a tenant\n"
                "                         of such people that is made with the first of them. With:\n"
                "      --operator EMAIL [--name WORDS] [--tenant NAME] [--title WORDS] [--mail-domain DOMAIN]\n"
                "      [--company-code CODE]\n"
                "  --recovered            once after a backup was restored, while the service is stopped: what was\n"
                "                         being delivered becomes uncertain, so that nothing is printed twice;\n"
                "                         then end\n"
                "  --version, --help\n");
        return status;
}

static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },
        { "set", required_argument, NULL, 's' },
        { "check", no_argument, NULL, 'k' },
        { "settings", no_argument, NULL, 'S' },
        { "init", no_argument, NULL, 'i' },
        { "add-tenant", no_argument, NULL, 'a' },
        { "add-operator", no_argument, NULL, 'A' },
        { "operator", required_argument, NULL, 'O' },
        { "tenant", required_argument, NULL, 't' },
        { "title", required_argument, NULL, 'T' },
        { "mail-domain", required_argument, NULL, 'd' },
        { "company-code", required_argument, NULL, 'o' },
        { "administrator", required_argument, NULL, 'e' },
        { "name", required_argument, NULL, 'n' },
        { "recovered", no_argument, NULL, 'R' },
        { "version", no_argument, NULL, 'v' },
        { "routes", no_argument, NULL, 'r' },
        { "rights", no_argument, NULL, 'w' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
};

/* -1: go on; otherwise the exit status. */
static int parse(int argc, char **argv, struct arguments *ret)
{
        int option;

        while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
                switch (option) {
                case 'c': ret->config = optarg; break;
                case 's':
                        if (ret->override_count == OVERRIDES_MAX)
                                return usage(stderr, 2);
                        ret->overrides[ret->override_count++] = optarg;
                        break;
                case 'k': ret->mode = MODE_CHECK; break;
                case 'S': ret->mode = MODE_SETTINGS; break;
                case 'a': ret->init.is_another = true; __attribute__((fallthrough));
                case 'i': ret->mode = MODE_INIT; break;
                case 'A':
                        ret->init.is_operator = true;
                        ret->mode = MODE_INIT;
                        break;
                case 'O': ret->init.email = optarg; break;
                case 'R': ret->mode = MODE_RECOVERED; break;
                case 'r': ret->mode = MODE_ROUTES; break;
                case 'w': ret->mode = MODE_RIGHTS; break;
                case 't': ret->init.tenant = optarg; break;
                case 'T': ret->init.title = optarg; break;
                case 'd': ret->init.mail_domain = optarg; break;
                case 'o': ret->init.company_code = optarg; break;
                case 'e': ret->init.email = optarg; break;
                case 'n': ret->init.name = optarg; break;
                case 'v': return printf("imprimaturd %s\n", IMPRIMATUR_VERSION) < 0;
                case 'h': return usage(stdout, 0);
                default: return usage(stderr, 2);
                }
        }
        return optind == argc ? -1 : usage(stderr, 2);
}

static int check(const struct settings *settings)
{
        SCOPED(tls_server_freep) struct tls_server *tls = NULL;
        int r = 0;

        if (settings->certificate != settings->own_certificate)
                r = tls_server_new(settings->certificate, settings->key, &tls);
        if (r) {
                complain("%s and %s: not a certificate with its key", settings->certificate, settings->key);
                return 1;
        }
        printf("the settings are good\n");
        return 0;
}

/* For tests, and for whoever wants to know what is reachable: the table that the service itself uses. */
static int write_routes(void)
{
        static const char *const bodies[] = { [ROUTE_NO_BODY] = "-",
                                              [ROUTE_JSON] = "json",
                                              [ROUTE_DOCUMENT] = "document",
                                              [ROUTE_FORM] = "form" };
        size_t count;
        const struct route *routes = routes_all(&count);

        for (size_t i = 0; i < count; i++)
                printf("%s %s %s %s %s%s%s\n", routes[i].method, routes[i].pattern,
                       right_name(routes[i].right), bodies[routes[i].body],
                       routes[i].creates ? "creates" : "-", routes[i].half ? ",half" : "",
                       routes[i].fresh || right_needs_fresh(routes[i].right) ? ",fresh" : "");
        for (size_t i = 0; i < ipp_handler_count(); i++)
                printf("IPP 0x%04x %s ipp -\n", ipp_handler_at(i)->code,
                       right_name(ipp_handler_at(i)->right));
        return 0;
}

/* "right role reach", for tests and for whoever wants to know who may do what. */
static int write_rights(void)
{
        for (enum right right = 1; right < RIGHTS; right++)
                for (enum role role = 0; role < ROLES; role++)
                        printf("%s %s %s%s\n", right_name(right), role_name(role),
                               reach_name(right_reach(right, role)),
                               right_needs_fresh(right) ? " fresh" : "");
        return 0;
}

static int recover(struct house *house)
{
        uint64_t uncertain;
        int r = core_recover(house->core, &uncertain);

        if (r == 0)
                printf("recovered; %llu deliveries are uncertain, and their owners are asked\n",
                       (unsigned long long)uncertain);
        return r;
}

static int run(const struct arguments *arguments, const struct settings *settings)
{
        SCOPED(signals_done) struct signals signals = { -1, -1 };
        SCOPED(house_done) struct house house = { .state_fd = -1 };
        int r;

        r = process_become(settings->user);
        if (r == 0)
                r = process_harden();
        if (r) {
                complain("cannot run as %s: %s", settings->user ? settings->user : "this user",
                         r < 0 ? strerror(-r) : "no such user here");
                return 1;
        }
        directory_init();
        process_raise_files(settings->files_max);
        r = arguments->mode == MODE_SERVE ? signals_open(&signals) : 0;
        if (r == 0)
                r = house_open(&house, settings);
        if (r == 0 && arguments->mode == MODE_INIT)
                r = init_run(&house, &arguments->init);
        else if (r == 0 && arguments->mode == MODE_RECOVERED)
                r = recover(&house);
        else if (r == 0)
                r = service_run(&house, settings, &signals);
        if (r < 0)
                log_fault("ended", r);
        else if (r == 0 && arguments->mode == MODE_SERVE)
                log_write(LOG_NOTICE, "stopped", NULL);
        return r ? 1 : 0;
}

int main(int argc, char **argv)
{
        SCOPED(config_closep) struct config *config = NULL;
        struct arguments arguments = { 0 };
        struct settings settings;
        char complaint[512];
        int r;

        r = parse(argc, argv, &arguments);
        if (r >= 0)
                return r;
        if (arguments.mode == MODE_ROUTES)
                return write_routes();
        if (arguments.mode == MODE_RIGHTS)
                return write_rights();
        log_init("imprimaturd", LOG_NOTICE);
        r = config_open(arguments.config, &config);
        for (size_t i = 0; r == 0 && i < arguments.override_count; i++)
                r = config_override(config, arguments.overrides[i]);
        if (r) {
                complain("%s", config ? config_complaint(config) : "the settings cannot be read");
                return 1;
        }
        if (settings_read(config, &settings, complaint)) {
                complain("%s", complaint);
                return 1;
        }
        if (arguments.mode == MODE_SETTINGS) {
                config_print(config, stdout);
                return 0;
        }
        if (settings.debug)
                log_init("imprimaturd", LOG_DEBUG);
        return arguments.mode == MODE_CHECK ? check(&settings) : run(&arguments, &settings);
}
