// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Grants to programs: somebody lets a client act for him, within scopes, until he takes it back.
 *
 *      yes on the page ----> authorization code --.
 *                            (60 s, PKCE)          >--> grant --> access token, 15 min
 *      yes to a device ----> device code ---------'       \----> refresh token, used once, gives both anew
 *      machine's secret ------------------------------------> access token
 *
 * Six things are always true:
 *
 *   1. A token is 256 random bits and is stored as its SHA-256; a row says what it stands for. So whatever
 *      ends a grant ends it for the very next request: its owner, an administrator, the end of the person.
 *   2. An authorization code works once, for the client, the redirect URI and the PKCE challenge (S256) it
 * was made for. Wrongly shown it is spent. Shown again it ends what it gave (RFC 6749, section 4.1.2).
 *   3. A refresh token works once. Shown again it ends the whole grant, since one of the two who show it is
 *      not who he should be (RFC 9700, section 4.14) - with one exception:
 *   4. Within refresh_retry_ms, and as long as its successor has not been used, a spent refresh token gives
 *      the same successor again: the answer was lost on its way. The successor is made of the token itself
 *      (HMAC with a stored salt), so that it need not be kept to be given again.
 *   5. A grant ends refresh_ms after it was made, however often it was used.
 *      One whose client does not refresh ends with its access token; that of a panel also after
 *      session_panel_idle_ms without a request, so that whoever walked away is soon not signed in there.
 *   6. A token's rights are those of its person at the moment of use, narrowed by its scopes.
 *
 * Refusals are of enum grant_refusal, except where it says core_refusal.
 */

#include "core/sign-in/client.h"

enum grant_refusal {
        GRANT_INVALID = 1, /* unknown, spent, expired, another client's, or of somebody who is gone */
        GRANT_BAD_SCOPE,   /* more than was granted */
        GRANT_PENDING,     /* nobody has said yes or no to the device */
        GRANT_SLOW_DOWN,   /* asked too soon; from now on five seconds more between two questions */
        GRANT_DENIED,      /* somebody said no to the device */
        GRANT_EXPIRED,     /* the device's code is over */
        GRANT_TOO_MANY,    /* too many device codes are open */
};

struct grant {
        struct id id;
        struct id person;
        char client[CLIENT_NAME];
        char client_title[CORE_TITLE];
        uint32_t scopes;
        char label[CORE_TITLE]; /* what the device calls itself; may be empty */
        char source[CORE_NAME]; /* where it was asked from */
        int64_t created_ms;
        int64_t used_ms;    /* to the hour */
        int64_t expires_ms; /* 0: with its client */
};

/* What a client is given. The caller wipes it. */
struct issue {
        char access[CREDENTIAL_STRING];
        char refresh[CREDENTIAL_STRING]; /* empty: none */
        int64_t expires_in_ms;
        uint32_t scopes;
};
void issue_done(struct issue *issue);

/* What somebody says yes to. */
struct authorization {
        const struct client *client;
        struct text redirect;  /* one of the client's */
        struct text challenge; /* PKCE, S256: 43 characters */
        uint32_t scopes;       /* of the client's */
};

/* actor says yes. CORE_FORBIDDEN, CORE_BAD_VALUE, CORE_OUTSIDE, CORE_SUSPENDED (core_refusal). */
int grant_code_make(struct core *core, const struct actor *actor, const struct authorization *authorization,
                    char ret_code[CREDENTIAL_STRING]);
/* He says no, which makes nothing but its event. CORE_FORBIDDEN (core_refusal). */
int grant_code_deny(struct core *core, const struct actor *actor, const struct client *client);
int grant_redeem_code(struct core *core, const struct client *client, struct text code, struct text redirect,
                      struct text verifier, struct text source, struct issue *ret);
/* scopes 0: as granted. */
int grant_refresh(struct core *core, const struct client *client, struct text token, uint32_t scopes,
                  struct issue *ret);
/* A machine whose secret was right (client_authenticate()). scopes 0: all of the client's. */
int grant_machine(struct core *core, const struct client *client, uint32_t scopes, struct text source,
                  struct issue *ret);
/* Ends the grant of a refresh token, or one access token; 0 also where there is none (RFC 7009, section 2.2).
 * GRANT_INVALID: another client's. */
int grant_revoke(struct core *core, const struct client *client, struct text token, struct text source);

/* Device codes (RFC 8628). */
#define DEVICE_USER_CODE 10 /* "WDJB-MJHT", NUL */

struct device_issue {
        char device_code[CREDENTIAL_STRING];
        char user_code[DEVICE_USER_CODE];
        int64_t expires_in_ms;
        int64_t interval_ms;
};
struct device_request {
        struct client client;
        uint32_t scopes;
        char label[CORE_TITLE];
        char source[CORE_NAME];
        int64_t created_ms;
};

/* GRANT_TOO_MANY. label is what the device calls itself. */
int device_begin(struct core *core, const struct client *client, uint32_t scopes, struct text label,
                 struct text source, struct device_issue *ret);
/* The request behind a code that somebody typed. A wrong code is a guess, counted against whoever types.
 * CORE_NOT_FOUND, CORE_LOCKED (core_refusal). */
int device_look(struct core *core, const struct actor *actor, struct text user_code,
                struct device_request *ret);
/* Yes or no, once. As above, and CORE_OUTSIDE, CORE_SUSPENDED. */
int device_decide(struct core *core, const struct actor *actor, struct text user_code, bool is_yes);
int device_poll(struct core *core, const struct client *client, struct text device_code, struct issue *ret);
/* Folds what people type to the form it is kept in, "WDJBMJHT". False where it is no code. */
bool device_user_code_fold(struct text typed, char ret[DEVICE_USER_CODE]);

/* His own, or anybody's of the tenant for whoever may end sessions there; core_refusal. */
int grant_list(struct core *core, const struct actor *actor, struct id person, struct id after,
               struct grant *ret, size_t max, size_t *ret_count);
/* Works from the next request on. CORE_NOT_FOUND. */
int grant_delete(struct core *core, const struct actor *actor, struct id id);
