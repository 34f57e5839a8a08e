// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* In which language somebody reads the plain pages: what he chose here or in the application, which is kept
 * in a cookie that both know, or what his browser asks for. */

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "door/cookie.h"
#include "door/page/page.h"

#define COOKIE      "__Host-imprimatur-language" /* web/src/words/index.ts sets and reads it too */
#define KEEP_S      31536000
#define ADDRESS_MAX 4096

static bool is_known(struct text word, enum language *ret)
{
        for (int language = 0; language < LANGUAGES; language++)
                if (text_equal_string(word, language_names[language])) {
                        *ret = (enum language)language;
                        return true;
                }
        return false;
}

static bool is_chosen_now(const struct request *request, enum language *ret)
{
        struct text word;

        return http_query(request->x, "language", &word) && is_known(word, ret);
}

enum language page_language(const struct request *request)
{
        enum language language;
        struct text word;

        if (is_chosen_now(request, &language))
                return language;
        if (cookie_find(http_header(request->x, "Cookie"), COOKIE, &word) && is_known(word, &language))
                return language;
        return language_wanted(http_header(request->x, "Accept-Language"));
}

static int set_cookie(struct request *request, const char *value, int seconds)
{
        char header[128];

        snprintf(header, sizeof(header), COOKIE "=%s; Path=/; Secure; SameSite=Lax; Max-Age=%d", value,
                 seconds);
        return http_add_header(request->x, "Set-Cookie", header);
}

int page_keep_language(struct request *request)
{
        enum language language;

        return is_chosen_now(request, &language) ? set_cookie(request, language_names[language], KEEP_S) : 0;
}

int page_forget_language(struct request *request)
{
        struct text word;

        return cookie_find(http_header(request->x, "Cookie"), COOKIE, &word) ? set_cookie(request, "", 0) : 0;
}

/* The same page once more, with all that was asked for but the language. */
static void add_query(struct text query, struct buffer *to)
{
        struct text part;
        bool more = query.len > 0;

        buffer_add_string(to, "?");
        while (more) {
                more = text_cut(query, '&', &part, &query);
                if (!part.len || text_starts_with(part, "language="))
                        continue;
                buffer_add_text(to, part);
                buffer_add_string(to, "&");
        }
        buffer_add_string(to, "language=");
}

static void write_choice(struct page_writer *page, enum language language)
{
        SCOPED(buffer_done) struct buffer path = BUFFER(ADDRESS_MAX);
        struct html *html = &page->html;

        buffer_add_text(&path, page->request->x->path);
        add_query(page->request->x->query, &path);
        buffer_add_string(&path, language_names[language]);
        if (!buffer_string(&path))
                return;
        html_open(html, "a");
        html_attribute(html, "class", "language");
        html_attribute(html, "lang", language_names[language]);
        html_attribute(html, "hreflang", language_names[language]);
        html_path(html, "href", buffer_string(&path));
        html_words(html, say(language, "page.language"));
        html_close(html);
}

void page_write_languages(struct page_writer *page)
{
        /* What a form was answered with cannot be asked for once more. */
        if (!http_method_is(page->request->x, "GET"))
                return;
        for (int language = 0; language < LANGUAGES; language++)
                if ((enum language)language != page->language)
                        write_choice(page, (enum language)language);
}
