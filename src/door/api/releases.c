// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/release/release.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/badge-wait.h"
#include "core/job/job-password.h"
#include "core/panel/panel-code.h"
#include "core/printer/printer.h"
#include "core/sign-in/sign-in.h"
#include "door/api/api.h"

#define RELEASE_ARENA_OCTETS (4 * 1024 * 1024)

static json_t *items_json(const struct release *release, bool only_ids)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < release->item_count; i++) {
                const struct release_item *item = &release->items[i];
                json_t *value =
                        only_ids ? json_of_id(item->job)
                                 : json_pack("{s:o, s:o, s:s, s:o}", "id", json_of_id(item->delivery), "job",
                                             json_of_id(item->job), "state", delivery_state_name(item->state),
                                             "reason", json_words_or_null(item->reason));

                if (!value || json_array_append_new(array, value)) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

static const char *reason_of(const struct release_left *left)
{
        switch (left->refusal) {
        case CORE_UNSUPPORTED: return settled_reason(left->note.kind);
        case CORE_BAD_FORMAT: return "bad-format";
        case CORE_OTHER_PRINTER: return "other-printer";
        default: return release_word(left->refusal) ? release_word(left->refusal) : "not-held";
        }
}

/* What was left out, and why. */
static json_t *refused_json(const struct release *release)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < release->left_count; i++) {
                const struct release_left *left = &release->left[i];
                json_t *value = settled_note_json(left->refusal == CORE_UNSUPPORTED ? &left->note : NULL);

                if (!value || json_object_set_new(value, "job", json_of_id(left->job)) ||
                    json_object_set_new(value, "reason", json_string(reason_of(left))) ||
                    json_array_append_new(array, value)) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

static json_t *release_json(const struct release *release)
{
        return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "id", json_of_id(release->id), "person",
                         json_of_id(release->person), "printer", json_of_id(release->printer), "method",
                         release_method_name(release->method), "created", json_of_time(release->created_ms),
                         "jobs", items_json(release, true), "deliveries", items_json(release, false),
                         "refused", refused_json(release));
}

/* The printer at which a badge waits; zero: there is none. */
static int printer_of_badge(struct request *request, struct id tenant, struct text name, struct id *ret)
{
        struct printer printer;
        struct id id;
        int r = id_parse(name, &id) ? printer_find(request->core, tenant, id, &printer)
                                    : printer_find_by_name(request->core, tenant, name, &printer);

        *ret = r ? (struct id){ { 0 } } : printer.id;
        return r < 0 ? r : 0;
}

/* The PIN of whoever has just held a badge to the reader there. */
static int confirm_badge(struct request *request, struct id tenant, struct text printer_name, struct text pin,
                         struct text source, struct sign_in *ret)
{
        struct id printer;
        int r = printer_of_badge(request, tenant, printer_name, &printer);

        return r ? r : badge_wait_confirm(request->core, tenant, printer, pin, source, ret);
}

enum identification {
        BY_PIN,
        BY_CODE,
        BY_BADGE
};

/* {"method": "pin", "email", "pin"}, {"method": "code", "code"} or {"method": "badge", "pin"}, with the
 * company code where no address tells whose it is and nobody is signed in; false after a complaint or refusal
 * was answered. */
static bool identify(struct request *request, json_t *identification, struct text printer,
                     struct release_order *order, int *ret_r)
{
        static const char *const methods[] = { "pin", "code", "badge", NULL };
        static const char *const secrets[] = { "pin", "code", "pin" };
        struct sign_in found = { .actor = { .via = request->actor.via } };
        struct text source = text_from(request->x->peer), secret;
        const char *email, *company_code;
        struct tenant tenant = { 0 };
        struct members members;
        int method = 0, r;

        members_open(&members, identification);
        members_word(&members, "method", MEMBER_REQUIRED, methods, &method);
        email = members_string(&members, "email", method == BY_PIN ? MEMBER_REQUIRED : MEMBER_OPTIONAL,
                               CORE_EMAIL - 1);
        company_code = members_string(&members, "company_code", MEMBER_OPTIONAL, 32);
        secret = members_secret(&members, secrets[method], MEMBER_REQUIRED, 64);
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        r = method == BY_BADGE && !company_code && request->actor.kind == ACTOR_PERSON
                    ? tenant_find_by_id(request->core, request->actor.tenant, &tenant)
                    : tenant_find_for(request->core, text_from(email), text_from(company_code), source,
                                      &tenant);
        if (r == CORE_NOT_FOUND) {
                tenant.id = (struct id){ { 0 } };
                r = 0;
        }
        if (r == 0)
                switch ((enum identification)method) {
                case BY_PIN:
                        r = sign_in_by_pin(request->core, &tenant.id, text_from(email), secret, source,
                                           &found);
                        break;
                case BY_CODE:
                        r = sign_in_to_release(request->core, tenant.id, secret, request->key, source,
                                               &found);
                        break;
                case BY_BADGE: r = confirm_badge(request, tenant.id, printer, secret, source, &found); break;
                }
        if (r) {
                *ret_r = request_refuse(request, r);
                return false;
        }
        request->actor = found.actor;
        order->method = method == BY_CODE ? RELEASE_CODE : RELEASE_PIN;
        order->code = found.code;
        return true;
}

/* False after a complaint was answered. */
static bool read_listed(struct request *request, json_t *array, struct release_order *order,
                        struct id ids[RELEASE_JOBS_MAX], int *ret_r)
{
        json_t *item;
        size_t i;

        order->selection = RELEASE_LISTED;
        order->jobs = ids;
        order->job_count = json_array_size(array);
        if (order->job_count == 0 || order->job_count > RELEASE_JOBS_MAX) {
                *ret_r = request_bad(request, "\"jobs\" lists 1 to 256 ids.");
                return false;
        }
        json_array_foreach(array, i, item)
        {
                if (!json_is_string(item) || !id_parse(text_from(json_string_value(item)), &ids[i])) {
                        *ret_r = request_bad(request, "\"jobs\" must list ids, or be \"all\" or \"newest\".");
                        return false;
                }
        }
        return true;
}

static bool read_selection(struct request *request, json_t *jobs, struct release_order *order,
                           struct id ids[RELEASE_JOBS_MAX], int *ret_r)
{
        const char *word = json_string_value(jobs);

        if (json_is_array(jobs))
                return read_listed(request, jobs, order, ids, ret_r);
        if (word && strcmp(word, "all") == 0) {
                order->selection = RELEASE_ALL;
                return true;
        }
        if (word && strcmp(word, "newest") == 0) {
                order->selection = RELEASE_NEWEST;
                return true;
        }
        *ret_r = request_bad(request, "\"jobs\" must list ids, or be \"all\" or \"newest\".");
        return false;
}

static int order_release(struct request *request, struct release_order *order)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(RELEASE_ARENA_OCTETS);
        struct release made;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        if (request->key.len)
                order->id = release_id_of_key(request->actor.tenant, request->actor.id, request->key);
        r = release(request->core, &request->actor, order, arena, &made);
        if (r == CORE_UNSUPPORTED)
                return request_problem_with(request, problem_of_refusal(r), "refused", refused_json(&made));
        return r ? request_refuse(request, r) : request_answer(request, 201, release_json(&made));
}

/* Whoever is signed in at a panel is there; of the others the tenant may want to see its code. */
static int check_presence(struct request *request, struct id printer, const char *code)
{
        if (request->actor.via == VIA_PANEL)
                return 0;
        return panel_presence_check(request->core, &request->actor, printer, text_from(code));
}

int release_make_answer(struct request *request)
{
        SCOPED(freep) struct id *ids = calloc(RELEASE_JOBS_MAX, sizeof(*ids));
        static const char *const unsupported[] = { "refuse", "adapt", NULL };
        struct release_order order = { .method = RELEASE_API };
        json_t *jobs, *identification, *options, *paying;
        struct members members;
        struct accounting accounting;
        struct printer printer;
        struct ticket ticket;
        const char *name, *owner, *panel_code;
        int64_t from_page;
        int word = 0, r;

        if (!ids)
                return fault(-ENOMEM);
        if (!request_members(request, &members, &r))
                return r;
        name = members_string(&members, "printer", MEMBER_REQUIRED, CORE_NAME - 1);
        jobs = members_any(&members, "jobs");
        owner = members_string(&members, "owner", MEMBER_OPTIONAL, CORE_EMAIL - 1);
        identification = members_object(&members, "identification", MEMBER_OPTIONAL);
        panel_code = members_string(&members, "panel_code", MEMBER_OPTIONAL, 32);
        options = members_object(&members, "ticket", MEMBER_OPTIONAL);
        paying = members_object(&members, "accounting", MEMBER_OPTIONAL);
        order.job_password = members_secret(&members, "job_password", MEMBER_OPTIONAL, JOB_PASSWORD_MOST);
        members_flag(&members, "again", MEMBER_OPTIONAL, &order.again);
        members_flag(&members, "first_copy", MEMBER_OPTIONAL, &order.first_copy);
        if (members_number(&members, "from_page", MEMBER_OPTIONAL, 1, 1000000, &from_page))
                order.from_page = (uint32_t)from_page;
        if (members_word(&members, "unsupported", MEMBER_OPTIONAL, unsupported, &word))
                order.adapts = word == 1;
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!read_selection(request, jobs, &order, ids, &r))
                return r;
        if (order.job_password.len && !job_password_is_possible(order.job_password))
                return request_bad(request, "\"job_password\" is 4 to 16 digits.");
        if (options && !ticket_read(request, options, &ticket, &r))
                return r;
        order.ticket = options ? &ticket : NULL;
        if (paying && !accounting_read(request, paying, &accounting, &r))
                return r;
        order.accounting = paying ? &accounting : NULL;
        if (identification) {
                if (!identify(request, identification, text_from(name), &order, &r))
                        return r;
        } else if (request->actor.kind != ACTOR_PERSON) {
                return request_problem(request, &problem_not_signed_in, NULL);
        }
        r = request_find_printer(request, text_from(name), &printer);
        if (r == 0 && owner)
                r = request_find_person(request, text_from(owner), &order.owner);
        if (r == 0)
                r = check_presence(request, printer.id, panel_code);
        if (r)
                return request_refuse(request, r);
        order.printer = printer.id;
        return order_release(request, &order);
}

int release_answer(struct request *request)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(RELEASE_ARENA_OCTETS);
        struct release found;
        struct id id;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = release_find(request->core, &request->actor, id, arena, &found);
        return r ? request_refuse(request, r) : request_answer(request, 200, release_json(&found));
}
