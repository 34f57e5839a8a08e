// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Problems: what the API says when the answer is no (RFC 9457), with a sentence that tells what to do.
 *
 *      {"type": "urn:imprimatur:problem:not-held", "title": …, "status": 409, "detail": …, "code":
 * "not-held"}
 *
 * The code is what programs look at; it never changes its meaning.
 */

#include <jansson.h>

#include "core/refusal.h"

#define PROBLEM_TYPE "application/problem+json"

struct problem {
        int status;
        const char *code;
        const char *title;
        const char *detail;
        int retry_after_s; /* 0: no such header */
};

/* The table from core's refusals; an unknown number is an internal error. */
const struct problem *problem_of_refusal(int refusal);

/* Those the door itself has. */
extern const struct problem problem_bad_request;
extern const struct problem problem_not_signed_in;
extern const struct problem problem_not_an_agent;
extern const struct problem problem_for_administrators;
extern const struct problem problem_not_your_right;
extern const struct problem problem_for_signed_in;
extern const struct problem problem_for_people;
extern const struct problem problem_key_expired; /* an agent's or a converter's */
extern const struct problem problem_key_unknown;
extern const struct problem problem_other_origin;
extern const struct problem problem_other_name;
extern const struct problem problem_no_csrf;
extern const struct problem problem_half;
extern const struct problem problem_too_many_streams;
extern const struct problem problem_password_given;
extern const struct problem problem_for_sessions;
extern const struct problem problem_not_fresh;
extern const struct problem problem_not_in_scope;
extern const struct problem problem_bad_type;
extern const struct problem problem_no_method;
extern const struct problem problem_bad_range;
extern const struct problem problem_no_image;
extern const struct problem problem_not_ready;
extern const struct problem problem_under_way;
extern const struct problem problem_internal;
extern const struct problem problem_not_well;
extern const struct problem problem_not_connected;

/* The object; detail takes the place of the problem's own where it is not NULL. NULL where memory is out. */
json_t *problem_json(const struct problem *problem, const char *detail);
