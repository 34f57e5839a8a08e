// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Authentication: from what somebody shows to the actor he is.
 *
 * Nobody, a wrong secret and a disabled person get the same answer after the same work. Guesses are counted
 * in the database per account and per source, so that no restart forgives them. source is the peer's address
 * as text; it and ret->via, which the caller fills in before, stand in every event of the actor.
 */

#include "core/actor.h"

struct queue;

/*
 * An e-mail address with a password or a token (any name goes with a token), as HTTP Basic brings them.
 * tenant narrows the search (the IPP door knows it from the address) or is NULL: then the address's mail
 * domain tells, or a company code before the address: "DEMO42\ada@example.com". CORE_WRONG_CREDENTIALS,
 * CORE_LOCKED, CORE_BUSY. All of these: CORE_OUTSIDE, CORE_SUSPENDED (core/tenant/tenant.h).
 */
int authenticate_basic(struct core *core, const struct id *tenant, struct text name, struct text secret,
                       struct text source, struct actor *ret);
/* An API or print token, or a program's access token (core/sign-in/grant.h). CORE_WRONG_CREDENTIALS. */
int authenticate_token(struct core *core, struct text token, struct text source, struct actor *ret);
/* The token that stands in a queue's address. CORE_WRONG_CREDENTIALS, also where it is another queue's. */
int authenticate_address(struct core *core, const struct queue *queue, struct text token, struct text source,
                         struct actor *ret);
/* CORE_WRONG_CREDENTIALS, CORE_LOCKED, CORE_BUSY. */
int authenticate_pin(struct core *core, struct text email, struct text pin, struct text source,
                     struct actor *ret);
/* An agent by the SHA-256 of its public key; *ret says how it came. CORE_WRONG_CREDENTIALS where unknown,
 * revoked or past its time. */
int authenticate_outpost(struct core *core, enum actor_kind kind, const uint8_t fingerprint[32],
                         struct actor *ret);
