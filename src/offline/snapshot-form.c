// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "offline/snapshot-form.h"

#include <string.h>

#include "base/cursor.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/entry.h"
#include "crypt/field.h"

#define MAGIC        "imprsnap"
#define VERSION      2
#define PLAIN_OCTETS (SNAPSHOT_SEALED_OCTETS - FIELD_OVERHEAD)

static void add_u64(struct buffer *to, uint64_t number)
{
        buffer_add_u32(to, (uint32_t)(number >> 32));
        buffer_add_u32(to, (uint32_t)number);
}

static uint64_t read_u64(struct cursor *c)
{
        uint64_t high = cursor_u32(c);

        return high << 32 | cursor_u32(c);
}

void snapshot_header_format(const struct snapshot_form *form, struct buffer *to)
{
        buffer_add_string(to, MAGIC);
        buffer_add_u32(to, VERSION);
        buffer_add(to, form->agent.octets, ID_OCTETS);
        add_u64(to, (uint64_t)form->made_ms);
        add_u64(to, (uint64_t)form->day);
        buffer_add_u32(to, form->hours);
        buffer_add_u32(to, form->printer_count);
        buffer_add_u32(to, form->entry_count);
        buffer_add_u32(to, form->person_count);
        buffer_add_u32(to, form->terms_octets);
}

/* Items of one size, each greater than the one before by its first octets. */
static bool is_sorted(const char *at, uint32_t count, size_t size, size_t key)
{
        for (uint32_t i = 1; i < count; i++)
                if (memcmp(at + (i - 1) * size, at + i * size, key) >= 0)
                        return false;
        return true;
}

int snapshot_form_parse(struct text octets, struct snapshot_form *ret)
{
        struct cursor c = cursor_from(octets);
        struct text magic = cursor_text(&c, strlen(MAGIC));
        uint32_t version = cursor_u32(&c);
        struct text agent = cursor_text(&c, ID_OCTETS);
        struct snapshot_form form = { .made_ms = (int64_t)read_u64(&c) };

        form.day = (int64_t)read_u64(&c);
        form.hours = cursor_u32(&c);
        form.printer_count = cursor_u32(&c);
        form.entry_count = cursor_u32(&c);
        form.person_count = cursor_u32(&c);
        form.terms_octets = cursor_u32(&c);
        if (!cursor_is_good(&c) || !text_equal_string(magic, MAGIC) || version != VERSION ||
            form.printer_count > SNAPSHOT_PRINTER_BITS || form.entry_count > SNAPSHOT_ITEMS_MAX ||
            form.person_count > SNAPSHOT_ITEMS_MAX || form.terms_octets > SNAPSHOT_TERMS_MAX)
                return SNAPSHOT_FORM_FOREIGN;
        memcpy(form.agent.octets, agent.at, ID_OCTETS);
        form.printers = cursor_text(&c, (size_t)form.printer_count * ID_OCTETS).at;
        form.entries = cursor_text(&c, (size_t)form.entry_count * SNAPSHOT_ENTRY_OCTETS).at;
        form.people = cursor_text(&c, (size_t)form.person_count * SNAPSHOT_PERSON_OCTETS).at;
        form.terms = cursor_text(&c, form.terms_octets).at;
        if (!cursor_is_good(&c) || c.left > 0 ||
            !is_sorted(form.entries, form.entry_count, SNAPSHOT_ENTRY_OCTETS, HASH_OCTETS) ||
            !is_sorted(form.people, form.person_count, SNAPSHOT_PERSON_OCTETS, ID_OCTETS))
                return SNAPSHOT_FORM_FOREIGN;
        *ret = form;
        return 0;
}

/* NULL: there is none that begins so. */
static const char *find(const char *at, uint32_t count, size_t size, const void *key, size_t key_len)
{
        uint32_t low = 0, high = count;

        while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                int order = memcmp(at + middle * size, key, key_len);

                if (order == 0)
                        return at + middle * size;
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

static bool read_holder(struct text plain, struct snapshot_holder *ret)
{
        struct cursor c = cursor_from(plain);
        uint32_t version = cursor_u32(&c);
        struct text person = cursor_text(&c, ID_OCTETS), seed = cursor_text(&c, SECRET_OCTETS);
        uint32_t flags = cursor_u32(&c);
        struct text printers = cursor_text(&c, sizeof(ret->printers));

        if (!cursor_is_good(&c) || version != 1)
                return false;
        memcpy(ret->person.octets, person.at, ID_OCTETS);
        memcpy(ret->seed.octets, seed.at, SECRET_OCTETS);
        memcpy(ret->printers, printers.at, sizeof(ret->printers));
        ret->may_release = flags & SNAPSHOT_FLAG_RELEASE;
        return true;
}

int snapshot_find(const struct snapshot_form *form, const struct secret *day,
                  const uint8_t number[HASH_OCTETS], struct snapshot_holder *ret)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(PLAIN_OCTETS);
        SCOPED(secret_done) struct secret key;
        uint8_t code[HASH_OCTETS];
        const char *entry;

        entry_code(day, number, code);
        entry = find(form->entries, form->entry_count, SNAPSHOT_ENTRY_OCTETS, code, sizeof(code));
        if (!entry)
                return SNAPSHOT_FORM_NOBODY;
        entry_key(day, number, &key);
        if (field_open(&key, text_from_octets(code, sizeof(code)),
                       (struct text){ entry + HASH_OCTETS, SNAPSHOT_SEALED_OCTETS }, &plain) != 0 ||
            !read_holder(buffer_text(&plain), ret))
                return SNAPSHOT_FORM_NOBODY;
        return 0;
}

bool snapshot_holder_may_use(const struct snapshot_form *form, const struct snapshot_holder *holder,
                             struct id printer)
{
        for (uint32_t i = 0; i < form->printer_count; i++)
                if (memcmp(form->printers + i * ID_OCTETS, printer.octets, ID_OCTETS) == 0)
                        return holder->may_release && holder->printers[i / 8] & 0x80 >> i % 8;
        return false;
}

const uint8_t *snapshot_person_key(const struct snapshot_form *form, struct id person)
{
        const char *found =
                find(form->people, form->person_count, SNAPSHOT_PERSON_OCTETS, person.octets, ID_OCTETS);

        return found ? (const uint8_t *)found + ID_OCTETS : NULL;
}
