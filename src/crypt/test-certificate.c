// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "crypt/certificate.h"

static const struct {
        const char *name;
        struct certificate_options options;
        int outcome;
} rows[] = {
        { "an agent", { .common_name = "imprimatur agent", .days = 3650 }, 0 },
        { "a server",
          { .common_name = "localhost",
            .alternative_names = (const char *const[]){ "localhost", "127.0.0.1", "::1", NULL },
            .days = 90,
            .for_server = true },
          0 },
        { "no name", { .common_name = "", .days = 1 }, CERTIFICATE_BAD_NAME },
        { "a long name",
          { .common_name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", .days = 1 },
          CERTIFICATE_BAD_NAME },
        { "a name that is a section of a configuration",
          { .common_name = "a",
            .alternative_names = (const char *const[]){ "a,dirName:b", NULL },
            .days = 1 },
          CERTIFICATE_BAD_NAME },
        { "a name that asks for another kind",
          { .common_name = "a", .alternative_names = (const char *const[]){ "URI:b", NULL }, .days = 1 },
          CERTIFICATE_BAD_NAME },
};

int main(void)
{
        uint8_t fingerprint[CERTIFICATE_FINGERPRINT_OCTETS], again[CERTIFICATE_FINGERPRINT_OCTETS];
        struct buffer key = BUFFER(4096), certificate = BUFFER(4096);
        uint8_t der[2048];
        char *end;
        size_t len = 0, at = 0;

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                printf("%s\n", rows[i].name);
                buffer_clear(&key);
                buffer_clear(&certificate);
                assert(certificate_make(&rows[i].options, &key, &certificate) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                assert(text_starts_with(buffer_text(&key), "-----BEGIN PRIVATE KEY-----"));
                assert(text_starts_with(buffer_text(&certificate), "-----BEGIN CERTIFICATE-----"));
                assert(certificate_fingerprint(buffer_text(&certificate), fingerprint) == 0);
        }

        /* The same as DER. */
        buffer_clear(&key);
        buffer_clear(&certificate);
        assert(certificate_make(&rows[0].options, &key, &certificate) == 0);
        assert(certificate_fingerprint(buffer_text(&certificate), again) == 0);
        assert(memcmp(again, fingerprint, sizeof(again)) != 0);
        for (size_t i = strlen("-----BEGIN CERTIFICATE-----"); i < certificate.len; i++)
                if (certificate.at[i] != '\n')
                        certificate.at[at++] = certificate.at[i];
        end = memchr(certificate.at, '-', at);
        assert(end);
        assert(base64_parse(text_from_octets(certificate.at, (size_t)(end - certificate.at)), der,
                            sizeof(der), &len));
        assert(certificate_fingerprint(text_from_octets(der, len), fingerprint) == 0);
        assert(memcmp(again, fingerprint, sizeof(again)) == 0);

        assert(certificate_fingerprint(text_from_octets(der, len - 1), fingerprint) == CERTIFICATE_DAMAGED);
        assert(certificate_fingerprint(TEXT_OF(""), fingerprint) == CERTIFICATE_DAMAGED);
        assert(certificate_fingerprint(TEXT_OF("nonsense"), fingerprint) == CERTIFICATE_DAMAGED);
        buffer_done(&key);
        buffer_done(&certificate);
        return 0;
}
