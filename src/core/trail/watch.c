// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/trail/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/state.h"
#include "crypt/hash.h"

#define MINUTE_MS     60000
#define WAYS          4
#define SEEN_SETS     2048
#define TALLY_SETS    256
#define OF_SOURCE_MAX 10 /* refusals a minute that are written */
#define OF_TENANT_MAX 100

/* Something that was written, until it is worth writing again. */
struct seen {
        uint64_t name[2];
        int64_t until_ms;
};

/* Refusals of a minute: of a tenant, or of a source in it (then counted is not used). */
struct tally {
        bool used;
        struct id tenant;
        uint64_t source; /* 0: the tenant's own */
        int64_t began_ms;
        uint32_t written;
        uint64_t counted;
};

struct watch {
        pthread_mutex_t lock;
        struct seen seen[SEEN_SETS][WAYS];
        struct tally tallies[TALLY_SETS][WAYS];
};

int watch_new(struct core *core)
{
        core->watch = calloc(1, sizeof(*core->watch));
        if (!core->watch)
                return fault(-ENOMEM);
        pthread_mutex_init(&core->watch->lock, NULL);
        return 0;
}

void watch_free(struct core *core)
{
        if (!core->watch)
                return;
        pthread_mutex_destroy(&core->watch->lock);
        free(core->watch);
}

static void name_of(const struct actor *actor, const char *kind, struct id subject, const char *words,
                    uint64_t ret[2])
{
        char octets[2 * ID_OCTETS + 512];
        uint8_t hash[HASH_OCTETS];
        int len;

        memcpy(octets, actor->id.octets, ID_OCTETS);
        memcpy(octets + ID_OCTETS, subject.octets, ID_OCTETS);
        len = snprintf(octets + 2 * ID_OCTETS, sizeof(octets) - 2 * ID_OCTETS, "%d %s %s %s", (int)actor->via,
                       actor->source, kind, words);
        if (len > (int)(sizeof(octets) - 2 * ID_OCTETS))
                len = (int)(sizeof(octets) - 2 * ID_OCTETS);
        hash_sha256(text_from_octets(octets, 2 * ID_OCTETS + (size_t)len), hash);
        memcpy(ret, hash, 2 * sizeof(*ret));
}

static bool is_seen(struct watch *watch, const uint64_t name[2], int64_t now)
{
        struct seen *set = watch->seen[name[0] % SEEN_SETS];
        bool found = false;

        pthread_mutex_lock(&watch->lock);
        for (size_t i = 0; i < WAYS; i++)
                found |= set[i].name[0] == name[0] && set[i].name[1] == name[1] && set[i].until_ms > now;
        pthread_mutex_unlock(&watch->lock);
        return found;
}

static void remember(struct watch *watch, const uint64_t name[2], int64_t until_ms)
{
        struct seen *set = watch->seen[name[0] % SEEN_SETS], *place = set;

        pthread_mutex_lock(&watch->lock);
        for (size_t i = 0; i < WAYS; i++) {
                if (set[i].name[0] == name[0] && set[i].name[1] == name[1]) {
                        place = &set[i];
                        break;
                }
                if (set[i].until_ms < place->until_ms)
                        place = &set[i];
        }
        *place = (struct seen){ { name[0], name[1] }, until_ms };
        pthread_mutex_unlock(&watch->lock);
}

/* Writes it where it was not written for a while. */
static int note(struct core *core, const struct actor *actor, const char *kind, struct id subject,
                const char *words)
{
        int64_t now = clock_monotonic_ms();
        uint64_t name[2];
        int r;

        name_of(actor, kind, subject, words, name);
        if (is_seen(core->watch, name, now))
                return 0;
        r = event_note(core, actor->tenant, actor, kind, subject, words);
        if (r == 0)
                remember(core->watch, name, now + core->settings.watch_again_ms);
        return r;
}

int watch_sign_in(struct core *core, const struct actor *actor, const char *method)
{
        char words[64];

        snprintf(words, sizeof(words), "method=%s", method);
        return note(core, actor, "signed-in", actor->id, words);
}

void watch_signed_in(struct core *core, const struct actor *actor, const char *method)
{
        uint64_t name[2];
        char words[64];

        snprintf(words, sizeof(words), "method=%s", method);
        name_of(actor, "signed-in", actor->id, words, name);
        remember(core->watch, name, clock_monotonic_ms() + core->settings.watch_again_ms);
}

int watch_look(struct core *core, const struct actor *actor, const char *kind, const char *words,
               struct id subject)
{
        return note(core, actor, kind, subject, words);
}

/* The tally of that name, or a place for it; one that still has to be told is no such place. */
static struct tally *find_tally(struct watch *watch, struct id tenant, uint64_t source, int64_t now)
{
        uint64_t mix;
        struct tally *set, *place = NULL;

        memcpy(&mix, tenant.octets + 8, sizeof(mix));
        mix = (mix ^ source) * UINT64_C(0x9e3779b97f4a7c15);
        set = watch->tallies[(mix >> 32) % TALLY_SETS];
        for (size_t i = 0; i < WAYS; i++) {
                if (set[i].used && set[i].source == source && id_equal(set[i].tenant, tenant))
                        return &set[i];
                if (!set[i].used || (set[i].counted == 0 && now - set[i].began_ms >= MINUTE_MS))
                        place = &set[i];
        }
        if (place)
                *place = (struct tally){ .used = true, .tenant = tenant, .source = source, .began_ms = now };
        return place;
}

static bool has_room(struct tally *tally, uint32_t most, int64_t now)
{
        if (!tally)
                return false;
        if (now - tally->began_ms >= MINUTE_MS && tally->counted == 0) {
                tally->began_ms = now;
                tally->written = 0;
        }
        return tally->written < most;
}

static uint64_t source_of(const struct actor *who)
{
        uint8_t hash[HASH_OCTETS];
        uint64_t source;

        hash_sha256(text_from(who->source), hash);
        memcpy(&source, hash, sizeof(source));
        return source ? source : 1;
}

bool watch_may_note(struct core *core, struct id tenant, const struct actor *who)
{
        struct watch *watch = core->watch;
        int64_t now = clock_monotonic_ms();
        struct tally *all, *one;
        bool may;

        pthread_mutex_lock(&watch->lock);
        all = find_tally(watch, tenant, 0, now);
        one = find_tally(watch, tenant, source_of(who), now);
        may = has_room(all, OF_TENANT_MAX, now) && has_room(one, OF_SOURCE_MAX, now);
        if (may) {
                all->written++;
                one->written++;
        } else if (all) {
                all->counted++;
        }
        pthread_mutex_unlock(&watch->lock);
        return may;
}

static int find_operators(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct id *tenant = context;
        int r;

        r = db_one_all(tx, "SELECT id FROM tenant WHERE is_operators = 1", DB_NONE, &rows);
        if (r == 0)
                *tenant = db_rows_id(&rows, 0);
        return r == DB_NO_ROW ? 0 : fold(r);
}

/* Of somebody without a tenant the operators' trail is told, or where there are none the log. */
static int note_of_nobody(struct core *core, const struct actor *actor, const char *words)
{
        struct id operators = { 0 };
        int r = db_read(core->db, find_operators, &operators);

        if (r)
                return r;
        if (!id_is_zero(operators))
                return event_note(core, operators, actor, "refused", (struct id){ 0 }, words);
        log_write(LOG_NOTICE, "refused", "source", actor->source, "via", via_name(actor->via), "words", words,
                  NULL);
        return 0;
}

int watch_refusal(struct core *core, const struct actor *actor, const char *right, const char *reason)
{
        char words[CORE_WORDS];

        if (!watch_may_note(core, actor->tenant, actor))
                return 0;
        snprintf(words, sizeof(words), "right=%s reason=%s", right, reason);
        if (id_is_zero(actor->tenant))
                return note_of_nobody(core, actor, words);
        return event_note(core, actor->tenant, actor, "refused", (struct id){ 0 }, words);
}

/* One that is to be told, which is then empty. */
static bool take_tally(struct watch *watch, int64_t now, struct tally *ret)
{
        bool found = false;

        pthread_mutex_lock(&watch->lock);
        for (size_t set = 0; set < TALLY_SETS && !found; set++)
                for (size_t i = 0; i < WAYS && !found; i++) {
                        struct tally *tally = &watch->tallies[set][i];

                        found = tally->used && tally->counted > 0 && now - tally->began_ms >= MINUTE_MS;
                        if (found) {
                                *ret = *tally;
                                tally->counted = 0;
                        }
                }
        pthread_mutex_unlock(&watch->lock);
        return found;
}

static int tell(struct core *core, const struct tally *tally)
{
        char words[64];

        snprintf(words, sizeof(words), "count=%" PRIu64, tally->counted);
        if (!id_is_zero(tally->tenant))
                return event_note(core, tally->tenant, NULL, "refusals-counted", (struct id){ 0 }, words);
        log_write(LOG_NOTICE, "refusals-counted", "words", words, NULL);
        return 0;
}

/* now is of the monotonic clock; tests come from the future. */
int watch_sweep(struct core *core, int64_t now)
{
        struct tally tally;
        int r = 0;

        while (r == 0 && take_tally(core->watch, now, &tally))
                r = tell(core, &tally);
        return r;
}
