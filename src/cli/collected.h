// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a syslog collector has written, put in the order of an export again: any number of tenants, each
 * message as often as it came and wherever it came, in whatever manner the collector writes messages
 * (audit/syslog.h). Lines without one of ours are passed over.
 *
 * The file is mapped, not read; 64 octets of memory for each message.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"

struct collected_line {
        struct id tenant;
        uint64_t record;   /* its number, or the last one that the checkpoint covers */
        uint64_t sequence; /* of a checkpoint; 0: a record */
        uint64_t line;     /* of the file */
        struct text text;  /* as in an export */
};

/* Sorted by tenant and place in his trail, repeats left out. */
struct collected {
        struct text file;
        struct collected_line *lines;
        size_t count, room;
};

/* Exit status. */
int collected_open(const char *name, struct collected *ret);
void collected_done(struct collected *collected);
