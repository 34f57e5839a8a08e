// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Configuration profiles, by which Apple's devices add a printer: a property list (Apple, "Device
 * Management", AirPrint). Whatever words are in it are escaped, and lose what XML 1.0 cannot hold.
 */

#include <stdint.h>

#include "base/buffer.h"
#include "base/id.h"

struct profile {
        struct id id;             /* of the device's token: the same profile replaces itself */
        const char *organisation; /* as people read it */
        const char *title;        /* of the queue */
        const char *host;
        uint16_t port;
        const char *path; /* without a "/" before it */
};

/* 0 or the buffer's failure. */
int profile_write(const struct profile *profile, struct buffer *to);
