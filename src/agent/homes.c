// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/homes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"
#include "os/file.h"

#define FOLDER     "homes"
#define MAGIC      0x494d4831 /* "IMH1" */
#define OUT_MAGIC  0x494d4f31 /* "IMO1" */
#define OUT_OCTETS 128
#define HASH_KEPT  16
#define NAME_MAX_  (ID_STRING + 8)

struct homes {
        pthread_mutex_t lock;
        int directory;
        uint64_t incarnation;
        struct home_entry entries[HOMES_MAX];
        size_t count;
};

static void add_u64(struct buffer *to, uint64_t number)
{
        buffer_add_u32(to, (uint32_t)(number >> 32));
        buffer_add_u32(to, (uint32_t)number);
}

static uint64_t read_u64(struct cursor *c)
{
        uint64_t high = cursor_u32(c);

        return high << 32 | cursor_u32(c);
}

static void read_octets(struct cursor *c, void *ret, size_t size)
{
        struct text octets = cursor_text(c, size);

        if (octets.len == size)
                memcpy(ret, octets.at, size);
}

/* Filled up with zeros to one size, with a hash at its end. */
static void finish_record(struct buffer *to, size_t size)
{
        uint8_t hash[HASH_OCTETS];
        size_t room = size - HASH_KEPT - to->len;
        char *rest = buffer_extend(to, room);

        if (!rest)
                return;
        memset(rest, 0, room);
        hash_sha256(buffer_text(to), hash);
        buffer_add(to, hash, HASH_KEPT);
}

static bool record_is_whole(struct text octets, size_t size)
{
        uint8_t hash[HASH_OCTETS];

        if (octets.len != size)
                return false;
        hash_sha256((struct text){ octets.at, size - HASH_KEPT }, hash);
        return memcmp(hash, octets.at + size - HASH_KEPT, HASH_KEPT) == 0;
}

/* magic, incarnation, job, giving, person, created, expires, octets, both boxes, octets of the offers */
static void format_header(const struct homes *homes, const struct home_entry *entry, struct buffer *to)
{
        buffer_add_u32(to, MAGIC);
        add_u64(to, homes->incarnation);
        buffer_add(to, entry->job.octets, ID_OCTETS);
        add_u64(to, entry->giving);
        buffer_add(to, entry->person.octets, ID_OCTETS);
        add_u64(to, (uint64_t)entry->created_ms);
        add_u64(to, (uint64_t)entry->expires_ms);
        add_u64(to, entry->octets);
        buffer_add(to, entry->document_box, BOX_SEALED_OCTETS);
        buffer_add(to, entry->offers_box, BOX_SEALED_OCTETS);
        buffer_add_u32(to, entry->offers_octets);
        finish_record(to, HOME_HEADER_ROOM);
}

static bool parse_header(struct text octets, uint64_t *ret_incarnation, struct home_entry *ret)
{
        struct cursor c = cursor_from(octets);

        if (!record_is_whole(octets, HOME_HEADER_ROOM) || cursor_u32(&c) != MAGIC)
                return false;
        *ret_incarnation = read_u64(&c);
        read_octets(&c, ret->job.octets, ID_OCTETS);
        ret->giving = read_u64(&c);
        read_octets(&c, ret->person.octets, ID_OCTETS);
        ret->created_ms = (int64_t)read_u64(&c);
        ret->expires_ms = (int64_t)read_u64(&c);
        ret->octets = read_u64(&c);
        read_octets(&c, ret->document_box, BOX_SEALED_OCTETS);
        read_octets(&c, ret->offers_box, BOX_SEALED_OCTETS);
        ret->offers_octets = cursor_u32(&c);
        return cursor_is_good(&c) && ret->offers_octets <= HOME_OFFERS_MAX;
}

static void format_out(const struct home_released *released, struct buffer *to)
{
        buffer_add_u32(to, OUT_MAGIC);
        buffer_add(to, released->delivery.octets, ID_OCTETS);
        buffer_add(to, released->release.octets, ID_OCTETS);
        buffer_add(to, released->printer.octets, ID_OCTETS);
        add_u64(to, (uint64_t)released->at_ms);
        finish_record(to, OUT_OCTETS);
}

static bool parse_out(struct text octets, struct home_released *ret)
{
        struct cursor c = cursor_from(octets);

        if (!record_is_whole(octets, OUT_OCTETS) || cursor_u32(&c) != OUT_MAGIC)
                return false;
        read_octets(&c, ret->delivery.octets, ID_OCTETS);
        read_octets(&c, ret->release.octets, ID_OCTETS);
        read_octets(&c, ret->printer.octets, ID_OCTETS);
        ret->at_ms = (int64_t)read_u64(&c);
        return cursor_is_good(&c);
}

static void name_of(struct id job, const char *suffix, char ret[NAME_MAX_])
{
        char id[ID_STRING];

        id_format(job, id);
        snprintf(ret, NAME_MAX_, "%s%s", id, suffix);
}

static int remove_one(struct homes *homes, struct id job, const char *suffix)
{
        char name[NAME_MAX_];
        int r;

        name_of(job, suffix, name);
        r = file_remove(homes->directory, name);
        return r == FILE_NOT_FOUND ? 0 : fold(r);
}

/* The document first: without it the other says nothing wrong. */
static int remove_all(struct homes *homes, struct id job)
{
        int r = remove_one(homes, job, "");

        if (r == 0)
                r = remove_one(homes, job, ".back");
        if (r == 0)
                r = remove_one(homes, job, ".out");
        directory_sync(homes->directory);
        return r;
}

static int read_header(struct homes *homes, const char *name, struct buffer *to)
{
        SCOPED(closep) int fd = openat(homes->directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        char *at = buffer_extend(to, HOME_HEADER_ROOM);
        int r;

        if (fd < 0)
                return errno == ENOENT ? HOMES_UNKNOWN : fault(-errno);
        if (!at)
                return fault(-ENOMEM);
        r = file_read_exactly_at(fd, at, HOME_HEADER_ROOM, 0);
        return r == -ENODATA ? HOMES_CUT : r;
}

static int load_out(struct homes *homes, struct home_entry *entry)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(OUT_OCTETS);
        char name[NAME_MAX_];
        int r;

        name_of(entry->job, ".out", name);
        r = file_read_at(homes->directory, name, OUT_OCTETS, &octets);
        if (r < 0)
                return r;
        if (r == FILE_NOT_FOUND)
                return 0;
        entry->state =
                r == 0 && parse_out(buffer_text(&octets), &entry->released) ? HOME_RELEASED : HOME_DAMAGED;
        return 0;
}

/* One of the folder, by the name of its document. */
static int load(struct homes *homes, struct id job, bool is_back)
{
        SCOPED(buffer_done) struct buffer header = BUFFER(HOME_HEADER_ROOM);
        struct home_entry entry = { .job = job, .state = is_back ? HOME_RETURNED : HOME_HELD };
        char name[NAME_MAX_];
        uint64_t incarnation;
        int r;

        name_of(job, is_back ? ".back" : "", name);
        r = read_header(homes, name, &header);
        if (r < 0)
                return r;
        if (r || !parse_header(buffer_text(&header), &incarnation, &entry) || !id_equal(entry.job, job)) {
                entry = (struct home_entry){ .job = job, .state = HOME_DAMAGED };
                log_write(LOG_ERROR, "home-damaged", "job", name, NULL);
        } else if (incarnation != homes->incarnation) {
                return remove_all(homes, job);
        }
        r = load_out(homes, &entry);
        if (r)
                return r;
        if (homes->count < HOMES_MAX)
                homes->entries[homes->count++] = entry;
        return 0;
}

static void directory_closep(DIR **directory)
{
        if (*directory)
                closedir(*directory);
}

/* A document that was being written when we died ends with ".new", and was never ours. */
static int load_all(struct homes *homes)
{
        SCOPED(directory_closep) DIR *directory = NULL;
        SCOPED(closep) int fd = openat(homes->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct dirent *entry;
        struct id job;
        int r = 0;

        if (fd < 0)
                return fault(-errno);
        directory = fdopendir(fd);
        if (!directory)
                return fault(-errno);
        fd = -1;
        while (r == 0 && (entry = readdir(directory))) {
                struct text name = text_from(entry->d_name), stem = name, suffix = { "", 0 };

                if (name.len > ID_STRING - 1) {
                        stem.len = ID_STRING - 1;
                        suffix = (struct text){ name.at + stem.len, name.len - stem.len };
                }
                if (!id_parse(stem, &job))
                        continue;
                if (suffix.len == 0 || text_equal_string(suffix, ".back"))
                        r = load(homes, job, suffix.len > 0);
                else if (text_equal_string(suffix, ".new"))
                        r = remove_one(homes, job, ".new");
        }
        return r;
}

int homes_open(int state_directory, uint64_t incarnation, struct homes **ret)
{
        struct homes *homes = calloc(1, sizeof(*homes));
        int r;

        if (!homes)
                return fault(-ENOMEM);
        homes->incarnation = incarnation;
        homes->directory = -1;
        pthread_mutex_init(&homes->lock, NULL);
        r = directory_open_at(state_directory, FOLDER, &homes->directory);
        if (r == 0)
                r = load_all(homes);
        if (r) {
                homes_close(homes);
                return fold(r);
        }
        *ret = homes;
        return 0;
}

void homes_close(struct homes *homes)
{
        if (homes->directory >= 0)
                close(homes->directory);
        pthread_mutex_destroy(&homes->lock);
        free(homes);
}

size_t homes_list(struct homes *homes, struct home_entry *ret, size_t max)
{
        size_t count;

        pthread_mutex_lock(&homes->lock);
        count = homes->count < max ? homes->count : max;
        memcpy(ret, homes->entries, count * sizeof(*ret));
        pthread_mutex_unlock(&homes->lock);
        return count;
}

/* Under the lock. */
static struct home_entry *find(struct homes *homes, struct id job)
{
        for (size_t i = 0; i < homes->count; i++)
                if (id_equal(homes->entries[i].job, job))
                        return &homes->entries[i];
        return NULL;
}

int homes_find(struct homes *homes, struct id job, struct home_entry *ret)
{
        struct home_entry *found;

        pthread_mutex_lock(&homes->lock);
        found = find(homes, job);
        if (found)
                *ret = *found;
        pthread_mutex_unlock(&homes->lock);
        return found ? 0 : HOMES_UNKNOWN;
}

int homes_find_delivery(struct homes *homes, struct id delivery, struct home_entry *ret)
{
        int r = HOMES_UNKNOWN;

        pthread_mutex_lock(&homes->lock);
        for (size_t i = 0; r && i < homes->count; i++)
                if (homes->entries[i].state == HOME_RELEASED &&
                    id_equal(homes->entries[i].released.delivery, delivery)) {
                        *ret = homes->entries[i];
                        r = 0;
                }
        pthread_mutex_unlock(&homes->lock);
        return r;
}

void homes_count(struct homes *homes, size_t *ret_count, uint64_t *ret_octets)
{
        pthread_mutex_lock(&homes->lock);
        *ret_count = homes->count;
        *ret_octets = 0;
        for (size_t i = 0; i < homes->count; i++)
                *ret_octets += homes->entries[i].octets;
        pthread_mutex_unlock(&homes->lock);
}

static int write_new(struct homes *homes, const struct home_entry *entry, struct text offers, int fd,
                     int (*fetch)(void *context, int fd, uint64_t offset), void *context)
{
        SCOPED(buffer_done) struct buffer header = BUFFER(HOME_HEADER_ROOM);
        struct stat st;
        int r;

        format_header(homes, entry, &header);
        if (header.failure)
                return fault(header.failure);
        r = file_write_at(fd, header.at, header.len, 0);
        if (r == 0)
                r = file_write_at(fd, offers.at, offers.len, HOME_HEADER_ROOM);
        if (r == 0)
                r = fetch(context, fd, HOME_HEADER_ROOM + offers.len);
        if (r)
                return r == -ENOSPC || r == -EDQUOT ? HOMES_FULL : r;
        if (fstat(fd, &st) < 0)
                return fault(-errno);
        return (uint64_t)st.st_size == HOME_HEADER_ROOM + offers.len + entry->octets ? 0 : HOMES_CUT;
}

/* Durable, and only then in the list: from here on it may be released. */
static int publish(struct homes *homes, const struct home_entry *entry, const char *new)
{
        char name[NAME_MAX_];
        bool has_room;

        name_of(entry->job, "", name);
        if (renameat(homes->directory, new, homes->directory, name) < 0)
                return fault(-errno);
        directory_sync(homes->directory);
        pthread_mutex_lock(&homes->lock);
        has_room = homes->count < HOMES_MAX;
        if (has_room)
                homes->entries[homes->count++] = *entry;
        pthread_mutex_unlock(&homes->lock);
        return has_room ? 0 : HOMES_FULL;
}

int homes_store(struct homes *homes, const struct home_entry *entry, struct text offers,
                int (*fetch)(void *context, int fd, uint64_t offset), void *context)
{
        struct home_entry held = *entry;
        char new[NAME_MAX_];
        int fd = -1, r;

        held.state = HOME_HELD;
        held.offers_octets = (uint32_t)offers.len;
        name_of(entry->job, ".new", new);
        (void)file_remove(homes->directory, new);
        r = file_create(homes->directory, new, &fd);
        if (r)
                return r == -ENOSPC ? HOMES_FULL : fold(r);
        r = write_new(homes, &held, offers, fd, fetch, context);
        if (r == 0)
                file_sync(fd);
        close(fd);
        if (r == 0)
                r = publish(homes, &held, new);
        else
                (void)file_remove(homes->directory, new);
        return r;
}

int homes_return(struct homes *homes, struct id job)
{
        char name[NAME_MAX_], back[NAME_MAX_];
        struct home_entry *entry;
        int r = HOMES_UNKNOWN;

        name_of(job, "", name);
        name_of(job, ".back", back);
        pthread_mutex_lock(&homes->lock);
        entry = find(homes, job);
        if (entry && entry->state == HOME_HELD) {
                r = renameat(homes->directory, name, homes->directory, back) < 0 ? fault(-errno) : 0;
                if (r == 0) {
                        directory_sync(homes->directory);
                        entry->state = HOME_RETURNED;
                }
        }
        pthread_mutex_unlock(&homes->lock);
        return r;
}

int homes_release(struct homes *homes, struct id job, const struct home_released *released)
{
        SCOPED(buffer_done) struct buffer out = BUFFER(OUT_OCTETS);
        char name[NAME_MAX_];
        struct home_entry *entry;
        int r = HOMES_UNKNOWN;

        format_out(released, &out);
        if (out.failure)
                return fault(out.failure);
        name_of(job, ".out", name);
        pthread_mutex_lock(&homes->lock);
        entry = find(homes, job);
        if (entry && entry->state == HOME_HELD) {
                r = fold(file_replace_at(homes->directory, name, 0600, buffer_text(&out)));
                if (r == 0) {
                        entry->state = HOME_RELEASED;
                        entry->released = *released;
                }
        }
        pthread_mutex_unlock(&homes->lock);
        return r == -ENOSPC || r == -EDQUOT ? HOMES_FULL : r;
}

int homes_forget(struct homes *homes, struct id job)
{
        struct home_entry *entry;
        int r;

        pthread_mutex_lock(&homes->lock);
        r = remove_all(homes, job);
        entry = find(homes, job);
        if (r == 0 && entry)
                *entry = homes->entries[--homes->count];
        pthread_mutex_unlock(&homes->lock);
        return r;
}

/* Opened by whichever name it has. */
static int open_home(struct homes *homes, struct id job, struct home_entry *ret, int *ret_fd)
{
        char name[NAME_MAX_];
        int r;

        r = homes_find(homes, job, ret);
        if (r)
                return r;
        name_of(job, "", name);
        *ret_fd = openat(homes->directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        return *ret_fd < 0 ? HOMES_UNKNOWN : 0;
}

int homes_read_offers(struct homes *homes, struct id job, struct buffer *to)
{
        SCOPED(closep) int fd = -1;
        struct home_entry entry;
        char *at;
        int r;

        r = open_home(homes, job, &entry, &fd);
        if (r)
                return r;
        at = buffer_extend(to, entry.offers_octets);
        if (!at)
                return fault(-ENOMEM);
        r = file_read_exactly_at(fd, at, entry.offers_octets, HOME_HEADER_ROOM);
        return r == -ENODATA ? HOMES_UNKNOWN : r;
}

int homes_open_document(struct homes *homes, struct id job, int *ret_fd, uint64_t *ret_offset,
                        uint64_t *ret_octets)
{
        struct home_entry entry;
        int r;

        r = open_home(homes, job, &entry, ret_fd);
        if (r)
                return r;
        *ret_offset = HOME_HEADER_ROOM + (uint64_t)entry.offers_octets;
        *ret_octets = entry.octets;
        return 0;
}
