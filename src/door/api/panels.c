// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Panels as the API knows them: administrators set them up, phones type their codes, adapters hand over. */

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/panel/panel-code.h"
#include "core/printer/printer.h"
#include "core/sign-in/sign-in.h"
#include "door/api/api.h"

#define SECRET_MAX 65536 /* whatever a body can hold: too long is wrong, like any other */

static json_t *panel_json(const struct panel *p)
{
        return json_pack("{s:o, s:o, s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "id", json_of_id(p->id), "printer",
                         json_of_id(p->printer), "name", p->name, "words", p->words, "bound", p->is_bound,
                         "created", json_of_time(p->created_ms), "expires",
                         p->is_bound ? json_null() : json_of_time(p->expires_ms), "bound_since",
                         json_of_time(p->bound_ms), "seen", json_of_time(p->seen_ms));
}

static json_t *format_panel(const void *item, void *context)
{
        return panel_json(item);
}

int panels_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct printer printer;
        int r;

        if (!request_page(request, sizeof(struct panel), &page, &r))
                return r;
        r = request_find_printer(request, request->arguments[0], &printer);
        if (r == 0)
                r = panel_list(request->core, &request->actor, printer.id, page.after, page.items, page.max,
                               &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_panel, NULL);
}

static void wipe_code(char (*code)[OUTPOST_CODE])
{
        explicit_bzero(code, sizeof(*code));
}

/* The code, and where the panel's browser takes it. */
static int answer_made(struct request *request, const struct panel *panel, const char *code)
{
        json_t *value = panel_json(panel);
        char id[ID_STRING];

        id_format(panel->printer, id);
        if (value && (json_object_set_new(value, "code", json_string(code)) ||
                      json_object_set_new(value, "address", json_sprintf("/panel/%s?code=%s", id, code)))) {
                json_decref(value);
                value = NULL;
        }
        return request_answer(request, 201, value);
}

int panel_make_answer(struct request *request)
{
        SCOPED(wipe_code) char code[OUTPOST_CODE];
        struct members members;
        struct printer printer;
        struct panel panel;
        const char *name;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        name = members_string(&members, "name", MEMBER_REQUIRED, CORE_NAME - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = request_find_printer(request, request->arguments[0], &printer);
        if (r == 0)
                r = panel_make(request->core, &request->actor, printer.id, text_from(name), &panel, code);
        return r ? request_refuse(request, r) : answer_made(request, &panel, code);
}

int panel_look_answer(struct request *request)
{
        struct panel panel;
        struct id id;
        int r = request_id(request, 0, &id) ? panel_find(request->core, &request->actor, id, &panel)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer(request, 200, panel_json(&panel));
}

int panel_change_answer(struct request *request)
{
        struct members members;
        struct panel panel;
        const char *words;
        struct id id;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        words = members_string(&members, "words", MEMBER_OPTIONAL, PANEL_WORDS - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = words ? panel_say_words(request->core, &request->actor, id, text_from(words), &panel)
                  : panel_find(request->core, &request->actor, id, &panel);
        return r ? request_refuse(request, r) : request_answer(request, 200, panel_json(&panel));
}

int panel_delete_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? panel_delete(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

/* ---- an adapter in the device ---- */

static void wipe_secret(char (*secret)[CREDENTIAL_STRING])
{
        explicit_bzero(*secret, sizeof(*secret));
}

int panel_bind_answer(struct request *request)
{
        SCOPED(wipe_secret) char secret[CREDENTIAL_STRING];
        struct panel_place place;
        struct members members;
        struct text code;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        code = members_secret(&members, "code", MEMBER_REQUIRED, OUTPOST_CODE + 8);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = panel_bind(request->core, code, text_from(request->x->peer), &place, secret);
        return r ? request_refuse(request, r)
                 : request_answer(request, 201,
                                  json_pack("{s:o, s:o, s:s}", "panel", json_of_id(place.panel), "printer",
                                            json_of_id(place.printer), "secret", secret));
}

struct shown {
        struct text secret, badge, pin, code;
        const char *email;
};

/* Who that is. Core's refusals. */
static int sign_in(struct request *request, const struct panel_place *place, const struct shown *shown,
                   struct sign_in *ret)
{
        struct text source = text_from(request->x->peer);

        ret->actor.via = VIA_PANEL;
        if (shown->badge.at)
                return panel_badge_look(request->core, place, shown->badge, source, &ret->actor);
        if (shown->code.at)
                return sign_in_by_code(request->core, place->tenant, shown->code, source, ret);
        return sign_in_by_pin(request->core, &place->tenant, text_from(shown->email), shown->pin, source,
                              ret);
}

int panel_hand_over_answer(struct request *request)
{
        SCOPED(wipe_secret) char guest[CREDENTIAL_STRING];
        struct sign_in in = { 0 };
        struct panel_place place;
        struct members members;
        struct shown shown;
        char printer[ID_STRING];
        int r;

        if (!request_members(request, &members, &r))
                return r;
        shown.secret = members_secret(&members, "secret", MEMBER_REQUIRED, SECRET_MAX);
        shown.badge = members_secret(&members, "badge", MEMBER_OPTIONAL, SECRET_MAX);
        shown.email = members_string(&members, "email", MEMBER_OPTIONAL, CORE_EMAIL - 1);
        shown.pin = members_secret(&members, "pin", MEMBER_OPTIONAL, SECRET_MAX);
        shown.code = members_secret(&members, "code", MEMBER_OPTIONAL, SECRET_MAX);
        if (!!shown.badge.at + !!shown.pin.at + !!shown.code.at != 1 || !!shown.email != !!shown.pin.at)
                members_complain(&members, "Send \"badge\", or \"email\" and \"pin\", or \"code\".");
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = panel_recognise(request->core, shown.secret, &place);
        if (r == 0)
                r = sign_in(request, &place, &shown, &in);
        if (r == 0)
                r = tenant_admits(request->core, place.tenant, ACCESS_SIGN_IN, text_from(request->x->peer));
        if (r == 0)
                r = panel_hand_over(request->core, &place, &in.actor, guest);
        if (r)
                return request_refuse(request, r);
        id_format(place.printer, printer);
        return request_answer(request, 201,
                              json_pack("{s:o, s:i}", "address",
                                        json_sprintf("/panel/%s?guest=%s", printer, guest), "expires_in",
                                        PANEL_GUEST_MS / 1000));
}

/* ---- a phone ---- */

static int answer_place(struct request *request, const struct panel_place *place, int status)
{
        struct printer printer;
        int r = printer_find(request->core, place->tenant, place->printer, &printer);

        if (r)
                return request_refuse(request, r);
        return request_answer(request, status,
                              json_pack("{s:o, s:{s:o, s:s, s:s, s:s}}", "panel", json_of_id(place->panel),
                                        "printer", "id", json_of_id(printer.id), "name", printer.name,
                                        "title", printer.title, "location", printer.location));
}

static int with_code(struct request *request,
                     int (*use)(struct core *core, const struct actor *actor, struct text code,
                                struct panel_place *ret),
                     int status)
{
        struct panel_place place;
        struct members members;
        const char *code;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        code = members_string(&members, "code", MEMBER_REQUIRED, 32);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (request->actor.kind != ACTOR_PERSON)
                return request_problem(request, &problem_not_signed_in, NULL);
        r = use(request->core, &request->actor, text_from(code), &place);
        return r ? request_refuse(request, r) : answer_place(request, &place, status);
}

int panel_code_look_answer(struct request *request)
{
        return with_code(request, panel_code_look, 200);
}

int panel_invite_answer(struct request *request)
{
        return with_code(request, panel_invite, 201);
}

/* ---- what the tenant wants ---- */

static json_t *policy_json(const struct panel_policy *p)
{
        return json_pack("{s:b, s:b, s:b, s:b, s:s}", "unbound", p->unbound, "prints_at_once",
                         p->prints_at_once, "presence", p->presence, "hides_titles", p->hides_titles, "words",
                         p->words);
}

int panel_policy_answer(struct request *request)
{
        struct panel_policy policy;
        int r = panel_policy_look(request->core, request->actor.tenant, &policy);

        return r ? request_refuse(request, r) : request_answer(request, 200, policy_json(&policy));
}

int panel_policy_change_answer(struct request *request)
{
        struct panel_policy policy;
        struct members members;
        const char *words;
        int r = panel_policy_look(request->core, request->actor.tenant, &policy);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        members_flag(&members, "unbound", MEMBER_OPTIONAL, &policy.unbound);
        members_flag(&members, "prints_at_once", MEMBER_OPTIONAL, &policy.prints_at_once);
        members_flag(&members, "presence", MEMBER_OPTIONAL, &policy.presence);
        members_flag(&members, "hides_titles", MEMBER_OPTIONAL, &policy.hides_titles);
        words = members_string(&members, "words", MEMBER_OPTIONAL, PANEL_WORDS - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (words)
                snprintf(policy.words, sizeof(policy.words), "%s", words);
        r = panel_policy_set(request->core, &request->actor, &policy);
        return r ? request_refuse(request, r) : request_answer(request, 200, policy_json(&policy));
}
