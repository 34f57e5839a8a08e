// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A session: requests to the service's HTTP API, and what it answered, for people or for programs.
 *
 * Every function here that returns an int returns an exit status, and has told people what is wrong and what
 * to do where that is not 0.
 */

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/profile.h"
#include "cli/table.h"
#include "net/http-client.h"

struct session {
        const struct invocation *invocation;
        struct profile profile;
        struct http_client *client;
        bool json; /* answers are printed as JSON */
        bool yes;
        bool is_refreshed; /* a refused token was refreshed already */
};

/* Reads the profile and makes the client. */
int session_open(struct session *session, const struct invocation *invocation);
/* As somebody else than the profile says: for login. email "": as nobody; NULL: as the profile says. */
int session_open_as(struct session *session, const struct invocation *invocation, const char *email,
                    const char *password);
/* With the profile that stands in the session. */
int session_open_client(struct session *session);
void session_done(struct session *session);

/* What a release left out, and what there is to choose from. */
extern const struct column session_refused[];

/* path is escaped already (see path_make()). body may be NULL; it is taken over. *ret may be NULL; otherwise
 * it is the answer (NULL for an empty one), for the caller to json_decref(). */
int session_call(struct session *session, const char *method, const char *path, json_t *body, json_t **ret);
/* Gets what may be had or not: NULL where it may not, and nothing is said. */
void session_look(struct session *session, const char *path, json_t **ret);
/* Likewise a document from a source. headers: up to SESSION_HEADERS_MAX further ones, "Name: value", NULL at
 * the end; NULL: none. */
#define SESSION_HEADERS_MAX 4
int session_send(struct session *session, const char *path, const char *content_type,
                 const char *const *headers, const struct http_source *source, int64_t size, json_t **ret);
/* Copies the answer, of whatever size, to a file. */
int session_copy(struct session *session, const char *path, FILE *to);
/* Likewise the answer to a body that is sent (POST), which is taken over. */
int session_copy_made(struct session *session, const char *path, json_t *body, FILE *to);
/* Gets a document, piece by piece; octets() returns false to stop. */
int session_take(struct session *session, const char *path, bool (*octets)(void *context, struct text octets),
                 void *context);
/* All items of a list, page by page, at most max (0: all). */
int session_list(struct session *session, const char *path, size_t max, json_t **ret);
/* The id of the item whose id or whose member of that name is the word. */
int session_resolve(struct session *session, const char *list, const char *member, const char *word,
                    char ret_id[64]);
/* Opens the session, and makes a path (path_make()) of the agent that the first operand names. */
int session_open_agent(struct session *session, struct invocation *invocation, const char *pattern,
                       char *path, size_t size);

/* "/v1/people/%/badges/%": each % becomes the next word, escaped. False (after a complaint) where it does not
 * fit. */
bool path_make(char *ret, size_t size, const char *pattern, const char *first, const char *second);

/* Asks, unless --yes. */
bool session_confirm(const struct session *session, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
/* Prints the value where JSON is wanted, and says whether it was. */
bool session_print_json(const struct session *session, json_t *value);
