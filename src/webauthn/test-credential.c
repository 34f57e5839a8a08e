// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A registration and sign-ins by an authenticator with an Ed25519 key, and everything that could be wrong. */

#include "webauthn/credential.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/encoding.h"
#include "base/scope.h"
#include "crypt/hash.h"
#include "webauthn/public-key.h"

#define ORIGIN  "https://print.example:8443"
#define CREATE  "webauthn.create"
#define GET     "webauthn.get"
#define ALL     0x05
#define CREATED 0x45

static EVP_PKEY *key;
static const struct credential_wanted wanted = { .challenge = TEXT("a challenge of 32 random octets."),
                                                 .origin = TEXT(ORIGIN),
                                                 .site = TEXT("print.example") };

static void add_client_data(struct buffer *to, const char *type, const char *challenge, const char *origin,
                            const char *more)
{
        char encoded[128];

        base64url_format(challenge, strlen(challenge), encoded);
        buffer_clear(to);
        buffer_format(to, "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}", type, encoded, origin,
                      more);
}

static void add_key(struct buffer *to)
{
        uint8_t raw[32];
        size_t length = sizeof(raw);

        assert(EVP_PKEY_get_raw_public_key(key, raw, &length) == 1);
        buffer_add(to, "\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20", 10);
        buffer_add(to, raw, length);
}

static void add_data(struct buffer *to, const char *site, uint8_t flags, uint32_t counter, bool registers)
{
        uint8_t hash[HASH_OCTETS];

        buffer_clear(to);
        hash_sha256(text_from(site), hash);
        buffer_add(to, hash, sizeof(hash));
        buffer_add_octet(to, flags);
        buffer_add_u32(to, counter);
        if (!registers)
                return;
        buffer_add(to, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\4name", 22);
        add_key(to);
}

static void add_attestation(struct buffer *to, const struct buffer *data)
{
        buffer_clear(to);
        buffer_add(to,
                   "\xa3\x63"
                   "fmt\x64none\x67"
                   "attStmt\xa0\x68"
                   "authData\x58",
                   29);
        buffer_add_octet(to, (uint8_t)data->len);
        buffer_add_text(to, buffer_text(data));
}

static size_t sign(const struct buffer *data, const struct buffer *client_data, uint8_t ret[64])
{
        struct buffer octets = BUFFER(1024);
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        uint8_t hash[HASH_OCTETS];
        size_t length = 64;

        hash_sha256(buffer_text(client_data), hash);
        buffer_add_text(&octets, buffer_text(data));
        buffer_add(&octets, hash, sizeof(hash));
        assert(EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1);
        assert(EVP_DigestSign(context, ret, &length, (const uint8_t *)octets.at, octets.len) == 1);
        EVP_MD_CTX_free(context);
        buffer_done(&octets);
        return length;
}

static const struct {
        const char *name;
        const char *type, *challenge, *origin, *more;
        const char *site;
        uint8_t flags;
        int outcome;
} registrations[] = {
        { "good", CREATE, "a challenge of 32 random octets.", ORIGIN, "", "print.example", CREATED, 0 },
        { "crossOrigin false", CREATE, "a challenge of 32 random octets.", ORIGIN, ",\"crossOrigin\":false",
          "print.example", CREATED, 0 },
        { "a member we do not know", CREATE, "a challenge of 32 random octets.", ORIGIN, ",\"x\":{}",
          "print.example", CREATED, 0 },
        { "a sign-in", GET, "a challenge of 32 random octets.", ORIGIN, "", "print.example", CREATED,
          CREDENTIAL_OTHER_TYPE },
        { "another challenge", CREATE, "another", ORIGIN, "", "print.example", CREATED,
          CREDENTIAL_OTHER_CHALLENGE },
        { "another port", CREATE, "a challenge of 32 random octets.", "https://print.example", "",
          "print.example", CREATED, CREDENTIAL_OTHER_ORIGIN },
        { "http", CREATE, "a challenge of 32 random octets.", "http://print.example:8443", "",
          "print.example", CREATED, CREDENTIAL_OTHER_ORIGIN },
        { "in a frame", CREATE, "a challenge of 32 random octets.", ORIGIN, ",\"crossOrigin\":true",
          "print.example", CREATED, CREDENTIAL_OTHER_ORIGIN },
        { "a member twice", CREATE, "a challenge of 32 random octets.", ORIGIN, ",\"type\":\"" CREATE "\"",
          "print.example", CREATED, CREDENTIAL_MALFORMED },
        { "another site", CREATE, "a challenge of 32 random octets.", ORIGIN, "", "evil.example", CREATED,
          CREDENTIAL_OTHER_SITE },
        { "nobody there", CREATE, "a challenge of 32 random octets.", ORIGIN, "", "print.example", 0x44,
          CREDENTIAL_NOT_VERIFIED },
        { "nobody verified", CREATE, "a challenge of 32 random octets.", ORIGIN, "", "print.example", 0x41,
          CREDENTIAL_NOT_VERIFIED },
        { "extensions promised", CREATE, "a challenge of 32 random octets.", ORIGIN, "", "print.example",
          0xc5, CREDENTIAL_MALFORMED },
        { "a credential not announced", CREATE, "a challenge of 32 random octets.", ORIGIN, "",
          "print.example", ALL, CREDENTIAL_MALFORMED },
};

static void test_registrations(void)
{
        struct buffer client_data = BUFFER(1024), data = BUFFER(512), attestation = BUFFER(1024);

        for (size_t i = 0; i < ARRAY_LENGTH(registrations); i++) {
                struct credential made = { .counter = 99 };

                printf("%s\n", registrations[i].name);
                add_client_data(&client_data, registrations[i].type, registrations[i].challenge,
                                registrations[i].origin, registrations[i].more);
                add_data(&data, registrations[i].site, registrations[i].flags, 7, true);
                add_attestation(&attestation, &data);
                assert(credential_register(buffer_text(&client_data), buffer_text(&attestation), &wanted,
                                           &made) == registrations[i].outcome);
                if (registrations[i].outcome)
                        continue;
                assert(text_equal_string(made.id, "name") && made.counter == 7);
                assert(public_key_check(made.public_key) == 0);
                /* Cut anywhere, it is none any more. */
                for (size_t len = 0; len < attestation.len; len++)
                        assert(credential_register(buffer_text(&client_data),
                                                   text_from_octets(attestation.at, len), &wanted, &made));
        }
        buffer_done(&client_data);
        buffer_done(&data);
        buffer_done(&attestation);
}

static void test_sign_ins(void)
{
        struct buffer client_data = BUFFER(1024), data = BUFFER(512), cose = BUFFER(128);
        struct credential known = { .id = TEXT_OF("name") };
        uint8_t signature[64];
        uint32_t counter = 0;
        size_t length;

        add_key(&cose);
        known.public_key = buffer_text(&cose);
        add_client_data(&client_data, GET, "a challenge of 32 random octets.", ORIGIN, "");
        add_data(&data, "print.example", ALL, 8, false);
        length = sign(&data, &client_data, signature);

#define CHECK(n)                                                                                           \
        credential_assert(buffer_text(&client_data), buffer_text(&data), text_from_octets(signature, (n)), \
                          &wanted, &known, &counter)
        assert(CHECK(length) == 0 && counter == 8);
        /* Its counter must go up, unless it never counts. */
        known.counter = 7;
        assert(CHECK(length) == 0);
        known.counter = 8;
        assert(CHECK(length) == CREDENTIAL_COPIED);
        known.counter = 0;
        /* Each octet is signed. */
        assert(CHECK(length - 1) == CREDENTIAL_BAD_SIGNATURE && CHECK(0) == CREDENTIAL_BAD_SIGNATURE);
        for (size_t i = 0; i < length; i++) {
                signature[i] ^= 1;
                assert(CHECK(length) == CREDENTIAL_BAD_SIGNATURE);
                signature[i] ^= 1;
        }
        for (size_t i = HASH_OCTETS + 1; i < data.len; i++) {
                data.at[i] ^= 1;
                assert(CHECK(length) == CREDENTIAL_BAD_SIGNATURE);
                data.at[i] ^= 1;
        }
        add_data(&data, "print.example", ALL, 0, false);
        length = sign(&data, &client_data, signature);
        assert(CHECK(length) == 0 && counter == 0);
        add_data(&data, "print.example", 0x04, 9, false);
        length = sign(&data, &client_data, signature);
        assert(CHECK(length) == CREDENTIAL_NOT_VERIFIED);
        add_client_data(&client_data, CREATE, "a challenge of 32 random octets.", ORIGIN, "");
        assert(CHECK(length) == CREDENTIAL_OTHER_TYPE);
#undef CHECK
        buffer_done(&client_data);
        buffer_done(&data);
        buffer_done(&cose);
}

static const struct {
        const char *name;
        struct text cose;
        int outcome;
} keys[] = {
        { "no map", TEXT("\x01"), PUBLIC_KEY_MALFORMED },
        { "empty", TEXT("\xa0"), PUBLIC_KEY_MALFORMED },
        { "no algorithm", TEXT("\xa1\x01\x02"), PUBLIC_KEY_MALFORMED },
        { "HS256", TEXT("\xa2\x01\x04\x03\x05"), PUBLIC_KEY_BAD_ALGORITHM },
        { "RS1", TEXT("\xa2\x01\x03\x03\x39\xff\xfe"), PUBLIC_KEY_BAD_ALGORITHM },
        { "ES256 of an RSA key", TEXT("\xa2\x01\x03\x03\x26"), PUBLIC_KEY_MALFORMED },
        { "a point that is not on the curve",
          TEXT("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"
               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\x22\x58\x20yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"),
          PUBLIC_KEY_MALFORMED },
        { "a short modulus", TEXT("\xa4\x01\x03\x03\x39\x01\x00\x20\x44\xff\xff\xff\xff\x21\x43\x01\x00\x01"),
          PUBLIC_KEY_MALFORMED },
        { "something after it", TEXT("\xa2\x01\x02\x03\x26\x00"), PUBLIC_KEY_MALFORMED },
};

int main(void)
{
        key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
        assert(key);
        test_registrations();
        test_sign_ins();
        for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
                printf("%s\n", keys[i].name);
                assert(public_key_check(keys[i].cose) == keys[i].outcome);
        }
        EVP_PKEY_free(key);
        return 0;
}
