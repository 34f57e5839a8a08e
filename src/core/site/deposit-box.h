// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The tenant's box (crypt/box.h), into which agents put the keys of what is submitted to them while they
 * cannot reach the service. Its public key is told to agents; what it was made of is in the keeper's hands,
 * wrapped under the tenant's key and carried from one version of that to the next, so that what lay on an
 * agent meanwhile still opens.
 */

#include "core/core.h"
#include "crypt/box.h"
#include "keys/offline.h"

/* The public key; the box is made where there is none yet. CORE_BUSY: the keeper does not answer. */
int deposit_box_key(struct core *core, struct id tenant, uint8_t ret[BOX_KEY_OCTETS]);

/* Takes the key of a deposit out of the box that has this public key. CORE_NOT_FOUND: no box of the tenant's;
 * CORE_BAD_VALUE: nothing that was put into it; CORE_DESTROYED; CORE_BUSY. The caller wipes it. */
int deposit_box_open(struct core *core, struct id tenant, const uint8_t key[BOX_KEY_OCTETS],
                     struct id deposit, const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret);

/* For what else hangs on it (keys/offline.h). CORE_BUSY. */
int deposit_box_keys(struct core *core, struct id tenant, struct keys_offline *ret);
