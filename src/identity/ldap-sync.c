// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap-sync.h"

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
#include "crypt/hash.h"
#include "identity/ldap-ask.h"
#include "identity/ldap-domain.h"

#define ORDERS_MAX   16
#define LOOK_MS      60000
#define SOURCES_MAX  1024
#define SUBJECTS_MAX 1000000 /* of one directory */
#define ARENA_OCTETS ((size_t)256 << 10)

struct order {
        struct id tenant;
        struct roster_run run;
};

struct ldap_sync {
        struct core *core;
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct order orders[ORDERS_MAX];
        size_t order_count;
        bool stopping;
};

/* The first octets of a subject's hash: 64 bits do for a million. */
struct subjects {
        uint64_t *at;
        size_t count, size;
};

/* One synchronisation under way. */
struct work {
        struct core *core;
        const struct ldap_source *source;
        struct roster_run *run;
        struct subjects there;
        size_t line_length, missing;
        int failure;
};

static uint64_t subject_hash(struct text subject)
{
        uint8_t hash[HASH_OCTETS];
        uint64_t ret;

        hash_sha256(subject, hash);
        memcpy(&ret, hash, sizeof(ret));
        return ret;
}

static int subjects_add(struct subjects *subjects, struct text subject)
{
        if (subjects->count == subjects->size) {
                size_t size = subjects->size ? subjects->size * 2 : 1024;
                uint64_t *at = size <= SUBJECTS_MAX * 2 ? realloc(subjects->at, size * sizeof(*at)) : NULL;

                if (!at)
                        return fault(-ENOMEM);
                subjects->at = at;
                subjects->size = size;
        }
        subjects->at[subjects->count++] = subject_hash(subject);
        return 0;
}

static int compare(const void *a, const void *b)
{
        uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

        return x < y ? -1 : x > y;
}

static bool subjects_has(const struct subjects *subjects, struct text subject)
{
        uint64_t hash = subject_hash(subject);

        return subjects->count && bsearch(&hash, subjects->at, subjects->count, sizeof(hash), compare);
}

/* ---- what is told of each ---- */

static void add_line(struct work *work, const char *what, const char *whom)
{
        struct roster_run *run = work->run;
        int n = snprintf(run->lines + work->line_length, sizeof(run->lines) - work->line_length, "%s %s\n",
                         what, whom);

        if (n > 0 && (size_t)n < sizeof(run->lines) - work->line_length)
                work->line_length += (size_t)n;
        else
                run->lines[work->line_length] = 0; /* the first ones are told; all are counted */
}

static void count(struct work *work, unsigned int changes, const char *whom)
{
        static const struct {
                enum roster_change change;
                const char *what;
        } words[] = {
                { ROSTER_MADE, "made" },
                { ROSTER_CHANGED, "changed" },
                { ROSTER_GROUPS, "groups" },
                { ROSTER_BADGE, "badge" },
                { ROSTER_BADGE_GONE, "badge-gone" },
                { ROSTER_BADGE_TAKEN, "badge-taken" },
                { ROSTER_DISABLED, "disabled" },
                { ROSTER_ENABLED, "enabled" },
                { ROSTER_REFUSED, "refused" },
        };
        struct roster_run *run = work->run;

        for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
                if (changes & words[i].change)
                        add_line(work, words[i].what, whom);
        run->made += (changes & ROSTER_MADE) != 0;
        run->changed += (changes & (ROSTER_CHANGED | ROSTER_GROUPS)) != 0;
        run->badges += (changes & (ROSTER_BADGE | ROSTER_BADGE_GONE)) != 0;
        run->disabled += (changes & ROSTER_DISABLED) != 0;
        run->enabled += (changes & ROSTER_ENABLED) != 0;
        run->refused += (changes & (ROSTER_REFUSED | ROSTER_BADGE_TAKEN)) != 0;
}

/* ---- everybody who is there ---- */

struct batch {
        struct roster_person people[ROSTER_ONCE];
        struct text groups[ROSTER_ONCE][DIRECTORY_GROUPS_MAX];
        const struct directory_entry *entries[ROSTER_ONCE];
        size_t count;
};

static int take_batch(struct work *work, struct batch *batch)
{
        struct roster_result results[ROSTER_ONCE];
        int r;

        if (batch->count == 0)
                return 0;
        r = roster_take(work->core, work->source->tenant, work->source->method.id,
                        &work->source->settings.policy, batch->people, batch->count, work->run->dry, results);
        for (size_t i = 0; r == 0 && i < batch->count; i++)
                count(work, results[i].changes,
                      batch->entries[i]->email[0] ? batch->entries[i]->email : batch->entries[i]->subject);
        batch->count = 0;
        return r;
}

static int add_entry(struct work *work, struct batch *batch, const struct directory_entry *entry)
{
        int r;

        work->run->seen++;
        /* Whoever is switched off there is dealt with like one who is gone: under the brake. */
        if (entry->disabled)
                return 0;
        r = subjects_add(&work->there, text_from(entry->subject));
        if (r)
                return r;
        batch->entries[batch->count] = entry;
        batch->people[batch->count] =
                (struct roster_person){ .subject = text_from(entry->subject),
                                        .claims = ldap_claims(entry, batch->groups[batch->count]),
                                        .card = text_from(entry->card) };
        batch->count++;
        return batch->count == ROSTER_ONCE ? take_batch(work, batch) : 0;
}

static int take_part(void *context, const struct directory_answer *part)
{
        SCOPED(freep) struct batch *batch = calloc(1, sizeof(*batch));
        struct work *work = context;

        if (!batch)
                work->failure = fault(-ENOMEM);
        for (size_t i = 0; work->failure == 0 && i < part->entry_count; i++)
                work->failure = add_entry(work, batch, &part->entries[i]);
        if (work->failure == 0)
                work->failure = take_batch(work, batch);
        return work->failure;
}

/* ---- whoever is not ---- */

/* Calls give() with each enabled person of this directory who is not there any more; counts all enabled ones.
 */
static int each_missing(struct work *work, int (*give)(struct work *, const struct roster_known *),
                        size_t *ret_known)
{
        SCOPED(freep) struct roster_known *known = calloc(ROSTER_ONCE, sizeof(*known));
        char after[OUTSIDE_SUBJECT] = "";
        size_t found = ROSTER_ONCE;
        int r = known ? 0 : fault(-ENOMEM);

        *ret_known = 0;
        while (r == 0 && found == ROSTER_ONCE) {
                r = roster_list(work->core, work->source->tenant, work->source->method.id, text_from(after),
                                known, ROSTER_ONCE, &found);
                for (size_t i = 0; r == 0 && i < found; i++) {
                        memcpy(after, known[i].subject, sizeof(after));
                        if (known[i].disabled)
                                continue;
                        (*ret_known)++;
                        if (!subjects_has(&work->there, text_from(known[i].subject)))
                                r = give(work, &known[i]);
                }
        }
        return r;
}

static int count_missing(struct work *work, const struct roster_known *known)
{
        work->missing++;
        return 0;
}

static int disable_missing(struct work *work, const struct roster_known *known)
{
        struct roster_result result;
        char id[ID_STRING];
        int r = roster_disable(work->core, work->source->tenant, work->source->method.id, &known->person, 1,
                               work->run->dry, &result);

        if (r)
                return r;
        id_format(known->person, id);
        count(work, result.changes, id);
        return 0;
}

static int remove_missing(struct work *work)
{
        uint32_t percent = work->source->settings.sync_brake_percent;
        size_t known;
        int r;

        if (work->there.count)
                qsort(work->there.at, work->there.count, sizeof(*work->there.at), compare);
        work->missing = 0;
        r = each_missing(work, count_missing, &known);
        if (r)
                return r;
        /* One person may always go: in a small tenant he is more than any percentage. */
        if (work->missing > 1 && work->missing * 100 > known * percent) {
                snprintf(work->run->outcome, sizeof(work->run->outcome), "braked");
                snprintf(work->run->words, sizeof(work->run->words),
                         "%zu of %zu people would be disabled, and the brake is at %u %%: nobody was",
                         work->missing, known, percent);
                return 0;
        }
        return each_missing(work, disable_missing, &known);
}

/* ---- one run ---- */

static int synchronise(struct work *work)
{
        SCOPED(question_freep) struct directory_question *question = question_new();
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct directory_answer answer;
        int r;

        if (!question || !arena)
                return fault(-ENOMEM);
        question->verb = DIRECTORY_LIST;
        r = ldap_ask(work->core, work->source, question, take_part, work, arena, &answer);
        if (work->failure)
                return work->failure;
        if (r)
                return r;
        if (answer.outcome != DIRECTORY_DONE) {
                snprintf(work->run->outcome, sizeof(work->run->outcome), "failed");
                snprintf(work->run->words, sizeof(work->run->words), "%s",
                         directory_outcome_sentence(answer.outcome));
                return 0;
        }
        snprintf(work->run->outcome, sizeof(work->run->outcome), "done");
        return remove_missing(work);
}

static void run_one(struct core *core, struct id tenant, struct roster_run *run)
{
        SCOPED(ldap_source_freep) struct ldap_source *source = NULL;
        SCOPED(freep) struct method *method = calloc(1, sizeof(*method));
        struct work work = { .core = core, .run = run };
        int r = method ? method_find(core, tenant, run->method, method) : fault(-ENOMEM);

        if (r == 0) {
                source = ldap_source_new(tenant, method);
                work.source = source;
                r = source ? synchronise(&work) : fault(-ENOMEM);
        }
        free(work.there.at);
        if (r) {
                if (r < 0)
                        log_fault("synchronisation-failed", r);
                snprintf(run->outcome, sizeof(run->outcome), "failed");
                snprintf(run->words, sizeof(run->words), "An internal error; the log of the service has it.");
        }
        r = roster_run_end(core, tenant, run);
        if (r < 0)
                log_fault("synchronisation-not-noted", r);
}

/* Whether the method's time has come. */
static bool is_due(struct core *core, const struct roster_source *source)
{
        SCOPED(freep) struct method *method = calloc(1, sizeof(*method));
        SCOPED(ldap_source_freep) struct ldap_source *settings = NULL;
        int64_t last_ms = 0;

        if (!method || method_find(core, source->tenant, source->method, method) != 0)
                return false;
        settings = ldap_source_new(source->tenant, method);
        if (!settings || settings->settings.sync_ms == 0 ||
            roster_run_last(core, source->tenant, source->method, &last_ms) != 0)
                return false;
        return clock_unix_ms() - last_ms >= settings->settings.sync_ms;
}

/* Once a day, whether or not people are synchronised. */
static void look_around(struct core *core, const struct roster_source *from)
{
        SCOPED(freep) struct method *method = calloc(1, sizeof(*method));
        SCOPED(ldap_source_freep) struct ldap_source *source = NULL;
        enum directory_outcome outcome;
        int r;

        if (!method || method_find(core, from->tenant, from->method, method) != 0)
                return;
        source = ldap_source_new(from->tenant, method);
        if (!source || ldap_domains_load(core, source) != 0 || !ldap_domains_is_due(source))
                return;
        r = ldap_domains_look(core, source, NULL, &outcome);
        if (r < 0)
                log_fault("domains-not-found", r);
}

static bool is_stopping(struct ldap_sync *sync)
{
        bool stopping;

        pthread_mutex_lock(&sync->lock);
        stopping = sync->stopping;
        pthread_mutex_unlock(&sync->lock);
        return stopping;
}

static void run_due(struct ldap_sync *sync)
{
        SCOPED(freep) struct roster_source *sources = calloc(SOURCES_MAX, sizeof(*sources));
        SCOPED(freep) struct roster_run *run = calloc(1, sizeof(*run));
        size_t found = 0;

        if (!sources || !run ||
            roster_sources(sync->core, ldap_driver.kind, sources, SOURCES_MAX, &found) != 0)
                return;
        for (size_t i = 0; i < found && !is_stopping(sync); i++) {
                look_around(sync->core, &sources[i]);
                if (is_due(sync->core, &sources[i]) &&
                    roster_run_begin(sync->core, sources[i].tenant, NULL, sources[i].method, false, run) == 0)
                        run_one(sync->core, sources[i].tenant, run);
        }
}

/* Waits for an order or for the time to look; false when it is time to stop. */
static bool wait_for_order(struct ldap_sync *sync, struct order *ret, bool *ret_has)
{
        struct timespec until;
        bool goes_on;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += LOOK_MS / 1000;
        *ret_has = false;
        pthread_mutex_lock(&sync->lock);
        while (!sync->stopping && sync->order_count == 0)
                if (pthread_cond_timedwait(&sync->changed, &sync->lock, &until) != 0)
                        break;
        goes_on = !sync->stopping;
        if (goes_on && sync->order_count) {
                *ret = sync->orders[0];
                sync->order_count--;
                memmove(sync->orders, sync->orders + 1, sync->order_count * sizeof(*ret));
                *ret_has = true;
        }
        pthread_mutex_unlock(&sync->lock);
        return goes_on;
}

static void *run(void *context)
{
        struct ldap_sync *sync = context;
        SCOPED(freep) struct order *order = malloc(sizeof(*order));
        bool has;

        while (order && wait_for_order(sync, order, &has)) {
                if (has)
                        run_one(sync->core, order->tenant, &order->run);
                else
                        run_due(sync);
        }
        return NULL;
}

int ldap_sync_start(struct core *core, struct ldap_sync **ret)
{
        struct ldap_sync *sync = calloc(1, sizeof(*sync));
        pthread_condattr_t monotonic;
        int r;

        if (!sync)
                return fault(-ENOMEM);
        sync->core = core;
        pthread_mutex_init(&sync->lock, NULL);
        pthread_condattr_init(&monotonic);
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_cond_init(&sync->changed, &monotonic);
        pthread_condattr_destroy(&monotonic);
        r = roster_runs_abandon(core);
        if (r == 0)
                r = -pthread_create(&sync->thread, NULL, run, sync);
        if (r) {
                free(sync);
                return fault(r);
        }
        *ret = sync;
        return 0;
}

void ldap_sync_stop(struct ldap_sync *sync)
{
        if (!sync)
                return;
        pthread_mutex_lock(&sync->lock);
        sync->stopping = true;
        pthread_cond_broadcast(&sync->changed);
        pthread_mutex_unlock(&sync->lock);
        pthread_join(sync->thread, NULL);
        pthread_cond_destroy(&sync->changed);
        pthread_mutex_destroy(&sync->lock);
        free(sync);
}

void ldap_sync_stopp(struct ldap_sync **sync)
{
        ldap_sync_stop(*sync);
}

int ldap_sync_order(struct ldap_sync *sync, const struct actor *actor, struct id method_id, bool dry,
                    struct roster_run *ret)
{
        SCOPED(freep) struct method *method = calloc(1, sizeof(*method));
        bool has_room;
        int r;

        if (!method)
                return fault(-ENOMEM);
        r = method_find(sync->core, actor->tenant, method_id, method);
        if (r)
                return r;
        if (strcmp(method->kind, ldap_driver.kind) != 0)
                return CORE_NOT_FOUND;
        pthread_mutex_lock(&sync->lock);
        has_room = sync->order_count < ORDERS_MAX;
        pthread_mutex_unlock(&sync->lock);
        r = has_room ? roster_run_begin(sync->core, actor->tenant, actor, method_id, dry, ret) : CORE_BUSY;
        if (r)
                return r;
        pthread_mutex_lock(&sync->lock);
        if (sync->order_count < ORDERS_MAX)
                sync->orders[sync->order_count++] = (struct order){ .tenant = actor->tenant, .run = *ret };
        pthread_cond_broadcast(&sync->changed);
        pthread_mutex_unlock(&sync->lock);
        return 0;
}
