// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-host.h"

#include "base/outcome.h"
#include "core/printer/printer-address.h"

int printer_hosts_put(struct db_tx *tx, struct id tenant, struct id printer, struct text addresses)
{
        struct text address;
        int r = fold(db_run(tx, tenant, "DELETE FROM printer_host WHERE tenant_id = ?1 AND printer_id = ?2",
                            DB_VALUES(db_id(&printer)), NULL));

        while (r == 0 && addresses.len) {
                char host[PRINTER_HOST];

                text_cut(addresses, ' ', &address, &addresses);
                if (!printer_host_canonical(printer_address_host(address), host))
                        continue;
                r = fold(db_run(tx, tenant,
                                "INSERT INTO printer_host (tenant_id, host, printer_id) VALUES (?1, ?2, ?3)"
                                " ON CONFLICT (tenant_id, host, printer_id) DO NOTHING",
                                DB_VALUES(db_string(host), db_id(&printer)), NULL));
        }
        return r;
}
