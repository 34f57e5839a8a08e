// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The one table of routes: method, path, who may come, and which function answers.
 *
 * The default is no: a route without a line here does not exist, and a line cannot be written without saying
 * who may come. The authorization tests and api/openapi.yaml are checked against this very table.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct http_exchange;
struct request;

#define ROUTE_ARGUMENTS_MAX 2

enum route_who {
        WHO_NOBODY = 1,    /* everybody, without looking at credentials */
        WHO_SUBMITTER,     /* a person, also with a device's print token */
        WHO_PERSON,        /* a person, signed in with a password or an API token */
        WHO_IDENTIFIED,    /* a person, or nobody yet: the body then says who (a PIN) */
        WHO_ADMINISTRATOR, /* a person with that role */
        WHO_AGENT,         /* an enrolled agent on its own connection */
        WHO_NEW_AGENT,     /* any key on an agent's connection: to enrol */
};
const char *route_who_name(enum route_who who);

enum route_body {
        ROUTE_NO_BODY = 1,
        ROUTE_JSON,     /* an object */
        ROUTE_DOCUMENT, /* any octets, given on as they arrive */
};

struct route {
        const char *method;
        const char *pattern; /* "/v1/jobs/{job}" */
        enum route_who who;
        enum route_body body;
        bool creates; /* takes an Idempotency-Key */
        /* The whole request is here: must answer. Refusals are answered, faults returned. */
        int (*answer)(struct request *request);
        /* ROUTE_DOCUMENT: before the body (may answer), each piece of it, and in any case at the end. */
        int (*open)(struct request *request);
        int (*octets)(struct request *request, struct text octets);
        void (*close)(struct request *request);
};

const struct route *routes_all(size_t *ret_count);

/* The route of a method and a path; ret_arguments are what stands in place of "{…}". NULL where there is
 * none. */
const struct route *route_find(struct text method, const struct text *segments, size_t segment_count,
                               struct text ret_arguments[ROUTE_ARGUMENTS_MAX]);

/* The methods that the path has, as for the Allow header; false where it has none. */
bool route_methods(const struct text *segments, size_t segment_count, char *ret, size_t size);
