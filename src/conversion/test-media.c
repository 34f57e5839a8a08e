// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/media.h"

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

int main(void)
{
        struct media media;

        for (size_t i = 0; i < ARRAY_LENGTH(media_rows); i++) {
                printf("%s\n", media_rows[i].name);
                assert(media_parse(media_rows[i].name, &media) == media_rows[i].good);
                if (media_rows[i].good)
                        assert((int)media.width == (int)media_rows[i].width &&
                               strcmp(media.name, media_rows[i].name) == 0);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(page_rows); i++) {
                printf("%s\n", page_rows[i].pages);
                assert(pages_are_valid(page_rows[i].pages) == page_rows[i].good);
        }
        assert(pages_have("", 7) && pages_have("1-3,5,7-", 2) && pages_have("1-3,5,7-", 5));
        assert(pages_have("1-3,5,7-", 900) && !pages_have("1-3,5,7-", 4) && !pages_have("1-3,5", 6));
        return 0;
}
