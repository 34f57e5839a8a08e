// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <linux/magic.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/vfs.h>

#include "base/clock.h"
#include "base/scope.h"
#include "vault/vault.h"

#define SEGMENT_OCTETS (1024 * 1024)

static char folder[] = "/tmp/imprimatur-vault-XXXXXX";
static int64_t today;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
        return remove(path);
}

static void remove_folder(void)
{
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct vault *open_vault(void)
{
        struct vault_settings settings = { .path = folder,
                                           .segment_octets = SEGMENT_OCTETS,
                                           .reserve_octets = 1 };
        struct vault *vault = NULL;

        assert(vault_open(&settings, &vault) == 0);
        return vault;
}

/* Octets that differ from deposit to deposit and from place to place. */
static void fill(char *octets, size_t len, uint64_t seed)
{
        for (size_t i = 0; i < len; i++)
                octets[i] = (char)((seed * 131 + i / 251 + i) & 0xff);
}

static int deposit(struct vault *vault, int64_t day, size_t len, uint64_t seed, struct vault_place *ret)
{
        SCOPED(freep) char *octets = malloc(len + 1);
        SCOPED(vault_abortp) struct vault_deposit *one = NULL;
        int r;

        fill(octets, len, seed);
        r = vault_deposit(vault, day, &one);
        if (r)
                return r;
        for (size_t at = 0; at < len; at += 10007) {
                r = vault_write(one, text_from_octets(octets + at, len - at < 10007 ? len - at : 10007));
                if (r)
                        return r;
        }
        r = vault_commit(take(one), ret);
        return r;
}

static bool reads_back(struct vault_reader *reader, size_t len, uint64_t seed)
{
        SCOPED(freep) char *expected = malloc(len + 1);
        SCOPED(freep) char *found = malloc(len + 1);
        size_t at = 0, length;

        fill(expected, len, seed);
        for (;;) {
                assert(vault_read(reader, at, found + at, len + 1 - at < 70001 ? len + 1 - at : 70001,
                                  &length) == 0);
                if (length == 0)
                        break;
                at += length;
        }
        return at == len && memcmp(expected, found, len) == 0;
}

static bool holds(struct vault *vault, const struct vault_place *place, size_t len, uint64_t seed)
{
        SCOPED(vault_close_readerp) struct vault_reader *reader = NULL;

        return vault_open_reader(vault, place, &reader) == 0 && reads_back(reader, len, seed);
}

static void every_size_reads_back_until_it_is_deleted(void)
{
        static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, 16384, 262143, 262144, 262145, 5000000 };
        SCOPED(vault_closep) struct vault *vault = open_vault();
        struct vault_place places[ARRAY_LENGTH(sizes)];
        struct vault_reader *reader = NULL;
        struct vault_figures figures;

        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
                assert(deposit(vault, today, sizes[i], i, &places[i]) == 0);
                assert(places[i].is_segment == (sizes[i] <= VAULT_SMALL_OCTETS));
                assert(places[i].length == sizes[i]);
        }
        vault_read_figures(vault, &figures);
        assert(figures.unsettled == ARRAY_LENGTH(sizes));
        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
                assert(holds(vault, &places[i], sizes[i], i));
                vault_kept(vault, &places[i]);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
                SCOPED(vault_close_readerp) struct vault_reader *before = NULL;

                assert(vault_open_reader(vault, &places[i], &before) == 0);
                assert(vault_delete(vault, &places[i]) == 0);
                assert(vault_delete(vault, &places[i]) == 0);
                assert(vault_open_reader(vault, &places[i], &reader) == VAULT_NOT_FOUND);
                assert(reads_back(before, sizes[i], i));
        }
        vault_read_figures(vault, &figures);
        assert(figures.unsettled == 0 && figures.deposits == ARRAY_LENGTH(sizes));
}

/* A hundred times a segment's octets pass through a few files, and old places lead nowhere. */
static void empty_segments_are_used_again(void)
{
        SCOPED(vault_closep) struct vault *vault = open_vault();
        struct vault_place places[8], old;
        struct vault_figures figures;

        assert(vault_collect(vault, NULL) == 0);
        for (uint64_t round = 0; round < 100; round++) {
                for (uint64_t i = 0; i < 8; i++)
                        assert(deposit(vault, today, 131072, round + i, &places[i]) == 0);
                for (uint64_t i = 0; i < 8; i++) {
                        assert(holds(vault, &places[i], 131072, round + i));
                        assert(vault_delete(vault, &places[i]) == 0);
                }
                if (round == 0)
                        old = places[0];
                assert(!holds(vault, &old, 131072, 0));
                assert(vault_delete(vault, &old) == 0);
        }
        vault_read_figures(vault, &figures);
        assert(figures.segments <= 4);
}

/* Deleted under an open reader, the segment's octets stay until the reader has gone. */
static void a_reader_keeps_its_segment(void)
{
        SCOPED(vault_closep) struct vault *vault = open_vault();
        struct vault_reader *reader = NULL;
        struct vault_place first, place;

        assert(vault_collect(vault, NULL) == 0);
        assert(deposit(vault, today, 262144, 1, &first) == 0);
        assert(vault_open_reader(vault, &first, &reader) == 0);
        assert(vault_delete(vault, &first) == 0);
        for (uint64_t i = 0; i < 40; i++) {
                assert(deposit(vault, today, 262144, 100 + i, &place) == 0);
                assert(vault_delete(vault, &place) == 0);
                assert(reads_back(reader, 262144, 1));
        }
        vault_close_reader(reader);
}

static unsigned int count_files(const char *path)
{
        char name[128];
        unsigned int count = 0;
        struct dirent *entry;
        DIR *directory;

        snprintf(name, sizeof(name), "%s/%s", folder, path);
        directory = opendir(name);
        assert(directory);
        while ((entry = readdir(directory)))
                count += entry->d_name[0] != '.';
        closedir(directory);
        return count;
}

static void a_new_start_keeps_what_the_database_names(void)
{
        struct vault_place small[2], large[2], lost = { .name = { 1 }, .length = 5 };
        struct vault_settings settings = { .path = folder, .segment_octets = SEGMENT_OCTETS };
        struct vault *vault = open_vault(), *second = NULL;
        struct vault_deposit *unfinished = NULL;
        uint64_t octets = 0;
        char path[16];

        assert(vault_open(&settings, &second) == -EBUSY);
        for (int i = 0; i < 2; i++) {
                assert(deposit(vault, today + i, 5000, 10 + (uint64_t)i, &small[i]) == 0);
                assert(deposit(vault, today, 500000, 20 + (uint64_t)i, &large[i]) == 0);
        }
        vault_close(vault);

        vault = open_vault();
        assert(vault_keep(vault, &small[0]) == 0);
        assert(vault_keep(vault, &large[0]) == 0);
        assert(vault_keep(vault, &lost) == VAULT_NOT_FOUND);
        lost.is_segment = true;
        assert(vault_keep(vault, &lost) == VAULT_NOT_FOUND);
        lost = small[0];
        lost.offset = 7;
        assert(vault_keep(vault, &lost) == -EINVAL);
        assert(vault_delete(vault, &small[0]) == 0 && vault_keep(vault, &small[0]) == 0);
        assert(vault_collect(vault, &octets) == 0 && octets >= SEGMENT_OCTETS + 500000);
        assert(holds(vault, &small[0], 5000, 10) && holds(vault, &large[0], 500000, 20));
        assert(!holds(vault, &small[1], 5000, 11) && !holds(vault, &large[1], 500000, 21));

        /* What is given up leaves no file. */
        snprintf(path, sizeof(path), "files/%02x", large[0].name[0]);
        assert(count_files(path) == 1);
        assert(vault_delete(vault, &large[0]) == 0);
        assert(vault_deposit(vault, today, &unfinished) == 0);
        for (int i = 0; i < 100; i++)
                assert(vault_write(unfinished, text_from_octets(folder, sizeof(folder))) == 0);
        vault_abort(unfinished);
        assert(count_files(path) == 0);
        vault_close(vault);
}

static void a_full_disk_refuses_and_recovers(void)
{
        struct vault_settings settings = { .path = folder,
                                           .segment_octets = SEGMENT_OCTETS,
                                           .reserve_octets = UINT64_MAX };
        struct rlimit limit, before;
        struct vault_deposit *refused = NULL;
        struct vault_place place;
        struct vault *vault = NULL;

        assert(vault_open(&settings, &vault) == 0);
        assert(vault_deposit(vault, today, &refused) == VAULT_FULL);
        vault_close(vault);

        /* A limit on the size of files fails where a full disk does. */
        vault = open_vault();
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before);
        limit = before;
        limit.rlim_cur = SEGMENT_OCTETS / 2;
        setrlimit(RLIMIT_FSIZE, &limit);
        assert(deposit(vault, today, 1000, 1, &place) == VAULT_FULL);
        assert(deposit(vault, today, SEGMENT_OCTETS, 1, &place) == VAULT_FULL);
        setrlimit(RLIMIT_FSIZE, &before);
        assert(deposit(vault, today, 1000, 1, &place) == 0 && holds(vault, &place, 1000, 1));
        assert(deposit(vault, today, SEGMENT_OCTETS, 1, &place) == 0);
        assert(holds(vault, &place, SEGMENT_OCTETS, 1));
        vault_close(vault);
}

static uint64_t octets_on_disk(void)
{
        char name[128];
        uint64_t octets = 0;
        struct dirent *entry;
        struct stat status;
        DIR *directory;

        snprintf(name, sizeof(name), "%s/segments", folder);
        directory = opendir(name);
        assert(directory);
        while ((entry = readdir(directory)))
                if (entry->d_name[0] != '.' && fstatat(dirfd(directory), entry->d_name, &status, 0) == 0)
                        octets += (uint64_t)status.st_blocks * 512;
        closedir(directory);
        return octets;
}

/* One of eight stays in each segment; when space is short, that of the other seven is given back. */
static void dead_space_is_given_back_when_it_is_short(void)
{
        struct vault_settings settings = { .path = folder,
                                           .segment_octets = SEGMENT_OCTETS,
                                           .reserve_octets = UINT64_MAX };
        struct vault *vault = open_vault();
        struct vault_place places[80];
        struct vault_deposit *refused = NULL;

        assert(vault_collect(vault, NULL) == 0);
        for (uint64_t i = 0; i < 80; i++)
                assert(deposit(vault, today, 131072, i, &places[i]) == 0);
        vault_close(vault);

        vault = NULL;
        assert(vault_open(&settings, &vault) == 0);
        for (uint64_t i = 0; i < 80; i++)
                assert(vault_keep(vault, &places[i]) == 0);
        assert(vault_collect(vault, NULL) == 0);
        assert(octets_on_disk() >= 80 * 131072);
        for (uint64_t i = 0; i < 80; i++)
                if (i % 8 != 3)
                        assert(vault_delete(vault, &places[i]) == 0);
        assert(vault_deposit(vault, today, &refused) == VAULT_FULL);
        vault_close(vault); /* which ends what has been begun */
        assert(octets_on_disk() <= 80 * 131072 / 4);

        vault = open_vault();
        for (uint64_t i = 3; i < 80; i += 8)
                assert(vault_keep(vault, &places[i]) == 0 && holds(vault, &places[i], 131072, i));
        assert(vault_collect(vault, NULL) == 0);
        for (uint64_t i = 3; i < 80; i += 8)
                assert(vault_delete(vault, &places[i]) == 0);
        vault_close(vault);
        assert(octets_on_disk() <= 2 * SEGMENT_OCTETS); /* what has holes is not kept for another use */
}

#define CROWD  24
#define ROUNDS 40

struct member {
        struct vault *vault;
        uint64_t seed;
};

/* Each keeps a few alive, checks them, and deletes the oldest, while segments come and go beneath. */
static void *deposit_and_delete(void *context)
{
        struct member *member = context;
        struct vault_place places[4];

        for (uint64_t i = 0; i < ROUNDS; i++) {
                uint64_t seed = member->seed + i;
                size_t len = seed % 9 == 0 ? 300000 : 1000 + seed * 997 % 60000;

                if (i >= 4) {
                        uint64_t old = seed - 4;
                        size_t old_len = old % 9 == 0 ? 300000 : 1000 + old * 997 % 60000;

                        assert(holds(member->vault, &places[i % 4], old_len, old));
                        assert(vault_delete(member->vault, &places[i % 4]) == 0);
                }
                assert(deposit(member->vault, today + (int64_t)(seed % 3), len, seed, &places[i % 4]) == 0);
                vault_kept(member->vault, &places[i % 4]);
        }
        return NULL;
}

static bool flushes_cost_nothing(void)
{
        struct statfs fs;

        return statfs(folder, &fs) == 0 && fs.f_type == TMPFS_MAGIC;
}

static void a_crowd_shares_flushes_and_loses_nothing_to_the_collector(void)
{
        SCOPED(vault_closep) struct vault *vault = open_vault();
        struct member members[CROWD];
        pthread_t threads[CROWD];
        struct vault_figures figures;

        for (uint64_t i = 0; i < CROWD; i++) {
                members[i] = (struct member){ vault, i * 1000 };
                assert(pthread_create(&threads[i], NULL, deposit_and_delete, &members[i]) == 0);
        }
        for (int i = 0; i < 100; i++)
                assert(vault_collect(vault, NULL) == 0);
        for (int i = 0; i < CROWD; i++)
                pthread_join(threads[i], NULL);
        vault_read_figures(vault, &figures);
        assert(figures.deposits == CROWD * ROUNDS);
        /* Nobody waits for company: in a file system of memory, where a flush takes no time, each may be
         * alone. */
        assert(flushes_cost_nothing() || figures.flushes < figures.deposits);
}

int main(void)
{
        assert(mkdtemp(folder));
        today = clock_day(clock_unix_ms());
        every_size_reads_back_until_it_is_deleted();
        empty_segments_are_used_again();
        a_reader_keeps_its_segment();
        a_new_start_keeps_what_the_database_names();
        a_full_disk_refuses_and_recovers();
        dead_space_is_given_back_when_it_is_short();
        a_crowd_shares_flushes_and_loses_nothing_to_the_collector();
        remove_folder();
        return 0;
}
