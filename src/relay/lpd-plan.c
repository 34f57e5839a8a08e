// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/lpd-plan.h"

#include <stdio.h>

static bool read_flag(const json_t *object, const char *name, bool *ret)
{
        const json_t *value = json_object_get(object, name);

        *ret = json_is_true(value);
        return json_is_boolean(value);
}

static struct text text_of(const json_t *string)
{
        return (struct text){ json_string_value(string), json_string_length(string) };
}

static bool read_networks(const json_t *array, struct lpd_plan *plan)
{
        struct network network;
        size_t len = 0;

        if (!json_is_array(array) || json_array_size(array) > LPD_PLAN_NETWORKS)
                return false;
        for (size_t i = 0; i < json_array_size(array); i++) {
                const json_t *value = json_array_get(array, i);

                if (!json_is_string(value) || json_string_length(value) >= NETWORK_STRING ||
                    !network_parse(text_of(value), &network))
                        return false;
                len += (size_t)snprintf(plan->networks + len, sizeof(plan->networks) - len, "%s%s",
                                        i ? " " : "", json_string_value(value));
        }
        return true;
}

static bool read_queues(const json_t *array, struct lpd_plan *plan)
{
        if (!json_is_array(array) || json_array_size(array) > LPD_PLAN_QUEUES)
                return false;
        for (size_t i = 0; i < json_array_size(array); i++) {
                const json_t *value = json_array_get(array, i);

                if (!json_is_string(value) ||
                    !text_copy(text_of(value), plan->queues[i], sizeof(plan->queues[i])))
                        return false;
        }
        plan->queue_count = json_array_size(array);
        return true;
}

int lpd_plan_parse(const json_t *member, struct lpd_plan *ret)
{
        const json_t *port = json_object_get(member, "port");
        struct lpd_plan plan = { 0 };

        if (!read_flag(member, "enabled", &plan.enabled) ||
            !read_flag(member, "reserved_ports", &plan.reserved_ports) ||
            !read_networks(json_object_get(member, "networks"), &plan) ||
            !read_queues(json_object_get(member, "queues"), &plan))
                return LPD_PLAN_MALFORMED;
        if (!json_is_integer(port) || json_integer_value(port) < 1 || json_integer_value(port) > UINT16_MAX)
                return LPD_PLAN_MALFORMED;
        plan.port = (uint16_t)json_integer_value(port);
        *ret = plan;
        return 0;
}

bool lpd_plan_has(const struct lpd_plan *plan, struct text queue)
{
        for (size_t i = 0; i < plan->queue_count; i++)
                if (text_equal_string(queue, plan->queues[i]))
                        return true;
        return false;
}
