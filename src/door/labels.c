// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/labels.h"

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "door/html-qr.h"

/* clang-format off */
const struct label_template label_templates[] = {
        /* name          media                    sheet          grid   first         to the next   label         code   tall   name */
        { "a4-3x8",      "iso_a4_210x297mm",      210, 297,      3, 8,  7.2, 12.9,    66.0, 33.9,   63.5, 33.9,   29,    false, 11 },
        { "a4-2x4",      "iso_a4_210x297mm",      210, 297,      2, 4,  4.65, 13.1,   101.6, 67.7,  99.1, 67.7,   52,    false, 17 },
        { "a4-1",        "iso_a4_210x297mm",      210, 297,      1, 1,  15, 20,       180, 257,     180, 257,     120,   true,  40 },
        { "roll-62x100", "om_62x100mm_62x100mm",  62, 100,       1, 1,  0, 0,         62, 100,      62, 100,      50,    true,  15 },
        { "welcome",     "iso_a4_210x297mm",      210, 297 },
        { NULL },
};
const char *const label_template_names[] = { "a4-3x8", "a4-2x4", "a4-1", "roll-62x100", "welcome", NULL };

static const char *const scan[LANGUAGES] = { "Scan to print here", "Scannen und hier drucken" };
/* clang-format on */

static void add_style(struct html *html, const struct label_template *t)
{
        double code = t->code, words = t->is_tall ? t->label_width - 6 : t->label_width - t->code - 5;
        char style[1600];

        /* What stands in a box is cut there; the code alone is never smaller than it is. */
        snprintf(
                style, sizeof(style),
                "@page{size:%gmm %gmm;margin:0}"
                "body{margin:0;font-family:sans-serif;font-variant-ligatures:none;color:#000;line-height:1.2}"
                ".sheet{position:relative;width:%gmm;height:%gmm;overflow:hidden;break-after:page}"
                ".sheet:last-child{break-after:auto}"
                ".label{position:absolute;overflow:hidden;width:%gmm;height:%gmm}"
                ".label svg{position:absolute;width:%gmm;height:%gmm;left:%gmm;top:%gmm}"
                ".words{position:absolute;overflow:hidden;left:%gmm;top:%gmm;width:%gmm;height:%gmm;%s}"
                ".words p{margin:0 0 .4mm;padding-inline:%s;overflow-wrap:anywhere;max-lines:1;block-ellipsis:auto;continue:discard;font-size:%gpt}"
                "p.name{font-weight:bold;font-size:%gpt;max-lines:3}p.alias{font-family:monospace}"
                ".words p.scan{color:#444;font-size:%gpt;max-lines:2}",
                t->width, t->height, t->width, t->height, t->label_width, t->label_height, code, code,
                t->is_tall ? (t->label_width - code) / 2 : 1.5,
                t->is_tall ? 3.0 : (t->label_height - code) / 2, t->is_tall ? 3.0 : code + 2.5,
                t->is_tall ? code + 4 : (t->label_height - code) / 2 + 1.5, words,
                t->is_tall ? t->label_height - code - 6 : code - 2, t->is_tall ? "text-align:center" : "",
                t->is_tall ? "1em" : "0 .9em", t->points * 0.7, t->points, t->points * 0.6);
        html_element(html, "style", style);
}

static void add_words(struct html *html, const char *class, const char *words)
{
        if (!words[0])
                return;
        html_open(html, "p");
        html_attribute(html, "class", class);
        html_attribute(html, "dir", "auto");
        html_words(html, words);
        html_close(html);
}

static int add_label(struct html *html, const struct label_sheet *sheet, const struct label *label,
                     size_t place)
{
        const struct label_template *t = sheet->template;
        const struct printer *p = &label->printer;
        char at[64], address[QR_ADDRESS];
        int r;

        snprintf(at, sizeof(at), "left:%gmm;top:%gmm", t->left + t->column * (double)(place % t->columns),
                 t->top + t->row * (double)(place / t->columns));
        html_open(html, "div");
        html_attribute(html, "class", "label");
        html_attribute(html, "style", at);
        r = html_qr_printer(html, sheet->origin, p, address);
        html_open(html, "div");
        html_attribute(html, "class", "words");
        add_words(html, "name", p->title[0] ? p->title : p->name);
        add_words(html, "alias", p->alias);
        add_words(html, "site", label->site);
        add_words(html, "scan", scan[sheet->language]);
        html_close(html);
        html_close(html);
        return r;
}

int labels_format(const struct label_sheet *sheet, struct buffer *to)
{
        const struct label_template *t = sheet->template;
        size_t of_sheet = (size_t)t->columns * t->rows, first = sheet->first % of_sheet;
        struct html html;
        int r = 0;

        html_begin(&html, to);
        html_open(&html, "html");
        html_attribute(&html, "lang", language_names[sheet->language]);
        html_open(&html, "head");
        html_empty(&html, "meta");
        html_attribute(&html, "charset", "utf-8");
        html_element(&html, "title", t->name);
        add_style(&html, t);
        html_close(&html);
        html_open(&html, "body");
        for (size_t i = 0; r == 0 && i < sheet->count; i++) {
                size_t place = (first + i) % of_sheet;

                if (i == 0 || place == 0) {
                        html_open(&html, "div");
                        html_attribute(&html, "class", "sheet");
                }
                r = add_label(&html, sheet, &sheet->labels[i], place);
                if (place == of_sheet - 1 || i + 1 == sheet->count)
                        html_close(&html);
        }
        return r ? r : html_finish(&html);
}
