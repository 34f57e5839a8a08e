// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The one table of routes: method, path, the right it takes (core/right.h), and which function answers.
 *
 * The default is no: a route without a line here does not exist, and a line without a right is one that
 * nobody may come to and test-routes finds. The authorization tests and api/openapi.yaml are checked against
 * this very table.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "core/right.h"

struct http_exchange;
struct request;

#define ROUTE_ARGUMENTS_MAX 2

enum route_body {
        ROUTE_NO_BODY = 1,
        ROUTE_JSON,     /* an object */
        ROUTE_FORM,     /* application/x-www-form-urlencoded; what is wrong with it, the handler answers */
        ROUTE_DOCUMENT, /* any octets, given on as they arrive */
};

struct route {
        const char *method;
        const char *pattern; /* "/v1/jobs/{job}" */
        enum right right;    /* whoever has it at all may come; how far he reaches is for core to say */
        enum route_body body;
        bool creates; /* takes an Idempotency-Key */
        /* The whole request is here: must answer. Refusals are answered, faults returned. */
        int (*answer)(struct request *request);
        /* ROUTE_DOCUMENT: before the body (may answer), each piece of it, and in any case at the end. open
         * may stand with the others, too: where a body may be longer. */
        int (*open)(struct request *request);
        int (*octets)(struct request *request, struct text octets);
        void (*close)(struct request *request);
        bool half;    /* also of a session that owes a second factor */
        bool fresh;   /* needs a secret shown just now, besides what the right says */
        bool secrets; /* strings of the body may hold NUL: a secret with one is wrong, not malformed */
};

const struct route *routes_all(size_t *ret_count);

/* The route of a method and a path; ret_arguments are what stands in place of "{…}". NULL where there is
 * none. */
const struct route *route_find(struct text method, const struct text *segments, size_t segment_count,
                               struct text ret_arguments[ROUTE_ARGUMENTS_MAX]);

/* The methods that the path has, as for the Allow header; false where it has none. */
bool route_methods(const struct text *segments, size_t segment_count, char *ret, size_t size);
