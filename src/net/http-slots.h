// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Slots: who owns a connection, and how others reach it.
 *
 *                         event of epoll
 *      FREE ----> IDLE ------------------> RUNNING (one worker) ----> FREE, generation + 1
 *                   ^                          |
 *                   +--------------------------+  parked: waits for octets, a wish, or its deadline
 *
 *   1. What hangs on a slot's connection is touched only by the worker that runs it. Everybody else may only
 *      wish something, under the slot's lock, and the owner sees the wish before it parks.
 *   2. A handle is index and generation. A handle of a connection that has gone names nothing.
 *   3. epoll watches an IDLE slot once (EPOLLONESHOT), a RUNNING one never.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct http_connection;
struct http_stream;

enum http_wish {
        HTTP_WISH_EXPIRED = 1, /* its deadline is over */
        HTTP_WISH_QUEUED = 2,  /* its event stream has something to send */
        HTTP_WISH_CLOSE = 4,   /* send what is queued, then end */
        HTTP_WISH_DRAIN = 8,   /* the server stops: end unless an exchange is under way */
        HTTP_WISH_CUT = 16,    /* end at once */
};

enum http_slot_state {
        HTTP_SLOT_FREE,
        HTTP_SLOT_IDLE,
        HTTP_SLOT_RUNNING,
};

struct http_slot {
        pthread_mutex_t lock; /* of all but deadline_ms and next */
        struct http_connection *connection;
        struct http_stream *stream; /* an event stream's queue; see http-events.c */
        int fd;
        uint32_t generation;
        uint8_t state;
        uint8_t wishes;
        uint32_t next; /* of the free list */
        _Atomic int64_t deadline_ms;
};

struct http_slots {
        struct http_slot *all;
        uint32_t count_max;
        _Atomic uint32_t used_end; /* no slot from here on was ever used */
        int epoll;
        pthread_mutex_t lock; /* of what follows */
        uint32_t free_first;
        uint32_t used;
};

/* epoll is borrowed. */
int http_slots_init(struct http_slots *slots, uint32_t count_max, int epoll);
void http_slots_done(struct http_slots *slots);

/* A slot for an accepted socket, RUNNING, owned by the caller; NULL where all are taken. The socket is
 * watched from the first park on. */
struct http_slot *http_slot_take(struct http_slots *slots, int fd, struct http_connection *connection);
/* By its owner: closes the socket and makes every handle invalid. */
void http_slot_release(struct http_slots *slots, struct http_slot *slot);

uint64_t http_slot_handle(const struct http_slots *slots, const struct http_slot *slot);

/* An event of epoll came: the slot, now RUNNING and the caller's, or NULL where the event is late. */
struct http_slot *http_slot_run(struct http_slots *slots, uint64_t handle);

/* By its owner: what others wished since the last call. */
uint8_t http_slot_wishes(struct http_slot *slot);

/* By its owner: gives the slot back until one of events or the deadline. False where a wish came meanwhile:
 * the caller still owns it. */
bool http_slot_park(struct http_slots *slots, struct http_slot *slot, uint32_t events, int64_t deadline_ms);

/* Locks the slot that the handle names; NULL where it has gone. Unlock with pthread_mutex_unlock(). */
struct http_slot *http_slot_lock(struct http_slots *slots, uint64_t handle);
/* With the slot locked: leaves a wish and wakes its owner-to-be. */
void http_slot_wish(struct http_slots *slots, struct http_slot *slot, uint8_t wish);

/* Wishes the same of every slot in use. */
void http_slots_wish(struct http_slots *slots, uint8_t wish);

/* Wishes HTTP_WISH_EXPIRED where a deadline is over; whose expiry nobody could act on within grace_ms,
 * because its socket takes no octets, is shut down. */
void http_slots_expire(struct http_slots *slots, int64_t now_ms, uint32_t grace_ms);
