// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/configure.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "discovery/configure.h"
#include "outpost/thread.h"

#define QUESTIONS_OCTETS_MAX ((size_t)256 << 10)
#define AGAIN_MS             2000
#define AGAIN_MAX            300 /* ten minutes without a line, and nobody is told any more */

struct configurer {
        struct service *service;
        struct discovery *discovery;
        pthread_mutex_t lock;
        pthread_cond_t woken;
        bool is_woken;
};

/* One printer. */
struct task {
        struct id id, printer;
        uint32_t address;
        char serial[DEVICE_KEYWORD];
        struct configured settings[SETTINGS];
        size_t count;
};

/* ---- what is wanted ---- */

static struct text words_of(const json_t *object, const char *name)
{
        const json_t *value = json_object_get(object, name);

        return text_from_octets(json_string_value(value), json_string_length(value));
}

/* Settings that are null are not wanted; one that we do not know, or cannot be, is refused as a printer
 * would. */
static bool read_settings(json_t *object, struct task *ret)
{
        const char *name;
        json_t *value;

        json_object_foreach(object, name, value)
        {
                struct configured *c = &ret->settings[ret->count];
                struct text words = { json_string_value(value), json_string_length(value) };

                if (json_is_null(value))
                        continue;
                if (ret->count == SETTINGS || !json_is_string(value) ||
                    !setting_parse(text_from(name), &c->setting) || !setting_fits(c->setting, words) ||
                    !text_copy(words, c->wanted, sizeof(c->wanted)))
                        return false;
                ret->count++;
        }
        return true;
}

static bool read_task(const json_t *json, struct task *ret)
{
        *ret = (struct task){ .count = 0 };
        (void)text_copy(words_of(json, "serial"), ret->serial, sizeof(ret->serial));
        return id_parse(words_of(json, "id"), &ret->id) && id_parse(words_of(json, "printer"), &ret->printer);
}

/* ---- what came of it ---- */

static json_t *words_json(bool has, const char *words)
{
        return has ? json_string(words) : json_null();
}

static json_t *setting_json(const struct configured *c)
{
        static const char *const outcomes[] = { [CONFIGURED_NOT_TRIED] = "not-tried",
                                                [CONFIGURED_CHANGED] = "changed",
                                                [CONFIGURED_UNCHANGED] = "unchanged",
                                                [CONFIGURED_REFUSED] = "refused",
                                                [CONFIGURED_UNKNOWN] = "unknown" };

        return json_pack("{s:s, s:s, s:o, s:o, s:o}", "setting", setting_kind(c->setting)->name, "outcome",
                         outcomes[c->outcome], "reason", words_json(c->reason, c->reason), "before",
                         words_json(c->has_before, c->before), "after", words_json(c->has_after, c->after));
}

static json_t *answer_json(const struct task *task, const char *reason)
{
        json_t *settings = json_array();
        char id[ID_STRING];

        id_format(task->id, id);
        for (size_t i = 0; i < task->count; i++)
                json_array_append_new(settings, setting_json(&task->settings[i]));
        return json_pack("{s:s, s:o, s:o}", "id", id, "reason", words_json(reason, reason), "settings",
                         settings);
}

/* Something was written: that is told, and told again, until it was heard. */
static void tell(struct configurer *configurer, const struct task *task, const char *reason)
{
        int r = SERVICE_UNREACHABLE;

        for (int i = 0; i < AGAIN_MAX && r > 0 && r != SERVICE_STALE && r != SERVICE_CONFUSED; i++) {
                if (i > 0)
                        clock_pause(AGAIN_MS);
                r = service_device_configured(configurer->service, task->printer, answer_json(task, reason));
        }
        if (r < 0)
                log_fault("device-configuration-not-told", r);
        else if (r)
                log_write(LOG_ERROR, "device-configuration-not-told", "why", service_complaint(), NULL);
}

/* ---- one printer ---- */

/* NULL, or why nothing was written. */
static const char *write_to(struct configurer *configurer, json_t *question, struct task *task)
{
        SCOPED(secrets_freep) struct secrets *secrets = NULL;
        struct configure_order how = { .until_ms = clock_monotonic_ms() + CONFIGURE_LIMIT_MS,
                                       .serial = task->serial };
        struct order order;
        size_t unusable;

        if (!discovery_order(configurer->discovery, &order))
                return "switched-off";
        if (!read_settings(json_object_get(question, "settings"), task))
                return "wrong-value";
        if (!range_address_parse(words_of(question, "address"), &how.address))
                return "no-address";
        if (ranges_has(&order.excluded, how.address))
                return "excluded";
        if (secrets_parse(question, &secrets, &unusable) != 0 || secrets->credential_count == 0)
                return "no-credentials";
        how.port = order.snmp_port;
        how.timeout_ms = order.timeout_ms;
        how.retries = order.retries;
        how.credentials = secrets->credentials;
        how.credential_count = secrets->credential_count;
        return configure_reason(configure(&how, task->settings, task->count));
}

static void answer_one(struct configurer *configurer, json_t *question)
{
        struct task task;
        const char *reason;

        if (!read_task(question, &task)) {
                log_write(LOG_ERROR, "device-configuration-malformed", NULL);
                return;
        }
        reason = write_to(configurer, question, &task);
        tell(configurer, &task, reason);
}

static void answer_questions(struct configurer *configurer)
{
        SCOPED(buffer_wipe) struct buffer answer = BUFFER(QUESTIONS_OCTETS_MAX);
        json_auto_t *json = NULL;
        json_t *value;
        size_t i;

        if (service_device_configurations(configurer->service, &answer) != 0)
                return;
        json = json_loadb(answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
        json_array_foreach(json_object_get(json, "questions"), i, value)
        {
                answer_one(configurer, value);
        }
}

static void *run(void *context)
{
        struct configurer *configurer = context;

        for (;;) {
                pthread_mutex_lock(&configurer->lock);
                while (!configurer->is_woken)
                        pthread_cond_wait(&configurer->woken, &configurer->lock);
                configurer->is_woken = false;
                pthread_mutex_unlock(&configurer->lock);
                answer_questions(configurer);
        }
        return NULL;
}

void configurer_wake(struct configurer *configurer)
{
        pthread_mutex_lock(&configurer->lock);
        configurer->is_woken = true;
        pthread_cond_signal(&configurer->woken);
        pthread_mutex_unlock(&configurer->lock);
}

int configurer_start(struct service *service, struct discovery *discovery, struct configurer **ret)
{
        struct configurer *configurer = calloc(1, sizeof(*configurer));
        int r;

        if (!configurer)
                return fault(-ENOMEM);
        configurer->service = service;
        configurer->discovery = discovery;
        pthread_mutex_init(&configurer->lock, NULL);
        pthread_cond_init(&configurer->woken, NULL);
        r = thread_start(run, configurer);
        if (r == 0)
                *ret = configurer;
        return r;
}
