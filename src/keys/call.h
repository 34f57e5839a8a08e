// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* One question to the keeper, for the files of this folder. */

#include "keys/message.h"

/* Wipe what they are given: requests and replies carry keys. */
void keys_request_done(struct keys_request *request);
void keys_reply_done(struct keys_reply *reply);

struct keys_request keys_request_for(enum keys_operation operation, const struct keys_tenant *tenant);
void keys_request_add_document(struct keys_request *request, const struct keys_document *document);
void keys_request_add_other(struct keys_request *request, const struct keys_tenant *to);

/* Numbers the request, and asks; 0, a refusal of the keeper's, or a fault. */
int keys_call(struct keys *keys, struct keys_request *request, struct keys_reply *ret);
