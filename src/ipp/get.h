// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Getters: an attribute's value as a C value, its type and range checked. For requests of clients and answers
 * of printers alike: neither may be trusted to send what the standard says.
 *
 * attributes is the list of a group or of a collection and may be NULL. Each returns 0; IPP_ABSENT (also for
 * an out-of-band value such as no-value); IPP_WRONG_TYPE (another tag, or more than one value); or
 * IPP_OUT_OF_RANGE. *ret is written on 0 only; texts borrow from the message.
 */

#include "ipp/message.h"

/* NULL where there is none. */
const struct ipp_attribute *ipp_find(const struct ipp_attribute *attributes, const char *name);

/* Integer or enum. */
int ipp_get_integer(const struct ipp_attribute *attributes, const char *name, int32_t least, int32_t most,
                    int32_t *ret);
int ipp_get_boolean(const struct ipp_attribute *attributes, const char *name, bool *ret);

/* Text or name, with or without language, at most max octets of well-formed UTF-8 without control characters.
 */
int ipp_get_name(const struct ipp_attribute *attributes, const char *name, size_t max, struct text *ret);
/* Keyword, name, uri, mimeMediaType, charset or naturalLanguage: printable ASCII, at most max octets. */
int ipp_get_keyword(const struct ipp_attribute *attributes, const char *name, size_t max, struct text *ret);
/* octetString, at most max octets. */
int ipp_get_octets(const struct ipp_attribute *attributes, const char *name, size_t max, struct text *ret);
int ipp_get_range(const struct ipp_attribute *attributes, const char *name, struct ipp_range *ret);
int ipp_get_resolution(const struct ipp_attribute *attributes, const char *name, struct ipp_resolution *ret);
/* The members of a collection with one value; NULL where it is empty. */
int ipp_get_collection(const struct ipp_attribute *attributes, const char *name,
                       const struct ipp_attribute **ret);

/* Whether any of its values is this string (keyword, name, mimeMediaType, uri, ...). */
bool ipp_has_string(const struct ipp_attribute *attributes, const char *name, const char *value);
/* Whether any of its integers or enums is this one, or any of its ranges holds it. */
bool ipp_has_integer(const struct ipp_attribute *attributes, const char *name, int32_t value);

size_t ipp_value_count(const struct ipp_attribute *attribute);
