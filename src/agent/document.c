// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/seal.h"
#include "os/file.h"

#define PIECE_OCTETS (SEAL_SEGMENT_OCTETS + SEAL_TAG_OCTETS)
#define AGAIN_MS     200

struct document {
        uint64_t size; /* sealed */
        uint64_t have;
        char *memory; /* or NULL, and then fd */
        int fd;
        uint64_t start; /* of it in the file */
        char *piece;    /* of the file */
        struct secret key;
        uint8_t seal_id[OFFER_SEAL_ID];
        size_t seal_id_length;
        struct unseal unseal;
        bool opened;         /* unseal is to be ended */
        uint64_t at;         /* sealed octets given to unseal */
        struct text waiting; /* read, and not yet given */
        bool ended;
};

static void close_seal(struct document *document)
{
        if (document->opened)
                unseal_done(&document->unseal);
        document->opened = false;
}

void document_free(struct document *document)
{
        if (!document)
                return;
        close_seal(document);
        secret_done(&document->key);
        closep(&document->fd);
        free(document->memory);
        free(document->piece);
        free(document);
}

void document_freep(struct document **document)
{
        document_free(*document);
}

static int document_new(int directory, uint64_t memory_octets, const struct offer *offer,
                        struct document **ret)
{
        SCOPED(document_freep) struct document *document = calloc(1, sizeof(*document));

        if (!document)
                return fault(-ENOMEM);
        document->fd = -1;
        document->size = offer->sealed_octets;
        if (document->size <= memory_octets) {
                document->memory = malloc(document->size);
        } else {
                document->piece = malloc(PIECE_OCTETS);
                document->fd = openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
                if (document->fd < 0)
                        return fault(-errno);
        }
        if (!document->memory && !document->piece)
                return fault(-ENOMEM);
        *ret = take(document);
        return 0;
}

int document_from_file(int fd, uint64_t offset, const struct offer *offer, struct document **ret)
{
        SCOPED(document_freep) struct document *document = calloc(1, sizeof(*document));

        if (!document) {
                close(fd);
                return fault(-ENOMEM);
        }
        document->fd = fd;
        document->start = offset;
        document->size = document->have = offer->sealed_octets;
        document->piece = malloc(PIECE_OCTETS);
        if (!document->piece)
                return fault(-ENOMEM);
        *ret = take(document);
        return 0;
}

static int take_octets(void *context, struct text octets)
{
        struct document *document = context;
        int r = 0;

        if (octets.len > document->size - document->have)
                return -EMSGSIZE;
        if (document->memory)
                memcpy(document->memory + document->have, octets.at, octets.len);
        else
                r = file_write_at(document->fd, octets.at, octets.len, document->have);
        if (r == 0)
                document->have += octets.len;
        return r;
}

int document_fetch(struct service *service, int directory, uint64_t memory_octets, const struct offer *offer,
                   int64_t deadline_ms, struct document **ret)
{
        SCOPED(document_freep) struct document *document = NULL;
        uint64_t got;
        int r;

        r = document_new(directory, memory_octets, offer, &document);
        if (r)
                return r == -ENOSPC || r == -EDQUOT ? DOCUMENT_NO_ROOM : r;
        for (;;) {
                r = service_fetch(service, offer, document->have, take_octets, document, &got);
                if (document->have == document->size)
                        break;
                if (r < 0)
                        return r;
                if (r == SERVICE_STALE || r == SERVICE_UNKNOWN_US)
                        return DOCUMENT_STALE;
                if (r == 0 || r == SERVICE_CONFUSED)
                        return DOCUMENT_DAMAGED;
                if (service_is_away(service) || clock_boot_ms() + AGAIN_MS >= deadline_ms)
                        return DOCUMENT_UNREACHABLE;
                if (got == 0)
                        clock_pause(AGAIN_MS);
        }
        *ret = take(document);
        return 0;
}

static int rewind_document(void *context)
{
        struct document *document = context;
        struct text id = text_from_octets(document->seal_id, document->seal_id_length);
        int r;

        close_seal(document);
        document->at = 0;
        document->waiting = (struct text){ "", 0 };
        document->ended = false;
        r = unseal_init(&document->unseal, &document->key, id);
        document->opened = r == 0;
        return r;
}

/* The next sealed octets, where none wait. */
static int read_sealed(struct document *document)
{
        uint64_t left = document->size - document->at;
        size_t len = left < PIECE_OCTETS ? (size_t)left : PIECE_OCTETS;
        int r = 0;

        if (document->waiting.len > 0)
                return 0;
        if (document->memory)
                document->waiting = (struct text){ document->memory + document->at, len };
        else
                r = file_read_exactly_at(document->fd, document->piece, len, document->start + document->at);
        if (r)
                return r;
        if (!document->memory)
                document->waiting = (struct text){ document->piece, len };
        document->at += len;
        return 0;
}

static int pull(void *context, struct text *ret)
{
        struct document *document = context;
        size_t taken;
        int r;

        *ret = (struct text){ "", 0 };
        while (ret->len == 0 && !document->ended) {
                r = read_sealed(document);
                if (r)
                        return r;
                if (document->waiting.len == 0) {
                        document->ended = true;
                        return unseal_finish(&document->unseal, ret);
                }
                r = unseal_add(&document->unseal, document->waiting.at, document->waiting.len, &taken, ret);
                if (r)
                        return r;
                document->waiting.at += taken;
                document->waiting.len -= taken;
        }
        return 0;
}

static int authenticate(struct document *document)
{
        struct text plain;
        int r;

        do
                r = pull(document, &plain);
        while (r == 0 && plain.len > 0);
        if (r)
                return r < 0 ? r : DOCUMENT_DAMAGED;
        return rewind_document(document);
}

int document_open(struct document *document, const struct secret *key, const struct offer *offer)
{
        int r;

        document->key = *key;
        memcpy(document->seal_id, offer->seal_id, offer->seal_id_length);
        document->seal_id_length = offer->seal_id_length;
        r = rewind_document(document);
        if (r)
                return fold(r);
        return document->memory ? authenticate(document) : 0;
}

struct courier_source document_source(struct document *document)
{
        return (struct courier_source){ pull, rewind_document, document };
}
