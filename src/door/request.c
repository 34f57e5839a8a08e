// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/outcome.h"
#include "core/person/delegate.h"
#include "core/printer/printer-people.h"
#include "core/idempotency.h"
#include "core/person/person.h"
#include "core/printer/printer.h"
#include "core/trail/watch.h"
#include "door/page/page.h"
#include "net/tls.h"

static int settle_key(struct request *request, int status, struct text body)
{
        int r;

        if (!request->key_is_open)
                return 0;
        request->key_is_open = false;
        /* What may be otherwise in a moment is no answer to keep: like a failure of ours, it frees the key.
         */
        if (status == 429)
                status = 503;
        r = idempotency_end(request->core, &request->actor, request->key, status, body);
        return fold(r);
}

static int answer(struct request *request, int status, const char *content_type, json_t *value)
{
        char *octets;
        size_t length;
        int r;

        if (!value)
                return fault(-ENOMEM);
        octets = json_dumps(value, JSON_COMPACT);
        json_decref(value);
        if (!octets)
                return fault(-ENOMEM);
        length = strlen(octets);
        r = settle_key(request, status, text_from_octets(octets, length));
        if (r == 0)
                r = http_respond(request->x, status, content_type, text_from_octets(octets, length));
        explicit_bzero(octets, length); /* it may be a new token */
        free(octets);
        return r;
}

int request_answer(struct request *request, int status, json_t *value)
{
        int r = http_add_header(request->x, "Cache-Control", "no-store");

        if (r) {
                json_decref(value);
                return r;
        }
        return answer(request, status, "application/json", value);
}

int request_answer_nothing(struct request *request)
{
        int r = settle_key(request, 204, (struct text)TEXT(""));

        return r ? r : http_respond(request->x, 204, NULL, (struct text)TEXT(""));
}

static int add_sign_in_headers(struct http_exchange *x)
{
        int r = http_add_header(x, "WWW-Authenticate", "Bearer realm=\"Imprimatur\"");

        /* A browser asked for Basic would put its own window before the page, and keep the password. */
        return r || http_header(x, "Sec-Fetch-Site").at
                       ? r
                       : http_add_header(x, "WWW-Authenticate",
                                         "Basic realm=\"Imprimatur\", charset=\"UTF-8\"");
}

/* What somebody may not is in the trail; wrong credentials already are (core/sign-in/authenticate.h), and who
 * shows none is only asked for them. */
static void note_refusal(struct request *request, const struct problem *problem)
{
        int r;

        if (!request->route || problem->status != 403)
                return;
        r = watch_refusal(request->core, &request->actor, right_name(request->route->right), problem->code);
        if (r < 0)
                log_fault("refusal-not-noted", r);
}

static int answer_problem(struct request *request, const struct problem *problem, json_t *value)
{
        char seconds[16];
        int r = 0;

        note_refusal(request, problem);

        if (problem->status == 401)
                r = add_sign_in_headers(request->x);
        if (r == 0 && problem->retry_after_s) {
                snprintf(seconds, sizeof(seconds), "%d", problem->retry_after_s);
                r = http_add_header(request->x, "Retry-After", seconds);
        }
        if (r) {
                json_decref(value);
                return r;
        }
        return answer(request, problem->status, PROBLEM_TYPE, value);
}

int request_problem(struct request *request, const struct problem *problem, const char *detail)
{
        if (page_is_wanted(request)) {
                note_refusal(request, problem);
                return page_problem(request, problem);
        }
        return answer_problem(request, problem, problem_json(problem, detail));
}

int request_problem_with(struct request *request, const struct problem *problem, const char *member,
                         json_t *value)
{
        json_t *problem_value = problem_json(problem, NULL);

        if (json_object_set_new(problem_value, member, value)) {
                json_decref(problem_value);
                return fault(-ENOMEM);
        }
        return answer_problem(request, problem, problem_value);
}

int request_refuse(struct request *request, int r)
{
        return r <= 0 ? r : request_problem(request, problem_of_refusal(r), NULL);
}

int request_bad(struct request *request, const char *detail)
{
        return request_problem(request, &problem_bad_request, detail);
}

int request_complain(struct request *request, const struct members *members)
{
        return request_bad(request, members->complaint);
}

bool request_origin(struct request *request, char ret[ORIGIN_STRING], int *ret_r)
{
        if (public_url(request->door->settings.public_url, request->door->tls, request->x, ret))
                return true;
        *ret_r = request_problem(request, &problem_other_name, NULL);
        return false;
}

bool request_id(const struct request *request, size_t argument, struct id *ret)
{
        return id_parse(request->arguments[argument], ret);
}

int request_find_printer(struct request *request, struct text name, struct printer *ret)
{
        struct id id;
        int r;

        if (id_parse(name, &id))
                r = printer_find(request->core, request->actor.tenant, id, ret);
        else
                r = printer_find_by_name(request->core, request->actor.tenant, name, ret);
        return r ? r : printer_check_seen(request->core, &request->actor, ret);
}

int request_find_person(struct request *request, struct text name, struct id *ret)
{
        struct person person;
        int r;

        if (text_equal_string(name, "me")) {
                *ret = request->actor.id;
                return 0;
        }
        if (id_parse(name, ret))
                return 0;
        if (name.len >= CORE_EMAIL || !text_is_printable(name))
                return CORE_NOT_FOUND;
        r = person_find_by_email(request->core, &request->actor, name, &person);
        if (r == CORE_NOT_FOUND) /* whose delegate he is, he can name */
                return delegate_find_owner(request->core, &request->actor, name, ret);
        if (r == 0)
                *ret = person.id;
        return r;
}
