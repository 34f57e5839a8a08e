// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/password.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/text.h"
#include "conversion/charset.h"
#include "render/outcome.h"

static int read_exactly(int from, void *to, size_t len)
{
        char *at = to;

        while (len > 0) {
                ssize_t taken = read(from, at, len);

                if (taken < 0 && errno == EINTR)
                        continue;
                if (taken < 0)
                        return fault(-errno);
                if (taken == 0)
                        return RENDER_DAMAGED;
                at += taken;
                len -= (size_t)taken;
        }
        return 0;
}

int password_read(int from, struct password *ret)
{
        uint8_t length[2];
        size_t len;
        int r;

        r = read_exactly(from, length, sizeof(length));
        if (r)
                return r;
        len = (size_t)length[0] << 8 | length[1];
        if (len > PASSWORD_OCTETS_MAX)
                return RENDER_PASSWORD;
        r = read_exactly(from, ret->octets, len);
        ret->octets[len] = 0;
        if (r == 0 && strlen(ret->octets) != len)
                return RENDER_PASSWORD;
        return r;
}

void password_done(struct password *password)
{
        explicit_bzero(password, sizeof(*password));
}

int password_to_latin(const struct password *password, struct password *ret)
{
        struct text octets = text_from(password->octets);
        size_t len = 0;

        for (size_t at = 0; at < octets.len;) {
                uint32_t code = utf8_next(octets, &at);

                if (code == 0 || code > 0xff)
                        return RENDER_PASSWORD;
                ret->octets[len++] = (char)code;
        }
        ret->octets[len] = 0;
        return 0;
}
