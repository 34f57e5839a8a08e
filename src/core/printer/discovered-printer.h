// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Discovered printers: what agents saw, by what it is (core/printer/sighting.h). Each either is one of our
 * printers, or waits for somebody to make it one. What nobody has seen for long, and is none of ours, goes.
 *
 * Serial numbers and MACs are sealed, and found again by marks.
 */

#include "base/buffer.h"
#include "core/printer/sighting.h"

struct discovered_printer {
        struct id id;
        struct id agent, site; /* zero: that agent is revoked; of no site */
        struct id printer;     /* which of ours it is; zero: none */
        char address[SIGHTING_ADDRESS], also[SIGHTING_ADDRESS];
        char via[CORE_NAME];
        char make_and_model[CORE_TITLE];
        struct sighting_identity identity;
        int64_t first_ms, seen_ms, silent_ms; /* silent: since when; 0: it answers */
        uint8_t sealed[256];                  /* for the file itself */
        size_t sealed_length;
};

/* JSON, as the door made it. */
struct discovered_facts {
        struct buffer facts, supplies, trays, covers;
};
void discovered_facts_init(struct discovered_facts *facts);
void discovered_facts_done(struct discovered_facts *facts);

enum discovered_which {
        DISCOVERED_NEW, /* none of ours */
        DISCOVERED_KNOWN,
        DISCOVERED_ALL,
};
extern const char *const discovered_which_names[]; /* ended by NULL */

/* All refuse CORE_FORBIDDEN, CORE_NOT_FOUND (also at another's site). */
int discovered_list(struct core *core, const struct actor *actor, enum discovered_which which,
                    struct id after, struct discovered_printer *ret, size_t max, size_t *ret_count);
/* facts may be NULL. */
int discovered_find(struct core *core, const struct actor *actor, struct id id,
                    struct discovered_printer *ret, struct discovered_facts *facts);
/* The one that is this printer; for everybody who may see the printer, without its identity and address where
 * he may not inspect it. */
int discovered_find_of(struct core *core, const struct actor *actor, const struct printer *printer,
                       struct discovered_printer *ret, struct discovered_facts *facts);
/* The same for core itself, with all of its identity. CORE_NOT_FOUND. */
int discovered_of_printer(struct core *core, struct id tenant, struct id printer,
                          struct discovered_printer *ret);
/* Makes a printer of it: *printer is as for printer_make(); what stands in its identity is pinned. Also
 * CORE_TAKEN (it is one already, or the name), CORE_BAD_VALUE. */
int discovered_adopt(struct core *core, const struct actor *actor, struct id id, struct printer *printer);
/* It may be discovered again. CORE_TAKEN: it is a printer of ours. */
int discovered_delete(struct core *core, const struct actor *actor, struct id id);
