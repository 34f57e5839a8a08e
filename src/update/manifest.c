// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "update/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"

#define FIRST_LINE "imprimatur-update 1"
#define PREFIX     "imprimatur update manifest\n" /* before what is signed, so that it is no other signature */
#define SIGNATURE  "signature: "
#define DIGITS_MAX 19

/* Every line ends with a line feed, and holds printable ASCII alone. */
static bool take_line(struct text *rest, struct text *ret)
{
        const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

        if (!end)
                return false;
        *ret = (struct text){ rest->at, (size_t)(end - rest->at) };
        for (size_t i = 0; i < ret->len; i++)
                if (ret->at[i] < ' ' || ret->at[i] > '~')
                        return false;
        rest->len -= ret->len + 1;
        rest->at = end + 1;
        return true;
}

/* "name: value" */
static bool take_member(struct text *rest, const char *name, struct text *ret)
{
        struct text line;
        size_t len = strlen(name);

        if (!take_line(rest, &line) || line.len < len + 3 || memcmp(line.at, name, len) != 0 ||
            memcmp(line.at + len, ": ", 2) != 0)
                return false;
        *ret = (struct text){ line.at + len + 2, line.len - len - 2 };
        return true;
}

/* As it would be written: digits, no zero before others. */
static bool read_number(struct text text, uint64_t *ret)
{
        for (size_t i = 0; i < text.len; i++)
                if (text.at[i] < '0' || text.at[i] > '9')
                        return false;
        return text.len > 0 && text.len <= DIGITS_MAX && (text.at[0] != '0' || text.len == 1) &&
               text_number(text, INT64_MAX, ret);
}

static bool take_number(struct text *rest, const char *name, uint64_t *ret)
{
        struct text value;

        return take_member(rest, name, &value) && read_number(value, ret);
}

/* One to four numbers with points between. */
static bool version_is_good(struct text version)
{
        size_t parts = 0;

        while (version.len > 0) {
                struct text part, tail;
                bool more = text_cut(version, '.', &part, &tail);
                uint64_t number;

                if (!more)
                        part = version;
                if (!read_number(part, &number) || number > 999999 || ++parts > 4 || (more && tail.len == 0))
                        return false;
                version = more ? tail : (struct text){ "", 0 };
        }
        return parts > 0;
}

/* A name is a file's in a folder that is ours, and nothing else. */
static bool name_is_good(struct text name)
{
        for (size_t i = 0; i < name.len; i++) {
                char c = name.at[i];

                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      memchr("._+~-", c, 5)))
                        return false;
        }
        return name.len > 0 && name.at[0] != '.' && name.at[0] != '-';
}

static bool read_hex(struct text text, uint8_t *ret, size_t size)
{
        size_t length;

        for (size_t i = 0; i < text.len; i++)
                if (text.at[i] >= 'A' && text.at[i] <= 'F')
                        return false;
        return text.len == 2 * size && hex_parse(text, ret, size, &length) && length == size;
}

static bool read_file(struct text value, struct manifest *manifest)
{
        struct manifest_file *file = &manifest->files[manifest->file_count];
        struct text name, rest, size, hash;

        if (manifest->file_count == MANIFEST_FILES || !text_cut(value, ' ', &name, &rest) ||
            !text_cut(rest, ' ', &size, &hash) || !name_is_good(name) ||
            !text_copy(name, file->name, sizeof(file->name)) || !read_number(size, &file->size_octets) ||
            !read_hex(hash, file->sha256, sizeof(file->sha256)))
                return false;
        for (size_t i = 0; i < manifest->file_count; i++)
                if (strcmp(manifest->files[i].name, file->name) == 0)
                        return false;
        manifest->file_count++;
        return true;
}

int manifest_parse(struct text octets, struct manifest *ret, struct text *ret_signed,
                   uint8_t ret_signature[SIGN_SIGNATURE_OCTETS])
{
        struct manifest manifest = { .file_count = 0 };
        struct text rest = octets, line, value;
        uint64_t issued, expires;

        if (octets.len > MANIFEST_OCTETS_MAX || !take_line(&rest, &line) ||
            !text_equal_string(line, FIRST_LINE) || !take_number(&rest, "sequence", &manifest.sequence) ||
            !take_member(&rest, "version", &value) || !version_is_good(value) ||
            !text_copy(value, manifest.version, sizeof(manifest.version)) ||
            !take_number(&rest, "issued", &issued) || !take_number(&rest, "expires", &expires) ||
            expires < issued)
                return MANIFEST_MALFORMED;
        manifest.issued_s = (int64_t)issued;
        manifest.expires_s = (int64_t)expires;
        while (text_starts_with(rest, "file: "))
                if (!take_member(&rest, "file", &value) || !read_file(value, &manifest))
                        return MANIFEST_MALFORMED;
        if (manifest.file_count == 0)
                return MANIFEST_MALFORMED;
        *ret_signed = (struct text){ octets.at, octets.len - rest.len };
        if (!take_member(&rest, "signature", &value) || rest.len > 0 ||
            !read_hex(value, ret_signature, SIGN_SIGNATURE_OCTETS))
                return MANIFEST_MALFORMED;
        *ret = manifest;
        return 0;
}

static int add_prefixed(struct text octets, struct buffer *to)
{
        buffer_add_string(to, PREFIX);
        buffer_add_text(to, octets);
        return to->failure ? fault(to->failure) : 0;
}

static int check_signature(const struct manifest_judge *judge, struct text octets,
                           const uint8_t signature[SIGN_SIGNATURE_OCTETS])
{
        SCOPED(buffer_done) struct buffer prefixed = BUFFER(MANIFEST_OCTETS_MAX + sizeof(PREFIX));
        int r = add_prefixed(octets, &prefixed);

        if (r)
                return r;
        for (size_t i = 0; i < judge->key_count; i++)
                if (sign_is_good(judge->keys[i], buffer_text(&prefixed), signature))
                        return 0;
        return MANIFEST_NOT_SIGNED;
}

int manifest_judge(struct text octets, const struct manifest_judge *judge, struct manifest *ret)
{
        uint8_t signature[SIGN_SIGNATURE_OCTETS];
        struct manifest manifest;
        struct text signed_octets;
        int r;

        r = manifest_parse(octets, &manifest, &signed_octets, signature);
        if (r == 0)
                r = check_signature(judge, signed_octets, signature);
        if (r)
                return r;
        if (manifest.sequence < judge->sequence_seen || version_compare(manifest.version, judge->version) < 0)
                return MANIFEST_ROLLBACK;
        if (manifest.expires_s <= judge->now_s)
                return MANIFEST_EXPIRED;
        if (manifest.issued_s > judge->now_s + 86400)
                return MANIFEST_FROM_FUTURE;
        *ret = manifest;
        return 0;
}

int manifest_judge_file(const struct manifest *manifest, const char *name, uint64_t size_octets,
                        const uint8_t sha256[HASH_OCTETS])
{
        for (size_t i = 0; i < manifest->file_count; i++) {
                const struct manifest_file *file = &manifest->files[i];

                if (strcmp(file->name, name) != 0)
                        continue;
                if (file->size_octets != size_octets)
                        return MANIFEST_WRONG_SIZE;
                return memcmp(file->sha256, sha256, HASH_OCTETS) == 0 ? 0 : MANIFEST_WRONG_HASH;
        }
        return MANIFEST_OTHER_FILE;
}

int manifest_format(const struct manifest *manifest, const struct secret *seed, struct buffer *to)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(MANIFEST_OCTETS_MAX);
        SCOPED(buffer_done) struct buffer prefixed = BUFFER(MANIFEST_OCTETS_MAX + sizeof(PREFIX));
        char hex[2 * SIGN_SIGNATURE_OCTETS + 1];
        uint8_t signature[SIGN_SIGNATURE_OCTETS];
        struct manifest again;
        struct text signed_octets;
        int r;

        buffer_format(&octets, FIRST_LINE "\nsequence: %llu\nversion: %s\nissued: %lld\nexpires: %lld\n",
                      (unsigned long long)manifest->sequence, manifest->version,
                      (long long)manifest->issued_s, (long long)manifest->expires_s);
        for (size_t i = 0; i < manifest->file_count; i++) {
                hex_format(manifest->files[i].sha256, HASH_OCTETS, hex);
                buffer_format(&octets, "file: %s %llu %s\n", manifest->files[i].name,
                              (unsigned long long)manifest->files[i].size_octets, hex);
        }
        if (octets.failure)
                return octets.failure == -EMSGSIZE ? MANIFEST_MALFORMED : fault(octets.failure);
        r = add_prefixed(buffer_text(&octets), &prefixed);
        if (r)
                return r;
        sign_octets(seed, buffer_text(&prefixed), signature);
        hex_format(signature, sizeof(signature), hex);
        buffer_format(&octets, SIGNATURE "%s\n", hex);
        if (octets.failure || manifest_parse(buffer_text(&octets), &again, &signed_octets, signature) != 0)
                return MANIFEST_MALFORMED;
        buffer_add_text(to, buffer_text(&octets));
        return to->failure ? fault(to->failure) : 0;
}

static uint64_t next_part(const char **version)
{
        uint64_t part = 0;

        while (**version >= '0' && **version <= '9')
                part = part * 10 + (uint64_t)(*(*version)++ - '0');
        if (**version == '.')
                (*version)++;
        return part;
}

int version_compare(const char *a, const char *b)
{
        for (int i = 0; i < 4; i++) {
                uint64_t of_a = next_part(&a), of_b = next_part(&b);

                if (of_a != of_b)
                        return of_a < of_b ? -1 : 1;
        }
        return 0;
}

const char *manifest_refusal_name(int refusal)
{
        static const char *const names[] = { "none",       "malformed",  "not-signed",
                                             "rollback",   "expired",    "from-future",
                                             "other-file", "wrong-size", "wrong-hash" };

        return refusal >= 0 && (size_t)refusal < ARRAY_LENGTH(names) ? names[refusal] : "fault";
}
