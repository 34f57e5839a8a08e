// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/input-tray.h"

#include <stddef.h>

#include "base/scope.h"

#define UNIT_INCHES      3
#define UNIT_MICROMETRES 4

/* PrtSubUnitStatusTC: bits 0 to 2 say whether it is available, 32 that it is off line. */
#define STATUS_AVAILABILITY 7
#define STATUS_ON_REQUEST   1
#define STATUS_BROKEN       3
#define STATUS_OFF_LINE     32

static bool number_parse(struct text text, int32_t *ret)
{
        bool is_negative = text.len > 0 && text.at[0] == '-';
        uint64_t number;

        if (is_negative)
                text = (struct text){ text.at + 1, text.len - 1 };
        if (!text_number(text, INT32_MAX, &number))
                return false;
        *ret = is_negative ? -(int32_t)number : (int32_t)number;
        return true;
}

static int32_t unit_parse(struct text text)
{
        if (text_equal_nocase(text, TEXT_OF("micrometers")))
                return UNIT_MICROMETRES;
        return text_equal_nocase(text, TEXT_OF("tenThousandthsOfInches")) ? UNIT_INCHES : 0;
}

static void take_word(struct text key, struct text value, struct input_tray *tray)
{
        const struct {
                const char *key;
                int32_t *to;
        } numbers[] = {
                { "mediafeed", &tray->feed },       { "mediaxfeed", &tray->cross_feed },
                { "maxcapacity", &tray->capacity }, { "level", &tray->level },
                { "status", &tray->status },
        };

        if (text_equal_nocase(key, TEXT_OF("name")))
                tray->name = value;
        else if (text_equal_nocase(key, TEXT_OF("dimunit")))
                tray->unit = unit_parse(value);
        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
                if (text_equal_nocase(key, text_from(numbers[i].key)))
                        (void)number_parse(value, numbers[i].to);
}

bool input_tray_parse(struct text octets, struct input_tray *ret)
{
        struct input_tray tray = { .feed = INPUT_TRAY_UNKNOWN,
                                   .cross_feed = INPUT_TRAY_UNKNOWN,
                                   .capacity = INPUT_TRAY_UNKNOWN,
                                   .level = INPUT_TRAY_UNKNOWN,
                                   .name = { "", 0 } };
        bool any = false;

        while (octets.len > 0) {
                struct text word, key, value;

                (void)text_cut(octets, ';', &word, &octets);
                word = text_trim(word);
                if (word.len == 0)
                        continue;
                if (!text_cut(word, '=', &key, &value) || key.len == 0)
                        return false;
                take_word(key, value, &tray);
                any = true;
        }
        if (any)
                *ret = tray;
        return any;
}

int32_t input_tray_percent(const struct input_tray *tray)
{
        if (tray->level == 0)
                return 0;
        if (tray->level < 0 || tray->capacity <= 0)
                return -1;
        return tray->level >= tray->capacity ? 100 : (int32_t)((int64_t)tray->level * 100 / tray->capacity);
}

bool input_tray_is_ready(const struct input_tray *tray)
{
        int32_t available = tray->status & STATUS_AVAILABILITY;

        return tray->level != 0 && tray->status >= 0 && available != STATUS_ON_REQUEST &&
               available != STATUS_BROKEN && !(tray->status & STATUS_OFF_LINE);
}

int64_t input_tray_side(const struct input_tray *tray, int32_t side)
{
        if (side <= 0)
                return 0;
        if (tray->unit == UNIT_INCHES)
                return ((int64_t)side * 254 + 500) / 1000;
        return tray->unit == UNIT_MICROMETRES ? ((int64_t)side + 5) / 10 : 0;
}
