// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "vault/segments.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "vault/name.h"
#include "vault/scan.h"
#include "vault/segment.h"

#define TABLE_SIZE  4096
#define CURRENT_MAX 64 /* expiry days that are written to at one time */
#define FREE_MAX    16 /* free segments kept for the next use */
#define PUNCH_LEAST (512 * 1024)

struct segments {
        int directory;
        uint64_t segment_octets;
        atomic_uint_fast64_t flushes;
        pthread_t helper;

        pthread_mutex_t growing; /* one at a time makes a day's next segment; taken before lock */
        pthread_mutex_t lock;    /* of everything below, and of the segments */
        pthread_cond_t help_wanted;
        struct segment *table[TABLE_SIZE]; /* current and sealed ones, by name */
        struct segment *current[CURRENT_MAX];
        unsigned int current_count;
        uint64_t count; /* files, whatever their state */
        struct segment *free;
        unsigned int free_count;
        struct segment *ready;  /* renamed and open: the next current one */
        struct segment *doomed; /* their files are to be removed */
        bool wants_ready;
        bool wants_space;
        bool is_collected;
        bool is_ending;
};

static struct segment **place_in_table(struct segments *segments, const uint8_t name[VAULT_NAME_OCTETS])
{
        struct segment **at = &segments->table[(name[0] << 8 | name[1]) % TABLE_SIZE];

        while (*at && memcmp((*at)->name, name, VAULT_NAME_OCTETS) != 0)
                at = &(*at)->next;
        return at;
}

static void push(struct segment **list, struct segment *segment)
{
        segment->next = *list;
        *list = segment;
}

static struct segment *pop(struct segment **list)
{
        struct segment *segment = *list;

        if (segment)
                *list = segment->next;
        return segment;
}

static struct segment *current_of(struct segments *segments, int64_t day)
{
        for (unsigned int i = 0; i < segments->current_count; i++)
                if (segments->current[i]->day == day)
                        return segments->current[i];
        return NULL;
}

/* A free segment waits for its next use; one of another size, or one too many, is removed. */
static void set_free(struct segments *segments, struct segment *segment)
{
        *place_in_table(segments, segment->name) = segment->next;
        segment->state = SEGMENT_FREE;
        if (segment->size == segments->segment_octets && !segment->has_holes &&
            segments->free_count < FREE_MAX) {
                push(&segments->free, segment);
                segments->free_count++;
                return;
        }
        push(&segments->doomed, segment);
        pthread_cond_signal(&segments->help_wanted);
}

static void settle(struct segments *segments, struct segment *segment)
{
        if (segment->state != SEGMENT_SEALED || segment->writing > 0)
                return;
        closep(&segment->fd);
        segment->fd = -1;
        if (segments->is_collected && segment->live == 0 && segment->reading == 0)
                set_free(segments, segment);
}

static void seal(struct segments *segments, struct segment *segment)
{
        for (unsigned int i = 0; i < segments->current_count; i++)
                if (segments->current[i] == segment)
                        segments->current[i] = segments->current[--segments->current_count];
        segment->state = SEGMENT_SEALED;
        settle(segments, segment);
}

/*
 * An empty current segment is given up only when much of it is used: where little is printed every job would
 * otherwise cost a renaming.
 */
static void settle_after_loss(struct segments *segments, struct segment *segment)
{
        if (segment->state == SEGMENT_CURRENT && segment->live == 0 && segment->writing == 0 &&
            segment->used >= segment->size / 2)
                seal(segments, segment);
        else
                settle(segments, segment);
}

/* Days that are over get no deposits any more, and there is an end to how many are open. */
static void seal_old(struct segments *segments)
{
        int64_t today = clock_day(clock_unix_ms());
        struct segment *fullest;

        for (unsigned int i = segments->current_count; i-- > 0;)
                if (segments->current[i]->day < today && segments->current[i]->writing == 0)
                        seal(segments, segments->current[i]);
        if (segments->current_count < CURRENT_MAX)
                return;
        fullest = segments->current[0];
        for (unsigned int i = 1; i < segments->current_count; i++)
                if (segments->current[i]->used > fullest->used)
                        fullest = segments->current[i];
        seal(segments, fullest);
}

static void set_current(struct segments *segments, struct segment *segment, int64_t day)
{
        seal_old(segments);
        segment->day = day;
        segment->state = SEGMENT_CURRENT;
        segments->current[segments->current_count++] = segment;
        push(&segments->table[(segment->name[0] << 8 | segment->name[1]) % TABLE_SIZE], segment);
}

/* Makes a free segment ready for use, or a new one. Touches the disk, so without the lock. */
static int prepare(struct segments *segments, struct segment *used_before, struct segment **ret)
{
        int r;

        if (!used_before) {
                r = segment_create(segments->directory, segments->segment_octets, ret);
                atomic_fetch_add(&segments->flushes, 2);
                if (r == 0) {
                        pthread_mutex_lock(&segments->lock);
                        segments->count++;
                        pthread_mutex_unlock(&segments->lock);
                }
                return r;
        }
        r = segment_rename(segments->directory, used_before);
        atomic_fetch_add(&segments->flushes, 1);
        if (r < 0) {
                pthread_mutex_lock(&segments->lock);
                push(&segments->doomed, used_before);
                pthread_mutex_unlock(&segments->lock);
                return r;
        }
        *ret = used_before;
        return 0;
}

static struct segment *pop_free(struct segments *segments)
{
        struct segment *segment = pop(&segments->free);

        if (segment)
                segments->free_count--;
        return segment;
}

/* Gives the day a segment with room; another thread may have done so meanwhile. */
static int grow(struct segments *segments, int64_t day, uint64_t length)
{
        struct segment *segment, *next, *used_before = NULL;
        int r;

        pthread_mutex_lock(&segments->lock);
        segment = current_of(segments, day);
        if (segment && segment_has_room(segment, length)) {
                pthread_mutex_unlock(&segments->lock);
                return 0;
        }
        if (segment)
                seal(segments, segment);
        next = take(segments->ready);
        if (!next)
                used_before = pop_free(segments);
        pthread_mutex_unlock(&segments->lock);

        if (!next) {
                r = prepare(segments, used_before, &next);
                if (r)
                        return r;
        }
        pthread_mutex_lock(&segments->lock);
        set_current(segments, next, day);
        pthread_mutex_unlock(&segments->lock);
        return 0;
}

static struct segment *take_room(struct segments *segments, int64_t day, uint64_t length,
                                 uint64_t *ret_offset)
{
        struct segment *segment;

        pthread_mutex_lock(&segments->lock);
        segment = current_of(segments, day);
        if (segment && segment_has_room(segment, length)) {
                *ret_offset = segment_take(segment, length);
                segment_set(segment, *ret_offset, length, true);
                segment->writing++;
                if (segment->used > segment->size / 2 && !segments->ready && !segments->wants_ready) {
                        segments->wants_ready = true;
                        pthread_cond_signal(&segments->help_wanted);
                }
        } else {
                segment = NULL;
        }
        pthread_mutex_unlock(&segments->lock);
        return segment;
}

static int reserve(struct segments *segments, int64_t day, uint64_t length, struct segment **ret,
                   uint64_t *ret_offset)
{
        int r;

        while (!(*ret = take_room(segments, day, length, ret_offset))) {
                pthread_mutex_lock(&segments->growing);
                r = grow(segments, day, length);
                pthread_mutex_unlock(&segments->growing);
                if (r)
                        return r;
        }
        return 0;
}

static uint64_t padded(uint64_t length)
{
        return (length + SEGMENT_UNIT - 1) / SEGMENT_UNIT * SEGMENT_UNIT;
}

int segments_append(struct segments *segments, int64_t day, const void *octets, uint64_t length,
                    struct vault_place *ret)
{
        struct segment *segment;
        uint64_t offset;
        int r;

        r = reserve(segments, day, length, &segment, &offset);
        if (r)
                return r;
        r = file_write_at(segment->fd, octets, padded(length), offset);
        if (r == 0 && flush_join(&segment->flush, segment->fd))
                atomic_fetch_add(&segments->flushes, 1);

        pthread_mutex_lock(&segments->lock);
        segment->writing--;
        if (r == 0) {
                *ret = (struct vault_place){ .is_segment = true, .offset = offset, .length = length };
                memcpy(ret->name, segment->name, VAULT_NAME_OCTETS);
                settle(segments, segment);
        } else {
                segment_set(segment, offset, length, false);
                settle_after_loss(segments, segment);
        }
        pthread_mutex_unlock(&segments->lock);
        return disk_is_full(r) ? VAULT_FULL : r;
}

/* The live deposit's segment, or NULL. */
static struct segment *find(struct segments *segments, const struct vault_place *place)
{
        struct segment *segment = *place_in_table(segments, place->name);

        if (!segment || !segment_may_hold(segment, place) || !segment_has(segment, place->offset))
                return NULL;
        return segment;
}

void segments_delete(struct segments *segments, const struct vault_place *place)
{
        struct segment *segment;

        pthread_mutex_lock(&segments->lock);
        segment = find(segments, place);
        if (segment) {
                segment_set(segment, place->offset, place->length, false);
                settle_after_loss(segments, segment);
        }
        pthread_mutex_unlock(&segments->lock);
}

int segments_keep(struct segments *segments, const struct vault_place *place)
{
        struct segment *segment;
        int r = 0;

        pthread_mutex_lock(&segments->lock);
        segment = *place_in_table(segments, place->name);
        if (!segment)
                r = VAULT_NOT_FOUND;
        else if (!segment_may_hold(segment, place))
                r = fault(-EINVAL);
        else
                segment_set(segment, place->offset, place->length, true);
        pthread_mutex_unlock(&segments->lock);
        return r;
}

uint64_t segments_collect(struct segments *segments)
{
        struct segment *segment, *next;
        uint64_t octets = 0;

        pthread_mutex_lock(&segments->lock);
        segments->is_collected = true;
        for (size_t i = 0; i < TABLE_SIZE; i++)
                for (segment = segments->table[i]; segment; segment = next) {
                        next = segment->next;
                        settle(segments, segment);
                        if (segment->state == SEGMENT_FREE)
                                octets += segment->size;
                }
        pthread_mutex_unlock(&segments->lock);
        return octets;
}

void segments_unpin(struct segments *segments, const struct vault_place *place)
{
        struct segment *segment;

        pthread_mutex_lock(&segments->lock);
        segment = *place_in_table(segments, place->name);
        assert(segment && segment->reading > 0);
        segment->reading--;
        settle_after_loss(segments, segment);
        pthread_mutex_unlock(&segments->lock);
}

int segments_pin(struct segments *segments, const struct vault_place *place, int *ret_fd)
{
        struct segment *segment;
        int r;

        pthread_mutex_lock(&segments->lock);
        segment = find(segments, place);
        if (segment)
                segment->reading++;
        pthread_mutex_unlock(&segments->lock);
        if (!segment)
                return VAULT_NOT_FOUND;
        r = segment_open_again(segments->directory, segment, ret_fd);
        if (r)
                segments_unpin(segments, place);
        return r;
}

void segments_trim(struct segments *segments)
{
        struct segment *segment;

        pthread_mutex_lock(&segments->lock);
        while ((segment = pop_free(segments)))
                push(&segments->doomed, segment);
        segments->wants_space = segments->is_collected;
        pthread_cond_signal(&segments->help_wanted);
        pthread_mutex_unlock(&segments->lock);
}

uint64_t segments_count(struct segments *segments)
{
        uint64_t count;

        pthread_mutex_lock(&segments->lock);
        count = segments->count;
        pthread_mutex_unlock(&segments->lock);
        return count;
}

uint64_t segments_flushes(struct segments *segments)
{
        return atomic_load(&segments->flushes);
}

/* The helper's work, each step without the lock. */

static void remove_doomed(struct segments *segments, struct segment *segment)
{
        int r = segment_remove(segments->directory, segment);

        if (r < 0)
                log_fault("vault-segment-not-removed", r); /* the next start finds it */
        segment_free(segment);
}

/* Best effort: a depositor who finds nothing ready makes his own segment, and hears of a full disk himself.
 */
static struct segment *make_ready(struct segments *segments, struct segment *used_before)
{
        struct segment *segment = NULL;
        int r;

        r = prepare(segments, used_before, &segment);
        if (r)
                return NULL;
        if (!used_before && segment_fill(segment) < 0)
                log_write(LOG_WARNING, "vault-segment-not-filled", NULL);
        return segment;
}

/* A sealed segment of which much is dead. */
static struct segment *find_holey(struct segments *segments)
{
        for (size_t i = 0; i < TABLE_SIZE; i++)
                for (struct segment *segment = segments->table[i]; segment; segment = segment->next)
                        if (segment->state == SEGMENT_SEALED && segment->writing == 0 &&
                            segment->reading == 0 && segment_dead(segment) >= PUNCH_LEAST)
                                return segment;
        return NULL;
}

/* With the lock, and without it for the work itself; until then the segment is taken for one that is read. */
static void give_space_back(struct segments *segments)
{
        struct segment *segment = find_holey(segments);
        uint64_t *units = segment ? segment_begin_punch(segment) : NULL;
        int r;

        if (!units) {
                segments->wants_space = false;
                return;
        }
        segment->reading++;
        pthread_mutex_unlock(&segments->lock);
        r = segment_punch(segments->directory, segment, units);
        if (r < 0)
                log_fault("vault-space-not-given-back", r);
        free(units);
        pthread_mutex_lock(&segments->lock);
        segment->reading--;
        settle(segments, segment);
}

static void *help(void *context)
{
        struct segments *segments = context;
        struct segment *segment;

        pthread_mutex_lock(&segments->lock);
        for (;;) {
                if ((segment = pop(&segments->doomed))) {
                        segments->count--;
                        pthread_mutex_unlock(&segments->lock);
                        remove_doomed(segments, segment);
                        pthread_mutex_lock(&segments->lock);
                } else if (segments->wants_space) {
                        give_space_back(segments);
                } else if (segments->is_ending) {
                        break;
                } else if (segments->wants_ready) {
                        segment = pop_free(segments);
                        pthread_mutex_unlock(&segments->lock);
                        segment = make_ready(segments, segment);
                        pthread_mutex_lock(&segments->lock);
                        segments->ready = segment;
                        segments->wants_ready = false;
                } else {
                        pthread_cond_wait(&segments->help_wanted, &segments->lock);
                }
        }
        pthread_mutex_unlock(&segments->lock);
        return NULL;
}

/* What an earlier run left: sealed, and empty until the database tells what lives in it. */
static int find_one(void *context, const uint8_t name[VAULT_NAME_OCTETS])
{
        struct segments *segments = context;
        struct segment *segment;
        struct stat status;
        char string[NAME_STRING];

        name_format(name, string);
        if (fstatat(segments->directory, string, &status, AT_SYMLINK_NOFOLLOW) < 0)
                return fault(-errno);
        if (!S_ISREG(status.st_mode))
                return 0;
        segment = segment_new(name, (uint64_t)status.st_size);
        if (!segment)
                return fault(-ENOMEM);
        segment->state = SEGMENT_SEALED;
        push(&segments->table[(name[0] << 8 | name[1]) % TABLE_SIZE], segment);
        segments->count++;
        return 0;
}

static void discard(struct segments *segments)
{
        struct segment *segment;

        for (size_t i = 0; i < TABLE_SIZE; i++)
                while ((segment = pop(&segments->table[i])))
                        segment_free(segment);
        while ((segment = pop(&segments->free)))
                segment_free(segment);
        while ((segment = pop(&segments->doomed)))
                segment_free(segment);
        segment_free(segments->ready);
        pthread_cond_destroy(&segments->help_wanted);
        pthread_mutex_destroy(&segments->lock);
        pthread_mutex_destroy(&segments->growing);
        free(segments);
}

int segments_open(int directory, uint64_t segment_octets, struct segments **ret)
{
        struct segments *segments = calloc(1, sizeof(*segments));
        int r;

        if (!segments)
                return fault(-ENOMEM);
        segments->directory = directory;
        segments->segment_octets = segment_octets;
        pthread_mutex_init(&segments->growing, NULL);
        pthread_mutex_init(&segments->lock, NULL);
        pthread_cond_init(&segments->help_wanted, NULL);
        r = scan_folder(directory, ".", find_one, segments);
        if (r == 0) {
                r = pthread_create(&segments->helper, NULL, help, segments);
                r = r ? fault(-r) : 0;
        }
        if (r < 0) {
                discard(segments);
                return r;
        }
        *ret = segments;
        return 0;
}

void segments_close(struct segments *segments)
{
        if (!segments)
                return;
        pthread_mutex_lock(&segments->lock);
        segments->is_ending = true;
        pthread_cond_signal(&segments->help_wanted);
        pthread_mutex_unlock(&segments->lock);
        pthread_join(segments->helper, NULL);
        discard(segments);
}
