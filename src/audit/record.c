// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/record.h"

#include <assert.h>
#include <string.h>

static uint8_t *add_number(uint8_t *to, uint64_t number, size_t octets)
{
        for (size_t i = 0; i < octets; i++)
                to[i] = (uint8_t)(number >> 8 * (octets - 1 - i));
        return to + octets;
}

static uint8_t *add_field(uint8_t *to, const void *octets, size_t len)
{
        to = add_number(to, len, 4);
        if (len)
                memcpy(to, octets, len);
        return to + len;
}

static uint8_t *add_number_field(uint8_t *to, uint64_t number)
{
        return add_number(add_number(to, 8, 4), number, 8);
}

static uint8_t *add_id(uint8_t *to, struct id id)
{
        return add_field(to, id.octets, id_is_zero(id) ? 0 : ID_OCTETS);
}

static uint8_t *add_text(uint8_t *to, struct text text, size_t max)
{
        assert(text.len <= max);
        return add_field(to, text.at, text.len);
}

size_t audit_record_format(const struct audit_record *record, uint8_t ret[AUDIT_RECORD_MAX])
{
        static const uint8_t magic[] = { 'I', 'M', 'A', 1 };
        uint8_t *to = ret;

        memcpy(to, magic, sizeof(magic));
        to = add_field(to + sizeof(magic), record->tenant.octets, ID_OCTETS);
        to = add_number_field(to, record->number);
        to = add_number_field(to, (uint64_t)record->at_ms);
        to = add_text(to, record->event, AUDIT_EVENT_MAX);
        to = add_text(to, record->actor_kind, AUDIT_KIND_MAX);
        to = add_id(to, record->actor);
        to = add_text(to, record->via, AUDIT_VIA_MAX);
        to = add_text(to, record->source, AUDIT_SOURCE_MAX);
        to = add_id(to, record->subject);
        to = add_text(to, record->detail, AUDIT_DETAIL_MAX);
        return (size_t)(to - ret);
}

void audit_record_hash(const uint8_t before[HASH_OCTETS], const struct audit_record *record,
                       uint8_t ret[HASH_OCTETS])
{
        uint8_t octets[HASH_OCTETS + AUDIT_RECORD_MAX];
        size_t len;

        memcpy(octets, before, HASH_OCTETS);
        len = audit_record_format(record, octets + HASH_OCTETS);
        hash_sha256(text_from_octets(octets, HASH_OCTETS + len), ret);
}
