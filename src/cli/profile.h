// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The profile: which service, and as whom. ~/.config/imprimatur/profile (0600), written by "imprimatur
 * login". Its tokens are for its own service: where another one is named, they are left out. The command line
 * wins over the environment (IMPRIMATUR_SERVER, IMPRIMATUR_CA, IMPRIMATUR_TOKEN), which wins over the
 * profile.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct profile {
        char server[512]; /* "https://host:8443" */
        char ca[1024];    /* PEM file; "": the system's authorities */
        char token[128];
        char token_id[64];       /* by which logout revokes it; "" with a refresh token */
        char refresh_token[128]; /* "" where the token was made with a password, or is the environment's */
        int64_t expires;         /* of the token, seconds since 1970, where there is a refresh token */
        char email[256];
};

struct invocation;

/* False after a complaint. What is set nowhere is empty. */
bool profile_read(const struct invocation *invocation, struct profile *ret);
bool profile_write(const struct profile *profile);
bool profile_remove(void);
void profile_done(struct profile *profile);
/* Where it is, for people. */
bool profile_path(char *ret, size_t size);
/* Whether whoever signed in here last wants to be asked for the company code each time: kept beside the
 * profile, also when nobody is signed in, as browsers do. */
bool profile_asks_company(void);
void profile_remember_company(bool asks);
/* The path of another file beside it, in a folder that is there then. */
bool profile_path_beside(const char *name, char *ret, size_t size);
