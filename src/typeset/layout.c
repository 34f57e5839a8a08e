// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "typeset/layout.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/scope.h"
#include "conversion/charset.h"
#include "os/file.h"
#include "typeset/paragraph.h"

#define MARGIN      36.0 /* half an inch */
#define FONT        "monospace 10"
#define FONT_POINTS 10
#define LEADING     12.0 /* six lines an inch */
#define TAB_POINTS  48   /* eight characters */
#define DPI         72   /* so that points are points */
#define LOOK_OCTETS 65536

struct layout {
        const struct layout_order *order;
        cairo_surface_t *surface;
        cairo_t *cairo;
        PangoLayout *paragraph;
        unsigned int rows, row;
        bool page_is_open;
        uint32_t pages;
};

static cairo_status_t write_octets(void *context, const unsigned char *octets, unsigned int len)
{
        const struct layout_order *order = context;

        return file_write(order->to, octets, len) < 0 ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/*
 * Chinese and Japanese write many characters differently that are one in Unicode: by the syllables that only
 * Japanese and Korean have, it is told which is meant.
 */
static const char *language_of(struct text text)
{
        struct text head = text_from_octets(text.at, text.len < LOOK_OCTETS ? text.len : LOOK_OCTETS);

        for (size_t at = 0; at < head.len;) {
                uint32_t code = utf8_next(head, &at);

                if (code >= 0x3040 && code <= 0x30ff)
                        return "ja";
                if (code >= 0xac00 && code <= 0xd7a3)
                        return "ko";
                at += !code;
        }
        return "zh-cn";
}

static void set_up(struct layout *layout, struct text text)
{
        PangoFontDescription *font = pango_font_description_from_string(FONT);
        PangoTabArray *tabs =
                pango_tab_array_new_with_positions(1, FALSE, PANGO_TAB_LEFT, TAB_POINTS * PANGO_SCALE);
        PangoContext *context;

        layout->paragraph = pango_cairo_create_layout(layout->cairo);
        context = pango_layout_get_context(layout->paragraph);
        pango_cairo_context_set_resolution(context, DPI);
        pango_context_set_language(context, pango_language_from_string(language_of(text)));
        pango_layout_context_changed(layout->paragraph);
        pango_layout_set_font_description(layout->paragraph, font);
        pango_layout_set_tabs(layout->paragraph, tabs);
        pango_layout_set_wrap(layout->paragraph, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_width(layout->paragraph, (int)((layout->order->width - 2 * MARGIN) * PANGO_SCALE));
        pango_tab_array_free(tabs);
        pango_font_description_free(font);
}

static void layout_done(struct layout *layout)
{
        if (layout->paragraph)
                g_object_unref(layout->paragraph);
        if (layout->cairo)
                cairo_destroy(layout->cairo);
        if (layout->surface)
                cairo_surface_destroy(layout->surface);
}

static int page_begin(struct layout *layout)
{
        if (layout->page_is_open)
                return 0;
        if (layout->pages == layout->order->pages_max)
                return LAYOUT_TOO_LONG;
        layout->pages++;
        layout->page_is_open = true;
        layout->row = 0;
        return 0;
}

static int page_end(struct layout *layout)
{
        int r = page_begin(layout); /* an empty one is a page as well */

        cairo_show_page(layout->cairo);
        layout->page_is_open = false;
        return r ? r : cairo_status(layout->cairo) ? LAYOUT_FAILED : 0;
}

static int add_line(struct layout *layout, PangoLayoutLine *line)
{
        double x = MARGIN;
        int r = page_begin(layout);

        if (r)
                return r;
        if (pango_layout_line_get_resolved_direction(line) == PANGO_DIRECTION_RTL) {
                PangoRectangle box;

                pango_layout_line_get_extents(line, NULL, &box);
                x = layout->order->width - MARGIN - (double)box.width / PANGO_SCALE;
        }
        cairo_move_to(layout->cairo, x, MARGIN + FONT_POINTS + layout->row * LEADING);
        pango_cairo_show_layout_line(layout->cairo, line);
        return ++layout->row == layout->rows ? page_end(layout) : 0;
}

static int add_paragraph(struct layout *layout, struct text text, enum paragraph_end end)
{
        int r = 0;

        pango_layout_set_text(layout->paragraph, text.at ? text.at : "", (int)text.len);
        /* A form feed that stands alone begins a page, and no line. */
        if (text.len > 0 || end != PARAGRAPH_PAGE)
                for (int i = 0; r == 0 && i < pango_layout_get_line_count(layout->paragraph); i++)
                        r = add_line(layout, pango_layout_get_line_readonly(layout->paragraph, i));
        return r == 0 && end == PARAGRAPH_PAGE ? page_end(layout) : r;
}

static int add_text(struct layout *layout, struct text text)
{
        SCOPED(buffer_done) struct buffer paragraph = BUFFER(PARAGRAPH_OCTETS + 1);
        enum paragraph_end end;
        int r = 0;

        while (r == 0 && paragraph_next(&text, &paragraph, &end))
                r = paragraph.failure ? LAYOUT_FAILED : add_paragraph(layout, buffer_text(&paragraph), end);
        if (r == 0 && layout->page_is_open)
                r = page_end(layout);
        return r == 0 && layout->pages == 0 ? LAYOUT_EMPTY : r;
}

int layout_text(const struct layout_order *order, struct text text)
{
        SCOPED(layout_done) struct layout layout = { .order = order };
        int r;

        if (order->width < 4 * MARGIN || order->height < 4 * MARGIN)
                return LAYOUT_TOO_SMALL;
        layout.rows = (unsigned int)((order->height - 2 * MARGIN) / LEADING);
        layout.surface = cairo_pdf_surface_create_for_stream(write_octets, (void *)(uintptr_t)order,
                                                             order->width, order->height);
        layout.cairo = cairo_create(layout.surface);
        set_up(&layout, text);
        r = add_text(&layout, text);
        cairo_surface_finish(layout.surface);
        return r ? r : cairo_surface_status(layout.surface) ? LAYOUT_FAILED : 0;
}
