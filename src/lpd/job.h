// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * LPD jobs (RFC 1179, sections 6 and 7)
 *
 * After "receive a printer job" the client sends, each answered by one octet (zero: yes):
 *
 *      2 <octets> SP cfA<number><host> LF    the control file     0
 *      3 <octets> SP dfA<number><host> LF    <octets> of data     0
 *
 * RFC 1179 allows either order. We send the control file first, because servers inside printers that take the
 * data as it arrives want to know about it before; the zero after the data is then the last word.
 *
 * Control file, one line each: H host, P user, J title, ldfA… print as it is (once for each copy), UdfA…
 * remove afterwards, N title of the file.
 */

#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

#define LPD_HOST_MAX   31 /* section 7.2 */
#define LPD_USER_MAX   31 /* section 7.8 */
#define LPD_TITLE_MAX  99 /* section 7.4 */
#define LPD_NUMBER_MAX 999
#define LPD_COPIES_MAX 999

enum lpd_file {
        LPD_CONTROL_FILE = 2,
        LPD_DATA_FILE = 3,
};

struct lpd_job {
        unsigned number; /* 0 to LPD_NUMBER_MAX */
        struct text host;
        struct text user;
        struct text title;
        unsigned copies; /* 0 is 1; at most LPD_COPIES_MAX are asked for */
};

enum lpd_job_refusal {
        LPD_BAD_NAME = 1, /* host, user or title: empty, too long, or with a character that is not ours */
        LPD_BAD_NUMBER,
        LPD_BAD_SUBCOMMAND,
};

/* The control file. 0 or a refusal, and then nothing is written. */
int lpd_control_format(const struct lpd_job *job, struct buffer *to);

/* The line that announces one of the two files, with its line feed. */
int lpd_subcommand_format(const struct lpd_job *job, enum lpd_file file, uint64_t octets, struct buffer *to);

struct lpd_subcommand {
        enum lpd_file file;
        uint64_t octets;
        unsigned number;
        struct text host;
};

/* Reads such a line, without its line feed; borrows from it. 0 or a refusal; *ret is written only on 0. */
int lpd_subcommand_parse(struct text line, struct lpd_subcommand *ret);
