// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Records and checkpoints as messages of syslog (RFC 5424): facility 13 (log audit), everything as structured
 * data, so that a collector can search it, and once more as the line of an export (audit/line.h), in its one
 * spelling, so that what was collected can be verified whatever else the collector does to a message.
 *
 *      <109>1 2026-01-31T12:00:00.000Z HOST imprimatur - job-held [record@32473 tenant="…" number="17" …]
 *              {"type":"record",…}
 *      <109>1 2026-01-31T12:01:00.000Z HOST imprimatur - checkpoint [checkpoint@32473 tenant="…" …]
 *              {"type":"checkpoint",…}
 *
 * (each is one line). 32473 is the enterprise number that RFC 5612 reserves; the parameters are named as the
 * members of the line.
 */

#include "audit/checkpoint.h"
#include "audit/record.h"
#include "base/buffer.h"

/* The longest message. */
#define AUDIT_SYSLOG_MAX 4096

/* host: this machine's name. Neither ends with a line feed. */
void audit_record_syslog(const struct audit_record *record, const uint8_t hash[HASH_OCTETS], const char *host,
                         struct buffer *to);
void audit_checkpoint_syslog(const struct audit_checkpoint *checkpoint, const char *host, struct buffer *to);

/* The line of an export in a line that a collector has written, in whatever manner of its own. False where
 * there is none; whether it is one is for audit_line_parse() to say. */
bool audit_syslog_find_line(struct text collected, struct text *ret);
