// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "badge/card.h"

#include <string.h>

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

static bool is_talk(struct text frame)
{
        return starts_with_nocase(frame, TEXT_OF("rfid:")) ||
               starts_with_nocase(frame, TEXT_OF("RF Ideas>")) || text_equal_nocase(frame, TEXT_OF("{OK}"));
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
        return bits_count == 0 ? CARD_IS_ABSENT : 0;
}

/* What a keyboard-mode reader types around the number. */
static struct text strip(struct text frame)
{
        struct text number, check;

        frame = text_trim(frame);
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

int card_parse(struct text frame, const struct card_profile *profile, struct card *ret)
{
        unsigned least = profile->least_digits ? profile->least_digits : CARD_LEAST_DIGITS;
        enum card_base base = profile->base;
        struct number number;
        struct text digits;
        bool good;
        int r;

        if (is_talk(frame))
                return CARD_IS_TALK;
        if (frame.len > 0 && frame.at[0] == '{') {
                base = CARD_HEXADECIMAL;
                r = read_answer(frame, &digits);
                if (r)
                        return r;
        } else {
                digits = strip(frame);
        }
        if (digits.len < least)
                return CARD_MALFORMED;
        good = base == CARD_DECIMAL ? read_decimal(digits, &number) : read_hexadecimal(digits, &number);
        if (!good)
                return CARD_MALFORMED;
        if (profile->reversed)
                reverse(&number);
        drop_bits(&number, profile->drop_bits);
        keep_bits(&number, profile->keep_bits);
        pad(&number, profile->width_octets);
        format(&number, ret);
        explicit_bzero(&number, sizeof(number));
        return 0;
}
