// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * One value of printer-input-tray (PWG 5100.13): the row of prtInputTable (RFC 3805) that it stands for.
 *
 *      type=sheetFeedAutoRemovableTray;dimunit=micrometers;mediafeed=297000;mediaxfeed=210000;
 *      maxcapacity=250;level=100;status=0;name=tray-1;
 *
 * In any order, with words between them that nobody knows.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define INPUT_TRAY_OTHER   (-1) /* of sides, capacity and level, as in RFC 3805 */
#define INPUT_TRAY_UNKNOWN (-2)
#define INPUT_TRAY_SOME    (-3) /* at least one sheet */

struct input_tray {
        int32_t unit; /* prtInputDimUnit: 3 ten-thousandths of an inch, 4 micrometres; 0 unknown */
        int32_t feed; /* sides, in that unit */
        int32_t cross_feed;
        int32_t capacity; /* sheets */
        int32_t level;
        int32_t status;   /* PrtSubUnitStatusTC */
        struct text name; /* borrowed */
};

/* False where it is no list of words with values. What is not said is unknown, of the status 0. */
bool input_tray_parse(struct text octets, struct input_tray *ret);

/* Percent; -1 where it cannot be told. */
int32_t input_tray_percent(const struct input_tray *tray);
/* Whether a sheet can come out of it, as far as it says. */
bool input_tray_is_ready(const struct input_tray *tray);
/* In hundredths of a millimetre; 0 where it is not known. */
int64_t input_tray_side(const struct input_tray *tray, int32_t side);
