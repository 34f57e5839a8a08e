// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a printer's clock says: DateAndTime (RFC 2579) of SNMP, which is dateTime of IPP (RFC 8011, section
 * 5.1.15): 11 octets, or 8 without a zone.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Without a zone it is taken for the time of the zone that we are in. False where it is no moment. */
bool courier_date_parse(struct text octets, int64_t *ret_unix_ms);
