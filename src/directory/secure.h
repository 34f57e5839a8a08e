// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * TLS under the directory library, by OpenSSL as everywhere in this product.
 *
 * The library has TLS of its own (GnuTLS on Debian), which is not used: its handshake waits for a silent
 * server for ever, and it compares the certificate with this machine's own name where the server is called
 * localhost. What is put under it here waits for nobody beyond a deadline, and verifies the chain, the time
 * and the name (subjectAltName only, RFC 6125) before the library may say a word.
 */

#include <lber.h>
#include <stdint.h>

#include "base/text.h"

enum secure_refusal {
        SECURE_BAD_AUTHORITIES = 1, /* "ca" holds no certificate that can be read */
        SECURE_REFUSED,             /* no TLS, or a certificate that is not to be trusted */
        SECURE_SILENT,              /* not in time */
};

struct secure_options {
        const char *host; /* a name or a numeric address */
        const char *ca;   /* PEM; "": the authorities this machine trusts */
        int64_t deadline_ms;
};

/*
 * Shakes hands on the connected, non-blocking fd, and puts TLS into the socket buffer, which owns it from
 * then on. A refusal's sentence is in words.
 */
int secure_start(Sockbuf *socket, int fd, const struct secure_options *options, char *ret_words, size_t size);
