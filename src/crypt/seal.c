// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/seal.h"

#include <assert.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/cipher.h"
#include "crypt/hash.h"
#include "crypt/random.h"

#define VERSION        1
#define SEGMENT_POWER  16
#define SALT_AT        16
#define COMMITMENT_AT  48
#define SEALED_SEGMENT (SEAL_SEGMENT_OCTETS + SEAL_TAG_OCTETS)
#define PENDING_OCTETS (SEALED_SEGMENT + SEAL_TAG_OCTETS)
#define NONCE_PREFIX   7
#define NONCE_OCTETS   12

_Static_assert(1 << SEGMENT_POWER == SEAL_SEGMENT_OCTETS, "sizes add up");
_Static_assert(COMMITMENT_AT + HASH_OCTETS == SEAL_HEADER_OCTETS, "sizes add up");

enum position {
        WITHIN = 0,
        AT_END = 1,
};

/* What is derived from key, salt and id. */
struct derived {
        struct secret key;
        uint8_t nonce_prefix[NONCE_PREFIX];
};

static void derived_done(struct derived *derived)
{
        explicit_bzero(derived, sizeof(*derived));
}

uint64_t seal_sealed_size(uint64_t size_octets)
{
        uint64_t segments = size_octets / SEAL_SEGMENT_OCTETS + (size_octets % SEAL_SEGMENT_OCTETS != 0);

        return SEAL_HEADER_OCTETS + size_octets + segments * SEAL_TAG_OCTETS + SEAL_TAG_OCTETS;
}

bool seal_plain_size(uint64_t sealed_octets, uint64_t *ret)
{
        uint64_t segments, left;

        if (sealed_octets < SEAL_HEADER_OCTETS + SEAL_TAG_OCTETS)
                return false;
        left = sealed_octets - SEAL_HEADER_OCTETS - SEAL_TAG_OCTETS;
        segments = left / SEALED_SEGMENT;
        left %= SEALED_SEGMENT;
        if (left && left <= SEAL_TAG_OCTETS)
                return false;
        *ret = segments * SEAL_SEGMENT_OCTETS + (left ? left - SEAL_TAG_OCTETS : 0);
        return *ret <= SEAL_DOCUMENT_MAX;
}

static void derive(const struct secret *key, const uint8_t *header, struct text id, struct derived *ret)
{
        static const char label[] = "imprimatur seal 1";
        uint8_t info[sizeof(label) - 1 + SEAL_ID_MAX];

        memcpy(info, label, sizeof(label) - 1);
        memcpy(info + sizeof(label) - 1, id.at, id.len);
        hash_hkdf(key->octets, sizeof(key->octets),
                  text_from_octets(header + SALT_AT, COMMITMENT_AT - SALT_AT),
                  text_from_octets(info, sizeof(label) - 1 + id.len), ret, sizeof(*ret));
}

_Static_assert(sizeof(struct derived) == SECRET_OCTETS + NONCE_PREFIX, "derived is filled as one run");

static void commit(const struct secret *key, const uint8_t *header, struct text id, uint8_t ret[HASH_OCTETS])
{
        static const char label[] = "commit";
        uint8_t said[sizeof(label) - 1 + COMMITMENT_AT + SEAL_ID_MAX];

        memcpy(said, label, sizeof(label) - 1);
        memcpy(said + sizeof(label) - 1, header, COMMITMENT_AT);
        memcpy(said + sizeof(label) - 1 + COMMITMENT_AT, id.at, id.len);
        hash_hmac(key->octets, sizeof(key->octets),
                  text_from_octets(said, sizeof(label) - 1 + COMMITMENT_AT + id.len), ret);
}

static void nonce_make(const uint8_t prefix[NONCE_PREFIX], uint32_t segment, enum position position,
                       uint8_t ret[NONCE_OCTETS])
{
        memcpy(ret, prefix, NONCE_PREFIX);
        ret[7] = (uint8_t)(segment >> 24);
        ret[8] = (uint8_t)(segment >> 16);
        ret[9] = (uint8_t)(segment >> 8);
        ret[10] = (uint8_t)segment;
        ret[11] = (uint8_t)position;
}

/* The key schedule stays; only the nonce is new. */
static bool cipher_next(EVP_CIPHER_CTX *cipher, const uint8_t prefix[NONCE_PREFIX], uint32_t segment,
                        enum position position)
{
        uint8_t nonce[NONCE_OCTETS];

        nonce_make(prefix, segment, position, nonce);
        return EVP_CipherInit_ex(cipher, NULL, NULL, NULL, nonce, -1);
}

static bool add_length(EVP_CIPHER_CTX *cipher, uint64_t octets)
{
        uint8_t length[8];
        int len;

        for (int i = 0; i < 8; i++)
                length[i] = (uint8_t)(octets >> (56 - 8 * i));
        return EVP_CipherUpdate(cipher, NULL, &len, length, sizeof(length));
}

static int cipher_new(const struct secret *key, int sealing, EVP_CIPHER_CTX **ret)
{
        EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();

        if (!cipher)
                return fault(-ENOMEM);
        if (!EVP_CipherInit_ex(cipher, cipher_gcm(), NULL, key->octets, NULL, sealing)) {
                EVP_CIPHER_CTX_free(cipher);
                return fault(-EIO);
        }
        *ret = cipher;
        return 0;
}

int seal_init(struct seal *seal, const struct secret *key, struct text id,
              uint8_t ret_header[SEAL_HEADER_OCTETS])
{
        SCOPED(derived_done) struct derived derived;

        assert(id.len <= SEAL_ID_MAX);
        *seal = (struct seal){ 0 };
        memset(ret_header, 0, SEAL_HEADER_OCTETS);
        memcpy(ret_header, "imprseal", 8);
        ret_header[8] = VERSION;
        ret_header[9] = SEGMENT_POWER;
        random_octets(ret_header + SALT_AT, COMMITMENT_AT - SALT_AT);
        commit(key, ret_header, id, ret_header + COMMITMENT_AT);

        derive(key, ret_header, id, &derived);
        memcpy(seal->nonce_prefix, derived.nonce_prefix, NONCE_PREFIX);
        return cipher_new(&derived.key, 1, &seal->cipher);
}

void seal_done(struct seal *seal)
{
        EVP_CIPHER_CTX_free(seal->cipher); /* which wipes the key schedule */
        explicit_bzero(seal, sizeof(*seal));
}

/* Adds the tag of the segment that is being written. */
static int segment_close(struct seal *seal, uint8_t *ret)
{
        int len;

        if (!EVP_EncryptFinal_ex(seal->cipher, ret, &len) ||
            !EVP_CIPHER_CTX_ctrl(seal->cipher, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_OCTETS, ret))
                return fault(-EIO);
        seal->segment++;
        seal->segment_octets = 0;
        return 0;
}

/* As much of the piece as the segment still takes. */
static int segment_add(struct seal *seal, const uint8_t *plain, size_t len, uint8_t *ret)
{
        int written;

        if (seal->segment_octets == 0 &&
            !cipher_next(seal->cipher, seal->nonce_prefix, seal->segment, WITHIN))
                return fault(-EIO);
        if (!EVP_EncryptUpdate(seal->cipher, ret, &written, plain, (int)len))
                return fault(-EIO);
        seal->segment_octets += len;
        seal->octets += len;
        return 0;
}

int seal_add(struct seal *seal, const void *plain, size_t len, uint8_t *ret, size_t *ret_length)
{
        const uint8_t *from = plain;
        uint8_t *to = ret;
        int r;

        if (len > SEAL_DOCUMENT_MAX - seal->octets)
                return SEAL_TOO_LARGE;
        while (len) {
                size_t room = SEAL_SEGMENT_OCTETS - seal->segment_octets;
                size_t part = len < room ? len : room;

                r = segment_add(seal, from, part, to);
                if (r < 0)
                        return r;
                from += part;
                to += part;
                len -= part;
                if (seal->segment_octets == SEAL_SEGMENT_OCTETS) {
                        r = segment_close(seal, to);
                        if (r < 0)
                                return r;
                        to += SEAL_TAG_OCTETS;
                }
        }
        *ret_length = (size_t)(to - ret);
        return 0;
}

int seal_finish(struct seal *seal, uint8_t *ret, size_t *ret_length)
{
        uint8_t *to = ret;
        int r;

        if (seal->segment_octets) {
                r = segment_close(seal, to);
                if (r < 0)
                        return r;
                to += SEAL_TAG_OCTETS;
        }
        if (!cipher_next(seal->cipher, seal->nonce_prefix, seal->segment, AT_END) ||
            !add_length(seal->cipher, seal->octets))
                return fault(-EIO);
        r = segment_close(seal, to);
        if (r < 0)
                return r;
        *ret_length = (size_t)(to - ret) + SEAL_TAG_OCTETS;
        return 0;
}

int unseal_init(struct unseal *unseal, const struct secret *key, struct text id)
{
        assert(id.len <= SEAL_ID_MAX);
        *unseal = (struct unseal){ .key = *key, .id_len = id.len };
        memcpy(unseal->id, id.at, id.len);
        unseal->pending = malloc(PENDING_OCTETS);
        if (!unseal->pending) {
                secret_done(&unseal->key);
                return fault(-ENOMEM);
        }
        return 0;
}

void unseal_done(struct unseal *unseal)
{
        EVP_CIPHER_CTX_free(unseal->cipher);
        if (unseal->pending)
                explicit_bzero(unseal->pending, PENDING_OCTETS); /* it holds plain text */
        free(unseal->pending);
        explicit_bzero(unseal, sizeof(*unseal));
}

static int header_open(struct unseal *unseal, const uint8_t *header)
{
        static const uint8_t zeros[6];
        struct text id = text_from_octets(unseal->id, unseal->id_len);
        SCOPED(derived_done) struct derived derived;
        uint8_t commitment[HASH_OCTETS];
        int r;

        if (memcmp(header, "imprseal", 8) != 0 || header[8] != VERSION || header[9] != SEGMENT_POWER ||
            memcmp(header + 10, zeros, sizeof(zeros)) != 0)
                return SEAL_FOREIGN;
        commit(&unseal->key, header, id, commitment);
        if (!hash_equal(commitment, header + COMMITMENT_AT, HASH_OCTETS))
                return SEAL_WRONG_KEY;

        derive(&unseal->key, header, id, &derived);
        secret_done(&unseal->key);
        memcpy(unseal->nonce_prefix, derived.nonce_prefix, NONCE_PREFIX);
        r = cipher_new(&derived.key, 0, &unseal->cipher);
        if (r < 0)
                return r;
        unseal->opened = true;
        return 0;
}

static bool tag_is_right(EVP_CIPHER_CTX *cipher, const uint8_t *tag)
{
        uint8_t nothing[SEAL_TAG_OCTETS];
        int len;

        return EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_OCTETS, (void *)tag) &&
               EVP_DecryptFinal_ex(cipher, nothing, &len) > 0;
}

/* sealed may be pending itself. What failed to authenticate is wiped, so that nobody yields it by mistake. */
static int segment_open(struct unseal *unseal, const uint8_t *sealed, size_t len)
{
        int written;

        if (unseal->octets + len > SEAL_DOCUMENT_MAX)
                return SEAL_TOO_LARGE;
        if (!cipher_next(unseal->cipher, unseal->nonce_prefix, unseal->segment, WITHIN) ||
            !EVP_DecryptUpdate(unseal->cipher, unseal->pending, &written, sealed, (int)len))
                return fault(-EIO);
        if (!tag_is_right(unseal->cipher, sealed + len)) {
                explicit_bzero(unseal->pending, len);
                return SEAL_DAMAGED;
        }
        unseal->segment++;
        unseal->octets += len;
        return 0;
}

static int end_open(struct unseal *unseal, const uint8_t *sealed, uint32_t segment, uint64_t octets)
{
        if (!cipher_next(unseal->cipher, unseal->nonce_prefix, segment, AT_END) ||
            !add_length(unseal->cipher, octets))
                return fault(-EIO);
        return tag_is_right(unseal->cipher, sealed) ? 0 : SEAL_DAMAGED;
}

/* Fills pending up to wanted octets; true when it is there. */
static bool gather(struct unseal *unseal, size_t wanted, const uint8_t *sealed, size_t len, size_t *ret_taken)
{
        size_t missing = wanted - unseal->pending_len;
        size_t part = len < missing ? len : missing;

        memcpy(unseal->pending + unseal->pending_len, sealed, part);
        unseal->pending_len += part;
        *ret_taken = part;
        return unseal->pending_len == wanted;
}

/*
 * A segment is opened once the octets after it are there as well: the end follows every segment, and until as
 * many octets as an end has were seen, the last of what looks like a whole segment might be the end.
 */
int unseal_add(struct unseal *unseal, const void *sealed, size_t len, size_t *ret_taken,
               struct text *ret_plain)
{
        const uint8_t *from = sealed;
        int r;

        *ret_plain = (struct text){ "", 0 };
        *ret_taken = 0;
        if (!unseal->opened) {
                if (!gather(unseal, SEAL_HEADER_OCTETS, from, len, ret_taken))
                        return 0;
                unseal->pending_len = 0;
                return header_open(unseal, unseal->pending);
        }

        if (unseal->pending_at) {
                memmove(unseal->pending, unseal->pending + unseal->pending_at, unseal->pending_len);
                unseal->pending_at = 0;
        }
        if (unseal->pending_len == 0 && len >= PENDING_OCTETS) {
                r = segment_open(unseal, from, SEAL_SEGMENT_OCTETS);
                *ret_taken = SEALED_SEGMENT;
        } else {
                if (!gather(unseal, PENDING_OCTETS, from, len, ret_taken))
                        return 0;
                r = segment_open(unseal, unseal->pending, SEAL_SEGMENT_OCTETS);
                unseal->pending_at = SEALED_SEGMENT;
                unseal->pending_len = SEAL_TAG_OCTETS;
        }
        if (r)
                return r;
        *ret_plain = text_from_octets(unseal->pending, SEAL_SEGMENT_OCTETS);
        return 0;
}

int unseal_finish(struct unseal *unseal, struct text *ret_plain)
{
        const uint8_t *from = unseal->pending + unseal->pending_at;
        size_t len;
        int r;

        *ret_plain = (struct text){ "", 0 };
        if (!unseal->opened || unseal->pending_len < SEAL_TAG_OCTETS)
                return SEAL_DAMAGED;

        len = unseal->pending_len - SEAL_TAG_OCTETS;
        if (len == 0)
                return end_open(unseal, from, unseal->segment, unseal->octets);
        if (len <= SEAL_TAG_OCTETS)
                return SEAL_DAMAGED;
        len -= SEAL_TAG_OCTETS;

        /* The end first: the rest is not yielded where the whole is not there. */
        r = end_open(unseal, from + len + SEAL_TAG_OCTETS, unseal->segment + 1, unseal->octets + len);
        if (r)
                return r;
        r = segment_open(unseal, from, len);
        if (r)
                return r;
        *ret_plain = text_from_octets(unseal->pending, len);
        return 0;
}
