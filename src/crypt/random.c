// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/random.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void random_octets(void *ret, size_t len)
{
        uint8_t *at = ret;

        while (len) {
                ssize_t r = getrandom(at, len, 0);

                if (r < 0 && errno == EINTR)
                        continue;
                if (r <= 0)
                        abort();
                at += r;
                len -= (size_t)r;
        }
}

uint64_t random_u64(void)
{
        uint64_t value;

        random_octets(&value, sizeof(value));
        return value;
}

void random_secret(struct secret *ret)
{
        random_octets(ret->octets, sizeof(ret->octets));
}
