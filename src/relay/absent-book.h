// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What the IPP door took in while the line was down, as its clients ask for it: in memory alone, and bounded.
 * A start forgets it, the deposits stay. Owners are told apart by a keyed hash of their credentials, whose
 * key is made at each start and lies nowhere, so that nothing here or on the disk helps to guess a password.
 *
 * Numbers begin where those of the service never come, so that nobody asks the one for a job of the other.
 *
 * Safe from every thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"
#include "crypt/hash.h"

#define ABSENT_TITLE   128
#define ABSENT_ENTRIES 256
#define ABSENT_NUMBER  2000000000u
#define ABSENT_WAIT_MS 300000 /* a job that was created waits so long for its document */
#define ABSENT_REPEAT_MS \
        600000 /* within which the same document is the same submission, where no answer was taken */

struct absent_book;

struct absent_entry {
        uint32_t number;
        uint8_t owner[HASH_OCTETS];
        uint8_t mark[HASH_OCTETS]; /* of its document */
        struct id deposit;         /* zero: its document has not come */
        int64_t at_ms;
        bool is_answered;
        char title[ABSENT_TITLE];
        char *message; /* of Create-Job, owned by the book; NULL: none */
        size_t message_octets;
};

int absent_book_new(struct absent_book **ret);

/* Around looking for a repeated document, keeping it, and noting it: the same one that comes twice at once is
 * found. */
void absent_book_lock(struct absent_book *book);
void absent_book_unlock(struct absent_book *book);

void absent_book_owner(const struct absent_book *book, struct text path, struct text authorization,
                       uint8_t ret[HASH_OCTETS]);

/* Copies the entry and its message; the oldest gives way. *ret_number is its number. */
int absent_book_add(struct absent_book *book, const struct absent_entry *entry, uint32_t *ret_number);
/* A copy without its message. False where there is none of this owner's. */
bool absent_book_find(struct absent_book *book, const uint8_t owner[HASH_OCTETS], uint32_t number,
                      struct absent_entry *ret);
/* The message of a job that waits for its document, which from here on is the caller's: it comes once. */
bool absent_book_take_message(struct absent_book *book, const uint8_t owner[HASH_OCTETS], uint32_t number,
                              char **ret, size_t *ret_octets);
/* The same document of the same owner, whose answer nobody took. */
bool absent_book_find_repeated(struct absent_book *book, const uint8_t owner[HASH_OCTETS],
                               const uint8_t mark[HASH_OCTETS], struct absent_entry *ret);
void absent_book_set_deposit(struct absent_book *book, uint32_t number, struct id deposit,
                             const uint8_t mark[HASH_OCTETS]);
void absent_book_set_answered(struct absent_book *book, uint32_t number);
/* The newest first. */
size_t absent_book_list(struct absent_book *book, const uint8_t owner[HASH_OCTETS], struct absent_entry *ret,
                        size_t max);
