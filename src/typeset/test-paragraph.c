// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "typeset/paragraph.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

/* Paragraphs one behind the other, with "|" for a line feed, "^" for a form feed and "+" for a cut. */
static const struct {
        const char *name;
        struct text text;
        const char *read;
} rows[] = {
        { "nothing", TEXT(""), "" },
        { "two lines", TEXT("one\ntwo\n"), "one|two|" },
        { "the last has no end", TEXT("one\ntwo"), "one|two|" },
        { "of Windows", TEXT("one\r\ntwo\r\n"), "one|two|" },
        { "an empty one", TEXT("\n\n"), "||" },
        { "pages", TEXT("one\f\ntwo"), "one^|two|" },
        { "a tab stays", TEXT("a\tb"), "a\tb|" },
        { "controls go",
          TEXT("a\0\1\x1b[2J\x7f\xc2\x85"
               "b"),
          "a[2Jb|" },
        { "a NUL takes nothing with it", TEXT("a\0b\0\0\nc"), "ab|c|" },
        { "a NUL at the end", TEXT("a\0"), "a|" },
        { "a mark goes",
          TEXT("\xef\xbb\xbf"
               "a"),
          "a|" },
        { "no UTF-8",
          TEXT("a\xff\xc0\xaf"
               "b"),
          "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
          "b|" },
        { "cut", TEXT("a\xe4\xba"), "a\xef\xbf\xbd\xef\xbf\xbd|" },
        { "scripts", TEXT("\xe4\xba\xba \xd8\xb3"), "\xe4\xba\xba \xd8\xb3|" },
};

static void try_row(size_t i)
{
        SCOPED(buffer_done) struct buffer paragraph = BUFFER(PARAGRAPH_OCTETS + 1);
        SCOPED(buffer_done) struct buffer all = BUFFER(1024);
        struct text text = rows[i].text;
        enum paragraph_end end;

        printf("%s\n", rows[i].name);
        fflush(stdout);
        while (paragraph_next(&text, &paragraph, &end)) {
                buffer_add_text(&all, buffer_text(&paragraph));
                buffer_add_string(&all, end == PARAGRAPH_LINE ? "|" : end == PARAGRAPH_PAGE ? "^" : "+");
        }
        assert(text_equal_string(buffer_text(&all), rows[i].read));
}

/* However long a line is, it is read in pieces, and none of it is lost. */
static void a_long_line(void)
{
        SCOPED(buffer_done) struct buffer paragraph = BUFFER(PARAGRAPH_OCTETS + 1);
        SCOPED(freep) char *octets = malloc(1000003);
        size_t all = 0, paragraphs = 0;
        enum paragraph_end end;
        struct text text;

        assert(octets);
        memset(octets, 'x', 1000003);
        text = text_from_octets(octets, 1000003);
        for (; paragraph_next(&text, &paragraph, &end); paragraphs++) {
                all += paragraph.len;
                assert(!paragraph.failure && (end == PARAGRAPH_CUT) == (text.len > 0));
        }
        assert(all == 1000003 && paragraphs > 1000003 / PARAGRAPH_OCTETS);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                try_row(i);
        a_long_line();
        return 0;
}
