// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Tokens: 256 random bits that stand for a person, stored as their SHA-256 only, listed and revocable by
 * their owner. A print token is what one device's print queue holds: it submits and watches its owner's jobs,
 * nothing else. An address token stands in one queue's address for one device
 * (/ipp/print/TENANT/QUEUE/TOKEN): it does what a print token does, at that queue alone, and is good nowhere
 * else.
 */

#include "core/actor.h"

struct queue;

#define TOKEN_STRING         48 /* "imp_", "api_" or "adr_", 43 characters base64url, NUL */
#define TOKEN_ADDRESS_PREFIX "adr_"

enum token_kind {
        TOKEN_PRINT,
        TOKEN_API,
        TOKEN_ADDRESS,
};

struct token {
        struct id id;
        enum token_kind kind;
        struct id queue; /* of an address token; else zero */
        char label[CORE_TITLE];
        int64_t created_ms;
        int64_t expires_ms;        /* 0: never (print tokens) */
        int64_t used_ms;           /* to the hour; 0: never */
        char used_from[CORE_NAME]; /* the address it came from then; empty: never */
};

/* expires_in_ms 0: TOKEN_API after 90 days, the others never. queue: of an address token, of the actor's
 * tenant; else NULL. The secret is told this once. CORE_FORBIDDEN for print tokens, CORE_BAD_VALUE. */
int token_make(struct core *core, const struct actor *actor, enum token_kind kind, const struct queue *queue,
               struct text label, int64_t expires_in_ms, struct token *ret, char ret_secret[TOKEN_STRING]);
int token_list(struct core *core, const struct actor *actor, struct id after, struct token *ret, size_t max,
               size_t *ret_count);
/* Whose queue an address token leads to, and the token's id, for who has its secret: CORE_NOT_FOUND where it
 * is none, is over, or its person may not come. */
int token_find_address(struct core *core, struct text secret, struct id *ret_token, struct queue *ret);
/* Works from the next request on. CORE_NOT_FOUND. */
int token_delete(struct core *core, const struct actor *actor, struct id id);
