// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sealed documents
 *
 * A document is sealed while it streams in and opened while it streams out, in bounded memory, under a key of
 * its own. What is always true:
 *
 *   1. unseal_*() yields no octet that was not authenticated, and none out of its place.
 *   2. Cutting, extending, joining, swapping or repeating parts makes the opening fail, at the latest in
 *      unseal_finish(): until that has returned 0, what was yielded is a true beginning of the document, not
 *      the whole.
 *   3. A sealed document opens under one key and one id only: its header commits to both.
 *
 * The form, version 1; numbers in network byte order:
 *
 *      header   "imprseal" | version 1 | segment size as a power of two, 16 | 6 zeros | salt, 32 octets
 *               | commitment, 32 octets
 *      segment  cipher text | tag, 16 octets        each of 65,536 octets of plain text, the last one of less
 *      end      tag, 16 octets
 *
 * commitment = HMAC-SHA-256(key, "commit" | first 48 octets of the header | id), and the cipher key and a
 * nonce prefix of 7 octets are HKDF-SHA-256(key, salt, "imprimatur seal 1" | id). Segments and end are
 * AES-256-GCM; their nonce is prefix | number of the segment, 4 octets | 0, or 1 for the end. The end is an
 * empty segment that authenticates the length of the whole document. This is STREAM (Hoang, Reyhanitabar,
 * Rogaway, Vizar 2015) with the mark for "last" in a segment of its own, so that the writer never holds back
 * plain text to find out whether more will come.
 *
 * A struct seal or unseal is used by one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/text.h"

#define SEAL_HEADER_OCTETS  80
#define SEAL_SEGMENT_OCTETS 65536
#define SEAL_TAG_OCTETS     16
#define SEAL_ID_MAX         128
#define SEAL_DOCUMENT_MAX   (UINT64_C(1) << 47) /* octets; 2^31 segments */

/* The least room that seal_add() wants for len octets of plain text; less than 1/4096 more than len. */
#define SEAL_ROOM(len) ((len) + (((len) / SEAL_SEGMENT_OCTETS) + 1) * SEAL_TAG_OCTETS)
/* The room that seal_finish() wants. */
#define SEAL_ROOM_FINISH (2 * SEAL_TAG_OCTETS)

enum seal_refusal {
        SEAL_FOREIGN = 1, /* not a sealed document, or of a later version */
        SEAL_WRONG_KEY,   /* another key, or another id */
        SEAL_DAMAGED,     /* changed, cut, joined or swapped */
        SEAL_TOO_LARGE,   /* more than SEAL_DOCUMENT_MAX */
};

/* What a document of so many octets becomes: header, segments, end. */
uint64_t seal_sealed_size(uint64_t size_octets);
/* The other way round; false where no document has this sealed size. */
bool seal_plain_size(uint64_t sealed_octets, uint64_t *ret);

/* Writing. The fields are private. */
struct seal {
        struct evp_cipher_ctx_st *cipher;
        uint8_t nonce_prefix[7];
        uint32_t segment;      /* number of the segment that is being written */
        size_t segment_octets; /* of plain text in it so far */
        uint64_t octets;       /* of plain text in all */
};

/*
 * Begins a document and gives its header. id (at most SEAL_ID_MAX octets, asserted) says what it is, and is
 * not stored: whoever opens it says the same. On 0 the caller ends it with seal_done(), on every way out.
 */
int seal_init(struct seal *seal, const struct secret *key, struct text id,
              uint8_t ret_header[SEAL_HEADER_OCTETS]);
void seal_done(struct seal *seal);
/*
 * Seals a piece of any length: *ret_length octets to ret, which has SEAL_ROOM(len) of them and does not
 * overlap the piece. Nothing is held back and nothing is allocated.
 */
int seal_add(struct seal *seal, const void *plain, size_t len, uint8_t *ret, size_t *ret_length);
/* The end: *ret_length octets to ret, at most SEAL_ROOM_FINISH. Once. */
int seal_finish(struct seal *seal, uint8_t *ret, size_t *ret_length);

/* Reading. The fields are private. */
struct unseal {
        struct evp_cipher_ctx_st *cipher;
        struct secret key; /* until the header has been read */
        uint8_t id[SEAL_ID_MAX];
        size_t id_len;
        uint8_t nonce_prefix[7];
        bool opened;
        uint32_t segment;
        uint64_t octets;
        uint8_t *pending; /* sealed octets that wait for the rest of their segment */
        size_t pending_len;
        size_t pending_at;
};

/* The key is copied and wiped as soon as the header has been read. ends with unseal_done(). */
int unseal_init(struct unseal *unseal, const struct secret *key, struct text id);
void unseal_done(struct unseal *unseal);
/*
 * Takes sealed octets in pieces of any length, header included. It takes *ret_taken of them (at least one of
 * a piece that is not empty) and yields authenticated plain text, possibly none, borrowed until the next
 * call:
 *
 *      for (; len; at += taken, len -= taken) {
 *              r = unseal_add(&unseal, at, len, &taken, &plain);
 *              if (r)
 *                      return r;
 *              ... use plain ...
 *      }
 *
 * After a refusal only unseal_done() is left.
 */
int unseal_add(struct unseal *unseal, const void *sealed, size_t len, size_t *ret_taken,
               struct text *ret_plain);
/* No more will come: yields the rest and says whether the document was whole. Once. */
int unseal_finish(struct unseal *unseal, struct text *ret_plain);
