// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Idempotency keys of the HTTP API: the first answer to a key is the answer to all repetitions, for a day.
 */

#include "core/actor.h"

/*
 * Before the work: 0 where the key is new; CORE_KEY_REUSED where request_hash differs; CORE_BUSY while the
 * first one is under way; CORE_TAKEN where it was answered: then *ret_status and ret_body (at most size
 * octets, *ret_length) are that answer.
 */
int idempotency_begin(struct core *core, const struct actor *actor, struct text key,
                      const uint8_t request_hash[32], int *ret_status, char *ret_body, size_t size,
                      size_t *ret_length);
/* The answer; bodies that hold a secret (tokens, codes) are stored sealed. */
int idempotency_end(struct core *core, const struct actor *actor, struct text key, int status,
                    struct text body);
