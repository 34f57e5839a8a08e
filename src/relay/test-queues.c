// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What the configuration says of the IPP door, and which path leads to which queue. */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "relay/queues.h"

#define QUEUE(name, kind)                                                                         \
        "{\"id\":\"01a1fed7-5917-73ef-954d-9a7cf086310a\",\"name\":\"" name "\",\"kind\":\"" kind \
        "\",\"path\":\"/ipp/print/demo/" name "\",\"instance\":\"I\",\"universal\":true,\"txt\":[\"a=b\"]}"
#define DOOR(queues)                                                                                       \
        "{\"enabled\":true,\"port\":631,\"plain\":false,\"dns_sd\":true,\"host\":null,\"queues\":[" queues \
        "]}"

static struct door_plan plan;

static int parse(const char *string)
{
        json_t *json = json_loads(string, 0, NULL);
        int r;

        assert(json);
        r = door_plan_parse(json, &plan);
        json_decref(json);
        return r;
}

static void test_parse(void)
{
        static const struct {
                const char *string;
                int outcome;
        } rows[] = {
                { DOOR(""), 0 },
                { DOOR(QUEUE("pull", "pull")), 0 },
                { "[]", DOOR_PLAN_MALFORMED },
                { "{}", DOOR_PLAN_MALFORMED },
                { "{\"enabled\":true,\"port\":0,\"plain\":false,\"dns_sd\":true,\"host\":null,\"queues\":[]}",
                  DOOR_PLAN_MALFORMED },
                { "{\"enabled\":1,\"port\":631,\"plain\":false,\"dns_sd\":true,\"host\":null,\"queues\":[]}",
                  DOOR_PLAN_MALFORMED },
                { DOOR("{\"id\":\"x\"}"), DOOR_PLAN_MALFORMED },
                { DOOR("7"), DOOR_PLAN_MALFORMED },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                assert(parse(rows[i].string) == rows[i].outcome);
}

static const char *find(const char *path, size_t *ret_tail)
{
        struct text segments[8], rest = text_from(path);
        const struct door_queue *queue;
        size_t count = 0;

        while (rest.len && count < ARRAY_LENGTH(segments))
                text_cut(rest, '/', &segments[count++], &rest);
        queue = door_plan_find(&plan, segments, count, ret_tail);
        return queue ? queue->name : "";
}

static void test_find(void)
{
        static const struct {
                const char *path, *queue;
                size_t tail;
        } rows[] = {
                { "", "pull", 0 },
                { "lobby", "lobby", 1 },
                { "demo/lobby", "lobby", 2 },
                { "demo/lobby/17", "lobby", 2 },
                { "demo/lobby/adr_x/17", "lobby", 2 },
                { "other/lobby", "", 2 },
                { "demo", "", 1 },
                { "demo/lobb", "", 2 },
                { "demo/lobby2", "", 2 },
        };

        assert(parse(DOOR(QUEUE("pull", "pull") "," QUEUE("lobby", "direct"))) == 0);
        assert(plan.queues[0].pull && !plan.queues[1].pull && plan.queues[0].string_count == 1);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                size_t tail = 99;

                if (strcmp(find(rows[i].path, &tail), rows[i].queue) != 0 || tail != rows[i].tail) {
                        fprintf(stderr, "%s\n", rows[i].path);
                        abort();
                }
        }
}

int main(void)
{
        test_parse();
        test_find();
        return 0;
}
