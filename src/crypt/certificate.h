// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Keys and certificates by which programs know one another. An agent makes its own key and signs its own
 * certificate; the service remembers the fingerprint of the key (SHA-256 of the SubjectPublicKeyInfo, as in
 * RFC 7469, section 2.4), so a certificate may be renewed without becoming somebody else. Safe from every
 * thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

#define CERTIFICATE_FINGERPRINT_OCTETS 32

enum certificate_refusal {
        CERTIFICATE_DAMAGED = 1, /* not a certificate */
        CERTIFICATE_BAD_NAME,
        CERTIFICATE_BAD_KEY, /* not a private key, or one under a pass phrase */
};

struct certificate_options {
        const char *common_name;              /* at most 64 octets */
        const char *const *alternative_names; /* host names and addresses, NULL-terminated; may be NULL */
        unsigned int days;
        bool for_server; /* extended key usage: server, else client */
        struct text key; /* PEM: the key to certify; empty: a new one */
};

/* A new P-256 key, or the one given, and its self-signed certificate, both added as PEM. The caller wipes
 * ret_key. CERTIFICATE_BAD_NAME, CERTIFICATE_BAD_KEY. */
int certificate_make(const struct certificate_options *options, struct buffer *ret_key,
                     struct buffer *ret_certificate);

/* Of a certificate as PEM (the first one in it) or as DER. */
int certificate_fingerprint(struct text certificate, uint8_t ret[CERTIFICATE_FINGERPRINT_OCTETS]);

/* When it ends. CERTIFICATE_DAMAGED. */
int certificate_expires(struct text certificate, int64_t *ret_unix_ms);

struct certificate_facts {
        bool is_self_signed; /* issued by itself, that is: of nobody's making but its owner's */
        int64_t from_ms, until_ms;
};
/* CERTIFICATE_DAMAGED. */
int certificate_look(struct text certificate, struct certificate_facts *ret);
