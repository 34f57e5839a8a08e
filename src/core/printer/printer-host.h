// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Whose an IP address is: the addresses of a printer's row, by their hosts, so that what an agent saw is
 * looked up by an index however many printers there are. Who writes addresses writes this in the same
 * transaction. Names are not in it: nobody is seen at one.
 */

#include "db/db.h"

/* In place of what was there; addresses are separated by spaces, none of them forgets the printer. Faults
 * only.
 */
int printer_hosts_put(struct db_tx *tx, struct id tenant, struct id printer, struct text addresses);
