// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/names.h"

#include <string.h>

#include "base/id.h"
#include "base/scope.h"

#define LOOKUPS_MAX 500 /* for one table */

/* From the cache, or else the service; NULL: none. Borrowed from the cache. */
static const char *name_of(struct session *session, json_t *cache, const char *list, const char *id)
{
        SCOPED(json_decrefp) json_t *found = NULL;
        const json_t *name = json_object_get(cache, id);
        char path[160], pattern[64];

        if (!name && json_object_size(cache) < LOOKUPS_MAX) {
                snprintf(pattern, sizeof(pattern), "%s/%%", list);
                if (path_make(path, sizeof(path), pattern, id, ""))
                        session_look(session, path, &found);
                name = json_object_get(found, "name");
                json_object_set_new(cache, id,
                                    json_is_string(name) ? json_incref((json_t *)name) : json_null());
                name = json_object_get(cache, id);
        }
        return json_string_value(name);
}

static void put_in(struct session *session, const struct column *column, json_t *cache, json_t *item)
{
        const char *id = json_string_value(json_object_get(item, column->path));
        struct id parsed;
        const char *name;

        if (!id || !id_parse(text_from(id), &parsed))
                return;
        name = name_of(session, cache, column->list, id);
        if (name)
                json_object_set_new(item, column->path, json_string(name));
}

void names_put(struct session *session, const struct column *columns, json_t *shown)
{
        SCOPED(json_decrefp) json_t *cache = json_object();

        for (const struct column *column = columns; column->title; column++) {
                json_t *item;
                size_t i;

                if (!column->list)
                        continue;
                if (json_is_object(shown))
                        put_in(session, column, cache, shown);
                json_array_foreach(shown, i, item) put_in(session, column, cache, item);
        }
}
