// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/recipe.h"

#include <string.h>

/* Among what the printer takes, in our order. */
static enum format target_for(const struct printer *printer)
{
        for (size_t i = 0; i < format_target_count; i++)
                for (size_t k = 0; k < printer->format_count; k++)
                        if (format_from_media_type(text_from(printer->formats[k])) == format_targets[i])
                                return format_targets[i];
        return FORMAT_UNKNOWN;
}

bool recipe_is_possible(const struct printer *printer, struct text format, enum format *ret)
{
        enum format to = target_for(printer);

        if (ret)
                *ret = to;
        return to && format_is_source(format_from_media_type(format));
}

/* Only a name that says its size is of use to the renderer. */
static void choose_media(const struct ticket *ticket, const struct printer *printer, struct order *order)
{
        if (ticket->media[0] || printer->media_count)
                media_parse(ticket->media[0] ? ticket->media : printer->media[0], &order->media);
}

static enum order_sides sides_from(const char *word)
{
        if (strcmp(word, "two-sided-long-edge") == 0)
                return ORDER_TWO_SIDED_LONG_EDGE;
        if (strcmp(word, "two-sided-short-edge") == 0)
                return ORDER_TWO_SIDED_SHORT_EDGE;
        return word[0] ? ORDER_ONE_SIDED : ORDER_SIDES_UNSAID;
}

/* Copies, trays and the like stay with the delivery; what changes the pages themselves is done here. */
static void compose(const struct ticket *ticket, const struct printer *printer, struct order *order)
{
        choose_media(ticket, printer, order);
        if (ticket->resolution_dpi)
                order->resolution = ticket->resolution_dpi;
        else if (printer->resolution_dpi)
                order->resolution = printer->resolution_dpi;
        order->grey = !printer->colour || strcmp(ticket->print_color_mode, "monochrome") == 0;
        order->sides = printer->duplex ? sides_from(ticket->sides) : ORDER_ONE_SIDED;
        if (pages_are_valid(ticket->page_ranges))
                text_copy(text_from(ticket->page_ranges), order->pages, sizeof(order->pages));
}

int recipe_make(const struct printer *printer, const struct ticket *ticket, struct text format,
                struct order *ret)
{
        order_init(ret);
        order_set_source(ret, format);
        if (!recipe_is_possible(printer, format, &ret->to))
                return CORE_BAD_FORMAT;
        compose(ticket, printer, ret);
        return 0;
}

bool recipe_has_width(uint32_t width)
{
        return width == RECIPE_PREVIEW_WIDTH || width == 800 || width == 1600;
}

void recipe_preview(uint32_t page, uint32_t width, char ret[ORDER_LINE])
{
        struct order order;

        order_init(&order);
        order.act = ORDER_PREVIEW;
        order.from = FORMAT_PDF;
        order.to = FORMAT_JPEG;
        order.page = page;
        order.width = width;
        order_line_format(&order, ret);
}

void recipe_inspect(struct text format, char ret[ORDER_LINE])
{
        struct order order;

        order_init(&order);
        order.act = ORDER_INSPECT;
        order_set_source(&order, format);
        order_line_format(&order, ret);
}
