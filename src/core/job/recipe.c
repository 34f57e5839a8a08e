// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/recipe.h"

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

/* Only a name that says its size is of use to the renderer. A PDF that becomes one keeps the sizes of its
 * pages, for which the printer may have other trays than the usual one. */
static void choose_media(const struct ticket *ticket, const struct printer *printer, struct order *order)
{
        if (!ticket->media[0] && order->from == FORMAT_PDF && order->to == FORMAT_PDF)
                return;
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

/* A printer that is spoken to in IPP counts copies itself, and does so with fewer octets. */
static bool speaks_ipp(const struct printer *printer)
{
        for (size_t i = 0; i < printer->address_count; i++)
                if (strncmp(printer->addresses[i], "ipp", 3) == 0)
                        return true;
        return false;
}

static uint32_t resolution_for(const struct ticket *ticket, const struct printer *printer, enum format to)
{
        uint32_t resolution = ticket->resolution_dpi ? ticket->resolution_dpi : printer->resolution_dpi;

        if (!resolution)
                resolution = 300;
        /* PCL 5 knows no finer ones than these. */
        if (to == FORMAT_PCL)
                return resolution >= 600 ? 600 : 300;
        return resolution > 1200 ? 1200 : resolution;
}

static void choose_copies(const struct ticket *ticket, const struct printer *printer, struct order *order)
{
        if (ticket->copies <= 1 || speaks_ipp(printer))
                return;
        order->copies = ticket->copies;
        if (strcmp(ticket->multiple_document_handling, "separate-documents-uncollated-copies") == 0)
                order->collate = ORDER_UNCOLLATED;
}

static bool has_pages_of_its_own(enum format format)
{
        return format == FORMAT_PWG_RASTER || format == FORMAT_APPLE_RASTER;
}

/* IPP's enum; portrait is how everything is laid out where nobody says otherwise. */
static enum order_orientation orientation_from(const struct ticket *ticket, enum format from)
{
        if (has_pages_of_its_own(from))
                return ORDER_AS_PAGES_ARE;
        switch (ticket->orientation_requested) {
        case 4: return ORDER_LANDSCAPE;
        case 5: return ORDER_REVERSE_LANDSCAPE;
        case 6: return ORDER_REVERSE_PORTRAIT;
        default: return ORDER_AS_PAGES_ARE;
        }
}

/* How the pages lie on paper. The words were checked when the ticket came (ticket_parse()). */
static void impose(const struct ticket *ticket, const struct printer *printer, struct order *order)
{
        if (pages_are_valid(ticket->page_ranges))
                text_copy(text_from(ticket->page_ranges), order->pages, sizeof(order->pages));
        if (ticket->number_up)
                order->number_up = ticket->number_up;
        if (order->number_up > 1 && ticket->presentation_direction_number_up[0])
                (void)order_set(order, "--direction", ticket->presentation_direction_number_up);
        if (ticket->print_scaling[0])
                (void)order_set(order, "--scaling", ticket->print_scaling);
        order->orientation = orientation_from(ticket, order->from);
        order->booklet = strcmp(ticket->imposition_template, "signature") == 0;
        if (order->booklet && printer->duplex)
                order->sides = ORDER_TWO_SIDED_SHORT_EDGE;
        order->reverse = !speaks_ipp(printer) && strcmp(ticket->output_bin, "face-up") == 0;
        choose_copies(ticket, printer, order);
}

/* A printer that wants backs turned says so of rasters; of documents in other languages it turns them itself.
 */
static void choose_back(const struct printer *printer, struct order *order)
{
        if (has_pages_of_its_own(order->to) && order->sides > ORDER_ONE_SIDED && printer->sheet_back[0])
                (void)order_set(order, "--sheet-back", printer->sheet_back);
}

/* Trays and the like stay with the delivery; what changes the pages themselves is done here. */
static void compose(const struct ticket *ticket, const struct printer *printer, struct order *order)
{
        choose_media(ticket, printer, order);
        order->resolution = resolution_for(ticket, printer, order->to);
        order->grey = !printer->colour || strcmp(ticket->print_color_mode, "monochrome") == 0;
        order->sides = printer->duplex ? sides_from(ticket->sides) : ORDER_ONE_SIDED;
        impose(ticket, printer, order);
        choose_back(printer, order);
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

bool recipe_is_needed(const struct printer *printer, const struct ticket *ticket, struct text format)
{
        struct order order;

        if (recipe_make(printer, ticket, format, &order))
                return false;
        return order.pages[0] || order.number_up > 1 || order.booklet || order.copies > 1 || order.reverse ||
               order.orientation || order.scaling || order.back ||
               (order.grey && printer->colour && !speaks_ipp(printer));
}

void recipe_settle(const char *recipe, struct ticket *ticket)
{
        struct order order;

        if (!recipe[0] || order_line_parse(text_from(recipe), &order))
                return;
        ticket->page_ranges[0] = 0;
        ticket->number_up = 0;
        ticket->presentation_direction_number_up[0] = 0;
        ticket->print_scaling[0] = 0;
        ticket->imposition_template[0] = 0;
        ticket->orientation_requested = 0;
        if (order.booklet && order.sides == ORDER_TWO_SIDED_SHORT_EDGE)
                text_copy(TEXT_OF("two-sided-short-edge"), ticket->sides, sizeof(ticket->sides));
        if (order.copies > 1) {
                ticket->copies = 0;
                ticket->multiple_document_handling[0] = 0;
        }
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

void recipe_inspect(struct text format, bool has_secret, char ret[ORDER_LINE])
{
        struct order order;

        order_init(&order);
        order.act = ORDER_INSPECT;
        order.has_secret = has_secret;
        order_set_source(&order, format);
        order_line_format(&order, ret);
}
