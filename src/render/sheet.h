// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Where a page comes to lie on paper: sizes, rotations and scales, in points, with the origin at the lower
 * left, and matrices as in PDF. Pure.
 *
 *      the page's own space -> upright, as it is read -> its cell on the canvas -> the medium
 *
 * The canvas is what somebody sees who holds the paper so that he can read it; on a medium that stands, one
 * that lies is turned by 90 degrees against the clock.
 */

#include "conversion/order.h"

struct matrix {
        double a, b, c, d, e, f;
};

/* First this one, then that one. */
struct matrix matrix_then(struct matrix first, struct matrix then);
struct rectangle {
        double left, bottom, right, top;
};
/* What holds all of its corners afterwards. */
struct rectangle rectangle_turn(struct rectangle rectangle, struct matrix matrix);

struct page_shape {
        struct rectangle box;  /* what is seen of it, in its own space */
        unsigned int rotation; /* 0, 90, 180 or 270, with the clock */
        double unit;           /* points of its space, UserUnit */
};

/* From its own space to upright, with the lower left corner in the origin; how large it is there. */
struct matrix page_upright(const struct page_shape *page, double *ret_width, double *ret_height);

struct sheet {
        double width, height; /* of the medium */
        struct matrix canvas; /* from canvas to medium */
        double canvas_width, canvas_height;
        uint32_t columns, rows;
};

/* For a side whose (first) page is this one. */
void sheet_init(struct sheet *sheet, const struct order *order, const struct page_shape *page);

/* The cell of a place on the canvas, from 0. */
struct rectangle sheet_cell(const struct sheet *sheet, const struct order *order, uint32_t place);

/* From a page's own space to the canvas, into a cell. */
struct matrix sheet_place(const struct order *order, const struct page_shape *page, struct rectangle cell);

/* What is done to a back as a whole, on the medium. */
struct matrix sheet_back(const struct sheet *sheet, const struct order *order);
