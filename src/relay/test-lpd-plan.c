// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What the configuration says of the LPD door. */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "relay/lpd-plan.h"

#define DOOR(port, networks, queues)                                                           \
        "{\"enabled\":true,\"port\":" port ",\"reserved_ports\":false,\"networks\":[" networks \
        "],\"queues\":[" queues "]}"

static struct lpd_plan plan;

static int parse(const char *string)
{
        json_t *json = json_loads(string, 0, NULL);
        int r;

        assert(json);
        r = lpd_plan_parse(json, &plan);
        json_decref(json);
        return r;
}

int main(void)
{
        static const struct {
                const char *string;
                int outcome;
        } rows[] = {
                { DOOR("515", "", ""), 0 },
                { DOOR("515", "\"10.0.0.0/8\",\"::1\"", "\"pull\",\"lobby\""), 0 },
                { "[]", LPD_PLAN_MALFORMED },
                { "{}", LPD_PLAN_MALFORMED },
                { DOOR("0", "", ""), LPD_PLAN_MALFORMED },
                { DOOR("65536", "", ""), LPD_PLAN_MALFORMED },
                { DOOR("515", "7", ""), LPD_PLAN_MALFORMED },
                { DOOR("515", "\"10.0.0.1/8\"", ""), LPD_PLAN_MALFORMED },
                { DOOR("515", "\"10.0.0.0/8 ::1\"", ""), LPD_PLAN_MALFORMED },
                { DOOR("515", "", "7"), LPD_PLAN_MALFORMED },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                if (parse(rows[i].string) != rows[i].outcome) {
                        fprintf(stderr, "%s\n", rows[i].string);
                        abort();
                }
        assert(parse(rows[1].string) == 0);
        assert(strcmp(plan.networks, "10.0.0.0/8 ::1") == 0);
        assert(lpd_plan_has(&plan, text_from("pull")) && lpd_plan_has(&plan, text_from("lobby")));
        assert(!lpd_plan_has(&plan, text_from("pul")) && !lpd_plan_has(&plan, text_from("")));
        return 0;
}
