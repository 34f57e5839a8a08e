// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Compilers leave out writes that nobody reads, wipes among them. So this looks where the secrets were: on
 * the stack that a call has just given back, in the optimised program as it runs.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "crypt/field.h"
#include "crypt/hash.h"
#include "crypt/random.h"
#include "crypt/seal.h"
#include "crypt/wrap.h"

#define SKIPPED 77
#define BELOW   32768

/* Sanitizers keep frames apart and poison them. */
#if defined(__SANITIZE_ADDRESS__)
#define UNREADABLE true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNREADABLE true
#endif
#endif
#ifndef UNREADABLE
#define UNREADABLE false
#endif

static struct secret key, other;
static struct wrapped_key wrapped;
static uint8_t sealed[400], opened[SECRET_OCTETS];
static size_t sealed_len;

/*
 * Half a secret is already too much. The pattern is kept inverted, so that the search itself does not put on
 * the stack what it looks for.
 */
static bool lies_below(const uint8_t *inverted, size_t len)
{
        const volatile uint8_t *stack = (const volatile uint8_t *)__builtin_frame_address(0) - BELOW;

        for (size_t at = 0; at + len <= BELOW - 512; at++) {
                size_t same = 0;

                while (same < len && stack[at + same] + inverted[same] == 0xff)
                        same++;
                if (same == len)
                        return true;
        }
        return false;
}

__attribute__((noinline)) static void wraps(void)
{
        assert(wrap_key(&key, TEXT_OF("x"), &other, &wrapped) == 0);
}

__attribute__((noinline)) static void unwraps(void)
{
        SCOPED(secret_done) struct secret secret;

        assert(wrap_open(&key, TEXT_OF("x"), &wrapped, &secret) == 0);
        memcpy(opened, &secret, sizeof(opened));
}

__attribute__((noinline)) static void hashes(void)
{
        uint8_t mac[HASH_OCTETS];

        hash_hmac(&key, sizeof(key), TEXT_OF("x"), mac);
        hash_hkdf(&key, sizeof(key), TEXT_OF("x"), TEXT_OF("y"), opened, sizeof(opened));
}

__attribute__((noinline)) static void seals(void)
{
        struct seal seal;
        size_t len;

        assert(seal_init(&seal, &key, TEXT_OF("x"), sealed) == 0);
        assert(seal_add(&seal, "plain", 5, sealed + SEAL_HEADER_OCTETS, &len) == 0);
        sealed_len = SEAL_HEADER_OCTETS + len;
        assert(seal_finish(&seal, sealed + sealed_len, &len) == 0);
        sealed_len += len;
        seal_done(&seal);
}

__attribute__((noinline)) static void unseals(void)
{
        struct unseal unseal;
        struct text plain;
        size_t taken, at = 0;

        assert(unseal_init(&unseal, &key, TEXT_OF("x")) == 0);
        for (; at < sealed_len; at += taken)
                assert(unseal_add(&unseal, sealed + at, sealed_len - at, &taken, &plain) == 0);
        assert(unseal_finish(&unseal, &plain) == 0 && plain.len == 5);
        unseal_done(&unseal);
}

/* Far enough down that the search does not tread on what it looks for. */
__attribute__((noinline)) static void call_deep(void (*call)(void))
{
        uint8_t room[2048];

        __asm__ volatile("" : : "r"(room) : "memory");
        call();
        __asm__ volatile("" : : "r"(room) : "memory");
}

/* The test of the test: this one must be found. */
__attribute__((noinline)) static void forgets(void)
{
        uint8_t copy[SECRET_OCTETS];

        memcpy(copy, &key, sizeof(key));
        __asm__ volatile("" : : "r"(copy) : "memory");
}

static const struct {
        const char *name;
        void (*call)(void);
        bool found;
} rows[] = {
        { "wraps", wraps, false }, { "unwraps", unwraps, false }, { "hashes", hashes, false },
        { "seals", seals, false }, { "unseals", unseals, false }, { "forgets", forgets, true },
};

int main(void)
{
        uint8_t inverted_key[SECRET_OCTETS / 2], inverted_other[SECRET_OCTETS / 2];

        if (UNREADABLE)
                return SKIPPED;
        random_secret(&key);
        random_secret(&other);
        for (size_t i = 0; i < sizeof(inverted_key); i++) {
                inverted_key[i] = (uint8_t)~key.octets[i];
                inverted_other[i] = (uint8_t)~other.octets[i];
        }
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                call_deep(rows[i].call);
                if (lies_below(inverted_key, sizeof(inverted_key)) != rows[i].found ||
                    lies_below(inverted_other, sizeof(inverted_other))) {
                        fprintf(stderr, "%s\n", rows[i].name);
                        return 1;
                }
        }
        return 0;
}
