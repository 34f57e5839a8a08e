// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The numbers of IANA-PRINTER-MIB as words. */

#include "base/scope.h"
#include "discovery/mib.h"

#define WORD_OF(words, number, otherwise)                                                             \
        ((number) >= 0 && (size_t)(number) < ARRAY_LENGTH(words) && (words)[number] ? (words)[number] \
                                                                                    : (otherwise))

const char *mib_supply_type(int32_t type)
{
        static const char *const words[] = {
                [3] = "toner",
                [4] = "waste-toner",
                [5] = "ink",
                [6] = "ink-cartridge",
                [7] = "ink-ribbon",
                [8] = "waste-ink",
                [9] = "opc",
                [10] = "developer",
                [11] = "fuser-oil",
                [12] = "solid-wax",
                [13] = "ribbon-wax",
                [14] = "waste-wax",
                [15] = "fuser",
                [16] = "corona-wire",
                [17] = "fuser-oil-wick",
                [18] = "cleaner-unit",
                [19] = "fuser-cleaning-pad",
                [20] = "transfer-unit",
                [21] = "toner-cartridge",
                [22] = "fuser-oiler",
                [23] = "water",
                [24] = "waste-water",
                [25] = "glue-water-additive",
                [26] = "waste-paper",
                [27] = "binding-supply",
                [28] = "banding-supply",
                [29] = "stitching-wire",
                [30] = "shrink-wrap",
                [31] = "paper-wrap",
                [32] = "staples",
                [33] = "inserts",
                [34] = "covers",
        };

        return WORD_OF(words, type, "other");
}

const char *mib_supply_unit(int32_t unit)
{
        static const char *const words[] = {
                [3] = "ten-thousandths-of-inches",
                [4] = "micrometres",
                [7] = "impressions",
                [8] = "sheets",
                [11] = "hours",
                [12] = "thousandths-of-ounces",
                [13] = "tenths-of-grams",
                [14] = "hundredths-of-fluid-ounces",
                [15] = "tenths-of-millilitres",
                [16] = "feet",
                [17] = "metres",
                [18] = "items",
                [19] = "percent",
        };

        return WORD_OF(words, unit, "unknown");
}

const char *mib_counter_unit(int32_t unit)
{
        static const char *const words[] = {
                [3] = "ten-thousandths-of-inches",
                [4] = "micrometres",
                [5] = "characters",
                [6] = "lines",
                [7] = "impressions",
                [8] = "sheets",
                [9] = "dot-rows",
                [11] = "hours",
                [16] = "feet",
                [17] = "metres",
        };

        return WORD_OF(words, unit, "unknown");
}

const char *mib_alert_group(int32_t group)
{
        static const char *const words[] = {
                [3] = "host-storage",
                [4] = "host-device",
                [5] = "general-printer",
                [6] = "cover",
                [7] = "localization",
                [8] = "input",
                [9] = "output",
                [10] = "marker",
                [11] = "marker-supplies",
                [12] = "marker-colorant",
                [13] = "media-path",
                [14] = "channel",
                [15] = "interpreter",
                [16] = "console-display",
                [17] = "console-lights",
                [18] = "alert",
                [30] = "finisher-device",
                [31] = "finisher-supply",
                [32] = "finisher-supply-input",
                [33] = "finisher-attribute",
        };

        return WORD_OF(words, group, "other");
}

const char *mib_alert_severity(int32_t severity)
{
        static const char *const words[] = { [3] = "critical", [4] = "warning", [5] = "warning-binary" };

        return WORD_OF(words, severity, "other");
}
