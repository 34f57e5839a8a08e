// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/charset.h"
#include "render/outcome.h"
#include "render/wrap.h"

#define MARGIN      36.0 /* half an inch */
#define FONT_POINTS 10
#define ADVANCE     6.0  /* Courier: 600 of 1,000 units */
#define LEADING     12.0 /* six lines an inch */
#define TAB         8

/*
 * Lines of at most so many characters, broken where they end; a form feed begins a page. Characters of UTF-8
 * are written in WinAnsiEncoding, as far as it has them; a text that is no UTF-8 is taken for Latin-1. NUL
 * and other control characters do not belong into a text and are left out.
 */
struct layout {
        struct pdf *pdf;
        double width, height;
        unsigned int columns, rows;
        unsigned int column, row;
        uint32_t font;
        uint32_t content; /* of the open page; 0: none is open */
};

static void page_begin(struct layout *layout)
{
        layout->content = pdf_reserve(layout->pdf);
        layout->row = 0;
        layout->column = 0;
        pdf_stream_begin(layout->pdf, layout->content, "");
        pdf_format(layout->pdf, "BT /F %d Tf %d TL %d %d Td\n(", FONT_POINTS, (int)LEADING, (int)MARGIN,
                   (int)(layout->height - MARGIN - FONT_POINTS));
}

static void page_end(struct layout *layout)
{
        char resources[64];

        if (!layout->content)
                return;
        pdf_format(layout->pdf, ") Tj ET");
        pdf_stream_end(layout->pdf);
        snprintf(resources, sizeof(resources), "<< /Font << /F %u 0 R >> >>", layout->font);
        pdf_page(layout->pdf, layout->width, layout->height, layout->content, resources);
        layout->content = 0;
}

static void line_end(struct layout *layout)
{
        if (!layout->content)
                page_begin(layout);
        if (++layout->row == layout->rows) {
                page_end(layout);
                return;
        }
        layout->column = 0;
        pdf_format(layout->pdf, ") Tj T*\n(");
}

static void add_character(struct layout *layout, uint8_t character)
{
        if (layout->content && layout->column == layout->columns)
                line_end(layout);
        if (!layout->content)
                page_begin(layout);
        if (character == '(' || character == ')' || character == '\\')
                pdf_add(layout->pdf, "\\", 1);
        pdf_add(layout->pdf, &character, 1);
        layout->column++;
}

static void add_tab(struct layout *layout)
{
        do
                add_character(layout, ' ');
        while (layout->column % TAB);
}

/* What WinAnsiEncoding has at 0x80 to 0x9f (ISO 32000-1, Annex D.2). */
static const uint16_t specials[] = {
        0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static uint8_t win_ansi_from(uint32_t code)
{
        if (code < 0x80 || (code >= 0xa0 && code <= 0xff))
                return (uint8_t)code;
        for (size_t i = 0; i < ARRAY_LENGTH(specials); i++)
                if (specials[i] == code && code)
                        return (uint8_t)(0x80 + i);
        return '?';
}

bool wrap_text_has(uint32_t code)
{
        return win_ansi_from(code) != '?' || code == '?' || code < 0x20 || code == 0xfeff;
}

static bool is_utf8(struct text text)
{
        for (size_t at = 0; at < text.len;)
                if (text.at[at] == 0)
                        at++;
                else if (!utf8_next(text, &at))
                        return false;
        return true;
}

static void add_code(struct layout *layout, uint32_t code)
{
        switch (code) {
        case '\n': line_end(layout); break;
        case '\t': add_tab(layout); break;
        case '\f':
                if (!layout->content)
                        page_begin(layout);
                page_end(layout);
                break;
        case 0xfeff: break; /* byte order mark */
        default:
                if (code >= 0x20 && (code < 0x7f || code >= 0xa0))
                        add_character(layout, win_ansi_from(code));
        }
}

static void add_text(struct layout *layout, struct text document)
{
        bool utf8 = is_utf8(document);

        for (size_t at = 0; at < document.len && !layout->pdf->failure;) {
                if (utf8 && document.at[at])
                        add_code(layout, utf8_next(document, &at));
                else
                        add_code(layout, (uint8_t)document.at[at++]);
        }
}

int wrap_text(const struct order *order, struct text document, struct pdf *pdf)
{
        struct layout layout = {
                .pdf = pdf,
                .width = order->media.width,
                .height = order->media.height,
                .columns = (unsigned int)((order->media.width - 2 * MARGIN) / ADVANCE),
                .rows = (unsigned int)((order->media.height - 2 * MARGIN) / LEADING),
                .font = pdf_reserve(pdf),
        };

        if (order->media.width < 4 * MARGIN || order->media.height < 4 * MARGIN)
                return RENDER_UNSUPPORTED;
        pdf_object_begin(pdf, layout.font);
        pdf_format(pdf, "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>");
        pdf_object_end(pdf);
        add_text(&layout, document);
        page_end(&layout);
        return pdf->pages_count || pdf->failure ? 0 : RENDER_DAMAGED;
}
