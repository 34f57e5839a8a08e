// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* A printer at a glance, for lists of many: what is known of it, and nobody is asked. */

#include "core/printer/printer-state.h"
#include "core/printer/sighting.h"

struct printer_glance {
        enum printer_condition condition;
        char reasons[PRINTER_REASONS][CORE_NAME];
        size_t reason_count;
        int64_t seen_ms; /* when it said so; 0: never */
        uint32_t alerts; /* that are open */
        enum alert_severity worst;
        int64_t swapped_ms; /* since when another device stands in its place; 0: none does */
};

/*
 * Whether somebody should look at a row of a table "printer": it stopped, something critical is open, or
 * another device stands in its place. 3 is PRINTER_STOPPED, 2 is ALERT_CRITICAL.
 */
#define PRINTER_WANTS_ATTENTION(printer)                                                            \
        "(EXISTS (SELECT 1 FROM printer_state t WHERE t.tenant_id = ?1 AND t.printer_id = " printer \
        ".id AND t.condition = 3) OR EXISTS (SELECT 1 FROM printer_watch w WHERE w.tenant_id = ?1"  \
        " AND w.printer_id = " printer ".id AND w.swapped_ms > 0) OR EXISTS (SELECT 1 FROM alert l" \
        " WHERE l.tenant_id = ?1 AND l.printer_id = " printer ".id AND l.closed_ms = 0"             \
        " AND l.severity = 2))"

/* Faults only: of what is not there, nothing is known. */
int printer_glance_find(struct core *core, struct id tenant, struct id printer, struct printer_glance *ret);
