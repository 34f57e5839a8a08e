// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "badge/profile.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/scope.h"

static const char *const bases[] = {
        [CARD_HEXADECIMAL] = "hexadecimal", [CARD_DECIMAL] = "decimal", [CARD_AUTO] = "auto"
};

static const struct {
        const char *name;
        size_t member;
        unsigned least, most;
} numbers[] = {
        { "drop=", offsetof(struct card_profile, drop_bits), 1, CARD_BITS_MAX - 1 },
        { "keep=", offsetof(struct card_profile, keep_bits), 1, CARD_BITS_MAX },
        { "width=", offsetof(struct card_profile, width_octets), 1, CARD_OCTETS_MAX },
        { "least=", offsetof(struct card_profile, least_digits), 1, 2 * CARD_OCTETS_MAX },
};

static unsigned *member_of(struct card_profile *profile, size_t i)
{
        return (unsigned *)((char *)profile + numbers[i].member);
}

static bool read_number(struct text word, struct card_profile *profile)
{
        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
                size_t len = strlen(numbers[i].name);
                uint64_t value;

                if (!text_starts_with(word, numbers[i].name))
                        continue;
                /* "01" would not come back as it was written. */
                if (!text_number((struct text){ word.at + len, word.len - len }, numbers[i].most, &value) ||
                    value < numbers[i].least || word.at[len] == '0' || *member_of(profile, i) != 0)
                        return false;
                *member_of(profile, i) = (unsigned)value;
                return true;
        }
        return false;
}

static bool read_mask(struct text digits, struct card_profile *profile)
{
        char lower[2 * CARD_OCTETS_MAX + 1];
        size_t octets;

        if (profile->mask_octets || digits.len == 0 || !text_copy(digits, lower, sizeof(lower)))
                return false;
        for (char *at = lower; *at; at++)
                if (*at >= 'A' && *at <= 'F')
                        *at = (char)(*at - 'A' + 'a');
        if (!hex_parse(text_from(lower), profile->mask, sizeof(profile->mask), &octets))
                return false;
        profile->mask_octets = (unsigned)octets;
        return true;
}

static bool read_word(struct text word, struct card_profile *profile, bool *has_base)
{
        for (size_t i = 0; i < ARRAY_LENGTH(bases); i++)
                if (text_equal_string(word, bases[i])) {
                        bool first = !*has_base;

                        *has_base = true;
                        profile->base = (enum card_base)i;
                        return first;
                }
        if (text_equal_string(word, "reversed") && !profile->reversed) {
                profile->reversed = true;
                return true;
        }
        if (text_starts_with(word, "mask="))
                return read_mask((struct text){ word.at + 5, word.len - 5 }, profile);
        return read_number(word, profile);
}

int profile_parse(struct text text, struct card_profile *ret)
{
        struct card_profile profile = { 0 };
        struct pattern pattern;
        bool has_base = false;
        struct text word;

        while (text.len > 0) {
                if (text_starts_with(text, "match=")) {
                        word = (struct text){ text.at + 6, text.len - 6 };
                        if (pattern_parse(word, &pattern) ||
                            !text_copy(word, profile.match, sizeof(profile.match)))
                                return PROFILE_BAD_PATTERN;
                        break;
                }
                /* A space at the end has no word after it. */
                if (text_cut(text, ' ', &word, &text) && text.len == 0)
                        return PROFILE_MALFORMED;
                if (!read_word(word, &profile, &has_base))
                        return PROFILE_MALFORMED;
        }
        *ret = profile;
        return 0;
}

__attribute__((format(printf, 2, 3))) static void add(char ret[PROFILE_MAX], const char *format, ...)
{
        size_t len = strlen(ret);
        va_list arguments;

        if (len > 0)
                ret[len++] = ' ';
        va_start(arguments, format);
        vsnprintf(ret + len, PROFILE_MAX - len, format, arguments);
        va_end(arguments);
}

void profile_format(const struct card_profile *profile, char ret[PROFILE_MAX])
{
        char mask[2 * CARD_OCTETS_MAX + 1];

        ret[0] = 0;
        if (profile->base != CARD_HEXADECIMAL)
                add(ret, "%s", bases[profile->base]);
        if (profile->reversed)
                add(ret, "reversed");
        if (profile->drop_bits)
                add(ret, "drop=%u", profile->drop_bits);
        if (profile->mask_octets) {
                hex_format(profile->mask, profile->mask_octets, mask);
                add(ret, "mask=%s", mask);
        }
        if (profile->keep_bits)
                add(ret, "keep=%u", profile->keep_bits);
        if (profile->width_octets)
                add(ret, "width=%u", profile->width_octets);
        if (profile->least_digits)
                add(ret, "least=%u", profile->least_digits);
        if (profile->match[0])
                add(ret, "match=%s", profile->match);
}
