// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* How a printer is recognised, as the service says it: "identity" of an offer or a question. */

#include <jansson.h>
#include <stdbool.h>

#include "courier/delivery.h"

/* What is missing or null is empty. False where a member is of another form: the rest of it cannot be
 * believed then either. */
bool recognise_parse(const json_t *identity, struct courier_identity *ret);
