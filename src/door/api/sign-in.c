// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Signing in to pages: first the address, which tells the organisation and its methods; then a secret, which
 * opens a session; then perhaps a second factor. Nothing here depends on whether an account exists.
 */

#include "core/sign-in/sign-in.h"

#include <errno.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/factor.h"
#include "core/person/person.h"
#include "door/api/api.h"

#define SECRET_MAX     65536 /* whatever a body can hold: too long is wrong, like any other */
#define CREDENTIAL_MAX 16384

/* The methods of a tenant, as somebody who is not signed in may see them. */
static json_t *offered(struct core *core, struct id tenant, int *ret_r)
{
        SCOPED(freep) struct method *methods = calloc(METHODS_MAX, sizeof(*methods));
        json_t *array = json_array();
        size_t count = 0;

        *ret_r = methods && array ? method_list(core, tenant, methods, METHODS_MAX, &count) : fault(-ENOMEM);
        for (size_t i = 0; *ret_r == 0 && i < count; i++) {
                const struct method *m = &methods[i];

                if (!m->enabled)
                        continue;
                if (json_array_append_new(array, json_pack("{s:o, s:s, s:s}", "id", json_of_id(m->id), "kind",
                                                           m->kind, "title", method_title(core, m))))
                        *ret_r = fault(-ENOMEM);
        }
        if (*ret_r == 0)
                return array;
        json_decref(array);
        return NULL;
}

int sign_in_answer(struct request *request)
{
        const char *email, *company_code;
        struct tenant tenant;
        struct members members;
        json_t *methods;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        email = members_string(&members, "email", MEMBER_REQUIRED, CORE_EMAIL - 1);
        company_code = members_string(&members, "company_code", MEMBER_OPTIONAL, 32);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = tenant_find_for(request->core, text_from(email), text_from(company_code),
                            text_from(request->x->peer), &tenant);
        if (r == CORE_NOT_FOUND ||
            (r == 0 && request_asks_company(request) && !(company_code && company_code[0])))
                return request_answer(request, 200,
                                      json_pack("{s:b, s:[]}", "company_code_needed", true, "methods"));
        methods = r ? NULL : offered(request->core, tenant.id, &r);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              json_pack("{s:b, s:o}", "company_code_needed", false, "methods", methods));
}

/* ---- what a browser brings of a passkey ---- */

/* The octets of a member in base64url; false after a complaint. */
static bool read_octets(struct members *members, const char *name, struct text *ret, struct arena *arena)
{
        struct text encoded = members_secret(members, name, MEMBER_REQUIRED, CREDENTIAL_MAX);
        size_t length;
        void *octets;

        *ret = (struct text){ "", 0 };
        if (!encoded.at)
                return false;
        octets = arena_alloc(arena, encoded.len + 1);
        if (!octets || !base64url_parse(encoded, octets, encoded.len, &length)) {
                members_complain(members, "\"%s\" is not Base64url without padding.", name);
                return false;
        }
        *ret = text_from_octets(octets, length);
        return true;
}

/* Where our pages are: the origin, and its host without the port. */
struct place {
        char origin[ORIGIN_STRING];
        struct passkey_place place;
};

/* False after a complaint was answered. */
static bool find_place(struct request *request, struct place *ret, int *ret_r)
{
        struct text rest;

        if (!request_origin(request, ret->origin, ret_r))
                return false;
        ret->place.origin = text_from(ret->origin);
        text_cut(ret->place.origin, ':', &rest, &ret->place.site);
        if (text_starts_with(ret->place.site, "//")) {
                ret->place.site.at += 2;
                ret->place.site.len -= 2;
        }
        text_cut(ret->place.site, ':', &ret->place.site, &rest);
        return true;
}

/* Of a sign-in, also the challenge and whose it is. False after a complaint was answered. */
static bool read_passkey(struct request *request, json_t *value, bool is_sign_in, struct passkey_answer *ret,
                         int *ret_r)
{
        struct arena *arena = request->x->arena;
        struct members members;

        *ret = (struct passkey_answer){ .credential = TEXT("") };
        members_open(&members, value);
        read_octets(&members, "id", &ret->credential, arena);
        read_octets(&members, "client_data", &ret->client_data, arena);
        read_octets(&members, "authenticator_data", &ret->authenticator_data, arena);
        read_octets(&members, "signature", &ret->signature, arena);
        if (is_sign_in) {
                read_octets(&members, "challenge", &ret->challenge, arena);
                read_octets(&members, "user", &ret->user, arena);
        }
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

/* ---- opening a session ---- */

struct typed {
        const char *email, *company_code;
        struct text password, pin, code;
        json_t *passkey;
        int kind;
        const char *label;
};

/* Exactly one secret; false after a complaint was answered. */
static bool read_typed(struct request *request, struct typed *ret, int *ret_r)
{
        static const char *const kinds[] = { "web", "panel", NULL };
        struct members members;

        *ret = (struct typed){ .kind = 0 };
        if (!request_members(request, &members, ret_r))
                return false;
        ret->email = members_string(&members, "email", MEMBER_OPTIONAL, CORE_EMAIL - 1);
        ret->company_code = members_string(&members, "company_code", MEMBER_OPTIONAL, 32);
        ret->password = members_secret(&members, "password", MEMBER_OPTIONAL, SECRET_MAX);
        ret->pin = members_secret(&members, "pin", MEMBER_OPTIONAL, SECRET_MAX);
        ret->code = members_secret(&members, "code", MEMBER_OPTIONAL, SECRET_MAX);
        ret->passkey = members_object(&members, "passkey", MEMBER_OPTIONAL);
        members_word(&members, "kind", MEMBER_OPTIONAL, kinds, &ret->kind);
        ret->label = members_string(&members, "label", MEMBER_OPTIONAL, CORE_TITLE - 1);
        if (!!ret->password.at + !!ret->pin.at + !!ret->code.at + !!ret->passkey != 1)
                members_complain(&members, "Send one of \"password\", \"pin\", \"code\" and \"passkey\".");
        if (!ret->code.at && !ret->passkey && !ret->email)
                members_complain(&members, "The member \"email\" is missing.");
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

/* A PIN is for printers, unless the organisation says otherwise. */
static int sign_in_by_pin_for(struct request *request, const struct typed *typed, const struct id *tenant,
                              struct sign_in *ret)
{
        struct sign_in_policy policy = { 0 };
        struct text pin = typed->pin;
        int r;

        r = sign_in_policy_read(request->core, *tenant, &policy);
        if (r)
                return r;
        if (typed->kind == 0 && !policy.pin_for_web)
                pin = TEXT_OF("");
        return sign_in_by_pin(request->core, tenant, text_from(typed->email), pin,
                              text_from(request->x->peer), ret);
}

static int sign_in(struct request *request, const struct typed *typed, struct sign_in *ret)
{
        struct text source = text_from(request->x->peer);
        struct tenant tenant = { 0 };
        int r;

        ret->actor.via = typed->kind ? VIA_PANEL : VIA_PAGE;
        r = tenant_find_for(request->core, text_from(typed->email), text_from(typed->company_code), source,
                            &tenant);
        /* Of no tenant: wrong, after the same time. */
        if (r == CORE_NOT_FOUND)
                tenant.id = (struct id){ { 0 } };
        else if (r)
                return r;
        if (typed->password.at)
                return sign_in_by_password(request->core, &tenant.id, text_from(typed->email),
                                           typed->password, source, ret);
        if (typed->pin.at)
                return sign_in_by_pin_for(request, typed, &tenant.id, ret);
        return sign_in_by_code(request->core, tenant.id, typed->code, source, ret);
}

/* Nobody is named before: the passkey says whose it is. */
static int sign_in_by_key(struct request *request, const struct typed *typed, struct sign_in *ret)
{
        struct passkey_answer answer;
        struct place place;
        int r;

        if (!read_passkey(request, typed->passkey, true, &answer, &r))
                return r;
        ret->actor.via = typed->kind ? VIA_PANEL : VIA_PAGE;
        if (!find_place(request, &place, &r))
                return r;
        return sign_in_by_passkey(request->core, &place.place, &answer, text_from(request->x->peer), ret);
}

/* The kinds of factor that he could show now. */
static json_t *factor_kinds(struct request *request, const struct actor *actor, int *ret_r)
{
        struct factors factors;
        json_t *kinds;

        *ret_r = factors_read(request->core, actor, actor->id, &factors);
        if (*ret_r)
                return NULL;
        kinds = json_array();
        if (factors.passkeys)
                json_array_append_new(kinds, json_string("passkey"));
        if (factors.has_totp)
                json_array_append_new(kinds, json_string("totp"));
        if (factors.recovery_codes)
                json_array_append_new(kinds, json_string("recovery-code"));
        return kinds;
}

static void wipe_secret(char (*secret)[SESSION_STRING])
{
        explicit_bzero(*secret, sizeof(*secret));
}

static int answer_session(struct request *request, const struct actor *actor, const struct session *session,
                          const char *secret)
{
        char csrf[SESSION_CSRF_STRING];
        json_t *kinds;
        int r;

        kinds = factor_kinds(request, actor, &r);
        if (r)
                return request_refuse(request, r);
        r = request_set_session(request, secret);
        if (r) {
                json_decref(kinds);
                return r;
        }
        session_csrf(text_from(secret), csrf);
        return request_answer(request, 201,
                              json_pack("{s:o, s:o, s:{s:b, s:o}, s:b, s:s, s:o}", "id",
                                        json_of_id(session->id), "person", json_of_id(session->person),
                                        "second_factor", "needed",
                                        session->second_factor == SESSION_FACTOR_OWED, "kinds", kinds,
                                        "password_given", session->owes_password, "csrf", csrf, "expires",
                                        json_of_time(session->expires_ms)));
}

int session_open_for(struct request *request, const struct sign_in *found, enum session_kind kind,
                     const char *label)
{
        SCOPED(wipe_secret) char secret[SESSION_STRING];
        struct text agent = http_header(request->x, "User-Agent");
        struct session_request order = { .tenant = found->actor.tenant,
                                         .person = found->actor.id,
                                         .kind = kind,
                                         .method = found->method,
                                         .method_id = found->method_id,
                                         .source = text_from(request->x->peer),
                                         .label = label ? text_from(label) : agent,
                                         .second_factor_shown = found->factor_shown };
        struct session session;
        struct person person;
        int r = session_open(request->core, &order, &session, secret);

        if (r == 0 && kind == SESSION_WEB)
                r = person_find(request->core, &found->actor, found->actor.id, &person);
        if (r)
                return request_refuse(request, r);
        if (kind == SESSION_WEB)
                r = request_remember_company(request, person.asks_company);
        return r ? r : answer_session(request, &found->actor, &session, secret);
}

int session_make_answer(struct request *request)
{
        struct sign_in found = { 0 };
        struct typed typed;
        int r;

        if (!read_typed(request, &typed, &r))
                return r;
        r = typed.passkey ? sign_in_by_key(request, &typed, &found) : sign_in(request, &typed, &found);
        if (http_is_answered(request->x))
                return r;
        if (r == 0)
                r = tenant_admits(request->core, found.actor.tenant, ACCESS_SIGN_IN,
                                  text_from(request->x->peer));
        if (r)
                return request_refuse(request, r);
        return session_open_for(request, &found, typed.kind ? SESSION_PANEL : SESSION_WEB, typed.label);
}

/* ---- showing something more in a session ---- */

struct shown {
        struct text password, totp, recovery_code;
        json_t *passkey;
};

static int show(struct request *request, const struct shown *shown)
{
        struct passkey_answer answer;
        struct place place;
        int r;

        if (shown->password.at)
                return sign_in_again(request->core, &request->actor, shown->password);
        if (shown->totp.at)
                return totp_show(request->core, &request->actor, shown->totp);
        if (shown->recovery_code.at)
                return recovery_show(request->core, &request->actor, shown->recovery_code);
        if (!read_passkey(request, shown->passkey, false, &answer, &r))
                return r;
        if (!find_place(request, &place, &r))
                return r;
        return passkey_show(request->core, &request->actor, &place.place, &answer);
}

/* False after a complaint was answered. */
static bool read_shown(struct request *request, bool with_password, struct shown *ret, int *ret_r)
{
        struct members members;

        *ret = (struct shown){ .passkey = NULL };
        if (!request_members(request, &members, ret_r))
                return false;
        if (with_password)
                ret->password = members_secret(&members, "password", MEMBER_OPTIONAL, SECRET_MAX);
        else
                ret->recovery_code = members_secret(&members, "recovery_code", MEMBER_OPTIONAL, SECRET_MAX);
        ret->totp = members_secret(&members, "totp", MEMBER_OPTIONAL, SECRET_MAX);
        ret->passkey = members_object(&members, "passkey", MEMBER_OPTIONAL);
        if (!!ret->password.at + !!ret->totp.at + !!ret->recovery_code.at + !!ret->passkey != 1)
                members_complain(&members, "Send one of the members that this takes.");
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

static int renew(struct request *request, bool second_factor_shown)
{
        SCOPED(wipe_secret) char secret[SESSION_STRING];
        char csrf[SESSION_CSRF_STRING];
        int r;

        r = session_renew(request->core, &request->actor, second_factor_shown, secret);
        if (r)
                return request_refuse(request, r);
        r = request_set_session(request, secret);
        if (r)
                return r;
        session_csrf(text_from(secret), csrf);
        return request_answer(request, 200, json_pack("{s:s}", "csrf", csrf));
}

static int show_and_renew(struct request *request, bool is_second_factor)
{
        struct shown shown;
        int r;

        if (!read_shown(request, !is_second_factor, &shown, &r))
                return r;
        if (id_is_zero(request->actor.session))
                return request_problem(request, &problem_for_sessions, NULL);
        r = show(request, &shown);
        if (r > 0)
                return request_refuse(request, r);
        if (r < 0 || http_is_answered(request->x))
                return r;
        return renew(request, is_second_factor);
}

int session_factor_answer(struct request *request)
{
        return show_and_renew(request, true);
}

int session_fresh_answer(struct request *request)
{
        return show_and_renew(request, false);
}

/* ---- passkeys: the challenge, and making one ---- */

/* The same for everybody: whoever asks is nobody yet. */
int passkey_ask_answer(struct request *request)
{
        uint8_t challenge[PASSKEY_CHALLENGE];
        char encoded[PASSKEY_CHALLENGE / 3 * 4 + 8];
        struct place place;
        int r;

        if (!find_place(request, &place, &r))
                return r;
        passkey_sign_in_challenge(request->core, challenge);
        base64url_format(challenge, sizeof(challenge), encoded);
        return request_answer(request, 200,
                              json_pack("{s:s, s:s%, s:I}", "challenge", encoded, "site", place.place.site.at,
                                        place.place.site.len, "expires_in",
                                        (json_int_t)PASSKEY_CHALLENGE_MS / 1000));
}

/* What navigator.credentials takes, in Base64url where it takes octets. */
int passkey_challenge_answer(struct request *request)
{
        SCOPED(freep) struct passkey *passkeys = calloc(PASSKEYS_MAX, sizeof(*passkeys));
        uint8_t challenge[PASSKEY_CHALLENGE];
        char encoded[PASSKEY_CREDENTIAL / 3 * 4 + 8], user[PASSKEY_USER / 3 * 4 + 8];
        uint8_t handle[PASSKEY_USER];
        json_t *list = json_array();
        struct place place;
        size_t count = 0;
        int r;

        if (!passkeys || !list) {
                json_decref(list);
                return fault(-ENOMEM);
        }
        if (!find_place(request, &place, &r)) {
                json_decref(list);
                return r;
        }
        r = passkey_challenge(request->core, &request->actor, challenge);
        if (r == CORE_FORBIDDEN) {
                json_decref(list);
                return request_problem(request, &problem_for_sessions, NULL);
        }
        if (r == 0)
                r = passkey_list(request->core, &request->actor, request->actor.id, (struct id){ { 0 } },
                                 passkeys, PASSKEYS_MAX, &count);
        for (size_t i = 0; r == 0 && i < count; i++) {
                base64url_format(passkeys[i].credential, passkeys[i].credential_octets, encoded);
                json_array_append_new(list, json_string(encoded));
        }
        if (r) {
                json_decref(list);
                return request_refuse(request, r);
        }
        base64url_format(challenge, sizeof(challenge), encoded);
        passkey_user(request->actor.tenant, request->actor.id, handle);
        base64url_format(handle, sizeof(handle), user);
        return request_answer(request, 201,
                              json_pack("{s:s, s:s%, s:[i,i,i], s:o, s:s}", "challenge", encoded, "site",
                                        place.place.site.at, place.place.site.len, "algorithms", -8, -7, -257,
                                        "credentials", list, "user", user));
}

json_t *passkey_json(const struct passkey *p)
{
        char encoded[PASSKEY_CREDENTIAL / 3 * 4 + 8];

        base64url_format(p->credential, p->credential_octets, encoded);
        return json_pack("{s:o, s:o, s:s, s:o, s:o}", "id", json_of_id(p->id), "label",
                         json_words_or_null(p->label), "credential", encoded, "created",
                         json_of_time(p->created_ms), "used", json_of_time(p->used_ms));
}

int passkey_make_answer(struct request *request)
{
        struct text client_data, attestation;
        struct place place;
        struct passkey made;
        struct members members;
        const char *label;
        struct id person;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        label = members_string(&members, "label", MEMBER_OPTIONAL, CORE_TITLE - 1);
        read_octets(&members, "client_data", &client_data, request->x->arena);
        read_octets(&members, "attestation", &attestation, request->x->arena);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = request_find_person(request, request->arguments[0], &person);
        /* Nobody makes one for somebody else: it would be his own key to that account. */
        if (r == 0 && !id_equal(person, request->actor.id))
                r = CORE_NOT_FOUND;
        if (r)
                return request_refuse(request, r);
        if (id_is_zero(request->actor.session))
                return request_problem(request, &problem_for_sessions, NULL);
        if (!find_place(request, &place, &r))
                return r;
        r = passkey_make(request->core, &request->actor, &place.place, text_from(label), client_data,
                         attestation, &made);
        return r ? request_refuse(request, r) : request_answer(request, 201, passkey_json(&made));
}
