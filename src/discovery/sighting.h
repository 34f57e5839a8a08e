// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sightings: what became of asking at one address, and how it is told to the service (POST
 * /v1/agent/sightings). What was not asked is not told, so that the service keeps what it knows.
 */

#include <jansson.h>

#include "base/id.h"
#include "discovery/device.h"
#include "discovery/range.h"
#include "discovery/schedule.h"

enum way {
        WAY_IPP,
        WAY_SNMP,
        WAY_DNS_SD,
};
#define WAYS 3
/* "ipp", "snmp", "dns-sd". */
const char *way_name(enum way way);

enum tried { /* in the order in which the better one stays */
        TRIED_NOT,
        TRIED_SILENT,
        TRIED_REFUSED,
        TRIED_NOT_UNDERSTOOD,
        TRIED_WRONG_USER,
        TRIED_WRONG_PASSPHRASE,
        TRIED_NO_PRINTER,
        TRIED_ANSWERED,
};

struct sighting {
        struct id printer; /* for which it was asked; zero: a range was looked through */
        char address[RANGE_ADDRESS];
        enum purpose purpose;
        enum tried tried[WAYS];
        uint64_t octets;  /* both ways, with the heads of UDP and IP */
        uint32_t packets; /* likewise */
        bool counters;    /* of copies, scans and faxes, are wanted */
        bool was_cut;     /* what it has to say is more than is listened to */
        struct device device;
};

void sighting_init(struct sighting *sighting, uint32_t address, enum purpose purpose);
void sighting_note(struct sighting *sighting, enum way way, enum tried tried);
/* Whether anybody answered who is a printer. */
bool sighting_is_printer(const struct sighting *sighting);

/* NULL where memory is out. */
json_t *sighting_format(const struct sighting *sighting);
