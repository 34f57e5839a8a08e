// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The folder of deposits, and what is kept of each in memory. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "offline/deposit-folder.h"
#include "os/file.h"

#define FOLDER "deposits"

void deposit_name(struct id id, const char *suffix, char ret[DEPOSIT_NAME])
{
        id_format(id, ret);
        memcpy(ret + ID_STRING - 1, suffix, strlen(suffix) + 1);
}

void deposit_name_of(const struct deposit_entry *entry, char ret[DEPOSIT_NAME])
{
        deposit_name(entry->header.id,
                     entry->is_staying   ? DEPOSIT_STAYS
                     : entry->is_settled ? DEPOSIT_SETTLED
                                         : DEPOSIT_PART,
                     ret);
}

struct kept *kept_find(struct deposits *deposits, struct id id)
{
        for (size_t i = 0; i < deposits->count; i++)
                if (id_equal(deposits->kept[i].header.id, id))
                        return &deposits->kept[i];
        return NULL;
}

bool kept_add(struct deposits *deposits, const struct kept *kept)
{
        size_t room = deposits->room ? 2 * deposits->room : 16;
        struct kept *more = deposits->kept;

        if (deposits->count == deposits->room) {
                more = reallocarray(more, room, sizeof(*more));
                if (!more)
                        return false;
                deposits->kept = more;
                deposits->room = room;
        }
        deposits->kept[deposits->count++] = *kept;
        return true;
}

void kept_forget(struct deposits *deposits, struct kept *kept)
{
        size_t at = (size_t)(kept - deposits->kept);

        closep(&kept->fd);
        deposits->octets -= kept->octets;
        deposits->count--;
        memmove(kept, kept + 1, (deposits->count - at) * sizeof(*kept));
}

int deposit_header_read(int fd, struct deposit_header *ret)
{
        uint8_t octets[DEPOSIT_HEADER_OCTETS];
        struct stat st;
        int r;

        r = file_read_exactly_at(fd, octets, sizeof(octets), 0);
        if (r)
                return r == -ENODATA ? DEPOSIT_DAMAGED : r;
        if (deposit_header_parse(text_from_octets(octets, sizeof(octets)), ret))
                return DEPOSIT_DAMAGED;
        if (fstat(fd, &st) < 0)
                return fault(-errno);
        return (uint64_t)st.st_size == sizeof(octets) + ret->document_octets + ret->metadata_octets
                       ? 0
                       : DEPOSIT_DAMAGED;
}

/* Kept for whoever wants to look why, and never sent. */
static int set_aside(struct deposits *deposits, const char *name)
{
        char aside[DEPOSIT_NAME];

        snprintf(aside, sizeof(aside), "%s.damaged", name);
        log_write(LOG_ERROR, "deposit-damaged", "deposit", name, NULL);
        return renameat(deposits->directory, name, deposits->directory, aside) < 0 ? fault(-errno) : 0;
}

static int find_one(struct deposits *deposits, const char *name, struct id id, bool is_staying)
{
        SCOPED(closep) int fd = openat(deposits->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        struct kept kept = { .fd = -1, .is_settled = true, .is_staying = is_staying };
        int r;

        if (fd < 0)
                return errno == ELOOP ? set_aside(deposits, name) : fault(-errno);
        r = deposit_header_read(fd, &kept.header);
        if (r == DEPOSIT_DAMAGED || (r == 0 && !id_equal(kept.header.id, id)))
                return set_aside(deposits, name);
        if (r)
                return r;
        r = deposit_read_marks(deposits, &kept);
        if (r)
                return r == DEPOSIT_DAMAGED ? set_aside(deposits, name) : r;
        kept.octets = DEPOSIT_HEADER_OCTETS + kept.header.document_octets + kept.header.metadata_octets;
        deposits->octets += kept.octets;
        return kept_add(deposits, &kept) ? 0 : fault(-ENOMEM);
}

/* A mark of what is no more: it went first, so that a crash leaves nothing that could be taken for new. */
static int remove_orphan(struct deposits *deposits, const char *mark, struct id id)
{
        char name[DEPOSIT_NAME];

        deposit_name(id, DEPOSIT_SETTLED, name);
        if (faccessat(deposits->directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
                return 0;
        return unlinkat(deposits->directory, mark, 0) < 0 ? fault(-errno) : 0;
}

static int find_entry(struct deposits *deposits, const char *name)
{
        struct text left, rest;
        struct id id;

        (void)text_cut(text_from(name), '.', &left, &rest);
        if (!id_parse(left, &id))
                return 0;
        if (text_equal_string(rest, "out") || text_equal_string(rest, "asked"))
                return remove_orphan(deposits, name, id);
        if (text_equal_string(rest, "part"))
                return unlinkat(deposits->directory, name, 0) < 0 ? fault(-errno) : 0;
        if (text_equal_string(rest, &DEPOSIT_STAYS[1]))
                return find_one(deposits, name, id, true);
        return strlen(name) == ID_STRING - 1 ? find_one(deposits, name, id, false) : 0;
}

/* By their ids, which sort by the time they were made. */
static int compare(const void *a, const void *b)
{
        return memcmp(((const struct kept *)a)->header.id.octets, ((const struct kept *)b)->header.id.octets,
                      ID_OCTETS);
}

static void close_listp(DIR **list)
{
        if (*list)
                closedir(*list);
}

static int find_all(struct deposits *deposits)
{
        SCOPED(closep) int again = openat(deposits->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        SCOPED(close_listp) DIR *list = again < 0 ? NULL : fdopendir(again);
        struct dirent *entry;
        int r = 0;

        if (!list)
                return fault(-errno);
        (void)take_fd(&again);
        errno = 0;
        while (r == 0 && (entry = readdir(list))) {
                r = find_entry(deposits, entry->d_name);
                errno = 0;
        }
        if (r == 0 && errno)
                r = fault(-errno);
        if (r)
                return r;
        if (deposits->count)
                qsort(deposits->kept, deposits->count, sizeof(*deposits->kept), compare);
        directory_sync(deposits->directory);
        return 0;
}

int deposits_open(int state_directory, const struct deposits_settings *settings, struct deposits **ret)
{
        SCOPED(deposits_closep) struct deposits *deposits = calloc(1, sizeof(*deposits));
        int r;

        if (!deposits)
                return fault(-ENOMEM);
        deposits->directory = -1;
        deposits->settings = *settings;
        pthread_mutex_init(&deposits->lock, NULL);
        r = directory_open_at(state_directory, settings->folder ? settings->folder : FOLDER,
                              &deposits->directory);
        if (r == 0)
                r = find_all(deposits);
        if (r)
                return fold(r);
        *ret = take(deposits);
        return 0;
}

void deposits_close(struct deposits *deposits)
{
        if (!deposits)
                return;
        for (size_t i = 0; i < deposits->count; i++)
                closep(&deposits->kept[i].fd);
        closep(&deposits->directory);
        pthread_mutex_destroy(&deposits->lock);
        free(deposits->kept);
        free(deposits);
}

void deposits_closep(struct deposits **deposits)
{
        deposits_close(*deposits);
}

uint64_t deposits_one_octets_max(const struct deposits *deposits)
{
        return deposits->settings.one_octets_max;
}

void deposits_set_key(struct deposits *deposits, const uint8_t key[BOX_KEY_OCTETS])
{
        pthread_mutex_lock(&deposits->lock);
        deposits->has_key = key != NULL;
        for (size_t i = 0; key && i < BOX_KEY_OCTETS; i++)
                deposits->key[i] = key[i];
        pthread_mutex_unlock(&deposits->lock);
}

void deposits_key(struct deposits *deposits, uint8_t ret[BOX_KEY_OCTETS])
{
        pthread_mutex_lock(&deposits->lock);
        for (size_t i = 0; i < BOX_KEY_OCTETS; i++)
                ret[i] = deposits->key[i];
        pthread_mutex_unlock(&deposits->lock);
}

bool deposits_has_key(struct deposits *deposits)
{
        bool has;

        pthread_mutex_lock(&deposits->lock);
        has = deposits->has_key;
        pthread_mutex_unlock(&deposits->lock);
        return has;
}

void deposits_set_people(struct deposits *deposits, deposits_find_key *find, void *context)
{
        deposits->find_key = find;
        deposits->find_context = context;
}

struct deposit_entry deposit_entry_of(const struct kept *kept)
{
        return (struct deposit_entry){ .header = kept->header,
                                       .is_taken = kept->is_taken,
                                       .is_settled = kept->is_settled,
                                       .is_refused = kept->is_refused,
                                       .is_shelved = kept->is_shelved,
                                       .is_staying = kept->is_staying,
                                       .is_asked = kept->is_asked,
                                       .is_released = kept->is_released,
                                       .released = kept->released };
}

void deposits_list(struct deposits *deposits, struct deposit_entry *ret, size_t max, size_t *ret_count)
{
        pthread_mutex_lock(&deposits->lock);
        *ret_count = deposits->count < max ? deposits->count : max;
        for (size_t i = 0; i < *ret_count; i++)
                ret[i] = deposit_entry_of(&deposits->kept[i]);
        pthread_mutex_unlock(&deposits->lock);
}

void deposits_count(struct deposits *deposits, size_t *ret_count, uint64_t *ret_octets)
{
        pthread_mutex_lock(&deposits->lock);
        *ret_count = deposits->count;
        *ret_octets = deposits->octets;
        pthread_mutex_unlock(&deposits->lock);
}

int deposit_find(struct deposits *deposits, struct id id, struct deposit_entry *ret)
{
        struct kept *kept;

        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (kept)
                *ret = deposit_entry_of(kept);
        pthread_mutex_unlock(&deposits->lock);
        return kept ? 0 : DEPOSIT_NOT_FOUND;
}

int deposit_find_after(struct deposits *deposits, struct id after, struct deposit_entry *ret)
{
        const struct kept *found = NULL;

        pthread_mutex_lock(&deposits->lock);
        for (size_t i = 0; i < deposits->count; i++) {
                const struct kept *kept = &deposits->kept[i];

                if (kept->is_taken || !kept->is_settled || kept->is_staying ||
                    memcmp(kept->header.id.octets, after.octets, ID_OCTETS) <= 0)
                        continue;
                if (!found || memcmp(kept->header.id.octets, found->header.id.octets, ID_OCTETS) < 0)
                        found = kept;
        }
        if (found)
                *ret = deposit_entry_of(found);
        pthread_mutex_unlock(&deposits->lock);
        return found ? 0 : DEPOSIT_NOT_FOUND;
}

int deposit_find_by_mark(struct deposits *deposits, const uint8_t mark[HASH_OCTETS],
                         struct deposit_entry *ret)
{
        int r = DEPOSIT_NOT_FOUND;

        pthread_mutex_lock(&deposits->lock);
        for (size_t i = deposits->count; r && i-- > 0;)
                if (memcmp(deposits->kept[i].header.mark, mark, HASH_OCTETS) == 0) {
                        *ret = deposit_entry_of(&deposits->kept[i]);
                        r = 0;
                }
        pthread_mutex_unlock(&deposits->lock);
        return r;
}

int deposit_take(struct deposits *deposits, struct id id)
{
        struct kept *kept;
        int r = 0;

        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (!kept)
                r = DEPOSIT_NOT_FOUND;
        else if (kept->is_taken)
                r = DEPOSIT_TAKEN;
        else
                kept->is_taken = true;
        pthread_mutex_unlock(&deposits->lock);
        return r;
}

void deposit_give(struct deposits *deposits, struct id id)
{
        struct kept *kept;

        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (kept)
                kept->is_taken = false;
        pthread_mutex_unlock(&deposits->lock);
}

void deposit_note_refused(struct deposits *deposits, struct id id, bool is_shelved)
{
        struct kept *kept;

        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (kept) {
                kept->is_refused = true;
                kept->is_shelved = is_shelved;
        }
        pthread_mutex_unlock(&deposits->lock);
}

/* First the name, durably: what is in the list can at worst be sent again, and is known by its id. */
int deposit_remove(struct deposits *deposits, struct id id)
{
        struct deposit_entry entry;
        char name[DEPOSIT_NAME];
        struct kept *kept;

        if (deposit_find(deposits, id, &entry))
                return DEPOSIT_NOT_FOUND;
        deposit_name_of(&entry, name);
        if (unlinkat(deposits->directory, name, 0) < 0 && errno != ENOENT)
                return fault(-errno);
        directory_sync(deposits->directory);
        if (entry.is_asked || entry.is_released)
                deposit_remove_marks(deposits, id);
        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (kept)
                kept_forget(deposits, kept);
        pthread_mutex_unlock(&deposits->lock);
        return kept ? 0 : DEPOSIT_NOT_FOUND;
}

/* The octets, then the name, then whoever waits for the yes. */
static int set_state(struct deposits *deposits, struct id id, bool is_staying)
{
        char from[DEPOSIT_NAME], to[DEPOSIT_NAME];
        struct deposit_entry entry = { .is_settled = false };
        SCOPED(closep) int fd = -1;
        struct kept *kept;
        int r;

        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (kept)
                entry = deposit_entry_of(kept);
        if (kept && !kept->is_settled)
                fd = take_fd(&kept->fd);
        pthread_mutex_unlock(&deposits->lock);
        if (!kept)
                return DEPOSIT_NOT_FOUND;
        if (entry.is_settled && entry.is_staying == is_staying)
                return 0;
        if (fd >= 0)
                file_sync(fd);
        if (fd >= 0 && entry.is_asked) {
                r = deposit_mark_asked(deposits, id);
                if (r)
                        return r;
        }
        deposit_name_of(&entry, from);
        deposit_name(id, is_staying ? DEPOSIT_STAYS : DEPOSIT_SETTLED, to);
        if (renameat(deposits->directory, from, deposits->directory, to) < 0)
                return fault(-errno);
        directory_sync(deposits->directory);
        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (kept) {
                kept->is_settled = true;
                kept->is_staying = is_staying;
        }
        pthread_mutex_unlock(&deposits->lock);
        return kept ? 0 : DEPOSIT_NOT_FOUND;
}

int deposit_settle(struct deposits *deposits, struct id id)
{
        struct deposit_entry entry;

        if (deposit_find(deposits, id, &entry))
                return DEPOSIT_NOT_FOUND;
        return entry.is_settled ? 0 : set_state(deposits, id, false);
}

int deposit_stay(struct deposits *deposits, struct id id)
{
        return set_state(deposits, id, true);
}

int deposit_unstay(struct deposits *deposits, struct id id)
{
        return set_state(deposits, id, false);
}

/* There is at most one name of it on the disk, and at the end one in memory. */
int deposit_move(struct deposits *from, struct deposits *to, struct id id)
{
        char name[DEPOSIT_NAME];
        struct kept moved = { .fd = -1 };
        struct kept *kept;
        bool added;

        pthread_mutex_lock(&from->lock);
        kept = kept_find(from, id);
        if (kept && kept->is_settled && !kept->is_released)
                moved = *kept;
        pthread_mutex_unlock(&from->lock);
        if (!moved.is_settled)
                return DEPOSIT_NOT_FOUND;
        moved.is_refused = moved.is_staying = moved.is_asked = false;
        pthread_mutex_lock(&to->lock);
        added = kept_add(to, &moved);
        to->octets += added ? moved.octets : 0;
        pthread_mutex_unlock(&to->lock);
        if (!added)
                return fault(-ENOMEM);
        deposit_name(id, DEPOSIT_SETTLED, name);
        if (renameat(from->directory, name, to->directory, name) < 0) {
                int r = fault(-errno);

                pthread_mutex_lock(&to->lock);
                kept_forget(to, kept_find(to, id));
                pthread_mutex_unlock(&to->lock);
                return r;
        }
        directory_sync(to->directory);
        directory_sync(from->directory);
        pthread_mutex_lock(&from->lock);
        kept = kept_find(from, id);
        if (kept)
                kept_forget(from, kept);
        pthread_mutex_unlock(&from->lock);
        return 0;
}
