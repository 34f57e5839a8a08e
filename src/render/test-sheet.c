// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/scope.h"
#include "render/sheet.h"

#define A4_WIDTH  595.276
#define A4_HEIGHT 841.890

static bool is_near(double a, double b)
{
        return fabs(a - b) < 0.01;
}

static bool are_near(struct rectangle a, struct rectangle b)
{
        return is_near(a.left, b.left) && is_near(a.bottom, b.bottom) && is_near(a.right, b.right) &&
               is_near(a.top, b.top);
}

/* Where a page comes to lie on A4, and where its own upper left corner is then. */
static const struct {
        const char *name;
        struct order order;
        struct page_shape page;
        struct rectangle lies;
        double corner_x, corner_y;
} rows[] = {
        { "A4",
          { .number_up = 1 },
          { { 0, 0, 595, 842 }, 0, 1 },
          { 0.138, -0.055, 595.138, 841.945 },
          0.138,
          841.945 },
        { "its box begins elsewhere",
          { .number_up = 1 },
          { { 100, 50, 695.276, 891.890 }, 0, 1 },
          { 0, 0, A4_WIDTH, A4_HEIGHT },
          0,
          A4_HEIGHT },
        { "turned by itself",
          { .number_up = 1 },
          { { 0, 0, A4_HEIGHT, A4_WIDTH }, 90, 1 },
          { 0, 0, A4_WIDTH, A4_HEIGHT },
          A4_WIDTH,
          A4_HEIGHT },
        { "on its head",
          { .number_up = 1 },
          { { 0, 0, A4_WIDTH, A4_HEIGHT }, 180, 1 },
          { 0, 0, A4_WIDTH, A4_HEIGHT },
          A4_WIDTH,
          0 },
        { "turned the other way",
          { .number_up = 1 },
          { { 0, 0, A4_HEIGHT, A4_WIDTH }, 270, 1 },
          { 0, 0, A4_WIDTH, A4_HEIGHT },
          0,
          0 },
        { "a page that lies is turned against the clock",
          { .number_up = 1 },
          { { 0, 0, A4_HEIGHT, A4_WIDTH }, 0, 1 },
          { 0, 0, A4_WIDTH, A4_HEIGHT },
          0,
          0 },
        { "or with it",
          { .number_up = 1, .orientation = ORDER_REVERSE_LANDSCAPE },
          { { 0, 0, A4_HEIGHT, A4_WIDTH }, 0, 1 },
          { 0, 0, A4_WIDTH, A4_HEIGHT },
          A4_WIDTH,
          A4_HEIGHT },
        { "large units",
          { .number_up = 1, .scaling = ORDER_SCALE_NONE },
          { { 0, 0, 100, 100 }, 0, 2 },
          { 197.638, 320.945, 397.638, 520.945 },
          197.638,
          520.945 },
        { "small pages stay small",
          { .number_up = 1 },
          { { 0, 0, 200, 100 }, 0, 1 },
          { 197.638, 370.945, 397.638, 470.945 },
          197.638,
          470.945 },
        { "unless they shall fit",
          { .number_up = 1, .scaling = ORDER_SCALE_FIT },
          { { 0, 0, A4_WIDTH / 2, A4_HEIGHT / 2 }, 0, 1 },
          { 0, 0, A4_WIDTH, A4_HEIGHT },
          0,
          A4_HEIGHT },
        { "or fill",
          { .number_up = 1, .scaling = ORDER_SCALE_FILL },
          { { 0, 0, 100, 100 }, 0, 1 },
          { (A4_WIDTH - A4_HEIGHT) / 2, 0, (A4_WIDTH + A4_HEIGHT) / 2, A4_HEIGHT },
          (A4_WIDTH - A4_HEIGHT) / 2,
          A4_HEIGHT },
        { "large pages are made to fit",
          { .number_up = 1 },
          { { 0, 0, A4_WIDTH * 2, A4_HEIGHT * 2 }, 0, 1 },
          { 0, 0, A4_WIDTH, A4_HEIGHT },
          0,
          A4_HEIGHT },
        { "unless they shall not",
          { .number_up = 1, .scaling = ORDER_SCALE_NONE },
          { { 0, 0, A4_WIDTH * 2, A4_HEIGHT * 2 }, 0, 1 },
          { -A4_WIDTH / 2, -A4_HEIGHT / 2, A4_WIDTH * 1.5, A4_HEIGHT * 1.5 },
          -A4_WIDTH / 2,
          A4_HEIGHT * 1.5 },
        { "one of four",
          { .number_up = 4 },
          { { 0, 0, A4_WIDTH, A4_HEIGHT }, 0, 1 },
          { 0, A4_HEIGHT / 2, A4_WIDTH / 2, A4_HEIGHT },
          0,
          A4_HEIGHT },
        { "one of four from below",
          { .number_up = 4, .direction = ORDER_TOLEFT_TOTOP },
          { { 0, 0, A4_WIDTH, A4_HEIGHT }, 0, 1 },
          { A4_WIDTH / 2, 0, A4_WIDTH, A4_HEIGHT / 2 },
          A4_WIDTH / 2,
          A4_HEIGHT / 2 },
};

static struct rectangle place(const struct order *order, const struct page_shape *page, double *ret_x,
                              double *ret_y)
{
        struct rectangle corner = { page->box.left, page->box.top, page->box.left, page->box.top };
        struct matrix m;
        struct sheet sheet;

        sheet_init(&sheet, order, page);
        m = matrix_then(sheet_place(order, page, sheet_cell(&sheet, order, 0)), sheet.canvas);
        corner = rectangle_turn(corner, m);
        *ret_x = corner.left;
        *ret_y = corner.top;
        return rectangle_turn(page->box, m);
}

static void pages_lie_where_they_should(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct order order = rows[i].order;
                struct rectangle lies;
                double x, y;

                printf("%s\n", rows[i].name);
                assert(media_parse("iso_a4_210x297mm", &order.media));
                lies = place(&order, &rows[i].page, &x, &y);
                printf("  %f %f %f %f, corner at %f %f\n", lies.left, lies.bottom, lies.right, lies.top, x,
                       y);
                assert(are_near(lies, rows[i].lies));
                assert(is_near(x, rows[i].corner_x) && is_near(y, rows[i].corner_y));
        }
}

/* Every place of every grid once, whatever the direction. */
static void places_do_not_meet(void)
{
        static const uint32_t numbers[] = { 1, 2, 4, 6, 9, 16 };
        struct page_shape page = { { 0, 0, 595, 842 }, 0, 1 };

        for (size_t i = 0; i < 8 * ARRAY_LENGTH(numbers); i++) {
                struct order order = { .number_up = numbers[i / 8], .direction = i % 8 };
                double area = 0;
                struct sheet sheet;

                sheet_init(&sheet, &order, &page);
                for (uint32_t k = 0; k < order.number_up; k++) {
                        struct rectangle cell = sheet_cell(&sheet, &order, k);

                        area += (cell.right - cell.left) * (cell.top - cell.bottom);
                        assert(cell.left > -0.01 && cell.right < sheet.canvas_width + 0.01);
                        assert(cell.bottom > -0.01 && cell.top < sheet.canvas_height + 0.01);
                        for (uint32_t j = 0; j < k; j++)
                                assert(!are_near(cell, sheet_cell(&sheet, &order, j)));
                }
                assert(fabs(area - sheet.width * sheet.height) < 1);
        }
}

/* PWG 5102.4, table of CrossFeedTransform and FeedTransform. */
static void backs_are_turned_as_the_printer_says(void)
{
        static const struct {
                enum order_back back;
                enum order_sides sides;
                double across, along;
        } backs[] = {
                { ORDER_BACK_NORMAL, ORDER_TWO_SIDED_LONG_EDGE, 1, 1 },
                { ORDER_BACK_NORMAL, ORDER_TWO_SIDED_SHORT_EDGE, 1, 1 },
                { ORDER_BACK_FLIPPED, ORDER_TWO_SIDED_LONG_EDGE, 1, -1 },
                { ORDER_BACK_FLIPPED, ORDER_TWO_SIDED_SHORT_EDGE, -1, 1 },
                { ORDER_BACK_MANUAL_TUMBLE, ORDER_TWO_SIDED_LONG_EDGE, 1, 1 },
                { ORDER_BACK_MANUAL_TUMBLE, ORDER_TWO_SIDED_SHORT_EDGE, -1, -1 },
                { ORDER_BACK_ROTATED, ORDER_TWO_SIDED_LONG_EDGE, -1, -1 },
                { ORDER_BACK_ROTATED, ORDER_TWO_SIDED_SHORT_EDGE, 1, 1 },
        };
        struct sheet sheet = { .width = 100, .height = 200 };

        for (size_t i = 0; i < ARRAY_LENGTH(backs); i++) {
                struct order order = { .sides = backs[i].sides, .back = backs[i].back };
                struct matrix m = sheet_back(&sheet, &order);

                assert(is_near(m.a, backs[i].across) && is_near(m.d, backs[i].along));
                assert(are_near(rectangle_turn((struct rectangle){ 0, 0, 100, 200 }, m),
                                (struct rectangle){ 0, 0, 100, 200 }));
        }
}

int main(void)
{
        pages_lie_where_they_should();
        places_do_not_meet();
        backs_are_turned_as_the_printer_says();
        return 0;
}
