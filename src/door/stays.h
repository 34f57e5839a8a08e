// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What an agent tells of a document that it keeps (core/job/stay.h), from the header of its deposit. */

#include "core/job/stay.h"
#include "offline/deposit-form.h"

struct http_exchange;

/* From where the octets are: the rest of the order is the caller's. */
void stay_order_fill(struct stay_order *order, struct id agent, const struct deposit_header *header);

/*
 * With a request of its IPP door: Imprimatur-Stays is the deposit's header (base64), and
 * Imprimatur-Stays-Size, -Format and -Contents are what the octets would tell. False where one of them is not
 * understood; *ret_stays: there are any.
 */
bool stay_order_read(const struct http_exchange *x, struct id agent, struct stay_order *ret, bool *ret_stays);
