// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sightings: what an agent saw of printers in its networks, and what becomes of it.
 *
 *      sighting --match--> one that was discovered before    its facts are replaced
 *               |              at another address            it has moved (core/printer/printer-watch.h)
 *               |              and it is no printer of ours  it may be one: by its pinned identity, or its
 * address
 *               '--none--> a new discovered printer           likewise
 *
 *   1. A printer is known by what it is, never by where it stands: UUID, then certificate, then serial
 * number, then MAC. What contradicts (another serial number under the same UUID) is another printer. Only
 * what shows nothing of itself is known by its address.
 *   2. An agent tells of its own site alone: of what it saw itself, or another agent of the site, and of the
 *      printers it may deliver to. What stands elsewhere under the same identity is not touched.
 *   3. What it tells is bounded, and so is what stays of it: discovered printers of one agent, of which the
 * one not seen for longest gives way; what belongs to a printer of ours stays.
 *   4. Nothing that is told here makes a printer trusted. What the courier compares is pinned by a delivery
 * or by an administrator (core/printer/printer.h).
 */

#include "core/printer/printer.h"

#define SIGHTINGS_MAX         64 /* of one call */
#define SIGHTING_METERS       32
#define SIGHTING_COUNTERS     16
#define SIGHTING_ALERTS       32
#define SIGHTING_LEVELS       32
#define SIGHTING_ADDRESS      46
#define SIGHTING_FACTS_OCTETS 32768
#define SIGHTING_LIST_OCTETS  16384

struct sighting_meter {
        char name[CORE_NAME];
        char unit[CORE_NAME];
        int64_t value;
};

enum alert_severity {
        ALERT_INFORMATION,
        ALERT_WARNING,
        ALERT_CRITICAL,
};
extern const char *const alert_severity_names[]; /* ended by NULL */

struct sighting_alert {
        int64_t index;
        enum alert_severity severity;
        char group[CORE_NAME], code[CORE_NAME]; /* keywords */
        char description[CORE_TITLE];
        int64_t age_s; /* since when, as the device says; -1: it does not */
};

/* Of what a device uses up, where it counts it. */
struct sighting_level {
        int64_t index;
        int32_t level;                                            /* of a thousand */
        char name[CORE_NAME], type[CORE_NAME], colour[CORE_NAME]; /* perhaps cut */
};

struct sighting_identity {
        char uuid[64]; /* "urn:uuid:…" */
        char spki[65];
        char serial[64];
        char mac[18]; /* "00:11:22:aa:bb:cc" */
};

/* Lists and facts are JSON, made by the door, which has looked into it; at is NULL: nothing was told of them.
 */
struct sighting {
        struct id printer; /* for whom it was looked; zero: for nobody */
        char address[SIGHTING_ADDRESS];
        char via[CORE_NAME]; /* "snmp ipp"; empty: it was asked and is silent */
        int64_t age_s;
        struct sighting_identity identity;
        char make_and_model[CORE_TITLE];
        struct text facts, supplies, trays, covers;
        struct sighting_meter meters[SIGHTING_METERS];
        size_t meter_count;
        struct sighting_meter counters[SIGHTING_COUNTERS];
        size_t counter_count;
        struct sighting_alert alerts[SIGHTING_ALERTS];
        size_t alert_count;
        struct sighting_level levels[SIGHTING_LEVELS];
        size_t level_count;
        bool has_alerts;
        const char *refusal; /* why it was not taken; NULL: it was. Borrowed. */
};

enum discovery_purpose {
        DISCOVERY_PRINTERS,
        DISCOVERY_METERS,
        DISCOVERY_SUPPLIES,
        DISCOVERY_STATUS,
};
extern const char *const discovery_purpose_names[]; /* ended by NULL */

enum discovery_outcome {
        DISCOVERY_WANTED, /* nobody has begun it */
        DISCOVERY_GOING,
        DISCOVERY_DONE,
        DISCOVERY_STOPPED,
        DISCOVERY_OUTSIDE_HOURS,
};
extern const char *const discovery_outcome_names[]; /* ended by NULL */

struct discovery_progress {
        int64_t addresses, asked, answered, found, packets, octets;
};

/* What is told at once. */
struct sightings {
        struct id run; /* the agent makes it, where nobody wanted it */
        enum discovery_purpose purpose;
        enum discovery_outcome outcome;
        struct discovery_progress progress;
        struct sighting *at;
        size_t count;
};

/*
 * Takes what can be taken; of the others refusal is set. CORE_FORBIDDEN (no agent); CORE_STALE: that run is
 * over, or was stopped.
 */
int sightings_take(struct core *core, const struct actor *agent, struct sightings *sightings);
