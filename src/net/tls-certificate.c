// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "net/tls.h"

/* The longest that browsers believe (CA/Browser Forum), though they will ask about this one anyway. */
#define VALID_DAYS 397

static void keyp(EVP_PKEY **key)
{
        EVP_PKEY_free(*key);
}

static void x509p(X509 **certificate)
{
        X509_free(*certificate);
}

static void biop(BIO **bio)
{
        BIO_free_all(*bio);
}

/* Names go into the text form of an extension: only what cannot be anything else there. */
static bool name_is_good(struct text name)
{
        if (name.len == 0 || name.len > 253)
                return false;
        for (size_t i = 0; i < name.len; i++) {
                char c = name.at[i];

                if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
                    c != '-' && c != '.' && c != ':' && c != '*')
                        return false;
        }
        return true;
}

/* "DNS:host,IP:192.0.2.1", and the first name for the subject. */
static int names_format(const char *names, struct buffer *alternatives, char first[254])
{
        struct text name, rest = text_from(names);
        uint8_t address[16];
        char string[254];

        while (rest.len > 0) {
                (void)text_cut(rest, ',', &name, &rest);
                name = text_trim(name);
                if (!name_is_good(name) || !text_copy(name, string, sizeof(string)))
                        return TLS_BAD_CERTIFICATE;
                if (alternatives->len == 0)
                        memcpy(first, string, sizeof(string));
                buffer_format(alternatives, "%s%s:%s", alternatives->len ? "," : "",
                              inet_pton(AF_INET, string, address) == 1 ||
                                              inet_pton(AF_INET6, string, address) == 1
                                      ? "IP"
                                      : "DNS",
                              string);
        }
        if (alternatives->failure)
                return fault(alternatives->failure);
        return alternatives->len ? 0 : TLS_BAD_CERTIFICATE;
}

static bool extension_add(X509 *certificate, int nid, const char *value)
{
        X509_EXTENSION *extension;
        X509V3_CTX context;
        bool done;

        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
        extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
        done = extension && X509_add_ext(certificate, extension, -1) == 1;
        X509_EXTENSION_free(extension);
        return done;
}

static bool serial_set(X509 *certificate)
{
        BIGNUM *number = BN_new();
        bool done = number && BN_rand(number, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));

        BN_free(number);
        return done;
}

/* The subject is the first name, cut to what a common name may hold; it is the issuer too. */
static bool subject_set(X509 *certificate, const char *name)
{
        X509_NAME *subject = X509_get_subject_name(certificate);
        int len = strlen(name) < 64 ? (int)strlen(name) : 64;

        return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *)name,
                                          len, -1, 0) == 1 &&
               X509_set_issuer_name(certificate, subject) == 1;
}

static bool certificate_fill(X509 *certificate, EVP_PKEY *key, const char *name, const char *alternatives)
{
        return X509_set_version(certificate, X509_VERSION_3) == 1 && serial_set(certificate) &&
               X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) &&
               X509_time_adj_ex(X509_getm_notAfter(certificate), VALID_DAYS, -3600, NULL) &&
               subject_set(certificate, name) && X509_set_pubkey(certificate, key) == 1 &&
               extension_add(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
               extension_add(certificate, NID_key_usage, "critical,digitalSignature") &&
               extension_add(certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
               extension_add(certificate, NID_subject_key_identifier, "hash") &&
               extension_add(certificate, NID_subject_alt_name, alternatives) &&
               X509_sign(certificate, key, EVP_sha256()) > 0;
}

/* Written beside its place, synced, then renamed: after a crash the file is whole or not there. */
static int file_write(const char *path, mode_t mode, BIO *content)
{
        SCOPED(buffer_done) struct buffer beside = BUFFER(4096);
        SCOPED(closep) int fd = -1;
        char *octets;
        long len = BIO_get_mem_data(content, &octets);

        buffer_format(&beside, "%s.new", path);
        if (!buffer_string(&beside))
                return fault(-ENAMETOOLONG);
        (void)unlink(buffer_string(&beside));
        fd = open(buffer_string(&beside), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd < 0)
                return fault(-errno);
        if (fchmod(fd, mode) < 0)
                return fault(-errno);
        if (write(fd, octets, (size_t)len) != len || fsync(fd) < 0)
                return fault(errno ? -errno : -EIO);
        if (rename(buffer_string(&beside), path) < 0)
                return fault(-errno);
        return 0;
}

static int key_write(const char *path, EVP_PKEY *key)
{
        /* Secure memory, where the process has some, is wiped when it is freed. */
        SCOPED(biop) BIO *content = BIO_new(BIO_s_secmem());

        if (!content || PEM_write_bio_PrivateKey(content, key, NULL, NULL, 0, NULL, NULL) != 1)
                return fault(-ENOMEM);
        return file_write(path, 0600, content);
}

static int certificate_write(const char *path, X509 *certificate)
{
        SCOPED(biop) BIO *content = BIO_new(BIO_s_mem());

        if (!content || PEM_write_bio_X509(content, certificate) != 1)
                return fault(-ENOMEM);
        return file_write(path, 0644, content);
}

static int key_read(const char *path, EVP_PKEY **ret)
{
        SCOPED(biop) BIO *content = BIO_new_file(path, "r");

        *ret = content ? PEM_read_bio_PrivateKey(content, NULL, NULL, (void *)"") : NULL;
        return *ret ? 0 : TLS_BAD_KEY;
}

/* A key without a certificate is what a crash between the two leaves: it is used, not replaced. */
static int key_make(const char *path, EVP_PKEY **ret)
{
        if (access(path, F_OK) == 0)
                return key_read(path, ret);
        *ret = EVP_EC_gen("P-256");
        return *ret ? key_write(path, *ret) : fault(-ENOMEM);
}

int tls_certificate_make(const char *certificate_path, const char *key_path, const char *names,
                         bool *ret_made)
{
        SCOPED(buffer_done) struct buffer alternatives = BUFFER(8192);
        SCOPED(keyp) EVP_PKEY *key = NULL;
        SCOPED(x509p) X509 *certificate = NULL;
        char first[254];
        int r;

        if (access(certificate_path, F_OK) == 0) {
                *ret_made = false;
                return access(key_path, F_OK) == 0 ? 0 : TLS_BAD_KEY;
        }
        r = names_format(names, &alternatives, first);
        if (r)
                return r;
        r = key_make(key_path, &key);
        if (r)
                return r;
        certificate = X509_new();
        if (!certificate)
                return fault(-ENOMEM);
        if (!certificate_fill(certificate, key, first, buffer_string(&alternatives)))
                return TLS_BAD_CERTIFICATE;
        r = certificate_write(certificate_path, certificate);
        if (r)
                return r;
        *ret_made = true;
        return 0;
}
