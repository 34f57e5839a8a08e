// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "badge/card.h"

#include <string.h>

#include "badge/frame.h"
#include "badge/profile.h"
#include "base/encoding.h"

/* A number as octets, the last one at the end of the array. */
struct number {
        uint8_t octets[CARD_OCTETS_MAX];
        size_t len;
};

static int digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
        return 16;
}

static bool starts_with_nocase(struct text t, struct text prefix)
{
        return t.len >= prefix.len && text_equal_nocase((struct text){ t.at, prefix.len }, prefix);
}

/* A prompt has no end of its own: what the reader says next stands behind it. */
static struct text without_prompt(struct text frame)
{
        static const struct text prompt = TEXT("RF Ideas>");

        frame = text_trim(frame);
        while (starts_with_nocase(frame, prompt))
                frame = text_trim((struct text){ frame.at + prompt.len, frame.len - prompt.len });
        return frame;
}

/* Whatever stands in braces and is no answer to rfid:qid.id is about something else: {OK}, errors, settings.
 */
static bool is_talk(struct text frame)
{
        return starts_with_nocase(frame, TEXT_OF("rfid:")) ||
               (starts_with_nocase(frame, TEXT_OF("{")) && !starts_with_nocase(frame, TEXT_OF("{0x")));
}

static bool all_digits(struct text t, int base)
{
        for (size_t i = 0; i < t.len; i++)
                if (digit(t.at[i]) >= base)
                        return false;
        return t.len > 0;
}

static bool hexadecimal_field(struct text field, struct text *ret_digits)
{
        if (!starts_with_nocase(field, TEXT_OF("0x")))
                return false;
        *ret_digits = (struct text){ field.at + 2, field.len - 2 };
        return all_digits(*ret_digits, 16);
}

/* "{0x" hex "," decimal ",0x" hex "," decimal ";0x" hex "}": an answer to rfid:qid.id. */
static int read_answer(struct text frame, struct text *ret_digits)
{
        struct text inner = { frame.at + 1, frame.len - 2 };
        struct text head, kind, count, flags, bits, unused;
        uint64_t bits_count;

        if (frame.len < 2 || frame.at[frame.len - 1] != '}' || !text_cut(inner, ';', &head, &inner) ||
            !text_cut(head, ',', &kind, &head) || !text_cut(head, ',', &count, &head) ||
            !text_cut(head, ',', &flags, &bits) || !hexadecimal_field(kind, &unused) ||
            !all_digits(count, 10) || !hexadecimal_field(flags, &unused) ||
            !text_number(bits, 4096, &bits_count) || !hexadecimal_field(inner, ret_digits))
                return CARD_MALFORMED;
        if (bits_count == 0)
                return CARD_IS_ABSENT;
        while (ret_digits->len > 2 * ((bits_count + 7) / 8) && ret_digits->at[0] == '0') {
                ret_digits->at++;
                ret_digits->len--;
        }
        return 0;
}

/* What a keyboard-mode reader types around the number. */
static struct text strip(struct text frame)
{
        struct text number, check;

        if (frame.len > 0 && strchr(";*%", frame.at[0])) {
                frame.at++;
                frame.len--;
        }
        if (frame.len > 0 && strchr("?/", frame.at[frame.len - 1]))
                frame.len--;
        if (text_cut(frame, '=', &number, &check) && all_digits(check, 10))
                return number;
        return frame;
}

/* Without "\\" and "[". False where it is too long for any number. */
static bool drop_keyboard_codes(struct text frame, char ret[BADGE_FRAME_MAX], struct text *ret_frame)
{
        size_t len = 0;

        if (frame.len > BADGE_FRAME_MAX)
                return false;
        for (size_t i = 0; i < frame.len; i++)
                if (frame.at[i] != '\\' && frame.at[i] != '[')
                        ret[len++] = frame.at[i];
        *ret_frame = (struct text){ ret, len };
        return true;
}

static bool find_matching(struct text frame, const char *match, struct text *ret)
{
        struct pattern pattern;

        return pattern_parse(text_from(match), &pattern) == 0 && pattern_find(&pattern, frame, ret);
}

static enum card_base guess_base(struct text digits)
{
        if (!all_digits(digits, 10))
                return CARD_HEXADECIMAL;
        return digits.len == 8 || digits.len == 14 || digits.len == 16 ? CARD_HEXADECIMAL : CARD_DECIMAL;
}

static bool read_hexadecimal(struct text digits, struct number *ret)
{
        size_t nibbles = digits.len;

        if (nibbles > 2 * CARD_OCTETS_MAX || !all_digits(digits, 16))
                return false;
        ret->len = (nibbles + 1) / 2;
        memset(ret->octets, 0, ret->len);
        for (size_t i = 0; i < nibbles; i++) {
                size_t from_end = nibbles - 1 - i;
                int value = digit(digits.at[i]);

                ret->octets[ret->len - 1 - from_end / 2] |= (uint8_t)(from_end % 2 ? value << 4 : value);
        }
        return true;
}

/* Multiplies by ten and adds, from the last octet forward; false at the widest number. */
static bool push_decimal(struct number *number, int value)
{
        unsigned carry = (unsigned)value;

        for (size_t i = number->len; i > 0; i--) {
                carry += number->octets[i - 1] * 10U;
                number->octets[i - 1] = (uint8_t)carry;
                carry >>= 8;
        }
        return carry == 0;
}

static bool read_decimal(struct text digits, struct number *ret)
{
        size_t zeros = 0;

        if (digits.len > 2 * CARD_OCTETS_MAX || !all_digits(digits, 10))
                return false;
        *ret = (struct number){ .len = CARD_OCTETS_MAX };
        for (size_t i = 0; i < digits.len; i++)
                if (!push_decimal(ret, digit(digits.at[i])))
                        return false;
        while (zeros < CARD_OCTETS_MAX - 1 && ret->octets[zeros] == 0)
                zeros++;
        ret->len = CARD_OCTETS_MAX - zeros;
        memmove(ret->octets, ret->octets + zeros, ret->len);
        return true;
}

static void reverse(struct number *number)
{
        for (size_t i = 0; i < number->len / 2; i++) {
                uint8_t octet = number->octets[i];

                number->octets[i] = number->octets[number->len - 1 - i];
                number->octets[number->len - 1 - i] = octet;
        }
}

static void drop_bits(struct number *number, unsigned bits)
{
        for (; bits > 0; bits--) {
                unsigned carry = 0;

                for (size_t i = 0; i < number->len; i++) {
                        unsigned octet = number->octets[i] | carry << 8;

                        carry = octet & 1;
                        number->octets[i] = (uint8_t)(octet >> 1);
                }
        }
}

/* Both counted from the end; what the mask does not reach is cut off. */
static void apply_mask(struct number *number, const uint8_t *mask, size_t octets)
{
        if (octets == 0)
                return;
        if (octets < number->len) {
                memmove(number->octets, number->octets + number->len - octets, octets);
                number->len = octets;
        }
        for (size_t i = 0; i < number->len; i++)
                number->octets[i] &= mask[octets - number->len + i];
}

static void keep_bits(struct number *number, unsigned bits)
{
        size_t octets = (bits + 7) / 8;

        if (bits == 0 || octets > number->len)
                return;
        memmove(number->octets, number->octets + number->len - octets, octets);
        number->len = octets;
        if (bits % 8)
                number->octets[0] &= (uint8_t)((1U << bits % 8) - 1);
}

static void pad(struct number *number, size_t width)
{
        size_t more;

        if (width > CARD_OCTETS_MAX || width <= number->len)
                return;
        more = width - number->len;
        memmove(number->octets + more, number->octets, number->len);
        memset(number->octets, 0, more);
        number->len = width;
}

static void format(const struct number *number, struct card *ret)
{
        hex_format(number->octets, number->len, ret->number);
        for (char *at = ret->number; *at; at++)
                if (*at >= 'a')
                        *at = (char)(*at - 'a' + 'A');
}

/* The digits of a frame, in typed (or in the frame itself), and their base. */
static int find_digits(struct text frame, const struct card_profile *profile, char typed[BADGE_FRAME_MAX],
                       struct text *ret, enum card_base *ret_base)
{
        frame = without_prompt(frame);
        *ret_base = CARD_HEXADECIMAL;
        if (frame.len == 0 || is_talk(frame))
                return CARD_IS_TALK;
        if (frame.at[0] == '{')
                return read_answer(frame, ret);
        if (profile->match[0]) {
                if (!find_matching(frame, profile->match, ret))
                        return CARD_MALFORMED;
        } else {
                if (!drop_keyboard_codes(frame, typed, ret))
                        return CARD_MALFORMED;
                *ret = strip(*ret);
        }
        *ret_base = profile->base == CARD_AUTO ? guess_base(*ret) : profile->base;
        return 0;
}

static void shape(struct number *number, const struct card_profile *profile)
{
        if (profile->reversed)
                reverse(number);
        drop_bits(number, profile->drop_bits);
        apply_mask(number, profile->mask, profile->mask_octets);
        keep_bits(number, profile->keep_bits);
        pad(number, profile->width_octets);
}

int card_parse(struct text frame, const struct card_profile *profile, struct card *ret)
{
        unsigned least = profile->least_digits ? profile->least_digits : CARD_LEAST_DIGITS;
        char typed[BADGE_FRAME_MAX];
        struct number number = { .len = 0 };
        enum card_base base;
        struct text digits;
        int r;

        r = find_digits(frame, profile, typed, &digits, &base);
        if (r == 0 && (digits.len < least || !(base == CARD_DECIMAL ? read_decimal(digits, &number)
                                                                    : read_hexadecimal(digits, &number))))
                r = CARD_MALFORMED;
        if (r == 0) {
                shape(&number, profile);
                format(&number, ret);
        }
        explicit_bzero(&number, sizeof(number));
        explicit_bzero(typed, sizeof(typed));
        return r;
}
