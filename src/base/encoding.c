// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/encoding.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char crockford_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void hex_format(const void *octets, size_t len, char *ret)
{
        const uint8_t *from = octets;

        for (size_t i = 0; i < len; i++) {
                ret[2 * i] = hex_digits[from[i] >> 4];
                ret[2 * i + 1] = hex_digits[from[i] & 15];
        }
        ret[2 * len] = 0;
}

static int hex_digit(char c)
{
        const char *found = memchr(hex_digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c, 16);

        return found ? (int)(found - hex_digits) : -1;
}

bool hex_parse(struct text text, void *ret, size_t size, size_t *ret_length)
{
        uint8_t *to = ret;

        if (text.len % 2 || text.len / 2 > size)
                return false;
        for (size_t i = 0; i < text.len / 2; i++) {
                int high = hex_digit(text.at[2 * i]), low = hex_digit(text.at[2 * i + 1]);

                if (high < 0 || low < 0)
                        return false;
                to[i] = (uint8_t)(high << 4 | low);
        }
        *ret_length = text.len / 2;
        return true;
}

void base64_format(const void *octets, size_t len, struct buffer *to)
{
        const uint8_t *from = octets;

        for (size_t i = 0; i < len; i += 3) {
                size_t left = len - i;
                uint32_t group = (uint32_t)from[i] << 16 | (left > 1 ? (uint32_t)from[i + 1] << 8 : 0) |
                                 (left > 2 ? from[i + 2] : 0);
                char digits[4] = { base64_digits[group >> 18], base64_digits[group >> 12 & 63],
                                   left > 1 ? base64_digits[group >> 6 & 63] : '=',
                                   left > 2 ? base64_digits[group & 63] : '=' };

                buffer_add(to, digits, 4);
        }
}

static int base64_digit(char c)
{
        const char *found = c ? memchr(base64_digits, c, 64) : NULL;

        return found ? (int)(found - base64_digits) : -1;
}

bool base64_parse(struct text text, void *ret, size_t size, size_t *ret_length)
{
        size_t padding = 0, length = 0;
        uint8_t *to = ret;

        if (text.len % 4)
                return false;
        while (padding < 2 && padding < text.len && text.at[text.len - 1 - padding] == '=')
                padding++;
        if (text.len / 4 * 3 - padding > size)
                return false;
        for (size_t i = 0; i < text.len; i += 4) {
                bool last = i + 4 == text.len;
                size_t digits = last ? 4 - padding : 4;
                uint32_t group = 0;

                for (size_t k = 0; k < 4; k++) {
                        int digit = k < digits ? base64_digit(text.at[i + k]) : 0;

                        if (digit < 0)
                                return false;
                        group = group << 6 | (uint32_t)digit;
                }
                /* Bits that no octet uses must be zero, or two texts would mean the same octets. */
                if ((digits == 3 && (group & 0xff)) || (digits == 2 && (group & 0xffff)))
                        return false;
                for (size_t k = 0; k + 1 < digits; k++)
                        to[length++] = (uint8_t)(group >> (16 - 8 * k));
        }
        *ret_length = length;
        return true;
}

void base64url_format(const void *octets, size_t len, char *ret)
{
        const uint8_t *from = octets;
        uint32_t bits = 0;
        int count = 0;

        for (size_t i = 0; i < len; i++) {
                bits = bits << 8 | from[i];
                for (count += 8; count >= 6; count -= 6)
                        *ret++ = base64url_digits[bits >> (count - 6) & 63];
        }
        if (count)
                *ret++ = base64url_digits[bits << (6 - count) & 63];
        *ret = 0;
}

bool base64url_parse(struct text text, void *ret, size_t size, size_t *ret_length)
{
        size_t length = 0;
        uint8_t *to = ret;
        uint32_t bits = 0;
        int count = 0;

        if (text.len % 4 == 1 || text.len / 4 * 3 + (text.len % 4 ? text.len % 4 - 1 : 0) > size)
                return false;
        for (size_t i = 0; i < text.len; i++) {
                const char *digit = text.at[i] ? memchr(base64url_digits, text.at[i], 64) : NULL;

                if (!digit)
                        return false;
                bits = bits << 6 | (uint32_t)(digit - base64url_digits);
                count += 6;
                if (count >= 8) {
                        count -= 8;
                        to[length++] = (uint8_t)(bits >> count);
                }
        }
        /* Bits that no octet uses must be zero, or two texts would mean the same octets. */
        if (bits & ((1U << count) - 1))
                return false;
        *ret_length = length;
        return true;
}

bool percent_parse(struct text text, char *ret, size_t size, size_t *ret_length)
{
        size_t length = 0;

        for (size_t i = 0; i < text.len; i++) {
                char c = text.at[i];

                if (c == '%') {
                        int high = i + 2 < text.len ? hex_digit(text.at[i + 1]) : -1;
                        int low = i + 2 < text.len ? hex_digit(text.at[i + 2]) : -1;

                        if (high < 0 || low < 0 || (high | low) == 0)
                                return false;
                        c = (char)(high << 4 | low);
                        i += 2;
                }
                if (length == size)
                        return false;
                ret[length++] = c;
        }
        *ret_length = length;
        return true;
}

static bool is_unreserved(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.' || c == '_' || c == '~';
}

void percent_format(struct text text, struct buffer *to)
{
        for (size_t i = 0; i < text.len; i++) {
                if (is_unreserved(text.at[i]))
                        buffer_add_octet(to, (uint8_t)text.at[i]);
                else
                        buffer_format(to, "%%%02X", (unsigned char)text.at[i]);
        }
}

static void format_fives(const void *octets, size_t len, const char digits[32], char *ret)
{
        const uint8_t *from = octets;
        size_t characters = (8 * len + 4) / 5;

        for (size_t i = 0; i < characters; i++) {
                size_t bit = 5 * i;
                unsigned int pair =
                        (unsigned int)from[bit / 8] << 8 | (bit / 8 + 1 < len ? from[bit / 8 + 1] : 0);

                ret[i] = digits[pair >> (11 - bit % 8) & 31];
        }
        ret[characters] = 0;
}

void crockford_format(const void *octets, size_t len, char *ret)
{
        format_fives(octets, len, crockford_digits, ret);
}

void base32_format(const void *octets, size_t len, char *ret)
{
        format_fives(octets, len, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ret);
}

bool crockford_fold(char *string)
{
        char *to = string;

        for (const char *from = string; *from; from++) {
                char c = *from;

                if (c == '-' || c == ' ')
                        continue;
                if (c >= 'a' && c <= 'z')
                        c = (char)(c - 'a' + 'A');
                if (c == 'O')
                        c = '0';
                if (c == 'I' || c == 'L')
                        c = '1';
                if (!memchr(crockford_digits, c, 32))
                        return false;
                *to++ = c;
        }
        *to = 0;
        return true;
}
