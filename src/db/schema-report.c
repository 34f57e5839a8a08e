// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* What was printed, added up (core/report/report-total.h), and who is told. The rules are in migrations.h. */
/* clang-format off */
const char db_schema_report[] =
        "CREATE TABLE report_setting ("
        "  tenant_id BLOB PRIMARY KEY REFERENCES tenant (id),"
        "  names INTEGER NOT NULL," /* people stand in reports by name */
        "  job_days INTEGER NOT NULL," /* jobs that are over, and who printed how much; 0: as long as the service keeps them */
        "  total_days INTEGER NOT NULL," /* how much was printed */
        "  time_zone TEXT NOT NULL,"
        "  currency TEXT NOT NULL," /* empty: there are no prices */
        "  price_grey INTEGER NOT NULL," /* in thousandths of it */
        "  price_colour INTEGER NOT NULL,"
        "  price_sheet INTEGER NOT NULL"
        ") WITHOUT ROWID;"

        /* What a printer asks for instead (core/report/price.h). */
        "CREATE TABLE printer_price ("
        "  tenant_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  grey INTEGER NOT NULL," /* in thousandths */
        "  colour INTEGER NOT NULL,"
        "  sheet INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, printer_id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"

        /* One row a day of the tenant's calendar, thing and site; zeros: all things, no site. */
        "CREATE TABLE report_total ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  kind INTEGER NOT NULL," /* enum report_kind */
        "  subject_id BLOB NOT NULL,"
        "  day INTEGER NOT NULL," /* since 1970 */
        "  site_id BLOB NOT NULL,"
        "  jobs INTEGER NOT NULL,"
        "  pages INTEGER NOT NULL,"
        "  colour_pages INTEGER NOT NULL,"
        "  two_sided_pages INTEGER NOT NULL,"
        "  sheets INTEGER NOT NULL,"
        "  cost INTEGER NOT NULL," /* in thousandths */
        "  currency TEXT NOT NULL," /* of the cost; empty: none is known */
        "  priced_jobs INTEGER NOT NULL," /* whose cost that is */
        "  unknown_jobs INTEGER NOT NULL," /* of whose pages nobody knows */
        "  saved_jobs INTEGER NOT NULL,"
        "  saved_pages INTEGER NOT NULL,"
        "  saved_sheets INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, kind, subject_id, day, site_id)"
        ") WITHOUT ROWID;"
        /* Who is mailed which report, and how often (core/report/report-schedule.h). */
        "CREATE TABLE report_schedule ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  asked_id BLOB NOT NULL," /* who wants that; often the same person */
        "  subject INTEGER NOT NULL," /* enum report_by */
        "  attach INTEGER NOT NULL," /* enum report_file, a bit each */
        "  period INTEGER NOT NULL,"
        "  language INTEGER NOT NULL,"
        "  next_day INTEGER NOT NULL," /* the day after the last one of the next report */
        "  due_ms INTEGER NOT NULL,"
        "  outcome TEXT NOT NULL," /* of the last one; empty: there was none */
        "  outcome_ms INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, asked_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX report_schedule_asked ON report_schedule (tenant_id, asked_id);"
        "CREATE INDEX report_schedule_due ON report_schedule (due_ms);"
        "CREATE INDEX report_schedule_person ON report_schedule (tenant_id, person_id);"
        "CREATE INDEX report_total_day ON report_total (tenant_id, kind, day);"
        "CREATE INDEX job_done ON job (tenant_id, done_ms) WHERE done_ms > 0;";
/* clang-format on */
