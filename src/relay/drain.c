// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/drain.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
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
#define REACH_MS    5000
#define PATH_OCTETS 320

struct drain {
        struct drain_settings settings;
        struct service *service;
        struct deposits *deposits;
        struct callers *callers;
        struct drain *staying; /* NULL: none */
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool is_woken;
        int64_t away_until_ms; /* the service is out of reach, as far as we know */
        int64_t away_ms;
        int64_t refused_due_ms; /* when those that were refused have their turn again; 0: now, all */
};

int drain_new(const struct drain_settings *settings, struct service *service, struct deposits *deposits,
              struct callers *callers, struct drain **ret)
{
        struct drain *drain = calloc(1, sizeof(*drain));
        pthread_condattr_t monotonic;

        if (!drain)
                return fault(-ENOMEM);
        drain->settings = *settings;
        drain->service = service;
        drain->deposits = deposits;
        drain->callers = callers;
        drain->away_ms = AWAY_MS;
        pthread_mutex_init(&drain->lock, NULL);
        pthread_condattr_init(&monotonic);
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_cond_init(&drain->changed, &monotonic);
        pthread_condattr_destroy(&monotonic);
        *ret = drain;
        return 0;
}

void drain_set_staying(struct drain *drain, struct drain *staying)
{
        drain->staying = staying;
}

int drain_keep_here(struct drain *drain, struct id id)
{
        int r = deposit_settle(drain->deposits, id);

        return r ? r : deposit_move(drain->deposits, drain->staying->deposits, id);
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
        return is || service_is_away(drain->service);
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
        uint64_t offset, end;
};

static int body_pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct body *body = context;
        uint64_t left = body->end - body->offset;
        int r = deposit_read(body->reader, body->offset, to, left < size ? (size_t)left : size, ret_length);

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

/* {"job": …, "person": …}: who comes likewise while the line is down is he. */
static void note_owner(struct drain *drain, struct deposit_reader *reader,
                       const struct http_client_response *response)
{
        static const uint8_t nobody[HASH_OCTETS];
        const uint8_t *owner = deposit_reader_header(reader)->owner;
        json_t *answer = json_loadb(response->body.at, response->body.len, JSON_REJECT_DUPLICATES, NULL);
        struct id person;

        if (memcmp(owner, nobody, sizeof(nobody)) != 0 &&
            id_parse(text_from(json_string_value(json_object_get(answer, "person"))), &person))
                callers_note(drain->callers, owner, person);
        json_decref(answer);
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
        if (status == 410 && strcmp(ret_word, "deposit-discarded") == 0)
                return DRAIN_UNWANTED;
        if ((status >= 500 && status != 507) || ((status == 401 || status == 403) && is_about_us(ret_word)))
                return DRAIN_AWAY;
        return may_change(status, ret_word) ? DRAIN_LATER : DRAIN_NEVER;
}

/* How long it lies here yet; 0 where nobody has said yes to it: then it goes with the refusal. */
static int64_t left_s(const struct drain *drain, const struct deposit_entry *entry)
{
        int64_t left_ms = entry->header.made_ms + drain->settings.keep_ms - clock_unix_ms();

        return entry->is_settled && left_ms > 1000 ? left_ms / 1000 : entry->is_settled;
}

static int ask(struct drain *drain, const struct deposit_entry *entry, struct deposit_reader *reader,
               const char *path, uint32_t timeout_ms, char ret_word[DRAIN_WORD])
{
        char keep[64];
        const char *const headers[] = { keep, NULL };
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        const struct deposit_header *header = deposit_reader_header(reader);
        uint64_t told = DEPOSIT_HEADER_OCTETS + (uint64_t)header->metadata_octets;
        struct body body = { reader, 0, drain->settings.stays ? told : deposit_reader_octets(reader) };
        struct http_source source = { .pull = body_pull, .context = &body };
        struct http_client_request request = {
                .method = "POST",
                .path = path,
                .headers = headers,
                .content_type = "application/octet-stream",
                .source = &source,
                .source_size = (int64_t)body.end,
                .timeout_ms = timeout_ms,
                .idle_timeout_ms = IDLE_MS,
        };
        int r;

        snprintf(keep, sizeof(keep), "Imprimatur-Keep: %lld", (long long)left_s(drain, entry));
        r = service_ask(drain->service, &request, &response);
        if (r == 0)
                note_owner(drain, reader, &response);
        r = judge(r, &response, ret_word);
        if (r == DRAIN_NEVER && strcmp(ret_word, "credentials-wrong") == 0)
                callers_note(drain->callers, deposit_reader_header(reader)->owner, (struct id){ 0 });
        if (r >= 0)
                note_reach(drain, r != DRAIN_AWAY);
        return r;
}

/*
 * One that a badge may release here: from the first octet of the question on the service may have it, so that
 * it is not released any more, until the service has said no. First it is asked whether it is there at all,
 * so that a line that went dead meanwhile leaves nothing in doubt.
 */
static int ask_marked(struct drain *drain, const struct deposit_entry *entry, struct deposit_reader *reader,
                      uint32_t timeout_ms, char ret_word[DRAIN_WORD])
{
        struct id id = entry->header.id;
        int r;

        r = service_reach(drain->service, timeout_ms && timeout_ms < REACH_MS ? timeout_ms : REACH_MS);
        if (r) {
                note_reach(drain, false);
                return r < 0 ? r : DRAIN_AWAY;
        }
        r = deposit_ask(drain->deposits, id, true);
        if (r)
                return r < 0 ? r : DRAIN_AWAY;
        r = ask(drain, entry, reader, PATH, timeout_ms, ret_word);
        /* A no to this question is none to an earlier one that nobody has answered. */
        if (!entry->is_asked && (r == DRAIN_LATER || r == DRAIN_NEVER))
                (void)deposit_ask(drain->deposits, id, false);
        return r;
}

int drain_released(struct drain *drain, const struct deposit_entry *entry, uint64_t incarnation,
                   char ret_word[DRAIN_WORD])
{
        SCOPED(deposit_close_readerp) struct deposit_reader *reader = NULL;
        const struct deposit_released *released = &entry->released;
        char path[PATH_OCTETS], delivery[ID_STRING], release[ID_STRING], printer[ID_STRING];
        int r;

        ret_word[0] = 0;
        if (service_is_away(drain->service))
                return DRAIN_AWAY;
        r = deposit_open_reader(drain->deposits, entry->header.id, &reader);
        if (r)
                return r > 0 ? DRAIN_NEVER : r;
        id_format(released->delivery, delivery);
        id_format(released->release, release);
        id_format(released->printer, printer);
        snprintf(path, sizeof(path), PATH "?delivery=%s&release=%s&printer=%s&at_ms=%lld&incarnation=%016llx",
                 delivery, release, printer, (long long)released->at_ms, (unsigned long long)incarnation);
        return ask(drain, entry, reader, path, 0, ret_word);
}

int drain_one(struct drain *drain, struct id id, uint32_t timeout_ms, char ret_word[DRAIN_WORD])
{
        SCOPED(deposit_close_readerp) struct deposit_reader *reader = NULL;
        struct deposit_entry entry;
        int r;

        ret_word[0] = 0;
        if (is_away(drain))
                return DRAIN_AWAY;
        r = deposit_find(drain->deposits, id, &entry);
        if (r == 0)
                r = deposit_open_reader(drain->deposits, id, &reader);
        if (r)
                return r == DEPOSIT_DAMAGED ? DRAIN_DAMAGED : fold(r);
        if (drain->settings.stays)
                r = ask(drain, &entry, reader, PATH "?stays=yes", timeout_ms, ret_word);
        else if (deposit_has_person(deposit_reader_header(reader)))
                r = ask_marked(drain, &entry, reader, timeout_ms, ret_word);
        else
                r = ask(drain, &entry, reader, PATH, timeout_ms, ret_word);
        if (r)
                return r;
        return fold(drain->settings.stays ? deposit_stay(drain->deposits, id)
                                          : deposit_remove(drain->deposits, id));
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

static bool is_over(const struct drain *drain, const struct deposit_entry *entry)
{
        return clock_unix_ms() - entry->header.made_ms > drain->settings.keep_ms;
}

static void keep(struct drain *drain, const struct deposit_entry *entry, const char *why, bool is_shelved)
{
        if (!entry->is_refused)
                tell("deposit-refused-for-now", entry->header.id, why);
        deposit_note_refused(drain->deposits, entry->header.id, is_shelved);
        deposit_give(drain->deposits, entry->header.id);
}

/* The queue's documents stay at sites by now: this one does, and the other one tells of it. */
static void keep_here(struct drain *drain, const struct deposit_entry *entry)
{
        int r = drain_keep_here(drain, entry->header.id);

        if (r) {
                log_fault("deposit-not-kept", r);
                deposit_give(drain->deposits, entry->header.id);
                return;
        }
        deposit_give(drain->staying->deposits, entry->header.id);
        drain_notice(drain->staying);
}

/* False where the service is out of reach. It is taken. */
static bool hand_on(struct drain *drain, const struct deposit_entry *entry)
{
        char word[DRAIN_WORD];
        int r = drain_one(drain, entry->header.id, 0, word);

        switch (r) {
        case 0:
                tell("deposit-handed-on", entry->header.id, "the line is back");
                if (drain->settings.stays)
                        deposit_give(drain->deposits, entry->header.id);
                return true;
        case DRAIN_LATER:
                if (drain->staying && strcmp(word, DRAIN_SITE_ONLY) == 0) {
                        keep_here(drain, entry);
                        return true;
                }
                keep(drain, entry, word, false);
                return true;
        case DRAIN_NEVER: keep(drain, entry, word, true); return true;
        case DRAIN_UNWANTED: give_up(drain, entry, "deposit-discarded", word); return true;
        case DRAIN_DAMAGED: give_up(drain, entry, "deposit-damaged", "it has changed"); return true;
        default: break;
        }
        if (r < 0)
                log_fault("deposit-not-handed-on", r);
        deposit_give(drain->deposits, entry->header.id);
        return false;
}

/* Which of those that were refused have their turn. */
enum turn {
        TURN_NONE,
        TURN_CHANGING, /* what may be otherwise by itself */
        TURN_ALL,
};

static enum turn turn_of_refused(struct drain *drain)
{
        int64_t now_ms = clock_monotonic_ms();
        enum turn turn = TURN_NONE;

        pthread_mutex_lock(&drain->lock);
        if (drain->refused_due_ms == 0)
                turn = TURN_ALL;
        else if (now_ms >= drain->refused_due_ms)
                turn = TURN_CHANGING;
        if (turn != TURN_NONE)
                drain->refused_due_ms = now_ms + drain->settings.again_ms;
        pthread_mutex_unlock(&drain->lock);
        return turn;
}

static bool has_turn(const struct deposit_entry *entry, enum turn turn)
{
        return !entry->is_refused || turn == TURN_ALL || (turn == TURN_CHANGING && !entry->is_shelved);
}

/* All that lies there, once; *ret_more: something is left for later. */
static void take_round(struct drain *drain, bool *ret_more)
{
        enum turn turn = turn_of_refused(drain);
        struct deposit_entry entry;
        struct id after = { { 0 } };

        *ret_more = false;
        while (deposit_find_after(drain->deposits, after, &entry) == 0) {
                bool ends = entry.is_refused && is_over(drain, &entry);

                after = entry.header.id;
                *ret_more = true;
                if (!ends && !has_turn(&entry, turn))
                        continue;
                if (deposit_take(drain->deposits, after) != 0)
                        continue;
                if (ends)
                        give_up(drain, &entry, "deposit-given-up", "nobody has decided in time");
                else if (!hand_on(drain, &entry))
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
