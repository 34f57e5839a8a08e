// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/lpd-known.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "os/file.h"

#define FILE_NAME  "lpd.key"
#define HALF       (HASH_OCTETS / 2)
#define MARKS      1024
#define HASHED_MAX 1024

struct lpd_known {
        struct secret key;
        pthread_mutex_t lock;
        size_t next;
        struct {
                uint8_t mark[HASH_OCTETS];
                int64_t at_ms; /* 0: none */
        } marks[MARKS];
};

static int load_key(int directory, struct secret *ret)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(SECRET_OCTETS);
        int r = file_read_at(directory, FILE_NAME, SECRET_OCTETS, &octets);

        if (r < 0)
                return r;
        if (r == 0 && octets.len == SECRET_OCTETS) {
                memcpy(ret->octets, octets.at, SECRET_OCTETS);
                return 0;
        }
        random_secret(ret);
        return fold(file_replace_at(directory, FILE_NAME, 0600, text_from_octets(ret, SECRET_OCTETS)));
}

int lpd_known_new(int state_directory, struct lpd_known **ret)
{
        struct lpd_known *known = calloc(1, sizeof(*known));
        int r;

        if (!known)
                return fault(-ENOMEM);
        pthread_mutex_init(&known->lock, NULL);
        r = load_key(state_directory, &known->key);
        if (r) {
                free(known);
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

void lpd_known_mark(const struct lpd_known *known, struct text address, struct text queue, struct text name,
                    const uint8_t contents[HASH_OCTETS], uint8_t ret[HASH_OCTETS])
{
        const struct text texts[] = { address, queue, name, text_from_octets(contents, HASH_OCTETS) };

        hash_of(known, "mark", texts, ARRAY_LENGTH(texts), ret);
}

bool lpd_known_has(struct lpd_known *known, const uint8_t mark[HASH_OCTETS])
{
        int64_t now_ms = clock_boot_ms();
        bool has = false;

        pthread_mutex_lock(&known->lock);
        for (size_t i = 0; !has && i < MARKS; i++)
                has = known->marks[i].at_ms && now_ms - known->marks[i].at_ms < LPD_KNOWN_MS &&
                      memcmp(known->marks[i].mark, mark, HASH_OCTETS) == 0;
        pthread_mutex_unlock(&known->lock);
        return has;
}

void lpd_known_add(struct lpd_known *known, const uint8_t mark[HASH_OCTETS])
{
        pthread_mutex_lock(&known->lock);
        memcpy(known->marks[known->next].mark, mark, HASH_OCTETS);
        known->marks[known->next].at_ms = clock_boot_ms();
        known->next = (known->next + 1) % MARKS;
        pthread_mutex_unlock(&known->lock);
}
