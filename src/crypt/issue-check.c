// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a certificate must be, so that the authority signs it. Everything that is not named here is refused.
 */

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/certificate-request.h"
#include "crypt/issue-part.h"
#include "crypt/openssl.h"

#define DAY_MS   86400000LL
#define SLACK_MS (2 * 3600000LL) /* that two clocks, and the hour a certificate is dated back, may make */

static void names_freep(GENERAL_NAMES **names)
{
        GENERAL_NAMES_free(*names);
}

static void bits_freep(ASN1_BIT_STRING **bits)
{
        ASN1_BIT_STRING_free(*bits);
}

static void basic_freep(BASIC_CONSTRAINTS **basic)
{
        BASIC_CONSTRAINTS_free(*basic);
}

static void usage_freep(EXTENDED_KEY_USAGE **usage)
{
        EXTENDED_KEY_USAGE_free(*usage);
}

/* The octets are read as a certificate with an empty signature, and must come out again as they went in: no
 * second way of saying the same is signed. */
static X509 *read_draft(struct text draft)
{
        SCOPED(buffer_done) struct buffer whole = BUFFER(ISSUE_DRAFT_MAX + 64);
        const unsigned char *at;
        unsigned char *again = NULL;
        X509 *x509;
        int len;

        if (draft.len == 0 || draft.len > ISSUE_DRAFT_MAX || issue_seal(draft, TEXT_OF(""), &whole) != 0)
                return NULL;
        at = (const unsigned char *)whole.at;
        x509 = d2i_X509(NULL, &at, (long)whole.len);
        if (!x509)
                return NULL;
        len = i2d_re_X509_tbs(x509, &again);
        if (at != (const unsigned char *)whole.at + whole.len || len < 0 || (size_t)len != draft.len ||
            memcmp(again, draft.at, draft.len) != 0) {
                X509_free(x509);
                x509 = NULL;
        }
        OPENSSL_free(again);
        return x509;
}

static bool ms_of(const ASN1_TIME *time, int64_t *ret)
{
        struct tm broken;

        if (!ASN1_TIME_to_tm(time, &broken))
                return false;
        *ret = (int64_t)timegm(&broken) * 1000;
        return true;
}

static bool times_are_good(const X509 *x509, const struct issue_rule *rule)
{
        int64_t days = rule->is_root ? ISSUE_ROOT_DAYS_MAX : ISSUE_DAYS_MAX;
        int64_t from, until;

        return ms_of(X509_get0_notBefore(x509), &from) && ms_of(X509_get0_notAfter(x509), &until) &&
               from >= rule->now_ms - SLACK_MS && from <= rule->now_ms + SLACK_MS && until > from &&
               until - from <= days * DAY_MS + SLACK_MS;
}

/* One value of that field, and it is this one. */
static bool name_has(const X509_NAME *name, int nid, const char *wanted)
{
        int at = X509_NAME_get_index_by_NID(name, nid, -1);
        const ASN1_STRING *value;

        if (at < 0 || X509_NAME_get_index_by_NID(name, nid, at) >= 0)
                return false;
        value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
        return value && (size_t)ASN1_STRING_length(value) == strlen(wanted) &&
               memcmp(ASN1_STRING_get0_data(value), wanted, strlen(wanted)) == 0;
}

/* The field is there, critical or not as it is to be. */
static void *extension(X509 *x509, int nid, bool critical)
{
        int is_critical = 0;
        void *value = X509_get_ext_d2i(x509, nid, &is_critical, NULL);

        /* A caller that gets nothing refuses; that of the wrong kind is freed as an extension. */
        if (value && (is_critical == 1) != critical) {
                const X509V3_EXT_METHOD *method = X509V3_EXT_get_nid(nid);

                ASN1_item_free(value, ASN1_ITEM_ptr(method->it));
                return NULL;
        }
        return value;
}

static bool only_these(const X509 *x509, const int *nids, size_t count)
{
        if (X509_get_ext_count(x509) != (int)count)
                return false;
        for (size_t i = 0; i < count; i++)
                if (X509_get_ext_by_NID(x509, nids[i], -1) < 0)
                        return false;
        return true;
}

static bool constraints_are(X509 *x509, bool is_root)
{
        SCOPED(basic_freep) BASIC_CONSTRAINTS *basic = extension(x509, NID_basic_constraints, true);

        if (!basic)
                return false;
        if (!is_root)
                return !basic->ca && !basic->pathlen;
        return basic->ca && basic->pathlen && ASN1_INTEGER_get(basic->pathlen) == 0;
}

/* The bits of KeyUsage, first octet first. */
static bool usage_is(X509 *x509, unsigned wanted, unsigned also)
{
        SCOPED(bits_freep) ASN1_BIT_STRING *bits = extension(x509, NID_key_usage, true);
        unsigned got = 0;

        if (!bits || ASN1_STRING_length(bits) != 1)
                return false;
        got = ASN1_STRING_get0_data(bits)[0];
        return got == wanted || got == (wanted | also);
}

static bool purposes_are_good(X509 *x509)
{
        SCOPED(usage_freep) EXTENDED_KEY_USAGE *usage = extension(x509, NID_ext_key_usage, false);

        for (int i = 0; usage && i < sk_ASN1_OBJECT_num(usage); i++) {
                int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usage, i));

                if (nid != NID_server_auth && nid != NID_client_auth)
                        return false;
        }
        return usage && sk_ASN1_OBJECT_num(usage) > 0;
}

static bool string_is_name(const ASN1_STRING *value)
{
        char name[ISSUE_NAME];

        return text_copy(text_from_octets(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)),
                         name, sizeof(name)) &&
               strlen(name) == (size_t)ASN1_STRING_length(value) && issue_name_is_good(name);
}

/* Hosts, and one URI that says whose it is. */
static bool names_are_good(X509 *x509, struct id subject)
{
        SCOPED(names_freep) GENERAL_NAMES *names = extension(x509, NID_subject_alt_name, false);
        char uri[ISSUE_URI];
        int uris = 0, hosts = 0;

        issue_uri(subject, uri);
        for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
                const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
                int len;

                switch (name->type) {
                case GEN_DNS:
                        if (!string_is_name(name->d.dNSName))
                                return false;
                        hosts++;
                        break;
                case GEN_IPADD:
                        len = ASN1_STRING_length(name->d.iPAddress);
                        if (len != 4 && len != 16)
                                return false;
                        hosts++;
                        break;
                case GEN_URI:
                        len = ASN1_STRING_length(name->d.uniformResourceIdentifier);
                        if ((size_t)len != strlen(uri) ||
                            memcmp(ASN1_STRING_get0_data(name->d.uniformResourceIdentifier), uri,
                                   (size_t)len) != 0)
                                return false;
                        uris++;
                        break;
                default: return false;
                }
        }
        return uris == 1 && hosts >= 1 && hosts <= ISSUE_NAMES_MAX;
}

/* -1: it could not be compared. */
static int key_is_own(X509 *x509, const uint8_t *key)
{
        SCOPED(buffer_done) struct buffer own = BUFFER(256);
        unsigned char *der = NULL;
        int len, equal;

        if (authority_key_info(key, &own) != 0)
                return -1;
        len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
        equal = len > 0 ? (size_t)len == own.len && memcmp(der, own.at, own.len) == 0 : -1;
        OPENSSL_free(der);
        return equal;
}

static bool root_is_good(X509 *x509, const struct issue_rule *rule)
{
        static const int nids[] = { NID_basic_constraints, NID_key_usage, NID_subject_key_identifier };

        return only_these(x509, nids, ARRAY_LENGTH(nids)) && constraints_are(x509, true) &&
               usage_is(x509, 0x06, 0) && key_is_own(x509, rule->key) == 1 &&
               X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
}

static bool issued_is_good(X509 *x509, const struct issue_rule *rule)
{
        static const int nids[] = { NID_basic_constraints,
                                    NID_key_usage,
                                    NID_ext_key_usage,
                                    NID_subject_key_identifier,
                                    NID_authority_key_identifier,
                                    NID_subject_alt_name };

        return only_these(x509, nids, ARRAY_LENGTH(nids)) && constraints_are(x509, false) &&
               usage_is(x509, 0x80, 0x20) && purposes_are_good(x509) && names_are_good(x509, rule->subject) &&
               key_is_own(x509, rule->key) == 0 && certificate_key_is_good(X509_get0_pubkey(x509)) &&
               X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) != 0;
}

int issue_check(struct text draft, const struct issue_rule *rule)
{
        SCOPED(x509_freep) X509 *x509 = read_draft(draft);
        char tenant[ID_STRING];
        bool good;

        id_format(rule->tenant, tenant);
        good = x509 && X509_get_version(x509) == X509_VERSION_3 &&
               OBJ_obj2nid(X509_get0_tbs_sigalg(x509)->algorithm) == NID_ecdsa_with_SHA256 &&
               times_are_good(x509, rule) && name_has(X509_get_issuer_name(x509), NID_serialNumber, tenant) &&
               (rule->is_root ? root_is_good(x509, rule) : issued_is_good(x509, rule));
        ERR_clear_error();
        return good ? 0 : ISSUE_WRONG;
}
