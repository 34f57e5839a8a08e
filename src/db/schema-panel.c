// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Panels: browsers that stand at printers, and who is about to be signed in at one (core/panel/panel.h). */
const char db_schema_panel[] =
        "CREATE TABLE panel ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  code_hash BLOB UNIQUE," /* with which it is bound, once */
        "  code_expires_ms INTEGER NOT NULL,"
        "  hash BLOB UNIQUE," /* of its secret; NULL: not bound */
        "  session_id BLOB,"  /* the last one that began there; it may be over */
        "  created_ms INTEGER NOT NULL,"
        "  bound_ms INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL," /* up to a minute old */
        "  words TEXT NOT NULL,"      /* on its idle screen, in place of the tenant's */
        "  notice INTEGER NOT NULL,"  /* of the badge that was held to a reader there
                                         (core/panel/panel-notice.h) */
        "  notice_tail TEXT NOT NULL,"
        "  notice_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, printer_id, name),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"

        "CREATE TABLE panel_guest ("
        "  tenant_id BLOB NOT NULL,"
        "  panel_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  method TEXT NOT NULL,"
        "  hash BLOB UNIQUE," /* of what its browser must show (an adapter's); NULL: nothing */
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, panel_id),"
        "  FOREIGN KEY (tenant_id, panel_id) REFERENCES panel (tenant_id, id) ON DELETE CASCADE,"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX panel_guest_person ON panel_guest (tenant_id, person_id);"
        "CREATE INDEX panel_guest_expiry ON panel_guest (expires_ms);"

        /* A tenant without a row has everything off. */
        "CREATE TABLE panel_policy ("
        "  tenant_id BLOB PRIMARY KEY REFERENCES tenant (id),"
        "  unbound INTEGER NOT NULL,"
        "  prints_at_once INTEGER NOT NULL,"
        "  presence INTEGER NOT NULL,"
        "  hides_titles INTEGER NOT NULL,"
        "  words TEXT NOT NULL" /* on every idle screen */
        ") WITHOUT ROWID;";
