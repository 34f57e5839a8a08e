// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "crypt/entry.h"
#include "crypt/field.h"
#include "crypt/random.h"
#include "offline/snapshot-form.h"

static struct secret day;
static struct id printers[2], person;
static uint8_t number[HASH_OCTETS], other[HASH_OCTETS];

/* One badge's entry, as the keeper makes it. */
static void add_entry(struct buffer *to, const uint8_t badge[HASH_OCTETS], uint32_t flags, uint8_t first)
{
        SCOPED(buffer_done) struct buffer plain = BUFFER(256);
        uint8_t code[HASH_OCTETS], bits[SNAPSHOT_PRINTER_BITS / 8] = { first };
        struct secret key, seed = { { 9 } };

        entry_code(&day, badge, code);
        entry_key(&day, badge, &key);
        buffer_add_u32(&plain, 1);
        buffer_add(&plain, person.octets, ID_OCTETS);
        buffer_add(&plain, seed.octets, SECRET_OCTETS);
        buffer_add_u32(&plain, flags);
        buffer_add(&plain, bits, sizeof(bits));
        buffer_add(to, code, sizeof(code));
        assert(field_seal(&key, text_from_octets(code, sizeof(code)), buffer_text(&plain), to) == 0);
}

static void make(struct buffer *to, uint32_t flags)
{
        struct snapshot_form form = {
                .agent = person,
                .made_ms = 5,
                .day = 6,
                .hours = 24,
                .printer_count = 2,
                .entry_count = 1,
                .person_count = 1,
        };
        uint8_t key[BOX_KEY_OCTETS] = { 3 };

        snapshot_header_format(&form, to);
        buffer_add(to, printers, sizeof(printers));
        add_entry(to, number, flags, 0x40);
        buffer_add(to, person.octets, ID_OCTETS);
        buffer_add(to, key, sizeof(key));
}

static void a_badge_finds_its_holder_and_no_other_does(void)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(4096);
        SCOPED(secret_done) struct secret tomorrow;
        struct snapshot_holder holder;
        struct snapshot_form form;

        make(&octets, SNAPSHOT_FLAG_RELEASE);
        assert(snapshot_form_parse(buffer_text(&octets), &form) == 0 && form.hours == 24 && form.day == 6);
        assert(snapshot_find(&form, &day, number, &holder) == 0);
        assert(id_equal(holder.person, person) && holder.seed.octets[0] == 9);
        assert(!snapshot_holder_may_use(&form, &holder, printers[0]));
        assert(snapshot_holder_may_use(&form, &holder, printers[1]));
        assert(!snapshot_holder_may_use(&form, &holder, person));
        assert(snapshot_find(&form, &day, other, &holder) == SNAPSHOT_FORM_NOBODY);
        random_secret(&tomorrow);
        assert(snapshot_find(&form, &tomorrow, number, &holder) == SNAPSHOT_FORM_NOBODY);
        assert(snapshot_person_key(&form, person)[0] == 3 && !snapshot_person_key(&form, printers[0]));
        /* Changed octets of it open nothing. */
        ((char *)octets.at)[octets.len - SNAPSHOT_PERSON_OCTETS - 1] ^= 1;
        assert(snapshot_find(&form, &day, number, &holder) == SNAPSHOT_FORM_NOBODY);
}

static void who_may_not_release_uses_no_printer(void)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(4096);
        struct snapshot_holder holder;
        struct snapshot_form form;

        make(&octets, 0);
        assert(snapshot_form_parse(buffer_text(&octets), &form) == 0);
        assert(snapshot_find(&form, &day, number, &holder) == 0);
        assert(!snapshot_holder_may_use(&form, &holder, printers[1]));
}

static void what_is_not_whole_is_none(void)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(4096);
        struct snapshot_form form;

        make(&octets, 1);
        for (size_t len = 0; len < octets.len; len++)
                assert(snapshot_form_parse((struct text){ octets.at, len }, &form) == SNAPSHOT_FORM_FOREIGN);
        buffer_add(&octets, "x", 1);
        assert(snapshot_form_parse(buffer_text(&octets), &form) == SNAPSHOT_FORM_FOREIGN);
}

int main(void)
{
        random_secret(&day);
        printers[0] = id_new();
        printers[1] = id_new();
        person = id_new();
        hash_sha256(TEXT_OF("04a1b2c3D4"), number);
        hash_sha256(TEXT_OF("04a1b2c3D5"), other);
        a_badge_finds_its_holder_and_no_other_does();
        who_may_not_release_uses_no_printer();
        what_is_not_whole_is_none();
        return 0;
}
