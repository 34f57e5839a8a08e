// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A deposit that is read: as it goes to the service, or by whoever was given its key. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/seal.h"
#include "offline/deposit-folder.h"
#include "os/file.h"

struct deposit_reader {
        struct deposit_header header;
        int fd;
};

void deposit_close_reader(struct deposit_reader *reader)
{
        if (!reader)
                return;
        closep(&reader->fd);
        free(reader);
}

void deposit_close_readerp(struct deposit_reader **reader)
{
        deposit_close_reader(*reader);
}

int deposit_open_reader(struct deposits *deposits, struct id id, struct deposit_reader **ret)
{
        SCOPED(deposit_close_readerp) struct deposit_reader *reader = calloc(1, sizeof(*reader));
        struct deposit_entry entry;
        char name[DEPOSIT_NAME];
        int r;

        if (!reader)
                return fault(-ENOMEM);
        reader->fd = -1;
        if (deposit_find(deposits, id, &entry))
                return DEPOSIT_NOT_FOUND;
        deposit_name_of(&entry, name);
        reader->fd = openat(deposits->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (reader->fd < 0)
                return errno == ENOENT ? DEPOSIT_NOT_FOUND : fault(-errno);
        r = deposit_header_read(reader->fd, &reader->header);
        if (r)
                return r;
        *ret = take(reader);
        return 0;
}

const struct deposit_header *deposit_reader_header(const struct deposit_reader *reader)
{
        return &reader->header;
}

uint64_t deposit_reader_octets(const struct deposit_reader *reader)
{
        return DEPOSIT_HEADER_OCTETS + reader->header.metadata_octets + reader->header.document_octets;
}

/* Of a run of the file: as much as there is from offset on, at most size. */
static int read_run(struct deposit_reader *reader, uint64_t start, uint64_t len, uint64_t offset, void *to,
                    size_t size, size_t *ret_length)
{
        uint64_t left = offset < len ? len - offset : 0;

        *ret_length = left < size ? (size_t)left : size;
        return *ret_length ? file_read_exactly_at(reader->fd, to, *ret_length, start + offset) : 0;
}

int deposit_read_document(struct deposit_reader *reader, uint64_t offset, void *to, size_t size,
                          size_t *ret_length)
{
        return read_run(reader, DEPOSIT_HEADER_OCTETS, reader->header.document_octets, offset, to, size,
                        ret_length);
}

int deposit_read(struct deposit_reader *reader, uint64_t offset, void *to, size_t size, size_t *ret_length)
{
        const struct deposit_header *header = &reader->header;
        uint64_t metadata_at = DEPOSIT_HEADER_OCTETS + header->document_octets;

        if (offset < DEPOSIT_HEADER_OCTETS)
                return read_run(reader, 0, DEPOSIT_HEADER_OCTETS, offset, to, size, ret_length);
        offset -= DEPOSIT_HEADER_OCTETS;
        if (offset < header->metadata_octets)
                return read_run(reader, metadata_at, header->metadata_octets, offset, to, size, ret_length);
        return deposit_read_document(reader, offset - header->metadata_octets, to, size, ret_length);
}

static void end_unseal(struct unseal *unseal)
{
        unseal_done(unseal);
}

static int add_plain(struct buffer *to, struct text plain)
{
        buffer_add_text(to, plain);
        return to->failure ? fault(to->failure) : 0;
}

int deposit_read_metadata(struct deposit_reader *reader, const struct secret *key, struct buffer *to)
{
        SCOPED(end_unseal) struct unseal unseal = { 0 };
        uint64_t start = DEPOSIT_HEADER_OCTETS + reader->header.document_octets;
        char room[DEPOSIT_SEAL_ID];
        uint64_t offset = 0;
        struct text plain;
        int r;

        r = unseal_init(&unseal, key, deposit_metadata_id(&reader->header.id, room));
        while (r == 0 && offset < reader->header.metadata_octets) {
                uint8_t piece[4096];
                size_t length = 0, taken;

                r = read_run(reader, start, reader->header.metadata_octets, offset, piece, sizeof(piece),
                             &length);
                offset += length;
                for (uint8_t *at = piece; r == 0 && length; at += taken, length -= taken) {
                        r = unseal_add(&unseal, at, length, &taken, &plain);
                        if (r == 0)
                                r = add_plain(to, plain);
                }
        }
        if (r == 0)
                r = unseal_finish(&unseal, &plain);
        if (r == 0)
                r = add_plain(to, plain);
        return r > 0 ? DEPOSIT_DAMAGED : r;
}
