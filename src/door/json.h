// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * JSON of the API, both ways.
 *
 * Out: small makers for our own kinds of value; NULL where memory is out, and json_pack() passes that on.
 *
 * In: struct members reads one object, member by member, each with its type and limits, and keeps the first
 * complaint; the reader asks once at the end (members_finish()), which also complains of a member that nobody
 * asked for, so that a misspelt one is not silently left out. After a complaint all values are harmless
 * defaults.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"

#define MEMBERS_MAX 40

/* The zero id is null. */
json_t *json_of_id(struct id id);
/* RFC 3339; 0 is null. */
json_t *json_of_time(int64_t unix_ms);
/* NULL is null; what is not UTF-8 becomes "?". */
json_t *json_words(const char *string);
json_t *json_words_or_null(const char *string); /* "" is null */

enum member_need {
        MEMBER_OPTIONAL,
        MEMBER_REQUIRED,
};

struct members {
        json_t *object;
        const char *asked[MEMBERS_MAX];
        size_t asked_count;
        char complaint[192]; /* a sentence; empty: none */
};

/* Borrows the value, which may be NULL or no object: that is the first complaint. */
void members_open(struct members *members, json_t *value);
/* 0 octets long is refused where the member is required. NULL where it is not there. Printable UTF-8. */
const char *members_string(struct members *members, const char *name, enum member_need need,
                           size_t max_octets);
/* Likewise, into to, of size octets with its NUL. It is emptied by null, and stays where the member is not
 * there. */
void members_words(struct members *members, const char *name, enum member_need need, char *to, size_t size);
/* As a text, which may hold any octets but NUL: for passwords. */
struct text members_secret(struct members *members, const char *name, enum member_need need,
                           size_t max_octets);
/* False where it is not there. */
bool members_id(struct members *members, const char *name, enum member_need need, struct id *ret);
bool members_number(struct members *members, const char *name, enum member_need need, int64_t least,
                    int64_t most, int64_t *ret);
bool members_flag(struct members *members, const char *name, enum member_need need, bool *ret);
/* The index of the word among words (ended by NULL); false where it is not there. */
bool members_word(struct members *members, const char *name, enum member_need need, const char *const *words,
                  int *ret);
/* 16 hexadecimal digits at most: 64 bits. */
bool members_hex64(struct members *members, const char *name, enum member_need need, uint64_t *ret);
/* Borrowed; NULL where it is not there. */
json_t *members_array(struct members *members, const char *name, enum member_need need, size_t max_items);
json_t *members_object(struct members *members, const char *name, enum member_need need);
/* Whatever it is; the caller complains. */
json_t *members_any(struct members *members, const char *name);
/* Copies an array of strings into rows of a fixed size. False where it is not there. */
bool members_strings(struct members *members, const char *name, size_t max_items, void *rows, size_t row_size,
                     size_t *ret_count);
bool members_has(const struct members *members, const char *name);

void members_complain(struct members *members, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* True where nothing is wrong. */
bool members_finish(struct members *members);
