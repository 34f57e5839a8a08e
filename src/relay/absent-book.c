// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/absent-book.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "crypt/random.h"

struct absent_book {
        pthread_mutex_t lock;
        pthread_mutex_t keeping; /* taken before the other */
        uint8_t key[HASH_OCTETS];
        uint32_t next;
        size_t count;
        struct absent_entry entries[ABSENT_ENTRIES]; /* by number, modulo their count */
};

int absent_book_new(struct absent_book **ret)
{
        struct absent_book *book = calloc(1, sizeof(*book));

        if (!book)
                return fault(-ENOMEM);
        pthread_mutex_init(&book->lock, NULL);
        pthread_mutex_init(&book->keeping, NULL);
        random_octets(book->key, sizeof(book->key));
        /* Not the numbers of before the last start. */
        book->next = ABSENT_NUMBER + (uint32_t)(random_u64() % 100000000u);
        *ret = book;
        return 0;
}

void absent_book_lock(struct absent_book *book)
{
        pthread_mutex_lock(&book->keeping);
}

void absent_book_unlock(struct absent_book *book)
{
        pthread_mutex_unlock(&book->keeping);
}

void absent_book_owner(const struct absent_book *book, struct text path, struct text authorization,
                       uint8_t ret[HASH_OCTETS])
{
        uint8_t parts[2 * HASH_OCTETS];

        hash_hmac(book->key, sizeof(book->key), path, parts);
        hash_hmac(book->key, sizeof(book->key), authorization, parts + HASH_OCTETS);
        hash_hmac(book->key, sizeof(book->key), text_from_octets(parts, sizeof(parts)), ret);
}

static void drop_message(struct absent_entry *entry)
{
        if (entry->message)
                explicit_bzero(entry->message, entry->message_octets);
        free(entry->message);
        entry->message = NULL;
        entry->message_octets = 0;
}

int absent_book_add(struct absent_book *book, const struct absent_entry *entry, uint32_t *ret_number)
{
        char *message = entry->message ? malloc(entry->message_octets) : NULL;
        struct absent_entry *place;

        if (entry->message && !message)
                return fault(-ENOMEM);
        if (message)
                memcpy(message, entry->message, entry->message_octets);
        pthread_mutex_lock(&book->lock);
        place = &book->entries[book->next % ABSENT_ENTRIES];
        drop_message(place);
        *place = *entry;
        place->message = message;
        place->number = book->next++;
        place->at_ms = clock_monotonic_ms();
        *ret_number = place->number;
        pthread_mutex_unlock(&book->lock);
        return 0;
}

/* With the lock. */
static struct absent_entry *find(struct absent_book *book, const uint8_t *owner, uint32_t number)
{
        struct absent_entry *entry = &book->entries[number % ABSENT_ENTRIES];

        return number && entry->number == number && (!owner || hash_equal(entry->owner, owner, HASH_OCTETS))
                       ? entry
                       : NULL;
}

static void copy(const struct absent_entry *entry, struct absent_entry *ret)
{
        *ret = *entry;
        ret->message = NULL;
        ret->message_octets = 0;
}

bool absent_book_find(struct absent_book *book, const uint8_t owner[HASH_OCTETS], uint32_t number,
                      struct absent_entry *ret)
{
        const struct absent_entry *entry;

        pthread_mutex_lock(&book->lock);
        entry = find(book, owner, number);
        if (entry)
                copy(entry, ret);
        pthread_mutex_unlock(&book->lock);
        return entry;
}

bool absent_book_take_message(struct absent_book *book, const uint8_t owner[HASH_OCTETS], uint32_t number,
                              char **ret, size_t *ret_octets)
{
        struct absent_entry *entry;
        bool has;

        pthread_mutex_lock(&book->lock);
        entry = find(book, owner, number);
        has = entry && entry->message && clock_monotonic_ms() - entry->at_ms < ABSENT_WAIT_MS;
        if (has) {
                *ret = entry->message;
                *ret_octets = entry->message_octets;
                entry->message = NULL;
                entry->message_octets = 0;
        }
        pthread_mutex_unlock(&book->lock);
        return has;
}

bool absent_book_find_repeated(struct absent_book *book, const uint8_t owner[HASH_OCTETS],
                               const uint8_t mark[HASH_OCTETS], struct absent_entry *ret)
{
        int64_t now = clock_monotonic_ms();
        bool has = false;

        pthread_mutex_lock(&book->lock);
        for (size_t i = 0; i < ABSENT_ENTRIES && !has; i++) {
                const struct absent_entry *entry = &book->entries[i];

                has = entry->number && !entry->is_answered && !id_is_zero(entry->deposit) &&
                      now - entry->at_ms < ABSENT_REPEAT_MS && hash_equal(entry->owner, owner, HASH_OCTETS) &&
                      hash_equal(entry->mark, mark, HASH_OCTETS);
                if (has)
                        copy(entry, ret);
        }
        pthread_mutex_unlock(&book->lock);
        return has;
}

void absent_book_set_deposit(struct absent_book *book, uint32_t number, struct id deposit,
                             const uint8_t mark[HASH_OCTETS])
{
        struct absent_entry *entry;

        pthread_mutex_lock(&book->lock);
        entry = find(book, NULL, number);
        if (entry) {
                entry->deposit = deposit;
                memcpy(entry->mark, mark, HASH_OCTETS);
        }
        pthread_mutex_unlock(&book->lock);
}

void absent_book_set_answered(struct absent_book *book, uint32_t number)
{
        struct absent_entry *entry;

        pthread_mutex_lock(&book->lock);
        entry = find(book, NULL, number);
        if (entry)
                entry->is_answered = true;
        pthread_mutex_unlock(&book->lock);
}

size_t absent_book_list(struct absent_book *book, const uint8_t owner[HASH_OCTETS], struct absent_entry *ret,
                        size_t max)
{
        size_t count = 0;

        pthread_mutex_lock(&book->lock);
        for (uint32_t i = 1; i <= ABSENT_ENTRIES && count < max; i++) {
                const struct absent_entry *entry = find(book, owner, book->next - i);

                if (entry)
                        copy(entry, &ret[count++]);
        }
        pthread_mutex_unlock(&book->lock);
        return count;
}
