// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Clients: programs that ask to act for somebody (RFC 6749, section 2).
 *
 *   built-in   our own: the command line, the workstation client, a printer's panel. Every tenant has them;
 *              they keep no secret, since everybody has their program.
 *   public     a tenant's own program without a secret: it has to show where its answers may go, and proves
 *              with PKCE that it is the one who asked.
 *   machine    no person: it has a secret, and acts as an account of its own, which submits to queues of its
 *              own.
 *
 * A client is known by its name (client_id): that of a built-in one, or else its id.
 */

#include "core/actor.h"
#include "core/sign-in/credential.h"
#include "core/sign-in/redirect.h"
#include "core/sign-in/token-scope.h"

#define CLIENT_NAME          64
#define CLIENT_REDIRECTS_MAX 4
#define CLIENT_SECRETS_MAX   4 /* of which all but the newest are about to expire */

enum client_kind {
        CLIENT_BUILT_IN,
        CLIENT_PUBLIC,
        CLIENT_MACHINE,
};

struct client {
        struct id id;     /* zero: built in */
        struct id tenant; /* zero: of every tenant */
        enum client_kind kind;
        char name[CLIENT_NAME];
        char title[CORE_TITLE];
        char redirects[CLIENT_REDIRECTS_MAX][REDIRECT_OCTETS];
        size_t redirect_count;
        uint32_t scopes;   /* the most it may ask for */
        bool by_device;    /* may ask with a code that somebody types elsewhere (RFC 8628) */
        bool refreshes;    /* is given refresh tokens; otherwise its grant ends with its token */
        bool idles;        /* its grants end after some minutes without a request, as a panel's session */
        enum via via;      /* how its acts are written into events */
        struct id account; /* of a machine: the person it acts as */
        int64_t created_ms;
        int64_t used_ms; /* to the hour; 0: never */
};

/* What is made of a client and changed in it. */
struct client_wish {
        enum client_kind kind; /* not CLIENT_BUILT_IN */
        struct text title;
        const struct text *redirects;
        size_t redirect_count;
        uint32_t scopes;
};

/*
 * Administrators only. A machine has no redirects; it gets an account (a person with ROLE_MACHINE and without
 * a password), and a secret that is told this once. CORE_FORBIDDEN, CORE_BAD_VALUE.
 */
int client_make(struct core *core, const struct actor *actor, const struct client_wish *wish,
                struct client *ret, char ret_secret[CREDENTIAL_STRING]);
int client_find(struct core *core, const struct actor *actor, struct id id, struct client *ret);
int client_list(struct core *core, const struct actor *actor, struct id after, struct client *ret, size_t max,
                size_t *ret_count);
/* Ends everything it was given; a machine's account goes with its jobs. CORE_FORBIDDEN, CORE_NOT_FOUND,
 * CORE_BUSY (a job of the machine's is being printed). */
int client_delete(struct core *core, const struct actor *actor, struct id id);
/*
 * A new secret for a machine. Those it has go on for overlap_ms (at most a week, 0: they end now, with the
 * tokens they got). CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE (no machine).
 */
int client_rotate(struct core *core, const struct actor *actor, struct id id, int64_t overlap_ms,
                  char ret_secret[CREDENTIAL_STRING]);

/* By the name it calls itself, before anybody's tenant is known. CORE_NOT_FOUND. */
int client_recognise(struct core *core, struct text name, struct client *ret);
/* A machine that shows its secret. CORE_WRONG_CREDENTIALS. */
int client_authenticate(struct core *core, struct text name, struct text secret, struct text source,
                        struct client *ret);
/* Whether an answer may go there. */
bool client_has_redirect(const struct client *client, struct text uri);
/* Whether somebody of this tenant can allow it anything. */
bool client_is_of(const struct client *client, struct id tenant);
