// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Power is lost at any moment: every document whose sender was told so is there afterwards and reads back,
 * and so does every other one that the database names.
 *
 * The same is done on a disk that ignores one kind of flush after the other; each time something must be
 * lost, or this test would not notice that the flush is missing in our code.
 */

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/scope.h"
#include "disk.h"
#include "house.h"

#define SENDERS     3
#define EACH        16
#define NUMBERS_MAX 1000

enum note {
        NOTE_TOLD = 1, /* the sender was told that it is kept */
        NOTE_DELETED,  /* from here on it may be gone */
};

static char folder[64], image[64];

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
        return remove(path);
}

static void make_folder(char path[64])
{
        snprintf(path, 64, "%s/imprimatur-crash-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        assert(mkdtemp(path));
}

static void remove_folder(const char *path)
{
        nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct sender {
        struct house *house;
        int64_t first;
};

/* Two of three are deleted again, so that segments become empty and are used again. */
static void *send_documents(void *context)
{
        const struct sender *sender = context;

        for (int64_t i = 0; i < EACH; i++) {
                assert(house_submit(sender->house, sender->first + i) == 0);
                disk_note(NOTE_TOLD, sender->first + i);
                if (i >= 2 && i % 3 != 0) {
                        disk_note(NOTE_DELETED, sender->first + i - 2);
                        house_delete(sender->house, sender->first + i - 2);
                }
        }
        return NULL;
}

static void live(void)
{
        struct house house;
        struct sender senders[SENDERS];
        pthread_t threads[SENDERS];

        disk_watch(folder);
        assert(house_open(&house, folder) == 0);
        for (int i = 0; i < SENDERS; i++) {
                senders[i] = (struct sender){ &house, i * 100 };
                assert(pthread_create(&threads[i], NULL, send_documents, &senders[i]) == 0);
        }
        for (int i = 0; i < SENDERS; i++)
                pthread_join(threads[i], NULL);
        house_close(&house);
        /* A second life: everything that is found at a start is in it too. */
        assert(house_open(&house, folder) == 0);
        send_documents(&(struct sender){ &house, 900 });
        house_close(&house);
        disk_unwatch();
}

/* Whether the house that is found after so many steps is whole. */
static bool is_whole(size_t steps)
{
        bool expected[NUMBERS_MAX] = { 0 };
        struct house house;
        int64_t number;
        bool is_good = true;
        int kind;

        for (size_t i = 0; i < steps; i++)
                if (disk_note_at(i, &kind, &number))
                        expected[number] = kind == NOTE_TOLD;
        if (house_open(&house, image) != 0)
                return false;
        for (number = 0; number < NUMBERS_MAX && is_good; number++)
                is_good = !expected[number] || house_has(&house, number);
        is_good = is_good && house_count(&house) >= 0;
        is_good = is_good && house_submit(&house, NUMBERS_MAX) == 0 && house_has(&house, NUMBERS_MAX);
        house_close(&house);
        return is_good;
}

static bool survives(size_t steps, enum disk_ignored ignored, unsigned int seed)
{
        bool is_good;

        make_folder(image);
        disk_image(steps, ignored, seed, image);
        is_good = is_whole(steps);
        remove_folder(image);
        return is_good;
}

/* The steps right after somebody was told are where a promise is youngest; the others are spread evenly. */
static unsigned int count_losses(enum disk_ignored ignored, unsigned int tries, unsigned int enough)
{
        unsigned int losses = 0;

        for (unsigned int seed = 0; seed < tries && losses < enough; seed++) {
                size_t steps = 1 + (size_t)seed * 7919 % disk_count();
                int64_t number;
                int kind;

                while (seed % 2 && steps < disk_count() && !disk_note_at(steps - 1, &kind, &number))
                        steps++;
                if (survives(steps, ignored, seed))
                        continue;
                losses++;
                if (!ignored)
                        fprintf(stderr, "lost after step %zu of %zu, seed %u\n", steps, disk_count(), seed);
        }
        return losses;
}

/* Losing is expected here, and its words would only frighten. */
static bool is_noticed(enum disk_ignored ignored)
{
        int before = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);
        bool is_lost;

        dup2(nowhere, STDERR_FILENO);
        is_lost = count_losses(ignored, 200, 1) > 0;
        dup2(before, STDERR_FILENO);
        close(before);
        close(nowhere);
        return is_lost;
}

int main(int argc, char **argv)
{
        unsigned int tries = argc > 1 ? (unsigned int)atoi(argv[1]) : 100;

        log_init("crash", LOG_WARNING);
        make_folder(folder);
        live();
        assert(count_losses(DISK_IGNORES_NOTHING, tries, UINT32_MAX) == 0);
        assert(is_noticed(DISK_IGNORES_FOLDERS));
        assert(is_noticed(DISK_IGNORES_DATABASE));
        assert(is_noticed(DISK_IGNORES_DOCUMENTS));
        remove_folder(folder);
        return 0;
}
