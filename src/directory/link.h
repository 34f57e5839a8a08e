// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Link: one connection to one server of a directory, verified, until a deadline. What directory/ask.h
 * promises is kept here. Used by one thread. Functions answer a directory_outcome, or a fault.
 */

#include <ldap.h>

#include "base/buffer.h"
#include "directory/ask.h"

struct link {
        LDAP *ldap;
        bool is_secure;      /* TLS stands */
        int64_t deadline_ms; /* clock_monotonic_ms() */
        const struct directory_settings *settings;
        char words[DIRECTORY_WORDS]; /* why the last outcome */
        char connected[24];          /* what was reached before it: "", "resolve", "connect", "tls" */
};

/* TLS stands and the certificate is verified on DIRECTORY_DONE. *link is to be closed in every case. */
int link_open(struct link *link, const struct directory_settings *settings,
              const struct directory_server *server, const struct directory_asker *asker,
              int64_t deadline_ms);
void link_close(struct link *link);

/* DONE, WRONG_PASSWORD, SILENT, CONFUSED. The password is not empty. */
int link_bind(struct link *link, const char *name, const char *password);

struct link_query {
        const char *base;
        int scope; /* LDAP_SCOPE_… */
        const char *filter;
        const char *const *attributes; /* ended by NULL */
};
/* Each entry is given to give(), at most max of them; outcomes as of link_search(). */
int link_search_at(struct link *link, const struct link_query *query, size_t max,
                   int (*give)(struct link *, LDAPMessage *, void *), void *context);

/* People, beneath the base of the settings; each entry is given to give(), at most max of them. DONE,
 * AMBIGUOUS (more than max), SEARCH_REFUSED, SILENT, CONFUSED. */
int link_search(struct link *link, const char *filter, size_t max,
                int (*give)(struct link *, LDAPMessage *, void *), void *context);

/* One page (RFC 2696). *cookie is NULL at first, and after the last page. */
int link_search_page(struct link *link, const char *filter, struct berval **cookie,
                     int (*give)(struct link *, LDAPMessage *, void *), void *context);
