// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/breached.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"

#define DIGITS      40
#define LINE_OCTETS 80 /* digits, a colon, twenty digits, CR, LF */

struct breached {
        int fd;
        off_t size;
};

/* Of eight characters and more: shorter ones are refused for that. In no order. */
static const char *const common[] = {
        "password",
        "password1",
        "password12",
        "password123",
        "password1234",
        "passw0rd",
        "p@ssword",
        "p@ssw0rd",
        "pa$$word",
        "pa$$w0rd",
        "passwort",
        "passwort1",
        "motdepasse",
        "contraseña",
        "12345678",
        "123456789",
        "1234567890",
        "12345678910",
        "0123456789",
        "0987654321",
        "987654321",
        "87654321",
        "11111111",
        "111111111",
        "1111111111",
        "00000000",
        "0000000000",
        "22222222",
        "55555555",
        "66666666",
        "77777777",
        "88888888",
        "99999999",
        "12341234",
        "12121212",
        "11223344",
        "1122334455",
        "123123123",
        "123321123",
        "147258369",
        "159753159",
        "741852963",
        "abcdefgh",
        "abcd1234",
        "abc12345",
        "abcd12345",
        "a1b2c3d4",
        "aaaaaaaa",
        "qwertyui",
        "qwertyuiop",
        "qwerty12",
        "qwerty123",
        "qwerty1234",
        "qwertz123",
        "qwertzui",
        "qwertzuiop",
        "azertyuiop",
        "asdfghjk",
        "asdfghjkl",
        "asdf1234",
        "zxcvbnm1",
        "zxcvbnm123",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "q1w2e3r4",
        "q1w2e3r4t5",
        "1qaz2wsx",
        "1qaz2wsx3edc",
        "zaq12wsx",
        "zaq1zaq1",
        "qazwsxedc",
        "123qweasd",
        "qweasdzxc",
        "qwe123qwe",
        "1qazxsw2",
        "iloveyou",
        "iloveyou1",
        "iloveyou2",
        "sunshine",
        "sunshine1",
        "princess",
        "princess1",
        "football",
        "football1",
        "baseball",
        "baseball1",
        "basketball",
        "superman",
        "superman1",
        "starwars",
        "trustno1",
        "whatever",
        "whatever1",
        "michelle",
        "jennifer",
        "jonathan",
        "victoria",
        "samantha",
        "computer",
        "computer1",
        "internet",
        "chocolate",
        "butterfly",
        "liverpool",
        "liverpool1",
        "manchester",
        "elephant",
        "midnight",
        "mercedes",
        "corvette",
        "maverick",
        "dragon123",
        "monkey123",
        "shadow123",
        "master123",
        "welcome1",
        "welcome12",
        "welcome123",
        "welcome2024",
        "willkommen",
        "willkommen1",
        "letmein1",
        "letmein123",
        "changeme",
        "changeme1",
        "changeme123",
        "changeit",
        "default1",
        "secret123",
        "geheim123",
        "topsecret",
        "administrator",
        "admin123",
        "admin1234",
        "admin12345",
        "adminadmin",
        "root1234",
        "rootroot",
        "testtest",
        "test1234",
        "testtest1",
        "guest1234",
        "user1234",
        "login123",
        "pass1234",
        "pass12345",
        "printer1",
        "printer123",
        "summer2023",
        "summer2024",
        "summer2025",
        "winter2023",
        "winter2024",
        "winter2025",
        "spring2024",
        "spring2025",
        "autumn2024",
        "january2024",
        "letmeinplease",
        "imprimatur",
        "imprimatur1",
        "correcthorsebatterystaple",
        "correct horse battery staple",
};

bool breached_is_common(struct text password)
{
        for (size_t i = 0; i < ARRAY_LENGTH(common); i++)
                if (strlen(common[i]) == password.len &&
                    strncasecmp(common[i], password.at, password.len) == 0)
                        return true;
        return false;
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
