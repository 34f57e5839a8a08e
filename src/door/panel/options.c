// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How one document shall be printed, as somebody chooses it at a panel: only what this printer can. */

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/scope.h"
#include "door/panel/panel.h"

#define FINISHING_STAPLE 4
#define COPIES_MAX       99

struct choice {
        const char *value;
        const char *key;   /* NULL: the value says it */
        const char *words; /* in place of both */
};
static const struct choice sides[] = {
        { .value = "", .key = "panel.auto" },
        { .value = "one-sided", .key = "panel.sides-one" },
        { .value = "two-sided-long-edge", .key = "panel.sides-long" },
        { .value = "two-sided-short-edge", .key = "panel.sides-short" },
        { 0 },
};
static const struct choice colours[] = {
        { .value = "", .key = "panel.auto" },
        { .value = "color", .key = "panel.colour-yes" },
        { .value = "monochrome", .key = "panel.colour-grey" },
        { 0 },
};
static const struct choice number_ups[] = {
        { .value = "", .key = "panel.auto" },
        { .value = "1" },
        { .value = "2" },
        { .value = "4" },
        { .value = "6" },
        { .value = "9" },
        { 0 },
};

static void write_label(struct panel_view *view, const char *name, const char *key)
{
        struct html *html = &view->page.html;

        html_open(html, "label");
        html_attribute(html, "for", name);
        html_words(html, panel_say(view, key));
        html_close(html);
}

static void write_choices(struct panel_view *view, const char *name, const char *key,
                          const struct choice *choices, const char *chosen)
{
        struct html *html = &view->page.html;

        html_open(html, "p");
        write_label(view, name, key);
        html_open(html, "select");
        html_attribute(html, "id", name);
        html_attribute(html, "name", name);
        for (; choices->value; choices++) {
                html_open(html, "option");
                html_attribute(html, "value", choices->value);
                if (strcmp(choices->value, chosen) == 0)
                        html_flag(html, "selected");
                html_words(html, choices->words ? choices->words
                                 : choices->key ? panel_say(view, choices->key)
                                                : choices->value);
                html_close(html);
        }
        html_close(html);
        html_close(html);
}

static void write_copies(struct panel_view *view, uint32_t copies)
{
        struct html *html = &view->page.html;
        char number[16];

        snprintf(number, sizeof(number), "%u", copies ? copies : 1);
        html_open(html, "p");
        write_label(view, "copies", "panel.copies");
        html_empty(html, "input");
        html_attribute(html, "id", "copies");
        html_attribute(html, "name", "copies");
        html_attribute(html, "type", "number");
        html_attribute(html, "min", "1");
        html_attribute(html, "max", "99");
        html_attribute(html, "autocomplete", "off");
        html_attribute(html, "value", number);
        html_close(html);
}

static bool has_finishing(const struct ticket *ticket, uint32_t finishing)
{
        for (size_t i = 0; i < TICKET_FINISHINGS; i++)
                if (ticket->finishings[i] == finishing)
                        return true;
        return false;
}

static void write_staple(struct panel_view *view, const struct ticket *ticket)
{
        struct html *html = &view->page.html;

        html_open(html, "p");
        html_attribute(html, "class", "tick");
        html_empty(html, "input");
        html_attribute(html, "type", "checkbox");
        html_attribute(html, "id", "staple");
        html_attribute(html, "name", "staple");
        html_attribute(html, "value", "1");
        if (has_finishing(ticket, FINISHING_STAPLE))
                html_flag(html, "checked");
        write_label(view, "staple", "panel.staple");
        html_close(html);
}

/* Only some of the pages; what is not there is looked for when it is pressed. */
static void write_pages(struct panel_view *view, const char *ranges)
{
        struct html *html = &view->page.html;

        html_open(html, "p");
        write_label(view, "pages", "panel.pages-wanted");
        html_empty(html, "input");
        html_attribute(html, "id", "pages");
        html_attribute(html, "name", "pages");
        html_attribute(html, "type", "text");
        html_attribute(html, "autocomplete", "off");
        html_attribute(html, "placeholder", panel_say(view, "panel.pages-hint"));
        html_attribute(html, "value", strcmp(ranges, TICKET_ALL_PAGES) == 0 ? "" : ranges);
        html_close(html);
}

/* The trays that the printer names, where there is a choice. */
static void write_trays(struct panel_view *view, const char *chosen)
{
        struct choice choices[PRINTER_SOURCES + 2] = { { .value = "", .key = "panel.auto" } };
        size_t count = 1;
        const char *source;

        for (size_t i = 0; count <= PRINTER_SOURCES && (source = printer_media_source(&view->printer, i));
             i++) {
                if (strcmp(source, "auto") == 0)
                        continue;
                choices[count].value = source;
                if (strncmp(source, "tray-", 5) == 0)
                        choices[count].words = arena_format(view->request->x->arena, "%s %s",
                                                            panel_say(view, "panel.tray-name"), source + 5);
                count++;
        }
        if (count > 2)
                write_choices(view, "tray", "panel.tray", choices, chosen);
}

void panel_write_options(struct panel_view *view, const struct job *job)
{
        const struct ticket *ticket = &job->ticket;
        char id[ID_STRING], name[ID_STRING + 8], number_up[16] = "";

        if (ticket->number_up)
                snprintf(number_up, sizeof(number_up), "%u", ticket->number_up);
        panel_form(view, "print-one");
        id_format(job->id, id);
        page_hidden(&view->page, "job", text_from(id));
        id_format(id_new(), id);
        page_hidden(&view->page, "release", text_from(id));
        panel_button(view, "panel.print", NULL, NULL, true);
        write_copies(view, ticket->copies);
        if (view->printer.duplex)
                write_choices(view, "sides", "panel.sides", sides, ticket->sides);
        if (view->printer.colour)
                write_choices(view, "colour", "panel.colour", colours, ticket->print_color_mode);
        write_choices(view, "number_up", "panel.number-up", number_ups, number_up);
        write_pages(view, ticket->page_ranges);
        write_trays(view, ticket->media_source);
        if (printer_finishes(&view->printer, FINISHING_STAPLE))
                write_staple(view, ticket);
        html_close(&view->page.html);
        panel_form(view, "chosen");
        id_format(job->id, id);
        snprintf(name, sizeof(name), "job-%s", id);
        page_hidden(&view->page, name, TEXT_OF("1"));
        panel_button(view, "panel.delete", "press", "delete", false);
        html_close(&view->page.html);
}

/* ---- what was chosen ---- */

static bool is_one_of(const struct choice *choices, struct text value)
{
        for (; choices->value; choices++)
                if (text_equal_string(value, choices->value))
                        return true;
        return false;
}

/* "2-3, 7" as tickets have it; where nothing is said any more, all pages. */
static bool read_pages(struct text typed, const char *before, char *ret, size_t size)
{
        size_t length = 0;

        for (size_t i = 0; i < typed.len; i++) {
                if (typed.at[i] == ' ')
                        continue;
                if (length + 1 >= size)
                        return false;
                ret[length++] = typed.at[i] == ';' ? ',' : typed.at[i];
        }
        ret[length] = 0;
        if (!length && before[0])
                snprintf(ret, size, "%s", TICKET_ALL_PAGES);
        return true;
}

static bool is_tray(const struct printer *printer, struct text tray)
{
        const char *source;

        for (size_t i = 0; (source = printer_media_source(printer, i)); i++)
                if (text_equal_string(tray, source))
                        return true;
        return !tray.len;
}

/* What was chosen; what was not stays as the document came. False: that is no choice of ours. */
bool panel_read_options(const struct panel_view *view, const struct job *job, struct ticket *ret)
{
        const struct form *form = view->request->form;
        struct text copies = form_value(form, "copies"), number_up = form_value(form, "number_up"),
                    side = form_value(form, "sides"), colour = form_value(form, "colour"),
                    tray = form_value(form, "tray");
        bool is_stapled = has_finishing(&job->ticket, FINISHING_STAPLE),
             wants_staple = form_value(form, "staple").len > 0;
        uint64_t number;

        *ret = (struct ticket){ 0 };
        if (copies.len) {
                if (!text_number(copies, COPIES_MAX, &number) || !number)
                        return false;
                ret->copies = (uint32_t)number;
        }
        if (number_up.len) {
                if (!is_one_of(number_ups, number_up) || !text_number(number_up, 9, &number))
                        return false;
                ret->number_up = (uint32_t)number;
        }
        if (!is_one_of(sides, side) || !is_one_of(colours, colour) || !is_tray(&view->printer, tray) ||
            !read_pages(form_value(form, "pages"), job->ticket.page_ranges, ret->page_ranges,
                        sizeof(ret->page_ranges)))
                return false;
        text_copy(tray, ret->media_source, sizeof(ret->media_source));
        text_copy(side, ret->sides, sizeof(ret->sides));
        text_copy(colour, ret->print_color_mode, sizeof(ret->print_color_mode));
        if (printer_finishes(&view->printer, FINISHING_STAPLE) && is_stapled != wants_staple)
                ret->finishings[0] = wants_staple ? FINISHING_STAPLE : 3;
        return ticket_is_valid(ret);
}
