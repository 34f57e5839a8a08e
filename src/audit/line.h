// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Lines of an export: one JSON object each (RFC 8259), in one spelling only.
 *
 *      through     the last checkpoint, told first, so that a cut end shows
 *      base        the checkpoint after which the records begin; none where they begin with number 1
 *      record      a record with its hash
 *      checkpoint  after the record that it covers; the last one is "through" again
 *
 * Members stand in a fixed order without blanks, hashes and keys in lower-case hexadecimal, times in UTC with
 * milliseconds, and of the characters of a text only '"' and '\' are escaped. What is spelt otherwise is no
 * line, so that not one octet of an export can be changed unseen.
 */

#include <stdbool.h>

#include "audit/checkpoint.h"
#include "audit/record.h"
#include "base/buffer.h"

/* Without the line feed at its end. */
#define AUDIT_LINE_MAX 2048

enum audit_line_type {
        AUDIT_THROUGH = 1,
        AUDIT_BASE,
        AUDIT_RECORD,
        AUDIT_CHECKPOINT,
};

struct audit_line {
        enum audit_line_type type;
        struct audit_record record; /* AUDIT_RECORD; its texts point into texts below */
        uint8_t hash[HASH_OCTETS];
        struct audit_checkpoint checkpoint; /* the other types */
        char texts[AUDIT_EVENT_MAX + AUDIT_KIND_MAX + AUDIT_VIA_MAX + AUDIT_SOURCE_MAX + AUDIT_DETAIL_MAX];
};

/* Both end with a line feed. */
void audit_record_line(const struct audit_record *record, const uint8_t hash[HASH_OCTETS], struct buffer *to);
void audit_checkpoint_line(enum audit_line_type type, const struct audit_checkpoint *checkpoint,
                           struct buffer *to);

/* A line without its line feed. False where it is none; *ret is then undefined. */
bool audit_line_parse(struct text line, struct audit_line *ret);
