// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A mail message as it goes over the wire (RFC 5322): one recipient, one text of UTF-8, and files beside it
 * (multipart/mixed, RFC 2046, section 5.1; RFC 2183).
 *
 * Nothing that stands in a header can end it: addresses are plain ones or refused, the subject is made of
 * encoded-words (RFC 2047), and the text is Base64 (RFC 2045, section 6.8), in which no line can be mistaken
 * for the end of the message, of its part, or for a command, whatever it says (VU#302671). Every line ends
 * with CRLF.
 */

#include <stdint.h>

#include "base/buffer.h"
#include "base/id.h"
#include "base/text.h"

struct mail_file {
        const char *name; /* letters, digits, "-", "_" and "." */
        const char *type; /* "application/pdf" */
        struct text octets;
};

struct mail_message {
        const char *from; /* an address */
        const char *to;
        const char *subject;
        struct text text;
        struct id id;       /* its Message-ID, the same at each attempt */
        int64_t created_ms; /* its Date */
        const struct mail_file *files;
        size_t file_count;
};

/* False where an address, the subject or a file's name or type cannot stand in a header; nothing is added
 * then. A failure of the buffer stays in it. */
bool mail_message_format(const struct mail_message *message, struct buffer *to);

/* Whether it can stand in a header and between "<" and ">" as it is: "local@domain", no white space, quotes,
 * brackets, commas or control characters. */
bool mail_address_is_plain(struct text address);
