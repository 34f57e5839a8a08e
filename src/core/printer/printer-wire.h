// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What goes over the wire to a printer: addresses are tried in the order IPPS, IPP, RAW, LPD, and only the
 * first of them is encrypted. Whoever adds another is warned; where the tenant or the printer's site demands
 * encryption, others are refused, and not used where they stand there from before.
 */

#include "core/printer/printer.h"

struct db_tx;

enum printer_wire {
        WIRE_ENCRYPTED,
        WIRE_FALLBACK,    /* by IPPS first, and openly where that fails */
        WIRE_UNENCRYPTED, /* by none of its addresses */
};
enum printer_wire printer_wire(const struct printer *printer);
/* NULL, "unencrypted-fallback", "unencrypted". */
extern const char *const printer_wire_names[];
/* For the trail: the printer's name, and how it is reached where that is not encrypted. */
const char *printer_wire_detail(const struct printer *printer, char ret[CORE_WORDS]);

/* For what an administrator makes of it; before: NULL, or what it was: what was allowed once may stay.
 * CORE_NOT_ENCRYPTED. */
int printer_wire_check(struct db_tx *tx, struct id tenant, const struct printer *printer,
                       const struct printer *before);
/* For printing there: CORE_NOT_ENCRYPTED. */
int printer_wire_check_use(struct db_tx *tx, struct id tenant, const struct printer *printer);
/* Takes away the addresses that may not be used. Faults only. */
int printer_wire_narrow(struct db_tx *tx, struct id tenant, struct printer *printer);
