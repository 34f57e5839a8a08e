// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/carrier.h"
#include "agent/channel.h"
#include "agent/configuration.h"
#include "agent/directory.h"
#include "agent/discovery.h"
#include "agent/health.h"
#include "agent/journal.h"
#include "agent/place.h"
#include "agent/line.h"
#include "agent/pulse.h"
#include "agent/readers.h"
#include "agent/service.h"
#include "agent/settings.h"
#include "agent/status.h"
#include "agent/swipes.h"
#include "agent/update.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "directory/ask.h"
#include "os/file.h"
#include "os/process.h"
#include "os/wipe.h"
#include "outpost/program.h"
#include "relay/lpd.h"
#include "relay/relay.h"

WIPE_WHAT_IS_FREED

#define STOP_MS 3000

/* Nothing the agent does needs another program, or another process's memory. */
static const char *const denied_calls[] = {
        "execve",
        "execveat",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "bpf",
        "perf_event_open",
        "init_module",
        "finit_module",
        "delete_module",
        "mount",
        "umount2",
        "pivot_root",
        "unshare",
        "setns",
        "kexec_load",
        "userfaultfd",
        "keyctl",
        "add_key",
        "request_key",
        "io_uring_setup",
        "chroot",
        "swapon",
        "swapoff",
        "reboot",
        NULL,
};

static const struct program program = {
        .name = "imprimatur-agent",
        .usage =
                "imprimatur-agent --config FILE [--set SECTION.NAME=VALUE]...\n"
                "imprimatur-agent --config FILE --enrol [FILE]\n"
                "\n"
                "Carries released documents to the printers of a site, and listens to its badge readers.\n"
                "\n"
                "  --config FILE    settings; see imprimatur-agent(8)\n"
                "  --set S.N=V      a setting that takes the place of the file's\n"
                "  --enrol [FILE]   makes this machine the agent that a one-time code was made for: an enrolment\n"
                "                   file, which also says where the service is, or the code alone; without a\n"
                "                   file, the code is read from standard input\n"
                "  --settings       print every setting with the value in force, and end\n"
                "  --version, --help\n",
        .prefix = "/v1/agent",
        .file = "agent.json",
};

static int complain(const char *what, const char *why)
{
        return program_complain(&program, what, why);
}

/* Everything that runs; none of it ends before the process does. */
struct agent {
        struct service *service;
        struct configuration *configuration;
        struct journal *journal;
        struct homes *homes;
        struct known *known;
        struct offline *offline;
        struct carrier *carrier;
        struct readers *readers;
        struct directory *directory;
        struct discovery *discovery;
        struct credentials *credentials;
        struct printers *printers;
        struct readiness *readiness;
        struct configurer *configurer;
        struct relay *relay;
        struct deposits *deposits;
        struct callers *callers;
        struct drain *drain;
        struct stays stays;
        struct keeping *keeping;
        struct lpd_known *lpd_known;
        struct lpd lpd;
        struct channel_parts channel;
        struct pulse pulse;
        struct line line;
        struct health health;
        struct status status;
        struct strangers *strangers;
        struct update update;
        struct swipes swipes;
        uint16_t port; /* that could not be opened */
        int refusal;   /* and why */
};

static int make_relay(struct agent *agent, const struct agent_settings *s, const struct identity_place *place)
{
        const struct relay_parts parts = { &s->relay,       agent->service, place->state, place->directory,
                                           agent->deposits, agent->callers, &agent->stays };

        return relay_new(&parts, &agent->relay);
}

static bool find_person_key(void *context, struct id person, uint8_t ret[BOX_KEY_OCTETS])
{
        return known_person_key(context, person, ret);
}

/* With the journal that it is the ledger of. */
static int make_offline(struct agent *agent, const struct agent_settings *s,
                        const struct identity_place *place)
{
        int r;

        r = homes_open(place->directory, journal_incarnation(agent->journal), &agent->homes);
        if (r == 0)
                r = known_new(place->directory, s->offline_runtime, &agent->known);
        if (r == 0)
                r = callers_new(s->offline_runtime, s->remember_ms, &agent->callers);
        if (r)
                return r;
        deposits_set_people(agent->deposits, find_person_key, agent->known);
        return offline_new(agent->service, agent->journal, agent->homes, agent->deposits, agent->known,
                           agent->carrier, &agent->offline);
}

/* What is not to leave the site. */
static int make_stays(struct agent *agent, const struct agent_settings *s, const struct identity_place *place)
{
        struct drain_settings drain = s->drain;
        int r;

        stays_init(&agent->stays);
        drain.stays = true;
        r = deposits_open(place->directory, &s->stays, &agent->stays.deposits);
        if (r == 0)
                r = drain_new(&drain, agent->service, agent->stays.deposits, agent->callers,
                              &agent->stays.drain);
        if (r == 0)
                r = keeping_new(agent->service, &agent->stays, &agent->channel, s->stays_ms, &agent->keeping);
        if (r)
                return r;
        drain_set_staying(agent->drain, agent->stays.drain);
        carrier_set_stays(agent->carrier, agent->stays.deposits);
        return 0;
}

static int make_parts(struct agent *agent, const struct agent_settings *s, const struct identity_place *place)
{
        char path[IDENTITY_PATH];
        bool is_new, moved;
        int r;

        r = place_check(place->directory, &moved);
        if (r == 0 && moved)
                log_write(LOG_WARNING, "journal-of-another-place", "why",
                          "This is a copy, or another machine: what the journal named is left to the other",
                          NULL);
        if (r == 0)
                r = identity_service(place, path, &agent->service);
        if (r == 0)
                r = journal_open(place->directory, &agent->journal, &is_new);
        if (r == 0)
                r = configuration_new(place->directory, &agent->configuration);
        if (r == 0)
                r = readers_new(&agent->readers);
        if (r == 0)
                r = carrier_new(s, agent->service, agent->journal, place->directory, &agent->carrier);
        if (r == 0)
                r = deposits_open(place->directory, &s->deposits, &agent->deposits);
        if (r == 0)
                r = make_offline(agent, s, place);
        if (r == 0)
                r = drain_new(&s->drain, agent->service, agent->deposits, agent->callers, &agent->drain);
        if (r == 0)
                r = make_stays(agent, s, place);
        if (r == 0)
                r = make_relay(agent, s, place);
        if (r == 0)
                r = lpd_known_new(place->directory, s->lpd.repeat_ms, &agent->lpd_known);
        carrier_set_own(agent->carrier, agent->homes, agent->deposits, agent->drain);
        return r;
}

static int apply_readers(void *context, const struct configuration_member *member)
{
        struct agent *agent = context;
        int r = member->value ? readers_load(agent->readers, member->value) : 0;

        if (r == 0 || !member->is_on)
                agent->refusal = swipes_apply(&agent->swipes, member->is_on, &agent->port);
        return r;
}

static int apply_ipp(void *context, const struct configuration_member *member)
{
        struct agent *agent = context;

        return relay_apply(agent->relay, member->is_on, member->value);
}

static int apply_directory(void *context, const struct configuration_member *member)
{
        struct agent *agent = context;

        directory_switch(agent->directory, member->is_on);
        return 0;
}

/* The key of the tenant's box, into which keys of deposits go. */
static int apply_deposits(void *context, const struct configuration_member *member)
{
        struct agent *agent = context;
        const char *string = json_string_value(json_object_get(member->value, "key"));
        uint8_t key[BOX_KEY_OCTETS];
        size_t length;

        if (!member->value || json_is_null(member->value))
                return 0;
        if (!string || !base64_parse(text_from(string), key, sizeof(key), &length) || length != sizeof(key))
                return CONFIGURATION_MALFORMED;
        deposits_set_key(agent->deposits, key);
        deposits_set_key(agent->stays.deposits, key);
        return stays_set_queues(&agent->stays, json_object_get(member->value, "staying"))
                       ? 0
                       : CONFIGURATION_MALFORMED;
}

static int apply_lpd(void *context, const struct configuration_member *member)
{
        struct agent *agent = context;

        return lpd_apply(&agent->lpd, member->is_on, member->value);
}

static void make_lpd(struct agent *agent, const struct agent_settings *s)
{
        agent->lpd.settings = &s->lpd;
        agent->lpd.deposits = agent->deposits;
        agent->lpd.drain = agent->drain;
        agent->lpd.known = agent->lpd_known;
        agent->lpd.callers = agent->callers;
        agent->lpd.stays = &agent->stays;
        lpd_init(&agent->lpd);
}

/* Before the channel, which may say another configuration. */
static int configure_parts(struct agent *agent, const struct agent_settings *s)
{
        const struct configuration_part parts[] = {
                { "readers", apply_readers, agent },
                { "directory", apply_directory, agent },
                { "discovery", discovery_apply, agent->discovery },
                { "ipp", apply_ipp, agent },
                { "deposits", apply_deposits, agent },
                { "lpd", apply_lpd, agent },
                { "offline", offline_apply, agent->offline },
        };
        char number[8];

        for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
                configuration_add(agent->configuration, &parts[i]);
        make_lpd(agent, s);
        configuration_start(agent->configuration);
        /* Where somebody looks on, a port that is not ours to take ends the start. */
        snprintf(number, sizeof(number), "%u", agent->port);
        if (agent->refusal == SWIPES_IN_USE)
                return complain("this port for badge readers is taken, or not ours to take", number);
        if (agent->refusal)
                return complain("[readers] listen is no address of this machine", s->listen);
        return 0;
}

static int start_parts(struct agent *agent, const struct agent_settings *s, int directory)
{
        int r;

        r = directory_start(s, agent->service, &agent->directory);
        if (r == DIRECTORY_BAD_ALLOW)
                return complain("[directory] allow: names and networks, with commas between them",
                                s->directory_allow);
        if (r)
                return complain("cannot start", strerror(-r));
        r = discovery_start(agent->service, directory, &agent->discovery);
        if (r)
                return complain("cannot start", strerror(-r));
        r = credentials_new(&agent->credentials);
        if (r == 0)
                r = printers_start(s, agent->service, agent->credentials, &agent->printers);
        if (r == 0)
                r = readiness_start(s, agent->service, agent->credentials, &agent->readiness);
        if (r == 0)
                r = configurer_start(agent->service, agent->discovery, &agent->configurer);
        if (r)
                return complain("cannot start", strerror(-r));
        agent->channel = (struct channel_parts){ agent->service,    agent->journal,
                                                 agent->carrier,    agent->configuration,
                                                 agent->directory,  agent->discovery,
                                                 agent->printers,   agent->readiness,
                                                 agent->configurer, agent->drain,
                                                 agent->offline,    agent->stays.drain,
                                                 agent->keeping,    false };
        r = strangers_start(s, agent->service, &agent->strangers);
        if (r)
                return complain("cannot start", strerror(-r));
        agent->swipes = (struct swipes){ .settings = s,
                                         .service = agent->service,
                                         .journal = agent->journal,
                                         .carrier = agent->carrier,
                                         .readers = agent->readers,
                                         .printers = agent->printers,
                                         .strangers = agent->strangers,
                                         .offline = agent->offline };
        r = carrier_start(agent->carrier);
        if (r)
                return complain("cannot start", strerror(-r));
        if (configure_parts(agent, s) != 0)
                return 1;
        agent->pulse = (struct pulse){ agent->service, agent->journal, agent->carrier };
        agent->health = (struct health){ .service = agent->service,
                                         .strangers = agent->strangers,
                                         .offline = agent->offline,
                                         .configuration = agent->configuration,
                                         .channel = &agent->channel,
                                         .journal = agent->journal,
                                         .directory = directory,
                                         .every_ms = s->health_ms };
        agent->status = (struct status){ s, &agent->health };
        agent->line =
                (struct line){ agent->service, agent->offline, agent->drain, agent->carrier, s->notice_ms };
        r = drain_start(agent->drain);
        if (r == 0)
                r = drain_start(agent->stays.drain);
        if (r == 0)
                r = keeping_start(agent->keeping);
        if (r == 0)
                r = line_start(&agent->line);
        if (r == 0)
                r = pulse_start(&agent->pulse);
        if (r == 0)
                r = channel_start(&agent->channel);
        if (r == 0)
                r = offline_start(agent->offline);
        if (r == 0)
                r = health_start(&agent->health);
        if (r == 0)
                r = status_start(&agent->status);
        if (r == 0) {
                agent->update = (struct update){ s, agent->service, directory };
                r = update_start(&agent->update);
                if (r == UPDATE_BAD_KEY)
                        return complain("[update] key is a file of public keys, 64 hexadecimal digits a line",
                                        s->update_key);
                if (r == UPDATE_BAD_MODE)
                        return complain("[update] mode is notify, automatic or off", s->update_mode);
        } else if (r == STATUS_IN_USE)
                return complain("[status] port: this port is taken, or not ours to take", NULL);
        return r ? complain("cannot start", strerror(-r)) : 0;
}

static int run(const struct agent_settings *s, int directory)
{
        struct identity_place place = program_place(&program, &s->program, directory);
        struct agent agent = { .service = NULL };
        int stop = -1, r;

        r = identity_check(&place);
        if (r == IDENTITY_NOT_ENROLLED)
                return complain("this agent is not enrolled: make a one-time code, and run it with --enrol",
                                NULL);
        if (r == 0 && place_take(directory) == PLACE_TAKEN)
                return complain("another imprimatur-agent works in this folder; stop it first",
                                s->program.state);
        if (r == 0)
                r = process_stop_open(&stop);
        if (r == 0)
                r = process_deny_calls(denied_calls);
        if (r == 0)
                r = make_parts(&agent, s, &place);
        if (r)
                return complain("cannot start", strerror(r < 0 ? -r : EPROTO));
        if (start_parts(&agent, s, directory) != 0)
                return 1;
        log_write(LOG_NOTICE, "agent-started", "version", IMPRIMATUR_VERSION, NULL);
        program_wait(&place, agent.service, stop);
        carrier_stop(agent.carrier, clock_monotonic_ms() + STOP_MS);
        log_write(LOG_NOTICE, "agent-stopped", NULL);
        /* What is still under way is in the journal; threads that carry it must not see it vanish. */
        _exit(0);
}

static int enrol(const struct agent_settings *s, int directory, const char *code)
{
        int status = program_enrol(&program, &s->program, directory, code);

        if (status == 0)
                configuration_forget(directory);
        return status;
}

int main(int argc, char **argv)
{
        SCOPED(config_closep) struct config *config = NULL;
        struct program_words words = { .config = NULL };
        struct agent_settings settings;
        int directory, r;

        r = program_read_words(&program, argc, argv, &words);
        if (r >= 0)
                return r;
        directory_init();
        r = process_harden();
        if (r)
                return complain("cannot harden the process", strerror(-r));
        if (!program_open_config(&program, &words, &config))
                return 1;
        r = agent_settings_read(config, &settings);
        if (!program_settings_are_good(&program, &words, &settings.program, config, r))
                return 1;
        if (words.print_settings) {
                config_print(config, stdout);
                return 0;
        }
        log_init("imprimatur-agent", settings.program.level);
        r = directory_open(settings.program.state, &directory);
        if (r)
                return complain(settings.program.state, strerror(r < 0 ? -r : EPROTO));
        return words.enrol ? enrol(&settings, directory, words.enrol) : run(&settings, directory);
}
