// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "offline/callers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "base/secret.h"
#include "crypt/random.h"
#include "offline/runtime.h"
#include "os/file.h"

#define FILE_NAME   "callers"
#define MAGIC       0x494d4331 /* "IMC1" */
#define HEAD_OCTETS (4 + SECRET_OCTETS)
#define ROW_OCTETS  (HASH_OCTETS + ID_OCTETS + 8)
#define FILE_OCTETS (HEAD_OCTETS + (size_t)CALLERS_MAX * ROW_OCTETS)
#define DOUBTS      256
#define TOUCH_MS    3600000 /* who comes again is written down anew so often */

struct caller {
        uint8_t mark[HASH_OCTETS];
        struct id person;
        int64_t at_ms; /* clock_boot_ms() */
};

struct callers {
        pthread_mutex_t lock;
        const char *path;
        int runtime; /* -1: not opened, or none that is a tmpfs */
        bool is_tried;
        int64_t keep_ms;
        struct secret key;
        size_t count;
        struct caller callers[CALLERS_MAX];
        struct caller doubts[DOUBTS]; /* of nobody in particular; the oldest gives way */
        size_t next_doubt;
};

static void add_u64(struct buffer *to, uint64_t number)
{
        buffer_add_u32(to, (uint32_t)(number >> 32));
        buffer_add_u32(to, (uint32_t)number);
}

static bool read_row(struct cursor *c, struct caller *ret)
{
        struct text mark = cursor_text(c, HASH_OCTETS), person = cursor_text(c, ID_OCTETS);
        uint64_t high = cursor_u32(c);

        ret->at_ms = (int64_t)(high << 32 | cursor_u32(c));
        if (!cursor_is_good(c))
                return false;
        memcpy(ret->mark, mark.at, HASH_OCTETS);
        memcpy(ret->person.octets, person.at, ID_OCTETS);
        return ret->at_ms <= clock_boot_ms();
}

static void load(struct callers *callers)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(FILE_OCTETS);
        struct cursor c;
        struct text key;

        if (callers->runtime < 0 || !buffer_extend(&octets, FILE_OCTETS))
                return;
        octets.len = 0;
        if (file_read_at(callers->runtime, FILE_NAME, FILE_OCTETS, &octets) != 0)
                return;
        c = cursor_from(buffer_text(&octets));
        if (cursor_u32(&c) != MAGIC)
                return;
        key = cursor_text(&c, SECRET_OCTETS);
        if (!cursor_is_good(&c))
                return;
        memcpy(callers->key.octets, key.at, SECRET_OCTETS);
        while (c.left >= ROW_OCTETS && callers->count < CALLERS_MAX)
                callers->count += read_row(&c, &callers->callers[callers->count]);
}

/* Under the lock. */
static void store(struct callers *callers)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(FILE_OCTETS);

        if (!callers->is_tried)
                callers->runtime = runtime_open(callers->path);
        callers->is_tried = true;
        if (callers->runtime < 0 || !buffer_extend(&octets, FILE_OCTETS))
                return;
        octets.len = 0;
        buffer_add_u32(&octets, MAGIC);
        buffer_add(&octets, callers->key.octets, SECRET_OCTETS);
        for (size_t i = 0; i < callers->count; i++) {
                buffer_add(&octets, callers->callers[i].mark, HASH_OCTETS);
                buffer_add(&octets, callers->callers[i].person.octets, ID_OCTETS);
                add_u64(&octets, (uint64_t)callers->callers[i].at_ms);
        }
        if (octets.failure || file_replace_at(callers->runtime, FILE_NAME, 0600, buffer_text(&octets)) != 0)
                log_write(LOG_WARNING, "callers-not-kept", NULL);
}

int callers_new(const char *runtime, int64_t keep_ms, struct callers **ret)
{
        struct callers *callers = calloc(1, sizeof(*callers));

        if (!callers)
                return fault(-ENOMEM);
        pthread_mutex_init(&callers->lock, NULL);
        callers->path = runtime;
        callers->runtime = -1;
        callers->keep_ms = keep_ms;
        random_secret(&callers->key);
        if (access(runtime, F_OK) == 0) {
                callers->runtime = runtime_open(runtime);
                callers->is_tried = true;
        }
        load(callers);
        *ret = callers;
        return 0;
}

void callers_mark(const struct callers *callers, struct text what, uint8_t ret[HASH_OCTETS])
{
        if (callers)
                hash_hmac(callers->key.octets, SECRET_OCTETS, what, ret);
        else
                memset(ret, 0, HASH_OCTETS);
}

/* Under the lock; NULL: nobody. */
static struct caller *find(struct callers *callers, const uint8_t mark[HASH_OCTETS])
{
        for (size_t i = 0; i < callers->count; i++)
                if (hash_equal(callers->callers[i].mark, mark, HASH_OCTETS))
                        return &callers->callers[i];
        return NULL;
}

static struct caller *oldest(struct callers *callers)
{
        struct caller *found = &callers->callers[0];

        for (size_t i = 1; i < callers->count; i++)
                if (callers->callers[i].at_ms < found->at_ms)
                        found = &callers->callers[i];
        return found;
}

/* Under the lock; whether anything is to be written down. */
static bool note(struct callers *callers, const uint8_t mark[HASH_OCTETS], struct id person)
{
        struct caller *caller = find(callers, mark);
        int64_t now_ms = clock_boot_ms();
        bool is_same = caller && id_equal(caller->person, person) && now_ms - caller->at_ms < TOUCH_MS;

        if (id_is_zero(person)) {
                if (caller)
                        *caller = callers->callers[--callers->count];
                return caller;
        }
        if (is_same)
                return false;
        if (!caller)
                caller = callers->count < CALLERS_MAX ? &callers->callers[callers->count++] : oldest(callers);
        memcpy(caller->mark, mark, HASH_OCTETS);
        caller->person = person;
        caller->at_ms = now_ms;
        return true;
}

void callers_note(struct callers *callers, const uint8_t mark[HASH_OCTETS], struct id person)
{
        if (!callers)
                return;
        pthread_mutex_lock(&callers->lock);
        if (note(callers, mark, person))
                store(callers);
        pthread_mutex_unlock(&callers->lock);
}

bool callers_find(struct callers *callers, const uint8_t mark[HASH_OCTETS], struct id *ret)
{
        const struct caller *caller;

        if (!callers)
                return false;
        pthread_mutex_lock(&callers->lock);
        caller = find(callers, mark);
        if (caller && clock_boot_ms() - caller->at_ms >= callers->keep_ms)
                caller = NULL;
        if (caller)
                *ret = caller->person;
        pthread_mutex_unlock(&callers->lock);
        return caller;
}

void callers_note_doubt(struct callers *callers, const uint8_t mark[HASH_OCTETS])
{
        struct caller *doubt;

        if (!callers)
                return;
        pthread_mutex_lock(&callers->lock);
        doubt = &callers->doubts[callers->next_doubt++ % DOUBTS];
        memcpy(doubt->mark, mark, HASH_OCTETS);
        doubt->at_ms = clock_boot_ms();
        pthread_mutex_unlock(&callers->lock);
}

bool callers_has_doubt(struct callers *callers, const uint8_t mark[HASH_OCTETS])
{
        int64_t since_ms = clock_boot_ms() - CALLERS_DOUBT_MS;
        bool has = false;

        if (!callers)
                return false;
        pthread_mutex_lock(&callers->lock);
        for (size_t i = 0; i < DOUBTS && !has; i++)
                has = callers->doubts[i].at_ms && callers->doubts[i].at_ms > since_ms &&
                      hash_equal(callers->doubts[i].mark, mark, HASH_OCTETS);
        pthread_mutex_unlock(&callers->lock);
        return has;
}
