// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/drain.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "outpost/thread.h"

#define PATH        "/v1/agent/deposits"
#define IDLE_MS     30000
#define AWAY_MS     2000 /* who is out of reach is left alone for so long, and then for twice as long */
#define AWAY_MAX_MS 60000

struct drain {
        struct drain_settings settings;
        struct service *service;
        struct deposits *deposits;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool is_woken;
        int64_t away_until_ms; /* the service is out of reach, as far as we know */
        int64_t away_ms;
        int64_t refused_due_ms; /* when those that were refused have their turn again */
};

int drain_new(const struct drain_settings *settings, struct service *service, struct deposits *deposits,
              struct drain **ret)
{
        struct drain *drain = calloc(1, sizeof(*drain));
        pthread_condattr_t monotonic;

        if (!drain)
                return fault(-ENOMEM);
        drain->settings = *settings;
        drain->service = service;
        drain->deposits = deposits;
        drain->away_ms = AWAY_MS;
        pthread_mutex_init(&drain->lock, NULL);
        pthread_condattr_init(&monotonic);
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_cond_init(&drain->changed, &monotonic);
        pthread_condattr_destroy(&monotonic);
        *ret = drain;
        return 0;
}

void drain_wake(struct drain *drain)
{
        pthread_mutex_lock(&drain->lock);
        drain->is_woken = true;
        drain->away_until_ms = 0;
        drain->away_ms = AWAY_MS;
        drain->refused_due_ms = 0;
        pthread_cond_signal(&drain->changed);
        pthread_mutex_unlock(&drain->lock);
}

void drain_notice(struct drain *drain)
{
        pthread_mutex_lock(&drain->lock);
        drain->is_woken = true;
        pthread_cond_signal(&drain->changed);
        pthread_mutex_unlock(&drain->lock);
}

static bool is_away(struct drain *drain)
{
        bool is;

        pthread_mutex_lock(&drain->lock);
        is = clock_monotonic_ms() < drain->away_until_ms;
        pthread_mutex_unlock(&drain->lock);
        return is;
}

static void note_reach(struct drain *drain, bool is_reached)
{
        pthread_mutex_lock(&drain->lock);
        drain->away_until_ms = is_reached ? 0 : clock_monotonic_ms() + drain->away_ms;
        drain->away_ms = is_reached ? AWAY_MS : 2 * drain->away_ms;
        if (drain->away_ms > AWAY_MAX_MS)
                drain->away_ms = AWAY_MAX_MS;
        pthread_mutex_unlock(&drain->lock);
}

/* A deposit as the body of a question. */
struct body {
        struct deposit_reader *reader;
        uint64_t offset;
};

static int body_pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct body *body = context;
        int r = deposit_read(body->reader, body->offset, to, size, ret_length);

        if (r == 0)
                body->offset += *ret_length;
        return fold(r);
}

/* {"code": "submitter-unknown", …} */
static void read_word(const struct http_client_response *response, char ret[DRAIN_WORD])
{
        json_t *problem = json_loadb(response->body.at, response->body.len, JSON_REJECT_DUPLICATES, NULL);
        const char *code = json_string_value(json_object_get(problem, "code"));

        if (code && text_is_name(text_from(code)))
                (void)text_copy(text_from(code), ret, DRAIN_WORD);
        json_decref(problem);
}

/* What may be otherwise tomorrow, without anybody changing the document. */
static bool may_change(int status, const char *word)
{
        return status == 404 || status == 409 || status == 429 || status == 507 ||
               (status == 403 && word[0]) || (status == 422 && strcmp(word, "submitter-unknown") == 0);
}

static bool is_about_us(const char *word)
{
        return !word[0] || strcmp(word, "not-an-agent") == 0 || strcmp(word, "not-signed-in") == 0;
}

static int judge(int r, const struct http_client_response *response, char ret_word[DRAIN_WORD])
{
        int status = response->status;

        if (r == 0 || r < 0)
                return r;
        if (r == SERVICE_UNREACHABLE || r == SERVICE_SILENT || status == 0)
                return DRAIN_AWAY;
        read_word(response, ret_word);
        if ((status >= 500 && status != 507) || ((status == 401 || status == 403) && is_about_us(ret_word)))
                return DRAIN_AWAY;
        return may_change(status, ret_word) ? DRAIN_LATER : DRAIN_NEVER;
}

static int ask(struct drain *drain, struct deposit_reader *reader, uint32_t timeout_ms,
               char ret_word[DRAIN_WORD])
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct body body = { reader, 0 };
        struct http_source source = { .pull = body_pull, .context = &body };
        struct http_client_request request = {
                .method = "POST",
                .path = PATH,
                .content_type = "application/octet-stream",
                .source = &source,
                .source_size = (int64_t)deposit_reader_octets(reader),
                .timeout_ms = timeout_ms,
                .idle_timeout_ms = IDLE_MS,
        };
        int r;

        r = service_ask(drain->service, &request, &response);
        r = judge(r, &response, ret_word);
        if (r >= 0)
                note_reach(drain, r != DRAIN_AWAY);
        return r;
}

int drain_one(struct drain *drain, struct id id, uint32_t timeout_ms, char ret_word[DRAIN_WORD])
{
        SCOPED(deposit_close_readerp) struct deposit_reader *reader = NULL;
        int r;

        ret_word[0] = 0;
        if (is_away(drain))
                return DRAIN_AWAY;
        r = deposit_open_reader(drain->deposits, id, &reader);
        if (r)
                return r == DEPOSIT_DAMAGED ? DRAIN_NEVER : fold(r);
        r = ask(drain, reader, timeout_ms, ret_word);
        return r ? r : fold(deposit_remove(drain->deposits, id));
}

static void tell(const char *event, struct id id, const char *why)
{
        char string[ID_STRING];

        id_format(id, string);
        log_write(LOG_WARNING, event, "deposit", string, "why", why, NULL);
}

static void give_up(struct drain *drain, const struct deposit_entry *entry, const char *event,
                    const char *why)
{
        int r = deposit_remove(drain->deposits, entry->header.id);

        tell(event, entry->header.id, why);
        if (r < 0)
                log_fault("deposit-not-removed", r);
}

static void refuse_for_now(struct drain *drain, const struct deposit_entry *entry, const char *why)
{
        if (clock_unix_ms() - entry->header.made_ms > drain->settings.keep_ms) {
                give_up(drain, entry, "deposit-given-up", why);
                return;
        }
        if (!entry->is_refused)
                tell("deposit-refused-for-now", entry->header.id, why);
        deposit_note_refused(drain->deposits, entry->header.id);
        deposit_give(drain->deposits, entry->header.id);
}

/* False where the service is out of reach. It is taken. */
static bool hand_on(struct drain *drain, const struct deposit_entry *entry)
{
        char word[DRAIN_WORD];
        int r = drain_one(drain, entry->header.id, 0, word);

        switch (r) {
        case 0: tell("deposit-handed-on", entry->header.id, "the line is back"); return true;
        case DRAIN_LATER: refuse_for_now(drain, entry, word); return true;
        case DRAIN_NEVER: give_up(drain, entry, "deposit-refused", word); return true;
        default: break;
        }
        if (r < 0)
                log_fault("deposit-not-handed-on", r);
        deposit_give(drain->deposits, entry->header.id);
        return false;
}

static bool refused_are_due(struct drain *drain)
{
        int64_t now_ms = clock_monotonic_ms();
        bool due;

        pthread_mutex_lock(&drain->lock);
        due = now_ms >= drain->refused_due_ms;
        if (due)
                drain->refused_due_ms = now_ms + drain->settings.again_ms;
        pthread_mutex_unlock(&drain->lock);
        return due;
}

/* All that lies there, once; *ret_more: something is left for later. */
static void take_round(struct drain *drain, bool *ret_more)
{
        bool with_refused = refused_are_due(drain);
        struct deposit_entry entry;
        struct id after = { { 0 } };

        *ret_more = false;
        while (deposit_find_after(drain->deposits, after, &entry) == 0) {
                after = entry.header.id;
                *ret_more = true;
                if (entry.is_refused && !with_refused)
                        continue;
                if (deposit_take(drain->deposits, after) != 0)
                        continue;
                if (!hand_on(drain, &entry))
                        return;
        }
}

static void wait_for_turn(struct drain *drain, bool has_more)
{
        int64_t until_ms = clock_monotonic_ms() + (has_more ? AWAY_MS : AWAY_MAX_MS);
        struct timespec until;

        pthread_mutex_lock(&drain->lock);
        if (has_more && drain->away_until_ms > until_ms)
                until_ms = drain->away_until_ms;
        until = (struct timespec){ until_ms / 1000, until_ms % 1000 * 1000000 };
        while (!drain->is_woken)
                if (pthread_cond_timedwait(&drain->changed, &drain->lock, &until) != 0)
                        break;
        drain->is_woken = false;
        pthread_mutex_unlock(&drain->lock);
}

static void *run(void *context)
{
        struct drain *drain = context;
        bool has_more;

        for (;;) {
                take_round(drain, &has_more);
                wait_for_turn(drain, has_more);
        }
        return NULL;
}

int drain_start(struct drain *drain)
{
        return thread_start(run, drain);
}
