// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Documents that tools in cells and readers of texts make into pages: how many, with what on them, and what
 * of the bad ones comes of it. */
#include "render/test-render.h"

#define SCRIPTS "日本語 한국어 العربية שלום Русский 😀\n"

static const struct {
        const char *name;
        const char *type;
        const char *tool; /* without it, there is nothing to be seen */
        struct text document;
        uint32_t pages; /* 0: refused */
        int status;
} rows[] = {
        { "PostScript", "application/postscript", NULL,
          TEXT("%!PS\n100 100 moveto 200 200 lineto stroke showpage showpage\n"), 2, 0 },
        { "PostScript in PJL", "application/postscript", NULL,
          TEXT("\33%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!PS\nshowpage\n\4\33%-12345X@PJL EOJ\r\n"),
          1, 0 },
        { "PostScript that looks around", "application/postscript", NULL,
          TEXT("%!PS\n(/etc/passwd) (r) file pop showpage\n"), 0, RENDER_DAMAGED },
        { "PostScript that starts programs", "application/postscript", NULL,
          TEXT("%!PS\n(%pipe%id) (r) file pop showpage\n"), 0, RENDER_DAMAGED },
        { "PostScript without end", "application/postscript", NULL, TEXT("%!PS\n{ } loop\n"), 0,
          RENDER_LIMIT },
        { "PostScript that fills memory", "application/postscript", NULL,
          TEXT("%!PS\n[ { 65000 string } loop ]\n"), 0, RENDER_LIMIT },
        { "SVG", "image/svg+xml", "/usr/bin/rsvg-convert",
          TEXT("<svg xmlns='http://www.w3.org/2000/svg' width='300' height='300'><rect width='300' height='300'/></svg>"),
          1, 0 },
        { "SVG that looks around", "image/svg+xml", "/usr/bin/rsvg-convert",
          TEXT("<!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'"
               " width='9' height='9'><image href='file:///etc/passwd' width='9' height='9'/><image"
               " href='http://example.com/x.png' width='9' height='9'/></svg>"),
          1, 0 },
        { "SVG of a million laughs", "image/svg+xml", "/usr/bin/rsvg-convert",
          TEXT("<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c"
               " '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e"
               " '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'><!ENTITY g"
               " '&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&g;&g;&g;</text></svg>"),
          0, RENDER_DAMAGED },
        { "SVG that is cut", "image/svg+xml", "/usr/bin/rsvg-convert",
          TEXT("<svg xmlns='http://www.w3.org/2000/svg'><rect"), 0, RENDER_DAMAGED },
        { "HTML", "text/html", "/usr/bin/weasyprint",
          TEXT("<!DOCTYPE html><style>p { break-after: page }</style><p>one<p>two<p>three"), 3, 0 },
        { "HTML that looks around", "text/html", "/usr/bin/weasyprint",
          TEXT("<html><link rel=stylesheet href='file:///etc/passwd'><img src='file:///document'><img"
               " src='http://example.com/x.png'><object data='/etc/passwd'></object><a rel=attachment"
               " href='file:///document'>x</a><script>while(1);</script>"),
          1, 0 },
        { "Markdown", "text/markdown", "/usr/bin/weasyprint",
          TEXT("# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"), 1, 0 },
        { "text in windows-1252", "text/plain", NULL,
          TEXT("Gr\xf6\xdf"
               "e: 10 \x80 \x93that\x94\n\fzwei"),
          2, 0 },
        { "text in UTF-16", "text/plain", NULL, TEXT("\xff\xfeT\0e\0x\0t\0\f\0T\0e\0x\0t\0"), 2, 0 },
        { "text in many scripts", "text/plain", NULL, TEXT(SCRIPTS "\fzwei\n"), 2, 0 },
        { "text that is a program", "text/plain", NULL,
          TEXT("\x7f"
               "ELF\2\1\1\0\0\0"),
          0, RENDER_DAMAGED },
        { "HEIC that is none", "image/heic", "/usr/bin/heif-convert",
          TEXT("\0\0\0\x18"
               "ftypheic\0\0\0\0mif1heic"),
          0, RENDER_DAMAGED },
        { "mislabelled", "text/html", NULL, TEXT("%!PS\nshowpage"), 0, RENDER_DAMAGED },
};

static void try_row(size_t i)
{
        SCOPED(buffer_done) struct buffer pdf = BUFFER(OUTPUT_MOST), pwg = BUFFER(OUTPUT_MOST);
        bool is_endless = strcmp(rows[i].name, "PostScript without end") == 0;
        int status;

        printf("%s\n", rows[i].name);
        fflush(stdout);
        if (rows[i].tool && access(rows[i].tool, X_OK) < 0)
                return;
        status = convert(rows[i].type, "application/pdf", is_endless ? "--cpu-s" : NULL,
                         is_endless ? "2" : NULL, rows[i].document, &pdf);
        assert(status == rows[i].status);
        if (status)
                return;
        assert(convert("application/pdf", "image/pwg-raster", "--resolution", "72", buffer_text(&pdf),
                       &pwg) == 0);
        assert(count_pages(buffer_text(&pwg)) == rows[i].pages);
}

/* What was declared of an encoding counts, where nothing in the text speaks against it. */
static void the_declared_encoding_counts(void)
{
        SCOPED(buffer_done) struct buffer right = BUFFER(OUTPUT_MOST), wrong = BUFFER(OUTPUT_MOST);
        SCOPED(buffer_done) struct buffer plain = BUFFER(OUTPUT_MOST);
        struct text document = TEXT("10 \xa4 today, they say, and no more\n"); /* the euro, in ISO 8859-15 */

        assert(convert("text/plain", "application/pdf", "--charset", "ISO-8859-15", document, &right) == 0);
        assert(convert("text/plain", "application/pdf", "--charset", "no-such-thing", document, &wrong) ==
               RENDER_UNSUPPORTED);
        assert(convert("text/plain", "application/pdf", NULL, NULL,
                       TEXT_OF("10 \xe2\x82\xac today, they say, and no more\n"), &plain) == 0);
        assert(right.len == plain.len);
}

int main(void)
{
        if (access("/usr/bin/bwrap", X_OK) < 0 || access("/usr/bin/gs", X_OK) < 0)
                return SKIPPED;
        find_program();
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                try_row(i);
        the_declared_encoding_counts();
        return 0;
}
