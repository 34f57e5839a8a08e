// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "crypt/random.h"
#include "crypt/seal.h"

#define SEGMENT        SEAL_SEGMENT_OCTETS
#define SEALED_SEGMENT (SEGMENT + SEAL_TAG_OCTETS)
#define LARGEST        (3 * SEGMENT + 1000)

static struct secret key;
static uint8_t document[LARGEST];
static uint8_t opened[LARGEST + SEGMENT];
static uint8_t work[2 * LARGEST];

static size_t write_sealed(const struct secret *with, struct text id, const uint8_t *plain, size_t len,
                           size_t piece, uint8_t *ret)
{
        uint8_t *at = ret + SEAL_HEADER_OCTETS;
        struct seal seal;
        size_t part;

        assert(seal_init(&seal, with, id, ret) == 0);
        for (size_t done = 0; done < len; done += part) {
                size_t sealed;

                part = len - done < piece ? len - done : piece;
                assert(seal_add(&seal, plain + done, part, at, &sealed) == 0);
                assert(sealed <= SEAL_ROOM(part));
                at += sealed;
        }
        assert(seal_finish(&seal, at, &part) == 0 && part <= SEAL_ROOM_FINISH);
        at += part;
        seal_done(&seal);
        for (size_t i = 0; i < sizeof(seal); i++)
                assert(((uint8_t *)&seal)[i] == 0);
        return (size_t)(at - ret);
}

/* What it yields, even before a refusal, is always a true beginning of the document. */
static int read_sealed(const struct secret *with, struct text id, const uint8_t *sealed, size_t len,
                       size_t piece, size_t *ret_length)
{
        SCOPED(unseal_done) struct unseal unseal;
        struct text plain;
        size_t yielded = 0, taken;
        int r;

        assert(unseal_init(&unseal, with, id) == 0);
        for (; len; sealed += taken, len -= taken) {
                r = unseal_add(&unseal, sealed, len < piece ? len : piece, &taken, &plain);
                if (r)
                        return r;
                assert(taken > 0 && yielded + plain.len <= sizeof(opened));
                memcpy(opened + yielded, plain.at, plain.len);
                assert(memcmp(opened, document, yielded + plain.len) == 0);
                yielded += plain.len;
        }
        r = unseal_finish(&unseal, &plain);
        if (r)
                return r;
        memcpy(opened + yielded, plain.at, plain.len);
        *ret_length = yielded + plain.len;
        return 0;
}

static int open_work(size_t len)
{
        size_t length;

        return read_sealed(&key, TEXT_OF("id"), work, len, SIZE_MAX, &length);
}

static void every_size_in_every_piece(void)
{
        static const size_t sizes[] = { 0,
                                        1,
                                        15,
                                        16,
                                        17,
                                        SEGMENT - 33,
                                        SEGMENT - 17,
                                        SEGMENT - 16,
                                        SEGMENT - 15,
                                        SEGMENT - 1,
                                        SEGMENT,
                                        SEGMENT + 1,
                                        2 * SEGMENT,
                                        2 * SEGMENT + 16,
                                        LARGEST };
        static const size_t pieces[] = { 1, 7, 1000, 16384, SEALED_SEGMENT, SEALED_SEGMENT + 16, SIZE_MAX };

        for (size_t s = 0; s < ARRAY_LENGTH(sizes); s++)
                for (size_t p = 0; p < ARRAY_LENGTH(pieces); p++) {
                        size_t length =
                                write_sealed(&key, TEXT_OF("id"), document, sizes[s], pieces[p], work);
                        uint64_t plain;

                        assert(length == seal_sealed_size(sizes[s]));
                        assert(seal_plain_size(length, &plain) && plain == sizes[s]);
                        for (size_t q = p % 2; q < ARRAY_LENGTH(pieces); q += 2) {
                                assert(read_sealed(&key, TEXT_OF("id"), work,
                                                   (size_t)seal_sealed_size(sizes[s]), pieces[q],
                                                   &length) == 0);
                                assert(length == sizes[s] && memcmp(opened, document, length) == 0);
                        }
                }
}

static void sizes_that_no_document_has(void)
{
        uint64_t plain;

        assert(!seal_plain_size(0, &plain) &&
               !seal_plain_size(SEAL_HEADER_OCTETS + SEAL_TAG_OCTETS - 1, &plain));
        assert(seal_plain_size(SEAL_HEADER_OCTETS + SEAL_TAG_OCTETS, &plain) && plain == 0);
        for (unsigned int i = 1; i <= SEAL_TAG_OCTETS; i++)
                assert(!seal_plain_size(SEAL_HEADER_OCTETS + SEAL_TAG_OCTETS + i, &plain));
        assert(!seal_plain_size(UINT64_MAX, &plain));
}

static void another_key_or_id_is_refused_at_the_header(void)
{
        size_t length = write_sealed(&key, TEXT_OF("id"), document, 1000, SIZE_MAX, work);
        struct secret other = key;
        size_t plain;

        other.octets[31] ^= 1;
        assert(read_sealed(&other, TEXT_OF("id"), work, length, SIZE_MAX, &plain) == SEAL_WRONG_KEY);
        assert(read_sealed(&key, TEXT_OF("ie"), work, length, SIZE_MAX, &plain) == SEAL_WRONG_KEY);
        assert(read_sealed(&key, TEXT_OF(""), work, length, SIZE_MAX, &plain) == SEAL_WRONG_KEY);
        assert(read_sealed(&other, TEXT_OF("id"), work, SEAL_HEADER_OCTETS, 1, &plain) == SEAL_WRONG_KEY);
}

static void every_cut_is_found(size_t size, size_t step)
{
        size_t length = write_sealed(&key, TEXT_OF("id"), document, size, SIZE_MAX, work);

        for (size_t len = 0; len < length; len += step)
                assert(open_work(len) == SEAL_DAMAGED);
        for (size_t less = 1; less < 200 && less < length; less++)
                assert(open_work(length - less) == SEAL_DAMAGED);
        for (size_t segment = 0; segment <= size / SEGMENT; segment++)
                assert(open_work(SEAL_HEADER_OCTETS + segment * SEALED_SEGMENT) == SEAL_DAMAGED);
        memset(work + length, 0, 100);
        for (size_t more = 1; more < 100; more++)
                assert(open_work(length + more) == SEAL_DAMAGED);
        assert(open_work(length) == 0);
}

static void every_flipped_bit_is_found(size_t size, size_t step)
{
        size_t length = write_sealed(&key, TEXT_OF("id"), document, size, SIZE_MAX, work);

        for (size_t bit = 0; bit < 8 * length; bit += bit < 8 * (SEAL_HEADER_OCTETS + 32) ? 1 : step) {
                work[bit / 8] ^= (uint8_t)(1 << bit % 8);
                assert(open_work(length) > 0);
                work[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        for (size_t bit = 8 * (length - 40); bit < 8 * length; bit++) {
                work[bit / 8] ^= (uint8_t)(1 << bit % 8);
                assert(open_work(length) == SEAL_DAMAGED);
                work[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        assert(open_work(length) == 0);
}

static uint8_t *segment_of(uint8_t *sealed, size_t number)
{
        return sealed + SEAL_HEADER_OCTETS + number * SEALED_SEGMENT;
}

static void segments_stay_in_their_place(void)
{
        static uint8_t saved[SEALED_SEGMENT];
        size_t length;

        length = write_sealed(&key, TEXT_OF("id"), document, 3 * SEGMENT + 100, SIZE_MAX, work);
        memcpy(saved, segment_of(work, 0), SEALED_SEGMENT);
        memcpy(segment_of(work, 0), segment_of(work, 1), SEALED_SEGMENT);
        memcpy(segment_of(work, 1), saved, SEALED_SEGMENT);
        assert(open_work(length) == SEAL_DAMAGED); /* swapped */

        length = write_sealed(&key, TEXT_OF("id"), document, 3 * SEGMENT + 100, SIZE_MAX, work);
        memcpy(segment_of(work, 1), segment_of(work, 0), SEALED_SEGMENT);
        assert(open_work(length) == SEAL_DAMAGED); /* repeated */

        length = write_sealed(&key, TEXT_OF("id"), document, 3 * SEGMENT + 100, SIZE_MAX, work);
        memmove(segment_of(work, 2), segment_of(work, 3), length - (size_t)(segment_of(work, 3) - work));
        assert(open_work(length - SEALED_SEGMENT) == SEAL_DAMAGED); /* left out */

        length = write_sealed(&key, TEXT_OF("id"), document, 3 * SEGMENT, SIZE_MAX, work);
        memmove(segment_of(work, 2), segment_of(work, 3), SEAL_TAG_OCTETS);
        assert(open_work(length - SEALED_SEGMENT) == SEAL_DAMAGED); /* left out, before a true end */
}

/* Two documents of one key and one id have nothing to exchange: each has its salt. */
static void documents_do_not_mix(void)
{
        static uint8_t other[2 * LARGEST];
        size_t length = write_sealed(&key, TEXT_OF("id"), document, 2 * SEGMENT, SIZE_MAX, other);

        assert(write_sealed(&key, TEXT_OF("id"), document, 2 * SEGMENT, SIZE_MAX, work) == length);
        assert(memcmp(work, other, SEAL_HEADER_OCTETS) != 0);
        memcpy(segment_of(work, 1), segment_of(other, 1), SEALED_SEGMENT);
        assert(open_work(length) == SEAL_DAMAGED);

        write_sealed(&key, TEXT_OF("id"), document, 2 * SEGMENT, SIZE_MAX, work);
        memcpy(segment_of(work, 2), segment_of(other, 2), SEAL_TAG_OCTETS);
        assert(open_work(length) == SEAL_DAMAGED);

        write_sealed(&key, TEXT_OF("id"), document, 2 * SEGMENT, SIZE_MAX, work);
        memcpy(work + length, segment_of(other, 0), length - SEAL_HEADER_OCTETS);
        assert(open_work(2 * length - SEAL_HEADER_OCTETS) == SEAL_DAMAGED);

        write_sealed(&key, TEXT_OF("id"), document, 2 * SEGMENT, SIZE_MAX, work);
        memcpy(work, other, SEAL_HEADER_OCTETS);
        assert(open_work(length) == SEAL_DAMAGED);
}

static void foreign_octets_are_told_apart(void)
{
        memset(work, 0, 1000);
        assert(open_work(1000) == SEAL_FOREIGN);
        write_sealed(&key, TEXT_OF("id"), document, 10, SIZE_MAX, work);
        work[8] = 2;
        assert(open_work((size_t)seal_sealed_size(10)) == SEAL_FOREIGN);
}

static void plain_text_does_not_show(void)
{
        static const char canary[] = "canary: 7f3a9c, nobody may read this";
        size_t length;

        memcpy(work, canary, sizeof(canary));
        length = write_sealed(&key, TEXT_OF("id"), (const uint8_t *)canary, sizeof(canary), 5, opened);
        for (size_t len = 8; len < sizeof(canary); len++)
                assert(!memmem(opened, length, canary, len));
}

static void the_key_is_wiped_once_it_has_served(void)
{
        struct unseal unseal;
        struct text plain;
        size_t taken;

        write_sealed(&key, TEXT_OF("id"), document, 10, SIZE_MAX, work);
        assert(unseal_init(&unseal, &key, TEXT_OF("id")) == 0);
        assert(memmem(&unseal, sizeof(unseal), &key, sizeof(key)));
        assert(unseal_add(&unseal, work, SEAL_HEADER_OCTETS, &taken, &plain) == 0);
        assert(!memmem(&unseal, sizeof(unseal), &key, sizeof(key)));
        unseal_done(&unseal);
        for (size_t i = 0; i < sizeof(unseal); i++)
                assert(((uint8_t *)&unseal)[i] == 0);
}

int main(void)
{
        random_secret(&key);
        random_octets(document, sizeof(document));

        every_size_in_every_piece();
        sizes_that_no_document_has();
        another_key_or_id_is_refused_at_the_header();
        every_cut_is_found(0, 1);
        every_cut_is_found(300, 1);
        every_cut_is_found(SEGMENT, 97);
        every_cut_is_found(2 * SEGMENT + 50, 331);
        every_flipped_bit_is_found(300, 1);
        every_flipped_bit_is_found(2 * SEGMENT, 1009);
        segments_stay_in_their_place();
        documents_do_not_mix();
        foreign_octets_are_told_apart();
        plain_text_does_not_show();
        the_key_is_wiped_once_it_has_served();
        return 0;
}
