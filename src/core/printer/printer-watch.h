// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Whether a printer is where it should be, by what agents see (core/printer/sighting.h).
 *
 *      its device is seen at another address    its addresses follow, unless they are told not to:
 * "printer-moved" another device is seen at its address    swapped: nothing is delivered there any more;
 * "printer-swapped" once the run is over and its own was nowhere else its own is seen again over:
 * "printer-back", where anything was told an administrator says it is this one     over:
 * "printer-device-accepted"; the next delivery pins what it shows
 *
 * What the courier compares before the first octet stays as it is, beside this.
 */

#include "core/printer/printer.h"

struct printer_watch {
        bool follows;         /* default yes */
        int64_t swapped_ms;   /* since when another one answers in its place; 0: none does */
        struct id swapped_by; /* that one, of core/printer/discovered-printer.h */
        struct id discovered; /* which one it is; zero: not known */
};

/* CORE_NOT_FOUND, CORE_FORBIDDEN. */
int printer_watch_find(struct core *core, const struct actor *actor, struct id printer,
                       struct printer_watch *ret);
/* Sets whether it is followed; discovered, where it is not NULL, is the printer from now on, and what was
 * pinned of the last one is forgotten. CORE_NOT_FOUND (also of another site), CORE_FORBIDDEN. */
int printer_watch_change(struct core *core, const struct actor *actor, struct id printer, bool follows,
                         const struct id *discovered);

/* ---- in the transaction of a sighting ---- */

struct teller;
struct discovered_row;
/* Its device was seen at address, before at from (empty: nobody knows). */
int printer_watch_seen(struct db_tx *tx, struct teller *teller, struct id printer, const char *from,
                       const char *address);
/* by was seen at that address: whoever else should stand there is swapped. */
int printer_watch_others(struct db_tx *tx, struct teller *teller, const char *address, struct id by);
/* The run is over. */
int printer_watch_tell(struct db_tx *tx, const struct teller *teller);
