// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What agents and converters say in the same words: their code, and their next key. */

#include "core/site/outpost.h"

#include <errno.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "door/api/api.h"

const struct problem problem_bad_code = { 401, "wrong-credentials", "The enrolment code is not right",
                                          "A code works once and for a quarter of an hour. Make a new one: "
                                          "imprimatur agent add NAME, or imprimatur converter add NAME",
                                          0 };

bool outpost_read_code(struct request *request, char code[OUTPOST_CODE], int *ret_r)
{
        struct members members;
        struct text taken;

        if (!request_members(request, &members, ret_r))
                return false;
        taken = members_secret(&members, "code", MEMBER_REQUIRED, OUTPOST_CODE - 1);
        members_string(&members, "name", MEMBER_OPTIONAL, CORE_NAME - 1);
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        if (!text_copy(taken, code, OUTPOST_CODE) || !crockford_fold(code))
                code[0] = '\0';
        return true;
}

bool outpost_read_fingerprint(struct request *request, uint8_t fingerprint[HTTP_FINGERPRINT_OCTETS],
                              int *ret_r)
{
        struct members members;
        const char *hex;
        size_t length;

        if (!request_members(request, &members, ret_r))
                return false;
        hex = members_string(&members, "fingerprint", MEMBER_REQUIRED, 2 * HTTP_FINGERPRINT_OCTETS);
        if (hex && (!hex_parse(text_from(hex), fingerprint, HTTP_FINGERPRINT_OCTETS, &length) ||
                    length != HTTP_FINGERPRINT_OCTETS))
                members_complain(&members,
                                 "\"fingerprint\" is the SHA-256 of the new key, 64 hexadecimal digits.");
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int outpost_answer_code(struct request *request, json_t *value, const char *code)
{
        if (value && json_object_set_new(value, "code", json_string(code))) {
                json_decref(value);
                return fault(-ENOMEM);
        }
        return request_answer(request, 201, value);
}
