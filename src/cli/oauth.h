// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The command line as an OAuth client ("imprimatur-cli"): it asks to be let in, keeps what it was given in
 * the profile, has it refreshed in time, and gives it back.
 *
 * A refresh token works once. Two commands at once therefore take turns, by a lock beside the profile, and
 * the second finds what the first was given.
 */

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "cli/profile.h"
#include "net/http-client.h"

#define OAUTH_CLIENT "imprimatur-cli"

struct invocation;

/* Adds "name=value" to a form. */
void oauth_field(struct buffer *form, const char *name, const char *value);
/*
 * Sends a form. 0 where the server answered at all: *ret is its JSON (may be NULL), *ret_status the status.
 * Otherwise an http_client_refusal or a fault.
 */
int oauth_ask(struct http_client *client, const char *path, const struct buffer *form, int *ret_status,
              json_t **ret);
/* "error" of an answer, "" where there is none. */
const char *oauth_error(json_t *answer);
/* Takes over what a token answer says. False where it is none. */
bool oauth_take(struct profile *profile, json_t *answer);

/* Both ways in; they tell people what to do, and return an exit status. */
int oauth_login_by_device(struct http_client *client, const char *scope, struct profile *profile);
int oauth_login_by_browser(struct http_client *client, const char *scope, struct profile *profile);

/*
 * Has the access token refreshed where it is about to end, or in any case where forced, and writes the
 * profile. False after a complaint.
 */
bool oauth_refresh(const struct invocation *invocation, struct profile *profile, bool forced);
/* Gives everything back. */
int oauth_revoke(const struct profile *profile);
