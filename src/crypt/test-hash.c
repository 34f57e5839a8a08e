// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "crypt/hash.h"
#include "crypt/random.h"

static void expect(const void *octets, size_t len, const char *hex)
{
        char string[2 * 128 + 1];

        hex_format(octets, len, string);
        assert(strcmp(string, hex) == 0);
}

/* RFC 4231, section 4. */
static const struct {
        const char *name;
        struct text key;
        struct text octets;
        const char *mac;
} hmac_rows[] = {
        { "case 2", TEXT("Jefe"), TEXT("what do ya want for nothing?"),
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
        { "case 1", TEXT("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
          TEXT("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
};

/* RFC 5869, appendices A.1 and A.3. */
static void hkdf_as_in_its_rfc(void)
{
        uint8_t key[22], okm[42];

        memset(key, 0x0b, sizeof(key));
        hash_hkdf(key, sizeof(key), TEXT_OF("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"),
                  TEXT_OF("\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9"), okm, sizeof(okm));
        expect(okm, sizeof(okm),
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        hash_hkdf(key, sizeof(key), TEXT_OF(""), TEXT_OF(""), okm, sizeof(okm));
        expect(okm, sizeof(okm),
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

int main(void)
{
        struct sha256 sha256;
        uint8_t hash[HASH_OCTETS], other[HASH_OCTETS];
        uint64_t a = random_u64(), b = random_u64();

        hash_sha256(TEXT_OF("abc"), hash);
        expect(hash, sizeof(hash), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        hash_sha256(TEXT_OF(""), hash);
        expect(hash, sizeof(hash), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

        assert(sha256_init(&sha256) == 0);
        sha256_add(&sha256, "a", 1);
        sha256_add(&sha256, "", 0);
        sha256_add(&sha256, "bc", 2);
        sha256_finish(&sha256, other);
        sha256_done(&sha256);
        hash_sha256(TEXT_OF("abc"), hash);
        assert(hash_equal(hash, other, sizeof(hash)));
        other[31] ^= 1;
        assert(!hash_equal(hash, other, sizeof(hash)));

        for (size_t i = 0; i < sizeof(hmac_rows) / sizeof(hmac_rows[0]); i++) {
                printf("%s\n", hmac_rows[i].name);
                hash_hmac(hmac_rows[i].key.at, hmac_rows[i].key.len, hmac_rows[i].octets, hash);
                expect(hash, sizeof(hash), hmac_rows[i].mac);
        }
        hkdf_as_in_its_rfc();
        assert(a != b);
        return 0;
}
