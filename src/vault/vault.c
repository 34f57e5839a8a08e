// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/file.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "vault/files.h"
#include "vault/name.h"
#include "vault/segment.h"
#include "vault/segments.h"

#define SEGMENT_OCTETS_DEFAULT (64 * 1024 * 1024)
#define SEGMENT_OCTETS_LEAST   (4 * VAULT_SMALL_OCTETS)
#define RESERVE_OCTETS_DEFAULT (256 * 1024 * 1024)
#define SPACE_ASKED_EVERY_MS   200
#define BUFFER_OCTETS_FIRST    (4 * SEGMENT_UNIT)
#define WRITE_BACK_OCTETS      (1024 * 1024)

struct vault {
        int directory, segments_directory, files_directory;
        uint64_t reserve_octets;
        struct segments *segments;
        struct files *files;
        atomic_uint_fast64_t deposits;

        pthread_mutex_t lock; /* of what follows */
        int64_t space_asked_at_ms;
        uint64_t free_octets;
        struct vault_deposit *unsettled; /* committed, neither kept nor deleted yet; the newest first */
};

/* Small until its buffer is full and more comes, then a file. */
struct vault_deposit {
        struct vault *vault;
        int64_t day;
        char *buffer;
        size_t size, len;
        int fd; /* -1 while small */
        uint8_t name[VAULT_NAME_OCTETS];
        uint64_t written, started; /* octets in the file, and those whose write-back has been started */
        struct vault_place place;  /* once it is committed */
        struct vault_deposit *next;
};

struct vault_reader {
        struct vault *vault;
        struct vault_place place;
        int fd;
};

void vault_closep(struct vault **vault)
{
        vault_close(*vault);
}

/* Two programs in one vault would each collect what the other has just been given. */
static int lock_alone(int directory)
{
        if (flock(directory, LOCK_EX | LOCK_NB) == 0)
                return 0;
        return fault(errno == EWOULDBLOCK ? -EBUSY : -errno);
}

static int open_all(struct vault *vault, const struct vault_settings *settings)
{
        uint64_t octets = settings->segment_octets ? settings->segment_octets : SEGMENT_OCTETS_DEFAULT;
        int r;

        octets = octets / SEGMENT_UNIT * SEGMENT_UNIT;
        if (octets < SEGMENT_OCTETS_LEAST)
                return fault(-EINVAL);
        r = directory_open(settings->path, &vault->directory);
        if (r < 0)
                return r;
        r = lock_alone(vault->directory);
        if (r < 0)
                return r;
        r = directory_open_at(vault->directory, "segments", &vault->segments_directory);
        if (r < 0)
                return r;
        r = directory_open_at(vault->directory, "files", &vault->files_directory);
        if (r < 0)
                return r;
        r = files_open(vault->files_directory, &vault->files);
        if (r < 0)
                return r;
        return segments_open(vault->segments_directory, octets, &vault->segments);
}

int vault_open(const struct vault_settings *settings, struct vault **ret)
{
        SCOPED(vault_closep) struct vault *vault = calloc(1, sizeof(*vault));
        int r;

        if (!vault)
                return fault(-ENOMEM);
        vault->directory = vault->segments_directory = vault->files_directory = -1;
        vault->reserve_octets = settings->reserve_octets ? settings->reserve_octets : RESERVE_OCTETS_DEFAULT;
        vault->space_asked_at_ms = INT64_MIN;
        pthread_mutex_init(&vault->lock, NULL);
        r = open_all(vault, settings);
        if (r < 0)
                return r;
        *ret = take(vault);
        return 0;
}

void vault_close(struct vault *vault)
{
        struct vault_deposit *deposit;

        if (!vault)
                return;
        while ((deposit = vault->unsettled)) {
                vault->unsettled = deposit->next;
                free(deposit);
        }
        segments_close(vault->segments);
        files_close(vault->files);
        closep(&vault->segments_directory);
        closep(&vault->files_directory);
        closep(&vault->directory);
        pthread_mutex_destroy(&vault->lock);
        free(vault);
}

/* VAULT_FULL below the reserve; the disk is asked a few times a second. */
static int check_space(struct vault *vault)
{
        int64_t now = clock_monotonic_ms();
        bool is_full = false, is_news = false;
        uint64_t total;
        int r = 0;

        pthread_mutex_lock(&vault->lock);
        if (vault->space_asked_at_ms == INT64_MIN || now - vault->space_asked_at_ms >= SPACE_ASKED_EVERY_MS) {
                r = directory_space(vault->directory, &vault->free_octets, &total);
                vault->space_asked_at_ms = now;
                is_news = true;
        }
        is_full = vault->free_octets < vault->reserve_octets;
        pthread_mutex_unlock(&vault->lock);
        if (r < 0)
                return r;
        if (is_full && is_news)
                segments_trim(vault->segments);
        return is_full ? VAULT_FULL : 0;
}

int vault_deposit(struct vault *vault, int64_t expiry_day, struct vault_deposit **ret)
{
        struct vault_deposit *deposit;
        int r;

        r = check_space(vault);
        if (r)
                return r;
        deposit = calloc(1, sizeof(*deposit));
        if (!deposit)
                return fault(-ENOMEM);
        deposit->vault = vault;
        deposit->day = expiry_day;
        deposit->fd = -1;
        *ret = deposit;
        return 0;
}

/* Asked to begin now, so that the flush at the end finds little left to do. */
static void start_write_back(struct vault_deposit *deposit)
{
        if (deposit->written - deposit->started < WRITE_BACK_OCTETS)
                return;
        sync_file_range(deposit->fd, (off_t)deposit->started, (off_t)(deposit->written - deposit->started),
                        SYNC_FILE_RANGE_WRITE);
        deposit->started = deposit->written;
}

/* Moves what the buffer holds into the deposit's own file. */
static int spill(struct vault_deposit *deposit)
{
        int r;

        r = check_space(deposit->vault);
        if (r)
                return r;
        if (deposit->fd < 0) {
                r = files_create(deposit->vault->files, deposit->name, &deposit->fd);
                if (r)
                        return r;
        }
        r = file_write_at(deposit->fd, deposit->buffer, deposit->len, deposit->written);
        if (r < 0)
                return disk_is_full(r) ? VAULT_FULL : r;
        deposit->written += deposit->len;
        deposit->len = 0;
        start_write_back(deposit);
        return 0;
}

/* The size is always whole units, so that a small deposit can be padded in place. */
static int make_room(struct vault_deposit *deposit)
{
        size_t size = deposit->size ? 2 * deposit->size : BUFFER_OCTETS_FIRST;
        char *buffer;

        if (deposit->len < deposit->size)
                return 0;
        if (deposit->size == VAULT_SMALL_OCTETS)
                return spill(deposit);
        buffer = realloc(deposit->buffer, size);
        if (!buffer)
                return fault(-ENOMEM);
        deposit->buffer = buffer;
        deposit->size = size;
        return 0;
}

int vault_write(struct vault_deposit *deposit, struct text octets)
{
        int r;

        while (octets.len > 0) {
                size_t len;

                r = make_room(deposit);
                if (r)
                        return r;
                len = deposit->size - deposit->len;
                len = octets.len < len ? octets.len : len;
                memcpy(deposit->buffer + deposit->len, octets.at, len);
                deposit->len += len;
                octets.at += len;
                octets.len -= len;
        }
        return 0;
}

static int commit_file(struct vault_deposit *deposit)
{
        int r;

        r = spill(deposit);
        if (r)
                return r;
        r = files_commit(deposit->vault->files, deposit->name, deposit->fd);
        if (r < 0)
                return r;
        deposit->place = (struct vault_place){ .length = deposit->written };
        memcpy(deposit->place.name, deposit->name, VAULT_NAME_OCTETS);
        return 0;
}

static int commit_small(struct vault_deposit *deposit)
{
        int r;

        /* An empty deposit has a place too. */
        r = deposit->buffer ? 0 : make_room(deposit);
        if (r)
                return r;
        memset(deposit->buffer + deposit->len, 0, -deposit->len % SEGMENT_UNIT);
        return segments_append(deposit->vault->segments, deposit->day, deposit->buffer, deposit->len,
                               &deposit->place);
}

static void wait_to_be_kept(struct vault_deposit *deposit)
{
        struct vault *vault = deposit->vault;

        closep(&deposit->fd);
        freep(&deposit->buffer);
        pthread_mutex_lock(&vault->lock);
        deposit->next = vault->unsettled;
        vault->unsettled = deposit;
        pthread_mutex_unlock(&vault->lock);
}

int vault_commit(struct vault_deposit *deposit, struct vault_place *ret)
{
        SCOPED(vault_abortp) struct vault_deposit *ours = deposit;
        int r;

        r = deposit->fd < 0 ? commit_small(deposit) : commit_file(deposit);
        if (r)
                return r;
        atomic_fetch_add(&deposit->vault->deposits, 1);
        *ret = deposit->place;
        wait_to_be_kept(take(ours));
        return 0;
}

void vault_abort(struct vault_deposit *deposit)
{
        if (!deposit)
                return;
        /* Where removing fails the next start's collection does it. */
        if (deposit->fd >= 0)
                files_remove(deposit->vault->files, deposit->name);
        closep(&deposit->fd);
        free(deposit->buffer);
        free(deposit);
}

void vault_abortp(struct vault_deposit **deposit)
{
        vault_abort(*deposit);
}

static bool is_same(const struct vault_place *a, const struct vault_place *b)
{
        return a->offset == b->offset && memcmp(a->name, b->name, VAULT_NAME_OCTETS) == 0;
}

void vault_kept(struct vault *vault, const struct vault_place *place)
{
        struct vault_deposit **at, *deposit;

        pthread_mutex_lock(&vault->lock);
        at = &vault->unsettled;
        while (*at && !is_same(&(*at)->place, place))
                at = &(*at)->next;
        deposit = *at;
        if (deposit)
                *at = deposit->next;
        pthread_mutex_unlock(&vault->lock);
        free(deposit);
}

int vault_delete(struct vault *vault, const struct vault_place *place)
{
        vault_kept(vault, place);
        if (!place->is_segment)
                return files_remove(vault->files, place->name);
        segments_delete(vault->segments, place);
        return 0;
}

int vault_keep(struct vault *vault, const struct vault_place *place)
{
        if (place->is_segment)
                return segments_keep(vault->segments, place);
        return files_keep(vault->files, place->name);
}

int vault_collect(struct vault *vault, uint64_t *ret_octets)
{
        uint64_t octets = 0;
        int r;

        r = files_collect(vault->files, &octets);
        octets += segments_collect(vault->segments);
        if (r == 0 && ret_octets)
                *ret_octets = octets;
        return r;
}

int vault_open_reader(struct vault *vault, const struct vault_place *place, struct vault_reader **ret)
{
        SCOPED(freep) struct vault_reader *reader = calloc(1, sizeof(*reader));
        int r;

        if (!reader)
                return fault(-ENOMEM);
        reader->vault = vault;
        reader->place = *place;
        r = place->is_segment ? segments_pin(vault->segments, place, &reader->fd)
                              : files_open_reader(vault->files, place->name, &reader->fd);
        if (r)
                return r;
        *ret = take(reader);
        return 0;
}

int vault_read(struct vault_reader *reader, uint64_t offset, void *to, size_t size, size_t *ret_length)
{
        const struct vault_place *place = &reader->place;
        uint64_t left = offset < place->length ? place->length - offset : 0;
        size_t length = size < left ? size : (size_t)left;
        int r;

        r = file_read_exactly_at(reader->fd, to, length, place->offset + offset);
        if (r < 0)
                return r;
        *ret_length = length;
        return 0;
}

void vault_close_reader(struct vault_reader *reader)
{
        if (!reader)
                return;
        close(reader->fd);
        if (reader->place.is_segment)
                segments_unpin(reader->vault->segments, &reader->place);
        free(reader);
}

void vault_close_readerp(struct vault_reader **reader)
{
        vault_close_reader(*reader);
}

void vault_read_figures(struct vault *vault, struct vault_figures *ret)
{
        *ret = (struct vault_figures){
                .deposits = atomic_load(&vault->deposits),
                .flushes = segments_flushes(vault->segments) + files_flushes(vault->files),
                .segments = segments_count(vault->segments),
        };
        check_space(vault);
        pthread_mutex_lock(&vault->lock);
        ret->free_octets = vault->free_octets;
        for (const struct vault_deposit *deposit = vault->unsettled; deposit; deposit = deposit->next)
                ret->unsettled++;
        pthread_mutex_unlock(&vault->lock);
}
