// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A small house that takes documents in the order of the acknowledgement rule: a row RECEIVING is committed,
 * the document is durable in the vault, the row becomes HELD, and then the sender is told.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

struct db;
struct vault;

struct house {
        struct db *db;
        struct vault *vault;
};

/* Opens or makes the house in an existing folder, tells the vault what the database knows, and collects. The
 * answer is an outcome; a document that the database names and the vault lacks is the fault -ENODATA. */
int house_open(struct house *house, const char *folder);
void house_close(struct house *house);

/* 0: the sender has been told that it is kept. */
int house_submit(struct house *house, int64_t number);
int house_delete(struct house *house, int64_t number);

/* Whether the document is HELD and reads back as it was sent. */
bool house_has(struct house *house, int64_t number);
/* How many are HELD, or -1 where one of them does not read back. */
int64_t house_count(struct house *house);
