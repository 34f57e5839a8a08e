// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "snmp/ber.h"

#define NAME_OCTETS   (SNMP_NAME_MAX * 5)
#define LENGTH_OCTETS 4

void ber_add(struct buffer *to, uint8_t tag, struct text content)
{
        buffer_add_octet(to, tag);
        if (content.len < 0x80) {
                buffer_add_octet(to, (uint8_t)content.len);
        } else {
                buffer_add_octet(to, 0x82);
                buffer_add_u16(to, (uint16_t)content.len);
        }
        buffer_add_text(to, content);
}

void ber_add_buffer(struct buffer *to, uint8_t tag, struct buffer *content)
{
        ber_add(to, tag, buffer_text(content));
        if (content->failure)
                to->failure = content->failure;
        buffer_wipe(content);
}

void ber_add_integer(struct buffer *to, uint8_t tag, int64_t value)
{
        uint8_t octets[8];
        size_t skip = 0;

        for (size_t i = 0; i < sizeof(octets); i++)
                octets[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
        while (skip < sizeof(octets) - 1 && ((octets[skip] == 0 && !(octets[skip + 1] & 0x80)) ||
                                             (octets[skip] == 0xff && (octets[skip + 1] & 0x80))))
                skip++;
        ber_add(to, tag, (struct text){ (const char *)octets + skip, sizeof(octets) - skip });
}

/* Seven bits an octet, the highest first (X.690, section 8.19). */
static size_t number_format(uint32_t number, char *ret)
{
        size_t len = 0;

        for (int shift = 28; shift >= 0; shift -= 7)
                if (len || shift == 0 || number >> shift)
                        ret[len++] = (char)((number >> shift & 0x7f) | (shift ? 0x80 : 0));
        return len;
}

void ber_add_name(struct buffer *to, const struct snmp_name *name)
{
        char octets[NAME_OCTETS];
        size_t len = number_format(name->at[0] * 40 + name->at[1], octets);

        for (size_t i = 2; i < name->count; i++)
                len += number_format(name->at[i], octets + len);
        ber_add(to, BER_NAME, (struct text){ octets, len });
}

struct text ber_part(struct cursor *c, uint8_t *ret_tag)
{
        uint8_t first;
        size_t len;

        *ret_tag = cursor_u8(c);
        first = cursor_u8(c);
        len = first;
        if ((*ret_tag & 0x1f) == 0x1f || first == 0x80 || first > 0x80 + LENGTH_OCTETS) {
                c->failed = true;
                return (struct text){ "", 0 };
        }
        if (first > 0x80) {
                len = 0;
                for (uint8_t i = 0; i < first - 0x80; i++)
                        len = len << 8 | cursor_u8(c);
        }
        return cursor_text(c, len);
}

struct text ber_expect(struct cursor *c, uint8_t tag)
{
        uint8_t found;
        struct text content = ber_part(c, &found);

        if (found == tag)
                return content;
        c->failed = true;
        return (struct text){ "", 0 };
}

bool ber_integer_parse(struct text octets, bool is_unsigned, int64_t *ret)
{
        uint64_t value;

        if (octets.len == 9 && is_unsigned && octets.at[0] == 0)
                octets = (struct text){ octets.at + 1, 8 };
        if (octets.len == 0 || octets.len > 8)
                return false;
        value = !is_unsigned && (octets.at[0] & 0x80) ? UINT64_MAX : 0;
        for (size_t i = 0; i < octets.len; i++)
                value = value << 8 | (uint8_t)octets.at[i];
        *ret = is_unsigned && value > INT64_MAX ? INT64_MAX : (int64_t)value;
        return true;
}

int32_t ber_integer(struct cursor *c)
{
        int64_t value;

        if (!ber_integer_parse(ber_expect(c, BER_INTEGER), false, &value) || value < INT32_MIN ||
            value > INT32_MAX) {
                c->failed = true;
                return 0;
        }
        return (int32_t)value;
}

bool ber_name_parse(struct text octets, struct snmp_name *ret)
{
        uint64_t number = 0;
        bool is_open = false;

        ret->count = 0;
        for (size_t i = 0; i < octets.len; i++) {
                uint8_t octet = (uint8_t)octets.at[i];

                number = number << 7 | (octet & 0x7f);
                is_open = octet & 0x80;
                if (number > UINT32_MAX || ret->count == SNMP_NAME_MAX)
                        return false;
                if (is_open)
                        continue;
                if (ret->count == 0) {
                        ret->at[ret->count++] = number < 80 ? (uint32_t)number / 40 : 2;
                        number -= ret->at[0] * 40;
                        if (number > 39)
                                return false;
                }
                ret->at[ret->count++] = (uint32_t)number;
                number = 0;
        }
        return ret->count >= 2 && !is_open;
}
