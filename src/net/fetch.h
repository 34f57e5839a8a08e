// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The one way in which the service itself asks other servers over HTTPS, to which somebody's settings point.
 *
 *      URL taken apart -> name resolved, once -> each address tested -> connected to a tested address ->
 * answer
 *
 *   1. No connection goes to an address that the policy (net/fetch-policy.h) refuses. The name is resolved
 * once and the connection goes to what was tested, so a name that means something else a moment later gains
 *      nothing; curl is told the address, and the socket is tested again as it is opened.
 *   2. Certificates are verified, for the name in the URL. No redirects, no proxies (of the environment or
 *      otherwise), no netrc, no cookies, no connections kept.
 *   3. Every call ends: time for the whole of it, resolving included, and octets of the answer are limited.
 *   4. Few calls are under way at once, and at most half of them to one host, so that slow servers elsewhere
 *      cannot keep our threads; whoever comes too much is told FETCH_BUSY. A host that let a call wait in
 * vain is left alone for FETCH_REST_MS: FETCH_UNREACHABLE at once.
 *
 * A fetcher is safe from every thread. Calls block up to timeout_ms.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "net/fetch-policy.h"

struct config;
struct fetcher;

#define FETCH_REST_MS 5000

struct fetch_settings {
        const char *allow;   /* as fetch_policy_parse() reads it; default none */
        const char *ports;   /* default "443" */
        const char *ca_path; /* PEM; "": the system's authorities */
        uint32_t timeout_ms; /* of a whole call; default 8 s */
        uint32_t at_once;    /* default 8 */
        uint32_t waiting;    /* for one of them; default 8 */
        /* For tests: resolves a name instead of the system; the number of addresses, at most max. */
        size_t (*resolve)(void *context, const char *host, struct in6_addr *ret, size_t max);
        void *context;
};

struct fetch_settings fetch_settings_default(void);
/* Reads [fetch] of the settings: allow, ports, ca_file, timeout, at_once, waiting. Texts are borrowed from
 * it. */
struct fetch_settings fetch_settings_read(struct config *config);

enum fetch_refusal {
        FETCH_BAD_URL = 1,  /* not https, or not written as it must be */
        FETCH_DENIED,       /* it leads to an address where we do not go */
        FETCH_UNKNOWN_HOST, /* the name has no address */
        FETCH_UNREACHABLE,
        FETCH_UNTRUSTED, /* its certificate is not one we trust for that name */
        FETCH_TIMEOUT,
        FETCH_CUT, /* no whole answer, or none that is HTTP */
        FETCH_TOO_LARGE,
        FETCH_BUSY,
};

/* FETCH_BAD_URL where allow or ports cannot be read. */
int fetcher_new(const struct fetch_settings *settings, struct fetcher **ret);
/* No call may be under way. */
void fetcher_free(struct fetcher *fetcher);
void fetcher_freep(struct fetcher **fetcher);

struct fetch_request {
        const char *url;
        const char *method;       /* NULL: "GET" */
        const char *accept;       /* NULL: application/json */
        const char *content_type; /* of the body; NULL: none */
        struct text body;
        const char *bearer; /* Authorization: Bearer; never logged */
        const char *user;   /* or Basic, with its password */
        const char *password;
        const char *header; /* one more, with its value, shorter than 255 octets; NULL: none */
        const char *header_value;
        size_t octets_max; /* of the answer's body; 0: 256 KiB */
};

struct fetch_answer {
        int status;
        struct buffer body;
        char content_type[128];
        int64_t fresh_s; /* how long it says that it may be kept; -1: it does not say */
};

/*
 * 0: an answer came, whatever its status; the caller ends *ret with fetch_answer_done(), in every case. words
 * (may be NULL) says for people what was wrong.
 */
int fetcher_fetch(struct fetcher *fetcher, const struct fetch_request *request, struct fetch_answer *ret,
                  char words[256]);
void fetch_answer_done(struct fetch_answer *answer);

/* Whether an address could be fetched at all, as far as it can be known without going there: for the settings
 * of a tenant. FETCH_BAD_URL, FETCH_DENIED. */
int fetcher_check_url(const struct fetcher *fetcher, const char *url);

/* What a refusal means, for people. */
const char *fetch_refusal_phrase(int refusal);
