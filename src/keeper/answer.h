// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * One request of the service to the keeper, answered; and written down where a document was opened. No
 * socket here: octets in, a reply out.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "keys/message.h"

struct chain;
struct limit;
struct trail;

struct answerer {
        struct chain *chain;
        struct limit *limit; /* of documents opened */
        struct trail *trail;
        struct limit *trail_limit; /* of checkpoints signed */
};

/* Who asks. */
struct asker {
        uid_t uid;
        bool may_only_make; /* new keys, but open none */
        bool is_owner;      /* of the keeper: may bring a master key */
        bool is_owner_only; /* and nothing else */
};

/* False where the octets are no request; then there is nothing to reply. The caller wipes the reply. */
bool answer(struct answerer *answerer, const struct asker *asker, struct text octets, struct keys_reply *ret);
