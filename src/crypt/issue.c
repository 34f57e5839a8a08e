// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/issue.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/issue-part.h"
#include "crypt/openssl.h"
#include "crypt/random.h"

static void names_freep(GENERAL_NAMES **names)
{
        GENERAL_NAMES_free(*names);
}

static void pkcs7_freep(PKCS7 **message)
{
        PKCS7_free(*message);
}

bool issue_name_is_good(const char *name)
{
        static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
        uint8_t octets[16];

        if (inet_pton(AF_INET, name, octets) == 1 || inet_pton(AF_INET6, name, octets) == 1)
                return true;
        return name[0] && strlen(name) < ISSUE_NAME && strspn(name, good) == strlen(name) && name[0] != '.' &&
               name[0] != '-' && !strstr(name, "..");
}

static EVP_PKEY *read_key(struct text key_info)
{
        const unsigned char *at = (const unsigned char *)key_info.at;
        EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)key_info.len);

        if (key && at != (const unsigned char *)key_info.at + key_info.len) {
                EVP_PKEY_free(key);
                return NULL;
        }
        return key;
}

static X509 *read_der(struct text der)
{
        const unsigned char *at = (const unsigned char *)der.at;

        return der.len > 0 && der.len <= INT32_MAX ? d2i_X509(NULL, &at, (long)der.len) : NULL;
}

static int set_serial(X509 *x509, uint8_t ret[ISSUE_SERIAL_OCTETS])
{
        BIGNUM *number;
        bool done;

        random_octets(ret, ISSUE_SERIAL_OCTETS);
        /* Positive, and of that many octets. */
        ret[0] = (uint8_t)((ret[0] & 0x7f) | 0x40);
        number = BN_bin2bn(ret, ISSUE_SERIAL_OCTETS, NULL);
        done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
        BN_free(number);
        return done ? 0 : fault(openssl_failed());
}

static bool set_time(ASN1_TIME *time, int64_t ms)
{
        return ASN1_TIME_adj(time, (time_t)(ms / 1000), 0, 0);
}

/* value is one of ours, in OpenSSL's own small language. */
static int add_extension(X509 *x509, int nid, const char *value)
{
        SCOPED(extension_freep) X509_EXTENSION *extension = NULL;
        X509V3_CTX context;

        X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
        extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
        return extension && X509_add_ext(x509, extension, -1) ? 0 : fault(openssl_failed());
}

static bool push_name(GENERAL_NAMES *names, int type, const void *octets, size_t len)
{
        GENERAL_NAME *name = GENERAL_NAME_new();
        ASN1_STRING *value = type == GEN_IPADD ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();

        if (!name || !value || !ASN1_STRING_set(value, octets, (int)len)) {
                GENERAL_NAME_free(name);
                ASN1_STRING_free(value);
                return false;
        }
        GENERAL_NAME_set0_value(name, type, value);
        if (sk_GENERAL_NAME_push(names, name))
                return true;
        GENERAL_NAME_free(name);
        return false;
}

static int add_names(X509 *x509, const struct issue_draft *draft)
{
        SCOPED(names_freep) GENERAL_NAMES *names = GENERAL_NAMES_new();
        char uri[ISSUE_URI];
        uint8_t octets[16];

        if (!names)
                return fault(-ENOMEM);
        for (size_t i = 0; draft->names[i]; i++) {
                const char *name = draft->names[i];
                size_t len = inet_pton(AF_INET, name, octets) == 1    ? 4
                             : inet_pton(AF_INET6, name, octets) == 1 ? 16
                                                                      : 0;

                if (i == ISSUE_NAMES_MAX || !issue_name_is_good(name))
                        return ISSUE_BAD_NAME;
                if (len ? !push_name(names, GEN_IPADD, octets, len)
                        : !push_name(names, GEN_DNS, name, strlen(name)))
                        return fault(-ENOMEM);
        }
        if (sk_GENERAL_NAME_num(names) == 0)
                return ISSUE_BAD_NAME;
        issue_uri(draft->subject, uri);
        if (!push_name(names, GEN_URI, uri, strlen(uri)) ||
            X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) != 1)
                return fault(openssl_failed());
        return 0;
}

static bool add_name_entry(X509_NAME *name, const char *field, const char *value)
{
        return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)value, -1, -1,
                                          0) == 1;
}

static int draw_root(X509 *x509, const struct issue_draft *draft)
{
        X509_NAME *name = X509_get_subject_name(x509);
        char tenant[ID_STRING];
        int r;

        id_format(draft->tenant, tenant);
        if (!add_name_entry(name, "CN", draft->title) || !add_name_entry(name, "serialNumber", tenant))
                return ERR_clear_error(), ISSUE_BAD_NAME;
        if (!X509_set_issuer_name(x509, name))
                return fault(openssl_failed());
        r = add_extension(x509, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
        if (r == 0)
                r = add_extension(x509, NID_key_usage, "critical,keyCertSign,cRLSign");
        return r ? r : add_extension(x509, NID_subject_key_identifier, "hash");
}

/* The identifier that the root has of its key. */
static int add_issuer_key(X509 *x509, X509 *root)
{
        const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(root);
        AUTHORITY_KEYID *key = AUTHORITY_KEYID_new();
        int added = 0;

        if (key && id)
                key->keyid = ASN1_OCTET_STRING_dup(id);
        if (key && key->keyid)
                added = X509_add1_ext_i2d(x509, NID_authority_key_identifier, key, 0, X509V3_ADD_DEFAULT);
        AUTHORITY_KEYID_free(key);
        return added == 1 ? 0 : fault(openssl_failed());
}

static int draw_issued(X509 *x509, const struct issue_draft *draft, bool is_rsa)
{
        SCOPED(x509_freep) X509 *root = read_der(draft->root);
        char common_name[65];
        int r;

        if (!root || !X509_set_issuer_name(x509, X509_get_subject_name(root)))
                return fault(openssl_failed());
        snprintf(common_name, sizeof(common_name), "%.64s", draft->names[0] ? draft->names[0] : "");
        if (!add_name_entry(X509_get_subject_name(x509), "CN", common_name))
                return ERR_clear_error(), ISSUE_BAD_NAME;
        r = add_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
        /* Old suites of printers agree on a key by RSA. */
        if (r == 0)
                r = add_extension(x509, NID_key_usage,
                                  is_rsa ? "critical,digitalSignature,keyEncipherment"
                                         : "critical,digitalSignature");
        if (r == 0)
                r = add_extension(x509, NID_ext_key_usage, "serverAuth,clientAuth");
        if (r == 0)
                r = add_extension(x509, NID_subject_key_identifier, "hash");
        if (r == 0)
                r = add_issuer_key(x509, root);
        return r ? r : add_names(x509, draft);
}

/* Signed by a key that is thrown away: what is wanted is what stands before the signature. */
static int write_draft(X509 *x509, struct buffer *ret)
{
        SCOPED(key_freep) EVP_PKEY *nobody = EVP_EC_gen("P-256");
        unsigned char *der = NULL;
        int len;

        if (!nobody || !X509_sign(x509, nobody, EVP_sha256()))
                return fault(openssl_failed());
        len = i2d_re_X509_tbs(x509, &der);
        if (len <= 0)
                return fault(openssl_failed());
        buffer_add(ret, der, (size_t)len);
        OPENSSL_free(der);
        return ret->failure;
}

int issue_draft(const struct issue_draft *draft, struct buffer *ret, uint8_t ret_serial[ISSUE_SERIAL_OCTETS])
{
        SCOPED(buffer_done) struct buffer own = BUFFER(256);
        SCOPED(x509_freep) X509 *x509 = X509_new();
        SCOPED(key_freep) EVP_PKEY *key = NULL;
        bool is_root = draft->root.len == 0;
        int r = authority_key_info(draft->key, &own);

        if (r)
                return r;
        key = read_key(is_root ? buffer_text(&own) : draft->key_info);
        if (!x509 || !key || !X509_set_version(x509, X509_VERSION_3) || !X509_set_pubkey(x509, key) ||
            !set_time(X509_getm_notBefore(x509), draft->from_ms) ||
            !set_time(X509_getm_notAfter(x509), draft->until_ms))
                return fault(openssl_failed());
        r = set_serial(x509, ret_serial);
        if (r == 0)
                r = is_root ? draw_root(x509, draft)
                            : draw_issued(x509, draft, EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA);
        return r ? r : write_draft(x509, ret);
}

/* ---- around the signature ---- */

static void add_header(struct buffer *to, uint8_t tag, size_t len)
{
        buffer_add_octet(to, tag);
        if (len >= 0x100) {
                buffer_add_octet(to, 0x82);
                buffer_add_octet(to, (uint8_t)(len >> 8));
        } else if (len >= 0x80) {
                buffer_add_octet(to, 0x81);
        }
        buffer_add_octet(to, (uint8_t)len);
}

int issue_seal(struct text draft, struct text signature, struct buffer *ret)
{
        /* ecdsa-with-SHA256 (RFC 5758, section 3.2) */
        static const uint8_t algorithm[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                             0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };
        SCOPED(buffer_done) struct buffer inner = BUFFER(ISSUE_DRAFT_MAX + 256);

        buffer_add_text(&inner, draft);
        buffer_add(&inner, algorithm, sizeof(algorithm));
        add_header(&inner, 0x03, signature.len + 1);
        buffer_add_octet(&inner, 0);
        buffer_add_text(&inner, signature);
        add_header(ret, 0x30, inner.len);
        buffer_add_text(ret, buffer_text(&inner));
        return inner.failure ? fault(inner.failure) : ret->failure;
}

int issue_pem(struct text der, struct buffer *ret)
{
        SCOPED(x509_freep) X509 *x509 = read_der(der);
        SCOPED(bio_freep) BIO *bio = BIO_new(BIO_s_mem());
        char *octets;
        long len;

        if (!x509 || !bio || !PEM_write_bio_X509(bio, x509))
                return fault(openssl_failed());
        len = BIO_get_mem_data(bio, &octets);
        buffer_add(ret, octets, (size_t)len);
        return ret->failure;
}

int issue_bundle(const struct text *ders, size_t count, struct buffer *ret)
{
        SCOPED(pkcs7_freep) PKCS7 *message = PKCS7_new();
        unsigned char *der = NULL;
        int len;

        if (!message || !PKCS7_set_type(message, NID_pkcs7_signed) ||
            !PKCS7_content_new(message, NID_pkcs7_data) || !PKCS7_set_detached(message, 1))
                return fault(openssl_failed());
        for (size_t i = 0; i < count; i++) {
                SCOPED(x509_freep) X509 *x509 = read_der(ders[i]);

                if (!x509 || !PKCS7_add_certificate(message, x509))
                        return fault(openssl_failed());
        }
        len = i2d_PKCS7(message, &der);
        if (len <= 0)
                return fault(openssl_failed());
        buffer_add(ret, der, (size_t)len);
        OPENSSL_free(der);
        return ret->failure;
}
