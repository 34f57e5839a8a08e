// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The password of an encrypted document: with the document (header Document-Password, Base64, since it may
 * have any characters), or later. Never in an address, which ends up in logs.
 */

#include <string.h>

#include "base/encoding.h"
#include "base/scope.h"
#include "core/job/document-password.h"
#include "door/api/api.h"

static const struct problem problem_bad_password = {
        422, "bad-document-password", "The header Document-Password is no password of a document",
        "It holds the password in Base64: 1 to 127 octets of UTF-8, none of them NUL.", 0
};
static const struct problem problem_no_passwords = {
        422, "no-document-passwords", "Documents are not looked into here, so no password opens one",
        "Remove the password from the document, and send it without one.", 0
};

void document_password_done(struct document_password *password)
{
        explicit_bzero(password, sizeof(*password));
}

bool document_password_read(struct request *request, struct document_password *ret, int *ret_r)
{
        struct text header = http_header(request->x, "Document-Password");

        ret->length = 0;
        if (!header.at)
                return true;
        if (!base64_parse(header, ret->octets, sizeof(ret->octets), &ret->length) ||
            !document_password_is_possible(text_from_octets(ret->octets, ret->length)))
                *ret_r = request_problem(request, &problem_bad_password, NULL);
        else if (!core_settings(request->core)->inspects)
                *ret_r = request_problem(request, &problem_no_passwords, NULL);
        else
                return true;
        return false;
}

int job_password_answer(struct request *request)
{
        struct members members;
        struct text password;
        struct job job;
        int r = request_find_job(request, &job);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        password = members_secret(&members, "password", MEMBER_REQUIRED, DOCUMENT_PASSWORD_OCTETS);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = document_password_give(request->core, &request->actor, job.id, password);
        if (r == 0)
                r = job_find(request->core, &request->actor, job.id, &job);
        return r ? request_refuse(request, r) : request_answer(request, 200, job_json(&job));
}
