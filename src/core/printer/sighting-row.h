// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the files share that take a sighting in: who tells it, by what it is found, and the row it becomes.
 * All of it is of one transaction. */

#include "core/mark.h"
#include "core/printer/sighting.h"
#include "core/state.h"

/* The agent, and in what it tells. */
struct teller {
        struct core *core;
        const struct actor *agent;
        struct id site; /* zero: of none */
        struct id run;
        enum discovery_purpose purpose;
        int64_t now;
        uint32_t wakes; /* printers whose addresses changed */
};

enum mark_kind {
        MARK_SERIAL = 1,
        MARK_MAC,
};

/* Made before the transaction: the keeper is asked for them. */
struct sighting_marks {
        bool has_serial, has_mac;
        struct marks serial, mac;
};

struct discovered_row {
        struct id id, agent, printer, run;
        char address[SIGHTING_ADDRESS], also[SIGHTING_ADDRESS];
        char uuid[64], spki[65], make_and_model[CORE_TITLE];
        int64_t silent_ms;
        bool has_serial, has_mac;
        uint8_t serial[KEYS_MAC_OCTETS], mac[KEYS_MAC_OCTETS];
};

bool sighting_shows_identity(const struct sighting *sighting);

/* Which one it is (core/printer/sighting.h). DB_NO_ROW. */
int sighting_match(struct db_tx *tx, const struct teller *teller, const struct sighting *sighting,
                   const struct sighting_marks *marks, struct discovered_row *ret);
/* The printer of ours that it may be, where none is known yet; zero: none. */
int sighting_match_printer(struct db_tx *tx, const struct teller *teller, const struct sighting *sighting,
                           struct id *ret);
/* Writes what is new of it, *row being what was there; a new one has a zero address. */
int discovered_row_put(struct db_tx *tx, const struct teller *teller, const struct sighting *sighting,
                       const struct sighting_marks *marks, struct discovered_row *row);
/* Once a call, not a sighting: where an agent told of more than are kept, those not seen for longest give
 * way. */
int discovered_make_room(struct db_tx *tx, const struct teller *teller);
/* What was discovered is this printer from now on, and nothing else is. Zero: it is none of ours. */
int discovered_row_link(struct db_tx *tx, struct id tenant, struct id discovered, struct id printer);
/* Its rows, in an order in which they can go. */
int discovered_row_delete(struct db_tx *tx, struct id tenant, struct id discovered);
/* What is sealed of an identity is bound to this. */
#define DISCOVERED_BINDING (10 + ID_OCTETS)
struct text discovered_binding(struct id id, char room[DISCOVERED_BINDING]);

/* An agent that is revoked: what it discovered goes, but for printers of ours.
 * core/printer/discovered-printer.c */
int discovered_forget_agent(struct db_tx *tx, struct id tenant, struct id agent);
int discovered_forget_printer(struct db_tx *tx, struct id tenant, struct id printer);
