// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The PJL envelope around a document on a raw port (PJL Technical Reference, chapters 2 to 4).
 *
 *      ESC%-12345X@PJL                              begin: our own words, then the printer's language
 *      @PJL ECHO <nonce>                            what the printer says before it echoes this is not ours
 *      @PJL USTATUS JOB=ON                          it says when the last page is in the output bin
 *      @PJL JOB NAME="<name>"
 *      @PJL SET HOLD=ON …                           with a password: held until it is typed
 *      @PJL SET COPIES=2 …
 *      @PJL ENTER LANGUAGE=PCLXL
 *      the document
 *      ESC%-12345X@PJL                              end
 *      @PJL EOJ NAME="<name>"
 *      ESC%-12345X
 *
 * Every text in it is checked here, so that nothing a user chose can become a command.
 */

#include <stdbool.h>

#include "base/buffer.h"
#include "base/text.h"

#define PJL_UEL          "\x1b%-12345X"
#define PJL_NAME_MAX     80
#define PJL_NONCE_MAX    64
#define PJL_HOLD_KEY_MAX 16

enum pjl_sides {
        PJL_SIDES_DEFAULT, /* as the printer likes */
        PJL_ONE_SIDED,
        PJL_LONG_EDGE,
        PJL_SHORT_EDGE,
};

enum pjl_colour {
        PJL_COLOUR_DEFAULT,
        PJL_GRAYSCALE,
        PJL_COLOUR,
};

struct pjl_job {
        struct text name;  /* printable ASCII without a quotation mark */
        struct text nonce; /* letters, digits and hyphens */
        struct text
                format; /* media type of the document; one we know no language for is left to the printer */
        struct text media; /* PWG 5101.1 name; one we know no PJL name for is left out; may be empty */
        unsigned copies;   /* 0 and 1: not said */
        enum pjl_sides sides;
        enum pjl_colour colour;
        /* Digits, which are typed at the printer before it prints (HOLD, HOLDTYPE and HOLDKEY, as printers
         * with job retention have them; the Technical Reference has not); empty: none. */
        struct text hold_key;
};

enum pjl_refusal {
        PJL_BAD_NAME = 1,
        PJL_BAD_NONCE,
        PJL_BAD_COPIES,
        PJL_BAD_HOLD_KEY,
};

#define PJL_COPIES_MAX 9999

/* What goes before the document; 0 or a refusal, and then nothing is written. */
int pjl_begin_format(const struct pjl_job *job, struct buffer *to);
/* What goes after it. */
int pjl_end_format(const struct pjl_job *job, struct buffer *to);
