// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/order.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        const char *name, *json;
        int outcome;
} orders[] = {
        { "nothing", "null", 0 },
        { "empty", "{}", 0 },
        { "all of it",
          "{\"ranges\":[\"10.7.0.0/16\"],\"excludes\":[\"10.7.1.0/24\"],\"hours\":{\"from\":\"19:00\",\"to\":\"06:00\"},"
          "\"packets_per_second\":500,\"window\":4096,\"timeout_ms\":500,\"retries\":2,\"ways\":[\"snmp\"],"
          "\"snmp_port\":1161,\"ipp_port\":8631,\"schedule\":{\"discovery\":\"weekly\",\"weekday\":2,\"at\":\"01:00\","
          "\"meters\":\"daily\",\"meters_at\":\"04:00\",\"supplies_minutes\":15}}",
          0 },
        { "a range that is none", "{\"ranges\":[\"10.7.0.0\",\"here\"]}", ORDER_MALFORMED },
        { "a number as a range", "{\"ranges\":[7]}", ORDER_MALFORMED },
        { "ranges that are no list", "{\"ranges\":\"10.7.0.0/16\"}", ORDER_MALFORMED },
        { "too fast", "{\"packets_per_second\":10001}", ORDER_MALFORMED },
        { "not at all", "{\"packets_per_second\":0}", ORDER_MALFORMED },
        { "words for a number", "{\"window\":\"many\"}", ORDER_MALFORMED },
        { "an unknown way", "{\"ways\":[\"telnet\"]}", ORDER_MALFORMED },
        { "every minute", "{\"schedule\":{\"supplies_minutes\":1}}", ORDER_MALFORMED },
        { "meters weekly", "{\"schedule\":{\"meters\":\"weekly\"}}", ORDER_MALFORMED },
        { "an hour that is none", "{\"hours\":{\"from\":\"25:00\",\"to\":\"06:00\"}}", ORDER_MALFORMED },
        { "half of the hours", "{\"hours\":{\"from\":\"05:00\"}}", ORDER_MALFORMED },
        { "a list", "[]", ORDER_MALFORMED },
};

static const struct {
        const char *name, *json;
        int outcome;
        size_t credentials, unusable, targets;
} secrets[] = {
        { "nothing", "{}", 0, 0, 0, 0 },
        { "both",
          "{\"credentials\":[{\"version\":\"2c\",\"community\":\"public\"},{\"version\":\"1\",\"community\":\"x\"}]}",
          0, 2, 0, 0 },
        { "a user",
          "{\"credentials\":[{\"version\":\"3\",\"user\":\"ada\",\"auth\":{\"protocol\":\"sha-256\",\"passphrase\":\"12345678\"},"
          "\"privacy\":{\"protocol\":\"aes-256\",\"passphrase\":\"12345678\"}}]}",
          0, 1, 0, 0 },
        { "DES",
          "{\"credentials\":[{\"version\":\"3\",\"user\":\"ada\",\"auth\":{\"protocol\":\"md5\",\"passphrase\":\"12345678\"},"
          "\"privacy\":{\"protocol\":\"des\",\"passphrase\":\"12345678\"}}]}",
          0, 0, 1, 0 },
        { "DES, forced",
          "{\"credentials\":[{\"version\":\"3\",\"user\":\"ada\",\"auth\":{\"protocol\":\"md5\",\"passphrase\":"
          "\"12345678\"},\"privacy\":{\"forced\":true,\"protocol\":\"des\",\"passphrase\":\"12345678\"}}]}",
          0, 1, 0, 0 },
        { "unusable", "{\"credentials\":[{\"version\":\"4\"},{\"version\":\"2c\"},{\"version\":\"3\"},7]}", 0,
          0, 4, 0 },
        { "printers",
          "{\"printers\":[{\"printer\":\"01890000-0000-7000-8000-000000000001\",\"address\":\"10.7.0.1\",\"counters\":true},"
          "{\"printer\":\"01890000-0000-7000-8000-000000000001\",\"address\":\"printer.example\"},{}]}",
          0, 0, 0, 1 },
        { "a run of nothing",
          "{\"run\":{\"run\":\"01890000-0000-7000-8000-000000000001\",\"purpose\":\"tea\"}}", ORDER_MALFORMED,
          0, 0, 0 },
        { "a run", "{\"run\":{\"run\":\"01890000-0000-7000-8000-000000000001\",\"purpose\":\"status\"}}", 0,
          0, 0, 0 },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(orders); i++) {
                json_t *json = json_loads(orders[i].json, JSON_DECODE_ANY, NULL);
                struct order order;

                printf("%s\n", orders[i].name);
                assert(json && look_order_parse(json, &order) == orders[i].outcome);
                assert(orders[i].outcome || order.window <= ORDER_WINDOW_MAX);
                json_decref(json);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(secrets); i++) {
                SCOPED(secrets_freep) struct secrets *made = NULL;
                json_t *json = json_loads(secrets[i].json, 0, NULL);
                size_t unusable;

                printf("%s\n", secrets[i].name);
                assert(json && secrets_parse(json, &made, &unusable) == secrets[i].outcome);
                assert(unusable == secrets[i].unusable);
                assert(!made || (made->credential_count == secrets[i].credentials &&
                                 made->target_count == secrets[i].targets));
                json_decref(json);
        }
        return 0;
}
