// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/order.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever an agent is told of where and how to look, it looks within its bounds. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        struct secrets *secrets = NULL;
        static struct order order;
        size_t unusable = 0;

        look_order_init(&order);
        if (look_order_parse(value, &order) == 0) {
                assert(order.window <= ORDER_WINDOW_MAX && order.timeout_ms > 0);
                assert(order.packets_per_second > 0 && order.retries < 100);
        }
        if (secrets_parse(value, &secrets, &unusable) == 0) {
                assert(secrets->credential_count <= SNMP_CREDENTIALS_MAX &&
                       secrets->target_count <= ORDER_TARGETS);
                secrets_free(secrets);
        }
        json_decref(value);
        return 0;
}
