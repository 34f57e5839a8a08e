// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Cursor: reads binary octets in network byte order, with a sticky failure.
 *
 * A parser reads everything it expects and asks once, cursor_is_good(), at the end. After the first read past
 * the end every further read gives zeros and empty texts, so no length has to be checked twice.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct cursor {
        const uint8_t *at;
        size_t left;
        bool failed;
};

static inline struct cursor cursor_from(struct text octets)
{
        return (struct cursor){ (const uint8_t *)octets.at, octets.len, false };
}

static inline bool cursor_is_good(const struct cursor *c)
{
        return !c->failed;
}

static inline struct text cursor_text(struct cursor *c, size_t len)
{
        struct text t = { (const char *)c->at, len };

        if (c->failed || len > c->left) {
                c->failed = true;
                return (struct text){ "", 0 };
        }
        c->at += len;
        c->left -= len;
        return t;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
        struct text t = cursor_text(c, 1);

        return t.len ? (uint8_t)t.at[0] : 0;
}

static inline uint16_t cursor_u16(struct cursor *c)
{
        uint16_t high = cursor_u8(c);

        return (uint16_t)(high << 8 | cursor_u8(c));
}

static inline uint32_t cursor_u32(struct cursor *c)
{
        uint32_t high = cursor_u16(c);

        return high << 16 | cursor_u16(c);
}
