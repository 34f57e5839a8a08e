// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "lpd/receive.h"

#define OCTETS_MAX (UINT64_C(1) << 47)

static bool is_letter(char c)
{
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* Colons stand in IPv6 addresses. */
static bool is_of_host(char c)
{
        return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == ':';
}

bool lpd_name_is_valid(struct text name, char kind)
{
        if (name.len < 7 || name.len > LPD_NAME_MAX || name.at[0] != kind || name.at[1] != 'f' ||
            !is_letter(name.at[2]))
                return false;
        for (size_t i = 3; i < 6; i++)
                if (!is_digit(name.at[i]))
                        return false;
        for (size_t i = 6; i < name.len; i++)
                if (!is_of_host(name.at[i]))
                        return false;
        return true;
}

int lpd_receive_parse(struct text line, struct lpd_receive *ret)
{
        struct lpd_receive receive = { .name = TEXT("") };
        struct text count;
        uint64_t number = 0;

        if (line.len == 0 || line.len > LPD_LINE_MAX || line.at[0] < LPD_ABORT ||
            line.at[0] > LPD_RECEIVE_DATA)
                return LPD_RECEIVE_UNKNOWN;
        receive.verb = (enum lpd_receive_verb)line.at[0];
        line = (struct text){ line.at + 1, line.len - 1 };
        if (receive.verb == LPD_ABORT) {
                *ret = receive;
                return 0;
        }
        (void)text_cut(line, ' ', &count, &receive.name);
        if (!text_number(count, OCTETS_MAX, &receive.octets))
                return LPD_RECEIVE_BAD_COUNT;
        if (!lpd_name_is_valid(receive.name, receive.verb == LPD_RECEIVE_DATA ? 'd' : 'c'))
                return LPD_RECEIVE_BAD_NAME;
        (void)text_number((struct text){ receive.name.at + 3, 3 }, 999, &number);
        receive.number = (unsigned)number;
        receive.host = (struct text){ receive.name.at + 6, receive.name.len - 6 };
        *ret = receive;
        return 0;
}
