// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "pjl/filter.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"
#include "pjl/envelope.h"

#define UEL PJL_UEL

static const struct {
        const char *name;
        struct text in;
        struct text out;
} rows[] = {
        { "a PDF", TEXT("%PDF-1.7\n\x1b%-1234\n@PJL in a text\n%%EOF\n"),
          TEXT("%PDF-1.7\n\x1b%-1234\n@PJL in a text\n%%EOF\n") },
        { "octets of all kinds", TEXT("\0\x1b\xff\x1b\x1b%\x1b%-\x1b"),
          TEXT("\0\x1b\xff\x1b\x1b%\x1b%-\x1b") },
        { "white space first", TEXT("  \n text"), TEXT("  \n text") },
        { "a driver's envelope", TEXT(UEL "@PJL JOB\r\n@PJL ENTER LANGUAGE=PCLXL\r\n) HP-PCL XL\n" UEL),
          TEXT(") HP-PCL XL\n") },
        { "with an end of job", TEXT(UEL "@PJL JOB\r\ndata" UEL "@PJL EOJ\r\n" UEL), TEXT("data") },
        { "PJL without an escape", TEXT("@PJL FSUPLOAD NAME=\"0:/etc\"\r\ndata"), TEXT("data") },
        { "after white space", TEXT(" \r\n@PJL RESET\r\ndata"), TEXT(" \r\n\ndata") },
        { "in small letters", TEXT("@pjl reset\ndata"), TEXT("data") },
        { "nearly PJL", TEXT("@PJ"), TEXT("@PJ") },
        { "nearly PJL, then more", TEXT("@pJX @PJL"), TEXT("@pJX @PJL") },
        { "nearly twice", TEXT("@@PJL x"), TEXT("@@PJL x") },
        { "commands in the middle", TEXT("one" UEL "@PJL RDYMSG DISPLAY=\"x\"\r\n@PJL RESET\r\n" UEL "two"),
          TEXT("one\ntwo") },
        { "white space after an escape", TEXT("one" UEL "\r\n @PJL RESET\r\ntwo"), TEXT("one\ntwo") },
        { "an escape in halves", TEXT("\x1b%-12" UEL "345X@PJL RESET\n"),
          TEXT("\x1b%-12\n345X@PJL RESET\n") },
        { "twice in halves", TEXT("\x1b%" UEL UEL "-12345X"), TEXT("\x1b%\n-12345X") },
        { "in a removed line", TEXT(UEL "@PJL COMMENT " UEL "@PJL RESET\nx"), TEXT("x") },
        { "PJL in halves", TEXT("@P" UEL "JL RESET\n"), TEXT("@P\nJL RESET\n") },
        { "a line that never ends", TEXT(UEL "@PJL DOWNLOAD"), TEXT("") },
        { "only escapes", TEXT(UEL UEL UEL), TEXT("") },
        { "nothing", TEXT(""), TEXT("") },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                for (size_t step = 1; step <= 50; step += 7) {
                        SCOPED(buffer_done) struct buffer out = BUFFER(1000);
                        struct text in = rows[i].in;
                        struct pjl_filter filter;

                        printf("%s, %zu at a time\n", rows[i].name, step);
                        pjl_filter_init(&filter);
                        while (in.len > 0) {
                                struct text part = { in.at, in.len < step ? in.len : step };

                                pjl_filter_push(&filter, part, &out);
                                in.at += part.len;
                                in.len -= part.len;
                        }
                        pjl_filter_finish(&filter, &out);
                        assert(text_equal(buffer_text(&out), rows[i].out));
                        assert((filter.removed > 0) == !text_equal(rows[i].in, rows[i].out));
                }
        return 0;
}
