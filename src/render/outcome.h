// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Why a document was not converted. The numbers are also the program's exit status; 1 is a fault (the one
 * line on standard error says more), 2 a wrong command line.
 */
enum render_refusal {
        RENDER_UNSUPPORTED = 3, /* no way from this format to that one, or a form of it we do not read */
        RENDER_DAMAGED = 4,     /* not what it says it is, or nothing to be made of it */
        RENDER_PASSWORD = 5,    /* opens only with a password */
        RENDER_LIMIT = 6,       /* too large, too many pages, too long, too much memory */
};

/* The word for the line on standard error. */
const char *render_refusal_name(int refusal);
