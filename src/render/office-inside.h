// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * This program once more, inside of the cell in which LibreOffice runs: LibreOffice can write to a named file
 * only, and sets up a profile before it does anything. So this starts it, twice where it wants that, with a
 * profile that has never seen another document, and copies the PDF out of the cell.
 */

#define OFFICE_PROGRAM "/usr/lib/libreoffice/program/soffice.bin"
/* The first word on the command line: then "--as=OCTETS" for LibreOffice, the document, and LibreOffice's
 * options for its kind. */
#define OFFICE_INSIDE "--inside-of-the-cell"
/* Its one line on standard error, where the document opens only with a password. */
#define OFFICE_LOCKED "locked"
#define OFFICE_BROKEN 1

/* The exit status: OFFICE_BROKEN where no PDF came of it, above 128 where a signal ended LibreOffice. */
int office_inside(int argc, char **argv);
