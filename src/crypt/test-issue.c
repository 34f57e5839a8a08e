// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "crypt/certificate-request.h"
#include "crypt/issue.h"

#define DAY_MS 86400000LL

static const struct secret seed = { { 7 } };
static const struct id tenant = { { 1, 2, 3 } }, subject = { { 4, 5, 6 } }, other = { { 7 } };
static uint8_t key[AUTHORITY_KEY_OCTETS];
static int64_t now;
static struct buffer root = BUFFER(4096), key_info = BUFFER(1024);

static struct issue_draft draft_of(const char *const *names)
{
        return (struct issue_draft){ .tenant = tenant,
                                     .title = "Imprimatur: Demo",
                                     .key = key,
                                     .root = buffer_text(&root),
                                     .subject = subject,
                                     .names = names,
                                     .key_info = buffer_text(&key_info),
                                     .from_ms = now - 3600000,
                                     .until_ms = now + 90 * DAY_MS };
}

static struct issue_rule rule_of(bool is_root)
{
        return (struct issue_rule){
                .is_root = is_root, .tenant = tenant, .subject = subject, .key = key, .now_ms = now
        };
}

static void sign(const struct buffer *tbs, struct buffer *ret)
{
        uint8_t signature[AUTHORITY_SIGNATURE_MAX];
        size_t len;

        assert(authority_sign(&seed, buffer_text(tbs), signature, &len) == 0);
        assert(issue_seal(buffer_text(tbs), text_from_octets(signature, len), ret) == 0);
}

static X509 *parse(const struct buffer *der)
{
        const unsigned char *at = (const unsigned char *)der->at;
        X509 *x509 = d2i_X509(NULL, &at, (long)der->len);

        assert(x509 && at == (const unsigned char *)der->at + der->len);
        return x509;
}

static void make_root(void)
{
        struct buffer tbs = BUFFER(ISSUE_DRAFT_MAX);
        uint8_t serial[ISSUE_SERIAL_OCTETS];
        struct issue_draft draft = draft_of(NULL);
        struct issue_rule rule = rule_of(true);

        draft.until_ms = now + 3650 * DAY_MS;
        assert(issue_draft(&draft, &tbs, serial) == 0);
        assert(issue_check(buffer_text(&tbs), &rule) == 0);
        /* What is a root is nothing that is issued; and nobody else's key is one. */
        rule.is_root = false;
        assert(issue_check(buffer_text(&tbs), &rule) == ISSUE_WRONG);
        rule = rule_of(true);
        rule.tenant = other;
        assert(issue_check(buffer_text(&tbs), &rule) == ISSUE_WRONG);
        sign(&tbs, &root);
        draft.until_ms = now + 9000 * DAY_MS;
        buffer_clear(&tbs);
        draft.root = TEXT_OF("");
        assert(issue_draft(&draft, &tbs, serial) == 0);
        rule = rule_of(true);
        assert(issue_check(buffer_text(&tbs), &rule) == ISSUE_WRONG);
        buffer_done(&tbs);
}

static const char *const names[] = { "printer.example", "192.0.2.7", "2001:db8::7", NULL };

static void what_is_issued_is_verified_by_its_root(void)
{
        struct buffer tbs = BUFFER(ISSUE_DRAFT_MAX), der = BUFFER(4096), pem = BUFFER(8192);
        uint8_t serial[ISSUE_SERIAL_OCTETS];
        struct issue_draft draft = draft_of(names);
        struct issue_rule rule = rule_of(false);
        X509_STORE_CTX *context = X509_STORE_CTX_new();
        X509_STORE *store = X509_STORE_new();
        struct text both[2];
        X509 *leaf, *above;

        assert(issue_draft(&draft, &tbs, serial) == 0);
        assert(issue_check(buffer_text(&tbs), &rule) == 0);
        sign(&tbs, &der);
        leaf = parse(&der);
        above = parse(&root);
        assert(X509_STORE_add_cert(store, above) == 1);
        assert(X509_STORE_CTX_init(context, store, leaf, NULL) == 1);
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
        assert(X509_verify_cert(context) == 1);
        assert(issue_pem(buffer_text(&der), &pem) == 0 &&
               text_starts_with(buffer_text(&pem), "-----BEGIN CERTIFICATE-----"));
        both[0] = buffer_text(&der);
        both[1] = buffer_text(&root);
        buffer_clear(&pem);
        assert(issue_bundle(both, 2, &pem) == 0 && pem.len > der.len + root.len);
        X509_STORE_CTX_free(context);
        X509_STORE_free(store);
        X509_free(leaf);
        X509_free(above);
        buffer_done(&tbs);
        buffer_done(&der);
        buffer_done(&pem);
}

/* Each row is good but for one thing. */
static void the_rest_is_refused(void)
{
        static const struct {
                const char *name;
                int64_t from_days, until_days;
                bool other_subject, other_tenant, root_rule, own_key;
        } rows[] = {
                { "too long", 0, 500, 0, 0, 0, 0 },
                { "from long ago", -3, 30, 0, 0, 0, 0 },
                { "from later", 2, 30, 0, 0, 0, 0 },
                { "ended before it began", 0, -1, 0, 0, 0, 0 },
                { "of another", 0, 90, 1, 0, 0, 0 },
                { "of another tenant", 0, 90, 0, 1, 0, 0 },
                { "asked for as a root", 0, 90, 0, 0, 1, 0 },
                { "of the authority's own key", 0, 90, 0, 0, 0, 1 },
        };
        struct buffer tbs = BUFFER(ISSUE_DRAFT_MAX), own = BUFFER(256);
        uint8_t serial[ISSUE_SERIAL_OCTETS];

        assert(authority_key_info(key, &own) == 0);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct issue_draft draft = draft_of(names);
                struct issue_rule rule = rule_of(rows[i].root_rule);

                printf("%s\n", rows[i].name);
                draft.from_ms = now + rows[i].from_days * DAY_MS;
                draft.until_ms = now + rows[i].until_days * DAY_MS;
                if (rows[i].other_subject)
                        rule.subject = other;
                if (rows[i].other_tenant)
                        rule.tenant = other;
                if (rows[i].own_key)
                        draft.key_info = buffer_text(&own);
                buffer_clear(&tbs);
                assert(issue_draft(&draft, &tbs, serial) == 0);
                assert(issue_check(buffer_text(&tbs), &rule) == ISSUE_WRONG);
        }
        buffer_done(&tbs);
        buffer_done(&own);
}

static void names_are_hosts(void)
{
        static const char *const bad[] = { "", "*.example", "a b", "-a", ".a", "a..b", "a/b", "a@b" };
        struct buffer tbs = BUFFER(ISSUE_DRAFT_MAX);
        uint8_t serial[ISSUE_SERIAL_OCTETS];

        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
                const char *const list[] = { "good.example", bad[i], NULL };
                struct issue_draft draft = draft_of(list);

                assert(!issue_name_is_good(bad[i]));
                assert(issue_draft(&draft, &tbs, serial) == ISSUE_BAD_NAME);
        }
        buffer_done(&tbs);
}

/* Whatever octet of a draft is changed, it is no longer signed, or is still one of its kind; never a fault.
 */
static void no_octet_is_free(void)
{
        struct buffer tbs = BUFFER(ISSUE_DRAFT_MAX);
        uint8_t serial[ISSUE_SERIAL_OCTETS];
        struct issue_draft draft = draft_of(names);
        struct issue_rule rule = rule_of(false);

        assert(issue_draft(&draft, &tbs, serial) == 0);
        for (size_t i = 0; i < tbs.len; i++)
                for (unsigned bit = 0; bit < 8; bit++) {
                        int r;

                        tbs.at[i] = (char)((uint8_t)tbs.at[i] ^ 1u << bit);
                        r = issue_check(buffer_text(&tbs), &rule);
                        assert(r == 0 || r == ISSUE_WRONG);
                        tbs.at[i] = (char)((uint8_t)tbs.at[i] ^ 1u << bit);
                }
        assert(issue_check(text_from_octets(tbs.at, tbs.len - 1), &rule) == ISSUE_WRONG);
        buffer_done(&tbs);
}

static void a_request_is_signed_by_its_key(void)
{
        struct buffer pem_key = BUFFER(4096), again = BUFFER(4096), pem = BUFFER(4096), info = BUFFER(1024);
        char *at;

        assert(certificate_request_make(TEXT_OF(""), &pem_key, &pem) == 0);
        assert(certificate_request_read(buffer_text(&pem), &key_info) == 0 && key_info.len == 91);
        buffer_clear(&pem);
        assert(certificate_request_make(buffer_text(&pem_key), &again, &pem) == 0);
        assert(certificate_request_read(buffer_text(&pem), &info) == 0 && info.len == key_info.len &&
               memcmp(info.at, key_info.at, info.len) == 0);
        buffer_clear(&info);
        /* The last octets of base64 are of the signature. */
        at = memmem(pem.at, pem.len, "\n-----END", 9);
        at[-8] = at[-8] == 'A' ? 'B' : 'A';
        assert(certificate_request_read(buffer_text(&pem), &info) != 0 && info.len == 0);
        assert(certificate_request_read(TEXT_OF("MAA="), &info) == CERTIFICATE_REQUEST_DAMAGED);
        assert(certificate_request_read(TEXT_OF(""), &info) == CERTIFICATE_REQUEST_DAMAGED);
        assert(certificate_request_make(TEXT_OF("-----BEGIN"), &again, &pem) == CERTIFICATE_REQUEST_BAD_KEY);
        buffer_done(&pem_key);
        buffer_done(&again);
        buffer_done(&pem);
        buffer_done(&info);
}

int main(void)
{
        now = clock_unix_ms();
        assert(authority_public_key(&seed, key) == 0 && key[0] == 4);
        a_request_is_signed_by_its_key();
        make_root();
        what_is_issued_is_verified_by_its_root();
        the_rest_is_refused();
        names_are_hosts();
        no_octet_is_free();
        buffer_done(&root);
        buffer_done(&key_info);
        return 0;
}
