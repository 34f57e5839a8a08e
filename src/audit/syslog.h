// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Records and checkpoints as messages of syslog (RFC 5424): facility 13 (log audit), everything as structured
 * data, so that a collector can search it and a checkpoint that has left this machine can be compared with
 * the one in an export.
 *
 *      <109>1 2026-01-31T12:00:00.000Z HOST imprimatur - job-held [record@32473 tenant="…" number="17" …]
 *      <109>1 2026-01-31T12:01:00.000Z HOST imprimatur - checkpoint [checkpoint@32473 tenant="…" …]
 *
 * 32473 is the enterprise number that RFC 5612 reserves; the parameters are named as the members of an
 * export's lines.
 */

#include "audit/checkpoint.h"
#include "audit/record.h"
#include "base/buffer.h"

/* The longest message. */
#define AUDIT_SYSLOG_MAX 2048

/* host: this machine's name. Neither ends with a line feed. */
void audit_record_syslog(const struct audit_record *record, const uint8_t hash[HASH_OCTETS], const char *host,
                         struct buffer *to);
void audit_checkpoint_syslog(const struct audit_checkpoint *checkpoint, const char *host, struct buffer *to);
