// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * HTTP/1.1 messages: request heads, chunked bodies, ranges (RFC 9112, RFC 9110)
 *
 * Strict by choice: whatever two implementations could read in two ways is refused, and the connection ends
 * with it. So no request can hide inside another one, whatever stands in front of us.
 *
 *   refused although the RFC tolerates it: a line that ends in LF alone, Content-Length given twice (equal or
 *   not), folded lines, a Transfer-Encoding other than exactly "chunked", a blank in a request line beyond
 * the two that belong there, empty and dot segments in a path, an encoded slash, Content_Length with an
 * underscore.
 *
 * Everything here is a pure value: no I/O, no allocation, no clock.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum http_message_refusal {
        HTTP_MORE = 1,        /* not complete yet; nothing wrong so far */
        HTTP_BAD,             /* 400 */
        HTTP_TARGET_TOO_LONG, /* 414 */
        HTTP_EXPECTATION,     /* 417 */
        HTTP_HEAD_TOO_LARGE,  /* 431 */
        HTTP_NOT_IMPLEMENTED, /* 501: a transfer coding, CONNECT or TRACE */
        HTTP_VERSION,         /* 505 */
};

/* The status with which a refusal is answered; 0 for HTTP_MORE. */
int http_message_status(int refusal);

struct http_field {
        struct text name;
        struct text value; /* without surrounding blanks */
};

struct http_head {
        struct text method;
        struct text path;       /* "*" only with OPTIONS */
        struct text query;      /* without '?' */
        struct text authority;  /* of the target where it has one, else Host; empty only in HTTP/1.0 */
        int minor_version;      /* 0 or 1 */
        int64_t content_length; /* 0 where none is given; -1 for a chunked body */
        bool has_body_framing;  /* Content-Length or Transfer-Encoding was there */
        bool keep_alive;
        bool expects_continue;

        struct http_field *fields; /* the caller's array, of field_max */
        size_t field_max;
        size_t field_count;
};

/*
 * Finds the end of a head. *scanned is 0 for a new head and belongs to this function; octets are all that
 * came so far. 0: the head is the first *ret_length octets, the empty line included. HTTP_MORE, HTTP_BAD (a
 * bare LF, NUL), HTTP_HEAD_TOO_LARGE.
 */
int http_head_find(struct text octets, size_t max, size_t *scanned, size_t *ret_length);

/*
 * Reads a whole head as http_head_find() gave it. ret->fields and field_max are set before; the texts borrow
 * from octets. *ret means nothing after a refusal.
 */
int http_head_parse(struct text octets, size_t target_max, struct http_head *ret);

/* The first field of that name, in either case; .at is NULL where there is none. */
struct text http_field_find(const struct http_field *fields, size_t count, const char *name);

/* Whether it is a token (RFC 9110, section 5.6.2), and whether a field value may be sent. */
bool http_is_token(struct text text);
bool http_is_field_value(struct text text);

/*
 * Decodes a path into segments: "/v1/jobs/" is "v1", "jobs" and "/" is none. scratch has room for path.len
 * octets; the segments point into it. HTTP_BAD: no leading slash, an empty, "." or ".." segment, more than
 * max segments, a broken escape, an encoded slash, NUL or control character, or what is not UTF-8 afterwards.
 */
int http_path_parse(struct text path, char *scratch, struct text *segments, size_t max, size_t *ret_count);

/*
 * Takes the next "name=value" off *query (a form's encoding; '+' is a blank). scratch has room for query->len
 * octets. False at the end. Escapes were checked by http_head_parse().
 */
bool http_query_next(struct text *query, char *scratch, struct text *ret_name, struct text *ret_value);

/*
 * A chunked body (RFC 9112, section 7.1), decoded where it lies. Extensions and trailers are checked and
 * dropped, and bounded over the whole body.
 */
struct http_chunked {
        uint64_t left;
        uint32_t overhead; /* octets of extensions and trailers so far */
        uint8_t digits;
        uint8_t state;
};

/*
 * Decodes the octets in place: *ret_consumed of them were read, the first *ret_decoded are now body. 0: the
 * body has ended and what follows belongs to the next request. HTTP_MORE: all was consumed. HTTP_BAD.
 * Starts from a zeroed struct.
 */
int http_chunked_decode(struct http_chunked *chunked, char *octets, size_t len, size_t *ret_consumed,
                        size_t *ret_decoded);

enum http_range_refusal {
        HTTP_RANGE_IGNORED = 1,   /* none, not "bytes", several, or malformed: answer the whole (200) */
        HTTP_RANGE_UNSATISFIABLE, /* answer 416 with "Content-Range: bytes" and the size */
};

/* A Range header's value (RFC 9110, section 14.2) over size octets: first and length, inside of it. */
int http_range_parse(struct text value, uint64_t size, uint64_t *ret_first, uint64_t *ret_length);
