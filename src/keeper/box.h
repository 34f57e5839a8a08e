// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Boxes of tenants (crypt/box.h). The seed leaves the keeper wrapped under a key derived from the tenant's:
 * whoever stores it can put something into the box, and can take nothing out.
 *
 * Refusals are those of enum keys_refusal. Used by one thread.
 */

#include "crypt/box.h"
#include "keeper/chain.h"

int keeper_box_make(struct chain *chain, const struct keys_tenant *tenant, uint8_t ret_public[BOX_KEY_OCTETS],
                    struct wrapped_key *ret_wrapped);
/* KEYS_WRONG: what was put into another one, too. */
int keeper_box_open(struct chain *chain, const struct keys_tenant *tenant, const struct wrapped_key *wrapped,
                    const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret);
/* What a box was made of, which goes no further than the keeper. KEYS_WRONG. */
int keeper_box_seed(struct chain *chain, const struct keys_tenant *tenant, const struct wrapped_key *wrapped,
                    struct secret *ret);
int keeper_box_move(struct chain *chain, const struct keys_tenant *from, const struct wrapped_key *wrapped,
                    const struct keys_tenant *to, struct wrapped_key *ret);
