// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tampered updates: none of them is taken, each is refused by its name. */

#include "update/manifest.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define NOW_S 1800000000

static const struct secret maker = { { 1 } }, stranger = { { 2 } };
static struct manifest_judge judge = {
        .key_count = 1, .sequence_seen = 7, .version = "0.1.0", .now_s = NOW_S
};

static struct manifest good(void)
{
        struct manifest manifest = { .sequence = 8,
                                     .version = "0.2.0",
                                     .issued_s = NOW_S - 100,
                                     .expires_s = NOW_S + 100,
                                     .file_count = 1 };

        snprintf(manifest.files[0].name, sizeof(manifest.files[0].name), "imprimatur-agent_0.2.0_amd64.deb");
        manifest.files[0].size_octets = 5;
        hash_sha256(TEXT_OF("hello"), manifest.files[0].sha256);
        return manifest;
}

static void sign(const struct manifest *manifest, const struct secret *seed, struct buffer *to)
{
        buffer_clear(to);
        assert(manifest_format(manifest, seed, to) == 0);
}

/* The signed octets with one place of it replaced. */
static struct text replaced(const struct buffer *octets, const char *from, const char *into,
                            struct buffer *to)
{
        const char *at = memmem(octets->at, octets->len, from, strlen(from));
        size_t before;

        assert(at);
        before = (size_t)(at - (const char *)octets->at);
        buffer_clear(to);
        buffer_add(to, octets->at, before);
        buffer_add_string(to, into);
        buffer_add(to, at + strlen(from), octets->len - before - strlen(from));
        assert(!to->failure);
        return buffer_text(to);
}

/* Matrix: what was changed in a good manifest after it was signed. */
static const struct {
        const char *name, *from, *into;
        int refusal;
} tampered[] = {
        { "another version", "0.2.0\n", "0.3.0\n", MANIFEST_NOT_SIGNED },
        { "a greater sequence", "sequence: 8", "sequence: 9", MANIFEST_NOT_SIGNED },
        { "a longer life", "expires: 1800000100", "expires: 1900000100", MANIFEST_NOT_SIGNED },
        { "another file's name", "agent_0.2.0", "agent_6.6.6", MANIFEST_NOT_SIGNED },
        { "another size", "amd64.deb 5 ", "amd64.deb 6 ", MANIFEST_NOT_SIGNED },
        { "another hash", " 2cf24dba", " 2cf24dbb", MANIFEST_NOT_SIGNED },
        { "another signature", "signature: ", "signature: 00", MANIFEST_MALFORMED },
        { "a second sequence", "version: ", "sequence: 9\nversion: ", MANIFEST_MALFORMED },
        { "a path", "imprimatur-agent_", "../../etc/cron.d/", MANIFEST_MALFORMED },
        { "a member more", "issued: ", "run: curl\nissued: ", MANIFEST_MALFORMED },
        { "a line after the signature", "signature: ", "file: x 1 2\nsignature: ", MANIFEST_MALFORMED },
        { "carriage returns", "version: 0.2.0", "version: 0.2.0\r", MANIFEST_MALFORMED },
        { "a number with zeros", "sequence: 8", "sequence: 08", MANIFEST_MALFORMED },
        { "another format", "imprimatur-update 1", "imprimatur-update 2", MANIFEST_MALFORMED },
        { "a version of words", "version: 0.2.0", "version: newest", MANIFEST_MALFORMED },
};

static void expect(const char *name, struct text octets, int refusal)
{
        struct manifest manifest = { .sequence = 77 };
        int r = manifest_judge(octets, &judge, &manifest);

        printf("%s: %s\n", name, manifest_refusal_name(r));
        assert(r == refusal && (r == 0 || manifest.sequence == 77));
}

int main(void)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(MANIFEST_OCTETS_MAX);
        SCOPED(buffer_done) struct buffer changed = BUFFER(2 * MANIFEST_OCTETS_MAX);
        struct manifest manifest = good(), read;
        uint8_t hash[HASH_OCTETS];

        sign_public_key(&maker, judge.keys[0]);
        sign(&manifest, &maker, &octets);
        expect("as it was signed", buffer_text(&octets), 0);
        for (size_t i = 0; i < ARRAY_LENGTH(tampered); i++)
                expect(tampered[i].name, replaced(&octets, tampered[i].from, tampered[i].into, &changed),
                       tampered[i].refusal);
        for (size_t len = 0; len < octets.len; len++)
                assert(manifest_judge((struct text){ (const char *)octets.at, len }, &judge, &read) ==
                       MANIFEST_MALFORMED);

        /* Well signed, and yet no update. */
        sign(&manifest, &stranger, &octets);
        expect("by a stranger", buffer_text(&octets), MANIFEST_NOT_SIGNED);
        manifest.sequence = 6;
        sign(&manifest, &maker, &octets);
        expect("an old sequence", buffer_text(&octets), MANIFEST_ROLLBACK);
        manifest = good();
        snprintf(manifest.version, sizeof(manifest.version), "0.0.9");
        sign(&manifest, &maker, &octets);
        expect("an old version under a new sequence", buffer_text(&octets), MANIFEST_ROLLBACK);
        manifest = good();
        manifest.expires_s = NOW_S;
        sign(&manifest, &maker, &octets);
        expect("one whose time is over", buffer_text(&octets), MANIFEST_EXPIRED);
        manifest = good();
        manifest.issued_s = NOW_S + 90000;
        manifest.expires_s = NOW_S + 99999;
        sign(&manifest, &maker, &octets);
        expect("one of the future", buffer_text(&octets), MANIFEST_FROM_FUTURE);

        /* The file itself. */
        manifest = good();
        hash_sha256(TEXT_OF("hello"), hash);
        assert(manifest_judge_file(&manifest, manifest.files[0].name, 5, hash) == 0);
        assert(manifest_judge_file(&manifest, manifest.files[0].name, 6, hash) == MANIFEST_WRONG_SIZE);
        assert(manifest_judge_file(&manifest, "other.deb", 5, hash) == MANIFEST_OTHER_FILE);
        hash[31] ^= 1;
        assert(manifest_judge_file(&manifest, manifest.files[0].name, 5, hash) == MANIFEST_WRONG_HASH);

        assert(version_compare("0.10.0", "0.9.9") > 0 && version_compare("1", "1.0.0") == 0);
        assert(version_compare("0.1.0", "0.1.0.1") < 0);

        /* What could not be read back is not written. */
        manifest.file_count = 0;
        buffer_clear(&octets);
        assert(manifest_format(&manifest, &maker, &octets) == MANIFEST_MALFORMED && octets.len == 0);
        return 0;
}
