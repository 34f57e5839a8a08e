// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * HTTP answers of printers (RFC 9112): as much of HTTP/1.1 as an IPP client meets (RFC 8010, section 4).
 *
 * Values without I/O: http_answer_scan() says where a head ends, http_answer_parse() what it says, and
 * http_chunks takes a chunked body apart, in any pieces. A head of both lengths, of two that differ, or with
 * an encoding other than chunked is refused: we would not know where the answer ends.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define HTTP_ANSWER_HEAD_MAX 16384

enum http_answer_refusal {
        HTTP_ANSWER_MORE = 1, /* the head's end has not come */
        HTTP_ANSWER_MALFORMED,
        HTTP_ANSWER_TOO_LARGE,
};

struct http_answer {
        int status;
        bool closes; /* the printer will close afterwards */
        bool chunked;
        bool has_length;
        uint64_t length;
        bool is_ipp; /* Content-Type: application/ipp */
};

/* 0 and the length of the head with its empty line; MORE, or TOO_LARGE beyond HTTP_ANSWER_HEAD_MAX. */
int http_answer_scan(struct text octets, size_t *ret_length);
/* Reads one whole head. */
int http_answer_parse(struct text head, struct http_answer *ret);

struct http_chunks {
        unsigned state;
        uint64_t left;
        unsigned line; /* octets in the line so far */
};

/*
 * Takes from the front of *octets. 0: *ret_data is a piece of the body, or empty where *octets is used up or
 * the end has come (http_chunks_ended()). MALFORMED.
 */
int http_chunks_next(struct http_chunks *chunks, struct text *octets, struct text *ret_data);
bool http_chunks_ended(const struct http_chunks *chunks);
