// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/configuration.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"

#define KEPT_FILE "configuration.json"

/* As it was told last; the values are references of ours. */
struct told {
        struct configuration_part part;
        bool was_told;
        bool is_on;
        json_t *value, *secret;
};

struct configuration {
        int directory;
        pthread_mutex_t lock; /* of the two below, and never held while a part is told */
        json_t *known;        /* with its secrets; NULL: none */
        size_t count;
        pthread_mutex_t telling;
        struct told told[CONFIGURATION_PARTS_MAX];
};

static void free_json(json_t **json)
{
        json_decref(*json);
}

static json_t *parse(struct text octets)
{
        json_t *json = json_loadb(octets.at, octets.len, JSON_REJECT_DUPLICATES, NULL);

        if (json_is_object(json) && json_is_string(json_object_get(json, "agent")))
                return json;
        json_decref(json);
        return NULL;
}

/* A file that is damaged is none: the service will tell. */
static int read_kept(int directory, json_t **ret)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(CONFIGURATION_OCTETS_MAX);
        int r = file_read_at(directory, KEPT_FILE, octets.max, &octets);

        if (r == FILE_NOT_FOUND)
                return 0;
        if (r < 0)
                return r;
        *ret = r == 0 ? parse(buffer_text(&octets)) : NULL;
        if (!*ret)
                log_write(LOG_WARNING, "configuration-kept-is-damaged", NULL);
        return 0;
}

int configuration_new(int directory, struct configuration **ret)
{
        struct configuration *configuration = calloc(1, sizeof(*configuration));
        int r;

        if (!configuration)
                return fault(-ENOMEM);
        configuration->directory = directory;
        pthread_mutex_init(&configuration->lock, NULL);
        pthread_mutex_init(&configuration->telling, NULL);
        r = read_kept(directory, &configuration->known);
        if (r) {
                configuration_free(configuration);
                return r;
        }
        *ret = configuration;
        return 0;
}

void configuration_free(struct configuration *configuration)
{
        if (!configuration)
                return;
        for (size_t i = 0; i < configuration->count; i++) {
                json_decref(configuration->told[i].value);
                json_decref(configuration->told[i].secret);
        }
        json_decref(configuration->known);
        pthread_mutex_destroy(&configuration->telling);
        pthread_mutex_destroy(&configuration->lock);
        free(configuration);
}

void configuration_add(struct configuration *configuration, const struct configuration_part *part)
{
        if (configuration->count < CONFIGURATION_PARTS_MAX)
                configuration->told[configuration->count++] = (struct told){ .part = *part };
        else
                log_write(LOG_ERROR, "configuration-part-too-many", "part", part->name, NULL);
}

static bool is_on(const json_t *known, const char *name)
{
        return !json_is_false(json_object_get(json_object_get(known, "features"), name));
}

static bool is_same(json_t *a, json_t *b)
{
        return a == b || (a && b && json_equal(a, b));
}

static json_t *member_of(const json_t *object, const char *name)
{
        json_t *value = json_object_get(object, name);

        return json_is_null(value) ? NULL : value;
}

/* Under telling. What was not understood is not remembered, and told again when something is fetched. */
static void tell(struct told *told, const json_t *known)
{
        const char *name = told->part.name;
        json_t *value = member_of(known, name);
        json_t *secret = member_of(json_object_get(known, "secrets"), name);
        struct configuration_member member = { is_on(known, name), value, secret };
        int r;

        if (told->was_told && told->is_on == member.is_on && is_same(told->value, value) &&
            is_same(told->secret, secret))
                return;
        if (told->was_told && told->is_on != member.is_on)
                log_write(LOG_NOTICE, member.is_on ? "feature-on" : "feature-off", "feature", name, NULL);
        r = told->part.apply(told->part.context, &member);
        if (r < 0)
                log_fault("configuration-not-applied", r);
        if (r)
                log_write(LOG_ERROR, "configuration-malformed", "part", name, NULL);
        json_decref(told->value);
        json_decref(told->secret);
        told->was_told = r == 0;
        told->is_on = member.is_on;
        told->value = json_incref(value);
        told->secret = json_incref(secret);
}

/* Under telling. */
static void tell_all(struct configuration *configuration)
{
        json_t *known;

        pthread_mutex_lock(&configuration->lock);
        known = json_incref(configuration->known);
        pthread_mutex_unlock(&configuration->lock);
        for (size_t i = 0; i < configuration->count; i++)
                tell(&configuration->told[i], known);
        json_decref(known);
}

void configuration_start(struct configuration *configuration)
{
        pthread_mutex_lock(&configuration->telling);
        tell_all(configuration);
        pthread_mutex_unlock(&configuration->telling);
}

/* Without what is for memory only. A disk that is full or broken costs the next start's knowledge, no more.
 */
static void keep(struct configuration *configuration, json_t *json)
{
        SCOPED(free_json) json_t *kept = json_copy(json);
        SCOPED(freep) char *octets = NULL;
        int r;

        if (kept) {
                json_object_del(kept, "secrets");
                octets = json_dumps(kept, JSON_COMPACT | JSON_SORT_KEYS);
        }
        r = octets ? file_replace_at(configuration->directory, KEPT_FILE, 0600, text_from(octets))
                   : fault(-ENOMEM);
        if (r < 0)
                log_fault("configuration-not-kept", r);
}

/* The kept file is written where it would be another. starts counts what is told of the journal, and is of no
 * use to a later start. */
static bool is_worth_keeping(const json_t *old, json_t *new)
{
        SCOPED(free_json) json_t *before = json_copy((json_t *)old);
        SCOPED(free_json) json_t *after = json_copy(new);
        static const char *const passing[] = { "secrets", "starts" };

        for (size_t i = 0; i < ARRAY_LENGTH(passing); i++) {
                json_object_del(before, passing[i]);
                json_object_del(after, passing[i]);
        }
        return !is_same(before, after);
}

int configuration_take(struct configuration *configuration, struct text octets)
{
        json_t *json = parse(octets), *old;
        const char *agent = json_string_value(json_object_get(json, "agent"));
        bool is_new;

        if (!json)
                return CONFIGURATION_MALFORMED;
        pthread_mutex_lock(&configuration->telling);
        pthread_mutex_lock(&configuration->lock);
        old = configuration->known;
        is_new = !old || is_worth_keeping(old, json);
        configuration->known = json;
        pthread_mutex_unlock(&configuration->lock);
        if (old && strcmp(agent, json_string_value(json_object_get(old, "agent"))) != 0)
                log_write(LOG_NOTICE, "configuration-of-another-agent-forgotten", NULL);
        /* Told first: what is taken away must go at once, and what the kept file says is so. */
        tell_all(configuration);
        if (is_new)
                keep(configuration, json);
        json_decref(old);
        pthread_mutex_unlock(&configuration->telling);
        return 0;
}

void configuration_forget(int directory)
{
        (void)file_remove(directory, KEPT_FILE);
        directory_sync(directory);
}

bool configuration_is_known(struct configuration *configuration)
{
        bool known;

        pthread_mutex_lock(&configuration->lock);
        known = configuration->known;
        pthread_mutex_unlock(&configuration->lock);
        return known;
}

bool configuration_has_on(struct configuration *configuration, const char *feature)
{
        bool on;

        pthread_mutex_lock(&configuration->lock);
        on = is_on(configuration->known, feature);
        pthread_mutex_unlock(&configuration->lock);
        return on;
}

json_t *configuration_names(struct configuration *configuration, const char *member, const char *list,
                            const char *name)
{
        json_t *names = json_array(), *array, *item;
        size_t i;

        pthread_mutex_lock(&configuration->lock);
        array = json_object_get(json_object_get(configuration->known, member), list);
        json_array_foreach(array, i, item)
        {
                if (json_is_string(json_object_get(item, name)))
                        json_array_append(names, json_object_get(item, name));
        }
        pthread_mutex_unlock(&configuration->lock);
        return names;
}

void configuration_features(struct configuration *configuration, char *to, size_t size)
{
        size_t len = 0;

        to[0] = 0;
        pthread_mutex_lock(&configuration->lock);
        for (size_t i = 0; i < configuration->count && len < size; i++)
                if (is_on(configuration->known, configuration->told[i].part.name))
                        len += (size_t)snprintf(to + len, size - len, "%s%s", len ? " " : "",
                                                configuration->told[i].part.name);
        pthread_mutex_unlock(&configuration->lock);
}
