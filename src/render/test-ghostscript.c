// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "render/ghostscript.h"
#include "render/outcome.h"

static bool has(const struct ghostscript_arguments *arguments, const char *argument)
{
        for (size_t i = 0; i < arguments->count; i++)
                if (strcmp(arguments->argv[i], argument) == 0)
                        return true;
        return false;
}

static const struct {
        const char *line;
        struct ghostscript_report report;
} rows[] = {
        { "Page 1", { .pages = 1 } },
        { "Page one", { .pages = 0 } },
        { "Processing pages 1 through 3.", { .pages = 0 } },
        { "   **** This file requires a password for access.", { .password = true } },
        { "Unrecoverable error: VMerror", { .memory = true } },
        { "", { .pages = 0 } },
};

int main(void)
{
        struct order order = { .from = FORMAT_PDF,
                               .to = FORMAT_PWG_RASTER,
                               .resolution = 300,
                               .sides = ORDER_TWO_SIDED_SHORT_EDGE,
                               .pages = "1-3" };
        struct ghostscript_arguments arguments;

        assert(media_parse("iso_a4_210x297mm", &order.media));
        assert(ghostscript_arguments(&order, "/document", &arguments) == 0);
        assert(has(&arguments, "-dSAFER") && has(&arguments, "-sDEVICE=pwgraster"));
        assert(has(&arguments, "-dcupsColorSpace=19") && has(&arguments, "-dcupsBitsPerColor=8"));
        assert(has(&arguments, "-g2480x3508") && has(&arguments, "-dTumble=true"));
        assert(!has(&arguments, "-sPageList=1-3") && !has(&arguments, "-dPDFFitPage"));
        assert(!arguments.argv[arguments.count]);
        assert(strcmp(arguments.argv[arguments.count - 1], "/document") == 0);

        order.to = FORMAT_PCL_XL;
        order.grey = true;
        order.sides = ORDER_ONE_SIDED;
        assert(ghostscript_arguments(&order, "/document", &arguments) == 0);
        assert(has(&arguments, "-sDEVICE=pxlmono") && has(&arguments, "-dDuplex=false"));
        order.to = FORMAT_POSTSCRIPT;
        assert(ghostscript_arguments(&order, "/document", &arguments) == 0);
        assert(has(&arguments, "-sColorConversionStrategy=Gray"));
        order.to = FORMAT_APPLE_RASTER;
        order.sides = ORDER_TWO_SIDED_LONG_EDGE;
        assert(ghostscript_arguments(&order, "/document", &arguments) == 0);
        assert(has(&arguments, "-dcupsColorSpace=18") && has(&arguments, "-dcupsBitsPerColor=8"));
        assert(has(&arguments, "-dDuplex=true"));
        order.to = FORMAT_PCL;
        assert(ghostscript_arguments(&order, "/document", &arguments) == 0);
        assert(has(&arguments, "-sDEVICE=ljet4") && !has(&arguments, "-dDuplex=true"));
        /* It would move pages by the margins of one printer. */
        order.grey = false;
        assert(ghostscript_arguments(&order, "/document", &arguments) == 0);
        assert(has(&arguments, "-sDEVICE=cljet5c") &&
               has(&arguments, "<< /Margins [0 0] /.HWMargins [0 0 0 0] >> setpagedevice"));
        order.to = FORMAT_GIF;
        assert(ghostscript_arguments(&order, "/document", &arguments) == RENDER_UNSUPPORTED);

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct ghostscript_report report = { 0 };

                printf("%s\n", rows[i].line);
                ghostscript_line(text_from(rows[i].line), &report);
                assert(report.pages == rows[i].report.pages && report.password == rows[i].report.password &&
                       report.memory == rows[i].report.memory);
        }
        return 0;
}
