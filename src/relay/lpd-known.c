// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/lpd-known.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "os/file.h"

#define KEY_NAME   "lpd.key"
#define MARKS_NAME "lpd.marks"
#define HALF       (HASH_OCTETS / 2)
#define HASHED_MAX 1024

/* lpd.marks: LPD_KNOWN_MAX records of mark, 32 | key, 16 | milliseconds since 1970, 8 | the first octets of
 * the SHA-256 of all that, 8. A torn one is none. */
#define RECORD      64
#define RECORD_BODY 56
#define FILE_OCTETS ((size_t)LPD_KNOWN_MAX * RECORD)

struct lpd_known {
        struct secret key;
        int fd; /* of lpd.marks */
        int64_t repeat_ms;
        pthread_mutex_t lock;
        size_t next;
        struct lpd_record {
                uint8_t mark[HASH_OCTETS];
                struct id key;
                int64_t at_ms; /* 0: none */
                bool is_taken;
        } records[LPD_KNOWN_MAX];
};

static int load_key(int directory, struct secret *ret)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(SECRET_OCTETS);
        int r = file_read_at(directory, KEY_NAME, SECRET_OCTETS, &octets);

        if (r < 0)
                return r;
        if (r == 0 && octets.len == SECRET_OCTETS) {
                memcpy(ret->octets, octets.at, SECRET_OCTETS);
                return 0;
        }
        random_secret(ret);
        return fold(file_replace_at(directory, KEY_NAME, 0600, text_from_octets(ret, SECRET_OCTETS)));
}

static void format_record(const struct lpd_record *record, uint8_t ret[RECORD])
{
        uint8_t hash[HASH_OCTETS];

        memcpy(ret, record->mark, HASH_OCTETS);
        memcpy(ret + HASH_OCTETS, record->key.octets, sizeof(record->key.octets));
        for (int i = 0; i < 8; i++)
                ret[48 + i] = (uint8_t)((uint64_t)record->at_ms >> (56 - 8 * i));
        hash_sha256(text_from_octets(ret, RECORD_BODY), hash);
        memcpy(ret + RECORD_BODY, hash, RECORD - RECORD_BODY);
}

static bool parse_record(const uint8_t octets[RECORD], struct lpd_record *ret)
{
        uint8_t hash[HASH_OCTETS];
        uint64_t at_ms = 0;

        hash_sha256(text_from_octets(octets, RECORD_BODY), hash);
        if (memcmp(hash, octets + RECORD_BODY, RECORD - RECORD_BODY) != 0)
                return false;
        for (int i = 0; i < 8; i++)
                at_ms = at_ms << 8 | octets[48 + i];
        *ret = (struct lpd_record){ .at_ms = (int64_t)at_ms };
        memcpy(ret->mark, octets, HASH_OCTETS);
        memcpy(ret->key.octets, octets + HASH_OCTETS, sizeof(ret->key.octets));
        return true;
}

/* Its whole length is there from the first day on, so that no full disk is met later. */
static int make_marks(int directory)
{
        SCOPED(buffer_done) struct buffer zeros = BUFFER(FILE_OCTETS);
        char *at = buffer_extend(&zeros, FILE_OCTETS);

        if (!at)
                return fault(-ENOMEM);
        memset(at, 0, FILE_OCTETS);
        return fold(file_replace_at(directory, MARKS_NAME, 0600, buffer_text(&zeros)));
}

static int load_marks(int directory, struct lpd_known *known)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(FILE_OCTETS);
        int r = file_read_at(directory, MARKS_NAME, FILE_OCTETS, &octets);

        if (r < 0)
                return r;
        if (r || octets.len != FILE_OCTETS)
                r = make_marks(directory);
        for (size_t i = 0; r == 0 && octets.len == FILE_OCTETS && i < LPD_KNOWN_MAX; i++)
                if (parse_record((const uint8_t *)octets.at + i * RECORD, &known->records[i]) &&
                    known->records[i].at_ms > known->records[known->next].at_ms)
                        known->next = i;
        if (r)
                return r;
        known->next = (known->next + 1) % LPD_KNOWN_MAX;
        known->fd = openat(directory, MARKS_NAME, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        return known->fd < 0 ? fault(-errno) : 0;
}

void lpd_known_free(struct lpd_known *known)
{
        if (!known)
                return;
        closep(&known->fd);
        pthread_mutex_destroy(&known->lock);
        explicit_bzero(known, sizeof(*known));
        free(known);
}

int lpd_known_new(int state_directory, int64_t repeat_ms, struct lpd_known **ret)
{
        struct lpd_known *known = calloc(1, sizeof(*known));
        int r;

        if (!known)
                return fault(-ENOMEM);
        pthread_mutex_init(&known->lock, NULL);
        known->fd = -1;
        known->repeat_ms = repeat_ms;
        r = load_key(state_directory, &known->key);
        if (r == 0)
                r = load_marks(state_directory, known);
        if (r) {
                lpd_known_free(known);
                return r;
        }
        *ret = known;
        return 0;
}

/* Its length before each, so that no two lists of texts are the same octets. */
static void add(struct buffer *to, struct text text)
{
        buffer_add_u32(to, (uint32_t)text.len);
        buffer_add_text(to, text);
}

static void hash_of(const struct lpd_known *known, const char *label, const struct text *texts, size_t count,
                    uint8_t ret[HASH_OCTETS])
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(HASHED_MAX);

        add(&octets, text_from(label));
        for (size_t i = 0; i < count; i++)
                add(&octets, texts[i]);
        hash_hmac(known->key.octets, SECRET_OCTETS, buffer_text(&octets), ret);
}

void lpd_known_owner(const struct lpd_known *known, struct text address, struct text user,
                     uint8_t ret[HASH_OCTETS])
{
        const struct text both[] = { address, user };
        uint8_t hash[HASH_OCTETS];

        hash_of(known, "address", both, 1, hash);
        memcpy(ret, hash, HALF);
        memset(ret + HALF, 0, HALF);
        if (user.len == 0)
                return;
        hash_of(known, "user", both, 2, hash);
        memcpy(ret + HALF, hash, HALF);
}

bool lpd_known_owns(const struct lpd_known *known, const uint8_t owner[HASH_OCTETS], struct text address,
                    struct text user)
{
        uint8_t expected[HASH_OCTETS];

        lpd_known_owner(known, address, user, expected);
        return memcmp(owner, expected, user.len ? HASH_OCTETS : HALF) == 0;
}

void lpd_known_mark(const struct lpd_known *known, const struct lpd_known_job *job, uint8_t ret[HASH_OCTETS])
{
        const struct text texts[] = { job->address, job->user, job->queue, job->name,
                                      text_from_octets(job->contents, HASH_OCTETS) };

        hash_of(known, "mark", texts, ARRAY_LENGTH(texts), ret);
}

/* A clock that was set back makes a job look as if it came later: that far it is recent, too. */
bool lpd_known_is_recent(const struct lpd_known *known, int64_t made_ms)
{
        int64_t age_ms = clock_unix_ms() - made_ms;

        return age_ms < known->repeat_ms && -age_ms < known->repeat_ms;
}

/* With the lock. */
static struct lpd_record *find(struct lpd_known *known, const uint8_t mark[HASH_OCTETS])
{
        for (size_t i = 0; i < LPD_KNOWN_MAX; i++) {
                struct lpd_record *record = &known->records[i];

                if (record->at_ms && memcmp(record->mark, mark, HASH_OCTETS) == 0)
                        return record;
        }
        return NULL;
}

/* With the lock. */
static int write_record(struct lpd_known *known, const struct lpd_record *record)
{
        uint8_t octets[RECORD];

        format_record(record, octets);
        return file_write_at(known->fd, octets, RECORD, (uint64_t)(record - known->records) * RECORD);
}

bool lpd_known_find(struct lpd_known *known, const uint8_t mark[HASH_OCTETS], struct id *ret_key,
                    bool *ret_is_taken)
{
        struct lpd_record *record;
        bool is;

        pthread_mutex_lock(&known->lock);
        record = find(known, mark);
        is = record && lpd_known_is_recent(known, record->at_ms);
        if (is) {
                *ret_key = record->key;
                *ret_is_taken = record->is_taken;
        }
        pthread_mutex_unlock(&known->lock);
        return is;
}

int lpd_known_begin(struct lpd_known *known, const uint8_t mark[HASH_OCTETS], struct id key)
{
        struct lpd_record *record;
        int r;

        pthread_mutex_lock(&known->lock);
        record = find(known, mark);
        if (!record) {
                record = &known->records[known->next];
                known->next = (known->next + 1) % LPD_KNOWN_MAX;
        }
        *record = (struct lpd_record){ .key = key, .at_ms = clock_unix_ms() };
        memcpy(record->mark, mark, HASH_OCTETS);
        r = write_record(known, record);
        pthread_mutex_unlock(&known->lock);
        if (r)
                return r;
        file_sync_data(known->fd);
        return 0;
}

void lpd_known_end(struct lpd_known *known, const uint8_t mark[HASH_OCTETS])
{
        struct lpd_record *record;

        pthread_mutex_lock(&known->lock);
        record = find(known, mark);
        if (record)
                record->is_taken = true;
        pthread_mutex_unlock(&known->lock);
}

void lpd_known_forget(struct lpd_known *known, const uint8_t mark[HASH_OCTETS])
{
        struct lpd_record *record;
        int r = 0;

        pthread_mutex_lock(&known->lock);
        record = find(known, mark);
        if (record) {
                *record = (struct lpd_record){ .at_ms = 0 };
                r = write_record(known, record);
        }
        pthread_mutex_unlock(&known->lock);
        /* Not flushed: what is still there after a loss of power is known again, as if it had been answered
         * by nothing. */
        if (r < 0)
                log_fault("lpd-mark-not-forgotten", r);
}
