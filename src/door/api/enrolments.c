// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/enrolment.h"

#include "base/outcome.h"
#include "core/printer/printer.h"
#include "door/api/api.h"

static json_t *enrolment_json(const struct enrolment *e)
{
        return json_pack("{s:o, s:o, s:s, s:s, s:o}", "id", json_of_id(e->id), "printer",
                         json_of_id(e->printer), "tail", e->tail, "state", enrolment_state_name(e->state),
                         "expires", json_of_time(e->expires_ms));
}

int badge_claim_answer(struct request *request)
{
        struct enrolment enrolment;
        struct members members;
        struct printer printer;
        const char *name;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        name = members_string(&members, "printer", MEMBER_REQUIRED, CORE_NAME - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = request_find_printer(request, text_from(name), &printer);
        if (r == 0)
                r = enrolment_claim(request->core, &request->actor, printer.id, &enrolment);
        return r ? request_refuse(request, r) : request_answer(request, 201, enrolment_json(&enrolment));
}

int badge_claim_look_answer(struct request *request)
{
        struct enrolment enrolment;
        struct id id;
        int r = request_id(request, 0, &id) ? enrolment_find(request->core, &request->actor, id, &enrolment)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer(request, 200, enrolment_json(&enrolment));
}
