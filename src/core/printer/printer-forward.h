// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Printers that are a queue of another print server, by which somebody else accounts. A job is handed over to
 * it under its owner's name, as the printer's row says it, so that the server sees whose it is; its title
 * goes along only where the row says so. What the server does with it then, nobody says: the delivery is
 * SENT.
 *
 * The name is a pattern: {email}, {user} (what stands before the @), {name}, and letters around them, such as
 * "OFFICE\{user}". The server's queue has no identity of a device: its key is compared over IPPS, and else
 * there is its address alone.
 */

#include "core/printer/printer.h"

struct db_tx;
struct delivery_forward;

/* Printable, with at least one of the three and no other braces. Pure. */
bool printer_forward_is_valid(const char *pattern);

/* The name; false where it does not fit or is empty. Pure. */
bool printer_forward_user(const char *pattern, struct text email, struct text name, char *ret, size_t size);

/* Under whose name, and with which title, a job is handed over. Faults only. */
int printer_forward_describe(struct core *core, struct db_tx *tx, struct id tenant,
                             const struct printer *printer, struct id job, struct delivery_forward *ret);
