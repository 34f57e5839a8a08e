// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * TLS of the server: versions 1.2 (AEAD suites with forward secrecy only) and 1.3, nothing older.
 *
 *   1. Who negotiates the application protocol "imprimatur-agent" must prove a key with a self-signed
 *      certificate; what is taken from it is the SHA-256 of its public key and nothing else: whether that key
 *      is an agent is a row in the database. Everybody else is never asked for a certificate.
 *   2. The private key's file is readable by its owner only when we made it, and never printed or logged.
 *   3. A certificate that cannot be loaded replaces nothing: the old one serves on.
 */

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

#define TLS_FINGERPRINT_OCTETS 32
#define TLS_ALPN_HTTP          "http/1.1"
#define TLS_ALPN_AGENT         "imprimatur-agent"

struct tls_server;

enum tls_refusal {
        TLS_BAD_CERTIFICATE = 1, /* unreadable, or not a PEM chain */
        TLS_BAD_KEY,             /* unreadable, not PEM, or not the certificate's key */
};

/* Both are PEM files; the chain follows the certificate. Safe to use from every thread afterwards. */
int tls_server_new(const char *certificate_path, const char *key_path, struct tls_server **ret);
void tls_server_free(struct tls_server *tls);
void tls_server_freep(struct tls_server **tls);

/* The same, but everybody is asked for a certificate, and may go on without; nobody is an agent there. For
 * protocols that renew a certificate by it (RFC 7030). Whose key it is, and whether it counts, is for a row
 * to say. */
int tls_server_new_asking(const char *certificate_path, const char *key_path, struct tls_server **ret);

/* Loads both files again (SIGHUP). New connections have the new certificate; old ones live on. */
int tls_server_reload(struct tls_server *tls);
/* The same, only where one of the files has changed since; *ret_changed tells. Cheap: call it every minute.
 */
int tls_server_reload_if_changed(struct tls_server *tls, bool *ret_changed);

/* Whether its certificate names this host (a name or a numeric address, without brackets and port), so that a
 * client who looks at certificates can have come by it. */
bool tls_server_is_named(struct tls_server *tls, struct text host);

/* Signs with the certificate that is served now, the chain included: a CMS message that holds the octets (RFC
 * 5652), DER. */
int tls_server_sign(struct tls_server *tls, struct text octets, struct buffer *to);

/* A new connection's TLS, in accept state; NULL where memory is out. The caller frees it. */
SSL *tls_server_accept(struct tls_server *tls);

/* Once, after the handshake: whether the peer is an agent, and then its fingerprint. What else OpenSSL knows
 * of the peer's certificate is gone afterwards. */
bool tls_is_agent(SSL *ssl, uint8_t ret[TLS_FINGERPRINT_OCTETS]);

/* Once, after the handshake of one that was asked: whether it showed a certificate and proved its key. */
bool tls_has_key(SSL *ssl, uint8_t ret[TLS_FINGERPRINT_OCTETS]);

/*
 * Makes a self-signed certificate for 397 days where there is none, and its EC P-256 key where that is
 * missing too; *ret_made tells. names is a comma-separated list of host names and addresses for the
 * certificate; the first is its subject. The key's file has mode 0600 before it gets its octets. Refusals:
 * TLS_BAD_CERTIFICATE, a name cannot be used; TLS_BAD_KEY, there is a certificate without key, or the key
 * cannot be read.
 */
int tls_certificate_make(const char *certificate_path, const char *key_path, const char *names,
                         bool *ret_made);

/* SHA-256 of the SubjectPublicKeyInfo (DER) of a certificate. */
int tls_fingerprint(X509 *certificate, uint8_t ret[TLS_FINGERPRINT_OCTETS]);
