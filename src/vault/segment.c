// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "vault/segment.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "vault/name.h"

#define FILL_OCTETS (1024 * 1024)

static size_t bits_size(const struct segment *segment)
{
        return (segment->size / SEGMENT_UNIT / 64 + 1) * sizeof(uint64_t);
}

struct segment *segment_new(const uint8_t name[VAULT_NAME_OCTETS], uint64_t size)
{
        struct segment *segment = calloc(1, sizeof(*segment));

        if (!segment)
                return NULL;
        segment->size = size;
        segment->fd = -1;
        memcpy(segment->name, name, VAULT_NAME_OCTETS);
        flush_init(&segment->flush);
        segment->starts = calloc(1, bits_size(segment));
        segment->units = calloc(1, bits_size(segment));
        if (!segment->starts || !segment->units) {
                segment_free(segment);
                return NULL;
        }
        return segment;
}

void segment_free(struct segment *segment)
{
        if (!segment)
                return;
        closep(&segment->fd);
        flush_done(&segment->flush);
        free(segment->starts);
        free(segment->units);
        free(segment);
}

static void segment_freep(struct segment **segment)
{
        segment_free(*segment);
}

/* A file system that cannot reserve space gives it as it is written. */
static int reserve_space(int fd, uint64_t size)
{
        if (fallocate(fd, 0, 0, (off_t)size) == 0 || errno == EOPNOTSUPP)
                return 0;
        return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? VAULT_FULL : fault(-errno);
}

int segment_create(int directory, uint64_t size, struct segment **ret)
{
        SCOPED(segment_freep) struct segment *segment = NULL;
        uint8_t name[VAULT_NAME_OCTETS];
        char string[NAME_STRING];
        int r;

        r = name_make(name);
        if (r < 0)
                return r;
        segment = segment_new(name, size);
        if (!segment)
                return fault(-ENOMEM);
        name_format(name, string);
        r = fold(file_create(directory, string, &segment->fd));
        if (r < 0)
                return disk_is_full(r) ? VAULT_FULL : r;
        r = reserve_space(segment->fd, size);
        if (r) {
                file_remove(directory, string);
                return r;
        }
        file_sync(segment->fd);
        directory_sync(directory);
        *ret = take(segment);
        return 0;
}

/* In pieces, each flushed, so that the flushes of others are not stuck behind a great one. */
int segment_fill(struct segment *segment)
{
        SCOPED(freep) void *zeros = calloc(1, FILL_OCTETS);
        int r;

        if (!zeros)
                return fault(-ENOMEM);
        for (uint64_t at = 0; at < segment->size; at += FILL_OCTETS) {
                uint64_t left = segment->size - at;

                r = file_write_at(segment->fd, zeros, left < FILL_OCTETS ? left : FILL_OCTETS, at);
                if (r < 0)
                        return r;
                file_sync_data(segment->fd);
        }
        return 0;
}

static int open_for(int directory, const struct segment *segment, int flags, int *ret_fd)
{
        char string[NAME_STRING];
        int fd;

        name_format(segment->name, string);
        fd = openat(directory, string, flags | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return errno == ENOENT ? VAULT_NOT_FOUND : fault(-errno);
        *ret_fd = fd;
        return 0;
}

int segment_rename(int directory, struct segment *segment)
{
        uint8_t name[VAULT_NAME_OCTETS];
        char from[NAME_STRING], to[NAME_STRING];
        int r;

        assert(segment->state == SEGMENT_FREE && segment->live == 0 && segment->reading == 0);
        r = name_make(name);
        if (r < 0)
                return r;
        name_format(segment->name, from);
        name_format(name, to);
        if (renameat(directory, from, directory, to) < 0)
                return fault(-errno);
        directory_sync(directory);
        memcpy(segment->name, name, VAULT_NAME_OCTETS);
        segment->used = 0;
        return fold(open_for(directory, segment, O_RDWR, &segment->fd));
}

int segment_open_again(int directory, const struct segment *segment, int *ret_fd)
{
        return open_for(directory, segment, O_RDONLY, ret_fd);
}

int segment_remove(int directory, const struct segment *segment)
{
        char string[NAME_STRING];
        int r;

        name_format(segment->name, string);
        r = file_remove(directory, string);
        return r < 0 ? r : 0;
}

static uint64_t whole_units(uint64_t length)
{
        uint64_t units = (length + SEGMENT_UNIT - 1) / SEGMENT_UNIT;

        return (units ? units : 1) * SEGMENT_UNIT;
}

bool segment_has_room(const struct segment *segment, uint64_t length)
{
        return whole_units(length) <= segment->size - segment->used;
}

uint64_t segment_take(struct segment *segment, uint64_t length)
{
        uint64_t offset = segment->used;

        assert(segment_has_room(segment, length));
        segment->used += whole_units(length);
        return offset;
}

static bool bit(const uint64_t *bits, uint64_t at)
{
        return bits[at / 64] >> (at % 64) & 1;
}

static void flip(uint64_t *bits, uint64_t at)
{
        bits[at / 64] ^= UINT64_C(1) << (at % 64);
}

bool segment_has(const struct segment *segment, uint64_t offset)
{
        return bit(segment->starts, offset / SEGMENT_UNIT);
}

void segment_set(struct segment *segment, uint64_t offset, uint64_t length, bool is_live)
{
        uint64_t first = offset / SEGMENT_UNIT, count = whole_units(length) / SEGMENT_UNIT;

        if (segment_has(segment, offset) == is_live)
                return;
        flip(segment->starts, first);
        for (uint64_t i = 0; i < count; i++)
                if (bit(segment->units, first + i) != is_live)
                        flip(segment->units, first + i);
        segment->live += is_live ? 1 : -1U;
}

static uint64_t count_dead(const struct segment *segment, const uint64_t *units)
{
        uint64_t count = segment->size / SEGMENT_UNIT;

        for (size_t i = 0; i < bits_size(segment) / sizeof(*units); i++)
                count -= (uint64_t)__builtin_popcountll(units[i]);
        return count;
}

uint64_t segment_dead(const struct segment *segment)
{
        return (count_dead(segment, segment->units) - segment->punched) * SEGMENT_UNIT;
}

/* A file system that cannot give space back keeps it until the segment is free. */
static int punch(int fd, uint64_t from, uint64_t to)
{
        if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(from * SEGMENT_UNIT),
                      (off_t)((to - from) * SEGMENT_UNIT)) == 0 ||
            errno == EOPNOTSUPP)
                return 0;
        return fault(-errno);
}

uint64_t *segment_begin_punch(struct segment *segment)
{
        uint64_t *units = malloc(bits_size(segment));

        if (!units)
                return NULL;
        memcpy(units, segment->units, bits_size(segment));
        segment->punched = count_dead(segment, units);
        segment->has_holes = true;
        return units;
}

int segment_punch(int directory, const struct segment *segment, const uint64_t *units)
{
        SCOPED(closep) int fd = -1;
        uint64_t count = segment->size / SEGMENT_UNIT;
        int r;

        r = fold(open_for(directory, segment, O_RDWR, &fd));
        for (uint64_t from = 0, to; r == 0 && from < count; from = to) {
                for (to = from; to < count && bit(units, to) == bit(units, from);)
                        to++;
                if (!bit(units, from))
                        r = punch(fd, from, to);
        }
        return r;
}

bool segment_may_hold(const struct segment *segment, const struct vault_place *place)
{
        return place->offset % SEGMENT_UNIT == 0 && place->offset < segment->size &&
               place->length <= segment->size - place->offset;
}
