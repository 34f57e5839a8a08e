// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/migrations.h"

/* Printing: agents, printers, readers, queues, jobs and their way to the paper. The rules are in
 * migrations.h. */
/* clang-format off */
const char db_schema_printing[] =
        "CREATE TABLE site ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  title TEXT NOT NULL,"
        "  address TEXT NOT NULL,"
        "  geo TEXT NOT NULL,"
        "  encrypted_only INTEGER NOT NULL DEFAULT 0," /* its printers are reached by IPPS alone */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name)"
        ") WITHOUT ROWID;"

        "CREATE TABLE site_administrator ("
        "  tenant_id BLOB NOT NULL,"
        "  site_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, site_id, person_id),"
        "  FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX site_administrator_person ON site_administrator (tenant_id, person_id, site_id);"

        /* Whose user's name from which network is whose (core/job/submitter.h). */
        "CREATE TABLE submitter ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  network TEXT NOT NULL,"
        "  user_name TEXT NOT NULL,"
        "  person_id BLOB," /* NULL: domain says who */
        "  domain TEXT NOT NULL,"
        "  site_id BLOB," /* NULL: agents of all sites */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE UNIQUE INDEX submitter_rule ON submitter (tenant_id, user_name, network, coalesce(site_id, ''));"
        "CREATE INDEX submitter_person ON submitter (tenant_id, person_id);"
        "CREATE INDEX submitter_site ON submitter (tenant_id, site_id);"

        /* What agents keep because we would not have it (core/site/refused-deposit.h). */
        "CREATE TABLE refused_deposit ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  agent_id BLOB NOT NULL," /* which may be gone */
        "  door TEXT NOT NULL,"
        "  reason TEXT NOT NULL,"
        "  queue TEXT NOT NULL,"
        "  client TEXT NOT NULL,"
        "  user_name TEXT NOT NULL,"
        "  claimed_id BLOB,"
        "  person_id BLOB," /* whom it was given to */
        "  octets INTEGER NOT NULL,"
        "  is_discarded INTEGER NOT NULL,"
        "  made_ms INTEGER NOT NULL,"
        "  refused_ms INTEGER NOT NULL,"
        "  until_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, claimed_id) REFERENCES person (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX refused_deposit_claimed ON refused_deposit (tenant_id, claimed_id);"
        "CREATE INDEX refused_deposit_person ON refused_deposit (tenant_id, person_id);"
        "CREATE INDEX refused_deposit_until ON refused_deposit (until_ms);"

        "CREATE TABLE agent ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  site_id BLOB,"
        "  fingerprint BLOB UNIQUE,"
        "  code_hash BLOB UNIQUE,"
        "  incarnation INTEGER NOT NULL,"
        "  starts INTEGER NOT NULL," /* how often it told of its journal */
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  code_expires_ms INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL,"
        "  features_off INTEGER NOT NULL," /* 1 << enum agent_feature */
        "  cloned_ms INTEGER NOT NULL,"    /* 0: not noticed */
        "  health TEXT NOT NULL,"
        "  health_ms INTEGER NOT NULL,"
        "  stale_ms INTEGER NOT NULL,"     /* when one whose place was taken last spoke; 0: never */
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name),"
        "  FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX agent_site ON agent (tenant_id, site_id);"

        /* Of the tenant of operators. */
        "CREATE TABLE converter ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  fingerprint BLOB UNIQUE,"
        "  code_hash BLOB UNIQUE,"
        "  formats TEXT NOT NULL," /* that it can read */
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  seen_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name)"
        ") WITHOUT ROWID;"

        "CREATE TABLE printer ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  title TEXT NOT NULL,"
        "  location TEXT NOT NULL,"
        "  make_and_model TEXT NOT NULL,"
        "  agent_id BLOB,"
        "  site_id BLOB,"
        "  accepting INTEGER NOT NULL,"
        "  is_public INTEGER NOT NULL DEFAULT 0," /* guests may print there */
        "  colour INTEGER NOT NULL,"
        "  duplex INTEGER NOT NULL,"
        "  resolution_dpi INTEGER NOT NULL,"
        "  pages_per_minute INTEGER NOT NULL,"
        "  addresses TEXT NOT NULL," /* separated by spaces, as are formats and media */
        "  formats TEXT NOT NULL,"
        "  media TEXT NOT NULL,"
        "  trays INTEGER NOT NULL,"
        "  output_bins TEXT NOT NULL DEFAULT '',"
        "  media_types TEXT NOT NULL DEFAULT '',"
        "  media_sources TEXT NOT NULL DEFAULT '',"
        "  finishings TEXT NOT NULL DEFAULT '',"
        "  sheet_back TEXT NOT NULL DEFAULT '',"
        "  password_digits INTEGER NOT NULL DEFAULT 0,"
        "  substitution INTEGER NOT NULL DEFAULT 0,"
        "  alias TEXT NOT NULL DEFAULT ''," /* small letters; empty: none */
        "  forward_user TEXT NOT NULL DEFAULT ''," /* of a server's queue: under which name; empty: a device */
        "  forward_titles INTEGER NOT NULL DEFAULT 0,"
        "  badges INTEGER NOT NULL DEFAULT 1," /* a badge held to its readers releases */
        "  identity_uuid TEXT NOT NULL,"
        "  identity_spki TEXT NOT NULL,"
        "  identity_serial TEXT NOT NULL,"
        "  identity_issued TEXT NOT NULL DEFAULT ''," /* keys of its certificates (core/site/certificate.h) */
        "  openly_ms INTEGER NOT NULL DEFAULT 0," /* since when it is reached openly although it has IPPS; 0: not */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name),"
        "  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id)"
        ") WITHOUT ROWID;"
        /* What it said of itself last (core/printer/printer-state.h). */
        "CREATE TABLE printer_state ("
        "  tenant_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  seen_ms INTEGER NOT NULL,"
        "  condition INTEGER NOT NULL,"
        "  reasons TEXT NOT NULL," /* separated by spaces */
        "  trays TEXT NOT NULL,"   /* by semicolons */
        "  PRIMARY KEY (tenant_id, printer_id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"

        "CREATE UNIQUE INDEX printer_alias ON printer (tenant_id, alias) WHERE alias <> '';"
        "CREATE INDEX printer_site ON printer (tenant_id, site_id);"
        "CREATE INDEX printer_agent ON printer (tenant_id, agent_id);"

        "CREATE TABLE reader ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  agent_id BLOB NOT NULL,"
        "  model INTEGER NOT NULL,"
        "  address TEXT NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  newest_only INTEGER NOT NULL,"
        "  dial_port INTEGER NOT NULL," /* the agent dials it; 0: it dials the agent */
        "  feedback TEXT NOT NULL,"     /* empty: as its model usually */
        "  profile TEXT NOT NULL,"
        "  wants_pin INTEGER NOT NULL,"
        "  opens_panel INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name),"
        "  UNIQUE (tenant_id, agent_id, model, address),"
        "  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"

        /* Which models are listened for; an agent of zeros: at all agents that say nothing else. */
        "CREATE TABLE reader_switch ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  agent_id BLOB NOT NULL,"
        "  model INTEGER NOT NULL,"
        "  is_on INTEGER NOT NULL,"
        "  port INTEGER NOT NULL," /* 0: the agent's own setting */
        "  PRIMARY KEY (tenant_id, agent_id, model)"
        ") WITHOUT ROWID;"

        /* A badge that was shown where a PIN is wanted as well: the last one at each printer. */
        "CREATE TABLE badge_wait ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  printer_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  reader_id BLOB NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, printer_id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX badge_wait_expiry ON badge_wait (expires_ms);"
        "CREATE INDEX badge_wait_person ON badge_wait (tenant_id, person_id);"

        "CREATE TABLE queue ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  title TEXT NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  printer_id BLOB,"
        "  accepting INTEGER NOT NULL,"
        "  takes_raw INTEGER NOT NULL,"
        "  documents INTEGER NOT NULL," /* enum queue_documents */
        "  jobs_waiting INTEGER NOT NULL," /* RECEIVING, HELD and RELEASING */
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, name),"
        "  FOREIGN KEY (tenant_id, printer_id) REFERENCES printer (tenant_id, id)"
        ") WITHOUT ROWID;"

        /* Where a machine's account may submit, and how much of it may wait. */
        "CREATE TABLE machine ("
        "  tenant_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  jobs_max INTEGER NOT NULL," /* 0: as many as a person */
        "  PRIMARY KEY (tenant_id, person_id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE TABLE machine_queue ("
        "  tenant_id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  queue_id BLOB NOT NULL,"
        "  PRIMARY KEY (tenant_id, person_id, queue_id),"
        "  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, queue_id) REFERENCES queue (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX machine_queue_queue ON machine_queue (tenant_id, queue_id);"

        "CREATE TABLE job ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  id BLOB NOT NULL,"
        "  number INTEGER NOT NULL,"
        "  queue_id BLOB NOT NULL,"
        "  owner_id BLOB NOT NULL,"
        "  state TEXT NOT NULL,"
        "  reason TEXT NOT NULL,"
        "  title BLOB NOT NULL," /* sealed with the tenant's field key */
        "  format TEXT NOT NULL,"
        "  size_octets INTEGER NOT NULL,"
        "  ticket TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  expires_ms INTEGER NOT NULL," /* of its document while that is here; 0: nothing to expire */
        "  processing_ms INTEGER NOT NULL,"
        "  done_ms INTEGER NOT NULL,"
        "  delivery_id BLOB," /* the last one */
        "  printer_id BLOB," /* where alone it comes out; NULL: anywhere */
        "  artefacts INTEGER NOT NULL DEFAULT 1," /* the greatest number that one of them had */
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, number),"
        "  FOREIGN KEY (tenant_id, owner_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX job_owner ON job (tenant_id, owner_id, id);"
        "CREATE INDEX job_live ON job (tenant_id, owner_id, id) WHERE state IN ('receiving', 'held', 'releasing');"
        "CREATE INDEX job_printer ON job (tenant_id, printer_id) WHERE printer_id IS NOT NULL;"
        "CREATE INDEX job_expiry ON job (expires_ms) WHERE expires_ms > 0;"

        /* Who pays, and where that is asked for, by the id of a printer, queue, person, job, delivery, or the tenant. */
        "CREATE TABLE accounting ("
        "  tenant_id BLOB NOT NULL REFERENCES tenant (id),"
        "  subject_id BLOB NOT NULL,"
        "  owner_id BLOB," /* the person whose it is; NULL: nobody's */
        "  needs INTEGER NOT NULL,"    /* 0 nothing, 1 an account, 2 and a user */
        "  may_save INTEGER NOT NULL," /* of a tenant */
        "  sealed BLOB," /* account and user, with the tenant's field key; NULL: neither */
        "  PRIMARY KEY (tenant_id, subject_id),"
        "  FOREIGN KEY (tenant_id, owner_id) REFERENCES person (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX accounting_owner ON accounting (tenant_id, owner_id);"

        "CREATE TABLE document ("
        "  tenant_id BLOB NOT NULL,"
        "  job_id BLOB NOT NULL,"
        "  artefact INTEGER NOT NULL,"
        "  key_version INTEGER NOT NULL,"
        "  wrapped BLOB NOT NULL,"
        "  expiry_day INTEGER NOT NULL,"
        "  format TEXT NOT NULL,"
        "  size_octets INTEGER NOT NULL,"
        "  sealed_octets INTEGER NOT NULL,"
        "  place_name BLOB NOT NULL,"
        "  place_is_segment INTEGER NOT NULL,"
        "  place_offset INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, job_id, artefact),"
        "  FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX document_day ON document (tenant_id, expiry_day);"

        /* What was made of a document, by the order it was made for. */
        "CREATE TABLE rendition ("
        "  tenant_id BLOB NOT NULL,"
        "  job_id BLOB NOT NULL,"
        "  recipe TEXT NOT NULL,"
        "  artefact INTEGER NOT NULL,"
        "  pages INTEGER NOT NULL," /* 0: not known */
        "  PRIMARY KEY (tenant_id, job_id, recipe),"
        "  FOREIGN KEY (tenant_id, job_id, artefact) REFERENCES document (tenant_id, job_id, artefact)"
        ") WITHOUT ROWID;"
        "CREATE INDEX rendition_artefact ON rendition (tenant_id, job_id, artefact);"

        /* What a document holds, as far as the renderer could tell. */
        "CREATE TABLE inspection ("
        "  tenant_id BLOB NOT NULL,"
        "  job_id BLOB NOT NULL,"
        "  state TEXT NOT NULL,"
        "  reason TEXT NOT NULL,"
        "  secret INTEGER NOT NULL," /* 1: the document's password was given */
        "  base INTEGER NOT NULL," /* the artefact that has it as PDF; 0: none */
        "  pages INTEGER NOT NULL,"
        "  colour_pages INTEGER," /* NULL: not known */
        "  facts BLOB," /* all of them, sealed with the tenant's field key */
        "  PRIMARY KEY (tenant_id, job_id),"
        "  FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, id)"
        ") WITHOUT ROWID;"

        /* What renderers have to do. */
        "CREATE TABLE work ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  job_id BLOB NOT NULL,"
        "  owner_id BLOB NOT NULL,"
        "  kind INTEGER NOT NULL," /* the most urgent first */
        "  recipe TEXT NOT NULL,"
        "  source TEXT NOT NULL," /* the format's extension: who can read it */
        "  state INTEGER NOT NULL," /* 0 wanted, 1 under way, 2 failed */
        "  reason TEXT NOT NULL,"
        "  attempts INTEGER NOT NULL,"
        "  due_ms INTEGER NOT NULL," /* under way: its lease ends */
        "  PRIMARY KEY (tenant_id, id),"
        "  UNIQUE (tenant_id, job_id, recipe),"
        "  FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX work_wanted ON work (kind, owner_id, id) WHERE state = 0;"
        "CREATE INDEX work_leased ON work (due_ms) WHERE state = 1;"

        /* Submissions that their client may repeat. */
        "CREATE TABLE submission ("
        "  tenant_id BLOB NOT NULL,"
        "  key BLOB NOT NULL,"
        "  job_id BLOB NOT NULL,"
        "  contents BLOB NOT NULL,"
        "  expires_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, key)"
        ") WITHOUT ROWID;"
        "CREATE INDEX submission_expiry ON submission (expires_ms);"

        "CREATE TABLE release ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  person_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  method INTEGER NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE INDEX release_created ON release (created_ms);"
        "CREATE INDEX release_person ON release (tenant_id, person_id, created_ms);"

        "CREATE TABLE delivery ("
        "  tenant_id BLOB NOT NULL,"
        "  id BLOB NOT NULL,"
        "  job_id BLOB NOT NULL,"
        "  release_id BLOB NOT NULL,"
        "  printer_id BLOB NOT NULL,"
        "  state TEXT NOT NULL,"
        "  reason TEXT NOT NULL,"
        "  artefact INTEGER NOT NULL," /* 0: a rendition is wanted first */
        "  has_password INTEGER NOT NULL DEFAULT 0," /* a job-password, which is written nowhere */
        "  recipe TEXT NOT NULL,"      /* of that rendition; empty: the document goes as it is */
        "  ticket TEXT NOT NULL,"
        "  rest INTEGER NOT NULL DEFAULT 0," /* copies for which the job is held again when this one is out */
        "  epoch INTEGER NOT NULL,"
        "  agent_id BLOB,"
        "  incarnation INTEGER NOT NULL,"
        "  attempts INTEGER NOT NULL,"
        "  due_ms INTEGER NOT NULL," /* REQUESTED: not before; OFFERED: the lease's end; ARMED: gone silent
                                        after */
        "  pages INTEGER NOT NULL,"
        "  octets_acked INTEGER NOT NULL,"
        "  way TEXT NOT NULL DEFAULT ''," /* how the printer was spoken to; empty: not known */
        "  cost INTEGER," /* when it came out, in thousandths (core/report/price.h); NULL: not known */
        "  currency TEXT NOT NULL DEFAULT '',"
        "  created_ms INTEGER NOT NULL,"
        "  armed_ms INTEGER NOT NULL,"
        "  ended_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (tenant_id, id),"
        "  FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, id)"
        ") WITHOUT ROWID;"
        "CREATE UNIQUE INDEX delivery_open ON delivery (tenant_id, job_id)"
        "  WHERE state IN ('requested', 'offered', 'armed');"
        "CREATE INDEX delivery_job ON delivery (tenant_id, job_id);"
        "CREATE INDEX delivery_release ON delivery (tenant_id, release_id);"
        "CREATE INDEX delivery_wanted ON delivery (tenant_id, printer_id, id)"
        "  WHERE state = 'requested' AND artefact > 0;"
        "CREATE INDEX delivery_retry ON delivery (due_ms) WHERE state = 'requested' AND due_ms > 0;"
        "CREATE INDEX delivery_busy ON delivery (tenant_id, printer_id) WHERE state IN ('offered', 'armed');"
        "CREATE INDEX delivery_due ON delivery (due_ms) WHERE state IN ('offered', 'armed');"
        "CREATE INDEX delivery_agent ON delivery (tenant_id, agent_id) WHERE state IN ('offered', 'armed');";
/* clang-format on */
