// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "door/html.h"
#include "door/money.h"
#include "door/report-format.h"

/* The plot, in its own units. */
#define PLOT_WIDTH  1000
#define PLOT_HEIGHT 300
#define PLOT_LEFT   70
#define PLOT_BOTTOM 270
#define PLOT_THINGS 12 /* bars of things, each with its name */

enum word {
        WORD_TITLE,
        WORD_JOBS,
        WORD_PAGES,
        WORD_COLOUR,
        WORD_TWO_SIDED,
        WORD_SHEETS,
        WORD_SAVED,
        WORD_COST,
        WORD_TOTAL,
        WORD_NOTHING,
        WORD_NO_NAME,
        WORD_NO_SITE,
        WORD_SMALL,
        WORD_UNKNOWN,
        WORD_CUT,
        WORD_PSEUDONYMS,
        WORD_GREY,
        WORDS
};

/* clang-format off */
static const char *const table[WORDS][LANGUAGES] = {
        [WORD_TITLE] =      { "Printed pages", "Gedruckte Seiten" },
        [WORD_JOBS] =       { "Jobs", "Auftr\u00e4ge" },
        [WORD_PAGES] =      { "Pages", "Seiten" },
        [WORD_COLOUR] =     { "In colour", "In Farbe" },
        [WORD_TWO_SIDED] =  { "Two-sided", "Beidseitig" },
        [WORD_SHEETS] =     { "Sheets", "Blatt" },
        [WORD_SAVED] =      { "Sheets not collected", "Nicht abgeholte Blatt" },
        [WORD_COST] =       { "Cost", "Kosten" },
        [WORD_TOTAL] =      { "In all", "Zusammen" },
        [WORD_NOTHING] =    { "Nothing was printed in this time.", "In dieser Zeit wurde nichts gedruckt." },
        [WORD_NO_NAME] =    { "No longer there", "Nicht mehr vorhanden" },
        [WORD_NO_SITE] =    { "At no site", "An keinem Standort" },
        [WORD_SMALL] =      { "Groups of fewer than five people", "Gruppen mit weniger als f\u00fcnf Personen" },
        [WORD_UNKNOWN] =    { "Of %lld jobs nobody knows how many pages they had: neither the printer nor the document says.",
                              "Bei %lld Auftr\u00e4gen ist nicht bekannt, wie viele Seiten es waren: Weder der Drucker noch das Dokument sagt es." },
        [WORD_CUT] =        { "There are more rows than are shown; those with most pages are here.",
                              "Es gibt mehr Zeilen, als hier stehen; die mit den meisten Seiten sind dabei." },
        [WORD_PSEUDONYMS] = { "People stand here under a pseudonym, which is another one next month.",
                              "Personen stehen hier unter einem Pseudonym, das im n\u00e4chsten Monat ein anderes ist." },
        [WORD_GREY] =       { "Black and white", "Schwarz-wei\u00df" },
};
static const char *const by_words[][LANGUAGES] = {
        [REPORT_BY_DAY] =     { "by day", "nach Tagen" },
        [REPORT_BY_WEEK] =    { "by week", "nach Wochen" },
        [REPORT_BY_MONTH] =   { "by month", "nach Monaten" },
        [REPORT_BY_PERSON] =  { "by person", "nach Personen" },
        [REPORT_BY_GROUP] =   { "by group", "nach Gruppen" },
        [REPORT_BY_PRINTER] = { "by printer", "nach Druckern" },
        [REPORT_BY_SITE] =    { "by site", "nach Standorten" },
        [REPORT_BY_QUEUE] =   { "by queue", "nach Warteschlangen" },
};
/* clang-format on */

static const char style[] =
        "@page{size:A4;margin:16mm 14mm}"
        "body{font-family:sans-serif;font-variant-ligatures:none;font-size:9pt;line-height:1.35;color:#000;margin:0}"
        "h1{font-size:19pt;margin:0 0 1mm}.whose,.when{color:#444;margin:0 0 1mm}"
        "svg{width:100%;margin:5mm 0 3mm}p.note{color:#444}"
        "table{border-spacing:0;width:100%;table-layout:fixed}th{font-weight:normal;color:#444;vertical-align:bottom}"
        "th,td{text-align:end;padding:1mm 1.5mm;border-bottom:.15mm solid #bbb;overflow-wrap:anywhere}td:not(:first-child){white-space:nowrap}"
        "th:first-child,td:first-child{text-align:start;width:24%}tr.total td{font-weight:bold;border-bottom:.4mm solid #000}"
        "tr{break-inside:avoid}thead{display:table-header-group}";

static const char *word(const struct report_sheet *sheet, enum word which)
{
        return table[which][sheet->language];
}

static const char *name_of(const struct report_sheet *sheet, const struct report_pages_row *row,
                           char day[REPORT_DAY_STRING])
{
        const char *name = report_row_name(sheet->order->by, row, day);

        if (name[0])
                return name;
        if (sheet->order->by == REPORT_BY_GROUP)
                return word(sheet, WORD_SMALL);
        return word(sheet,
                    sheet->order->by == REPORT_BY_SITE && id_is_zero(row->id) ? WORD_NO_SITE : WORD_NO_NAME);
}

/* ---- the plot ---- */

/* Where an axis ends: a round number that is at least the value, and whose half is a whole one. */
static int64_t round_up(int64_t value)
{
        static const int64_t steps[] = { 2, 4, 6, 10 };

        for (int64_t power = 1;; power *= 10)
                for (size_t i = 0; i < ARRAY_LENGTH(steps); i++)
                        if (value <= power * steps[i])
                                return power * steps[i];
}

struct plot {
        struct html *html;
        const struct report_sheet *sheet;
        size_t bars;
        int64_t most;
        double width; /* of a bar with what is between it and the next one */
};

static void add_number(struct html *html, const char *name, double value)
{
        char string[32];

        snprintf(string, sizeof(string), "%.1f", value);
        html_attribute(html, name, string);
}

static void add_rectangle(struct html *html, const char *fill, const double box[4])
{
        static const char *const names[] = { "x", "y", "width", "height" };

        if (box[3] <= 0)
                return;
        html_open(html, "rect");
        for (size_t i = 0; i < 4; i++)
                add_number(html, names[i], box[i]);
        html_attribute(html, "fill", fill);
        html_close(html);
}

static void add_label(struct html *html, double x, double y, const char *anchor, size_t most,
                      const char *words)
{
        char cut[64];
        size_t len = strlen(words);

        /* Not within a character. */
        for (len = len > most ? most : len; len && ((uint8_t)words[len] & 0xc0) == 0x80;)
                len--;
        snprintf(cut, sizeof(cut), "%.*s%s", (int)len, words, words[len] ? "\u2026" : "");
        html_open(html, "text");
        add_number(html, "x", x);
        add_number(html, "y", y);
        html_attribute(html, "font-size", "15");
        html_attribute(html, "text-anchor", anchor);
        html_words(html, cut);
        html_close(html);
}

static double height_of(const struct plot *plot, int64_t pages)
{
        return (double)pages * (PLOT_BOTTOM - 20) / (double)plot->most;
}

/* Where a bar begins: by time as far from the first as its day is. */
static double left_of(const struct plot *plot, size_t i)
{
        const struct report_order *order = plot->sheet->order;
        int64_t first = plot->sheet->pages->rows[0].day, day = plot->sheet->pages->rows[i].day;

        if (order->by == REPORT_BY_DAY)
                return PLOT_LEFT + (double)(day - first) * plot->width;
        return PLOT_LEFT + (double)i * plot->width;
}

static void add_bar(const struct plot *plot, size_t i)
{
        const struct report_pages_row *row = &plot->sheet->pages->rows[i];
        double grey = height_of(plot, row->sums.pages - row->sums.colour_pages),
               colour = height_of(plot, row->sums.colour_pages), x = left_of(plot, i) + plot->width * 0.1,
               width = plot->width * 0.8;
        char day[REPORT_DAY_STRING];

        add_rectangle(plot->html, "#495057", (double[]){ x, PLOT_BOTTOM - grey, width, grey });
        add_rectangle(plot->html, "#1c7ed6", (double[]){ x, PLOT_BOTTOM - grey - colour, width, colour });
        if (plot->bars <= PLOT_THINGS && (plot->width > 110 || i % 2 == 0))
                add_label(plot->html, x + width / 2, PLOT_BOTTOM + 18, "middle", (size_t)(plot->width / 9),
                          name_of(plot->sheet, row, day));
        else if (plot->bars > PLOT_THINGS && (i == 0 || i == plot->bars - 1))
                add_label(plot->html, i ? x + width : x, PLOT_BOTTOM + 18, i ? "end" : "start", 18,
                          name_of(plot->sheet, row, day));
}

static void add_axis(const struct plot *plot)
{
        for (int i = 0; i <= 2; i++) {
                double y = PLOT_BOTTOM - (PLOT_BOTTOM - 20) * i / 2.0;
                char string[24];

                snprintf(string, sizeof(string), "%.10g", (double)plot->most * i / 2.0);
                add_rectangle(plot->html, "#ced4da", (double[]){ PLOT_LEFT, y, PLOT_WIDTH - PLOT_LEFT, 1 });
                add_label(plot->html, PLOT_LEFT - 8, y + 5, "end", 18, string);
        }
}

static void add_legend(struct html *html, const struct report_sheet *sheet)
{
        add_rectangle(html, "#495057", (double[]){ PLOT_LEFT, PLOT_HEIGHT + 4, 14, 14 });
        add_label(html, PLOT_LEFT + 20, PLOT_HEIGHT + 17, "start", 18, word(sheet, WORD_GREY));
        add_rectangle(html, "#1c7ed6", (double[]){ PLOT_LEFT + 180, PLOT_HEIGHT + 4, 14, 14 });
        add_label(html, PLOT_LEFT + 200, PLOT_HEIGHT + 17, "start", 18, word(sheet, WORD_COLOUR));
}

static void add_plot(struct html *html, const struct report_sheet *sheet)
{
        const struct report_pages *pages = sheet->pages;
        struct plot plot = { .html = html, .sheet = sheet, .bars = pages->count, .most = 1 };
        size_t places;
        char box[64];

        if (sheet->order->by > REPORT_BY_MONTH && plot.bars > PLOT_THINGS)
                plot.bars = PLOT_THINGS;
        for (size_t i = 0; i < plot.bars; i++)
                if (pages->rows[i].sums.pages > plot.most)
                        plot.most = pages->rows[i].sums.pages;
        plot.most = round_up(plot.most);
        places = sheet->order->by == REPORT_BY_DAY
                         ? (size_t)(pages->rows[plot.bars - 1].day - pages->rows[0].day + 1)
                         : plot.bars;
        plot.width = (double)(PLOT_WIDTH - PLOT_LEFT) / (double)(places < 4 ? 4 : places);
        snprintf(box, sizeof(box), "0 0 %d %d", PLOT_WIDTH, PLOT_HEIGHT + 26);
        html_open(html, "svg");
        html_attribute(html, "xmlns", "http://www.w3.org/2000/svg");
        html_attribute(html, "viewBox", box);
        html_attribute(html, "font-family", "sans-serif");
        add_axis(&plot);
        for (size_t i = 0; i < plot.bars; i++)
                add_bar(&plot, i);
        add_legend(html, sheet);
        html_close(html);
}

/* ---- the table ---- */

static void add_count(struct html *html, int64_t value)
{
        char string[24];

        snprintf(string, sizeof(string), "%lld", (long long)value);
        html_element(html, "td", string);
}

static void add_cost(struct html *html, const struct report_sheet *sheet, const struct report_sums *s)
{
        const char *currency = sheet->pages->setting.prices.currency;
        char string[MONEY_STRING] = "\u2013";

        if (!currency[0])
                return;
        if (s->priced_jobs)
                money_format(s->cost, currency, sheet->language, string);
        html_element(html, "td", string);
}

static void add_sums(struct html *html, const struct report_sheet *sheet, const struct report_sums *s)
{
        add_count(html, s->jobs);
        add_count(html, s->pages);
        add_count(html, s->colour_pages);
        add_count(html, s->two_sided_pages);
        add_count(html, s->sheets);
        add_count(html, s->saved_sheets);
        add_cost(html, sheet, s);
}

static void add_head(struct html *html, const struct report_sheet *sheet)
{
        static const enum word columns[] = { WORD_JOBS,   WORD_PAGES, WORD_COLOUR, WORD_TWO_SIDED,
                                             WORD_SHEETS, WORD_SAVED, WORD_COST };

        html_open(html, "thead");
        html_open(html, "tr");
        html_element(html, "th", "");
        for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
                if (columns[i] != WORD_COST || sheet->pages->setting.prices.currency[0])
                        html_element(html, "th", word(sheet, columns[i]));
        html_close(html);
        html_close(html);
}

static void add_table(struct html *html, const struct report_sheet *sheet)
{
        html_open(html, "table");
        add_head(html, sheet);
        html_open(html, "tr");
        html_attribute(html, "class", "total");
        html_element(html, "td", word(sheet, WORD_TOTAL));
        add_sums(html, sheet, &sheet->pages->total);
        html_close(html);
        for (size_t i = 0; i < sheet->pages->count; i++) {
                char day[REPORT_DAY_STRING];

                html_open(html, "tr");
                html_open(html, "td");
                html_attribute(html, "dir", "auto");
                html_words(html, name_of(sheet, &sheet->pages->rows[i], day));
                html_close(html);
                add_sums(html, sheet, &sheet->pages->rows[i].sums);
                html_close(html);
        }
        html_close(html);
}

static void add_note(struct html *html, const char *words)
{
        html_open(html, "p");
        html_attribute(html, "class", "note");
        html_words(html, words);
        html_close(html);
}

static void add_notes(struct html *html, const struct report_sheet *sheet)
{
        const struct report_pages *pages = sheet->pages;
        struct text head, tail;
        char words[256];

        if (pages->total.unknown_jobs) {
                /* Before and behind the number. */
                text_cut(text_from(word(sheet, WORD_UNKNOWN)), '%', &head, &tail);
                snprintf(words, sizeof(words), "%.*s%lld%s", TEXT_ARGS(head),
                         (long long)pages->total.unknown_jobs, tail.at + strlen("lld"));
                add_note(html, words);
        }
        if (pages->is_cut)
                add_note(html, word(sheet, WORD_CUT));
        if (sheet->order->by == REPORT_BY_PERSON && !pages->has_names)
                add_note(html, word(sheet, WORD_PSEUDONYMS));
}

static void add_title(struct html *html, const struct report_sheet *sheet)
{
        char words[128], since[REPORT_DAY_STRING], until[REPORT_DAY_STRING];

        html_open(html, "p");
        html_attribute(html, "class", "whose");
        html_attribute(html, "dir", "auto");
        html_words(html, sheet->organisation);
        html_close(html);
        snprintf(words, sizeof(words), "%s %s", word(sheet, WORD_TITLE),
                 by_words[sheet->order->by][sheet->language]);
        html_element(html, "h1", words);
        report_format_day(REPORT_BY_DAY, sheet->order->since_day, since);
        report_format_day(REPORT_BY_DAY, sheet->order->until_day - 1, until);
        snprintf(words, sizeof(words), "%s %s %s (%s)", since,
                 sheet->language == LANGUAGE_GERMAN ? "bis" : "to", until, sheet->pages->setting.time_zone);
        html_open(html, "p");
        html_attribute(html, "class", "when");
        html_words(html, words);
        html_close(html);
}

int report_format_sheet(const struct report_sheet *sheet, struct buffer *to)
{
        struct html html;

        html_begin(&html, to);
        html_open(&html, "html");
        html_attribute(&html, "lang", language_names[sheet->language]);
        html_open(&html, "head");
        html_empty(&html, "meta");
        html_attribute(&html, "charset", "utf-8");
        html_element(&html, "title", word(sheet, WORD_TITLE));
        html_element(&html, "style", style);
        html_close(&html);
        html_open(&html, "body");
        add_title(&html, sheet);
        if (sheet->pages->count)
                add_plot(&html, sheet);
        else
                html_element(&html, "p", word(sheet, WORD_NOTHING));
        add_table(&html, sheet);
        add_notes(&html, sheet);
        return html_finish(&html);
}
