// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The control file as a server reads it (RFC 1179, section 7): lines of one letter and a value.
 *
 *      H host          P user          J title         N name of the file that is printed
 *      f l o p + dfA…  print it: formatted, as it is, PostScript, with pr; once for each copy
 *      U dfA…          remove it afterwards: nothing to do here
 *
 * What else RFC 1179 and LPRng have is known and left alone: who is to be mailed to, banners, fonts, margins.
 * Formats of plotters and typesetters of 1990 are refused, since nobody could print them. A line that names a
 * file other than dfA001host (a path, a link), a control character or a NUL anywhere refuses the whole.
 */

#include <stdint.h>

#include "base/text.h"
#include "lpd/receive.h"

#define LPD_CONTROL_MAX     16384
#define LPD_FILES_MAX       26
#define LPD_USER_READ_MAX   63
#define LPD_READ_COPIES_MAX 999

enum lpd_control_refusal {
        LPD_CONTROL_BAD_LINE = 1, /* empty, with a control character, or too long a value */
        LPD_CONTROL_BAD_NAME,     /* of a file, or of a user */
        LPD_CONTROL_BAD_FORMAT,   /* one that nobody prints */
        LPD_CONTROL_INCOMPLETE,   /* without a user, or nothing to print */
        LPD_CONTROL_TOO_LARGE,
};

/* Something to print. */
struct lpd_file_order {
        struct text name;   /* "dfA001host" */
        char format;        /* 'f', 'l', 'o' or 'p' */
        unsigned copies;    /* from 1 */
        struct text source; /* N: its name where it came from; may be empty */
};

struct lpd_control {
        struct text host; /* as the client calls itself: proves nothing; may be empty */
        struct text user;
        struct text title; /* J; may be empty. No UTF-8 is promised */
        size_t file_count;
        struct lpd_file_order files[LPD_FILES_MAX];
};

/* The texts in *ret borrow from octets. 0 or a refusal; *ret is written only on 0. */
int lpd_control_parse(struct text octets, struct lpd_control *ret);

/* The order for this data file; NULL where there is none. */
const struct lpd_file_order *lpd_control_find(const struct lpd_control *control, struct text name);
