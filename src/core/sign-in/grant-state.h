// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the files of grants share: a grant that is being made or used inside a transaction. */

#include "core/sign-in/grant.h"
#include "crypt/hash.h"
#include "db/db.h"

struct granting {
        struct core *core;
        struct client client;
        struct id tenant;
        struct id grant;
        struct id person;
        uint32_t scopes; /* of the token to be made */
        char label[CORE_TITLE];
        char source[CORE_NAME];
        int64_t fresh_ms;
        struct id method; /* of the session in which it was allowed; zero: ours */
        char outside[256];
        int64_t expires_ms; /* of the grant; 0: with its client */
        const uint8_t *code_hash;
        int64_t now;
        struct issue issue;
};

void granting_init(struct granting *granting, struct core *core, const struct client *client,
                   struct text source);
/* Makes the grant, with its event, and its first tokens. The person must not be gone: GRANT_INVALID. */
int grant_make(struct db_tx *tx, struct granting *granting);
/* Whose it is, as he comes by this client; gone or disabled he is still named. */
int grant_actor(struct db_tx *tx, const struct granting *granting, struct actor *ret);
/* An access token; and, where the client may refresh, this refresh token with its hash. */
int grant_add_access(struct db_tx *tx, struct granting *granting);
int grant_add_refresh(struct db_tx *tx, struct granting *granting, const char *token);
/* Ends it with all its tokens; reason stands in the event. actor NULL: the service itself. */
int grant_end(struct db_tx *tx, struct id tenant, struct id grant, const struct actor *actor,
              const char *reason);
