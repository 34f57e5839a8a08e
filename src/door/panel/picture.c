// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The QR code of a panel, as a PNG of two colours (ISO/IEC 15948): browsers in printers know no others for
 * sure. It holds the address at which a phone goes on, with the code of the minute.
 */

#include <errno.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/panel/panel-code.h"
#include "door/api/api.h"
#include "door/panel/panel.h"

#define QUIET      4 /* modules around the code (ISO/IEC 18004) */
#define SCALE      5 /* pixels a module */
#define OCTETS_MAX (64 * 1024)
#define SIDE_MAX   (177 + 2 * QUIET)
#define ROW_MAX    (1 + SIDE_MAX * SCALE / 8 + 1)

static void freep_code(QRcode **code)
{
        if (*code)
                QRcode_free(*code);
}

static void add_chunk(struct buffer *to, const char type[4], const void *octets, size_t length)
{
        uLong sum = crc32(0, (const Bytef *)type, 4);

        buffer_add_u32(to, (uint32_t)length);
        buffer_add(to, type, 4);
        if (length) {
                buffer_add(to, octets, length);
                sum = crc32(sum, octets, (uInt)length);
        }
        buffer_add_u32(to, (uint32_t)sum);
}

static bool is_black(const QRcode *code, int x, int y)
{
        x = x / SCALE - QUIET;
        y = y / SCALE - QUIET;
        return x >= 0 && y >= 0 && x < code->width && y < code->width && code->data[y * code->width + x] & 1;
}

static void add_header(struct buffer *to, uint32_t side)
{
        static const uint8_t rest[] = { 1, 0, 0, 0, 0 }; /* a bit a pixel, grey, nothing else */
        SCOPED(buffer_done) struct buffer header = BUFFER(32);

        buffer_add_u32(&header, side);
        buffer_add_u32(&header, side);
        buffer_add(&header, rest, sizeof(rest));
        buffer_add(to, "\x89PNG\r\n\x1a\n", 8);
        add_chunk(to, "IHDR", buffer_text(&header).at, buffer_text(&header).len);
}

static int add_pixels(struct buffer *to, const QRcode *code, int side)
{
        SCOPED(buffer_done) struct buffer raw = BUFFER(OCTETS_MAX * 4);
        SCOPED(freep) Bytef *packed = NULL;
        uLongf length;

        for (int y = 0; y < side; y++) {
                uint8_t line[ROW_MAX] = { 0 };

                for (int x = 0; x < side; x++)
                        if (!is_black(code, x, y))
                                line[1 + x / 8] |= (uint8_t)(0x80 >> (x % 8));
                buffer_add(&raw, line, 1 + (size_t)(side + 7) / 8);
        }
        if (raw.failure)
                return raw.failure;
        length = compressBound(raw.len);
        packed = malloc(length);
        if (!packed || compress(packed, &length, (const Bytef *)raw.at, raw.len) != Z_OK)
                return fault(-ENOMEM);
        add_chunk(to, "IDAT", packed, length);
        return 0;
}

static int draw(const char *words, struct buffer *to)
{
        SCOPED(freep_code) QRcode *code = QRcode_encodeString8bit(words, 0, QR_ECLEVEL_M);
        int side, r;

        if (!code)
                return fault(-ENOMEM);
        side = (code->width + 2 * QUIET) * SCALE;
        add_header(to, (uint32_t)side);
        r = add_pixels(to, code, side);
        add_chunk(to, "IEND", NULL, 0);
        return r ? r : to->failure;
}

int panel_code_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer picture = BUFFER(OCTETS_MAX);
        char address[ORIGIN_STRING + 64], code[PANEL_CODE];
        struct panel_view view;
        int64_t left_ms;
        int r;

        if (!panel_find_view(&view, request, false, &r))
                return r;
        if (!panel_is_bound(&view))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request_origin(request, address, &r))
                return r;
        r = panel_code_make(request->core, &view.place, clock_unix_ms(), code, &left_ms);
        if (r)
                return r;
        snprintf(address + strlen(address), sizeof(address) - strlen(address), "/device?user_code=%s", code);
        r = draw(address, &picture);
        if (r == 0)
                r = http_add_header(request->x, "Cache-Control", "no-store");
        return r ? r : http_respond(request->x, 200, "image/png", buffer_text(&picture));
}
