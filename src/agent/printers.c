// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/printers.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agent/recognise.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "courier/state.h"
#include "outpost/thread.h"

#define QUESTIONS_OCTETS_MAX ((size_t)256 << 10)
#define KNOWN_MAX            256
#define WAITING_MAX          64

/* How a printer is asked, as the service told last. */
struct known {
        struct id printer; /* zero: a free place */
        int64_t asked_ms;
        size_t credential; /* that it took last */
        struct courier_question question;
};

struct printers {
        struct service *service;
        const struct agent_settings *settings;
        struct credentials *credentials;
        pthread_mutex_t lock;
        pthread_cond_t woken;
        unsigned int wakes;
        struct id waiting[WAITING_MAX]; /* printers that somebody stands at */
        size_t waiting_count;
        struct known known[KNOWN_MAX];
};

static struct known *find(struct printers *printers, struct id printer)
{
        for (size_t i = 0; i < KNOWN_MAX; i++)
                if (id_equal(printers->known[i].printer, printer))
                        return &printers->known[i];
        return NULL;
}

/* The one asked longest ago gives way. */
static void note(struct printers *printers, struct id printer, const struct courier_question *question)
{
        struct known *known;

        pthread_mutex_lock(&printers->lock);
        known = find(printers, printer);
        if (!known) {
                known = &printers->known[0];
                for (size_t i = 1; i < KNOWN_MAX; i++)
                        if (printers->known[i].asked_ms < known->asked_ms)
                                known = &printers->known[i];
        }
        if (!id_equal(known->printer, printer))
                *known = (struct known){ .printer = printer };
        known->asked_ms = clock_monotonic_ms();
        known->question = *question;
        pthread_mutex_unlock(&printers->lock);
}

/* ---- to the service ---- */

static json_t *words_or_null(const char *words)
{
        return words[0] ? json_string(words) : json_null();
}

static json_t *trays_json(const struct courier_state *state)
{
        json_t *array = json_array();

        for (size_t i = 0; i < state->tray_count; i++) {
                const struct courier_tray *tray = &state->trays[i];
                json_t *level = tray->level < 0 ? NULL : json_integer(tray->level);
                json_t *json = json_pack("{s:s, s:o, s:o, s:b}", "source", tray->source, "media",
                                         words_or_null(tray->media), "type", words_or_null(tray->type),
                                         "ready", tray->ready);

                if (level)
                        json_object_set_new(json, "level", level);
                json_array_append_new(array, json);
        }
        return array;
}

static json_t *state_json(const struct courier_state *state)
{
        json_t *reasons = json_array();

        for (size_t i = 0; i < state->reason_count; i++)
                json_array_append_new(reasons, json_string(state->reasons[i]));
        return json_pack("{s:b, s:s, s:o, s:o}", "answered", true, "condition",
                         courier_condition_name(state->condition), "reasons", reasons, "trays",
                         trays_json(state));
}

static void tell(struct printers *printers, struct id printer, const struct courier_state *state)
{
        int r = service_printer_state(printers->service, printer,
                                      state ? state_json(state) : json_pack("{s:b}", "answered", false));

        if (r < 0)
                log_fault("printer-state-failed", r);
        else if (r)
                log_write(LOG_NOTICE, "printer-state-not-taken", "why", service_complaint(), NULL);
}

static size_t find_credential(struct printers *printers, struct id printer)
{
        const struct known *known;
        size_t credential;

        pthread_mutex_lock(&printers->lock);
        known = find(printers, printer);
        credential = known ? known->credential : 0;
        pthread_mutex_unlock(&printers->lock);
        return credential;
}

/* By which it was asked, so that it is the first the next time. */
static void note_credential(struct printers *printers, struct id printer, size_t credential)
{
        struct known *known;

        pthread_mutex_lock(&printers->lock);
        known = find(printers, printer);
        if (known)
                known->credential = credential;
        pthread_mutex_unlock(&printers->lock);
}

static void look(struct printers *printers, struct id printer, const struct courier_question *known)
{
        SCOPED(credentials_wipe) struct credentials_copy credentials;
        struct courier_question question = *known;
        struct courier_state state;
        char id[ID_STRING];
        int r;

        credentials_get(printers->credentials, &credentials);
        question.credentials = credentials.all;
        question.credential_count = credentials.count;
        question.first_credential = find_credential(printers, printer);
        r = courier_look(&question, &state);
        if (r == 0)
                note_credential(printers, printer, state.credential);

        id_format(printer, id);
        if (r < 0)
                log_fault("printer-not-asked", r);
        else if (r)
                log_write(LOG_NOTICE, "printer-silent", "printer", id, NULL);
        tell(printers, printer, r ? NULL : &state);
}

/* ---- from the service ---- */

static struct text string_of(const json_t *object, const char *name)
{
        const json_t *value = json_object_get(object, name);

        return text_from_octets(json_string_value(value), json_string_length(value));
}

static bool question_parse(const struct printers *printers, const json_t *json, struct id *ret_printer,
                           struct courier_question *ret)
{
        const json_t *addresses = json_object_get(json, "addresses"), *value;
        size_t i;

        *ret = (struct courier_question){ .snmp_port = printers->settings->snmp_port,
                                          .limit_ms = printers->settings->look_ms };
        (void)text_copy(text_from(printers->settings->snmp_community), ret->community,
                        sizeof(ret->community));
        json_array_foreach(addresses, i, value)
        {
                struct text uri = text_from_octets(json_string_value(value), json_string_length(value));

                if (ret->address_count < COURIER_ADDRESSES && uri.at &&
                    courier_address_parse(uri, &ret->addresses[ret->address_count]) == 0)
                        ret->address_count++;
        }
        return recognise_parse(json_object_get(json, "identity"), &ret->identity) &&
               json_is_string(json_object_get(json, "printer")) &&
               id_parse(string_of(json, "printer"), ret_printer);
}

static void answer_questions(struct printers *printers)
{
        SCOPED(buffer_wipe) struct buffer answer = BUFFER(QUESTIONS_OCTETS_MAX);
        struct courier_question question;
        json_t *json, *value;
        struct id printer;
        size_t i;

        if (service_printer_questions(printers->service, &answer) != 0)
                return;
        json = json_loadb(answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
        credentials_take(printers->credentials, json);
        json_array_foreach(json_object_get(json, "questions"), i, value)
        {
                if (!question_parse(printers, value, &printer, &question)) {
                        log_write(LOG_ERROR, "printer-question-malformed", NULL);
                        continue;
                }
                note(printers, printer, &question);
                look(printers, printer, &question);
        }
        json_decref(json);
}

/* ---- the workers ---- */

/* Waits for something to do: *ret_printer is one that somebody stands at, or zero for questions. */
static void wait_for_work(struct printers *printers, struct id *ret_printer, struct courier_question *ret)
{
        struct known *known;

        *ret_printer = (struct id){ 0 };
        pthread_mutex_lock(&printers->lock);
        while (printers->wakes == 0 && printers->waiting_count == 0)
                pthread_cond_wait(&printers->woken, &printers->lock);
        if (printers->wakes > 0) {
                printers->wakes--;
        } else {
                *ret_printer = printers->waiting[--printers->waiting_count];
                known = find(printers, *ret_printer);
                if (known)
                        *ret = known->question;
        }
        pthread_mutex_unlock(&printers->lock);
}

static void *run(void *context)
{
        struct printers *printers = context;
        struct courier_question question;
        struct id printer;

        for (;;) {
                wait_for_work(printers, &printer, &question);
                if (id_is_zero(printer))
                        answer_questions(printers);
                else
                        look(printers, printer, &question);
        }
        return NULL;
}

void printers_wake(struct printers *printers)
{
        pthread_mutex_lock(&printers->lock);
        if (printers->wakes < 64)
                printers->wakes++;
        pthread_cond_signal(&printers->woken);
        pthread_mutex_unlock(&printers->lock);
}

void printers_refresh(struct printers *printers, struct id printer)
{
        int64_t now_ms = clock_monotonic_ms();
        struct known *known;

        pthread_mutex_lock(&printers->lock);
        known = find(printers, printer);
        if (known && now_ms - known->asked_ms >= printers->settings->look_again_ms &&
            printers->waiting_count < WAITING_MAX) {
                known->asked_ms = now_ms;
                printers->waiting[printers->waiting_count++] = printer;
                pthread_cond_signal(&printers->woken);
        }
        pthread_mutex_unlock(&printers->lock);
}

int printers_start(const struct agent_settings *settings, struct service *service,
                   struct credentials *credentials, struct printers **ret)
{
        struct printers *printers = calloc(1, sizeof(*printers));

        if (!printers)
                return fault(-ENOMEM);
        printers->service = service;
        printers->settings = settings;
        printers->credentials = credentials;
        pthread_mutex_init(&printers->lock, NULL);
        pthread_cond_init(&printers->woken, NULL);
        for (uint32_t i = 0; i < settings->lookers; i++) {
                int r = thread_start(run, printers);

                if (r)
                        return r;
        }
        *ret = printers;
        return 0;
}
