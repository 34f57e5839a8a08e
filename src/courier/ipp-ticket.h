// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The ticket as job template attributes, as far as the printer says that it supports each of them: one it
 * does not know is left out, so that it never refuses a document because of an intent; and is told.
 */

#include <stdbool.h>

#include "courier/delivery.h"
#include "ipp/build.h"

#define IPP_TICKET_RANGES 32

/* What of a ticket a printer can do; a ticket again, of only that. */
void ipp_ticket_select(const struct courier_ticket *ticket, const struct ipp_attribute *printer,
                       struct courier_ticket *ret);

/*
 * What was asked for, would show on paper, and is not among what the printer can do: "sides-and-finishings",
 * as much of it as there is room for; empty: nothing. asked: before the choice, can: after it.
 */
void ipp_ticket_left_out(const struct courier_ticket *asked, const struct courier_ticket *can,
                         const struct ipp_attribute *printer, char *ret, size_t size);

/* Adds the job group. */
void ipp_ticket_add(const struct courier_ticket *ticket, struct ipp_builder *b);
