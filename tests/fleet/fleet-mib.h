// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The MIB of one printer of the fleet: that of a colour device with four trays, eight supplies, four lines of
 * display and two alerts, as RFC 3805 has them. Each printer differs in name, serial number, MAC and meter.
 */

#include "snmp/pdu.h"

struct fleet_printer {
        uint32_t number;  /* what it is known by, for ever */
        uint32_t address; /* where it is now */
        bool is_other;    /* no printer at all: a switch */
};

/* The value behind a name; SNMP_NOTHING where there is none. Its text lives until the next call. */
void fleet_next(const struct fleet_printer *printer, const struct snmp_name *name, struct snmp_value *ret);
