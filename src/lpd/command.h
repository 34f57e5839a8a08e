// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * LPD commands (RFC 1179, section 5)
 *
 * A command is one octet that names it, a queue, sometimes operands, and a line feed. The caller gathers
 * octets up to the line feed, at most LPD_LINE_MAX of them; the parser then sees the whole line at once. So
 * it never waits, never allocates, and keeps no state between calls.
 */

#include "base/buffer.h"
#include "base/text.h"

#define LPD_LINE_MAX  1024
#define LPD_QUEUE_MAX 63

enum lpd_refusal {
        LPD_UNKNOWN_VERB = 1,
        LPD_BAD_QUEUE,
        LPD_BAD_OPERANDS,
};

enum lpd_verb {
        LPD_PRINT_WAITING = 1, /* 5.1 */
        LPD_RECEIVE_JOB = 2,   /* 5.2 */
        LPD_SEND_SHORT = 3,    /* 5.3 */
        LPD_SEND_LONG = 4,     /* 5.4 */
        LPD_REMOVE_JOBS = 5,   /* 5.5 */
};

struct lpd_command {
        enum lpd_verb verb;
        struct text queue;
        struct text operands;
};

/*
 * Reads one line, without its line feed. The texts in *ret borrow from line. Returns 0 or an lpd_refusal;
 * *ret is written only on 0.
 */
int lpd_command_parse(struct text line, struct lpd_command *ret);

/* Writes one line, with its line feed; 0, or LPD_BAD_QUEUE or LPD_BAD_OPERANDS, and then nothing is written.
 */
int lpd_command_format(const struct lpd_command *command, struct buffer *to);
