// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

/* One record and its header: as much as one read(2) is asked for, and what a busy connection borrows. */
#define READ_AHEAD_OCTETS       (16384 + 512)
#define CERTIFICATES_MAX_OCTETS 8192
#define SESSIONS_MAX            4096
#define SESSION_SECONDS         600

/* What a file was when it was loaded. */
struct stamp {
        struct timespec changed;
        ino_t inode;
        off_t size_octets;
};

struct tls_server {
        char *certificate_path;
        char *key_path;
        bool asks;            /* everybody for a certificate */
        EVP_PKEY *small_key;  /* stands in for agents' keys; see certificate_shrink() */
        pthread_mutex_t lock; /* of what follows */
        SSL_CTX *context;
        struct stamp certificate_stamp;
        struct stamp key_stamp;
};

static void contextp(SSL_CTX **context)
{
        SSL_CTX_free(*context);
}

static struct stamp stamp_of(const char *path)
{
        struct stat st;

        if (stat(path, &st) < 0)
                return (struct stamp){ 0 };
        return (struct stamp){ st.st_mtim, st.st_ino, st.st_size };
}

static bool stamp_equal(struct stamp a, struct stamp b)
{
        return a.changed.tv_sec == b.changed.tv_sec && a.changed.tv_nsec == b.changed.tv_nsec &&
               a.inode == b.inode && a.size_octets == b.size_octets;
}

/* Keys an agent may have: what makes checking one signature cheap and its forging hard. */
static bool key_is_acceptable(EVP_PKEY *key)
{
        if (!key)
                return false;
        switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_EC: return EVP_PKEY_get_bits(key) >= 256 && EVP_PKEY_get_bits(key) <= 521;
        case EVP_PKEY_ED25519: return true;
        case EVP_PKEY_RSA: return EVP_PKEY_get_bits(key) >= 2048 && EVP_PKEY_get_bits(key) <= 4096;
        default: return false;
        }
}

/*
 * An agent's certificate only carries its key: it must be well-formed, alone, and signed by itself. Names and
 * dates in it mean nothing, for nobody vouched for them. That the agent holds the key is proved by the
 * handshake.
 */
static int certificate_verify(X509_STORE_CTX *store, void *context)
{
        X509 *certificate = X509_STORE_CTX_get0_cert(store);
        bool alone = sk_X509_num(X509_STORE_CTX_get0_untrusted(store)) <= 1;
        bool good = certificate && alone && key_is_acceptable(X509_get0_pubkey(certificate)) &&
                    X509_self_signed(certificate, 1) == 1;

        X509_STORE_CTX_set_error(store, good ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
        return good;
}

/* Of whoever is asked: who vouched for the certificate is not looked at, only that its key is one. */
static int certificate_look(X509_STORE_CTX *store, void *context)
{
        X509 *certificate = X509_STORE_CTX_get0_cert(store);
        bool good = certificate && key_is_acceptable(X509_get0_pubkey(certificate));

        X509_STORE_CTX_set_error(store, good ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
        return good;
}

/* Whether the client's list (length octet, name, ...) offers the protocol. */
static bool alpn_offers(const unsigned char *list, unsigned len, const char *protocol)
{
        size_t wanted = strlen(protocol);

        for (unsigned at = 0; at < len; at += 1u + list[at])
                if (list[at] == wanted && len - at - 1 >= wanted &&
                    memcmp(list + at + 1, protocol, wanted) == 0)
                        return true;
        return false;
}

/*
 * Runs before the server decides whether to ask for a certificate. "imprimatur-agent" wins, and asks. A
 * client that offers only protocols we do not speak is told so (RFC 7301, section 3.2); one that offers none
 * speaks HTTP/1.1.
 */
static int alpn_select(SSL *ssl, const unsigned char **ret, unsigned char *ret_length,
                       const unsigned char *list, unsigned len, void *asks)
{
        if (!asks && alpn_offers(list, len, TLS_ALPN_AGENT)) {
                SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
                *ret = (const unsigned char *)TLS_ALPN_AGENT;
                *ret_length = sizeof(TLS_ALPN_AGENT) - 1;
                return SSL_TLSEXT_ERR_OK;
        }
        if (alpn_offers(list, len, TLS_ALPN_HTTP)) {
                *ret = (const unsigned char *)TLS_ALPN_HTTP;
                *ret_length = sizeof(TLS_ALPN_HTTP) - 1;
                return SSL_TLSEXT_ERR_OK;
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static bool suites_set(SSL_CTX *context)
{
        return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
               SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
               SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"
                                                 "TLS_CHACHA20_POLY1305_SHA256") == 1 &&
               SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
}

static SSL_CTX *context_make(bool asks)
{
        SCOPED(contextp) SSL_CTX *context = SSL_CTX_new(TLS_server_method());

        if (!context || !suites_set(context))
                return NULL;
        SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                             SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
        /* An idle connection keeps no record buffers; a busy one gets a whole record with one read(2). */
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                          SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_read_ahead(context, 1);
        SSL_CTX_set_default_read_buffer_len(context, READ_AHEAD_OCTETS);
        SSL_CTX_set_max_cert_list(context, CERTIFICATES_MAX_OCTETS);
        /* No tickets: their key would be one more secret to turn. TLS 1.2 sessions are remembered here. */
        SSL_CTX_set_num_tickets(context, 0);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
        SSL_CTX_sess_set_cache_size(context, SESSIONS_MAX);
        SSL_CTX_set_timeout(context, SESSION_SECONDS);
        SSL_CTX_set_session_id_context(context, (const unsigned char *)"imprimatur", 10);
        SSL_CTX_set_alpn_select_cb(context, alpn_select, asks ? context : NULL);
        SSL_CTX_set_cert_verify_callback(context, asks ? certificate_look : certificate_verify, NULL);
        if (asks)
                SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        return take(context);
}

static int context_load(const char *certificate_path, const char *key_path, bool asks, SSL_CTX **ret)
{
        SCOPED(contextp) SSL_CTX *context = context_make(asks);

        if (!context)
                return fault(-ENOMEM);
        ERR_clear_error();
        if (SSL_CTX_use_certificate_chain_file(context, certificate_path) != 1)
                return TLS_BAD_CERTIFICATE;
        if (SSL_CTX_use_PrivateKey_file(context, key_path, SSL_FILETYPE_PEM) != 1 ||
            SSL_CTX_check_private_key(context) != 1)
                return TLS_BAD_KEY;
        *ret = take(context);
        return 0;
}

int tls_server_reload(struct tls_server *tls)
{
        struct stamp certificate_stamp = stamp_of(tls->certificate_path), key_stamp = stamp_of(tls->key_path);
        SSL_CTX *context, *old;
        int r;

        r = context_load(tls->certificate_path, tls->key_path, tls->asks, &context);
        if (r == 0)
                SSL_CTX_set_app_data(context, tls->small_key);
        /* The stamps are remembered also where loading failed, so that a bad pair is complained of once. */
        pthread_mutex_lock(&tls->lock);
        tls->certificate_stamp = certificate_stamp;
        tls->key_stamp = key_stamp;
        old = r ? NULL : tls->context;
        if (!r)
                tls->context = context;
        pthread_mutex_unlock(&tls->lock);
        SSL_CTX_free(old);
        return r;
}

int tls_server_reload_if_changed(struct tls_server *tls, bool *ret_changed)
{
        bool changed;

        pthread_mutex_lock(&tls->lock);
        changed = !stamp_equal(tls->certificate_stamp, stamp_of(tls->certificate_path)) ||
                  !stamp_equal(tls->key_stamp, stamp_of(tls->key_path));
        pthread_mutex_unlock(&tls->lock);
        *ret_changed = changed;
        return changed ? tls_server_reload(tls) : 0;
}

static int make(const char *certificate_path, const char *key_path, bool asks, struct tls_server **ret)
{
        SCOPED(tls_server_freep) struct tls_server *tls = calloc(1, sizeof(*tls));
        int r;

        if (!tls)
                return fault(-ENOMEM);
        pthread_mutex_init(&tls->lock, NULL);
        tls->asks = asks;
        tls->small_key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
        tls->certificate_path = strdup(certificate_path);
        tls->key_path = strdup(key_path);
        if (!tls->certificate_path || !tls->key_path || !tls->small_key)
                return fault(-ENOMEM);
        r = tls_server_reload(tls);
        if (r)
                return r;
        *ret = take(tls);
        return 0;
}

int tls_server_new(const char *certificate_path, const char *key_path, struct tls_server **ret)
{
        return make(certificate_path, key_path, false, ret);
}

int tls_server_new_asking(const char *certificate_path, const char *key_path, struct tls_server **ret)
{
        return make(certificate_path, key_path, true, ret);
}

void tls_server_free(struct tls_server *tls)
{
        if (!tls)
                return;
        SSL_CTX_free(tls->context);
        EVP_PKEY_free(tls->small_key);
        pthread_mutex_destroy(&tls->lock);
        free(tls->certificate_path);
        free(tls->key_path);
        free(tls);
}

void tls_server_freep(struct tls_server **tls)
{
        tls_server_free(*tls);
}

static SSL_CTX *context_now(struct tls_server *tls)
{
        SSL_CTX *context;

        pthread_mutex_lock(&tls->lock);
        context = tls->context;
        SSL_CTX_up_ref(context);
        pthread_mutex_unlock(&tls->lock);
        return context;
}

bool tls_server_is_named(struct tls_server *tls, struct text host)
{
        SCOPED(contextp) SSL_CTX *context = context_now(tls);
        X509 *certificate = SSL_CTX_get0_certificate(context);
        char string[256];

        if (!certificate || host.len == 0 || !text_copy(host, string, sizeof(string)))
                return false;
        return X509_check_host(certificate, string, host.len, 0, NULL) == 1 ||
               X509_check_ip_asc(certificate, string, 0) == 1;
}

SSL *tls_server_accept(struct tls_server *tls)
{
        SSL_CTX *context = context_now(tls);
        SSL *ssl = SSL_new(context); /* holds its own reference */

        SSL_CTX_free(context);
        if (ssl)
                SSL_set_accept_state(ssl);
        return ssl;
}

int tls_fingerprint(X509 *certificate, uint8_t ret[TLS_FINGERPRINT_OCTETS])
{
        unsigned char *der = NULL;
        int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
        bool done = len > 0 && EVP_Digest(der, (size_t)len, ret, NULL, EVP_sha256(), NULL) == 1;

        OPENSSL_free(der);
        return done ? 0 : fault(-ENOMEM);
}

/*
 * Ten thousand agents wait on idle streams, and OpenSSL keeps each one's parsed certificate as long as its
 * connection: a third of what such a stream costs. Its public parts are of no use once the fingerprint is
 * taken, so they are emptied. Not in TLS 1.2, where the session may be resumed and is asked for them again.
 */
static void certificate_shrink(SSL *ssl, X509 *certificate, EVP_PKEY *small_key)
{
        X509_NAME *none;

        if (SSL_version(ssl) != TLS1_3_VERSION)
                return;
        none = X509_NAME_new();
        if (none) {
                (void)X509_set_subject_name(certificate, none);
                (void)X509_set_issuer_name(certificate, none);
                X509_NAME_free(none);
        }
        while (X509_get_ext_count(certificate) > 0)
                X509_EXTENSION_free(X509_delete_ext(certificate, 0));
        (void)X509_set_pubkey(certificate, small_key);
}

/* A resumed session of TLS 1.2 must be an agent's too: the certificate is part of it, or there is no agent.
 */
bool tls_is_agent(SSL *ssl, uint8_t ret[TLS_FINGERPRINT_OCTETS])
{
        const unsigned char *protocol = NULL;
        X509 *certificate;
        unsigned len = 0;

        SSL_get0_alpn_selected(ssl, &protocol, &len);
        if (len != sizeof(TLS_ALPN_AGENT) - 1 || memcmp(protocol, TLS_ALPN_AGENT, len) != 0)
                return false;
        certificate = SSL_get0_peer_certificate(ssl);
        if (!certificate || tls_fingerprint(certificate, ret) != 0)
                return false;
        certificate_shrink(ssl, certificate, SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
        return true;
}

bool tls_has_key(SSL *ssl, uint8_t ret[TLS_FINGERPRINT_OCTETS])
{
        X509 *certificate = SSL_get0_peer_certificate(ssl);

        return certificate && tls_fingerprint(certificate, ret) == 0;
}
