// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap-desk.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/outcome.h"
#include "base/scope.h"

#define SLOTS            64
#define PART_OCTETS_MAX  ((size_t)2 << 20)
#define PART_TAKEN_IN_MS 30000

enum slot_state {
        SLOT_FREE,
        SLOT_WAITING,
        SLOT_TAKEN,
        SLOT_ANSWERED, /* a part lies here */
};

struct slot {
        enum slot_state state;
        const struct desk_question *asked;
        struct arena *arena; /* of the part, its asker's to free */
        struct directory_answer answer;
};

struct desk {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        void (*wake)(void *context, struct id tenant, struct id agent);
        void *context;
        struct slot slots[SLOTS];
};

int desk_new(void (*wake)(void *context, struct id tenant, struct id agent), void *context, struct desk **ret)
{
        struct desk *desk = calloc(1, sizeof(*desk));
        pthread_condattr_t monotonic;

        if (!desk)
                return fault(-ENOMEM);
        pthread_mutex_init(&desk->lock, NULL);
        pthread_condattr_init(&monotonic);
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_cond_init(&desk->changed, &monotonic);
        pthread_condattr_destroy(&monotonic);
        desk->wake = wake;
        desk->context = context;
        *ret = desk;
        return 0;
}

void desk_free(struct desk *desk)
{
        if (!desk)
                return;
        pthread_cond_destroy(&desk->changed);
        pthread_mutex_destroy(&desk->lock);
        free(desk);
}

/* Waits while the slot is in none of the two states; false where that took too long. */
static bool wait_while(struct desk *desk, const struct slot *slot, enum slot_state a, enum slot_state b,
                       int64_t timeout_ms)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += timeout_ms / 1000;
        until.tv_nsec += timeout_ms % 1000 * 1000000;
        if (until.tv_nsec >= 1000000000) {
                until.tv_sec++;
                until.tv_nsec -= 1000000000;
        }
        while (slot->state == a || slot->state == b)
                if (pthread_cond_timedwait(&desk->changed, &desk->lock, &until) != 0)
                        return slot->state != a && slot->state != b;
        return true;
}

static struct slot *lay_down(struct desk *desk, const struct desk_question *asked)
{
        for (size_t i = 0; i < SLOTS; i++)
                if (desk->slots[i].state == SLOT_FREE) {
                        desk->slots[i] = (struct slot){ .state = SLOT_WAITING, .asked = asked };
                        return &desk->slots[i];
                }
        return NULL;
}

/* The asker's arena keeps what the one entry of an answer says, and the domains. */
static int keep_entry(const struct directory_answer *from, struct arena *arena, struct directory_answer *ret)
{
        const struct directory_entry *entry = from->entries;
        struct directory_entry *kept;

        *ret = *from;
        ret->entries = NULL;
        ret->entry_count = 0;
        if (from->domain_count) {
                ret->domains = arena_alloc(arena, from->domain_count * sizeof(*ret->domains));
                if (!ret->domains)
                        return fault(-ENOMEM);
                memcpy(ret->domains, from->domains, from->domain_count * sizeof(*ret->domains));
        }
        if (from->entry_count == 0)
                return 0;
        kept = arena_alloc(arena, sizeof(*kept));
        if (kept)
                *kept = (struct directory_entry){
                        .subject = arena_text(arena, text_from(entry->subject)),
                        .email = arena_text(arena, text_from(entry->email)),
                        .account = arena_text(arena, text_from(entry->account)),
                        .name = arena_text(arena, text_from(entry->name)),
                        .department = arena_text(arena, text_from(entry->department)),
                        .card = arena_text(arena, text_from(entry->card)),
                        .groups = arena_alloc(arena, (entry->group_count + 1) * sizeof(*entry->groups)),
                        .disabled = entry->disabled,
                };
        if (!kept || !kept->subject || !kept->email || !kept->account || !kept->name || !kept->department ||
            !kept->card || !kept->groups)
                return fault(-ENOMEM);
        for (; kept->group_count < entry->group_count; kept->group_count++) {
                kept->groups[kept->group_count] =
                        arena_text(arena, text_from(entry->groups[kept->group_count]));
                if (!kept->groups[kept->group_count])
                        return fault(-ENOMEM);
        }
        ret->entries = kept;
        ret->entry_count = 1;
        return 0;
}

/* Takes the part from the slot and uses it, without the lock. *ret_more: another one follows. */
static int use_part(struct desk *desk, struct slot *slot, const struct directory_asker *asker,
                    struct arena *arena, struct directory_answer *ret, bool *ret_more)
{
        struct arena *part_arena = take(slot->arena);
        struct directory_answer part = slot->answer;
        int r = 0;

        pthread_mutex_unlock(&desk->lock);
        *ret_more = part.more;
        if (slot->asked->question->verb == DIRECTORY_LIST) {
                if (part.entry_count && asker->give(asker->context, &part) != 0)
                        part.outcome = DIRECTORY_BUSY;
                *ret_more = part.more && part.outcome == DIRECTORY_DONE;
                part.entry_count = 0;
        }
        r = keep_entry(&part, arena, ret);
        arena_free(part_arena);
        pthread_mutex_lock(&desk->lock);
        return r;
}

static int wait_for_answer(struct desk *desk, struct slot *slot, const struct directory_asker *asker,
                           struct arena *arena, struct directory_answer *ret)
{
        bool more = true;
        int r = 0;

        while (r == 0 && more) {
                if (!wait_while(desk, slot, SLOT_WAITING, SLOT_TAKEN, slot->asked->timeout_ms)) {
                        *ret = (struct directory_answer){ .outcome = DIRECTORY_SILENT };
                        return 0;
                }
                r = use_part(desk, slot, asker, arena, ret, &more);
                slot->state = SLOT_TAKEN;
                pthread_cond_broadcast(&desk->changed);
        }
        return r;
}

int desk_ask(struct desk *desk, const struct desk_question *asked, const struct directory_asker *asker,
             struct arena *arena, struct directory_answer *ret)
{
        struct slot *slot;
        int r;

        *ret = (struct directory_answer){ .outcome = DIRECTORY_BUSY };
        pthread_mutex_lock(&desk->lock);
        slot = lay_down(desk, asked);
        pthread_mutex_unlock(&desk->lock);
        if (!slot)
                return 0;
        desk->wake(desk->context, asked->tenant, asked->agent);
        pthread_mutex_lock(&desk->lock);
        r = wait_for_answer(desk, slot, asker, arena, ret);
        arena_freep(&slot->arena);
        *slot = (struct slot){ .state = SLOT_FREE };
        pthread_cond_broadcast(&desk->changed);
        pthread_mutex_unlock(&desk->lock);
        return r;
}

static bool is_for(const struct slot *slot, struct id tenant, struct id agent)
{
        return slot->state != SLOT_FREE && id_equal(slot->asked->tenant, tenant) &&
               id_equal(slot->asked->agent, agent);
}

bool desk_take(struct desk *desk, struct id tenant, struct id agent, struct buffer *to)
{
        bool found = false;

        pthread_mutex_lock(&desk->lock);
        for (size_t i = 0; i < SLOTS && !found; i++) {
                struct slot *slot = &desk->slots[i];

                if (slot->state != SLOT_WAITING || !is_for(slot, tenant, agent))
                        continue;
                question_format(slot->asked->question, slot->asked->settings, to);
                slot->state = SLOT_TAKEN;
                found = true;
        }
        pthread_mutex_unlock(&desk->lock);
        return found;
}

static struct slot *find_taken(struct desk *desk, struct id tenant, struct id agent, struct id question)
{
        for (size_t i = 0; i < SLOTS; i++) {
                struct slot *slot = &desk->slots[i];

                if (slot->state == SLOT_TAKEN && is_for(slot, tenant, agent) &&
                    id_equal(slot->asked->question->id, question))
                        return slot;
        }
        return NULL;
}

int desk_answer(struct desk *desk, struct id tenant, struct id agent, const struct json_t *json)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(PART_OCTETS_MAX);
        struct directory_answer answer;
        struct slot *slot;
        struct id question;
        int r = 0;

        if (!arena)
                return fault(-ENOMEM);
        if (!answer_parse(json, arena, &question, &answer))
                return DESK_MALFORMED;
        pthread_mutex_lock(&desk->lock);
        slot = find_taken(desk, tenant, agent, question);
        if (slot) {
                slot->arena = take(arena);
                slot->answer = answer;
                slot->state = SLOT_ANSWERED;
                pthread_cond_broadcast(&desk->changed);
                /* So that an agent does not send more than we take in. */
                if (answer.more && !wait_while(desk, slot, SLOT_ANSWERED, SLOT_ANSWERED, PART_TAKEN_IN_MS))
                        r = DESK_NOBODY_WAITS;
        } else {
                r = DESK_NOBODY_WAITS;
        }
        pthread_mutex_unlock(&desk->lock);
        return r;
}
