// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/readers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "crypt/hash.h"
#include "crypt/random.h"

#define SEEN_MAX 1024 /* appliances */

/* Only a keyed hash is kept of a card, under a key that is never written. */
struct seen {
        uint8_t appliance[HASH_OCTETS];
        uint8_t card[HASH_OCTETS];
        int64_t at_ms;    /* of that card */
        int64_t heard_ms; /* of anything */
        int64_t second;   /* in which frames are counted */
        uint32_t frames;  /* in it */
};

struct readers {
        pthread_mutex_t lock;
        pthread_cond_t loaded;
        bool is_loaded;
        struct reader_model_switch models[READER_MODELS];
        struct reader_binding bindings[READERS_MAX];
        size_t count;
        struct secret key;
        struct seen seen[SEEN_MAX];
};

static void default_models(struct reader_model_switch models[READER_MODELS])
{
        for (int model = 0; model < READER_MODELS; model++)
                models[model] = (struct reader_model_switch){ .is_on = model != READER_LINE };
}

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
        default_models(readers->models);
        *ret = readers;
        return 0;
}

/* A dialect by its name; otherwise as the model's devices understand it. */
static bool read_feedback(const json_t *value, struct reader_binding *binding)
{
        if (json_is_string(value))
                return reader_feedback_parse(text_from(json_string_value(value)), &binding->feedback);
        binding->feedback = reader_model_feedback(binding->model, binding->dial_port != 0);
        return true;
}

static bool read_dial(const json_t *value, struct reader_binding *binding)
{
        json_int_t port = json_integer_value(value);

        if (port < 0 || port > UINT16_MAX)
                return false;
        binding->dial_port = (uint16_t)port;
        return port == 0 || binding->address[0];
}

static bool read_binding(const json_t *json, struct reader_binding *ret)
{
        const char *address = json_string_value(json_object_get(json, "address"));
        const char *profile = json_string_value(json_object_get(json, "profile"));
        const char *selection = json_string_value(json_object_get(json, "selection"));

        *ret = (struct reader_binding){ .model = READER_TCPCONV,
                                        .newest_only = selection && strcmp(selection, "newest") == 0,
                                        .opens_panel = selection && strcmp(selection, "panel") == 0,
                                        .wants_pin = json_is_true(json_object_get(json, "pin")) };
        (void)id_parse(text_from(json_string_value(json_object_get(json, "printer"))), &ret->printer);
        return id_parse(text_from(json_string_value(json_object_get(json, "id"))), &ret->id) &&
               reader_model_parse(text_from(json_string_value(json_object_get(json, "model"))),
                                  &ret->model) &&
               text_copy(text_from(address), ret->address, sizeof(ret->address)) &&
               read_dial(json_object_get(json, "dial"), ret) &&
               read_feedback(json_object_get(json, "feedback"), ret) &&
               profile_parse(text_from(profile), &ret->profile) == 0;
}

static void read_bindings(struct readers *readers, const json_t *json)
{
        const json_t *value;
        size_t i;

        readers->count = 0;
        json_array_foreach(json, i, value)
        {
                if (readers->count < READERS_MAX && read_binding(value, &readers->bindings[readers->count]))
                        readers->count++;
                else
                        log_write(LOG_WARNING, "reader-not-understood", NULL);
        }
}

static void read_models(struct readers *readers, const json_t *json)
{
        const json_t *value;
        size_t i;

        default_models(readers->models);
        json_array_foreach(json, i, value)
        {
                json_int_t port = json_integer_value(json_object_get(value, "port"));
                enum reader_model model;

                if (!reader_model_parse(text_from(json_string_value(json_object_get(value, "model"))),
                                        &model))
                        continue;
                readers->models[model].is_on = json_is_true(json_object_get(value, "enabled"));
                readers->models[model].port = port > 0 && port <= UINT16_MAX ? (uint16_t)port : 0;
        }
}

int readers_load(struct readers *readers, const json_t *member)
{
        const json_t *bindings = json_object_get(member, "readers"),
                     *models = json_object_get(member, "models");

        if (!json_is_array(bindings) || !json_is_array(models))
                return READERS_MALFORMED;
        pthread_mutex_lock(&readers->lock);
        read_bindings(readers, bindings);
        read_models(readers, models);
        readers->is_loaded = true;
        pthread_cond_broadcast(&readers->loaded);
        pthread_mutex_unlock(&readers->lock);
        return 0;
}

/* Under the lock. */
static bool wait_loaded(struct readers *readers, int64_t wait_ms)
{
        struct timespec until;

        if (readers->is_loaded || wait_ms == 0)
                return readers->is_loaded;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += wait_ms / 1000 + 1;
        while (!readers->is_loaded)
                if (pthread_cond_timedwait(&readers->loaded, &readers->lock, &until) == ETIMEDOUT)
                        return readers->is_loaded;
        return true;
}

/* The one with the address goes before the one for any. */
static const struct reader_binding *find(const struct readers *readers, const struct reader_peer *peer)
{
        bool is_dialled = !id_is_zero(peer->dialled);
        const struct reader_binding *found = NULL;

        for (size_t i = 0; i < readers->count; i++) {
                const struct reader_binding *binding = &readers->bindings[i];

                if (is_dialled && id_equal(binding->id, peer->dialled) && binding->dial_port)
                        return binding;
                if (is_dialled || binding->dial_port || binding->model != peer->model)
                        continue;
                if (strcmp(binding->address, peer->address) == 0)
                        return binding;
                if (!binding->address[0] && !found)
                        found = binding;
        }
        return found;
}

int readers_find(struct readers *readers, const struct reader_peer *peer, int64_t wait_ms,
                 struct reader_binding *ret)
{
        const struct reader_binding *found = NULL;
        bool loaded;

        pthread_mutex_lock(&readers->lock);
        loaded = wait_loaded(readers, wait_ms);
        found = loaded ? find(readers, peer) : NULL;
        if (found)
                *ret = *found;
        pthread_mutex_unlock(&readers->lock);
        return found ? 0 : loaded ? READERS_UNKNOWN : READERS_NOT_YET;
}

void readers_models(struct readers *readers, struct reader_model_switch ret[READER_MODELS])
{
        pthread_mutex_lock(&readers->lock);
        memcpy(ret, readers->models, sizeof(readers->models));
        pthread_mutex_unlock(&readers->lock);
}

size_t readers_dialled(struct readers *readers, struct reader_binding ret[READERS_MAX])
{
        size_t count = 0;

        pthread_mutex_lock(&readers->lock);
        for (size_t i = 0; i < readers->count; i++)
                if (readers->bindings[i].dial_port)
                        ret[count++] = readers->bindings[i];
        pthread_mutex_unlock(&readers->lock);
        return count;
}

/* Under the lock: what is known of the appliance, or the place of the one that was silent the longest. */
static struct seen *seen_of(struct readers *readers, const struct reader_peer *peer)
{
        struct seen *oldest = &readers->seen[0];
        uint8_t appliance[HASH_OCTETS];
        char name[READER_ADDRESS + ID_STRING];
        size_t len = strlen(peer->address);

        memcpy(name, peer->address, len);
        id_format(peer->dialled, name + len);
        hash_hmac(readers->key.octets, SECRET_OCTETS, text_from(name), appliance);
        appliance[0] = (uint8_t)peer->model;
        for (size_t i = 0; i < SEEN_MAX; i++) {
                if (memcmp(readers->seen[i].appliance, appliance, sizeof(appliance)) == 0)
                        return &readers->seen[i];
                if (readers->seen[i].heard_ms < oldest->heard_ms)
                        oldest = &readers->seen[i];
        }
        *oldest = (struct seen){ .at_ms = INT64_MIN / 2 };
        memcpy(oldest->appliance, appliance, sizeof(appliance));
        return oldest;
}

bool readers_is_repeated(struct readers *readers, const struct reader_peer *peer, const char *number,
                         int64_t repeat_ms)
{
        int64_t now_ms = clock_monotonic_ms();
        uint8_t card[HASH_OCTETS];
        struct seen *seen;
        bool repeated;

        hash_hmac(readers->key.octets, SECRET_OCTETS, text_from(number), card);
        pthread_mutex_lock(&readers->lock);
        seen = seen_of(readers, peer);
        repeated = now_ms - seen->at_ms < repeat_ms && memcmp(seen->card, card, sizeof(card)) == 0;
        memcpy(seen->card, card, sizeof(card));
        seen->at_ms = seen->heard_ms = now_ms;
        pthread_mutex_unlock(&readers->lock);
        return repeated;
}

bool readers_may_send(struct readers *readers, const struct reader_peer *peer, uint32_t most)
{
        int64_t now_ms = clock_monotonic_ms();
        struct seen *seen;
        bool may;

        pthread_mutex_lock(&readers->lock);
        seen = seen_of(readers, peer);
        if (seen->second != now_ms / 1000)
                seen->frames = 0;
        seen->second = now_ms / 1000;
        seen->heard_ms = now_ms;
        may = ++seen->frames <= most;
        pthread_mutex_unlock(&readers->lock);
        return may;
}
