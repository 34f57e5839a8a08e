// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Rows of printers, for core's own files: what a query begins with, and how each row is read. */

#include "core/printer/printer.h"
#include "db/db.h"

#define PRINTER_COLUMNS                                                                                          \
        "SELECT id, name, title, location, make_and_model, agent_id, accepting, colour, duplex, resolution_dpi," \
        " pages_per_minute, addresses, formats, media, trays, identity_uuid, identity_spki, identity_serial,"    \
        " created_ms, site_id, is_public, output_bins, media_types, media_sources, finishings, sheet_back,"      \
        " password_digits, substitution, (SELECT a.needs FROM accounting a WHERE a.tenant_id = ?1"               \
        " AND a.subject_id = printer.id), alias, badges, forward_user, forward_titles, identity_issued,"         \
        " openly_ms"                                                                                             \
        " FROM printer WHERE tenant_id = ?1"

/* item is a struct printer. */
void printer_row_read(struct db_rows *rows, void *item);
