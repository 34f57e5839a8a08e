// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/html-qr.h"

#include <errno.h>
#include <qrencode.h>
#include <stdio.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer.h"

#define QUIET 4 /* modules around the code */

/* One path of unit squares, row by row. */
static int add_path(const QRcode *code, struct buffer *path)
{
        for (int y = 0; y < code->width; y++)
                for (int x = 0; x < code->width; x++)
                        if (code->data[y * code->width + x] & 1)
                                buffer_format(path, "M%d %dh1v1h-1z", x, y);
        return path->failure ? fault(path->failure) : 0;
}

static int add_squares(struct html *html, const QRcode *code)
{
        SCOPED(buffer_done) struct buffer path = BUFFER(262144);
        char box[64];
        int r = add_path(code, &path);

        if (r)
                return r;
        snprintf(box, sizeof(box), "%d %d %d %d", -QUIET, -QUIET, code->width + 2 * QUIET,
                 code->width + 2 * QUIET);
        html_open(html, "svg");
        html_attribute(html, "xmlns", "http://www.w3.org/2000/svg");
        html_attribute(html, "viewBox", box);
        html_attribute(html, "shape-rendering", "crispEdges");
        html_open(html, "path");
        html_attribute_text(html, "d", buffer_text(&path));
        html_close(html);
        html_close(html);
        return 0;
}

int qr_path(const char *words, struct buffer *to, int *ret_width)
{
        QRcode *code = QRcode_encodeString8bit(words, 0, QR_ECLEVEL_M);
        int r;

        if (!code)
                return fault(-ENOMEM);
        r = add_path(code, to);
        *ret_width = code->width;
        QRcode_free(code);
        return r;
}

int html_qr(struct html *html, const char *address)
{
        QRcode *code = QRcode_encodeString8bit(address, 0, QR_ECLEVEL_M);
        int r;

        if (!code)
                return fault(-ENOMEM);
        r = add_squares(html, code);
        QRcode_free(code);
        return r;
}

int html_qr_printer(struct html *html, const char *origin, const struct printer *printer,
                    char ret[QR_ADDRESS])
{
        char id[ID_STRING];

        id_format(printer->id, id);
        snprintf(ret, QR_ADDRESS, "%s/printers/%s", origin, id);
        return html_qr(html, ret);
}
