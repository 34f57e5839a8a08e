// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The ledger of jobs whose home is this agent (models/home.pml), in the folder "homes" of the state folder:
 *
 *      JOB        HELD: what was taken, with its sealed document
 *      JOB.back   RETURNED: the same, given back; it is not released here any more
 *      JOB.out    RELEASED: by this delivery, at this printer; beside JOB
 *
 *   1. Every change is on the disk when its function returns, and so before the octet or the message that
 *      comes of it. From HELD a job goes one of the two ways, whoever comes first.
 *   2. What another journal took (its incarnation is another) is void: the service has asked its owner.
 *   3. What can no longer be read is DAMAGED, which is told to the service, and never taken for not there.
 *   4. Nothing in it can be opened without its owner's badge: the document's key lies in his box, and so does
 *      the key of what says how it is to be printed.
 *
 * Safe from every thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/id.h"
#include "crypt/box.h"

#define HOMES_MAX        512
#define HOME_OFFERS_MAX  ((size_t)256 * 1024)
#define HOME_HEADER_ROOM 512

struct homes;

enum home_state {
        HOME_HELD,
        HOME_RETURNED,
        HOME_RELEASED,
        HOME_DAMAGED, /* only its job is known */
};

struct home_entry {
        struct id job;
        enum home_state state;
        uint64_t giving;
        struct id person;
        int64_t created_ms;
        int64_t expires_ms;                      /* 0: it does not */
        uint64_t octets;                         /* of the sealed document */
        uint8_t document_box[BOX_SEALED_OCTETS]; /* the document's key */
        uint8_t offers_box[BOX_SEALED_OCTETS];   /* the key of the sealed offers */
        uint32_t offers_octets;
        struct home_released {
                struct id delivery;
                struct id release;
                struct id printer;
                int64_t at_ms;
        } released; /* of RELEASED */
};

enum homes_refusal {
        HOMES_UNKNOWN = 1, /* not here, or not (any more) in the state that is wanted */
        HOMES_FULL,        /* as many as there may be, or the disk has no room */
        HOMES_CUT,         /* the document did not come whole */
};

int homes_open(int state_directory, uint64_t incarnation, struct homes **ret);
/* What lies there stays. */
void homes_close(struct homes *homes);

size_t homes_list(struct homes *homes, struct home_entry *ret, size_t max);
int homes_find(struct homes *homes, struct id job, struct home_entry *ret);
int homes_find_delivery(struct homes *homes, struct id delivery, struct home_entry *ret);
void homes_count(struct homes *homes, size_t *ret_count, uint64_t *ret_octets);

/* Writes one down, HELD, with its sealed offers and what give() is told to add; entry->octets of it. */
int homes_store(struct homes *homes, const struct home_entry *entry, struct text offers,
                int (*fetch)(void *context, int fd, uint64_t offset), void *context);
/* HELD -> RETURNED. HOMES_UNKNOWN. */
int homes_return(struct homes *homes, struct id job);
/* HELD -> RELEASED. HOMES_UNKNOWN: somebody else was first. */
int homes_release(struct homes *homes, struct id job, const struct home_released *released);
/* The service has heard it: nothing of it is kept. */
int homes_forget(struct homes *homes, struct id job);

/* The sealed offers; and the document, of which *ret_offset is the first octet. HOMES_UNKNOWN. */
int homes_read_offers(struct homes *homes, struct id job, struct buffer *to);
int homes_open_document(struct homes *homes, struct id job, int *ret_fd, uint64_t *ret_offset,
                        uint64_t *ret_octets);
