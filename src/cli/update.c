// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* For makers of updates: a key, kept offline, and manifests signed with it. No service is asked. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "cli/nouns.h"
#include "cli/session.h"
#include "crypt/random.h"
#include "os/file.h"
#include "update/manifest.h"

#define FILE_OCTETS_MAX ((size_t)1 << 30)
#define DAYS_DEFAULT    90

static void print_public(const struct secret *seed)
{
        uint8_t key[SIGN_KEY_OCTETS];
        char hex[2 * SIGN_KEY_OCTETS + 1];

        sign_public_key(seed, key);
        hex_format(key, sizeof(key), hex);
        printf("%s\n", hex);
}

int update_key_command(struct invocation *invocation)
{
        SCOPED(secret_done) struct secret seed = { { 0 } };
        char hex[2 * SECRET_OCTETS + 2];
        SCOPED(closep) int fd = -1;
        int r;

        random_secret(&seed);
        hex_format(seed.octets, SECRET_OCTETS, hex);
        hex[2 * SECRET_OCTETS] = '\n';
        hex[2 * SECRET_OCTETS + 1] = 0;
        r = file_create(AT_FDCWD, invocation->operands[0], &fd);
        if (r == 0)
                r = file_write(fd, hex, strlen(hex));
        explicit_bzero(hex, sizeof(hex));
        if (r)
                return complain("%s: %s", invocation->operands[0],
                                r == FILE_EXISTS ? "is there already" : strerror(-r));
        file_sync(fd);
        print_public(&seed);
        return EXIT_DONE;
}

static bool read_seed(const char *path, struct secret *ret)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(256);
        size_t length;

        return path && file_read(path, octets.max, &octets) == 0 &&
               hex_parse(text_trim(buffer_text(&octets)), ret->octets, SECRET_OCTETS, &length) &&
               length == SECRET_OCTETS;
}

static bool add_file(struct manifest *manifest, const char *path)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(FILE_OCTETS_MAX);
        struct manifest_file *file = &manifest->files[manifest->file_count];
        const char *name = strrchr(path, '/');

        name = name ? name + 1 : path;
        if (manifest->file_count == MANIFEST_FILES || file_read(path, octets.max, &octets) != 0 ||
            !text_copy(text_from(name), file->name, sizeof(file->name)))
                return false;
        file->size_octets = octets.len;
        hash_sha256(buffer_text(&octets), file->sha256);
        manifest->file_count++;
        return true;
}

/* False after a complaint was left in *ret_status. */
static bool read_numbers(const struct invocation *invocation, struct manifest *manifest, int *ret_status)
{
        const char *sequence = option_value(invocation, "sequence"), *days = option_value(invocation, "days");
        uint64_t number = DAYS_DEFAULT;

        if (!sequence || !text_number(text_from(sequence), INT64_MAX, &manifest->sequence)) {
                *ret_status =
                        complain_of_usage(invocation, "--sequence is a number, greater than that of any "
                                                      "manifest before.");
                return false;
        }
        if (days && !text_number(text_from(days), 3650, &number)) {
                *ret_status = complain_of_usage(invocation, "--days is a number.");
                return false;
        }
        manifest->issued_s = clock_unix_ms() / 1000;
        manifest->expires_s = manifest->issued_s + (int64_t)number * 86400;
        return true;
}

int update_sign_command(struct invocation *invocation)
{
        SCOPED(secret_done) struct secret seed = { { 0 } };
        SCOPED(buffer_done) struct buffer octets = BUFFER(MANIFEST_OCTETS_MAX);
        struct manifest manifest = { .file_count = 0 };
        int status = EXIT_REFUSED;

        if (!read_numbers(invocation, &manifest, &status))
                return status;
        if (!read_seed(option_value(invocation, "key"), &seed))
                return complain("--key names the file that \"imprimatur update key\" has made");
        if (!text_copy(text_from(invocation->operands[0]), manifest.version, sizeof(manifest.version)))
                return complain("a version is numbers with points between, such as 0.2.0");
        for (size_t i = 1; i < invocation->operand_count; i++)
                if (!add_file(&manifest, invocation->operands[i]))
                        return complain("%s: cannot be read", invocation->operands[i]);
        if (manifest_format(&manifest, &seed, &octets) != 0)
                return complain(
                        "this makes no manifest: the version is numbers with points between, and files have "
                        "names of letters, digits and ._+~-");
        fwrite(octets.at, 1, octets.len, stdout);
        return EXIT_DONE;
}
