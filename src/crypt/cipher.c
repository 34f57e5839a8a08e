// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/cipher.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_CIPHER *gcm;

/* A library without its own cipher is broken, and nothing could be sealed. */
static void fetch(void)
{
        gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
        if (!gcm)
                abort();
}

const struct evp_cipher_st *cipher_gcm(void)
{
        pthread_once(&once, fetch);
        return gcm;
}
