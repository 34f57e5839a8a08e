// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/readiness.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/readiness-connect.h"
#include "agent/recognise.h"
#include "agent/tally.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "courier/state.h"
#include "outpost/thread.h"

#define QUESTIONS_OCTETS_MAX ((size_t)256 << 10)
#define FORMATS_MAX          32

struct readiness {
        struct service *service;
        const struct agent_settings *settings;
        struct credentials *credentials;
        pthread_mutex_t lock;
        pthread_cond_t woken;
        bool is_woken;
};

/* One printer that is being tried. */
struct trial {
        const struct agent_settings *settings;
        struct courier_question question;
        char formats[FORMATS_MAX][COURIER_KEYWORD]; /* that it would be sent */
        size_t format_count;
        int64_t until_ms;
        json_t *checks;
        bool is_identified; /* one answered as what is pinned */
        bool is_another;
        struct courier_facts facts; /* of all that answered, what was told first */
};

static int64_t left_ms(const struct trial *trial, int64_t most_ms)
{
        int64_t left = trial->until_ms - clock_monotonic_ms();

        return left < most_ms ? left : most_ms;
}

struct check {
        const char *name, *outcome, *address, *reason, *detail; /* the last three may be NULL */
        int64_t began_ms;
};

static void note(struct trial *trial, const struct check *check)
{
        json_array_append_new(trial->checks,
                              json_pack("{s:s, s:s?, s:s, s:s?, s:s?, s:I}", "name", check->name, "address",
                                        check->address, "outcome", check->outcome, "reason", check->reason,
                                        "detail", check->detail, "ms",
                                        (json_int_t)(clock_monotonic_ms() - check->began_ms)));
}

/* What one tells and another does not. */
static void keep_facts(struct trial *trial, const struct courier_facts *facts)
{
        if (trial->facts.format_count == 0) {
                memcpy(trial->facts.formats, facts->formats, sizeof(facts->formats));
                trial->facts.format_count = facts->format_count;
        }
        if (!trial->facts.has_clock && facts->has_clock) {
                trial->facts.has_clock = true;
                /* As of now, whenever we come to compare it. */
                trial->facts.clock_ms = facts->clock_ms - clock_unix_ms();
        }
}

static bool is_pinned(const struct trial *trial)
{
        return trial->question.identity.uuid[0] || courier_identity_has_key(&trial->question.identity);
}

/* NULL where it answers as it should. */
static const char *ask_ipp(struct trial *trial, const struct courier_address *address)
{
        int64_t ask_ms = trial->settings->try_ask_ms;
        struct courier_question anybody = trial->question;
        struct courier_state state;
        struct courier_facts facts;

        if (left_ms(trial, ask_ms) <= 0)
                return "no-time";
        if (courier_look_by_ipp(&trial->question, address, left_ms(trial, ask_ms), &state, &facts) == 0) {
                trial->is_identified = is_pinned(trial);
                keep_facts(trial, &facts);
                return NULL;
        }
        memset(&anybody.identity, 0, sizeof(anybody.identity));
        if (is_pinned(trial) && left_ms(trial, ask_ms) > 0 &&
            courier_look_by_ipp(&anybody, address, left_ms(trial, ask_ms), &state, NULL) == 0) {
                trial->is_another = true;
                return "identity-mismatch";
        }
        return "no-answer";
}

static void try_address(struct trial *trial, const struct courier_address *address)
{
        static const char *const names[] = {
                [ADDRESS_IPPS] = "ipps", [ADDRESS_IPP] = "ipp", [ADDRESS_RAW] = "raw", [ADDRESS_LPD] = "lpd"
        };
        bool is_ipp = address->scheme == ADDRESS_IPPS || address->scheme == ADDRESS_IPP;
        struct check check = { .name = names[address->scheme],
                               .outcome = "skipped",
                               .address = address->uri,
                               .reason = "no-time",
                               .began_ms = clock_monotonic_ms() };
        int64_t connect_ms = left_ms(trial, trial->settings->try_connect_ms);

        if (connect_ms > 0) {
                check.reason = readiness_connect(address->host, address->port, check.began_ms + connect_ms);
                if (!check.reason && is_ipp)
                        check.reason = ask_ipp(trial, address);
                check.outcome = check.reason ? "failed" : "good";
        }
        note(trial, &check);
}

/* What it was asked by, without the names and passphrases. */
static const char *version_of(const struct trial *trial, size_t credential)
{
        if (credential >= trial->question.credential_count)
                return "community of the agent's settings";
        switch (trial->question.credentials[credential].version) {
        case SNMP_V3: return "SNMPv3";
        case SNMP_V1: return "SNMPv1";
        default: return "SNMPv2c";
        }
}

static void try_snmp(struct trial *trial)
{
        struct check check = { .name = "snmp", .outcome = "skipped", .began_ms = clock_monotonic_ms() };
        const struct courier_question *question = &trial->question;
        struct courier_state state;
        struct courier_facts facts;
        int64_t ask_ms = left_ms(trial, trial->settings->try_ask_ms);

        if ((question->community[0] || question->credential_count > 0) && question->address_count > 0 &&
            ask_ms > 0) {
                check.address = question->addresses[0].host;
                if (courier_look_by_snmp(question, check.address, ask_ms, &state, &facts) == 0) {
                        check.outcome = "good";
                        check.detail = version_of(trial, facts.credential);
                        keep_facts(trial, &facts);
                } else {
                        check.outcome = "failed";
                        check.reason = facts.reason ? facts.reason : "no-answer";
                }
        }
        note(trial, &check);
}

static bool has_format(const struct courier_facts *facts, const char *format)
{
        for (size_t i = 0; i < facts->format_count; i++)
                if (strcasecmp(facts->formats[i], format) == 0)
                        return true;
        return false;
}

/* What the service would send, and the printer does not say that it takes. */
static void compare_formats(struct trial *trial)
{
        SCOPED(buffer_done) struct buffer missing = BUFFER(240);
        struct check check = { .name = "formats", .outcome = "skipped", .began_ms = clock_monotonic_ms() };
        size_t count = 0;

        for (size_t i = 0; i < trial->format_count; i++)
                if (!has_format(&trial->facts, trial->formats[i])) {
                        buffer_format(&missing, "%s%s", count ? ", " : "", trial->formats[i]);
                        count++;
                }
        if (trial->facts.format_count == 0) {
                check.reason = "not-told";
        } else if (count > 0) {
                check.outcome = "failed";
                check.reason = count == trial->format_count ? "no-common-format" : "format-not-taken";
                check.detail = buffer_string(&missing);
        } else if (trial->format_count > 0) {
                check.outcome = "good";
        }
        note(trial, &check);
}

/* With the service's time, as far as we know it, else with ours. */
static void compare_clock(struct trial *trial)
{
        struct check check = { .name = "clock", .outcome = "skipped", .began_ms = clock_monotonic_ms() };
        char detail[64];
        struct tally tally;
        int64_t off_ms;

        tally_get(&tally);
        off_ms = trial->facts.clock_ms - (tally.clock.is_known ? tally.clock.offset_ms : 0);
        if (!trial->facts.has_clock) {
                check.reason = "not-told";
        } else if (llabs(off_ms) > trial->settings->clock_tolerance_ms) {
                snprintf(detail, sizeof(detail), "%lld s %s", llabs(off_ms) / 1000LL,
                         off_ms > 0 ? "ahead" : "behind");
                check.outcome = "failed";
                check.reason = "clock-off";
                check.detail = detail;
        } else {
                check.outcome = "good";
        }
        note(trial, &check);
}

static void judge_identity(struct trial *trial, int64_t began_ms)
{
        struct check check = { .name = "identity", .began_ms = began_ms };

        if (trial->is_another) {
                check.outcome = "failed";
                check.reason = "identity-mismatch";
        } else {
                check.outcome = trial->is_identified ? "good" : "skipped";
                check.reason = is_pinned(trial) ? NULL : "not-pinned";
        }
        note(trial, &check);
}

static json_t *try_printer(struct trial *trial)
{
        int64_t began_ms = clock_monotonic_ms();

        trial->until_ms = began_ms + trial->settings->try_ms;
        trial->checks = json_array();
        for (size_t i = 0; i < trial->question.address_count; i++)
                try_address(trial, &trial->question.addresses[i]);
        try_snmp(trial);
        judge_identity(trial, began_ms);
        compare_formats(trial);
        compare_clock(trial);
        return json_pack("{s:o}", "checks", trial->checks);
}

/* ---- questions ---- */

static void copy(const json_t *object, const char *name, char *ret, size_t size)
{
        const json_t *value = json_object_get(object, name);

        if (!json_is_string(value) ||
            !text_copy(text_from_octets(json_string_value(value), json_string_length(value)), ret, size))
                ret[0] = 0;
}

static void read_formats(const json_t *formats, struct trial *trial)
{
        const json_t *value;
        size_t i;

        json_array_foreach(formats, i, value)
        {
                if (trial->format_count < FORMATS_MAX && json_is_string(value) &&
                    text_copy(text_from(json_string_value(value)), trial->formats[trial->format_count],
                              COURIER_KEYWORD))
                        trial->format_count++;
        }
}

static bool read_question(const struct readiness *readiness, const json_t *json, struct id *ret_printer,
                          struct trial *trial)
{
        struct courier_question *ret = &trial->question;
        const json_t *value;
        char printer[ID_STRING];
        size_t i;

        trial->settings = readiness->settings;
        read_formats(json_object_get(json, "formats"), trial);
        *ret = (struct courier_question){ .snmp_port = readiness->settings->snmp_port,
                                          .limit_ms = readiness->settings->try_ask_ms };
        (void)text_copy(text_from(readiness->settings->snmp_community), ret->community,
                        sizeof(ret->community));
        copy(json, "printer", printer, sizeof(printer));
        json_array_foreach(json_object_get(json, "addresses"), i, value)
        {
                if (ret->address_count < COURIER_ADDRESSES && json_is_string(value) &&
                    courier_address_parse(text_from(json_string_value(value)),
                                          &ret->addresses[ret->address_count]) == 0)
                        ret->address_count++;
        }
        return recognise_parse(json_object_get(json, "identity"), &ret->identity) &&
               id_parse(text_from(printer), ret_printer);
}

static void answer_questions(struct readiness *readiness)
{
        SCOPED(buffer_wipe) struct buffer answer = BUFFER(QUESTIONS_OCTETS_MAX);
        SCOPED(credentials_wipe) struct credentials_copy credentials;
        json_auto_t *json = NULL;
        struct id printer;
        json_t *value;
        size_t i;

        if (service_readiness_questions(readiness->service, &answer) != 0)
                return;
        json = json_loadb(answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
        credentials_take(readiness->credentials, json);
        credentials_get(readiness->credentials, &credentials);
        json_array_foreach(json_object_get(json, "questions"), i, value)
        {
                struct trial trial = { .is_another = false };

                if (!read_question(readiness, value, &printer, &trial)) {
                        log_write(LOG_ERROR, "readiness-question-malformed", NULL);
                        continue;
                }
                trial.question.credentials = credentials.all;
                trial.question.credential_count = credentials.count;
                if (service_readiness(readiness->service, printer, try_printer(&trial)) != 0)
                        log_write(LOG_NOTICE, "readiness-not-taken", "why", service_complaint(), NULL);
        }
}

static void *run(void *context)
{
        struct readiness *readiness = context;

        for (;;) {
                pthread_mutex_lock(&readiness->lock);
                while (!readiness->is_woken)
                        pthread_cond_wait(&readiness->woken, &readiness->lock);
                readiness->is_woken = false;
                pthread_mutex_unlock(&readiness->lock);
                answer_questions(readiness);
        }
        return NULL;
}

void readiness_wake(struct readiness *readiness)
{
        pthread_mutex_lock(&readiness->lock);
        readiness->is_woken = true;
        pthread_cond_signal(&readiness->woken);
        pthread_mutex_unlock(&readiness->lock);
}

int readiness_start(const struct agent_settings *settings, struct service *service,
                    struct credentials *credentials, struct readiness **ret)
{
        struct readiness *readiness = calloc(1, sizeof(*readiness));
        int r;

        if (!readiness)
                return fault(-ENOMEM);
        readiness->settings = settings;
        readiness->service = service;
        readiness->credentials = credentials;
        pthread_mutex_init(&readiness->lock, NULL);
        pthread_cond_init(&readiness->woken, NULL);
        r = thread_start(run, readiness);
        if (r == 0)
                *ret = readiness;
        return r;
}
