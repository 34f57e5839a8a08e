// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "relay/queues.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct door_plan *plan = calloc(1, sizeof(*plan));
        json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        size_t tail;

        assert(plan);
        if (json && door_plan_parse(json, plan) == 0) {
                assert(plan->port > 0 && plan->queue_count <= DOOR_QUEUES);
                for (size_t i = 0; i < plan->queue_count; i++)
                        assert(strncmp(plan->queues[i].path, "/ipp/print/", 11) == 0);
                assert(!door_plan_find(plan, NULL, 0, &tail) == !plan->queue_count);
        }
        json_decref(json);
        free(plan);
        return 0;
}
