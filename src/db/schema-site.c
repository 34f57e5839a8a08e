// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Sites: what agents find there, and what it told. The rules are in migrations.h. */
/* clang-format off */
const char db_schema_site[] =
        /* How an agent looks for printers (core/printer/discovery.h). */
        "CREATE TABLE discovery ("
        "  tenant_id BLOB NOT NULL,"
        "  agent_id BLOB NOT NULL,"
        "  settings TEXT NOT NULL,"
        "  sealed BLOB," /* communities and passphrases, with the tenant's field key; NULL: none */
        "  writes INTEGER NOT NULL DEFAULT 0," /* some of them are for writing */
        "  PRIMARY KEY (tenant_id, agent_id),"
        "  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE TABLE discovery_run ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  agent_id BLOB NOT NULL,"
        "  purpose INTEGER NOT NULL,"
        "  state INTEGER NOT NULL,"
        "  addresses INTEGER NOT NULL,"
        "  asked INTEGER NOT NULL,"
        "  answered INTEGER NOT NULL,"
        "  found INTEGER NOT NULL,"
        "  packets INTEGER NOT NULL,"
        "  octets INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  told_ms INTEGER NOT NULL," /* heard of last; 0: not yet */
        "  ended_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX discovery_run_agent ON discovery_run (tenant_id, agent_id, id);"

        /* What an agent saw of a printer, whether it is one of ours or not (core/printer/discovered-printer.h). */
        "CREATE TABLE discovered_printer ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  agent_id BLOB,"   /* who saw it last; NULL: that one is revoked */
        "  printer_id BLOB," /* which of ours it is */
        "  run_id BLOB,"     /* in which it was seen last */
        "  address TEXT NOT NULL,"
        "  also TEXT NOT NULL," /* another address at which it was seen in the same run */
        "  via TEXT NOT NULL,"
        "  uuid TEXT NOT NULL,"
        "  spki TEXT NOT NULL,"
        "  sealed BLOB," /* serial number and MAC, with the tenant's field key; NULL: neither */
        "  make_and_model TEXT NOT NULL,"
        "  facts TEXT NOT NULL,"
        "  supplies TEXT NOT NULL,"
        "  trays TEXT NOT NULL,"
        "  covers TEXT NOT NULL,"
        "  first_ms INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL,"
        "  silent_ms INTEGER NOT NULL," /* since when it does not answer; 0: it does */
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX discovered_printer_uuid ON discovered_printer (tenant_id, uuid) WHERE uuid <> '';"
        "CREATE INDEX discovered_printer_spki ON discovered_printer (tenant_id, spki) WHERE spki <> '';"
        "CREATE INDEX discovered_printer_address ON discovered_printer (tenant_id, address);"
        "CREATE INDEX discovered_printer_agent ON discovered_printer (tenant_id, agent_id, seen_ms);"
        "CREATE INDEX discovered_printer_printer ON discovered_printer (tenant_id, printer_id);"
        /* None of ours: the ones that give way (core/printer/discovered-row.c). */
        "CREATE INDEX discovered_printer_free ON discovered_printer (tenant_id, agent_id, seen_ms) WHERE printer_id IS NULL;"
        "CREATE INDEX discovered_printer_seen ON discovered_printer (seen_ms);"

        /* Where printers stand: the IP addresses in their addresses, in canonical form (core/printer/printer-host.h). */
        "CREATE TABLE printer_host ("
        "  tenant_id BLOB NOT NULL,"
        "  host TEXT NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, host, printer_id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX printer_host_printer ON printer_host (tenant_id, printer_id);"
        /* Who they are, where that is known. */
        "CREATE INDEX printer_uuid ON printer (tenant_id, identity_uuid) WHERE identity_uuid <> '';"
        "CREATE INDEX printer_spki ON printer (tenant_id, identity_spki) WHERE identity_spki <> '';"
        "CREATE INDEX printer_serial ON printer (tenant_id, identity_serial) WHERE identity_serial <> '';"

        /* By which its serial number and MAC are found again (core/mark.h). */
        "CREATE TABLE discovered_mark ("
        "  tenant_id BLOB NOT NULL,"
        "  discovered_id BLOB NOT NULL,"
        "  kind INTEGER NOT NULL," /* 1 serial number, 2 MAC */
        "  mac BLOB NOT NULL,"
        "  key_version INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, discovered_id, kind),"
        "  FOREIGN KEY (tenant_id, discovered_id) REFERENCES discovered_printer (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX discovered_mark_mac ON discovered_mark (tenant_id, mac);"

        /* What is kept of a printer's being where it should be (core/printer/printer-watch.h). */
        "CREATE TABLE printer_watch ("
        "  tenant_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  follows INTEGER NOT NULL," /* its addresses follow it */
        "  swapped_ms INTEGER NOT NULL," /* since when another one answers in its place; 0: none does */
        "  swapped_by BLOB," /* that one */
        "  told INTEGER NOT NULL," /* there is an event of it */
        "  PRIMARY KEY (tenant_id, printer_id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"
        /* What a printer's counters stood at: the last reading of each day (core/printer/meter.h). */
        "CREATE TABLE meter ("
        "  tenant_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  day INTEGER NOT NULL," /* since 1970 */
        "  name TEXT NOT NULL,"
        "  discovered_id BLOB NOT NULL," /* whose counter it is: a printer may become another device */
        "  is_usage INTEGER NOT NULL," /* of copies, scans and faxes */
        "  unit TEXT NOT NULL,"
        "  value INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, printer_id, day, name, discovered_id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX meter_day ON meter (day);"

        /* What printers use up (core/report/supply.h), and how full it was on each day. */
        "CREATE TABLE supply ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  place INTEGER NOT NULL," /* in the device's own table */
        "  discovered_id BLOB NOT NULL," /* whose it is: a printer may become another device */
        "  name TEXT NOT NULL,"
        "  type TEXT NOT NULL,"
        "  colour TEXT NOT NULL,"
        "  level INTEGER NOT NULL," /* of a thousand */
        "  day INTEGER NOT NULL," /* when it was told last, since 1970 */
        "  seen_ms INTEGER NOT NULL,"
        "  empty_day INTEGER NOT NULL," /* when it will be empty (core/report/supply-forecast.h) */
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE UNIQUE INDEX supply_place ON supply (tenant_id, printer_id, place);"
        "CREATE INDEX supply_empty ON supply (tenant_id, empty_day, level, id);"
        "CREATE TABLE supply_level ("
        "  tenant_id BLOB NOT NULL,"
        "  supply_id BLOB NOT NULL,"
        "  day INTEGER NOT NULL,"
        "  level INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, supply_id, day),"
        "  FOREIGN KEY (tenant_id, supply_id) REFERENCES supply (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX supply_level_day ON supply_level (tenant_id, day);"

        /* What printers complain of, open and over (core/notice/alert.h). */
        "CREATE TABLE alert ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  printer_id BLOB," /* NULL: about an agent */
        "  agent_id BLOB," /* whose readers gave cause for it (core/notice/alarm.h); NULL: the printer complains itself */
        "  place INTEGER NOT NULL," /* in the device's own table; -1: in none */
        "  severity INTEGER NOT NULL,"
        "  concerns TEXT NOT NULL," /* what it is about */
        "  code TEXT NOT NULL,"
        "  description TEXT NOT NULL,"
        "  opened_ms INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL,"
        "  closed_ms INTEGER NOT NULL," /* 0: open */
        "  told INTEGER NOT NULL," /* 0: to nobody yet, 1: that it is open, 2: that it is over */
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX alert_agent ON alert (tenant_id, agent_id, closed_ms) WHERE agent_id IS NOT NULL;"
        "CREATE INDEX alert_alarm ON alert (seen_ms) WHERE place < 0 AND closed_ms = 0;"
        "CREATE INDEX alert_printer ON alert (tenant_id, printer_id, closed_ms);"
        "CREATE INDEX alert_untold ON alert (told, closed_ms) WHERE told < 2;"
        "CREATE INDEX alert_closed ON alert (closed_ms) WHERE closed_ms > 0;"

        /* Who is told of them, and what waits to be told. */
        "CREATE TABLE alert_route ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  title TEXT NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  sealed BLOB NOT NULL," /* where to, and with which key, with the tenant's field key */
        "  least INTEGER NOT NULL," /* severity */
        "  concerns TEXT NOT NULL," /* separated by spaces; empty: everything */
        "  site_id BLOB," /* NULL: all */
        "  closings INTEGER NOT NULL," /* also what is over */
        "  outcome TEXT NOT NULL," /* of the last try; empty: there was none */
        "  outcome_ms INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE TABLE alert_message ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  route_id BLOB NOT NULL,"
        "  alert_id BLOB NOT NULL,"
        "  is_over INTEGER NOT NULL,"
        "  attempts INTEGER NOT NULL,"
        "  due_ms INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, route_id) REFERENCES alert_route (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, alert_id) REFERENCES alert (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX alert_message_route ON alert_message (tenant_id, route_id, due_ms);"
        "CREATE INDEX alert_message_alert ON alert_message (tenant_id, alert_id);"
        "CREATE INDEX alert_message_due ON alert_message (due_ms);"

        /* What an agent found when it tried to reach a printer (core/printer/readiness.h). */
        "CREATE TABLE readiness ("
        "  tenant_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  seen_ms INTEGER NOT NULL,"
        "  checks TEXT NOT NULL,"
        "  PRIMARY KEY (tenant_id, printer_id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"

        /* What was to be written to a device last, and what became of it (core/printer/device-configure.h). */
        "CREATE TABLE device_configuration ("
        "  tenant_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  agent_id BLOB NOT NULL,"
        "  state INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  ended_ms INTEGER NOT NULL,"
        "  wanted TEXT NOT NULL,"
        "  outcome TEXT NOT NULL,"
        "  PRIMARY KEY (tenant_id, printer_id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"

        /* Whose copies, scans and faxes are counted: a printer's, where its tenant's are as well (core/printer/meter.h). */
        "CREATE TABLE device_usage ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  subject_id BLOB NOT NULL," /* a printer, or the tenant */
        "  PRIMARY KEY (tenant_id, subject_id)"
        ") WITHOUT ROWID;"

        "CREATE INDEX printer_watch_swapped ON printer_watch (tenant_id, swapped_by) WHERE swapped_by IS NOT NULL;";
/* clang-format on */
