// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/factor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "door/api/api.h"

/* Only oneself: a factor that somebody else sets up is his. CORE_NOT_FOUND. */
static int find_oneself(struct request *request)
{
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r)
                return r;
        return id_equal(person, request->actor.id) ? 0 : CORE_NOT_FOUND;
}

int factors_answer(struct request *request)
{
        struct factors factors;
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r == 0)
                r = factors_read(request->core, &request->actor, person, &factors);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              json_pack("{s:b, s:I, s:I}", "totp", factors.has_totp, "passkeys",
                                        (json_int_t)factors.passkeys, "recovery_codes",
                                        (json_int_t)factors.recovery_codes));
}

int factors_delete_answer(struct request *request)
{
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r == 0)
                r = factors_delete(request->core, &request->actor, person);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

/* ---- TOTP ---- */

static void wipe_string(char (*secret)[TOTP_STRING])
{
        explicit_bzero(*secret, sizeof(*secret));
}

static void wipe_uri(char (*uri)[1024])
{
        explicit_bzero(*uri, sizeof(*uri));
}

int totp_make_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer name = BUFFER(4 * CORE_EMAIL);
        SCOPED(wipe_string) char secret[TOTP_STRING];
        SCOPED(wipe_uri) char uri[1024];
        int r = find_oneself(request);

        if (r == 0)
                r = totp_make(request->core, &request->actor, secret);
        if (r)
                return request_refuse(request, r);
        percent_format(text_from(request->actor.name), &name);
        if (!buffer_string(&name))
                return fault(-ENOMEM);
        snprintf(uri, sizeof(uri),
                 "otpauth://totp/Imprimatur:%s?secret=%s&issuer=Imprimatur&algorithm=SHA1&digits=6&period=30",
                 buffer_string(&name), secret);
        return request_answer(request, 201, json_pack("{s:s, s:s}", "secret", secret, "uri", uri));
}

static json_t *codes_json(char codes[RECOVERY_CODES][CODE_STRING], size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++)
                json_array_append_new(array, json_string(codes[i]));
        return array;
}

struct recovery {
        char codes[RECOVERY_CODES][CODE_STRING];
};

static void recovery_done(struct recovery *recovery)
{
        explicit_bzero(recovery, sizeof(*recovery));
}

int totp_confirm_answer(struct request *request)
{
        SCOPED(recovery_done) struct recovery recovery = { 0 };
        struct members members;
        struct text code;
        size_t count;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        code = members_secret(&members, "totp", MEMBER_REQUIRED, 64);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = find_oneself(request);
        if (r == 0)
                r = totp_confirm(request->core, &request->actor, code, recovery.codes, &count);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              json_pack("{s:o}", "recovery_codes", codes_json(recovery.codes, count)));
}

int totp_delete_answer(struct request *request)
{
        int r = find_oneself(request);

        if (r == 0)
                r = totp_delete(request->core, &request->actor);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int recovery_make_answer(struct request *request)
{
        SCOPED(recovery_done) struct recovery recovery = { 0 };
        int r = find_oneself(request);

        if (r == 0)
                r = recovery_make(request->core, &request->actor, recovery.codes);
        if (r)
                return request_refuse(request, r);
        return request_answer(
                request, 201,
                json_pack("{s:o}", "recovery_codes", codes_json(recovery.codes, RECOVERY_CODES)));
}

/* ---- passkeys ---- */

static json_t *format_passkey(const void *item, void *context)
{
        return passkey_json(item);
}

int passkeys_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r)
                return request_refuse(request, r);
        if (!request_page(request, sizeof(struct passkey), &page, &r))
                return r;
        r = passkey_list(request->core, &request->actor, person, page.after, page.items, page.max,
                         &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_passkey, NULL);
}

int passkey_delete_answer(struct request *request)
{
        struct id person, id;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r == 0 && !request_id(request, 1, &id))
                r = CORE_NOT_FOUND;
        if (r == 0)
                r = passkey_delete(request->core, &request->actor, person, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

/* ---- one-time codes, and what the help desk does ---- */

static json_t *code_json(const struct code *c)
{
        return json_pack("{s:o, s:o, s:o, s:o}", "id", json_of_id(c->id), "person", json_of_id(c->person),
                         "created", json_of_time(c->created_ms), "expires", json_of_time(c->expires_ms));
}

static json_t *format_code(const void *item, void *context)
{
        return code_json(item);
}

int codes_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r)
                return request_refuse(request, r);
        if (!request_page(request, sizeof(struct code), &page, &r))
                return r;
        r = code_list(request->core, &request->actor, person, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_code, NULL);
}

static void wipe_code(char (*code)[CODE_STRING])
{
        explicit_bzero(*code, sizeof(*code));
}

int code_make_answer(struct request *request)
{
        SCOPED(wipe_code) char secret[CODE_STRING] = "";
        int64_t expires_in_s = 0;
        struct members members;
        bool by_mail = false;
        struct code code;
        struct id person;
        json_t *value;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        members_number(&members, "expires_in", MEMBER_OPTIONAL, 60, CODE_MS_MAX / 1000, &expires_in_s);
        members_flag(&members, "by_mail", MEMBER_OPTIONAL, &by_mail);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = by_mail ? code_mail(request->core, &request->actor, person, expires_in_s * 1000, &code)
                    : code_make(request->core, &request->actor, person, expires_in_s * 1000, &code, secret);
        if (r)
                return request_refuse(request, r);
        value = code_json(&code);
        if (value && json_object_set_new(value, "code", json_words_or_null(secret))) {
                json_decref(value);
                value = NULL;
        }
        return request_answer(request, 201, value);
}

/* The same words whatever became of it: the mail says more. */
int code_ask_answer(struct request *request)
{
        struct code_order order = { .source = text_from(request->x->peer) };
        struct members members;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        order.email = text_from(members_string(&members, "email", MEMBER_REQUIRED, CORE_EMAIL - 1));
        order.company_code = text_from(members_string(&members, "company_code", MEMBER_OPTIONAL, 32));
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = code_ask(request->core, &order);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 202, json_pack("{s:s}", "state", "mailed-if-possible"));
}

int code_delete_answer(struct request *request)
{
        struct id person, id;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r == 0 && !request_id(request, 1, &id))
                r = CORE_NOT_FOUND;
        if (r == 0)
                r = code_delete(request->core, &request->actor, person, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
