// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "badge/frame.h"

#include <string.h>

void badge_splitter_init(struct badge_splitter *splitter)
{
        *splitter = (struct badge_splitter){ .len = 0 };
}

void badge_splitter_done(struct badge_splitter *splitter)
{
        explicit_bzero(splitter, sizeof(*splitter));
}

static void restart(struct badge_splitter *splitter)
{
        explicit_bzero(splitter->octets, sizeof(splitter->octets));
        splitter->len = 0;
        splitter->overlong = false;
        splitter->given = false;
}

/* At an end of a frame; true where there is something to hand out. */
static bool finish(struct badge_splitter *splitter, struct text *ret_frame)
{
        if (splitter->overlong || splitter->len == 0) {
                restart(splitter);
                return false;
        }
        splitter->given = true;
        *ret_frame = (struct text){ splitter->octets, splitter->len };
        return true;
}

static void add(struct badge_splitter *splitter, char octet)
{
        if (octet < 0x20 || octet > 0x7e)
                return;
        if (splitter->len == BADGE_FRAME_MAX)
                splitter->overlong = true;
        else
                splitter->octets[splitter->len++] = octet;
}

bool badge_splitter_next(struct badge_splitter *splitter, struct text *octets, struct text *ret_frame)
{
        if (splitter->given)
                restart(splitter);
        while (octets->len > 0) {
                char octet = *octets->at;

                octets->at++;
                octets->len--;
                /* The LF of a CRLF ends an empty frame, and empty frames are nothing. */
                if (octet != '\r' && octet != '\n' && octet != '\0')
                        add(splitter, octet);
                else if (finish(splitter, ret_frame))
                        return true;
        }
        return false;
}

bool badge_splitter_flush(struct badge_splitter *splitter, struct text *ret_frame)
{
        if (splitter->given)
                restart(splitter);
        return finish(splitter, ret_frame);
}

bool badge_splitter_is_open(const struct badge_splitter *splitter)
{
        return !splitter->given && (splitter->len > 0 || splitter->overlong);
}
