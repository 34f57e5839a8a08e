// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Hosts in the addresses of printers, as they stand in one column, separated by spaces. Values. */

#include <stdbool.h>

#include "base/buffer.h"

/* An IP address in its canonical form, without brackets; false where it is none. Names are none. */
bool printer_host_is_address(struct text host);
/* The host of one address, without brackets; empty where it has none. Borrowed. */
struct text printer_address_host(struct text address);
bool printer_addresses_have_host(struct text addresses, struct text host);
/* For SQL's LIKE: what contains all addresses with that host, and a few others. */
#define PRINTER_ADDRESS_PATTERN 56
void printer_address_pattern(const char *host, char ret[PRINTER_ADDRESS_PATTERN]);
/* The addresses with one host in the place of another. False where nothing changed, or it became too long. */
bool printer_addresses_replace(struct text addresses, struct text from, struct text with, struct buffer *to);
/* The one IP address that stands in all of them that have any; empty where there is none, or more than one.
 */
struct text printer_addresses_only_host(struct text addresses);
