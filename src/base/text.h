// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Text
 *
 * A run of octets that somebody else owns. A text borrows: whoever stores it copies it. It need not end in
 * NUL and may contain NUL. All functions are pure and safe from every thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
        const char *at;
        size_t len;
};

/* A text from a literal, also usable in static tables. */
#define TEXT(literal)                          \
        {                                      \
                (literal), sizeof(literal) - 1 \
        }
#define TEXT_OF(literal) ((struct text)TEXT(literal))

/* For printf: "%.*s", TEXT_ARGS(t). */
#define TEXT_ARGS(t) (int)(t).len, (t).at

/* string may be NULL, which is the empty text. */
struct text text_from(const char *string);
struct text text_from_octets(const void *octets, size_t len);

bool text_equal(struct text a, struct text b);
bool text_equal_string(struct text a, const char *b);
/* ASCII letters alike in both cases; for protocol keywords and names of mail domains. */
bool text_equal_nocase(struct text a, struct text b);
bool text_starts_with(struct text t, const char *prefix);
bool text_ends_with(struct text t, const char *suffix);

/* -1, 0 or 1, by octets. */
int text_compare(struct text a, struct text b);

/* Without leading and trailing spaces, tabs, CR and LF. */
struct text text_trim(struct text t);

/*
 * Cuts t at the first separator: *ret_head is what stands before it, *ret_tail what follows. Without a
 * separator *ret_head is t, *ret_tail is empty, and the answer is false.
 */
bool text_cut(struct text t, char separator, struct text *ret_head, struct text *ret_tail);

/* A decimal number without sign, nothing around it; false where it is none or greater than max. */
bool text_number(struct text t, uint64_t max, uint64_t *ret);

/* Copies into a NUL-terminated buffer of the given size; false where it does not fit or contains NUL. */
bool text_copy(struct text t, char *to, size_t size);

/* On the heap, NUL-terminated; NULL where memory is out. The caller frees it. */
char *text_duplicate(struct text t);

/* Whether it is well-formed UTF-8 (RFC 3629) without control characters other than tab. */
bool text_is_printable(struct text t);

/* Lower-case letters, digits, '-', '_' and '.', 1 to 63 of them, not starting with '-' or '.': names in
 * addresses. */
bool text_is_name(struct text t);
