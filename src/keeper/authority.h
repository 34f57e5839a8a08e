// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the keeper does for a tenant's authority (keys/authority.h). Used by one thread. */

#include "keeper/chain.h"
#include "keys/message.h"

/* One of the operations KEYS_AUTHORITY_…, but for rates and writing down; now_ms: of clock_unix_ms(). A
 * refusal of enum keys_refusal. */
int authority_answer(struct chain *chain, const struct keys_request *request, int64_t now_ms,
                     struct keys_reply *reply);
