// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/welcome.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/html-qr.h"

/* Of everything that people have called it: then in smaller letters, so that all is on one page. */
#define LONG_OCTETS 240

enum word {
        WORD_READY,
        WORD_PLACE,
        WORD_SITE,
        WORD_ALIAS,
        WORD_MODEL,
        WORD_HOW,
        WORD_PULL,
        WORD_SECURE,
        WORD_DIRECT,
        WORD_BADGE,
        WORD_RELEASE,
        WORD_ADDRESS,
        WORD_CODE,
        WORDS
};

/* clang-format off */
static const char *const table[WORDS][LANGUAGES] = {
        [WORD_READY] =   { "This printer is ready.", "Dieser Drucker ist bereit." },
        [WORD_PLACE] =   { "Where it stands", "Wo er steht" },
        [WORD_SITE] =    { "Site", "Standort" },
        [WORD_ALIAS] =   { "Short name", "Kurzname" },
        [WORD_MODEL] =   { "Model", "Modell" },
        [WORD_HOW] =     { "How to print here", "So drucken Sie hier" },
        [WORD_PULL] =    { "Print to the queue \u201c%s\u201d. Your documents wait for you, at every printer.",
                           "Drucken Sie in die Warteschlange \u201e%s\u201c. Ihre Dokumente warten auf Sie, an jedem Drucker." },
        [WORD_SECURE] =  { "Or print to \u201c%s\u201d: what you send there waits at this printer alone.",
                           "Oder drucken Sie nach \u201e%s\u201c: Was Sie dorthin senden, wartet nur an diesem Drucker." },
        [WORD_DIRECT] =  { "What you print to \u201c%s\u201d comes out here at once.",
                           "Was Sie nach \u201e%s\u201c drucken, kommt hier sofort heraus." },
        [WORD_BADGE] =   { "Hold your badge to the reader. Your documents come out.",
                           "Halten Sie Ihren Ausweis an den Leser. Ihre Dokumente werden gedruckt." },
        [WORD_RELEASE] = { "Or release them from a computer: imprimatur release %s",
                           "Oder geben Sie sie am Rechner frei: imprimatur release %s" },
        [WORD_ADDRESS] = { "Address for your computer", "Adresse f\u00fcr Ihren Rechner" },
        [WORD_CODE] =    { "This code leads to the printer\u2019s page. It prints nothing by itself.",
                           "Dieser Code f\u00fchrt zur Seite des Druckers. Von selbst druckt er nichts." },
};
/* clang-format on */

static const char style[] =
        "@page{margin:18mm}"
        "section{break-after:page}section:last-child{break-after:auto}"
        "body{font-family:sans-serif;font-variant-ligatures:none;font-size:12pt;line-height:1.35;color:#000;margin:0}"
        "h1{font-size:30pt;line-height:1.1;margin:0 0 3mm;overflow-wrap:anywhere}"
        ".long{font-size:9.5pt}.long h1{font-size:14pt}.long h2{font-size:12pt;margin:4mm 0 1mm}"
        ".long .ready{font-size:11pt;margin-bottom:4mm;padding-bottom:2mm}.whose{color:#444;margin:0 0 2mm}"
        "h2{font-size:16pt;margin:9mm 0 2mm}"
        ".ready{font-size:15pt;margin:0 0 8mm;border-bottom:.6mm solid #000;padding-bottom:4mm}"
        "table{border-spacing:0;width:100%;table-layout:fixed}th,td{text-align:start;vertical-align:top;padding:1mm 0;overflow-wrap:anywhere}"
        "th{width:34%;font-weight:normal;color:#444}"
        "li{margin:0 0 2mm;overflow-wrap:anywhere}ol{padding-inline-start:6mm}"
        "code{font-size:10pt;overflow-wrap:anywhere}"
        ".code{text-align:center;margin-top:6mm;break-inside:avoid}.code svg{width:44mm;height:44mm}.code p{font-size:10pt;margin:1mm 0}";

static const char *word(const struct welcome *w, enum word which)
{
        return table[which][w->language];
}

/* What somebody called something may be long: it is in its own direction, and no more than its line. */
static void row(struct html *html, const char *name, const char *value)
{
        if (!value[0])
                return;
        html_open(html, "tr");
        html_element(html, "th", name);
        html_open(html, "td");
        html_attribute(html, "dir", "auto");
        html_words(html, value);
        html_close(html);
        html_close(html);
}

/* Names of queues and printers are letters and digits of ours. */
static void step(struct html *html, const char *pattern, const char *name)
{
        char words[512];
        struct text head, tail;

        text_cut(text_from(pattern), '%', &head, &tail);
        snprintf(words, sizeof(words), "%.*s%s%s", TEXT_ARGS(head), tail.len ? name : "",
                 tail.len ? tail.at + 1 : "");
        html_element(html, "li", words);
}

static void add_steps(struct html *html, const struct welcome *w)
{
        const struct printer *p = w->printer;

        html_element(html, "h2", word(w, WORD_HOW));
        html_open(html, "ol");
        if (w->pull_queue[0])
                step(html, word(w, WORD_PULL), w->pull_queue);
        if (w->secure_queue[0])
                step(html, word(w, WORD_SECURE), w->secure_queue);
        if (w->has_reader && p->badges)
                step(html, word(w, WORD_BADGE), "");
        if (w->pull_queue[0] || w->secure_queue[0])
                step(html, word(w, WORD_RELEASE), p->alias[0] ? p->alias : p->name);
        if (w->direct_queue[0])
                step(html, word(w, WORD_DIRECT), w->direct_queue);
        html_close(html);
}

/* "ipps://print.example:8443/ipp/print/demo/pull", of the queue that people use here first. */
static void add_address(struct html *html, const struct welcome *w)
{
        const char *queue = w->pull_queue[0]     ? w->pull_queue
                            : w->secure_queue[0] ? w->secure_queue
                                                 : w->direct_queue;
        struct text scheme, authority;
        char address[512];

        text_cut(text_from(w->origin), '/', &scheme, &authority);
        if (!queue[0] || authority.len < 2)
                return;
        snprintf(address, sizeof(address), "ipps:/%.*s/ipp/print/%s/%s", TEXT_ARGS(authority), w->tenant_name,
                 queue);
        html_element(html, "h2", word(w, WORD_ADDRESS));
        html_open(html, "p");
        html_element(html, "code", address);
        html_close(html);
}

static int add_code(struct html *html, const struct welcome *w)
{
        char address[QR_ADDRESS];
        int r;

        html_open(html, "div");
        html_attribute(html, "class", "code");
        r = html_qr_printer(html, w->origin, w->printer, address);
        html_element(html, "p", word(w, WORD_CODE));
        html_open(html, "p");
        html_element(html, "code", address);
        html_close(html);
        html_close(html);
        return r;
}

static bool is_long(const struct welcome *w, const char *title)
{
        return strlen(title) + strlen(w->printer->location) + strlen(w->site) + strlen(w->organisation) +
                       strlen(w->printer->make_and_model) >
               LONG_OCTETS;
}

/* One page of the document. */
static int add_page(struct html *html, const struct welcome *w)
{
        const struct printer *p = w->printer;
        const char *title = p->title[0] ? p->title : p->name;
        int r;

        html_open(html, "section");
        html_attribute(html, "class", is_long(w, title) ? "long" : "short");
        if (w->organisation[0]) {
                html_open(html, "p");
                html_attribute(html, "class", "whose");
                html_words(html, w->organisation);
                html_close(html);
        }
        html_open(html, "h1");
        html_attribute(html, "dir", "auto");
        html_words(html, title);
        html_close(html);
        html_open(html, "p");
        html_attribute(html, "class", "ready");
        html_words(html, word(w, WORD_READY));
        html_close(html);
        html_open(html, "table");
        row(html, word(w, WORD_PLACE), p->location);
        row(html, word(w, WORD_SITE), w->site);
        row(html, word(w, WORD_ALIAS), p->alias);
        row(html, word(w, WORD_MODEL), p->make_and_model);
        html_close(html);
        add_steps(html, w);
        add_address(html, w);
        r = add_code(html, w);
        html_close(html);
        return r;
}

int welcome_format(const struct welcome *pages, size_t count, struct buffer *to)
{
        const struct printer *first = pages[0].printer;
        struct html html;
        int r = 0;

        html_begin(&html, to);
        html_open(&html, "html");
        html_attribute(&html, "lang", language_names[pages[0].language]);
        html_open(&html, "head");
        html_empty(&html, "meta");
        html_attribute(&html, "charset", "utf-8");
        html_element(&html, "title", first->title[0] ? first->title : first->name);
        html_element(&html, "style", style);
        html_close(&html);
        html_open(&html, "body");
        for (size_t i = 0; r == 0 && i < count; i++)
                r = add_page(&html, &pages[i]);
        return r ? r : html_finish(&html);
}
