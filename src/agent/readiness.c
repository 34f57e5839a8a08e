// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/readiness.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agent/readiness-connect.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "courier/state.h"
#include "outpost/thread.h"

#define QUESTIONS_OCTETS_MAX ((size_t)256 << 10)
#define CONNECT_MS           2000
#define ASK_MS               2500

struct readiness {
        struct service *service;
        const struct agent_settings *settings;
        pthread_mutex_t lock;
        pthread_cond_t woken;
        bool is_woken;
};

/* One printer that is being tried. */
struct trial {
        struct courier_question question;
        int64_t until_ms;
        json_t *checks;
        bool is_identified; /* one answered as what is pinned */
        bool is_another;
};

static int64_t left_ms(const struct trial *trial, int64_t most_ms)
{
        int64_t left = trial->until_ms - clock_monotonic_ms();

        return left < most_ms ? left : most_ms;
}

static void note(struct trial *trial, const char *name, const char *address, const char *outcome,
                 const char *reason, int64_t began_ms)
{
        json_array_append_new(trial->checks,
                              json_pack("{s:s, s:o, s:s, s:o, s:I}", "name", name, "address",
                                        address ? json_string(address) : json_null(), "outcome", outcome,
                                        "reason", reason ? json_string(reason) : json_null(), "ms",
                                        (json_int_t)(clock_monotonic_ms() - began_ms)));
}

static bool is_pinned(const struct trial *trial)
{
        return trial->question.identity.uuid[0] || trial->question.identity.fingerprint[0];
}

/* NULL where it answers as it should. */
static const char *ask_ipp(struct trial *trial, const struct courier_address *address)
{
        struct courier_question anybody = trial->question;
        struct courier_state state;

        if (left_ms(trial, ASK_MS) <= 0)
                return "no-time";
        if (courier_look_by_ipp(&trial->question, address, left_ms(trial, ASK_MS), &state) == 0) {
                trial->is_identified = is_pinned(trial);
                return NULL;
        }
        memset(&anybody.identity, 0, sizeof(anybody.identity));
        if (is_pinned(trial) && left_ms(trial, ASK_MS) > 0 &&
            courier_look_by_ipp(&anybody, address, left_ms(trial, ASK_MS), &state) == 0) {
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
        int64_t began_ms = clock_monotonic_ms();
        const char *reason;

        if (left_ms(trial, CONNECT_MS) <= 0) {
                note(trial, names[address->scheme], address->uri, "skipped", "no-time", began_ms);
                return;
        }
        reason = readiness_connect(address->host, address->port, began_ms + left_ms(trial, CONNECT_MS));
        if (!reason && is_ipp)
                reason = ask_ipp(trial, address);
        note(trial, names[address->scheme], address->uri, reason ? "failed" : "good", reason, began_ms);
}

static void try_snmp(struct trial *trial)
{
        int64_t began_ms = clock_monotonic_ms();
        struct courier_state state;
        bool is_asked = trial->question.community[0] && trial->question.address_count > 0 &&
                        left_ms(trial, ASK_MS) > 0;

        if (!is_asked)
                note(trial, "snmp", NULL, "skipped", NULL, began_ms);
        else if (courier_look_by_snmp(&trial->question, trial->question.addresses[0].host,
                                      left_ms(trial, ASK_MS), &state) == 0)
                note(trial, "snmp", trial->question.addresses[0].host, "good", NULL, began_ms);
        else
                note(trial, "snmp", trial->question.addresses[0].host, "failed", "no-answer", began_ms);
}

static json_t *try_printer(struct trial *trial)
{
        int64_t began_ms = clock_monotonic_ms();

        trial->until_ms = began_ms + READINESS_LIMIT_MS;
        trial->checks = json_array();
        for (size_t i = 0; i < trial->question.address_count; i++)
                try_address(trial, &trial->question.addresses[i]);
        try_snmp(trial);
        if (trial->is_another)
                note(trial, "identity", NULL, "failed", "identity-mismatch", began_ms);
        else
                note(trial, "identity", NULL, trial->is_identified ? "good" : "skipped",
                     is_pinned(trial) ? NULL : "not-pinned", began_ms);
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

static bool read_question(const struct readiness *readiness, const json_t *json, struct id *ret_printer,
                          struct courier_question *ret)
{
        const json_t *identity = json_object_get(json, "identity"), *value;
        char printer[ID_STRING];
        size_t i;

        *ret = (struct courier_question){ .snmp_port = readiness->settings->snmp_port, .limit_ms = ASK_MS };
        (void)text_copy(text_from(readiness->settings->snmp_community), ret->community,
                        sizeof(ret->community));
        copy(identity, "uuid", ret->identity.uuid, sizeof(ret->identity.uuid));
        copy(identity, "spki", ret->identity.fingerprint, sizeof(ret->identity.fingerprint));
        copy(json, "printer", printer, sizeof(printer));
        json_array_foreach(json_object_get(json, "addresses"), i, value)
        {
                if (ret->address_count < COURIER_ADDRESSES && json_is_string(value) &&
                    courier_address_parse(text_from(json_string_value(value)),
                                          &ret->addresses[ret->address_count]) == 0)
                        ret->address_count++;
        }
        return id_parse(text_from(printer), ret_printer);
}

static void answer_questions(struct readiness *readiness)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER(QUESTIONS_OCTETS_MAX);
        json_auto_t *json = NULL;
        struct id printer;
        json_t *value;
        size_t i;

        if (service_readiness_questions(readiness->service, &answer) != 0)
                return;
        json = json_loadb(answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
        json_array_foreach(json_object_get(json, "questions"), i, value)
        {
                struct trial trial = { .is_another = false };

                if (!read_question(readiness, value, &printer, &trial.question)) {
                        log_write(LOG_ERROR, "readiness-question-malformed", NULL);
                        continue;
                }
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

int readiness_start(const struct agent_settings *settings, struct service *service, struct readiness **ret)
{
        struct readiness *readiness = calloc(1, sizeof(*readiness));
        int r;

        if (!readiness)
                return fault(-ENOMEM);
        readiness->settings = settings;
        readiness->service = service;
        pthread_mutex_init(&readiness->lock, NULL);
        pthread_cond_init(&readiness->woken, NULL);
        r = thread_start(run, readiness);
        if (r == 0)
                *ret = readiness;
        return r;
}
