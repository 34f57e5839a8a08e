// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/wrap.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/cipher.h"
#include "crypt/random.h"

#define NONCE_OCTETS 12
#define TAG_OCTETS   16

_Static_assert(NONCE_OCTETS + SECRET_OCTETS + TAG_OCTETS == WRAPPED_KEY_OCTETS, "sizes add up");

static void cipher_freep(EVP_CIPHER_CTX **cipher)
{
        EVP_CIPHER_CTX_free(*cipher); /* which wipes the key schedule */
}

/* Ready to take the key to be wrapped or opened. */
static int begin(EVP_CIPHER_CTX *cipher, const struct secret *with, const uint8_t *nonce,
                 struct text bound_to, int sealing)
{
        int len;

        if (!EVP_CipherInit_ex(cipher, cipher_gcm(), NULL, with->octets, nonce, sealing) ||
            !EVP_CipherUpdate(cipher, NULL, &len, (const uint8_t *)bound_to.at, (int)bound_to.len))
                return fault(-EIO);
        return 0;
}

int wrap_key(const struct secret *with, struct text bound_to, const struct secret *key,
             struct wrapped_key *ret)
{
        SCOPED(cipher_freep) EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
        struct wrapped_key wrapped;
        uint8_t *at = wrapped.octets + NONCE_OCTETS;
        int len, r;

        if (!cipher)
                return fault(-ENOMEM);
        random_octets(wrapped.octets, NONCE_OCTETS);
        r = begin(cipher, with, wrapped.octets, bound_to, 1);
        if (r < 0)
                return r;
        if (!EVP_CipherUpdate(cipher, at, &len, key->octets, SECRET_OCTETS) ||
            !EVP_CipherFinal_ex(cipher, at, &len) ||
            !EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG_OCTETS, at + SECRET_OCTETS))
                return fault(-EIO);
        *ret = wrapped;
        return 0;
}

int wrap_open(const struct secret *with, struct text bound_to, const struct wrapped_key *wrapped,
              struct secret *ret)
{
        SCOPED(cipher_freep) EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
        SCOPED(secret_done) struct secret key;
        const uint8_t *at = wrapped->octets + NONCE_OCTETS;
        int len, r;

        if (!cipher)
                return fault(-ENOMEM);
        r = begin(cipher, with, wrapped->octets, bound_to, 0);
        if (r < 0)
                return r;
        if (!EVP_CipherUpdate(cipher, key.octets, &len, at, SECRET_OCTETS) ||
            !EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, TAG_OCTETS, (void *)(at + SECRET_OCTETS)))
                return fault(-EIO);
        if (EVP_CipherFinal_ex(cipher, key.octets, &len) <= 0)
                return WRAP_WRONG;
        *ret = key;
        return 0;
}
