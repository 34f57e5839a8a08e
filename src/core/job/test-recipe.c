// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who does what: the printer, or the pages that it is sent. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/job/recipe.h"

static const struct printer over_ipp = { .colour = true,
                                         .duplex = true,
                                         .addresses = { "ipps://a/ipp/print", "socket://a:9100" },
                                         .address_count = 2,
                                         .formats = { "application/pdf", "image/urf" },
                                         .format_count = 2,
                                         .media = { "na_letter_8.5x11in" },
                                         .media_count = 1 };
static const struct printer raw = { .colour = true,
                                    .duplex = true,
                                    .addresses = { "socket://a:9100" },
                                    .address_count = 1,
                                    .formats = { "application/vnd.hp-PCL", "application/pdf" },
                                    .format_count = 2 };
static const struct printer old = { .addresses = { "lpd://a:515/q" },
                                    .address_count = 1,
                                    .resolution_dpi = 1200,
                                    .formats = { "application/vnd.hp-PCL" },
                                    .format_count = 1,
                                    .media = { "iso_a4_210x297mm" },
                                    .media_count = 1 };

static const struct printer raster = { .colour = true,
                                       .duplex = true,
                                       .addresses = { "ipps://a/ipp/print" },
                                       .address_count = 1,
                                       .formats = { "image/pwg-raster" },
                                       .format_count = 1,
                                       .resolution_dpi = 600,
                                       .media = { "iso_a4_210x297mm" },
                                       .media_count = 1,
                                       .sheet_back = "rotated" };

/* words: the ticket; line: the recipe, empty where the document goes as it is; settled: the ticket that goes
 * along with what was made. */
static const struct {
        const char *name;
        const struct printer *printer;
        const char *words, *format, *line, *settled;
} rows[] = {
        { "nothing", &over_ipp, "", "application/pdf", "", "" },
        { "what the printer does", &over_ipp,
          "copies=3;sides=two-sided-long-edge;media=iso_a4_210x297mm;print-color-mode=monochrome;finishings=4",
          "application/pdf", "", "" },
        { "pages", &over_ipp, "copies=3;page-ranges=2-3", "application/pdf",
          "--from application/pdf --to application/pdf --pages 2-3", "copies=3" },
        { "two up", &over_ipp, "number-up=2;presentation-direction-number-up=toleft-tobottom;copies=2",
          "application/pdf",
          "--from application/pdf --to application/pdf --number-up 2 --direction toleft-tobottom",
          "copies=2" },
        { "one up", &over_ipp, "number-up=1;print-scaling=auto", "application/pdf", "", "" },
        { "portrait is usual", &over_ipp, "orientation-requested=3", "application/pdf", "", "" },
        { "landscape", &over_ipp, "orientation-requested=4", "application/pdf",
          "--from application/pdf --to application/pdf --orientation landscape", "" },
        { "a raster has its own", &over_ipp, "orientation-requested=4", "image/urf", "", "" },
        { "booklet", &over_ipp, "imposition-template=signature;media=iso_a3_297x420mm", "application/pdf",
          "--from application/pdf --to application/pdf --media iso_a3_297x420mm --sides two-sided-short-edge"
          " --booklet yes",
          "sides=two-sided-short-edge;media=iso_a3_297x420mm" },
        { "pages of a raster", &over_ipp, "page-ranges=2-2", "image/urf",
          "--from image/urf --to application/pdf --media na_letter_8.5x11in --pages 2-2", "" },
        { "copies in the pages", &raw, "copies=3;sides=one-sided", "application/pdf",
          "--from application/pdf --to application/pdf --copies 3 --sides one-sided", "sides=one-sided" },
        { "copies that are not collated", &raw,
          "copies=2;multiple-document-handling=separate-documents-uncollated-copies;output-bin=face-up",
          "application/pdf",
          "--from application/pdf --to application/pdf --copies 2 --collate no --reverse yes",
          "output-bin=face-up" },
        { "grey", &raw, "print-color-mode=monochrome", "application/pdf",
          "--from application/pdf --to application/pdf --grey yes", "print-color-mode=monochrome" },
        { "a language", &old, "sides=two-sided-long-edge;print-scaling=fill;resolution-dpi=2400",
          "application/pdf",
          "--from application/pdf --to application/vnd.hp-PCL --media iso_a4_210x297mm --resolution 600"
          " --sides one-sided --scaling fill --grey yes",
          "sides=two-sided-long-edge;resolution-dpi=2400" },
        { "backs of a raster", &raster, "sides=two-sided-long-edge", "application/pdf",
          "--from application/pdf --to image/pwg-raster --media iso_a4_210x297mm --resolution 600"
          " --sides two-sided-long-edge --sheet-back rotated",
          "sides=two-sided-long-edge" },
        { "backs of a raster that it takes", &raster, "sides=two-sided-short-edge", "image/pwg-raster",
          "--from image/pwg-raster --to image/pwg-raster --media iso_a4_210x297mm --resolution 600"
          " --sides two-sided-short-edge --sheet-back rotated",
          "sides=two-sided-short-edge" },
        { "no backs", &raster, "sides=one-sided", "image/pwg-raster", "", "" },
};

static void try(size_t i)
{
        char line[ORDER_LINE] = "", settled[TICKET_TEXT];
        struct text format = text_from(rows[i].format);
        struct ticket ticket;
        struct order order;

        assert(ticket_parse(text_from(rows[i].words), &ticket) == 0);
        if (!printer_takes(rows[i].printer, format) || recipe_is_needed(rows[i].printer, &ticket, format)) {
                assert(recipe_make(rows[i].printer, &ticket, format, &order) == 0);
                order_line_format(&order, line);
        }
        printf("  %s\n", line);
        assert(strcmp(line, rows[i].line) == 0);
        if (!line[0])
                return;
        recipe_settle(line, &ticket);
        ticket_format(&ticket, settled, sizeof(settled));
        printf("  %s\n", settled);
        assert(strcmp(settled, rows[i].settled) == 0);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                try(i);
        }
        return 0;
}
