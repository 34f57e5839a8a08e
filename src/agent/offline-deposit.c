// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What of a deposit can be printed here, without anybody to ask: looked at with the key that its owner's
 * badge leads to, and all of it, so that nothing damaged reaches a printer. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/offline-state.h"
#include "agent/terms.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/sniff.h"
#include "crypt/seal.h"

#define PIECE_OCTETS 65536

static const char mark[] = "/Encrypt"; /* of a PDF that opens only with a password */

/* The document, while it is looked through. */
struct view {
        struct buffer beginning;
        char tail[sizeof(mark) - 2]; /* of the piece before, where a mark may have begun */
        size_t tail_len;
        bool is_encrypted;
        uint64_t octets;
};

static void view_done(struct view *view)
{
        buffer_wipe(&view->beginning);
        explicit_bzero(view->tail, sizeof(view->tail));
}

static void end_unseal(struct unseal *unseal)
{
        unseal_done(unseal);
}

/* Across the border of two pieces. */
static bool border_has_mark(const struct view *view, struct text plain)
{
        char border[2 * sizeof(view->tail)];
        size_t more = plain.len < sizeof(view->tail) ? plain.len : sizeof(view->tail);

        memcpy(border, view->tail, view->tail_len);
        memcpy(border + view->tail_len, plain.at, more);
        return memmem(border, view->tail_len + more, mark, sizeof(mark) - 1);
}

static void look_at(struct view *view, struct text plain)
{
        size_t room = SNIFF_OCTETS_MAX - view->beginning.len;
        size_t kept = plain.len < sizeof(view->tail) ? plain.len : sizeof(view->tail);

        if (plain.len == 0)
                return;
        view->octets += plain.len;
        buffer_add(&view->beginning, plain.at, plain.len < room ? plain.len : room);
        view->is_encrypted |=
                border_has_mark(view, plain) || memmem(plain.at, plain.len, mark, sizeof(mark) - 1);
        memcpy(view->tail, plain.at + plain.len - kept, kept);
        view->tail_len = kept;
}

/* DEPOSIT_DAMAGED. */
static int look_through(struct deposit_reader *reader, const struct secret *key, struct view *view)
{
        SCOPED(end_unseal) struct unseal unseal = { 0 };
        SCOPED(freep) uint8_t *piece = malloc(PIECE_OCTETS);
        char room[DEPOSIT_SEAL_ID];
        uint64_t offset = 0;
        size_t length = 1, taken;
        struct text plain;
        int r;

        if (!piece)
                return fault(-ENOMEM);
        r = unseal_init(&unseal, key, deposit_document_id(&deposit_reader_header(reader)->id, room));
        while (r == 0 && length) {
                r = deposit_read_document(reader, offset, piece, PIECE_OCTETS, &length);
                offset += length;
                for (size_t at = 0; r == 0 && at < length; at += taken) {
                        r = unseal_add(&unseal, piece + at, length - at, &taken, &plain);
                        if (r == 0)
                                look_at(view, plain);
                }
        }
        if (r == 0)
                r = unseal_finish(&unseal, &plain);
        if (r == 0)
                look_at(view, plain);
        if (r == 0 && view->beginning.failure)
                r = fault(view->beginning.failure);
        return r > 0 ? DEPOSIT_DAMAGED : r;
}

/* Its media type; NULL where it cannot be told, or not printed without its password. */
static const char *type_of(const struct view *view)
{
        bool is_whole = view->octets == view->beginning.len;
        struct sniffed sniffed = sniff(buffer_text(&view->beginning), is_whole, FORMAT_UNKNOWN);

        return view->is_encrypted && sniffed.format == FORMAT_PDF ? NULL : format_media_type(sniffed.format);
}

static int settle(struct offline *offline, struct deposit_reader *reader,
                  const struct snapshot_holder *holder, struct id printer, const struct secret *key,
                  struct offer *ret, const char **ret_why)
{
        SCOPED(view_done) struct view view = { .beginning = BUFFER(SNIFF_OCTETS_MAX) };
        SCOPED(buffer_wipe) struct buffer metadata = BUFFER(DEPOSIT_METADATA_MAX);
        SCOPED(buffer_done) struct buffer terms = BUFFER(SNAPSHOT_TERMS_MAX);
        const char *type;
        int r;

        r = deposit_read_metadata(reader, key, &metadata);
        if (r == 0)
                r = look_through(reader, key, &view);
        if (r == 0)
                r = known_terms(offline->known, &terms);
        if (r) {
                *ret_why = r == DEPOSIT_DAMAGED ? "damaged" : "no-snapshot";
                return r;
        }
        type = type_of(&view);
        r = type ? terms_offer(buffer_text(&terms), buffer_text(&metadata), holder->person, printer, type,
                               ret)
                 : TERMS_OTHER_FORMAT;
        *ret_why = terms_word(r);
        return r;
}

int offline_deposit_offer(struct offline *offline, const struct deposit_entry *entry,
                          const struct snapshot_holder *holder, struct id printer, struct offer *ret,
                          const char **ret_why)
{
        SCOPED(deposit_close_readerp) struct deposit_reader *reader = NULL;
        SCOPED(secret_done) struct secret key = { { 0 } };
        char room[DEPOSIT_SEAL_ID];
        struct text id;
        int r;

        *ret_why = "damaged";
        r = deposit_open_reader(offline->deposits, entry->header.id, &reader);
        if (r)
                return r;
        if (box_take(&holder->seed, entry->header.for_person, &key) != 0)
                return DEPOSIT_DAMAGED;
        r = settle(offline, reader, holder, printer, &key, ret, ret_why);
        if (r)
                return r;
        id = deposit_document_id(&entry->header.id, room);
        memcpy(ret->seal_id, id.at, id.len);
        ret->seal_id_length = id.len;
        ret->sealed_octets = entry->header.document_octets;
        ret->home_key = key;
        return 0;
}
