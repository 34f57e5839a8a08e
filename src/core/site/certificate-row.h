// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the files about certificates share. */

#include "core/site/certificate.h"
#include "db/db.h"

/* One certificate on its way: the caller fills the first part, certificate_issue() the rest. */
struct certificate_order {
        struct core *core;
        const struct actor *actor; /* NULL: the service */
        struct id tenant;
        enum certificate_kind kind;
        struct id subject;
        const char *const *names;
        int64_t life_ms;
        const char *way; /* for the trail: "request", "est", "renewal", "door" */
        struct text request;
        /* In the transaction of the row, before it; may be NULL. A refusal undoes it. */
        int (*check)(struct db_tx *tx, void *context);
        void *context;

        struct certificate_issued *issued;
};

/* CORE_NO_AUTHORITY, CORE_BAD_REQUEST, CORE_BAD_VALUE, CORE_BUSY, and what check() refuses. */
int certificate_issue(struct certificate_order *order);

/* The hosts of a printer's addresses that can stand in a certificate, NULL-terminated. */
struct certificate_names {
        char strings[ISSUE_NAMES_MAX][ISSUE_NAME];
        const char *list[ISSUE_NAMES_MAX + 1];
        size_t count;
};
void certificate_add_name(struct certificate_names *names, struct text host);
void certificate_names_of_printer(const struct printer *printer, struct certificate_names *ret);

/* Writes anew by which keys the printer is known. */
int certificate_note_keys(struct db_tx *tx, struct id tenant, struct id printer);
