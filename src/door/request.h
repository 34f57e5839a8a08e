// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A request on its way through the door.
 *
 *      route found -> who comes is known -> body read -> key looked up -> handler answers
 *
 * Handlers are straight lines: they read the request, call core, and end with one of the request_answer…()
 * functions. A refusal of core is answered by request_refuse(); a fault is returned as it is.
 */

#include <jansson.h>

#include "base/buffer.h"
#include "core/job/queue.h"
#include "door/door.h"
#include "door/form.h"
#include "door/inflating.h"
#include "door/json.h"
#include "door/problem.h"
#include "door/public-url.h"
#include "door/routes.h"
#include "conversion/sniffing.h"
#include "net/http-exchange.h"

struct arrival;
struct intake;
struct person_import;
struct printer;

struct request {
        struct door *door;
        struct core *core;
        struct http_exchange *x;
        const struct route *route;
        struct actor actor;
        struct text arguments[ROUTE_ARGUMENTS_MAX];
        struct buffer body;
        struct text session;     /* the secret of the session he came with; empty: none */
        json_t *json;            /* the body, where the route takes JSON */
        char *form_room;         /* what the form's texts lie in */
        struct form *form;       /* the body, where the route takes a form; NULL: it is none that we read */
        struct text key;         /* Idempotency-Key; empty: none */
        bool key_is_open;        /* its answer is owed */
        struct intake *intake;   /* of an upload */
        struct arrival *arrival; /* of a deposit (door/agent/deposits.c) */
        struct person_import *import; /* of people */
        bool dry;                     /* as if: nothing is written */
        struct queue queue;           /* where an upload goes */
        struct sniffing sniffing;     /* of an upload: what it is */
        bool is_compressed;           /* of an upload: as below */
        struct inflating inflating;
        struct id expects; /* the work whose frames are on their way */
};

/* Answers. value is taken over; NULL is the fault -ENOMEM, so json_pack() can stand in the call. */
int request_answer(struct request *request, int status, json_t *value);
int request_answer_nothing(struct request *request); /* 204 */
/* Answers a refusal of core by the table; passes 0 and faults on. */
int request_refuse(struct request *request, int r);
int request_problem(struct request *request, const struct problem *problem, const char *detail);
/* With a further member, which is taken over. */
int request_problem_with(struct request *request, const struct problem *problem, const char *member,
                         json_t *value);
int request_bad(struct request *request, const char *detail); /* 400 */
/* Answers what is wrong with the members. */
int request_complain(struct request *request, const struct members *members);

/*
 * "https://print.example.org:8443": by what name the service is known, as the settings say or, where they say
 * nothing, as the client reached it; then the name must be one of the certificate's, for what is made of it
 * (a passkey's site, an address to come back to) is believed. False after a complaint was answered (421).
 */
#define ORIGIN_STRING PUBLIC_URL_STRING
bool request_origin(struct request *request, char ret[ORIGIN_STRING], int *ret_r);

/* The id in the path; where it is none, there is nothing of that name. */
bool request_id(const struct request *request, size_t argument, struct id *ret);

/*
 * A page of a list. Its items are values that begin with their id, which is the cursor. There is room for one
 * more than is shown: that there is one more tells that there is a next page.
 */
struct page {
        size_t limit;    /* how many are shown */
        struct id after; /* where it goes on */
        void *items;     /* room for max items, to be filled by core; zero at first */
        size_t item_size;
        size_t max;
        size_t count; /* how many items were found */
};
/*
 * What is asked for by ?limit=50&after=<id>. False after a complaint was answered or a fault (*ret_r is what
 * to return). The scope ends with SCOPED(request_page_done) in either case.
 */
bool request_page(struct request *request, size_t item_size, struct page *ret, int *ret_r);
/* A list that is always shown whole, of at most max items. */
int request_whole_page(size_t item_size, size_t max, struct page *ret);
void request_page_done(struct page *page);
/* ?name=2026-01-31: the day (clock_day(), UTC); *to stays as it is where nothing was said. False after a
 * complaint was answered. */
bool request_query_day(struct request *request, const char *name, int64_t *to, int *ret_r);
/* {"items": […], "next": …} */
int request_answer_page(struct request *request, const struct page *page,
                        json_t *(*format)(const void *item, void *context), void *context);

/* An id or, where it is none, a name of the actor's tenant. Core's refusals. */
int request_find_printer(struct request *request, struct text name, struct printer *ret);
/* An id, an e-mail address, or "me". */
int request_find_person(struct request *request, struct text name, struct id *ret);

/* An id or a tenant's name; for operators. Whether he is one is core's to say. */
int request_find_tenant(struct request *request, struct text name, struct id *ret);

/* Who comes, by what the exchange proves: fills request->actor. Answers 401, 403, 429 and 503 itself:
 * false, with *ret_r. */
bool request_authenticate(struct request *request, int *ret_r);
/* Writes down that somebody looks at what is not only his, before he is shown it (core/trail/watch.h). */
int request_note_look(struct request *request);
/*
 * Sessions of pages (door/request-session.c). The cookie is the session's secret, so it goes to our own host
 * alone, by TLS alone, and no script reads it. What changes something must also bring the token that only a
 * page of ours has been told: the header X-CSRF-Token.
 */
#define SESSION_COOKIE      "__Host-imprimatur"
#define SESSION_CSRF_STRING 33
/* The cookie of the request; false where there is none. */
bool request_session_cookie(const struct request *request, struct text *ret);
int request_sign_in_session(struct request *request, struct text secret);
/* What keeps a session's request from the route: no token, not fresh; or NULL. */
const struct problem *request_session_lacks(const struct request *request);
/* For what is fresh only with some values: a role, for one. */
bool request_is_fresh(const struct request *request);
/* Sets the cookie; an empty secret takes it away. */
int request_set_session(struct request *request, const char *secret);
/*
 * Who always wants to be asked for the company code is remembered by the browsers in which he signed in, by a
 * cookie that says no more than that. So no answer to an address tells whether it has an account.
 */
#define COMPANY_COOKIE "__Host-imprimatur-company"
bool request_asks_company(const struct request *request);
/* After a sign-in: sets the cookie or takes it away, as the person wants it. */
int request_remember_company(struct request *request, bool asks);
void session_csrf(struct text secret, char ret[SESSION_CSRF_STRING]);

/* Whether the key is new; where not, the first answer was sent again, or why not: false, with *ret_r. */
bool request_begin_key(struct request *request, int *ret_r);
