// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * IPP messages: octets to values and back (RFC 8010, section 3). Requests and answers are one form: code is
 * an operation in the one and a status in the other.
 *
 *      message  = version operation-or-status request-id *group end-of-attributes [document]
 *      group    = delimiter *attribute
 *      attribute= value-tag name value *( value-tag no-name value )
 *
 * Three things are always true:
 *
 *   1. A parsed message borrows its texts from the octets it was parsed from, and lives in the caller's
 * arena.
 *   2. What was accepted is well-formed all the way down: every value has the size its tag asks for, every
 *      collection is closed, no limit is exceeded. Whether it makes sense is asked elsewhere (ipp/request.h).
 *   3. What is formatted parses back equal.
 *
 * How to read a message from a stream: gather octets, call ipp_scan() after each piece until it returns 0 and
 * the length of the message; parse exactly that many; what follows is the document.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"
#include "ipp/names.h"

enum ipp_refusal {
        IPP_MORE = 1,     /* well-formed so far; the end has not come */
        IPP_MALFORMED,    /* against the grammar; ipp_complaint says where */
        IPP_TOO_LARGE,    /* more octets, attributes, values or nesting than the limits allow */
        IPP_ABSENT,       /* no such attribute (getters) */
        IPP_WRONG_TYPE,   /* another tag, or another number of values, than asked for (getters) */
        IPP_OUT_OF_RANGE, /* a number outside of, or a text longer than, what the caller takes (getters) */
};

struct ipp_limits {
        size_t octets;     /* of the whole message, without the document */
        size_t attributes; /* in all groups, members of collections included */
        size_t values;     /* likewise */
        unsigned nesting;  /* collections within collections */
};

/* For requests at a door, and for the answers of printers. An arena of IPP_ARENA_OCTETS holds either. */
#define IPP_LIMITS_DEFAULT                                                               \
        {                                                                                \
                .octets = 1024 * 1024, .attributes = 8192, .values = 16384, .nesting = 8 \
        }
#define IPP_ARENA_OCTETS ((size_t)8 * 1024 * 1024)

struct ipp_attribute;

struct ipp_resolution {
        int32_t across;
        int32_t along;
        int8_t units; /* IPP_RESOLUTION_PER_INCH or _PER_CENTIMETRE; anything in a stranger's message */
};

struct ipp_range {
        int32_t least;
        int32_t most;
};

/* One value. The tag says which field holds it. */
struct ipp_value {
        struct ipp_value *next;
        uint8_t tag;
        union {
                int32_t integer;                  /* INTEGER, ENUM */
                bool boolean;                     /* BOOLEAN */
                struct ipp_resolution resolution; /* RESOLUTION */
                struct ipp_range range;           /* RANGE */
                struct ipp_attribute *members;    /* COLLECTION; NULL where it is empty */
                struct {                          /* every other tag: its octets */
                        struct text text;
                        struct text language; /* _WITH_LANGUAGE only, else empty */
                };
        };
};

struct ipp_attribute {
        struct ipp_attribute *next;
        struct text name;
        struct ipp_value *values; /* at least one */
};

struct ipp_group {
        struct ipp_group *next;
        uint8_t tag;
        struct ipp_attribute *attributes;
};

struct ipp_message {
        uint8_t version_major;
        uint8_t version_minor;
        uint16_t code;
        int32_t request_id;
        struct ipp_group *groups;
};

/* Where a message was found malformed, and why: a static sentence for logs. */
struct ipp_complaint {
        size_t at;
        const char *why;
};

/* The state of a scan; zero before the first call. */
struct ipp_scan {
        size_t at;
};

/*
 * Looks for the end of the message in octets, everything gathered so far from its first octet on. Returns 0
 * and the message's length; IPP_MORE; IPP_MALFORMED; or IPP_TOO_LARGE as soon as limits->octets cannot hold
 * it. It looks at every octet only once over all calls.
 */
int ipp_scan(struct ipp_scan *scan, struct text octets, const struct ipp_limits *limits, size_t *ret_length);

/*
 * Parses one message that ends exactly where octets end. On 0 *ret borrows from octets and lives in arena.
 * Refusals: IPP_MORE, IPP_MALFORMED (also for octets behind the end), IPP_TOO_LARGE (also where the arena is
 * full). complaint may be NULL and is written on a refusal only.
 */
int ipp_message_parse(struct text octets, const struct ipp_limits *limits, struct arena *arena,
                      struct ipp_message *ret, struct ipp_complaint *complaint);

/*
 * Appends the message. Refuses, with IPP_OUT_OF_RANGE, a name or text longer than 32767 octets and a
 * collection nested deeper than the default limit; otherwise returns the buffer's failure.
 */
int ipp_message_format(const struct ipp_message *message, struct buffer *to);

/* Equal in every octet that would be formatted. */
bool ipp_message_equal(const struct ipp_message *a, const struct ipp_message *b);
bool ipp_value_equal(const struct ipp_value *a, const struct ipp_value *b);

/* The first group with this tag; NULL where there is none. ipp_group_next() goes on from one (Get-Jobs). */
const struct ipp_group *ipp_group_find(const struct ipp_message *message, uint8_t tag);
const struct ipp_group *ipp_group_next(const struct ipp_group *group);

/* Whether the tag is one of text, name, keyword, uri, ... : those whose value is a string of characters. */
bool ipp_tag_is_string(uint8_t tag);
/* Out-of-band values (RFC 8010, section 3.5.2): unsupported, unknown, no-value, ... */
bool ipp_tag_is_out_of_band(uint8_t tag);
