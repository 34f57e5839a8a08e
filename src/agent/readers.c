// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/readers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "crypt/hash.h"
#include "crypt/random.h"

#define SEEN_MAX 1024 /* appliances */

/* Only a keyed hash is kept of a card, under a key that is never written. */
struct seen {
        uint8_t appliance[HASH_OCTETS];
        uint8_t card[HASH_OCTETS];
        int64_t at_ms;
};

struct readers {
        pthread_mutex_t lock;
        pthread_cond_t loaded;
        bool is_loaded;
        struct reader_binding bindings[READERS_MAX];
        size_t count;
        struct secret key;
        struct seen seen[SEEN_MAX];
};

int readers_new(struct readers **ret)
{
        struct readers *readers = calloc(1, sizeof(*readers));
        pthread_condattr_t attributes;

        if (!readers)
                return fault(-ENOMEM);
        pthread_mutex_init(&readers->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&readers->loaded, &attributes);
        pthread_condattr_destroy(&attributes);
        random_secret(&readers->key);
        *ret = readers;
        return 0;
}

/* true: as the model's devices understand it; false: nothing; or a dialect by its name. */
static bool read_feedback(const json_t *value, struct reader_binding *binding)
{
        if (json_is_string(value))
                return reader_feedback_parse(text_from(json_string_value(value)), &binding->feedback);
        binding->feedback =
                json_is_false(value) ? READER_SILENT : reader_model_feedback(binding->model, false);
        return true;
}

static bool read_binding(const json_t *json, struct reader_binding *ret)
{
        const char *address = json_string_value(json_object_get(json, "address"));

        *ret = (struct reader_binding){ .model = READER_TCPCONV };
        (void)id_parse(text_from(json_string_value(json_object_get(json, "printer"))), &ret->printer);
        return id_parse(text_from(json_string_value(json_object_get(json, "id"))), &ret->id) &&
               reader_model_parse(text_from(json_string_value(json_object_get(json, "model"))),
                                  &ret->model) &&
               text_copy(text_from(address), ret->address, sizeof(ret->address)) &&
               read_feedback(json_object_get(json, "feedback"), ret);
}

static int read_bindings(const json_t *json, struct reader_binding *ret, size_t *ret_count)
{
        const json_t *value;
        size_t i;

        if (!json_is_array(json))
                return READERS_MALFORMED;
        *ret_count = 0;
        json_array_foreach(json, i, value)
        {
                if (*ret_count < READERS_MAX && read_binding(value, &ret[*ret_count]))
                        (*ret_count)++;
        }
        return 0;
}

int readers_load(struct readers *readers, const json_t *member)
{
        int r;

        pthread_mutex_lock(&readers->lock);
        r = read_bindings(member, readers->bindings, &readers->count);
        if (r == 0)
                readers->is_loaded = true;
        pthread_cond_broadcast(&readers->loaded);
        pthread_mutex_unlock(&readers->lock);
        return r;
}

/* Under the lock. */
static bool wait_loaded(struct readers *readers, int64_t wait_ms)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += wait_ms / 1000 + 1;
        while (!readers->is_loaded)
                if (pthread_cond_timedwait(&readers->loaded, &readers->lock, &until) == ETIMEDOUT)
                        return readers->is_loaded;
        return true;
}

/* The one with the address goes before the one for any. */
static const struct reader_binding *find(const struct readers *readers, enum reader_model model,
                                         const char *address)
{
        const struct reader_binding *found = NULL;

        for (size_t i = 0; i < readers->count; i++) {
                const struct reader_binding *binding = &readers->bindings[i];

                if (binding->model != model)
                        continue;
                if (strcmp(binding->address, address) == 0)
                        return binding;
                if (!binding->address[0] && !found)
                        found = binding;
        }
        return found;
}

int readers_find(struct readers *readers, enum reader_model model, const char *address, int64_t wait_ms,
                 struct reader_binding *ret)
{
        const struct reader_binding *found = NULL;
        bool loaded;

        pthread_mutex_lock(&readers->lock);
        loaded = wait_loaded(readers, wait_ms);
        found = loaded ? find(readers, model, address) : NULL;
        if (found)
                *ret = *found;
        pthread_mutex_unlock(&readers->lock);
        return found ? 0 : loaded ? READERS_UNKNOWN : READERS_NOT_YET;
}

bool readers_is_repeated(struct readers *readers, enum reader_model model, const char *address,
                         const char *number, int64_t repeat_ms)
{
        uint8_t appliance[HASH_OCTETS], card[HASH_OCTETS];
        int64_t now_ms = clock_monotonic_ms();
        struct seen *oldest = &readers->seen[0], *found = NULL;
        bool repeated;

        hash_hmac(readers->key.octets, SECRET_OCTETS, text_from(number), card);
        hash_hmac(readers->key.octets, SECRET_OCTETS, text_from(address), appliance);
        appliance[0] = (uint8_t)model;
        pthread_mutex_lock(&readers->lock);
        for (size_t i = 0; i < SEEN_MAX && !found; i++) {
                if (memcmp(readers->seen[i].appliance, appliance, sizeof(appliance)) == 0)
                        found = &readers->seen[i];
                if (readers->seen[i].at_ms < oldest->at_ms)
                        oldest = &readers->seen[i];
        }
        repeated = found && now_ms - found->at_ms < repeat_ms && memcmp(found->card, card, sizeof(card)) == 0;
        if (!found)
                found = oldest;
        memcpy(found->appliance, appliance, sizeof(appliance));
        memcpy(found->card, card, sizeof(card));
        found->at_ms = now_ms;
        pthread_mutex_unlock(&readers->lock);
        return repeated;
}
