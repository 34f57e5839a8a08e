// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/record.h"

#include <assert.h>
#include <string.h>

#include "audit/checkpoint.h"
#include "base/encoding.h"
#include "base/scope.h"

/* The canonical octets are a promise to everybody who keeps an export: these never change. */
static const char expected_octets[] = "494d4101"
                                      "00000010019aa55e0000700080000000000000aa"
                                      "00000008"
                                      "0000000000000007"
                                      "00000008"
                                      "0000019aa55e0000"
                                      "00000008"
                                      "6a6f622d68656c64"
                                      "00000006"
                                      "706572736f6e"
                                      "00000010019aa55e0000700080000000000000bb"
                                      "00000003"
                                      "697070"
                                      "00000009"
                                      "3139322e302e322e31"
                                      "00000000"
                                      "00000003"
                                      "613d62";

static struct id id_of(const char *string)
{
        struct id id;

        assert(id_parse(text_from(string), &id));
        return id;
}

static struct audit_record example(void)
{
        return (struct audit_record){
                .tenant = id_of("019aa55e-0000-7000-8000-0000000000aa"),
                .number = 7,
                .at_ms = 0x19aa55e0000,
                .event = TEXT("job-held"),
                .actor_kind = TEXT("person"),
                .actor = id_of("019aa55e-0000-7000-8000-0000000000bb"),
                .via = TEXT("ipp"),
                .source = TEXT("192.0.2.1"),
                .detail = TEXT("a=b"),
        };
}

static void test_octets(void)
{
        struct audit_record record = example();
        uint8_t octets[AUDIT_RECORD_MAX];
        char hex[2 * AUDIT_RECORD_MAX + 1];

        hex_format(octets, audit_record_format(&record, octets), hex);
        assert(strcmp(hex, expected_octets) == 0);
}

static void test_longest(void)
{
        static char many[AUDIT_DETAIL_MAX];
        struct audit_record record = example();
        uint8_t octets[AUDIT_RECORD_MAX];

        memset(many, 'x', sizeof(many));
        record.event = text_from_octets(many, AUDIT_EVENT_MAX);
        record.actor_kind = text_from_octets(many, AUDIT_KIND_MAX);
        record.via = text_from_octets(many, AUDIT_VIA_MAX);
        record.source = text_from_octets(many, AUDIT_SOURCE_MAX);
        record.detail = text_from_octets(many, AUDIT_DETAIL_MAX);
        record.subject = record.actor;
        assert(audit_record_format(&record, octets) == AUDIT_RECORD_MAX);
}

/* No two records have the same octets: what moves from one field to the next is seen. */
static void test_borders(void)
{
        static const uint8_t zero[HASH_OCTETS];
        struct audit_record one = example(), other = example();
        uint8_t a[HASH_OCTETS], b[HASH_OCTETS];

        other.via = TEXT_OF("ip");
        other.source = TEXT_OF("p192.0.2.1");
        audit_record_hash(zero, &one, a);
        audit_record_hash(zero, &other, b);
        assert(memcmp(a, b, sizeof(a)) != 0);
        other = example();
        other.subject = one.actor;
        other.actor = (struct id){ 0 };
        audit_record_hash(zero, &other, b);
        assert(memcmp(a, b, sizeof(a)) != 0);
        audit_record_hash(a, &one, b);
        assert(memcmp(a, b, sizeof(a)) != 0);
}

static void test_checkpoint(void)
{
        struct secret evolving = { { 1, 2, 3 } }, next = evolving;
        struct audit_checkpoint first = {
                .tenant = example().tenant, .sequence = 1, .record = 7, .at_ms = 5
        };
        struct audit_checkpoint second, again;
        uint8_t octets[AUDIT_CHECKPOINT_OCTETS];

        audit_checkpoint_sign(&evolving, &first);
        assert(audit_checkpoint_is_signed(&first));
        audit_key_evolve(&next);
        second = first;
        second.sequence = 2;
        audit_checkpoint_digest(&first, second.before);
        audit_checkpoint_sign(&next, &second);
        assert(audit_checkpoint_is_signed(&second) &&
               memcmp(first.next_key, second.key, SIGN_KEY_OCTETS) == 0);

        audit_checkpoint_format(&second, octets);
        assert(audit_checkpoint_parse(text_from_octets(octets, sizeof(octets)), &again));
        assert(memcmp(&again, &second, sizeof(again)) == 0);
        assert(!audit_checkpoint_parse(text_from_octets(octets, sizeof(octets) - 1), &again));
        for (size_t i = 0; i < sizeof(octets); i++) {
                octets[i] ^= 0x10;
                assert(!audit_checkpoint_parse(text_from_octets(octets, sizeof(octets)), &again) ||
                       !audit_checkpoint_is_signed(&again));
                octets[i] ^= 0x10;
        }
}

int main(void)
{
        test_octets();
        test_longest();
        test_borders();
        test_checkpoint();
        return 0;
}
