// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * channels: many agents, each with a key of its own, that enrol and then keep one idle event stream open.
 *
 *      channels https://HOST:PORT/ < codes
 *
 * One enrolment code a line on standard input. Prints "open N" when all streams stand, keeps them until
 * standard input's end has been followed by a signal, and answers nothing meanwhile.
 */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "wire.h"

#define CHANNELS_MAX 20000

static void use_own_key(SSL_CTX *context)
{
        EVP_PKEY *key = EVP_EC_gen("P-256");
        X509 *certificate = X509_new();
        X509_NAME *name = X509_get_subject_name(certificate);

        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
        X509_set_pubkey(certificate, key);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"bench", -1, -1, 0);
        X509_set_issuer_name(certificate, name);
        X509_sign(certificate, key, EVP_sha256());
        SSL_CTX_use_certificate(context, certificate);
        SSL_CTX_use_PrivateKey(context, key);
        X509_free(certificate);
        EVP_PKEY_free(key);
}

static void request(struct wire *wire, const struct wire_address *address, const char *method,
                    const char *path, const char *body)
{
        char text[2048];
        int len;

        len = snprintf(
                text, sizeof(text),
                "%s %s HTTP/1.1\r\nHost: %s:%s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                method, path, address->host, address->port, strlen(body), body);
        wire_write(wire, text, (size_t)len);
}

static int open_channel(const struct wire_address *address, const char *code)
{
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        static const unsigned char protocol[] = "\20imprimatur-agent";
        struct wire *wire = malloc(sizeof(*wire));
        char body[512], name[64];
        size_t len;
        int status;
        static int number;

        use_own_key(context);
        SSL_CTX_set_alpn_protos(context, protocol, sizeof(protocol) - 1);
        wire_open(wire, context, address);
        snprintf(name, sizeof(name), "bench-%d", number++);
        snprintf(body, sizeof(body), "{\"code\":\"%s\",\"name\":\"%s\"}", code, name);
        request(wire, address, "POST", "/v1/agent/enrolment", body);
        status = wire_read_answer(wire, body, sizeof(body), &len);
        if (status / 100 != 2) {
                fprintf(stderr, "bench: enrolment refused: %d %.*s\n", status, (int)len, body);
                return 1;
        }
        request(wire, address, "GET", "/v1/agent/events", "");
        status = wire_read_head(wire);
        if (status != 200) {
                fprintf(stderr, "bench: event stream refused: %d\n", status);
                return 1;
        }
        /* Only the socket is needed from here on; the TLS state stays with the kernel's end of it. */
        SSL_CTX_free(context);
        free(wire);
        return 0;
}

int main(int argc, char **argv)
{
        struct rlimit files = { CHANNELS_MAX + 100, CHANNELS_MAX + 100 };
        struct wire_address address;
        char code[64];
        int count = 0;

        if (argc != 2 || !wire_address_parse(argv[1], &address)) {
                fprintf(stderr, "usage: channels https://HOST:PORT/ < codes\n");
                return 2;
        }
        setrlimit(RLIMIT_NOFILE, &files);
        while (count < CHANNELS_MAX && fgets(code, sizeof(code), stdin)) {
                code[strcspn(code, "\n")] = 0;
                if (open_channel(&address, code))
                        return 1;
                count++;
        }
        printf("open %d\n", count);
        fflush(stdout);
        pause();
        return 0;
}
