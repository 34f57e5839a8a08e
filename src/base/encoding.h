// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Octets as text and back: hexadecimal, Base64 (RFC 4648), URL percent-encoding (RFC 3986).
 * Parsers accept the canonical form only and write *ret_length octets, at most size of them; false otherwise.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

/* Lower-case; ret has room for 2 * len + 1 characters. */
void hex_format(const void *octets, size_t len, char *ret);
bool hex_parse(struct text text, void *ret, size_t size, size_t *ret_length);

void base64_format(const void *octets, size_t len, struct buffer *to);
bool base64_parse(struct text text, void *ret, size_t size, size_t *ret_length);

/* Base64url (RFC 4648, section 5) without padding; ret has room for (4 * len + 2) / 3 + 1 characters. */
void base64url_format(const void *octets, size_t len, char *ret);
bool base64url_parse(struct text text, void *ret, size_t size, size_t *ret_length);

/* A percent-escape that is cut short, is no hexadecimal, or stands for NUL is refused. */
bool percent_parse(struct text text, char *ret, size_t size, size_t *ret_length);
/* Escapes everything but unreserved characters (RFC 3986, section 2.3). */
void percent_format(struct text text, struct buffer *to);

/* RFC 4648, section 6, without padding; ret has room for (8 * len + 4) / 5 + 1 characters. */
void base32_format(const void *octets, size_t len, char *ret);

/* Crockford's alphabet, upper-case, for codes that people type: 5 bits a character, the highest first. */
void crockford_format(const void *octets, size_t len, char *ret); /* (8 * len + 4) / 5 + 1 characters */
/* Folds what people type (lower case, O for 0, I and L for 1, hyphens and spaces) in place; false for other
 * characters. */
bool crockford_fold(char *string);
