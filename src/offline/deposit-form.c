// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "offline/deposit-form.h"

#include <assert.h>
#include <string.h>

#include "base/cursor.h"

#define VERSION    1
#define HASHED     (DEPOSIT_HEADER_OCTETS - HASH_OCTETS)
#define SEALED_MAX (UINT64_C(1) << 48)

static const char magic[] = "imprdepo";

bool deposit_has_person(const struct deposit_header *header)
{
        static const uint8_t zeros[BOX_SEALED_OCTETS];

        return !id_is_zero(header->person) && memcmp(header->for_person, zeros, sizeof(zeros)) != 0;
}

static void put(uint8_t **to, const void *octets, size_t len)
{
        memcpy(*to, octets, len);
        *to += len;
}

static void put_number(uint8_t **to, uint64_t value, unsigned int octets)
{
        for (unsigned int i = octets; i-- > 0;)
                *(*to)++ = (uint8_t)(value >> (8 * i));
}

void deposit_header_format(const struct deposit_header *header, uint8_t ret[DEPOSIT_HEADER_OCTETS])
{
        uint8_t *to = ret;

        memset(ret, 0, DEPOSIT_HEADER_OCTETS);
        put(&to, magic, sizeof(magic) - 1);
        put_number(&to, VERSION, 4);
        put_number(&to, header->door, 4);
        put(&to, header->id.octets, ID_OCTETS);
        put_number(&to, (uint64_t)header->made_ms, 8);
        put(&to, header->tenant_key, sizeof(header->tenant_key));
        put(&to, header->for_tenant, sizeof(header->for_tenant));
        put(&to, header->person.octets, ID_OCTETS);
        put(&to, header->for_person, sizeof(header->for_person));
        put(&to, header->owner, sizeof(header->owner));
        put(&to, header->mark, sizeof(header->mark));
        put_number(&to, header->number, 4);
        put_number(&to, header->metadata_octets, 4);
        put_number(&to, header->document_octets, 8);
        assert(to <= ret + HASHED);
        hash_sha256(text_from_octets(ret, HASHED), ret + HASHED);
}

static uint64_t read_u64(struct cursor *c)
{
        uint64_t high = cursor_u32(c);

        return high << 32 | cursor_u32(c);
}

static void read_octets(struct cursor *c, void *ret, size_t size)
{
        struct text octets = cursor_text(c, size);

        if (octets.len == size)
                memcpy(ret, octets.at, size);
}

static bool is_whole(struct text octets)
{
        uint8_t hash[HASH_OCTETS];

        if (octets.len != DEPOSIT_HEADER_OCTETS)
                return false;
        hash_sha256((struct text){ octets.at, HASHED }, hash);
        return memcmp(hash, octets.at + HASHED, HASH_OCTETS) == 0;
}

static bool makes_sense(const struct deposit_header *header)
{
        return header->door >= DEPOSIT_IPP && header->door <= DEPOSIT_LPD && !id_is_zero(header->id) &&
               header->made_ms > 0 && header->document_octets < SEALED_MAX;
}

int deposit_header_parse(struct text octets, struct deposit_header *ret)
{
        struct deposit_header header = { .number = 0 };
        struct cursor c = cursor_from(octets);

        if (!is_whole(octets) ||
            !text_equal(cursor_text(&c, sizeof(magic) - 1), (struct text)TEXT("imprdepo")) ||
            cursor_u32(&c) != VERSION)
                return DEPOSIT_FORM_FOREIGN;
        header.door = (enum deposit_door)cursor_u32(&c);
        read_octets(&c, header.id.octets, ID_OCTETS);
        header.made_ms = (int64_t)read_u64(&c);
        read_octets(&c, header.tenant_key, sizeof(header.tenant_key));
        read_octets(&c, header.for_tenant, sizeof(header.for_tenant));
        read_octets(&c, header.person.octets, ID_OCTETS);
        read_octets(&c, header.for_person, sizeof(header.for_person));
        read_octets(&c, header.owner, sizeof(header.owner));
        read_octets(&c, header.mark, sizeof(header.mark));
        header.number = cursor_u32(&c);
        header.metadata_octets = cursor_u32(&c);
        header.document_octets = read_u64(&c);
        if (!cursor_is_good(&c) || !makes_sense(&header))
                return DEPOSIT_FORM_FOREIGN;
        *ret = header;
        return 0;
}

static struct text bound_to(const char *label, const void *octets, size_t len, char room[DEPOSIT_SEAL_ID])
{
        size_t label_len = strlen(label);

        assert(label_len + len <= DEPOSIT_SEAL_ID);
        memcpy(room, label, label_len);
        memcpy(room + label_len, octets, len);
        return (struct text){ room, label_len + len };
}

struct text deposit_document_id(const struct id *id, char room[DEPOSIT_SEAL_ID])
{
        return bound_to("imprimatur deposit document", id->octets, ID_OCTETS, room);
}

struct text deposit_metadata_id(const struct id *id, char room[DEPOSIT_SEAL_ID])
{
        return bound_to("imprimatur deposit metadata", id->octets, ID_OCTETS, room);
}

const char *deposit_door_name(enum deposit_door door)
{
        return door == DEPOSIT_IPP ? "ipp" : "lpd";
}
