// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Search filters (RFC 4515).
 *
 * What somebody typed is never part of a filter's grammar: every octet of a value that is no ASCII letter or
 * digit is written as an escape ("\2a"), whatever it is, so that no list of dangerous characters can be
 * incomplete. Names of attributes come from settings and are letters, digits and hyphens. Pure; safe from
 * every thread.
 */

#include "base/buffer.h"
#include "base/text.h"

#define DIRECTORY_FILTER_MAX 4096

/* "(attribute=value)". The value may hold any octets. */
void filter_add_equals(struct buffer *to, const char *attribute, struct text value);

/* A name of an attribute (RFC 4512, section 2.5, without options): a letter, then letters, digits, hyphens;
 * at most 63. */
bool filter_attribute_is_valid(struct text name);

/* Whether an administrator's own filter is one whole filter: parentheses that match, one outermost pair,
 * printable, no NUL. What stands in it is for the directory to judge. */
bool filter_is_whole(struct text filter);

/*
 * The first "(attribute=value)" that begins at the text, unescaped; false where it is none of the kind that
 * filter_add_equals() writes. For tests: what was written is read back equal.
 */
bool filter_read_equals(struct text filter, struct text *ret_attribute, char *ret_value, size_t size,
                        size_t *ret_length);
