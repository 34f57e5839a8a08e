// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "pjl/envelope.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

#define HEAD                                                                                          \
        "\x1b%-12345X@PJL\r\n@PJL ECHO n-1\r\n@PJL USTATUS JOB=ON\r\n@PJL USTATUS DEVICE=ON\r\n@PJL " \
        "JOB NAME=\"imprimatur 1\"\r\n"
#define NAME  TEXT("imprimatur 1")
#define NONCE TEXT("n-1")

static const struct {
        const char *name;
        struct pjl_job job;
        int outcome;
        struct text begin;
} rows[] = {
        { "plain", { NAME, NONCE, TEXT("text/plain"), TEXT(""), 1, 0, 0 }, 0, TEXT(HEAD) },
        { "language",
          { NAME, NONCE, TEXT("application/vnd.hp-PCLXL"), TEXT(""), 0, 0, 0 },
          0,
          TEXT(HEAD "@PJL ENTER LANGUAGE=PCLXL\r\n") },
        { "everything",
          { NAME, NONCE, TEXT("application/pdf"), TEXT("iso_a4_210x297mm"), 3, PJL_LONG_EDGE, PJL_GRAYSCALE },
          0,
          TEXT(HEAD "@PJL SET COPIES=3\r\n@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=LONGEDGE\r\n"
                    "@PJL SET RENDERMODE=GRAYSCALE\r\n@PJL SET PAPER=A4\r\n@PJL ENTER LANGUAGE=PDF\r\n") },
        { "unknown paper is left out",
          { NAME, NONCE, TEXT(""), TEXT("a4\r\n@PJL RESET"), 1, PJL_ONE_SIDED, PJL_COLOUR },
          0,
          TEXT(HEAD "@PJL SET DUPLEX=OFF\r\n@PJL SET RENDERMODE=COLOR\r\n") },
        { "held until digits are typed",
          { .name = NAME, .nonce = NONCE, .hold_key = TEXT("482915") },
          0,
          TEXT(HEAD "@PJL SET HOLD=ON\r\n@PJL SET HOLDTYPE=PRIVATE\r\n@PJL SET HOLDKEY=\"482915\"\r\n") },
        { "no digits",
          { .name = NAME, .nonce = NONCE, .hold_key = TEXT("12\"4") },
          PJL_BAD_HOLD_KEY,
          TEXT("") },
        { "too many digits",
          { .name = NAME, .nonce = NONCE, .hold_key = TEXT("12345678901234567") },
          PJL_BAD_HOLD_KEY,
          TEXT("") },
        { "a line in the name", { TEXT("a\r\n@PJL RESET"), NONCE }, PJL_BAD_NAME, TEXT("") },
        { "a quotation mark in the name", { TEXT("a\" b"), NONCE }, PJL_BAD_NAME, TEXT("") },
        { "no name", { TEXT(""), NONCE }, PJL_BAD_NAME, TEXT("") },
        { "a space in the nonce", { NAME, TEXT("a b") }, PJL_BAD_NONCE, TEXT("") },
        { "copies", { .name = NAME, .nonce = NONCE, .copies = 10000 }, PJL_BAD_COPIES, TEXT("") },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(buffer_done) struct buffer begin = BUFFER(1000);
                SCOPED(buffer_done) struct buffer end = BUFFER(1000);

                printf("%s\n", rows[i].name);
                assert(pjl_begin_format(&rows[i].job, &begin) == rows[i].outcome);
                assert(text_equal(buffer_text(&begin), rows[i].begin));
                assert(pjl_end_format(&rows[i].job, &end) == rows[i].outcome);
                assert(rows[i].outcome ||
                       text_equal(buffer_text(&end), TEXT_OF("\x1b%-12345X@PJL\r\n@PJL EOJ "
                                                             "NAME=\"imprimatur 1\"\r\n\x1b%-12345X")));
        }
        return 0;
}
