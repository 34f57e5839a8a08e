// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Hosts in the addresses of printers, as they stand in one column, separated by spaces. Values. */

#include <stdbool.h>

#include "base/buffer.h"

#define PRINTER_HOST 46

/* The canonical form of an IP address without brackets; false where it is none. Names are none. */
bool printer_host_canonical(struct text host, char ret[PRINTER_HOST]);
/* Whether it is one in that form. */
bool printer_host_is_address(struct text host);
/* The host of one address, without brackets; empty where it has none. Borrowed. */
struct text printer_address_host(struct text address);
bool printer_addresses_have_host(struct text addresses, struct text host);
/* The addresses with one host in the place of another. False where nothing changed, or it became too long. */
bool printer_addresses_replace(struct text addresses, struct text from, struct text with, struct buffer *to);
/* The one IP address that stands in all of them that have any; empty where there is none, or more than one.
 */
struct text printer_addresses_only_host(struct text addresses);
