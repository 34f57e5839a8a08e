// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/checkpoint.h"

#include <string.h>

#include "base/cursor.h"
#include "base/scope.h"

#define MAGIC        "IMPRCHK1"
#define MAGIC_OCTETS 8

static uint8_t *add(uint8_t *to, const void *octets, size_t len)
{
        memcpy(to, octets, len);
        return to + len;
}

static uint8_t *add_number(uint8_t *to, uint64_t number)
{
        for (int shift = 56; shift >= 0; shift -= 8)
                *to++ = (uint8_t)(number >> shift);
        return to;
}

static uint64_t read_number(struct cursor *cursor)
{
        uint64_t high = cursor_u32(cursor);

        return high << 32 | cursor_u32(cursor);
}

static void read_octets(struct cursor *cursor, void *ret, size_t len)
{
        struct text octets = cursor_text(cursor, len);

        if (octets.len == len)
                memcpy(ret, octets.at, len);
}

static void format_signed(const struct audit_checkpoint *checkpoint, uint8_t ret[AUDIT_SIGNED_OCTETS])
{
        uint8_t *to = ret;

        to = add(to, MAGIC, MAGIC_OCTETS);
        to = add(to, checkpoint->tenant.octets, ID_OCTETS);
        to = add_number(to, checkpoint->sequence);
        to = add_number(to, checkpoint->record);
        to = add(to, checkpoint->hash, HASH_OCTETS);
        to = add_number(to, (uint64_t)checkpoint->at_ms);
        to = add(to, checkpoint->before, HASH_OCTETS);
        to = add(to, checkpoint->key, SIGN_KEY_OCTETS);
        add(to, checkpoint->next_key, SIGN_KEY_OCTETS);
}

void audit_checkpoint_format(const struct audit_checkpoint *checkpoint, uint8_t ret[AUDIT_CHECKPOINT_OCTETS])
{
        format_signed(checkpoint, ret);
        memcpy(ret + AUDIT_SIGNED_OCTETS, checkpoint->signature, SIGN_SIGNATURE_OCTETS);
}

bool audit_checkpoint_parse(struct text octets, struct audit_checkpoint *ret)
{
        struct cursor cursor = cursor_from(octets);
        struct audit_checkpoint checkpoint = { 0 };
        struct text magic = cursor_text(&cursor, MAGIC_OCTETS);

        read_octets(&cursor, checkpoint.tenant.octets, ID_OCTETS);
        checkpoint.sequence = read_number(&cursor);
        checkpoint.record = read_number(&cursor);
        read_octets(&cursor, checkpoint.hash, HASH_OCTETS);
        checkpoint.at_ms = (int64_t)read_number(&cursor);
        read_octets(&cursor, checkpoint.before, HASH_OCTETS);
        read_octets(&cursor, checkpoint.key, SIGN_KEY_OCTETS);
        read_octets(&cursor, checkpoint.next_key, SIGN_KEY_OCTETS);
        read_octets(&cursor, checkpoint.signature, SIGN_SIGNATURE_OCTETS);
        if (!cursor_is_good(&cursor) || cursor.left > 0 || !text_equal_string(magic, MAGIC))
                return false;
        *ret = checkpoint;
        return true;
}

void audit_checkpoint_digest(const struct audit_checkpoint *checkpoint, uint8_t ret[HASH_OCTETS])
{
        uint8_t octets[AUDIT_SIGNED_OCTETS];

        format_signed(checkpoint, octets);
        hash_sha256(text_from_octets(octets, sizeof(octets)), ret);
}

bool audit_checkpoint_is_signed(const struct audit_checkpoint *checkpoint)
{
        uint8_t octets[AUDIT_SIGNED_OCTETS];

        format_signed(checkpoint, octets);
        return sign_is_good(checkpoint->key, text_from_octets(octets, sizeof(octets)), checkpoint->signature);
}

static void derive(const struct secret *from, const char *label, struct secret *ret)
{
        hash_hmac(from->octets, sizeof(from->octets), text_from(label), ret->octets);
}

void audit_checkpoint_sign(const struct secret *evolving, struct audit_checkpoint *checkpoint)
{
        SCOPED(secret_done) struct secret seed = { 0 };
        SCOPED(secret_done) struct secret next = *evolving;
        uint8_t octets[AUDIT_SIGNED_OCTETS];

        audit_key_evolve(&next);
        derive(&next, "sign", &seed);
        sign_public_key(&seed, checkpoint->next_key);
        derive(evolving, "sign", &seed);
        sign_public_key(&seed, checkpoint->key);
        format_signed(checkpoint, octets);
        sign_octets(&seed, text_from_octets(octets, sizeof(octets)), checkpoint->signature);
}

void audit_key_evolve(struct secret *evolving)
{
        SCOPED(secret_done) struct secret next = { 0 };

        derive(evolving, "evolve", &next);
        *evolving = next;
}
