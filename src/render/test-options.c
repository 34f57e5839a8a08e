// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <getopt.h>
#include <stdio.h>

#include "base/scope.h"
#include "render/options.h"

static const struct {
        const char *name;
        bool good;
        double width;
} media_rows[] = {
        { "iso_a4_210x297mm", true, 595 },
        { "na_letter_8.5x11in", true, 612 },
        { "custom_min_50x50mm", true, 141 },
        { "iso_a4", false, 0 },
        { "iso_a4_210x297", false, 0 },
        { "iso_a4_210mm", false, 0 },
        { "iso_a4_0x297mm", false, 0 },
        { "iso_a4_2.1.0x297mm", false, 0 },
        { "iso_a4_99999999x297mm", false, 0 },
        { "", false, 0 },
        { "_210x297mm", false, 0 },
        { "iso_a4 -c quit_210x297mm", false, 0 },
        { "iso_a4_-210x297mm", false, 0 },
        { "iso_a4_.5x297mm", false, 0 },
};

static const struct {
        const char *pages;
        bool good;
} page_rows[] = {
        { "1", true },       { "1-3", true },  { "1-3,5,7-", true }, { "", false },   { "0", false },
        { "3-1", false },    { "1,1", false }, { "1-", true },       { "-3", false }, { "1,,2", false },
        { "1;quit", false }, { "5,2", false }, { "1-,3", false },
};

static const struct {
        const char *name;
        const char *argv[10];
        int outcome;
} rows[] = {
        { "least", { "r", "--from", "application/pdf", "--to", "image/pwg-raster" }, -1 },
        { "any case", { "r", "--from", "Application/PDF", "--to", "application/vnd.hp-pclxl" }, -1 },
        { "no target", { "r", "--from", "application/pdf" }, 2 },
        { "unknown type", { "r", "--from", "application/pdf", "--to", "image/gif" }, 2 },
        { "a word more", { "r", "--from", "application/pdf", "--to", "application/pdf", "x" }, 2 },
        { "resolution of a fool",
          { "r", "--from", "application/pdf", "--to", "application/pdf", "--resolution", "100000" },
          2 },
        { "option of Ghostscript's",
          { "r", "--from", "application/pdf", "--to", "application/pdf", "-dNOSAFER" },
          2 },
        { "all sides", { "r", "--from", "application/pdf", "--to", "application/pdf", "--sides", "all" }, 2 },
};

int main(void)
{
        struct render_options options;
        struct render_media media;

        for (size_t i = 0; i < ARRAY_LENGTH(media_rows); i++) {
                printf("%s\n", media_rows[i].name);
                assert(media_parse(media_rows[i].name, &media) == media_rows[i].good);
                if (media_rows[i].good)
                        assert((int)media.width == (int)media_rows[i].width);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(page_rows); i++) {
                printf("%s\n", page_rows[i].pages);
                assert(pages_are_valid(page_rows[i].pages) == page_rows[i].good);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                int argc = 0;

                printf("%s\n", rows[i].name);
                while (argc < 10 && rows[i].argv[argc])
                        argc++;
                optind = 0; /* getopt starts anew */
                assert(options_parse(argc, (char **)rows[i].argv, &options) == rows[i].outcome);
        }
        return 0;
}
