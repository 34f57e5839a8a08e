// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a server is sent after "receive a printer job" (RFC 1179, section 6).
 *
 * Wider than what we send ourselves (lpd/job.h): hosts' names longer than 31 characters and with underscores
 * are common. A name is never a file's name here, and what could be taken for one (a path) is refused.
 */

#include <stdint.h>

#include "base/text.h"
#include "lpd/command.h"

#define LPD_NAME_MAX 200

enum lpd_receive_verb {
        LPD_ABORT = 1,           /* 6.1 */
        LPD_RECEIVE_CONTROL = 2, /* 6.2 */
        LPD_RECEIVE_DATA = 3,    /* 6.3 */
};

enum lpd_receive_refusal {
        LPD_RECEIVE_UNKNOWN = 1, /* no such subcommand */
        LPD_RECEIVE_BAD_COUNT,   /* no number, or none that a file could have */
        LPD_RECEIVE_BAD_NAME,    /* not cfA001host or dfA001host */
};

struct lpd_receive {
        enum lpd_receive_verb verb;
        uint64_t octets;  /* of data: 0 is "until the connection's end", as some clients have it */
        struct text name; /* "dfA001host" */
        unsigned number;  /* 0 to 999 */
        struct text host;
};

/* Reads one line, without its line feed; borrows from it. 0 or a refusal; *ret is written only on 0. */
int lpd_receive_parse(struct text line, struct lpd_receive *ret);

/* Whether it is "dfA001host" or, with 'c', "cfA001host". */
bool lpd_name_is_valid(struct text name, char kind);
