// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/credentials.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"
#include "crypt/random.h"
#include "discovery/order.h"

struct credentials {
        pthread_mutex_t lock;
        struct credentials_copy now;
        struct secret key; /* of the mark by which the same ones are known again */
        uint8_t mark[HASH_OCTETS];
        bool has_any;
};

int credentials_new(struct credentials **ret)
{
        struct credentials *credentials = calloc(1, sizeof(*credentials));

        if (!credentials)
                return fault(-ENOMEM);
        pthread_mutex_init(&credentials->lock, NULL);
        random_secret(&credentials->key);
        *ret = credentials;
        return 0;
}

static void wipe_words(json_t *json)
{
        const char *name;
        json_t *value;
        size_t i;

        if (json_is_string(json))
                explicit_bzero((void *)json_string_value(json), json_string_length(json));
        json_array_foreach(json, i, value) wipe_words(value);
        json_object_foreach(json, name, value) wipe_words(value);
}

static void mark_of(const struct credentials *credentials, const json_t *list, uint8_t ret[HASH_OCTETS])
{
        char *words = json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS);

        hash_hmac(credentials->key.octets, SECRET_OCTETS, text_from(words), ret);
        if (words)
                explicit_bzero(words, strlen(words));
        free(words);
}

static void replace(struct credentials *credentials, const json_t *list, const uint8_t mark[HASH_OCTETS])
{
        struct credentials_copy made = { .count = 0 };
        size_t unusable = 0;
        char count[24];
        int r = credentials_parse(list, made.all, &made.count, &unusable);

        if (r < 0)
                log_fault("credentials-not-taken", r);
        else if (r)
                log_write(LOG_ERROR, "credentials-malformed", NULL);
        snprintf(count, sizeof(count), "%zu", unusable);
        if (unusable)
                log_write(LOG_WARNING, "snmp-credentials-unusable", "count", count, NULL);
        if (r == 0) {
                pthread_mutex_lock(&credentials->lock);
                credentials->now = made;
                memcpy(credentials->mark, mark, HASH_OCTETS);
                credentials->has_any = true;
                pthread_mutex_unlock(&credentials->lock);
        }
        credentials_wipe(&made);
}

void credentials_take(struct credentials *credentials, json_t *answer)
{
        json_t *list = json_object_get(answer, "credentials");
        uint8_t mark[HASH_OCTETS];
        bool is_known;

        if (!json_is_array(list))
                return;
        mark_of(credentials, list, mark);
        pthread_mutex_lock(&credentials->lock);
        is_known = credentials->has_any && memcmp(credentials->mark, mark, HASH_OCTETS) == 0;
        pthread_mutex_unlock(&credentials->lock);
        if (!is_known)
                replace(credentials, list, mark);
        wipe_words(list);
}

void credentials_get(struct credentials *credentials, struct credentials_copy *ret)
{
        pthread_mutex_lock(&credentials->lock);
        *ret = credentials->now;
        pthread_mutex_unlock(&credentials->lock);
}

void credentials_wipe(struct credentials_copy *copy)
{
        explicit_bzero(copy, sizeof(*copy));
}
