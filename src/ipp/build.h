// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Builder: makes a message, attribute by attribute, in an arena.
 *
 *      struct ipp_builder b = ipp_request(arena, IPP_PRINT_JOB, 1);
 *
 *      ipp_begin_group(&b, IPP_TAG_OPERATION);
 *      ipp_add_string(&b, IPP_TAG_CHARSET, "attributes-charset", "utf-8");
 *      ...
 *      ipp_begin_collection(&b, "media-col");
 *      ipp_add_string(&b, IPP_TAG_KEYWORD, "media-type", "stationery");
 *      ipp_end_collection(&b);
 *
 *      r = ipp_builder_format(&b, &buffer);
 *
 * Adding a value under the name of the attribute added last in the same group or collection gives that
 * attribute one more value (1setOf). Names and strings are borrowed until the message is formatted. A failure
 * is sticky: everything is added, and asked once at the end.
 */

#include "ipp/filter.h"
#include "ipp/message.h"

#define IPP_BUILD_NESTING 8

struct ipp_builder {
        struct arena *arena;
        struct ipp_message *message;     /* NULL where the arena could not hold it */
        bool failed;                     /* the arena is full, or calls were out of order */
        struct ipp_group *group;         /* the last */
        const struct ipp_filter *filter; /* NULL: everything is wanted */
        unsigned category;               /* of what is added now */
        unsigned dropped;                /* open collections within an attribute nobody asked for */
        unsigned depth;                  /* of open collections */
        struct {
                struct ipp_attribute **first; /* the list this level adds to */
                struct ipp_attribute *last;
                struct ipp_value *last_value;
        } level[IPP_BUILD_NESTING + 1];
};

/*
 * A message of version 2.0 whose first group holds attributes-charset "utf-8" and attributes-natural-language
 * "en"; the operation group is open.
 */
struct ipp_builder ipp_request(struct arena *arena, uint16_t operation, int32_t request_id);
struct ipp_builder ipp_answer(struct arena *arena, uint16_t status, int32_t request_id);

void ipp_begin_group(struct ipp_builder *b, uint8_t tag);

/* From here on only what the filter wants is kept; NULL ends that. The filter is borrowed. */
void ipp_set_filter(struct ipp_builder *b, const struct ipp_filter *filter);
void ipp_set_category(struct ipp_builder *b, enum ipp_category category);

void ipp_add_integer(struct ipp_builder *b, const char *name, int32_t value);
void ipp_add_enum(struct ipp_builder *b, const char *name, int32_t value);
void ipp_add_boolean(struct ipp_builder *b, const char *name, bool value);
void ipp_add_range(struct ipp_builder *b, const char *name, int32_t least, int32_t most);
/* Dots per inch. */
void ipp_add_resolution(struct ipp_builder *b, const char *name, int32_t across, int32_t along);
/* RFC 2579 DateAndTime in UTC. */
void ipp_add_date(struct ipp_builder *b, const char *name, int64_t unix_ms);
/* Any tag whose value is a string of characters; octetString too. */
void ipp_add_text(struct ipp_builder *b, uint8_t tag, const char *name, struct text value);
void ipp_add_string(struct ipp_builder *b, uint8_t tag, const char *name, const char *value);
/* printf, into the arena. */
void ipp_add_format(struct ipp_builder *b, uint8_t tag, const char *name, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
/* IPP_TAG_NO_VALUE, IPP_TAG_UNKNOWN, IPP_TAG_UNSUPPORTED, ... */
void ipp_add_out_of_band(struct ipp_builder *b, uint8_t tag, const char *name);
/* A value of another message, which must live until this one is formatted. */
void ipp_add_value(struct ipp_builder *b, struct text name, const struct ipp_value *value);
/* All values of an attribute. */
void ipp_add_attribute(struct ipp_builder *b, const struct ipp_attribute *attribute);

/* Everything added until ipp_end_collection() becomes a member of one collection value. */
void ipp_begin_collection(struct ipp_builder *b, const char *name);
void ipp_end_collection(struct ipp_builder *b);

/* ipp_message_format(), or the fault -ENOMEM where something could not be added. */
int ipp_builder_format(struct ipp_builder *b, struct buffer *to);
