// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The one script of the plain pages: passkeys cannot be asked for without. It is made from web/sign-in/. */

#include "door/app.h"
#include "door/page/page.h"
#include "door/words.h"

void page_passkey(struct page_writer *page, const char *deed, struct text next, const char *words)
{
        struct html *html = &page->html;

        html_open(html, "div");
        html_attribute(html, "data-passkey", deed);
        html_attribute_text(html, "data-next", next.len ? next : TEXT_OF("/sign-in"));
        html_flag(html, "hidden");
        html_open(html, "button");
        html_attribute(html, "type", "button");
        html_words(html, say(page->language, words));
        html_close(html);
        html_open(html, "p");
        html_attribute(html, "class", "alarm");
        html_attribute(html, "role", "alert");
        html_flag(html, "hidden");
        html_close(html);
        html_close(html);
        if (page->has_script)
                return;
        html_open(html, "script");
        html_path(html, "src", app_path_of("passkey.js"));
        html_flag(html, "defer");
        html_close(html);
        page->has_script = true;
}
