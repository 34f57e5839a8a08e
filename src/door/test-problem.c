// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/problem.h"

#include <assert.h>
#include <string.h>

/* Every reason of core has its words here, and no two the same code. */
int main(void)
{
        for (int i = CORE_NOT_FOUND; i < CORE_LAST; i++) {
                const struct problem *problem = problem_of_refusal(i);
                json_t *value = problem_json(problem, NULL);

                assert(problem != &problem_internal);
                assert(problem->status >= 400 && problem->status < 600);
                assert(strlen(problem->title) > 5 && strlen(problem->detail) > 5);
                for (int k = CORE_NOT_FOUND; k < i; k++)
                        assert(strcmp(problem->code, problem_of_refusal(k)->code) != 0);
                assert(json_integer_value(json_object_get(value, "status")) == problem->status);
                assert(strncmp(json_string_value(json_object_get(value, "type")),
                               "urn:imprimatur:problem:", 23) == 0);
                json_decref(value);
        }
        assert(problem_of_refusal(0) == &problem_internal);
        assert(problem_of_refusal(-5) == &problem_internal);
        assert(problem_of_refusal(CORE_LAST) == &problem_internal);
        return 0;
}
