// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/disposition.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define RLO "\xe2\x80\xae"

static const struct {
        const char *name;
        struct text title;
        const char *extension;
        const char *plain;
        const char *extended;
} rows[] = {
        { "its own name", TEXT("letter.pdf"), "pdf", "letter.pdf", "letter.pdf" },
        { "in either case", TEXT("LETTER.PDF"), "pdf", "LETTER.PDF", "LETTER.PDF" },
        { "what it is called", TEXT("a letter"), "pdf", "a letter.pdf", "a%20letter.pdf" },
        { "what it really is", TEXT("invoice.exe"), "pdf", "invoice.exe.pdf", "invoice.exe.pdf" },
        { "an ending alone", TEXT(".pdf"), "pdf", "_pdf.pdf", "_pdf.pdf" },
        { "letters of the world",
          TEXT("Gr\xc3\xbc\xc3\x9f"
               "e"),
          "txt", "Gr__e.txt", "Gr%C3%BC%C3%9Fe.txt" },
        { "a way out", TEXT("../../etc/passwd"), NULL, "_._.._etc_passwd", "_._.._etc_passwd" },
        { "a way out of Windows", TEXT("C:\\x"), NULL, "C__x", "C__x" },
        { "out of the header", TEXT("a\"; x=\r\nSet-Cookie: y"), NULL, "a_; x=__Set-Cookie_ y",
          "a_%3B%20x%3D__Set-Cookie_%20y" },
        { "an escape", TEXT("100%41"), NULL, "100_41", "100%2541" },
        { "read backwards", TEXT("a" RLO "fdp.exe"), "pdf", "a_fdp.exe.pdf", "a_fdp.exe.pdf" },
        { "hidden", TEXT(".profile"), NULL, "_profile", "_profile" },
        { "no name", TEXT(""), "docx", "document.docx", "document.docx" },
        { "no UTF-8", TEXT("a\xff"), NULL, "a_", "a_" },
};

static void try_row(size_t i)
{
        char got[DISPOSITION_OCTETS], wanted[DISPOSITION_OCTETS];

        printf("%s\n", rows[i].name);
        fflush(stdout);
        disposition_format(rows[i].title, rows[i].extension, got);
        snprintf(wanted, sizeof(wanted), "attachment; filename=\"%s\"; filename*=UTF-8''%s", rows[i].plain,
                 rows[i].extended);
        assert(strcmp(got, wanted) == 0);
}

/* The longest title there is, of the longest characters: cut, with its ending, and in the header's bounds. */
static void a_long_title(void)
{
        char title[2000], got[DISPOSITION_OCTETS];

        for (size_t i = 0; i < sizeof(title); i += 4)
                memcpy(title + i, "\xf0\x9f\x96\xa8", 4);
        disposition_format(text_from_octets(title, sizeof(title)), "pdf", got);
        assert(text_ends_with(text_from(got), "%F0%9F%96%A8.pdf"));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                try_row(i);
        a_long_title();
        return 0;
}
