// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What printers complain of, and who is told. */

#include "core/notice/alert.h"

#include <string.h>

#include "base/scope.h"
#include "core/printer/printer.h"
#include "core/site/site.h"
#include "door/api/api.h"
#include "identity/identity.h"
#include "net/fetch.h"

static json_t *alert_json(const struct alert *a)
{
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id",
                         json_of_id(a->id), "printer", json_of_id(a->printer), "printer_name",
                         json_words_or_null(a->printer_name), "agent", json_of_id(a->agent), "agent_name",
                         json_words_or_null(a->agent_name), "severity", alert_severity_names[a->severity],
                         "concerns", a->concerns, "code", a->code, "description",
                         json_words_or_null(a->description), "opened", json_of_time(a->opened_ms), "seen",
                         json_of_time(a->seen_ms), "closed", json_of_time(a->closed_ms));
}

static json_t *format_alert(const void *item, void *context)
{
        return alert_json(item);
}

int alerts_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct printer printer = { .accepting = false };
        bool only_open = true;
        struct text word;
        int r;

        if (http_query(request->x, "which", &word)) {
                only_open = text_equal_string(word, "open");
                if (!only_open && !text_equal_string(word, "all"))
                        return request_bad(request, "which is one of: open, all.");
        }
        if (http_query(request->x, "printer", &word)) {
                r = request_find_printer(request, word, &printer);
                if (r)
                        return request_refuse(request, r);
        }
        if (!request_page(request, sizeof(struct alert), &page, &r))
                return r;
        r = alert_list(request->core, &request->actor, only_open, printer.id, page.after, page.items,
                       page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_alert, NULL);
}

/* ---- routes ---- */

static json_t *route_json(const struct alert_route *route, bool shows_secret)
{
        json_t *concerns = json_array(), *value;

        for (size_t i = 0; concerns && i < route->concern_count; i++)
                json_array_append_new(concerns, json_words(route->concerns[i]));
        value = json_pack(
                "{s:o, s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:I, s:o, s:o, s:o}", "id", json_of_id(route->id),
                "title", route->title, "kind", alert_route_kind_names[route->kind], "to", route->target,
                "least", alert_severity_names[route->least], "concerns", concerns, "site",
                json_of_id(route->site), "closings", route->closings, "waiting", (json_int_t)route->waiting,
                "outcome", json_words_or_null(route->outcome), "outcome_at", json_of_time(route->outcome_ms),
                "created", json_of_time(route->created_ms));
        if (value && shows_secret)
                json_object_set_new(value, "secret", json_words_or_null(route->secret));
        return value;
}

static json_t *format_route(const void *item, void *context)
{
        return route_json(item, false);
}

int alert_routes_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct alert_route), &page, &r))
                return r;
        r = alert_route_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_route, NULL);
}

static bool is_keyword(const char *word)
{
        return word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] ==
               '\0';
}

/* need: of one that is made; what is there of one that is changed stays where nothing is said. */
static bool read_route(struct request *request, enum member_need need, struct alert_route *route, int *ret_r)
{
        int kind = (int)route->kind, least = (int)route->least;
        struct members members;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "title", need, route->title, sizeof(route->title));
        if (need == MEMBER_REQUIRED)
                members_word(&members, "kind", need, alert_route_kind_names, &kind);
        members_words(&members, "to", need, route->target, sizeof(route->target));
        members_word(&members, "least", MEMBER_OPTIONAL, alert_severity_names, &least);
        members_strings(&members, "concerns", ALERT_CONCERNS, route->concerns, CORE_NAME,
                        &route->concern_count);
        members_flag(&members, "closings", MEMBER_OPTIONAL, &route->closings);
        if (!request_read_site(request, &members, &route->site, ret_r))
                return false;
        for (size_t i = 0; i < route->concern_count; i++)
                if (!is_keyword(route->concerns[i]))
                        members_complain(&members, "\"concerns\" are keywords, such as markerSupplies.");
        route->kind = (enum alert_route_kind)kind;
        route->least = (enum alert_severity)least;
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

/* False where it does not; *ret_r is what the request was answered with then. */
static bool leads_somewhere(struct request *request, const struct alert_route *route, int *ret_r)
{
        int r = route->kind == ALERT_BY_HOOK
                        ? fetcher_check_url(identity_fetcher(request->door->identity), route->target)
                        : 0;

        if (r)
                *ret_r = request_bad(request, fetch_refusal_phrase(r));
        return r == 0;
}

int alert_route_make_answer(struct request *request)
{
        struct alert_route route = { .kind = ALERT_BY_MAIL, .least = ALERT_WARNING, .closings = true };
        int r;

        if (!read_route(request, MEMBER_REQUIRED, &route, &r) || !leads_somewhere(request, &route, &r))
                return r;
        r = alert_route_make(request->core, &request->actor, &route);
        if (r == 0)
                r = request_answer(request, 201, route_json(&route, true));
        else
                r = request_refuse(request, r);
        explicit_bzero(&route, sizeof(route));
        return r;
}

int alert_route_change_answer(struct request *request)
{
        struct alert_route route;
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = alert_route_find(request->core, &request->actor, id, &route);
        if (r)
                return request_refuse(request, r);
        if (read_route(request, MEMBER_OPTIONAL, &route, &r) && leads_somewhere(request, &route, &r)) {
                r = alert_route_change(request->core, &request->actor, &route);
                if (r == 0)
                        r = request_answer(request, 200, route_json(&route, false));
                else
                        r = request_refuse(request, r);
        }
        explicit_bzero(&route, sizeof(route));
        return r;
}

int alert_route_delete_answer(struct request *request)
{
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = alert_route_delete(request->core, &request->actor, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
