// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The questions of this service to a directory that the agent serves, and its answers. */

#include <errno.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"
#include "identity/ldap-ask.h"

#define QUESTIONS_OCTETS_MAX 65536

static const struct problem problem_nobody_waits = {
        410, "nobody-waits", "Nobody waits for this answer any more",
        "It was answered already, or given up. There is nothing to be done.", 0
};

/* Written by hand: a question may hold a password, which is to lie in no memory that we cannot wipe. */
int directory_questions_answer(struct request *request)
{
        SCOPED(buffer_wipe) struct buffer questions = BUFFER(QUESTIONS_OCTETS_MAX);
        struct desk *desk = ldap_desk();
        int r;

        /* Room for the one before it grows, for what a growing buffer leaves behind is not wiped. */
        if (!buffer_extend(&questions, QUESTIONS_OCTETS_MAX / 2))
                return fault(-ENOMEM);
        questions.len = 0;
        buffer_add_string(&questions, "{\"questions\":[");
        if (desk)
                (void)desk_take(desk, request->actor.tenant, request->actor.id, &questions);
        buffer_add_string(&questions, "]}");
        if (questions.failure)
                return fault(questions.failure);
        r = http_add_header(request->x, "Cache-Control", "no-store");
        return r ? r : http_respond(request->x, 200, "application/json", buffer_text(&questions));
}

int directory_answers_answer(struct request *request)
{
        struct desk *desk = ldap_desk();
        int r = desk ? desk_answer(desk, request->actor.tenant, request->actor.id, request->json)
                     : DESK_NOBODY_WAITS;

        switch (r) {
        case 0: return request_answer_nothing(request);
        case DESK_MALFORMED: return request_bad(request, "This is no answer to a question.");
        case DESK_NOBODY_WAITS: return request_problem(request, &problem_nobody_waits, NULL);
        default: return r;
        }
}
