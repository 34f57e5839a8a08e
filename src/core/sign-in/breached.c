// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/breached.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/common-passwords.h"
#include "crypt/hash.h"

#define DIGITS            40
#define COMMON_OCTETS_MAX 128
#define LINE_OCTETS       80 /* digits, a colon, twenty digits, CR, LF */

struct breached {
        int fd;
        off_t size;
};

static int compare(const void *a, const void *b)
{
        uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

        return left < right ? -1 : left > right;
}

bool breached_is_common(struct text password)
{
        char folded[COMMON_OCTETS_MAX];
        uint8_t hash[HASH_OCTETS];
        uint32_t mark;

        if (!text_copy(password, folded, sizeof(folded)))
                return false;
        for (char *at = folded; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
        hash_sha256(text_from(folded), hash);
        explicit_bzero(folded, sizeof(folded));
        mark = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
        return bsearch(&mark, common_passwords, common_passwords_count, sizeof(mark), compare) != NULL;
}

/* Of the line that begins at an offset. False where it is no line of such a list. */
static bool read_hash(const char *line, size_t length, uint8_t ret[SHA1_OCTETS])
{
        size_t octets;

        return length >= DIGITS && hex_parse(text_from_octets(line, DIGITS), ret, SHA1_OCTETS, &octets) &&
               octets == SHA1_OCTETS &&
               (length == DIGITS || line[DIGITS] == ':' || line[DIGITS] == '\r' || line[DIGITS] == '\n');
}

static int read_at(const struct breached *breached, off_t offset, char to[2 * LINE_OCTETS],
                   size_t *ret_length)
{
        ssize_t n;

        do
                n = pread(breached->fd, to, 2 * LINE_OCTETS, offset);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return fault(-errno);
        *ret_length = (size_t)n;
        return 0;
}

static void close_it(struct breached *breached)
{
        closep(&breached->fd);
        free(breached);
}

void breached_close(struct breached *breached)
{
        if (breached)
                close_it(breached);
}

void breached_closep(struct breached **breached)
{
        breached_close(*breached);
}

int breached_open(const char *path, struct breached **ret)
{
        SCOPED(breached_closep) struct breached *breached = calloc(1, sizeof(*breached));
        char line[2 * LINE_OCTETS];
        uint8_t hash[SHA1_OCTETS];
        struct stat status;
        size_t length;
        int r;

        if (!breached)
                return fault(-ENOMEM);
        breached->fd = open(path, O_RDONLY | O_CLOEXEC);
        if (breached->fd < 0)
                return errno == ENOENT ? BREACHED_NO_FILE : fault(-errno);
        if (fstat(breached->fd, &status) < 0)
                return fault(-errno);
        breached->size = status.st_size;
        r = read_at(breached, 0, line, &length);
        if (r)
                return r;
        if (!S_ISREG(status.st_mode) || !read_hash(line, length, hash))
                return BREACHED_MALFORMED;
        *ret = take(breached);
        return 0;
}

/*
 * Lines begin anywhere, so what is halved is the range of octets in which the wanted line begins: the first
 * line that begins at or after the middle tells on which side. Where none begins before the end of the range,
 * the middle goes down to its beginning, which is a line's.
 */
int breached_has(const struct breached *breached, struct text password, bool *ret)
{
        uint8_t wanted[SHA1_OCTETS], found[SHA1_OCTETS];
        off_t low = 0, high = breached ? breached->size : 0;

        *ret = false;
        hash_sha1(password, wanted);
        while (low < high) {
                off_t middle = low + (high - low) / 2, begins = middle;
                char octets[2 * LINE_OCTETS];
                const char *line = octets, *end;
                size_t length;
                int r, order;

                /* From the octet before: the middle may be where a line begins. */
                r = read_at(breached, middle > 0 ? middle - 1 : 0, octets, &length);
                if (r)
                        return r;
                if (middle > low) {
                        end = memchr(octets, '\n', length);
                        if (!end && length == sizeof(octets))
                                return fault(-EBADMSG);
                        line = end ? end + 1 : octets + length;
                        begins = middle - 1 + (line - octets);
                        if (begins >= high) {
                                high = middle;
                                continue;
                        }
                } else if (middle > 0) {
                        line = octets + 1;
                }
                if (!read_hash(line, length - (size_t)(line - octets), found))
                        return fault(-EBADMSG);
                order = memcmp(wanted, found, SHA1_OCTETS);
                if (order == 0) {
                        *ret = true;
                        return 0;
                }
                if (order < 0) {
                        high = middle;
                        continue;
                }
                end = memchr(line, '\n', length - (size_t)(line - octets));
                low = end ? begins + (end + 1 - line) : high;
        }
        return 0;
}
