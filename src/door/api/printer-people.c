// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who may use a printer. */

#include "core/printer/printer-people.h"

#include <errno.h>
#include <stdlib.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"

static json_t *groups_json(const struct group *groups, size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++) {
                json_t *value =
                        json_pack("{s:o, s:s}", "id", json_of_id(groups[i].id), "name", groups[i].name);

                if (!value || json_array_append_new(array, value)) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array ? json_pack("{s:o}", "groups", array) : NULL;
}

static int answer_people(struct request *request, struct id printer)
{
        SCOPED(freep) struct group *groups = calloc(PRINTER_ALLOWED_MAX, sizeof(*groups));
        size_t count;
        int r;

        if (!groups)
                return fault(-ENOMEM);
        r = printer_allowed(request->core, &request->actor, printer, groups, &count);
        return r ? request_refuse(request, r) : request_answer(request, 200, groups_json(groups, count));
}

int printer_people_answer(struct request *request)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        return r ? request_refuse(request, r) : answer_people(request, printer.id);
}

int printer_people_set_answer(struct request *request)
{
        struct text names[PRINTER_ALLOWED_MAX];
        struct members members;
        struct printer printer;
        json_t *array, *item;
        size_t i, count;
        int r = request_find_printer(request, request->arguments[0], &printer);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        array = members_array(&members, "groups", MEMBER_REQUIRED, PRINTER_ALLOWED_MAX);
        if (!members_finish(&members))
                return request_complain(request, &members);
        count = json_array_size(array);
        json_array_foreach(array, i, item)
        {
                if (!json_is_string(item))
                        return request_bad(request, "\"groups\" lists groups of people by name or id.");
                names[i] = text_from_octets(json_string_value(item), json_string_length(item));
        }
        r = printer_allow(request->core, &request->actor, printer.id, names, count);
        return r ? request_refuse(request, r) : answer_people(request, printer.id);
}
