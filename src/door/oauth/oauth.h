// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The endpoints that programs ask for tokens (RFC 6749, 7009, 8414, 8628). They speak the standards' own
 * language: forms in, and errors as RFC 6749, section 5.2, has them, not as problems.
 */

#include "core/sign-in/grant.h"
#include "door/request.h"

/* {"error": …, "error_description": …}; a 401 asks for Basic. */
int oauth_refuse(struct request *request, int status, const char *error, const char *description);
/* The table from grant_refusal to an error; passes faults on. */
int oauth_refuse_grant(struct request *request, int r);

/*
 * Who asks: a machine proves its secret, by Basic (section 2.3.1) or in the form, never both; every other
 * client says its name only. False after it was answered.
 */
bool oauth_client(struct request *request, struct client *ret, int *ret_r);
/* The scopes asked for; 0 where nothing is said. False after it was answered. */
bool oauth_scopes(struct request *request, const struct client *client, uint32_t *ret, int *ret_r);
