// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/sheet.h"

#include <math.h>

/* Sizes that differ less are meant to be the same: A4 is 595 x 842 to many. */
#define SAME_POINTS 1.5

struct matrix matrix_then(struct matrix first, struct matrix then)
{
        return (struct matrix){
                first.a * then.a + first.b * then.c,          first.a * then.b + first.b * then.d,
                first.c * then.a + first.d * then.c,          first.c * then.b + first.d * then.d,
                first.e * then.a + first.f * then.c + then.e, first.e * then.b + first.f * then.d + then.f,
        };
}

struct rectangle rectangle_turn(struct rectangle r, struct matrix m)
{
        double x[] = { r.left, r.right, r.left, r.right }, y[] = { r.bottom, r.bottom, r.top, r.top };
        struct rectangle turned = { INFINITY, INFINITY, -INFINITY, -INFINITY };

        for (int i = 0; i < 4; i++) {
                double to_x = m.a * x[i] + m.c * y[i] + m.e, to_y = m.b * x[i] + m.d * y[i] + m.f;

                turned.left = fmin(turned.left, to_x);
                turned.right = fmax(turned.right, to_x);
                turned.bottom = fmin(turned.bottom, to_y);
                turned.top = fmax(turned.top, to_y);
        }
        return turned;
}

struct matrix page_upright(const struct page_shape *page, double *ret_width, double *ret_height)
{
        const struct rectangle *box = &page->box;
        double u = page->unit;
        double width = (box->right - box->left) * u, height = (box->top - box->bottom) * u;
        bool lies = page->rotation == 90 || page->rotation == 270;

        *ret_width = lies ? height : width;
        *ret_height = lies ? width : height;
        switch (page->rotation) {
        case 90: return (struct matrix){ 0, -u, u, 0, -box->bottom * u, box->right * u };
        case 180: return (struct matrix){ -u, 0, 0, -u, box->right * u, box->top * u };
        case 270: return (struct matrix){ 0, u, -u, 0, box->top * u, -box->left * u };
        default: return (struct matrix){ u, 0, 0, u, -box->left * u, -box->bottom * u };
        }
}

static bool fits(double width, double height, double into_width, double into_height)
{
        return width <= into_width + SAME_POINTS && height <= into_height + SAME_POINTS;
}

/* Whether pages are read from paper that lies. */
static bool page_lies(const struct sheet *sheet, const struct order *order, double width, double height)
{
        switch (order->orientation) {
        case ORDER_LANDSCAPE:
        case ORDER_REVERSE_LANDSCAPE: return true;
        /* Portrait is what clients say who were not asked: pages that lie go on lying. */
        case ORDER_PORTRAIT:
        case ORDER_REVERSE_PORTRAIT:
        case ORDER_AS_PAGES_ARE: break;
        }
        /* A small page need not be turned. */
        if (order->number_up == 1 && !order->booklet && order->scaling != ORDER_SCALE_FIT &&
            order->scaling != ORDER_SCALE_FILL && fits(width, height, sheet->width, sheet->height))
                return sheet->width > sheet->height;
        return width > height;
}

/* Columns on a canvas of pages that stand; for pages that lie, rows and columns change places. */
static void choose_grid(struct sheet *sheet, const struct order *order, bool lies)
{
        uint32_t number = order->booklet ? 2 : order->number_up;
        uint32_t more = number, less = 1;

        switch (number) {
        case 4: more = less = 2; break;
        case 6: more = 3, less = 2; break;
        case 9: more = less = 3; break;
        case 16: more = less = 4; break;
        default: break;
        }
        sheet->columns = lies ? less : more;
        sheet->rows = lies ? more : less;
}

static void turn_canvas(struct sheet *sheet, const struct order *order, bool lies)
{
        bool is_reverse =
                order->orientation == ORDER_REVERSE_LANDSCAPE || order->orientation == ORDER_REVERSE_PORTRAIT;
        double w = sheet->width, h = sheet->height;

        if (w != h && lies != (w > h)) {
                sheet->canvas_width = h;
                sheet->canvas_height = w;
                sheet->canvas = is_reverse ? (struct matrix){ 0, -1, 1, 0, 0, h }
                                           : (struct matrix){ 0, 1, -1, 0, w, 0 };
        } else {
                sheet->canvas_width = w;
                sheet->canvas_height = h;
                sheet->canvas = is_reverse ? (struct matrix){ -1, 0, 0, -1, w, h }
                                           : (struct matrix){ 1, 0, 0, 1, 0, 0 };
        }
}

void sheet_init(struct sheet *sheet, const struct order *order, const struct page_shape *page)
{
        double width, height;
        bool lies;

        (void)page_upright(page, &width, &height);
        *sheet = (struct sheet){ .width = order->media.width, .height = order->media.height };
        if (!order->media.name[0]) {
                sheet->width = width;
                sheet->height = height;
        }
        lies = page_lies(sheet, order, width, height);
        choose_grid(sheet, order, lies);
        /* Where the grid is wider than high, so is the canvas, whatever the pages are. */
        turn_canvas(sheet, order, sheet->columns == sheet->rows ? lies : sheet->columns > sheet->rows);
}

struct rectangle sheet_cell(const struct sheet *sheet, const struct order *order, uint32_t place)
{
        double width = sheet->canvas_width / sheet->columns, height = sheet->canvas_height / sheet->rows;
        uint32_t column = place % sheet->columns, row = place / sheet->columns;
        enum order_direction direction = order->direction;
        struct rectangle cell;

        if (direction == ORDER_TOBOTTOM_TORIGHT || direction == ORDER_TOBOTTOM_TOLEFT ||
            direction == ORDER_TOTOP_TORIGHT || direction == ORDER_TOTOP_TOLEFT) {
                row = place % sheet->rows;
                column = place / sheet->rows;
        }
        if (direction == ORDER_TOLEFT_TOBOTTOM || direction == ORDER_TOBOTTOM_TOLEFT ||
            direction == ORDER_TOLEFT_TOTOP || direction == ORDER_TOTOP_TOLEFT)
                column = sheet->columns - 1 - column;
        if (direction == ORDER_TORIGHT_TOTOP || direction == ORDER_TOTOP_TORIGHT ||
            direction == ORDER_TOLEFT_TOTOP || direction == ORDER_TOTOP_TOLEFT)
                row = sheet->rows - 1 - row;
        cell.left = column * width;
        cell.right = cell.left + width;
        cell.top = sheet->canvas_height - row * height;
        cell.bottom = cell.top - height;
        return cell;
}

/* PWG 5100.13, print-scaling. Margins of printers are not known here, so what may be printed on is the whole
 * medium. */
static double scale_of(const struct order *order, double width, double height, double cell_width,
                       double cell_height)
{
        double fit = fmin(cell_width / width, cell_height / height);

        if (fabs(width - cell_width) < SAME_POINTS && fabs(height - cell_height) < SAME_POINTS)
                return 1;
        if (order->number_up > 1 || order->booklet)
                return fit;
        switch (order->scaling) {
        case ORDER_SCALE_NONE: return 1;
        case ORDER_SCALE_FIT: return fit;
        case ORDER_SCALE_FILL: return fmax(cell_width / width, cell_height / height);
        default: return fits(width, height, cell_width, cell_height) ? 1 : fit;
        }
}

struct matrix sheet_place(const struct order *order, const struct page_shape *page, struct rectangle cell)
{
        double cell_width = cell.right - cell.left, cell_height = cell.top - cell.bottom;
        double width, height, scale;
        struct matrix upright = page_upright(page, &width, &height);

        scale = scale_of(order, width, height, cell_width, cell_height);
        return matrix_then(upright,
                           (struct matrix){ scale, 0, 0, scale, cell.left + (cell_width - width * scale) / 2,
                                            cell.bottom + (cell_height - height * scale) / 2 });
}

/* PWG 5102.4, section 4.3: the transforms of CrossFeed and Feed. */
struct matrix sheet_back(const struct sheet *sheet, const struct order *order)
{
        bool tumble = order->sides == ORDER_TWO_SIDED_SHORT_EDGE || order->booklet;
        bool across = false, along = false;

        switch (order->back) {
        case ORDER_BACK_NORMAL: break;
        case ORDER_BACK_FLIPPED:
                across = tumble;
                along = !tumble;
                break;
        case ORDER_BACK_MANUAL_TUMBLE: across = along = tumble; break;
        case ORDER_BACK_ROTATED: across = along = !tumble; break;
        }
        return (struct matrix){ across ? -1 : 1,          0, 0, along ? -1 : 1, across ? sheet->width : 0,
                                along ? sheet->height : 0 };
}
