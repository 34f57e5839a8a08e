// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/sid.h"

#include <string.h>

#define REVISION    1
#define HEAD_OCTETS 8

bool sid_parse(struct text octets, struct sid *ret)
{
        const uint8_t *at = (const uint8_t *)octets.at;

        *ret = (struct sid){ 0 };
        if (octets.len < HEAD_OCTETS || at[0] != REVISION || at[1] == 0 || at[1] > SID_PARTS_MAX ||
            octets.len != HEAD_OCTETS + 4 * (size_t)at[1])
                return false;
        ret->count = at[1];
        memcpy(ret->authority, at + 2, sizeof(ret->authority));
        at += HEAD_OCTETS;
        for (size_t i = 0; i < ret->count; i++, at += 4)
                ret->parts[i] = (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
                                (uint32_t)at[3] << 24;
        return true;
}

size_t sid_write(const struct sid *sid, char ret[SID_OCTETS_MAX])
{
        char *at = ret + HEAD_OCTETS;

        ret[0] = REVISION;
        ret[1] = (char)sid->count;
        memcpy(ret + 2, sid->authority, sizeof(sid->authority));
        for (size_t i = 0; i < sid->count; i++)
                for (int shift = 0; shift < 32; shift += 8)
                        *at++ = (char)(sid->parts[i] >> shift & 0xff);
        return (size_t)(at - ret);
}

struct sid sid_beside(const struct sid *sid, uint32_t last)
{
        struct sid beside = *sid;

        beside.parts[beside.count - 1] = last;
        return beside;
}
