// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Badges: what a person holds to a reader. A person may have several, of several kinds.
 *
 * A badge's number is found by a mark that only the keeper can make, and is stored nowhere. Its last four
 * digits are kept beside it, so that whoever may see the badges of a person can tell which card it is
 * (docs/decisions/0020-last-four-digits.md).
 */

#include "core/actor.h"
#include "core/mark.h"

#define BADGE_TAIL 5 /* four digits, NUL */

struct db_tx;

enum badge_kind {
        BADGE_CARD,
        BADGE_NFC,    /* a phone, or a sticker on it */
        BADGE_LEGACY, /* a number from before, as an old reader tells it */
};
/* "card", "nfc", "legacy"; ended by NULL. */
extern const char *const badge_kind_names[];

struct badge {
        struct id id;
        struct id person;
        enum badge_kind kind;
        char label[CORE_TITLE];
        char tail[BADGE_TAIL]; /* of the number */
        int64_t created_ms;
        int64_t used_ms; /* 0: never */
};

/* The number is canonical text, as readers tell it (badge/card.h at the agent): 4 to 64 hexadecimal digits in
 * either case; an odd number of them gets a zero in front, as there. */
struct badge_order {
        struct text number;
        struct text label;
        enum badge_kind kind;
};

/* CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE, CORE_TAKEN (bound to somebody). */
int badge_add(struct core *core, const struct actor *actor, struct id person, const struct badge_order *order,
              struct badge *ret);
int badge_list(struct core *core, const struct actor *actor, struct id person, struct badge *ret, size_t max,
               size_t *ret_count);
int badge_delete(struct core *core, const struct actor *actor, struct id person, struct id badge);

/* A number as it is kept. */
struct badge_number {
        struct marks marks;
        char tail[BADGE_TAIL];
};
/* Asks the keeper. CORE_BAD_VALUE. */
int badge_number_read(struct core *core, struct id tenant, struct text number, struct badge_number *ret);

/* In a transaction of somebody else's. Whose it is; CORE_NOT_FOUND. */
int badge_holder(struct db_tx *tx, struct id tenant, const struct badge_number *number,
                 struct id *ret_person);
/* badge->id, person, kind, label and created_ms are set; with its event. CORE_TAKEN. */
int badge_insert(struct db_tx *tx, struct id tenant, const struct actor *actor, const struct badge *badge,
                 const struct badge_number *number);
