// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* TLS of the server: versions, agents, certificates that are made and changed. */

#include "net/test-http.h"

static int who(struct http_client *client, char *ret, size_t size)
{
        struct http_client_request request = { .path = "/who" };
        struct http_client_response response;
        int r = http_client_request(client, &request, &response);

        ret[0] = 0;
        if (r == 0)
                assert(response.status == 200 && text_copy(buffer_text(&response.body), ret, size));
        http_client_response_done(&response);
        return r;
}

static X509 *certificate_read(const char *path)
{
        FILE *file = fopen(path, "r");
        X509 *certificate;

        assert(file);
        certificate = PEM_read_X509(file, NULL, NULL, NULL);
        assert(certificate);
        fclose(file);
        return certificate;
}

static void test_agents(uint16_t port)
{
        struct http_client *person = client_of(port, NULL, true),
                           *agent = client_of(port, TLS_ALPN_AGENT, true),
                           *nobody = client_of(port, TLS_ALPN_AGENT, false);
        X509 *certificate = certificate_read(agent_certificate);
        uint8_t fingerprint[TLS_FINGERPRINT_OCTETS];
        char answer[256], expected[256];
        int r;

        assert(tls_fingerprint(certificate, fingerprint) == 0);
        X509_free(certificate);
        for (int i = 0; i < 3; i++) {
                snprintf(expected, sizeof(expected), "https 127.0.0.1 localhost:%u 1 %02x%02x%02x%02x\n",
                         port, fingerprint[0], fingerprint[1], fingerprint[2], fingerprint[3]);
                assert(who(agent, answer, sizeof(answer)) == 0 && strcmp(answer, expected) == 0);
        }
        snprintf(expected, sizeof(expected), "https 127.0.0.1 localhost:%u 0 00000000\n", port);
        assert(who(person, answer, sizeof(answer)) == 0 && strcmp(answer, expected) == 0);
        r = who(nobody, answer, sizeof(answer));
        assert(r == HTTP_CLIENT_TLS || r == HTTP_CLIENT_CUT);
        http_client_free(person);
        http_client_free(agent);
        http_client_free(nobody);
}

/* A handshake by OpenSSL itself; the session's version or 0 where the server refused. */
static int handshake(uint16_t port, int version, const char *alpn, const char *ciphers, SSL_SESSION **session,
                     bool *ret_resumed, char *ret_answer, size_t size)
{
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        SSL *ssl;
        int fd = dial(port), got = 0, r;
        size_t len = 0;

        assert(SSL_CTX_set_min_proto_version(context, version) &&
               SSL_CTX_set_max_proto_version(context, version));
        SSL_CTX_set_security_level(context, 0);
        if (ciphers)
                assert(SSL_CTX_set_cipher_list(context, ciphers));
        ssl = SSL_new(context);
        if (alpn)
                assert(SSL_set_alpn_protos(ssl, (const unsigned char *)alpn, (unsigned)strlen(alpn)) == 0);
        if (session && *session)
                SSL_set_session(ssl, *session);
        SSL_set_fd(ssl, fd);
        if (SSL_connect(ssl) == 1) {
                static const char request[] = "GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

                got = SSL_version(ssl);
                assert(SSL_write(ssl, request, sizeof(request) - 1) > 0);
                while ((r = SSL_read(ssl, ret_answer + len, (int)(size - len - 1))) > 0)
                        len += (size_t)r;
                *ret_resumed = SSL_session_reused(ssl);
                if (session) {
                        SSL_SESSION_free(*session);
                        *session = SSL_get1_session(ssl);
                }
        }
        ret_answer[len] = 0;
        SSL_shutdown(ssl);
        SSL_free(ssl);
        SSL_CTX_free(context);
        ERR_clear_error();
        close(fd);
        return got;
}

static void test_versions(uint16_t port)
{
        SSL_SESSION *session = NULL;
        char answer[1024];
        bool resumed;

        assert(handshake(port, TLS1_3_VERSION, NULL, NULL, NULL, &resumed, answer, sizeof(answer)) ==
               TLS1_3_VERSION);
        assert(strstr(answer, "200 OK"));
        assert(handshake(port, TLS1_1_VERSION, NULL, NULL, NULL, &resumed, answer, sizeof(answer)) == 0);
        assert(handshake(port, TLS1_2_VERSION, NULL, "ECDHE-ECDSA-AES128-SHA", NULL, &resumed, answer,
                         sizeof(answer)) == 0);
        assert(handshake(port, TLS1_3_VERSION, "\2h2", NULL, NULL, &resumed, answer, sizeof(answer)) == 0);

        /* TLS 1.2 resumes; and a person's session does not become an agent's. */
        assert(handshake(port, TLS1_2_VERSION, NULL, NULL, &session, &resumed, answer, sizeof(answer)) ==
               TLS1_2_VERSION);
        assert(!resumed);
        assert(handshake(port, TLS1_2_VERSION, NULL, NULL, &session, &resumed, answer, sizeof(answer)) ==
               TLS1_2_VERSION);
        assert(resumed && strstr(answer, "200 OK"));
        if (handshake(port, TLS1_2_VERSION, "\20imprimatur-agent", NULL, &session, &resumed, answer,
                      sizeof(answer)))
                assert(strstr(answer, " 0 00000000") || !answer[0]);
        SSL_SESSION_free(session);
}

/* A ClientHello that comes octet by octet is one all the same; other first octets end the connection. */
static void test_hellos(uint16_t port, struct http_server *server)
{
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        BIO *out = BIO_new(BIO_s_mem());
        SSL *ssl = SSL_new(context);
        struct pollfd answer;
        char octet, *hello;
        int fd = dial(port);
        long len;

        SSL_set_bio(ssl, BIO_new(BIO_s_mem()), out);
        assert(SSL_connect(ssl) < 0);
        len = BIO_get_mem_data(out, &hello);
        assert(len > 100);
        for (long i = 0; i < len; i++)
                assert(send(fd, hello + i, 1, MSG_NOSIGNAL) == 1);
        assert(recv(fd, &octet, 1, 0) == 1 && octet == 22);
        close(fd);
        SSL_free(ssl);
        SSL_CTX_free(context);

        fd = dial(port);
        say(fd, "GET / HTTP/1.1\r\n");
        assert(hear_all(fd)[0] == 0);
        /* Nothing more will come, and nobody waits for it. */
        fd = dial(port);
        assert(send(fd, "\26\3\1", 3, MSG_NOSIGNAL) == 3 && shutdown(fd, SHUT_WR) == 0);
        answer = (struct pollfd){ fd, POLLIN, 0 };
        assert(poll(&answer, 1, 5000) == 1);
        assert(hear_all(fd)[0] == 0);
        while (http_server_count(server).connections_now > 0)
                sched_yield();
}

static void copy_file(const char *from, const char *to)
{
        char octets[8192];
        FILE *in = fopen(from, "r"), *out = fopen(to, "w");
        size_t len;

        assert(in && out);
        len = fread(octets, 1, sizeof(octets), in);
        assert(fwrite(octets, 1, len, out) == len);
        fclose(in);
        fclose(out);
}

/* A new certificate is used by new connections, a broken one by none, and old connections live on. */
static void test_reload(uint16_t port, struct tls_server *tls)
{
        struct http_client *old = client_of(port, NULL, false), *new;
        char answer[256], saved[160];
        bool changed;

        assert(who(old, answer, sizeof(answer)) == 0);
        snprintf(saved, sizeof(saved), "%s.saved", certificate_path);
        copy_file(certificate_path, saved);

        assert(tls_server_reload_if_changed(tls, &changed) == 0 && !changed);
        copy_file(agent_certificate, certificate_path);
        assert(tls_server_reload_if_changed(tls, &changed) == TLS_BAD_KEY && changed);
        assert(tls_server_reload_if_changed(tls, &changed) == 0 && !changed);

        assert(unlink(certificate_path) == 0 && unlink(key_path) == 0);
        assert(tls_certificate_make(certificate_path, key_path, "localhost,127.0.0.1", &changed) == 0 &&
               changed);
        assert(tls_server_reload(tls) == 0);
        assert(who(old, answer, sizeof(answer)) == 0);
        new = client_of(port, NULL, false);
        assert(who(new, answer, sizeof(answer)) == 0);
        http_client_free(new);
        http_client_free(old);
        copy_file(saved, certificate_path);
        old = client_of(port, NULL, false);
        assert(who(old, answer, sizeof(answer)) == HTTP_CLIENT_UNTRUSTED);
        http_client_free(old);
        unlink(saved);
}

static void test_certificate_files(void)
{
        struct stat st;
        bool made;

        assert(stat(key_path, &st) == 0 && (st.st_mode & 0777) == 0600);
        assert(tls_certificate_make(certificate_path, key_path, "localhost", &made) == 0 && !made);
        assert(tls_certificate_make("/tmp/none-such/c", "/tmp/none-such/k", "bad name", &made) ==
               TLS_BAD_CERTIFICATE);
        assert(tls_certificate_make("/tmp/none-such/c", "/tmp/none-such/k", "good", &made) == -ENOENT);
        assert(tls_certificate_make(certificate_path, "/tmp/none-such/k", "good", &made) == TLS_BAD_KEY);
        /* The key of a start that crashed before it had its certificate is used. */
        assert(unlink(certificate_path) == 0);
        assert(tls_certificate_make(certificate_path, key_path, "localhost,127.0.0.1,::1", &made) == 0 &&
               made);
}

static void test_names(struct tls_server *tls)
{
        static const struct {
                const char *host;
                bool is_named;
        } rows[] = {
                { "localhost", true },
                { "LOCALHOST", true },
                { "127.0.0.1", true },
                { "::1", true },
                { "", false },
                { "localhost.example", false },
                { "print.example", false },
                { "127.0.0.2", false },
                { "::2", false },
                { "*", false },
                { "localhost.", false },
                { ".localhost", false },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                assert(tls_server_is_named(tls, text_from(rows[i].host)) == rows[i].is_named);
}

int main(void)
{
        struct http_server *server;
        struct tls_server *tls;
        uint16_t port;

        tests_start();
        test_certificate_files();
        assert(tls_server_new(certificate_path, key_path, &tls) == 0);
        test_names(tls);
        server = server_start(short_limits(), tls, &port);
        test_hellos(port, server);
        test_agents(port);
        test_versions(port);
        test_reload(port, tls);
        http_server_free(server);
        tls_server_free(tls);
        paths_remove();
        return 0;
}
