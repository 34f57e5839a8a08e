// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The conversation by SNMP of one host: which credential it takes, whether it is a printer, and all that it
 * says. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "discovery/scan-host.h"

#define QUESTION_MAX  4096
#define CLOCKS_MAX    2
#define PACKET_OCTETS 1400 /* that one more question and its answer may take */

static const struct snmp_credential *credential_of(const struct scan *scan, const struct host *host)
{
        return &scan->secrets->credentials[host->credential];
}

static void end_probe(struct scan *scan, struct host *host)
{
        wheel_clear(&scan->wheel, &host->timer);
        host->probe = PROBE_NONE;
        scan_advance(scan, host);
}

/* A new question: with a number of its own, and all its tries. */
static void ask(struct scan *scan, struct host *host, enum probe probe)
{
        host->probe = probe;
        host->tries = 0;
        host->id = (int32_t)(random_u64() & INT32_MAX);
        scan_want_to_send(scan, host);
}

static void begin_credential(struct scan *scan, struct host *host)
{
        if (host->credential >= scan->secrets->credential_count) {
                end_probe(scan, host);
                return;
        }
        host->step = 0;
        host->clocks = 0;
        if (credential_of(scan, host)->version != SNMP_V3) {
                ask(scan, host, PROBE_KIND);
        } else if (!host->has_engine) {
                ask(scan, host, PROBE_ENGINE);
        } else {
                /* The device is known already: only the keys are another user's. */
                host->engine.is_proved = false;
                if (snmp_engine_localize(&host->engine, &credential_of(scan, host)->user) == 0)
                        ask(scan, host, PROBE_KIND);
                else
                        end_probe(scan, host);
        }
}

/* Who did not say which engine he is does not speak SNMPv3 at all. */
static void next_credential(struct scan *scan, struct host *host)
{
        bool skip = credential_of(scan, host)->version == SNMP_V3 && !host->has_engine;

        do
                host->credential++;
        while (skip && host->credential < scan->secrets->credential_count &&
               credential_of(scan, host)->version == SNMP_V3);
        begin_credential(scan, host);
}

void scan_snmp_begin(struct scan *scan, struct host *host)
{
        host->credential = 0;
        scan_note(host, WAY_SNMP, TRIED_SILENT);
        begin_credential(scan, host);
}

/* ---- out ---- */

static bool make_question(struct scan *scan, struct host *host, struct snmp_name *names,
                          struct snmp_question *ret)
{
        bool one_by_one = credential_of(scan, host)->version == SNMP_V1;

        *ret = (struct snmp_question){ .id = host->id, .names = names };
        if (host->probe == PROBE_WALK)
                return mib_next(&host->found->walk, names, &ret->name_count, &ret->repetitions);
        mib_probe(names);
        ret->name_count = one_by_one ? 1 : MIB_PROBE_COLUMNS;
        ret->names = names + (one_by_one ? host->step : 0);
        return true;
}

/* The question as octets; again the same where it was sent before. */
static bool format(struct scan *scan, struct host *host, struct buffer *to)
{
        const struct snmp_credential *credential = credential_of(scan, host);
        struct snmp_name names[MIB_ASKED_MAX];
        struct snmp_question question;
        struct snmp_secure secure = { .user = &credential->user,
                                      .engine = &host->engine,
                                      .id = host->id,
                                      .now_s = clock_monotonic_ms() / 1000 };
        uint64_t salt = scan->salt++;

        if (host->probe == PROBE_ENGINE) {
                snmp_secure_discover(host->id, to);
                return true;
        }
        if (host->probe == PROBE_WALK && host->tries > 0)
                host->found->walk.questions--; /* the same one again is none more */
        if (!make_question(scan, host, names, &question))
                return false;
        memcpy(secure.salt, &salt, sizeof(secure.salt));
        if (credential->version == SNMP_V3)
                snmp_secure_question(&secure, &question, to);
        else
                snmp_question_format(&question, credential->version, text_from(credential->community), to);
        return true;
}

static void end_walk(struct scan *scan, struct host *host)
{
        mib_end(&host->found->walk, &host->found->sighting.device);
        end_probe(scan, host);
}

/* Is called with a token in hand; it is lost where there is nothing to send. */
void scan_snmp_send(struct scan *scan, struct host *host)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(QUESTION_MAX);
        struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons(scan->order->snmp_port),
                                  .sin_addr = { htonl(host->address) } };

        if (host->probe == PROBE_NONE)
                return;
        if (!format(scan, host, &octets)) {
                end_walk(scan, host);
                return;
        }
        host->tries++;
        host->packets++;
        host->octets += octets.len + HEAD_OCTETS;
        scan->counts.packets++;
        scan->counts.octets += octets.len + HEAD_OCTETS;
        /* Where a datagram cannot go now it is as if it were lost. */
        if (!octets.failure)
                (void)sendto(scan->udp, octets.at, octets.len, MSG_NOSIGNAL, (struct sockaddr *)&to,
                             sizeof(to));
        wheel_set(&scan->wheel, &host->timer, clock_monotonic_ms() + scan->order->timeout_ms);
}

void scan_snmp_due(struct scan *scan, struct host *host)
{
        if (host->tries <= scan->order->retries) {
                scan_want_to_send(scan, host);
        } else if (host->probe == PROBE_WALK) {
                host->found->sighting.was_cut = true;
                end_walk(scan, host);
        } else {
                next_credential(scan, host);
        }
}

/* ---- in ---- */

static uint64_t budget_of(const struct scan *scan)
{
        return scan->options->purpose == PURPOSE_STATUS ? BUDGET_STATUS_OCTETS : BUDGET_DISCOVERY_OCTETS;
}

static void walk_on(struct scan *scan, struct host *host)
{
        bool is_too_much = host->octets + PACKET_OCTETS > budget_of(scan),
             is_too_long = clock_monotonic_ms() > host->found->until_ms;

        if (is_too_much || is_too_long) {
                host->found->sighting.was_cut = true;
                end_walk(scan, host);
        } else {
                ask(scan, host, PROBE_WALK);
        }
}

void scan_snmp_walk(struct scan *scan, struct host *host)
{
        bool one_by_one = credential_of(scan, host)->version == SNMP_V1;

        host->found->until_ms = clock_monotonic_ms() + WALK_LIMIT_MS;
        mib_begin(&host->found->walk, scan->options->purpose, one_by_one,
                  host->target && host->target->counters);
        walk_on(scan, host);
}

static void take_kind(struct scan *scan, struct host *host, const struct snmp_answer *answer)
{
        if (!answer->error && mib_is_printer(answer)) {
                host->is_snmp_printer = scan_found(scan, host) != NULL;
                scan_note(host, WAY_SNMP, TRIED_ANSWERED);
                end_probe(scan, host);
        } else if (credential_of(scan, host)->version == SNMP_V1 && host->step + 1 < MIB_PROBE_COLUMNS) {
                host->step++;
                ask(scan, host, PROBE_KIND);
        } else {
                scan_note(host, WAY_SNMP, TRIED_NO_PRINTER);
                end_probe(scan, host);
        }
}

static void take_answer(struct scan *scan, struct host *host, const struct snmp_answer *answer)
{
        wheel_clear(&scan->wheel, &host->timer);
        if (host->probe == PROBE_KIND) {
                take_kind(scan, host, answer);
        } else {
                mib_take(&host->found->walk, answer, &host->found->sighting.device);
                walk_on(scan, host);
        }
}

static void take_engine(struct scan *scan, struct host *host, const struct snmp_secure_head *head)
{
        if (snmp_secure_discovered(head, clock_monotonic_ms() / 1000, &scan->answer, &host->engine) != 0 ||
            snmp_engine_localize(&host->engine, &credential_of(scan, host)->user) != 0) {
                scan->counts.malformed++;
                return;
        }
        host->has_engine = true;
        ask(scan, host, PROBE_KIND);
}

static void take_report(struct scan *scan, struct host *host, enum snmp_report report)
{
        switch (report) {
        case SNMP_REPORT_TIME:
                if (host->clocks++ < CLOCKS_MAX) {
                        host->tries = 0;
                        host->id = (int32_t)(random_u64() & INT32_MAX);
                        if (host->probe == PROBE_WALK)
                                host->found->walk.questions--;
                        scan_want_to_send(scan, host);
                        return;
                }
                break;
        case SNMP_REPORT_USER:
        case SNMP_REPORT_LEVEL: scan_note(host, WAY_SNMP, TRIED_WRONG_USER); break;
        case SNMP_REPORT_PROOF:
        case SNMP_REPORT_PRIVACY: scan_note(host, WAY_SNMP, TRIED_WRONG_PASSPHRASE); break;
        default: scan_note(host, WAY_SNMP, TRIED_NOT_UNDERSTOOD); break;
        }
        wheel_clear(&scan->wheel, &host->timer);
        if (host->probe == PROBE_WALK)
                end_walk(scan, host);
        else
                next_credential(scan, host);
}

static void take_secure(struct scan *scan, struct host *host, struct text octets)
{
        struct snmp_secure_head head;
        enum snmp_report report;
        int r = snmp_secure_head_parse(octets, &head);

        if (r || head.id != host->id) {
                scan->counts.malformed += r != 0;
                scan->counts.strangers += r == 0;
                if (r)
                        scan_note(host, WAY_SNMP, TRIED_NOT_UNDERSTOOD);
                return;
        }
        host->was_heard = true;
        if (host->probe == PROBE_ENGINE) {
                take_engine(scan, host, &head);
                return;
        }
        r = snmp_secure_open(&head, octets, &credential_of(scan, host)->user, &host->engine,
                             clock_monotonic_ms() / 1000, scan->room, &scan->answer, &report);
        if (r == SNMP_NOT_PROVED) {
                scan->counts.unproved++;
                /* It answers, and not with our key. Somebody may pretend that: it is waited on. */
                scan_note(host, WAY_SNMP, TRIED_WRONG_PASSPHRASE);
        } else if (r) {
                scan->counts.malformed++;
        } else if (report != SNMP_REPORT_NONE) {
                take_report(scan, host, report);
        } else if (scan->answer.id == host->id) {
                take_answer(scan, host, &scan->answer);
        }
}

static void take_plain(struct scan *scan, struct host *host, struct text octets)
{
        const struct snmp_credential *credential = credential_of(scan, host);
        int r = snmp_answer_parse(octets, credential->version, text_from(credential->community),
                                  &scan->answer);

        if (r == 0 && scan->answer.id == host->id) {
                host->was_heard = true;
                take_answer(scan, host, &scan->answer);
        } else {
                scan->counts.malformed += r == SNMP_MALFORMED;
                scan->counts.strangers += r != SNMP_MALFORMED;
                if (r == SNMP_MALFORMED)
                        scan_note(host, WAY_SNMP, TRIED_NOT_UNDERSTOOD);
        }
}

static struct host *host_at(const struct scan *scan, uint32_t address)
{
        struct host *host = scan->hash[address % HASH_SLOTS];

        while (host && host->address != address)
                host = host->next_of_hash;
        return host;
}

/* Answers that wait in the socket; some at a time, so that timers have their turn. */
void scan_snmp_receive(struct scan *scan)
{
        for (int i = 0; i < 64; i++) {
                struct sockaddr_in from;
                socklen_t len = sizeof(from);
                ssize_t n = recvfrom(scan->udp, scan->datagram, sizeof(scan->datagram), MSG_TRUNC,
                                     (struct sockaddr *)&from, &len);
                struct text octets = { (const char *)scan->datagram, n < 0 ? 0 : (size_t)n };
                struct host *host;

                if (n < 0)
                        return;
                scan->counts.octets += octets.len + HEAD_OCTETS;
                host = len == sizeof(from) && from.sin_port == htons(scan->order->snmp_port)
                               ? host_at(scan, ntohl(from.sin_addr.s_addr))
                               : NULL;
                if (!host || host->probe == PROBE_NONE || octets.len > sizeof(scan->datagram)) {
                        scan->counts.strangers++;
                        continue;
                }
                host->octets += octets.len + HEAD_OCTETS;
                if (credential_of(scan, host)->version == SNMP_V3)
                        take_secure(scan, host, octets);
                else
                        take_plain(scan, host, octets);
        }
}
