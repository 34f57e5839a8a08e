// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/queues.h"

#include <errno.h>
#include <stdlib.h>

#include "base/outcome.h"
#include "base/scope.h"

/* False where the member is no string that fits. */
static bool read_string(const json_t *object, const char *name, char *to, size_t size)
{
        const json_t *value = json_object_get(object, name);

        return json_is_string(value) &&
               text_copy((struct text){ json_string_value(value), json_string_length(value) }, to, size);
}

static bool read_flag(const json_t *object, const char *name, bool *ret)
{
        const json_t *value = json_object_get(object, name);

        *ret = json_is_true(value);
        return json_is_boolean(value);
}

static bool read_strings(const json_t *array, struct door_queue *ret)
{
        if (!json_is_array(array) || json_array_size(array) > DOOR_STRINGS)
                return false;
        for (size_t i = 0; i < json_array_size(array); i++) {
                const json_t *value = json_array_get(array, i);

                if (!json_is_string(value) ||
                    !text_copy((struct text){ json_string_value(value), json_string_length(value) },
                               ret->strings[i], DOOR_STRING))
                        return false;
        }
        ret->string_count = json_array_size(array);
        return true;
}

static bool read_queue(const json_t *object, struct door_queue *ret)
{
        char id[ID_STRING], kind[16];

        if (!read_string(object, "id", id, sizeof(id)) || !id_parse(text_from(id), &ret->id) ||
            !read_string(object, "kind", kind, sizeof(kind)) ||
            !read_string(object, "name", ret->name, sizeof(ret->name)) ||
            !read_string(object, "path", ret->path, sizeof(ret->path)) ||
            !read_string(object, "instance", ret->instance, sizeof(ret->instance)) ||
            !read_flag(object, "universal", &ret->universal))
                return false;
        ret->pull = text_equal_string(text_from(kind), "pull");
        return text_starts_with(text_from(ret->path), "/ipp/print/") &&
               read_strings(json_object_get(object, "txt"), ret);
}

static bool read_plan(const json_t *member, struct door_plan *ret)
{
        const json_t *port = json_object_get(member, "port"), *host = json_object_get(member, "host");
        const json_t *queues = json_object_get(member, "queues");

        if (!json_is_object(member) || !read_flag(member, "enabled", &ret->enabled) ||
            !read_flag(member, "plain", &ret->plain) || !read_flag(member, "dns_sd", &ret->dns_sd))
                return false;
        if (!json_is_integer(port) || json_integer_value(port) < 1 || json_integer_value(port) > UINT16_MAX)
                return false;
        ret->port = (uint16_t)json_integer_value(port);
        if (!json_is_null(host) && !read_string(member, "host", ret->host, sizeof(ret->host)))
                return false;
        if (!json_is_array(queues) || json_array_size(queues) > DOOR_QUEUES)
                return false;
        for (size_t i = 0; i < json_array_size(queues); i++)
                if (!read_queue(json_array_get(queues, i), &ret->queues[i]))
                        return false;
        ret->queue_count = json_array_size(queues);
        return true;
}

int door_plan_parse(const json_t *member, struct door_plan *ret)
{
        SCOPED(freep) struct door_plan *plan = calloc(1, sizeof(*plan));

        if (!plan)
                return fault(-ENOMEM);
        if (!read_plan(member, plan))
                return DOOR_PLAN_MALFORMED;
        *ret = *plan;
        return 0;
}

/* Whether the path is "/ipp/print/" tenant "/" name. */
static bool is_path(const struct door_queue *queue, struct text tenant, struct text name)
{
        struct text path = text_from(queue->path), first, second;

        path = (struct text){ path.at + 11, path.len - 11 };
        (void)text_cut(path, '/', &first, &second);
        return text_equal(first, tenant) && text_equal(second, name);
}

const struct door_queue *door_plan_find(const struct door_plan *plan, const struct text *segments,
                                        size_t count, size_t *ret_tail)
{
        *ret_tail = count < 2 ? count : 2;
        for (size_t i = 0; i < plan->queue_count; i++) {
                const struct door_queue *queue = &plan->queues[i];

                if (count == 0 || (count == 1 && text_equal_string(segments[0], queue->name)) ||
                    (count >= 2 && is_path(queue, segments[0], segments[1])))
                        return queue;
        }
        return NULL;
}
