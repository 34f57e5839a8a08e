// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/known.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/sign.h"
#include "offline/runtime.h"
#include "os/file.h"

#define FILE_NAME   "snapshot"
#define KEY_NAME    "offline-key"
#define KEY_MAGIC   0x494d4b31 /* "IMK1" */
#define KEY_OCTETS  (4 + 8 + 8 + 3 * 32)
#define DISAGREE_MS 300000 /* between the clocks: what setting the wall's by a server may be */
#define HOUR_MS     3600000

struct known {
        pthread_mutex_t lock;
        int state;
        const char *path; /* of the runtime folder, which is made when it is needed */
        int runtime;      /* -1: not opened, or none that is a tmpfs */
        bool is_tried;
        struct buffer octets; /* the snapshot and its signature */
        struct snapshot_form form;
        bool has_form;
        struct secret day;
        uint8_t signing[SIGN_KEY_OCTETS];
        uint8_t revision[HASH_OCTETS];
        int64_t boot_ms, wall_ms; /* of the last contact */
};

const char *known_word(int refusal)
{
        switch (refusal) {
        case KNOWN_NOTHING: return "no-snapshot";
        case KNOWN_OVER: return "time-is-over";
        case KNOWN_CLOCK: return "clock-was-set";
        default: return "unknown-badge";
        }
}

static void add_u64(struct buffer *to, uint64_t number)
{
        buffer_add_u32(to, (uint32_t)(number >> 32));
        buffer_add_u32(to, (uint32_t)number);
}

static int64_t read_u64(struct cursor *c)
{
        uint64_t high = cursor_u32(c);

        return (int64_t)(high << 32 | cursor_u32(c));
}

/* Once. Without one the key is in memory alone. */
static void open_runtime(struct known *known)
{
        if (!known->is_tried)
                known->runtime = runtime_open(known->path);
        known->is_tried = true;
}

/* Signed, well-formed, and then borrowed from known->octets. */
static bool adopt(struct known *known)
{
        struct text all = buffer_text(&known->octets), body = all;
        uint8_t hash[HASH_OCTETS];

        known->has_form = false;
        if (all.len < SIGN_SIGNATURE_OCTETS)
                return false;
        body.len -= SIGN_SIGNATURE_OCTETS;
        hash_sha256(body, hash);
        known->has_form = sign_is_good(known->signing, text_from_octets(hash, sizeof(hash)),
                                       (const uint8_t *)body.at + body.len) &&
                          snapshot_form_parse(body, &known->form) == 0;
        return known->has_form;
}

static bool read_key(struct known *known)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(KEY_OCTETS);
        struct cursor c;
        struct text revision, day, signing;

        if (known->runtime < 0 || file_read_at(known->runtime, KEY_NAME, KEY_OCTETS, &octets) != 0)
                return false;
        c = cursor_from(buffer_text(&octets));
        if (cursor_u32(&c) != KEY_MAGIC)
                return false;
        known->boot_ms = read_u64(&c);
        known->wall_ms = read_u64(&c);
        revision = cursor_text(&c, sizeof(known->revision));
        day = cursor_text(&c, SECRET_OCTETS);
        signing = cursor_text(&c, SIGN_KEY_OCTETS);
        if (!cursor_is_good(&c))
                return false;
        memcpy(known->revision, revision.at, revision.len);
        memcpy(known->day.octets, day.at, day.len);
        memcpy(known->signing, signing.at, signing.len);
        return true;
}

/* Beside the day key: when there was contact, so that a start does not begin the hours anew. */
static void write_key(struct known *known)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(KEY_OCTETS);
        int r;

        open_runtime(known);
        if (known->runtime < 0 || !buffer_extend(&octets, KEY_OCTETS))
                return;
        octets.len = 0;
        buffer_add_u32(&octets, KEY_MAGIC);
        add_u64(&octets, (uint64_t)known->boot_ms);
        add_u64(&octets, (uint64_t)known->wall_ms);
        buffer_add(&octets, known->revision, sizeof(known->revision));
        buffer_add(&octets, known->day.octets, SECRET_OCTETS);
        buffer_add(&octets, known->signing, SIGN_KEY_OCTETS);
        r = octets.failure ? octets.failure
                           : file_replace_at(known->runtime, KEY_NAME, 0600, buffer_text(&octets));
        if (r)
                log_write(LOG_WARNING, "offline-key-not-kept", NULL);
}

static void load(struct known *known)
{
        if (!read_key(known))
                return;
        known->octets.len = 0;
        if (file_read_at(known->state, FILE_NAME, SNAPSHOT_OCTETS_MAX + SIGN_SIGNATURE_OCTETS,
                         &known->octets) != 0)
                return;
        if (!adopt(known))
                log_write(LOG_ERROR, "snapshot-not-as-signed", NULL);
}

int known_new(int state_directory, const char *runtime, struct known **ret)
{
        struct known *known = calloc(1, sizeof(*known));

        if (!known)
                return fault(-ENOMEM);
        pthread_mutex_init(&known->lock, NULL);
        known->state = state_directory;
        known->runtime = -1;
        known->path = runtime;
        if (access(runtime, F_OK) == 0)
                open_runtime(known);
        known->octets = (struct buffer)BUFFER(SNAPSHOT_OCTETS_MAX + 2 * SIGN_SIGNATURE_OCTETS);
        load(known);
        *ret = known;
        return 0;
}

/* A member's octets; by hand, since a JSON library would leave copies of the key in memory. */
static bool read_member(struct text answer, const char *quoted, struct buffer *to)
{
        const char *at = memmem(answer.at, answer.len, quoted, strlen(quoted)), *end;
        size_t len = 0, size;

        if (!at)
                return false;
        at += strlen(quoted);
        end = memchr(at, '"', answer.len - (size_t)(at - answer.at));
        size = end ? (size_t)(end - at) / 4 * 3 + 3 : 0;
        if (!end || !buffer_extend(to, size) ||
            !base64_parse((struct text){ at, (size_t)(end - at) }, to->at, size, &len))
                return false;
        to->len = len;
        return true;
}

static bool read_exactly(struct text answer, const char *quoted, uint8_t *ret, size_t size)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(size + 8);

        if (!read_member(answer, quoted, &octets) || octets.len != size)
                return false;
        memcpy(ret, octets.at, size);
        return true;
}

static bool read_revision(struct text answer, uint8_t ret[HASH_OCTETS])
{
        static const char quoted[] = "\"revision\":\"";
        const char *at = memmem(answer.at, answer.len, quoted, strlen(quoted));
        size_t len;

        return at && (size_t)(answer.at + answer.len - at) > strlen(quoted) + (size_t)2 * HASH_OCTETS &&
               hex_parse((struct text){ at + strlen(quoted), (size_t)2 * HASH_OCTETS }, ret, HASH_OCTETS,
                         &len);
}

static void touch(struct known *known)
{
        known->boot_ms = clock_boot_ms();
        known->wall_ms = clock_unix_ms();
        write_key(known);
}

/* Under the lock. */
static int take_answer(struct known *known, struct text answer)
{
        uint8_t signature[SIGN_SIGNATURE_OCTETS];

        known->octets.len = 0;
        known->has_form = false;
        if (!read_exactly(answer, "\"day_key\":\"", known->day.octets, SECRET_OCTETS) ||
            !read_exactly(answer, "\"signing_key\":\"", known->signing, SIGN_KEY_OCTETS) ||
            !read_exactly(answer, "\"signature\":\"", signature, sizeof(signature)) ||
            !read_revision(answer, known->revision) ||
            !read_member(answer, "\"snapshot\":\"", &known->octets))
                return KNOWN_MALFORMED;
        buffer_add(&known->octets, signature, sizeof(signature));
        if (known->octets.failure || !adopt(known))
                return KNOWN_MALFORMED;
        if (file_replace_at(known->state, FILE_NAME, 0600, buffer_text(&known->octets)) != 0)
                log_write(LOG_WARNING, "snapshot-not-kept", NULL);
        touch(known);
        return 0;
}

int known_take(struct known *known, struct text answer)
{
        int r;

        pthread_mutex_lock(&known->lock);
        r = take_answer(known, answer);
        pthread_mutex_unlock(&known->lock);
        return r;
}

void known_renew(struct known *known)
{
        pthread_mutex_lock(&known->lock);
        if (known->has_form)
                touch(known);
        pthread_mutex_unlock(&known->lock);
}

void known_forget(struct known *known)
{
        pthread_mutex_lock(&known->lock);
        if (known->has_form) {
                (void)file_remove(known->state, FILE_NAME);
                if (known->runtime >= 0)
                        (void)file_destroy(known->runtime, KEY_NAME);
        }
        known->has_form = false;
        known->octets.len = 0;
        secret_done(&known->day);
        pthread_mutex_unlock(&known->lock);
}

bool known_revision(struct known *known, char ret[2 * HASH_OCTETS + 1])
{
        bool has;

        pthread_mutex_lock(&known->lock);
        has = known->has_form;
        hex_format(known->revision, HASH_OCTETS, ret);
        pthread_mutex_unlock(&known->lock);
        return has;
}

/* Under the lock. */
static int check(const struct known *known)
{
        int64_t boot_ms = clock_boot_ms() - known->boot_ms, wall_ms = clock_unix_ms() - known->wall_ms;
        int64_t limit_ms = (int64_t)known->form.hours * HOUR_MS;

        if (!known->has_form)
                return KNOWN_NOTHING;
        if (boot_ms >= limit_ms || wall_ms >= limit_ms)
                return KNOWN_OVER;
        return boot_ms < 0 || llabs(wall_ms - boot_ms) > DISAGREE_MS ? KNOWN_CLOCK : 0;
}

void known_times(struct known *known, int64_t *ret_age_s, int64_t *ret_left_s)
{
        int64_t age_ms;

        pthread_mutex_lock(&known->lock);
        age_ms = known->has_form ? clock_boot_ms() - known->boot_ms : 0;
        *ret_age_s = age_ms > 0 ? age_ms / 1000 : 0;
        *ret_left_s = check(known) == 0 ? ((int64_t)known->form.hours * HOUR_MS - age_ms) / 1000 : 0;
        pthread_mutex_unlock(&known->lock);
}

int known_check(struct known *known)
{
        int r;

        pthread_mutex_lock(&known->lock);
        r = check(known);
        pthread_mutex_unlock(&known->lock);
        return r;
}

/* As the service keeps it (core/person/badge.c): lower case. */
static void hash_number(const char *number, uint8_t ret[HASH_OCTETS])
{
        char folded[128];
        size_t len = strnlen(number, sizeof(folded));

        for (size_t i = 0; i < len; i++)
                folded[i] = number[i] >= 'A' && number[i] <= 'F' ? (char)(number[i] - 'A' + 'a') : number[i];
        hash_sha256((struct text){ folded, len }, ret);
        explicit_bzero(folded, sizeof(folded));
}

int known_find(struct known *known, const char *number, struct id printer, struct snapshot_holder *ret,
               bool *ret_may_use)
{
        uint8_t hash[HASH_OCTETS];
        int r;

        hash_number(number, hash);
        pthread_mutex_lock(&known->lock);
        r = check(known);
        if (r == 0 && snapshot_find(&known->form, &known->day, hash, ret) != 0)
                r = KNOWN_NOBODY;
        if (r == 0)
                *ret_may_use = snapshot_holder_may_use(&known->form, ret, printer);
        pthread_mutex_unlock(&known->lock);
        explicit_bzero(hash, sizeof(hash));
        return r;
}

int known_terms(struct known *known, struct buffer *to)
{
        int r = KNOWN_NOTHING;

        pthread_mutex_lock(&known->lock);
        if (known->has_form) {
                buffer_add(to, known->form.terms, known->form.terms_octets);
                r = to->failure ? fault(to->failure) : 0;
        }
        pthread_mutex_unlock(&known->lock);
        return r;
}

bool known_person_key(struct known *known, struct id person, uint8_t ret[BOX_KEY_OCTETS])
{
        const uint8_t *key;

        pthread_mutex_lock(&known->lock);
        key = known->has_form ? snapshot_person_key(&known->form, person) : NULL;
        if (key)
                memcpy(ret, key, BOX_KEY_OCTETS);
        pthread_mutex_unlock(&known->lock);
        return key;
}
