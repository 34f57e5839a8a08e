// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The state of a tenant's keys, and their rotation. No key ever comes this way. */

#include "core/tenant/tenant-keys.h"

#include <errno.h>
#include <stdlib.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"

#define DAY_MS 86400000LL

static json_t *versions_json(const struct key_state *state)
{
        json_t *array = json_array();

        for (size_t i = 0; i < state->version_count; i++) {
                const struct key_version *v = &state->versions[i];

                json_array_append_new(array,
                                      json_pack("{s:I, s:o, s:I, s:b}", "version", (json_int_t)v->version,
                                                "created", json_of_time(v->created_ms), "documents",
                                                (json_int_t)v->documents, "newest", i == 0));
        }
        return array;
}

static json_t *days_json(const struct key_state *state)
{
        json_t *array = json_array();

        for (size_t i = 0; i < state->day_count; i++)
                json_array_append_new(array, json_pack("{s:o, s:I}", "day",
                                                       json_of_time(state->days[i].day * DAY_MS), "documents",
                                                       (json_int_t)state->days[i].documents));
        return array;
}

static json_t *exchange_json(const struct key_exchange *exchange)
{
        if (!exchange->version)
                return json_null();
        return json_pack("{s:I, s:I, s:o, s:o}", "version", (json_int_t)exchange->version, "carried",
                         (json_int_t)exchange->carried, "rows",
                         exchange->rows ? json_integer(exchange->rows) : json_null(), "started",
                         json_of_time(exchange->started_ms));
}

static int answer_keys(struct request *request, int status)
{
        SCOPED(freep) struct key_state *state = calloc(1, sizeof(*state));
        int r;

        if (!state)
                return fault(-ENOMEM);
        r = keys_state(request->core, &request->actor, state);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, status,
                              json_pack("{s:o, s:o, s:o}", "versions", versions_json(state), "exchange",
                                        exchange_json(&state->exchange), "days", days_json(state)));
}

int keys_answer(struct request *request)
{
        return answer_keys(request, 200);
}

int keys_rotate_answer(struct request *request)
{
        int r = keys_rotate(request->core, &request->actor);

        return r ? request_refuse(request, r) : answer_keys(request, 201);
}
