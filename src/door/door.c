// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/door.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/outcome.h"
#include "door/api/api.h"
#include "door/page/page.h"
#include "door/app.h"

struct door_settings door_settings_default(void)
{
        return (struct door_settings){
                .json_max_octets = 64 * 1024,
                .table_max_octets = 64 << 20,
                .expansion = inflating_limits_default(),
                .page_max = 200,
                .public_url = "",
                .update_manifest = "",
        };
}

/* Names as DNS has them, in small letters, and addresses of version 4. */
static bool is_host(struct text host)
{
        static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

        for (size_t i = 0; i < host.len; i++)
                if (!memchr(good, host.at[i], sizeof(good) - 1))
                        return false;
        return host.len > 0 && host.len <= 253 && host.at[0] != '-' && host.at[0] != '.';
}

bool door_public_host(struct text url, struct text *ret)
{
        struct text host, port;
        uint64_t number;

        if (!text_starts_with(url, "https://"))
                return false;
        url.at += 8;
        url.len -= 8;
        if (text_cut(url, ':', &host, &port) && !text_number(port, UINT16_MAX, &number))
                return false;
        *ret = host;
        return is_host(host);
}

struct door_settings door_settings_read(struct config *config, const char *section)
{
        struct door_settings s = door_settings_default();

        s.json_max_octets = (uint32_t)config_number(config, section, "json_max_octets", s.json_max_octets,
                                                    1024, 16 * 1024 * 1024);
        s.table_max_octets = (uint64_t)config_number(config, section, "table_max_octets",
                                                     (int64_t)s.table_max_octets, 1024, (int64_t)1 << 32);
        s.expansion = inflating_limits_read(config);
        s.page_max = (uint32_t)config_number(config, section, "page_max", s.page_max, 200, 1000);
        s.public_url = config_string(config, section, "public_url", s.public_url);
        s.update_manifest = config_string(config, section, "update_manifest", s.update_manifest);
        s.metrics_everywhere = config_flag(config, section, "metrics_everywhere", s.metrics_everywhere);
        return s;
}

bool request_members(struct request *request, struct members *ret, int *ret_r)
{
        members_open(ret, request->json);
        if (ret->complaint[0] == '\0')
                return true;
        *ret_r = request_complain(request, ret);
        return false;
}

static bool is_type(struct text content_type, const char *type)
{
        struct text name, parameters;

        text_cut(content_type, ';', &name, &parameters);
        return text_equal_nocase(text_trim(name), text_from(type));
}

static int begin(struct http_exchange *x)
{
        struct request *request = x->user;
        int r;

        if (!request_authenticate(request, &r))
                return r;
        if (request->route->body == ROUTE_JSON) {
                if (!is_type(x->content_type, "application/json"))
                        return request_problem(request, &problem_bad_type, NULL);
                x->body_max_octets = request->door->settings.json_max_octets;
        }
        if (request->route->body == ROUTE_FORM)
                x->body_max_octets = request->door->settings.json_max_octets;
        return request->route->open ? request->route->open(request) : 0;
}

static int take_octets(struct http_exchange *x, struct text octets)
{
        struct request *request = x->user;

        buffer_add_text(&request->body, octets);
        return request->body.failure ? fault(request->body.failure) : 0;
}

static int take_document_octets(struct http_exchange *x, struct text octets)
{
        struct request *request = x->user;

        return request->route->octets(request, octets);
}

/* False after a complaint was answered. */
static bool parse(struct request *request, int *ret_r)
{
        struct text octets = buffer_text(&request->body);
        size_t flags = JSON_REJECT_DUPLICATES | (request->route->secrets ? JSON_ALLOW_NUL : 0);
        json_error_t error;
        char detail[160];

        request->json = json_loadb(octets.at ? octets.at : "", octets.len, flags, &error);
        if (json_is_object(request->json))
                return true;
        if (request->json)
                snprintf(detail, sizeof(detail), "The body must be a JSON object.");
        else
                snprintf(detail, sizeof(detail), "The body is not JSON: line %d, column %d.", error.line,
                         error.column);
        *ret_r = request_bad(request, detail);
        return false;
}

/* Leaves request->form NULL where it is none that we understand. */
static int parse_form(struct request *request)
{
        struct form *form = arena_alloc(request->x->arena, sizeof(*form));

        if (!form)
                return fault(-ENOMEM);
        request->form_room = malloc(request->body.len + 1);
        if (!request->form_room)
                return fault(-ENOMEM);
        if (is_type(request->x->content_type, "application/x-www-form-urlencoded") &&
            form_parse(buffer_text(&request->body), request->form_room, form) == 0)
                request->form = form;
        return 0;
}

static int end(struct http_exchange *x)
{
        struct request *request = x->user;
        int r;

        if (request->route->body == ROUTE_JSON && !parse(request, &r))
                return r;
        if (request->route->body == ROUTE_FORM) {
                r = parse_form(request);
                if (r)
                        return r;
        }
        if (!request_begin_key(request, &r))
                return r;
        r = request_note_look(request);
        if (r == 0)
                r = request->route->answer(request);
        if (r && (request->key_is_open || page_is_wanted(request)) && !http_is_answered(x))
                request_problem(request, &problem_internal, NULL);
        return r;
}

static void gone(struct http_exchange *x)
{
        struct request *request = x->user;

        if (request->route->close)
                request->route->close(request);
        /* A body may have held a password. */
        if (request->body.at)
                explicit_bzero(request->body.at, request->body.size);
        if (request->form_room)
                explicit_bzero(request->form_room, request->body.len);
        free(request->form_room);
        buffer_done(&request->body);
        json_decref(request->json);
}

static const struct http_handler plain = { .begin = begin, .end = end, .gone = gone };
static const struct http_handler with_body = {
        .begin = begin, .octets = take_octets, .end = end, .gone = gone
};
static const struct http_handler with_document = {
        .begin = begin, .octets = take_document_octets, .end = end, .gone = gone
};

static void answer_no_method(struct http_exchange *x)
{
        char methods[64];

        if (!route_methods(x->segments, x->segment_count, methods, sizeof(methods)))
                return;
        if (http_add_header(x, "Allow", methods) == 0)
                http_respond_problem(x, problem_no_method.status, problem_no_method.title,
                                     problem_no_method.detail);
}

const struct http_handler *door_route(struct door *door, struct http_exchange *x)
{
        struct text arguments[ROUTE_ARGUMENTS_MAX] = { 0 };
        const struct route *route = route_find(x->method, x->segments, x->segment_count, arguments);
        struct request *request;

        if (!route) {
                answer_no_method(x);
                return http_is_answered(x) ? NULL : app_route(x);
        }
        request = arena_alloc(x->arena, sizeof(*request));
        if (!request) {
                http_respond_problem(x, problem_internal.status, problem_internal.title,
                                     problem_internal.detail);
                return NULL;
        }
        *request = (struct request){ .door = door, .core = door->core, .x = x, .route = route };
        for (size_t i = 0; i < ROUTE_ARGUMENTS_MAX; i++)
                request->arguments[i] = arguments[i];
        buffer_init(&request->body, door->settings.json_max_octets);
        x->user = request;
        switch (route->body) {
        case ROUTE_JSON:
        case ROUTE_FORM: return &with_body;
        case ROUTE_DOCUMENT: return &with_document;
        case ROUTE_NO_BODY: break;
        }
        return &plain;
}
