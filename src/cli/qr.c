// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/qr.h"

#include <qrencode.h>
#include <stdbool.h>

#define QUIET       2 /* modules around it; two of the four that the standard asks for are enough for phones */
#define MODULES_MAX 73

static bool is_black(const QRcode *code, int x, int y)
{
        if (x < 0 || y < 0 || x >= code->width || y >= code->width)
                return false;
        return code->data[y * code->width + x] & 1;
}

/* Two modules a character, one above the other; black on white, whatever the terminal's colours are. */
static void print_row(FILE *to, const QRcode *code, int y)
{
        static const char *const halves[] = { " ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88" };

        fputs("  \033[30;107m", to);
        for (int x = -QUIET; x < code->width + QUIET; x++)
                fputs(halves[2 * is_black(code, x, y) + is_black(code, x, y + 1)], to);
        fputs("\033[0m\n", to);
}

void qr_print(FILE *to, const char *text)
{
        QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);

        if (!code)
                return;
        if (code->width <= MODULES_MAX)
                for (int y = -QUIET; y < code->width + QUIET; y += 2)
                        print_row(to, code, y);
        QRcode_free(code);
}
