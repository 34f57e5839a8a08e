// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Favourites: printers that somebody marked, so that they stand first wherever he signs in; beside them those
 * at which he released something last, which the releases themselves tell for as long as they are kept.
 *
 * Nothing can be done by it: a printer that he may not use any more is left out, and there again when he may.
 */

#include "core/printer/printer.h"

#define FAVOURITES_MAX     30
#define PRINTERS_LAST_USED 5
#define PRINTERS_MINE_MAX  (FAVOURITES_MAX + PRINTERS_LAST_USED)

struct printer_mine {
        struct printer printer;
        bool is_favourite;
        int64_t released_ms; /* when he released something there last; 0: nothing that is still known */
};

/* Favourites in the order in which they were marked, then where he was last, the latest first. ret has room
 * for PRINTERS_MINE_MAX. */
int printers_mine(struct core *core, const struct actor *actor, struct printer_mine *ret, size_t *ret_count);
/* Marking it twice is marking it once. CORE_NOT_FOUND, CORE_FORBIDDEN (he sees it, and may not print there),
 * CORE_TAKEN (FAVOURITES_MAX are marked). */
int favourite_mark(struct core *core, const struct actor *actor, struct id printer);
/* What is not marked is not marked afterwards either. */
int favourite_unmark(struct core *core, const struct actor *actor, struct id printer);
/* With a printer that is no more. */
int favourites_forget(struct db_tx *tx, struct id tenant, struct id printer);
