// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The files of a mail while it waits: one stream, cut into pieces that are sealed each and bound to their
 * mail and their place in it. For core/notice/mail.c alone. */

#include "core/notice/mail.h"
#include "core/state.h"

/* Fills mail->pieces. CORE_BAD_VALUE: too many, or too large. */
int mail_files_seal(struct core *core, const struct tenant_entry *entry, const struct mail_order *order,
                    struct mail *mail);
/* In the transaction of the mail, after it. CORE_BUSY. */
int mail_files_add(struct db_tx *tx, const struct mail *mail);
/* Fills octets, files and file_count. Faults only. */
int mail_files_open(struct core *core, const struct tenant_entry *entry, struct mail_leased *leased);
/* Before the mail's own row. */
int mail_files_delete(struct db_tx *tx, struct id tenant, struct id mail);
