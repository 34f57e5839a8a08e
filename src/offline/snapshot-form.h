// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The form of a snapshot: what an agent knows of people while it has no line (keys/offline.h). Version 2;
 * numbers in network byte order.
 *
 *      header     "imprsnap" | version 2, 4 | agent, 16 | made, 8 (ms since 1970) | day, 8 | hours, 4
 *                 | printers, 4 | entries, 4 | people, 4 | octets of terms, 4
 *      printers   16 each: the site's, in the order of the bits of an entry's rights
 *      entries    code, 32 | sealed, 128: by code, each once
 *      people     id, 16 | public key of his box, 32: by id, each once
 *      terms      JSON: how what is submitted without a line may be printed (agent/terms.h)
 *
 * A sealed entry is opened by its code and key (crypt/entry.h); in it lie: 1, 4 octets | person, 16 | seed of
 * his box, 32 | flags, 4 | a bit for each printer that is his to use, the first one the highest, 32 octets.
 *
 * Parsing borrows.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/id.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypt/box.h"
#include "crypt/hash.h"

#define SNAPSHOT_OCTETS_MAX    ((size_t)8 << 20)
#define SNAPSHOT_SEALED_OCTETS 128
#define SNAPSHOT_ENTRY_OCTETS  (HASH_OCTETS + SNAPSHOT_SEALED_OCTETS)
#define SNAPSHOT_PERSON_OCTETS (ID_OCTETS + BOX_KEY_OCTETS)
#define SNAPSHOT_PRINTER_BITS  256
#define SNAPSHOT_ITEMS_MAX     32768
#define SNAPSHOT_TERMS_MAX     ((size_t)1 << 20)
#define SNAPSHOT_FLAG_RELEASE  1

enum snapshot_form_refusal {
        SNAPSHOT_FORM_FOREIGN = 1, /* none, of a later version, or not whole */
        SNAPSHOT_FORM_NOBODY,      /* no entry of that code; or one that the key does not open */
};

struct snapshot_form {
        struct id agent;
        int64_t made_ms;
        int64_t day;
        uint32_t hours;
        uint32_t printer_count;
        uint32_t entry_count;
        uint32_t person_count;
        uint32_t terms_octets;
        const char *printers; /* borrowed, as are the next */
        const char *entries;
        const char *people;
        const char *terms;
};

/* Of the counts and values, but not what the pointers lead to: that follows with buffer_add(). */
void snapshot_header_format(const struct snapshot_form *form, struct buffer *to);
int snapshot_form_parse(struct text octets, struct snapshot_form *ret);

/* What a badge opens. */
struct snapshot_holder {
        struct id person;
        struct secret seed; /* of his box; the caller wipes it */
        bool may_release;
        uint8_t printers[SNAPSHOT_PRINTER_BITS / 8];
};
/* number: SHA-256 of the badge's number. SNAPSHOT_FORM_NOBODY. */
int snapshot_find(const struct snapshot_form *form, const struct secret *day,
                  const uint8_t number[HASH_OCTETS], struct snapshot_holder *ret);
bool snapshot_holder_may_use(const struct snapshot_form *form, const struct snapshot_holder *holder,
                             struct id printer);
/* The public key of somebody's box; NULL: he has none here. Borrowed. */
const uint8_t *snapshot_person_key(const struct snapshot_form *form, struct id person);
