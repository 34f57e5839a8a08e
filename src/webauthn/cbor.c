// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "webauthn/cbor.h"

/* The number in a head: 0 to 23 in it, or in 1, 2, 4 or 8 octets after it, never longer than it must be. */
static uint64_t read_number(struct cursor *c, uint8_t low)
{
        uint64_t number;

        switch (low) {
        case 24:
                number = cursor_u8(c);
                if (number < 24)
                        c->failed = true;
                return number;
        case 25:
                number = cursor_u16(c);
                if (number <= UINT8_MAX)
                        c->failed = true;
                return number;
        case 26:
                number = cursor_u32(c);
                if (number <= UINT16_MAX)
                        c->failed = true;
                return number;
        case 27:
                number = (uint64_t)cursor_u32(c) << 32;
                number |= cursor_u32(c);
                if (number <= UINT32_MAX || number > INT64_MAX)
                        c->failed = true;
                return number;
        default:
                if (low > 23)
                        c->failed = true;
                return low;
        }
}

static struct cbor_item fail(struct cursor *c)
{
        c->failed = true;
        return (struct cbor_item){ .kind = CBOR_SIMPLE, .number = 2, .text = { "", 0 } };
}

struct cbor_item cbor_read(struct cursor *c)
{
        uint8_t head = cursor_u8(c);
        struct cbor_item item = { .kind = (enum cbor_kind)(head >> 5), .text = { "", 0 } };
        uint64_t number = read_number(c, head & 31);

        if (c->failed)
                return fail(c);
        item.number = (int64_t)number;
        switch (head >> 5) {
        case 0: return item;
        case 1: item.number = -1 - item.number; return item;
        case 2: item.text = cursor_text(c, number); break;
        case 3:
                item.text = cursor_text(c, number);
                if (item.text.len && !text_is_printable(item.text))
                        return fail(c);
                break;
        case 4:
        case 5:
                if (number > CBOR_ITEMS_MAX)
                        return fail(c);
                break;
        case 7:
                if (number < 20 || number > 22 || (head & 31) > 23)
                        return fail(c);
                item.kind = CBOR_SIMPLE;
                item.number = (int64_t)number - 20;
                break;
        default: return fail(c);
        }
        return c->failed ? fail(c) : item;
}

static bool same_key(const struct cbor_item *a, const struct cbor_item *b)
{
        return a->kind == b->kind && a->number == b->number && text_equal(a->text, b->text);
}

static void skip(struct cursor *c, int depth);

/* Keys are numbers and texts; each stands once. */
static void skip_map(struct cursor *c, int64_t pairs, int depth)
{
        struct cbor_item keys[CBOR_ITEMS_MAX];

        for (int64_t i = 0; i < pairs && !c->failed; i++) {
                keys[i] = cbor_read(c);
                if (keys[i].kind != CBOR_UNSIGNED && keys[i].kind != CBOR_NEGATIVE &&
                    keys[i].kind != CBOR_TEXT)
                        c->failed = true;
                for (int64_t k = 0; k < i && !c->failed; k++)
                        if (same_key(&keys[k], &keys[i]))
                                c->failed = true;
                skip(c, depth + 1);
        }
}

static void skip(struct cursor *c, int depth)
{
        struct cbor_item item = cbor_read(c);

        if (c->failed || (item.kind != CBOR_ARRAY && item.kind != CBOR_MAP))
                return;
        if (depth >= CBOR_DEPTH_MAX) {
                c->failed = true;
                return;
        }
        if (item.kind == CBOR_MAP)
                skip_map(c, item.number, depth);
        else
                for (int64_t i = 0; i < item.number && !c->failed; i++)
                        skip(c, depth + 1);
}

void cbor_skip(struct cursor *c)
{
        skip(c, 0);
}

struct text cbor_whole(struct cursor *c)
{
        const uint8_t *from = c->at;

        cbor_skip(c);
        return c->failed ? TEXT_OF("") : text_from_octets(from, (size_t)(c->at - from));
}

static bool find(struct text map, const struct cbor_item *key, struct cursor *ret)
{
        struct cursor c = cursor_from(map);
        struct cbor_item head = cbor_read(&c);

        if (c.failed || head.kind != CBOR_MAP)
                return false;
        for (int64_t i = 0; i < head.number && !c.failed; i++) {
                struct cbor_item found = cbor_read(&c);
                bool is_it = key->kind == CBOR_TEXT
                                     ? found.kind == CBOR_TEXT && text_equal(found.text, key->text)
                                     : found.kind == key->kind && found.number == key->number;

                if (is_it && !c.failed) {
                        *ret = c;
                        return true;
                }
                cbor_skip(&c);
        }
        return false;
}

bool cbor_find_number(struct text map, int64_t key, struct cursor *ret)
{
        struct cbor_item wanted = { .kind = key < 0 ? CBOR_NEGATIVE : CBOR_UNSIGNED, .number = key };

        return find(map, &wanted, ret);
}

bool cbor_find_text(struct text map, const char *key, struct cursor *ret)
{
        struct cbor_item wanted = { .kind = CBOR_TEXT, .text = text_from(key) };

        return find(map, &wanted, ret);
}
