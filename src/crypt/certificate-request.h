// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Requests for certificates: PKCS #10 (RFC 2986), as PEM, as base64 (as EST has them, RFC 8951) or as DER.
 *
 * A request is believed in one thing: whoever made it has the key in it, for it is signed by that key. What
 * names it asks for, and which extensions, is not even read. Safe from every thread.
 */

#include <stdbool.h>

#include "base/buffer.h"
#include "base/text.h"

#define CERTIFICATE_REQUEST_MAX 16384 /* octets, in whatever form */

struct evp_pkey_st;

enum certificate_request_refusal {
        CERTIFICATE_REQUEST_DAMAGED = 1, /* no request, or too long */
        CERTIFICATE_REQUEST_BAD_KEY,     /* a key that nobody should have */
        CERTIFICATE_REQUEST_UNSIGNED,    /* not signed by its own key */
};

/* Adds the SubjectPublicKeyInfo (DER) of the request. */
int certificate_request_read(struct text octets, struct buffer *ret_key_info);

/* P-256 or P-384, or RSA of 2048 to 4096 bits with an exponent that costs little. */
bool certificate_key_is_good(const struct evp_pkey_st *key);

/* A new P-256 key, or the one given (PEM), and a request for it, both added as PEM. The caller wipes ret_key.
 * CERTIFICATE_REQUEST_BAD_KEY. */
int certificate_request_make(struct text key, struct buffer *ret_key, struct buffer *ret);
