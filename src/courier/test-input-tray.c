// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/input-tray.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

#define A4 "dimunit=micrometers;mediafeed=297000;mediaxfeed=210000;"

static const struct {
        const char *octets;
        bool good;
        const char *name;
        int64_t feed, cross_feed;
        int32_t percent;
        bool ready;
} rows[] = {
        { "type=sheetFeedAutoRemovableTray;" A4 "maxcapacity=250;level=100;status=0;name=tray-1;", true,
          "tray-1", 29700, 21000, 40, true },
        { A4 "maxcapacity=250;level=0;status=0;name=tray-2", true, "tray-2", 29700, 21000, 0, false },
        { A4 "maxcapacity=100;level=-3;status=0;name=by-pass-tray;", true, "by-pass-tray", 29700, 21000, -1,
          true },
        { A4 "maxcapacity=100;level=-2;status=9;name=x;", true, "x", 29700, 21000, -1, false },
        { A4 "maxcapacity=100;level=50;status=3;name=broken;", true, "broken", 29700, 21000, 50, false },
        { A4 "maxcapacity=100;level=50;status=32;name=off;", true, "off", 29700, 21000, 50, false },
        { A4 "maxcapacity=100;level=50;status=8;name=warns;", true, "warns", 29700, 21000, 50, true },
        { "DimUnit=tenThousandthsOfInches; MediaFeed=110000; MediaXFeed=85000;Name=main", true, "main", 27940,
          21590, -1, true },
        { "dimunit=feet;mediafeed=1;mediaxfeed=1;name=a", true, "a", 0, 0, -1, true },
        { "maxcapacity=10;level=40;name=more", true, "more", 0, 0, 100, true },
        { "level=99999999999;mediafeed=x;name=y", true, "y", 0, 0, -1, true },
        { "tray", false, "", 0, 0, 0, false },
        { "=1;", false, "", 0, 0, 0, false },
        { ";;", false, "", 0, 0, 0, false },
        { "", false, "", 0, 0, 0, false },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct input_tray tray;

                printf("%s\n", rows[i].octets);
                assert(input_tray_parse(text_from(rows[i].octets), &tray) == rows[i].good);
                if (!rows[i].good)
                        continue;
                assert(text_equal_string(tray.name, rows[i].name));
                assert(input_tray_side(&tray, tray.feed) == rows[i].feed);
                assert(input_tray_side(&tray, tray.cross_feed) == rows[i].cross_feed);
                assert(input_tray_percent(&tray) == rows[i].percent);
                assert(input_tray_is_ready(&tray) == rows[i].ready);
        }
        return 0;
}
