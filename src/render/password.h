// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The password of an encrypted document. It comes before the document on standard input: two octets, big
 * endian, say how many octets of it follow. It is nowhere but in memory.
 */

#define PASSWORD_OCTETS_MAX 127 /* of any PDF (ISO 32000-2, 7.6.4.3.3) */

struct password {
        char octets[PASSWORD_OCTETS_MAX + 1]; /* NUL-terminated */
};

/* From a descriptor, of which it takes no octet more. RENDER_PASSWORD where none can be such, RENDER_DAMAGED
 * where it is cut. */
int password_read(int from, struct password *ret);
void password_done(struct password *password);

/* The same in the encoding of older documents (Latin-1), where all its characters have a place there. */
int password_to_latin(const struct password *password, struct password *ret);
