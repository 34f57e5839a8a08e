// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A directory is synchronised now, or it is told what that would change. */

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"
#include "identity/ldap-sync.h"

static json_t *lines_json(const char *lines)
{
        struct text rest = text_from(lines), line;
        json_t *array = json_array();

        while (array && rest.len) {
                text_cut(rest, '\n', &line, &rest);
                if (json_array_append_new(array, json_stringn(line.at, line.len))) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

static json_t *run_json(const struct roster_run *run)
{
        return json_pack("{s:o, s:o, s:b, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "id",
                         json_of_id(run->id), "method", json_of_id(run->method), "dry_run", run->dry,
                         "outcome", run->outcome[0] ? run->outcome : "under-way", "words", run->words, "seen",
                         (json_int_t)run->seen, "made", (json_int_t)run->made, "changed",
                         (json_int_t)run->changed, "badges", (json_int_t)run->badges, "disabled",
                         (json_int_t)run->disabled, "enabled", (json_int_t)run->enabled, "refused",
                         (json_int_t)run->refused, "lines", lines_json(run->lines), "started",
                         json_of_time(run->started_ms), "ended", json_of_time(run->ended_ms));
}

int synchronisation_make_answer(struct request *request)
{
        SCOPED(freep) struct roster_run *run = malloc(sizeof(*run));
        struct members members;
        struct id method;
        bool dry = false;
        int r;

        if (!run)
                return fault(-ENOMEM);
        if (!request_id(request, 0, &method))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_members(request, &members, &r))
                return r;
        members_flag(&members, "dry_run", MEMBER_OPTIONAL, &dry);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = request->door->sync ? ldap_sync_order(request->door->sync, &request->actor, method, dry, run)
                                : CORE_NOT_FOUND;
        return r ? request_refuse(request, r) : request_answer(request, 202, run_json(run));
}

int synchronisation_answer(struct request *request)
{
        SCOPED(freep) struct roster_run *run = malloc(sizeof(*run));
        struct id method, id;
        int r;

        if (!run)
                return fault(-ENOMEM);
        if (!request_id(request, 0, &method) || !request_id(request, 1, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = roster_run_find(request->core, &request->actor, id, run);
        if (r == 0 && !id_equal(run->method, method))
                r = CORE_NOT_FOUND;
        return r ? request_refuse(request, r) : request_answer(request, 200, run_json(run));
}
