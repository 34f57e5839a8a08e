// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/herald.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/notice/alert.h"
#include "core/notice/mail.h"
#include "crypt/hash.h"
#include "net/fetch.h"

#define AT_ONCE 16 /* steps, until it looks anew what there is to do */

struct herald {
        struct fetcher *fetcher;
        struct core *core;
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool stop;
        int last; /* fault, so that what fails each second is logged once */
        struct alert_batch batch;
};

/* False when it is time to stop. */
static bool wait_a_second(struct herald *herald)
{
        struct timespec until;
        bool stop;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_mutex_lock(&herald->lock);
        while (!herald->stop)
                if (pthread_cond_timedwait(&herald->changed, &herald->lock, &until) == ETIMEDOUT)
                        break;
        stop = herald->stop;
        pthread_mutex_unlock(&herald->lock);
        return !stop;
}

/* ---- in words ---- */

/* Of what it is about. */
static const char *name_of(const struct alert *alert)
{
        return alert->printer_name[0] ? alert->printer_name : alert->agent_name;
}

static void write_text(const struct alert_batch *batch, struct buffer *to)
{
        for (size_t i = 0; i < batch->count; i++) {
                const struct alert *a = &batch->alerts[i];
                char time[25];

                clock_format(a->is_over ? a->closed_ms : a->opened_ms, time);
                buffer_format(to, "%s  %s  %s\n    %s: %s%s%s\n\n", time, name_of(a),
                              a->is_over ? "over" : alert_severity_names[a->severity], a->concerns, a->code,
                              a->description[0] ? "\n    " : "", a->description);
        }
}

static int tell_by_mail(struct herald *herald)
{
        SCOPED(buffer_done) struct buffer text = BUFFER(MAIL_TEXT_MAX);
        const struct alert_batch *b = &herald->batch;
        char subject[MAIL_SUBJECT_MAX];

        snprintf(subject, sizeof(subject), b->count == 1 ? "%s: %s" : "%s and others: %s",
                 name_of(&b->alerts[0]), b->alerts[0].is_over ? "over" : b->alerts[0].code);
        write_text(b, &text);
        if (!buffer_string(&text))
                return fault(-ENOMEM);
        return alert_batch_mail(herald->core, b, subject, buffer_string(&text));
}

/* ---- to a hook ---- */

static json_t *id_json(struct id id)
{
        char string[ID_STRING];

        id_format(id, string);
        return json_string(string);
}

static json_t *time_json(int64_t ms)
{
        char string[25];

        if (!ms)
                return json_null();
        clock_format(ms, string);
        return json_string(string);
}

/* NULL where it is about none. */
static json_t *place_json(struct id id, const char *name)
{
        return id_is_zero(id) ? json_null() : json_pack("{s:o, s:s}", "id", id_json(id), "name", name);
}

static char *body_of(const struct alert_batch *b, int64_t now_ms)
{
        json_t *array = json_array();
        json_auto_t *whole = NULL;

        for (size_t i = 0; array && i < b->count; i++) {
                const struct alert *a = &b->alerts[i];

                json_array_append_new(array,
                                      json_pack("{s:o, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:o}", "id",
                                                id_json(a->id), "event", a->is_over ? "closed" : "opened",
                                                "printer", place_json(a->printer, a->printer_name), "agent",
                                                place_json(a->agent, a->agent_name), "severity",
                                                alert_severity_names[a->severity], "concerns", a->concerns,
                                                "code", a->code, "description", a->description, "opened",
                                                time_json(a->opened_ms), "closed", time_json(a->closed_ms)));
        }
        whole = json_pack("{s:o, s:o, s:o, s:o}", "tenant", id_json(b->tenant), "route", id_json(b->route.id),
                          "sent", time_json(now_ms), "alerts", array);
        return whole ? json_dumps(whole, JSON_COMPACT) : NULL;
}

static int sign(const struct alert_batch *b, const char *body, int64_t now_ms, char ret[128])
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(1 << 20);
        char hex[2 * HASH_OCTETS + 1];
        uint8_t key[HASH_OCTETS], hash[HASH_OCTETS];
        size_t length = 0;

        if (!hex_parse(text_from(b->route.secret), key, sizeof(key), &length) || length != sizeof(key))
                return fault(-EBADMSG);
        buffer_format(&octets, "%lld.%s", (long long)(now_ms / 1000), body);
        if (octets.failure)
                return fault(octets.failure);
        hash_hmac(key, sizeof(key), buffer_text(&octets), hash);
        explicit_bzero(key, sizeof(key));
        hex_format(hash, sizeof(hash), hex);
        snprintf(ret, 128, "t=%lld,v1=%s", (long long)(now_ms / 1000), hex);
        return 0;
}

/* What is said of the last try. */
static const char *outcome_of(int r, int status)
{
        switch (r) {
        case 0: return status >= 200 && status < 300 ? "told" : "refused";
        case FETCH_BAD_URL:
        case FETCH_DENIED: return "not-allowed";
        case FETCH_UNKNOWN_HOST: return "unknown-host";
        case FETCH_UNTRUSTED: return "certificate-not-trusted";
        default: return "unreachable";
        }
}

static int tell_by_hook(struct herald *herald)
{
        const struct alert_batch *b = &herald->batch;
        struct fetch_answer answer = { .status = 0 };
        int64_t now_ms = clock_unix_ms();
        SCOPED(freep) char *body = body_of(b, now_ms);
        char signature[128];
        const char *outcome;
        int r = body ? sign(b, body, now_ms, signature) : fault(-ENOMEM);
        struct fetch_request request = { .url = b->route.target,
                                         .method = "POST",
                                         .content_type = "application/json",
                                         .body = text_from(body),
                                         .header = "Imprimatur-Signature",
                                         .header_value = signature,
                                         .octets_max = 65536 };

        if (r)
                return r;
        r = fetcher_fetch(herald->fetcher, &request, &answer, NULL);
        outcome = outcome_of(r, answer.status);
        fetch_answer_done(&answer);
        if (r < 0)
                log_fault("alert-hook", r);
        return alert_batch_end(herald->core, b, outcome, strcmp(outcome, "told") == 0);
}

/* Whether there may be more. */
static bool tell_next(struct herald *herald)
{
        int r = alert_batch_lease(herald->core, &herald->batch);

        if (r == 0)
                r = herald->batch.route.kind == ALERT_BY_MAIL ? tell_by_mail(herald) : tell_by_hook(herald);
        if (r < 0 && r != herald->last)
                log_fault("herald", r);
        herald->last = r < 0 ? r : 0;
        explicit_bzero(&herald->batch, sizeof(herald->batch));
        return r == 0;
}

static void *run(void *context)
{
        struct herald *herald = context;

        while (wait_a_second(herald)) {
                bool more = true;
                int r = 0;

                for (int i = 0; i < AT_ONCE && more && r == 0; i++)
                        r = alerts_dispatch(herald->core, &more);
                if (r < 0 && r != herald->last)
                        log_fault("alerts", r);
                for (int i = 0; i < AT_ONCE && tell_next(herald); i++)
                        if (herald->stop)
                                break;
        }
        return NULL;
}

int herald_start(struct fetcher *fetcher, struct core *core, struct herald **ret)
{
        struct herald *herald = calloc(1, sizeof(*herald));
        int r;

        if (!herald)
                return fault(-ENOMEM);
        herald->fetcher = fetcher;
        herald->core = core;
        pthread_mutex_init(&herald->lock, NULL);
        pthread_cond_init(&herald->changed, NULL);
        r = fold(-pthread_create(&herald->thread, NULL, run, herald));
        if (r) {
                free(herald);
                return r;
        }
        *ret = herald;
        return 0;
}

void herald_stopp(struct herald **at)
{
        struct herald *herald = *at;

        if (!herald)
                return;
        pthread_mutex_lock(&herald->lock);
        herald->stop = true;
        pthread_cond_signal(&herald->changed);
        pthread_mutex_unlock(&herald->lock);
        pthread_join(herald->thread, NULL);
        pthread_cond_destroy(&herald->changed);
        pthread_mutex_destroy(&herald->lock);
        free(herald);
        *at = NULL;
}
