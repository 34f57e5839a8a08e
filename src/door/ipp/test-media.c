// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/printer/printer.h"
#include "door/ipp/media.h"

static const struct {
        struct text name;
        bool good;
        int32_t width, height;
} rows[] = {
        { TEXT("iso_a4_210x297mm"), true, 21000, 29700 },
        { TEXT("na_letter_8.5x11in"), true, 21590, 27940 },
        { TEXT("na_index-4x6_4x6in"), true, 10160, 15240 },
        { TEXT("na_number-10_4.125x9.5in"), true, 10477, 24130 },
        { TEXT("jpn_hagaki_100x148mm"), true, 10000, 14800 },
        { TEXT("custom_x_1x1mm"), true, 100, 100 },
        { TEXT("custom_x_0.9x1mm"), false, 0, 0 },
        { TEXT("custom_x_10001x1mm"), false, 0, 0 },
        { TEXT("custom_x_99999999999999999999x1mm"), false, 0, 0 },
        { TEXT("custom_x_.5x1in"), false, 0, 0 },
        { TEXT("custom_x_1.2.3x1in"), false, 0, 0 },
        { TEXT("iso_a4_210x297"), false, 0, 0 },
        { TEXT("iso_a4_210mm"), false, 0, 0 },
        { TEXT("iso_a4_x297mm"), false, 0, 0 },
        { TEXT("iso_a4_-210x297mm"), false, 0, 0 },
        { TEXT("iso_a4_210x297mmm"), false, 0, 0 },
        { TEXT("a4"), false, 0, 0 },
        { TEXT("_"), false, 0, 0 },
        { TEXT(""), false, 0, 0 },
};

int main(void)
{
        static const struct printer printer = {
                .media = { "iso_a4_210x297mm", "na_letter_8.5x11in", "no-size" },
                .media_count = 3,
        };
        struct ipp_media_size size;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                bool good = ipp_media_size_parse(rows[i].name, &size);

                printf("%.*s\n", TEXT_ARGS(rows[i].name));
                assert(good == rows[i].good);
                if (good)
                        assert(size.width == rows[i].width && size.height == rows[i].height);
        }

        assert(strcmp(ipp_media_find(&printer, (struct ipp_media_size){ 21000, 29700 }), printer.media[0]) ==
               0);
        assert(strcmp(ipp_media_find(&printer, (struct ipp_media_size){ 21550, 27900 }), printer.media[1]) ==
               0);
        assert(!ipp_media_find(&printer, (struct ipp_media_size){ 21500, 27900 }));
        return 0;
}
