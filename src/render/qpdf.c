// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/qpdf.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/outcome.h"

#define COORDINATE_MOST 1e6
#define POINTS_LEAST    1.0
#define UNIT_MOST       100.0

/* What C++ throws where memory is out: it is told by words alone. */
static bool is_memory(qpdf_data qpdf, qpdf_error error)
{
        return strstr(qpdf_get_error_full_text(qpdf, error), "bad_alloc");
}

int qpdf_judge(qpdf_data qpdf)
{
        qpdf_error error = qpdf_get_error(qpdf);

        if (!error)
                return RENDER_DAMAGED;
        if (qpdf_get_error_code(qpdf, error) == qpdf_e_password)
                return RENDER_PASSWORD;
        if (is_memory(qpdf, error))
                return RENDER_LIMIT;
        /* Of a stream only its warnings say why it could not be unpacked. */
        while ((error = qpdf_next_warning(qpdf)))
                if (is_memory(qpdf, error))
                        return RENDER_LIMIT;
        return RENDER_DAMAGED;
}

int qpdf_failure(qpdf_data qpdf)
{
        return qpdf_has_error(qpdf) ? qpdf_judge(qpdf) : 0;
}

void qpdf_closep(qpdf_data *qpdf)
{
        if (*qpdf)
                qpdf_cleanup(qpdf);
}

int qpdf_open(struct text pdf, const char *password, qpdf_data *ret)
{
        SCOPED(qpdf_closep) qpdf_data qpdf = qpdf_init();

        if (!qpdf)
                return fault(-ENOMEM);
        qpdf_silence_errors(qpdf);
        qpdf_set_suppress_warnings(qpdf, QPDF_TRUE);
        if (qpdf_read_memory(qpdf, "document", pdf.at, pdf.len, password) & QPDF_ERRORS)
                return qpdf_judge(qpdf);
        *ret = take(qpdf);
        return 0;
}

static bool numbers(qpdf_data qpdf, qpdf_oh array, int count, double *ret)
{
        if (!qpdf_oh_is_array(qpdf, array) || qpdf_oh_get_array_n_items(qpdf, array) != count)
                return false;
        for (int i = 0; i < count; i++) {
                qpdf_oh item = qpdf_oh_get_array_item(qpdf, array, i);

                if (!qpdf_oh_get_value_as_number(qpdf, item, &ret[i]) || !isfinite(ret[i]) ||
                    fabs(ret[i]) > COORDINATE_MOST)
                        return false;
        }
        return true;
}

bool qpdf_rectangle(qpdf_data qpdf, qpdf_oh array, struct rectangle *ret)
{
        double n[4];

        if (!numbers(qpdf, array, 4, n))
                return false;
        *ret = (struct rectangle){ fmin(n[0], n[2]), fmin(n[1], n[3]), fmax(n[0], n[2]), fmax(n[1], n[3]) };
        return true;
}

bool qpdf_matrix(qpdf_data qpdf, qpdf_oh array, struct matrix *ret)
{
        double n[6];

        if (!numbers(qpdf, array, 6, n))
                return false;
        *ret = (struct matrix){ n[0], n[1], n[2], n[3], n[4], n[5] };
        return true;
}

static bool is_large_enough(const struct rectangle *box)
{
        return box->right - box->left >= POINTS_LEAST && box->top - box->bottom >= POINTS_LEAST;
}

/* A CropBox counts as far as it lies in the MediaBox (ISO 32000-1, 14.11.2). */
static struct rectangle box_of(qpdf_data qpdf, qpdf_oh page)
{
        struct rectangle media, crop;

        if (!qpdf_rectangle(qpdf, qpdf_oh_get_key(qpdf, page, "/MediaBox"), &media) ||
            !is_large_enough(&media))
                media = (struct rectangle){ 0, 0, 612, 792 }; /* as other programs take it */
        if (!qpdf_rectangle(qpdf, qpdf_oh_get_key(qpdf, page, "/CropBox"), &crop))
                return media;
        crop = (struct rectangle){ fmax(media.left, crop.left), fmax(media.bottom, crop.bottom),
                                   fmin(media.right, crop.right), fmin(media.top, crop.top) };
        return is_large_enough(&crop) ? crop : media;
}

void qpdf_shape(qpdf_data qpdf, qpdf_oh page, struct page_shape *ret)
{
        int rotation = 0;
        double unit = 1;

        *ret = (struct page_shape){ .box = box_of(qpdf, page), .unit = 1 };
        if (qpdf_oh_get_value_as_int(qpdf, qpdf_oh_get_key(qpdf, page, "/Rotate"), &rotation) &&
            rotation % 90 == 0)
                ret->rotation = (unsigned int)((rotation % 360 + 360) % 360);
        if (qpdf_oh_get_value_as_number(qpdf, qpdf_oh_get_key(qpdf, page, "/UserUnit"), &unit) && unit > 0 &&
            unit <= UNIT_MOST)
                ret->unit = unit;
}
