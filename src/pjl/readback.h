// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * PJL readback: what a printer says on its raw port (PJL Technical Reference, chapters 3, 7 and 8).
 *
 * A message is "@PJL <command>" CR LF, lines, and a form feed:
 *
 *      @PJL ECHO <text> FF
 *      @PJL USTATUS JOB   START | END | CANCELED, NAME="…", PAGES=n, RESULT=OK   FF
 *      @PJL USTATUS DEVICE   CODE=10001 DISPLAY="Ready" ONLINE=TRUE   FF
 *      @PJL INFO <category>   lines   FF
 *
 * A printer's words are hostile input: octets may come in any pieces; a message longer than PJL_MESSAGE_MAX
 * is dropped whole; numbers are range-checked; unknown lines are skipped. No I/O, no allocation.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define PJL_MESSAGE_MAX 4096

enum pjl_report_kind {
        PJL_ECHO,         /* words */
        PJL_JOB_START,    /* name, pages as far as known */
        PJL_JOB_END,      /* name, pages, result */
        PJL_JOB_CANCELED, /* name, pages */
        PJL_DEVICE,       /* code, words: what the panel shows */
        PJL_INFO,         /* words: the category; body: its lines */
        PJL_OTHER,
};

struct pjl_report {
        enum pjl_report_kind kind;
        struct text words;
        struct text body;
        struct text name;
        struct text result; /* empty where the printer gave none */
        bool has_pages;
        uint32_t pages;
        uint32_t code;
        bool online;
};

struct pjl_reader {
        char octets[PJL_MESSAGE_MAX];
        size_t len;
        bool overlong;
        bool given;
};

void pjl_reader_init(struct pjl_reader *reader);

/*
 * Takes from the front of *octets. True: *ret is one report, its texts borrowed until the next call; there
 * may be more in *octets. False: *octets is used up.
 */
bool pjl_reader_next(struct pjl_reader *reader, struct text *octets, struct pjl_report *ret);

/* One whole message without its form feed; never fails, what it does not know is PJL_OTHER. */
struct pjl_report pjl_report_parse(struct text message);
