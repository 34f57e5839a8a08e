// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/html.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define U "\xef\xbf\xbd"

static const struct {
        const char *name;
        struct text words;
        const char *written;
} rows[] = {
        { "plain", TEXT("Ada"), "Ada" },
        { "markup", TEXT("<script>alert('1')</script>"), "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;" },
        { "out of an attribute", TEXT("\" onfocus=\"x"), "&quot; onfocus=&quot;x" },
        { "entities stay what they are", TEXT("&lt;"), "&amp;lt;" },
        { "UTF-8", TEXT("\xc3\xa6 \xe2\x82\xac \xf0\x9f\x96\xa8"), "\xc3\xa6 \xe2\x82\xac \xf0\x9f\x96\xa8" },
        { "overlong <", TEXT("\xc0\xbc"), U U },
        { "surrogate", TEXT("\xed\xa0\x80"), U U U },
        { "cut", TEXT("a\xe2\x82"), "a" U U },
        { "a lead octet eats no markup", TEXT("\xe2<b"), U "&lt;b" },
        { "beyond Unicode", TEXT("\xf4\x90\x80\x80"), U U U U },
        { "NUL", TEXT("a\0b"), "a" U "b" },
        { "escape", TEXT("\x1b[2J"), U "[2J" },
        { "C1", TEXT("\xc2\x85"), U },
        { "turned around",
          TEXT("\xe2\x80\xae"
               "exe"),
          U "exe" },
        { "isolate", TEXT("\xe2\x81\xa7x"), U "x" },
};

static void test_rows(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct buffer buffer = BUFFER(1024);
                char whole[512];
                struct html html;

                printf("%s\n", rows[i].name);
                html_begin(&html, &buffer);
                html_open(&html, "p");
                html_attribute_text(&html, "title", rows[i].words);
                html_text(&html, rows[i].words);
                assert(html_finish(&html) == 0);
                snprintf(whole, sizeof(whole), "<!doctype html>\n<p title=\"%s\">%s</p>\n", rows[i].written,
                         rows[i].written);
                assert(strcmp(buffer_string(&buffer), whole) == 0);
                buffer_done(&buffer);
        }
}

static void test_elements(void)
{
        struct buffer buffer = BUFFER(1024);
        struct html html;

        html_begin(&html, &buffer);
        html_open(&html, "form");
        html_path(&html, "action", "/sign-in");
        html_empty(&html, "input");
        html_attribute(&html, "name", "email");
        html_flag(&html, "required");
        html_element(&html, "b", "x");
        assert(html_finish(&html) == 0);
        assert(strcmp(buffer_string(&buffer), "<!doctype html>\n<form action=\"/sign-in\">"
                                              "<input name=\"email\" required><b>x</b>\n</form>\n") == 0);
        buffer_done(&buffer);
}

static void test_too_large(void)
{
        struct buffer buffer = BUFFER(40);
        struct html html;

        html_begin(&html, &buffer);
        html_element(&html, "p", "0123456789012345678901234567890123456789");
        assert(html_finish(&html) == -EMSGSIZE);
        buffer_done(&buffer);
}

int main(void)
{
        test_rows();
        test_elements();
        test_too_large();
        return 0;
}
