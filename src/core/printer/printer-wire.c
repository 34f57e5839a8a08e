// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-wire.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

const char *const printer_wire_names[] = {
        [WIRE_ENCRYPTED] = NULL, [WIRE_FALLBACK] = "unencrypted-fallback", [WIRE_UNENCRYPTED] = "unencrypted"
};

static bool is_encrypted(const char *address)
{
        return text_starts_with(text_from(address), "ipps://");
}

enum printer_wire printer_wire(const struct printer *printer)
{
        size_t encrypted = 0;

        for (size_t i = 0; i < printer->address_count; i++)
                encrypted += is_encrypted(printer->addresses[i]);
        return encrypted == printer->address_count ? WIRE_ENCRYPTED
               : encrypted                         ? WIRE_FALLBACK
                                                   : WIRE_UNENCRYPTED;
}

const char *printer_wire_detail(const struct printer *printer, char ret[CORE_WORDS])
{
        const char *word = printer_wire_names[printer_wire(printer)];

        snprintf(ret, CORE_WORDS, "%s%s%s", printer->name, word ? " warning=" : "", word ? word : "");
        return ret;
}

/* Whether the tenant or the site demands it. */
static int is_demanded(struct db_tx *tx, struct id tenant, struct id site, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant,
                       "SELECT t.encrypted_only, (SELECT s.encrypted_only FROM site s WHERE s.tenant_id = ?1"
                       " AND s.id = ?2) FROM tenant t WHERE t.id = ?1",
                       DB_VALUES(db_id(&site)), &rows);

        if (r)
                return fold(r);
        *ret = db_rows_integer(&rows, 0) || db_rows_integer(&rows, 1);
        return 0;
}

static bool has_same_addresses(const struct printer *a, const struct printer *b)
{
        bool same = a->address_count == b->address_count && id_equal(a->site, b->site);

        for (size_t i = 0; same && i < a->address_count; i++)
                same = strcmp(a->addresses[i], b->addresses[i]) == 0;
        return same;
}

int printer_wire_check(struct db_tx *tx, struct id tenant, const struct printer *printer,
                       const struct printer *before)
{
        bool demanded;
        int r;

        if (printer_wire(printer) == WIRE_ENCRYPTED || (before && has_same_addresses(printer, before)))
                return 0;
        r = is_demanded(tx, tenant, printer->site, &demanded);
        return r ? r : demanded ? CORE_NOT_ENCRYPTED : 0;
}

int printer_wire_check_use(struct db_tx *tx, struct id tenant, const struct printer *printer)
{
        bool demanded;
        int r;

        if (printer_wire(printer) != WIRE_UNENCRYPTED)
                return 0;
        r = is_demanded(tx, tenant, printer->site, &demanded);
        return r ? r : demanded ? CORE_NOT_ENCRYPTED : 0;
}

int printer_wire_narrow(struct db_tx *tx, struct id tenant, struct printer *printer)
{
        size_t kept = 0;
        bool demanded;
        int r;

        if (printer_wire(printer) == WIRE_ENCRYPTED)
                return 0;
        r = is_demanded(tx, tenant, printer->site, &demanded);
        if (r || !demanded)
                return r;
        for (size_t i = 0; i < printer->address_count; i++)
                if (is_encrypted(printer->addresses[i]))
                        memmove(printer->addresses[kept++], printer->addresses[i], PRINTER_ADDRESS);
        printer->address_count = kept;
        return 0;
}
