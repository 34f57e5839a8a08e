// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the keeper does for sites whose line is down (keys/offline.h). Used by one thread. */

#include "keeper/chain.h"
#include "keys/message.h"

/* One of the operations KEYS_OFFLINE_…, but for rates and writing down. A refusal of enum keys_refusal. */
int offline_answer(struct chain *chain, const struct keys_request *request, struct keys_reply *reply);
