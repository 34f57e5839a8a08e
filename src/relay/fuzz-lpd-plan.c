// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "relay/lpd-plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        struct lpd_plan plan;

        if (json && lpd_plan_parse(json, &plan) == 0) {
                assert(plan.port > 0 && plan.queue_count <= LPD_PLAN_QUEUES);
                assert(network_list_is_valid(text_from(plan.networks), LPD_PLAN_NETWORKS));
                for (size_t i = 0; i < plan.queue_count; i++)
                        assert(lpd_plan_has(&plan, text_from(plan.queues[i])));
        }
        json_decref(json);
        return 0;
}
