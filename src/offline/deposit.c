// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A deposit while it is written. */

#include "offline/deposit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "crypt/seal.h"
#include "offline/deposit-folder.h"
#include "os/file.h"

#define PIECE SEAL_SEGMENT_OCTETS

struct deposit {
        struct deposits *deposits;
        struct deposit_header header;
        struct secret key;
        struct seal seal;
        int fd;
        uint64_t octets; /* of the file so far */
        uint64_t plain;  /* of the document */
        bool is_counted;
        uint8_t room[SEAL_ROOM(PIECE) + SEAL_ROOM_FINISH];
};

static bool disk_is_full(int r)
{
        return r == -ENOSPC || r == -EDQUOT || r == -EFBIG;
}

/* Room by the settings for so many octets more. */
static bool count_octets(struct deposit *deposit, uint64_t octets)
{
        struct deposits *deposits = deposit->deposits;
        bool fits;

        pthread_mutex_lock(&deposits->lock);
        fits = octets <= deposits->settings.octets_max &&
               deposits->octets <= deposits->settings.octets_max - octets;
        if (fits)
                deposits->octets += octets;
        pthread_mutex_unlock(&deposits->lock);
        if (fits)
                deposit->octets += octets;
        return fits;
}

/* At the end of the file. */
static int add_octets(struct deposit *deposit, const void *octets, size_t len)
{
        uint64_t at = deposit->octets;
        int r;

        if (!count_octets(deposit, len))
                return DEPOSIT_FULL;
        r = file_write_at(deposit->fd, octets, len, at);
        return disk_is_full(r) ? DEPOSIT_FULL : r;
}

static void deposit_free(struct deposit *deposit)
{
        struct deposits *deposits = deposit->deposits;

        pthread_mutex_lock(&deposits->lock);
        deposits->octets -= deposit->octets;
        deposits->writing -= deposit->is_counted;
        pthread_mutex_unlock(&deposits->lock);
        seal_done(&deposit->seal);
        secret_done(&deposit->key);
        closep(&deposit->fd);
        free(deposit);
}

void deposit_abort(struct deposit *deposit)
{
        char name[DEPOSIT_NAME];

        if (!deposit)
                return;
        deposit_name(deposit->header.id, DEPOSIT_PART, name);
        if (deposit->fd >= 0)
                (void)unlinkat(deposit->deposits->directory, name, 0);
        deposit_free(deposit);
}

void deposit_abortp(struct deposit **deposit)
{
        deposit_abort(*deposit);
}

static int count_one(struct deposit *deposit)
{
        struct deposits *deposits = deposit->deposits;
        int r = 0;

        pthread_mutex_lock(&deposits->lock);
        if (!deposits->has_key)
                r = DEPOSIT_NO_KEY;
        else if (deposits->count + deposits->writing >= deposits->settings.count_max)
                r = DEPOSIT_FULL;
        else
                deposits->writing += deposit->is_counted = true;
        pthread_mutex_unlock(&deposits->lock);
        return r;
}

static int has_space(const struct deposits *deposits)
{
        uint64_t free_octets, total;
        int r = directory_space(deposits->directory, &free_octets, &total);

        if (r)
                return r;
        return free_octets > deposits->settings.reserve_octets ? 0 : DEPOSIT_FULL;
}

/* The header's place is left free: it is written last. */
static int begin(struct deposit *deposit)
{
        uint8_t header[SEAL_HEADER_OCTETS];
        char name[DEPOSIT_NAME], room[DEPOSIT_SEAL_ID];
        int r;

        random_secret(&deposit->key);
        r = seal_init(&deposit->seal, &deposit->key, deposit_document_id(&deposit->header.id, room), header);
        if (r)
                return r;
        deposit_name(deposit->header.id, DEPOSIT_PART, name);
        r = file_create(deposit->deposits->directory, name, &deposit->fd);
        if (r)
                return disk_is_full(r) ? DEPOSIT_FULL : fold(r);
        if (!count_octets(deposit, DEPOSIT_HEADER_OCTETS))
                return DEPOSIT_FULL;
        deposit->header.document_octets = sizeof(header);
        return add_octets(deposit, header, sizeof(header));
}

int deposit_open(struct deposits *deposits, enum deposit_door door, struct deposit **ret)
{
        SCOPED(deposit_abortp) struct deposit *deposit = calloc(1, sizeof(*deposit));
        int r;

        if (!deposit)
                return fault(-ENOMEM);
        deposit->deposits = deposits;
        deposit->fd = -1;
        deposit->header.door = door;
        deposit->header.id = id_new();
        r = count_one(deposit);
        if (r == 0)
                r = has_space(deposits);
        if (r == 0)
                r = begin(deposit);
        if (r)
                return r;
        *ret = take(deposit);
        return 0;
}

uint64_t deposit_octets(const struct deposit *deposit)
{
        return deposit->plain;
}

struct id deposit_id(const struct deposit *deposit)
{
        return deposit->header.id;
}

static int write_piece(struct deposit *deposit, const void *octets, size_t len)
{
        size_t length;
        int r;

        r = seal_add(&deposit->seal, octets, len, deposit->room, &length);
        if (r)
                return r > 0 ? DEPOSIT_TOO_LARGE : r;
        deposit->header.document_octets += length;
        return add_octets(deposit, deposit->room, length);
}

int deposit_write(struct deposit *deposit, struct text octets)
{
        int r = 0;

        if (octets.len > deposit->deposits->settings.one_octets_max - deposit->plain)
                return DEPOSIT_TOO_LARGE;
        deposit->plain += octets.len;
        while (r == 0 && octets.len) {
                size_t len = octets.len < PIECE ? octets.len : PIECE;

                r = write_piece(deposit, octets.at, len);
                octets.at += len;
                octets.len -= len;
        }
        return r;
}

static int end_document(struct deposit *deposit)
{
        size_t length;
        int r = seal_finish(&deposit->seal, deposit->room, &length);

        if (r)
                return fold(r);
        deposit->header.document_octets += length;
        return add_octets(deposit, deposit->room, length);
}

static void wipe_seal(struct seal *seal)
{
        seal_done(seal);
}

static int add_metadata(struct deposit *deposit, struct text metadata)
{
        SCOPED(wipe_seal) struct seal seal = { 0 };
        uint8_t header[SEAL_HEADER_OCTETS];
        char room[DEPOSIT_SEAL_ID];
        size_t length, end;
        int r;

        if (metadata.len > DEPOSIT_METADATA_MAX)
                return DEPOSIT_TOO_LARGE;
        r = seal_init(&seal, &deposit->key, deposit_metadata_id(&deposit->header.id, room), header);
        if (r == 0)
                r = add_octets(deposit, header, sizeof(header));
        if (r)
                return r;
        r = seal_add(&seal, metadata.at, metadata.len, deposit->room, &length);
        if (r == 0)
                r = seal_finish(&seal, deposit->room + length, &end);
        if (r)
                return fold(r);
        deposit->header.metadata_octets = (uint32_t)(sizeof(header) + length + end);
        return add_octets(deposit, deposit->room, length + end);
}

/* Into the boxes of those who may read it. */
static int box_key(struct deposit *deposit, const struct deposit_order *order)
{
        struct deposits *deposits = deposit->deposits;
        struct deposit_header *header = &deposit->header;
        uint8_t key[BOX_KEY_OCTETS];

        deposits_key(deposits, header->tenant_key);
        if (box_put(header->tenant_key, &deposit->key, header->for_tenant))
                return DEPOSIT_NO_KEY;
        header->person = order->person;
        if (order->person_key)
                memcpy(key, order->person_key, sizeof(key));
        else if (id_is_zero(order->person) || !deposits->find_key ||
                 !deposits->find_key(deposits->find_context, order->person, key))
                return 0;
        return box_put(key, &deposit->key, header->for_person) ? DEPOSIT_NO_KEY : 0;
}

static int add_header(struct deposit *deposit, const struct deposit_order *order)
{
        uint8_t octets[DEPOSIT_HEADER_OCTETS];
        int r = box_key(deposit, order);

        if (r)
                return r;
        deposit->header.made_ms = clock_unix_ms();
        deposit->header.number = order->number;
        if (order->owner)
                memcpy(deposit->header.owner, order->owner, HASH_OCTETS);
        if (order->mark)
                memcpy(deposit->header.mark, order->mark, HASH_OCTETS);
        deposit_header_format(&deposit->header, octets);
        r = file_write_at(deposit->fd, octets, sizeof(octets), 0);
        return disk_is_full(r) ? DEPOSIT_FULL : r;
}

/* From now on the list has its octets and its file. */
static int enlist(struct deposit *deposit)
{
        struct deposits *deposits = deposit->deposits;
        struct kept kept = {
                .header = deposit->header, .octets = deposit->octets, .fd = deposit->fd, .is_taken = true
        };
        bool added;

        pthread_mutex_lock(&deposits->lock);
        added = kept_add(deposits, &kept);
        pthread_mutex_unlock(&deposits->lock);
        if (!added)
                return fault(-ENOMEM);
        deposit->fd = -1;
        deposit->octets = 0;
        return 0;
}

int deposit_finish(struct deposit *deposit, const struct deposit_order *order, struct id *ret)
{
        SCOPED(deposit_abortp) struct deposit *owned = deposit;
        struct id id = owned->header.id;
        int r;

        r = end_document(owned);
        if (r == 0)
                r = add_metadata(owned, order->metadata);
        if (r == 0)
                r = add_header(owned, order);
        if (r == 0)
                r = enlist(owned);
        if (r)
                return r;
        *ret = id;
        return 0;
}

int deposit_commit(struct deposit *deposit, const struct deposit_order *order, struct id *ret)
{
        struct deposits *deposits = deposit->deposits;
        struct id id;
        int r;

        r = deposit_finish(deposit, order, &id);
        if (r == 0)
                r = fold(deposit_settle(deposits, id));
        if (r)
                return r;
        deposit_give(deposits, id);
        *ret = id;
        return 0;
}
