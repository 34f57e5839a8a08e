// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The LPD door of an agent (RFC 1179): a server that older computers, Macs and mainframes print to.
 *
 *   1. What comes in is a deposit (offline/deposit.h) from its first octet on, sealed, so that it makes no
 *      difference when the line goes down. While the line is up it is handed on before the client hears yes,
 *      and what the service refuses is refused in LPD's own language; while it is down it is kept.
 *   2. The language has no proof of who sends. Whose it is, the service says (rules of network and user);
 * whose nobody knows when the line is back is kept, and administrators decide (relay/drain.h).
 *      Here only networks that the configuration names may come in at all, and to its queues alone.
 *   3. No name of the client's becomes the name of a file. Lines, counts, files, connections, time: all have
 *      limits, and a flood costs only whoever sends it.
 *   4. Queue states tell a client how many of its own jobs wait here, and it removes its own jobs only.
 *
 * What it is to be comes with the agent's configuration, at any time; off closes it at once. Each limit is a
 * setting. A thread for the port, and one for each connection.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "offline/callers.h"
#include "offline/deposit.h"
#include "relay/drain.h"
#include "relay/lpd-known.h"
#include "relay/lpd-plan.h"
#include "relay/stays.h"

#define LPD_ADDRESS 64

struct lpd_settings {
        const char *listen;   /* an address of this machine */
        uint32_t connections; /* at once, */
        uint32_t per_address; /* and from one address */
        int64_t idle_ms;      /* without an octet */
        int64_t longest_ms;   /* of one connection */
        int64_t patience_ms;  /* for handing on before the client hears yes; then it is kept */
        int64_t repeat_ms;    /* for so long the same job is the same; 0: never */
        bool unproven; /* while the line is down jobs of those whom the service never knew are kept, too */
};

struct lpd_connection;

struct lpd {
        const struct lpd_settings *settings;
        struct deposits *deposits;
        struct drain *drain;
        struct lpd_known *known;
        struct callers *callers; /* whose a job is, as the service said of one that came likewise; or NULL */
        struct stays *stays;     /* of queues whose documents stay here */

        /* Of lpd.c. */
        pthread_mutex_t lock;
        struct lpd_plan plan; /* under the lock, but for whoever applies */
        struct lpd_connection *connected;
        uint32_t count;
        pthread_t thread;
        int fd; /* -1: it does not listen */
};

enum lpd_door_refusal {
        LPD_MALFORMED = 1, /* the configuration is not understood */
        LPD_BAD_ADDRESS,   /* [lpd] listen is no address of this machine */
        LPD_IN_USE,        /* the port is taken, or not ours to take */
};

/* lpd must live on. Fields above "Of lpd.c" are the caller's. */
void lpd_init(struct lpd *lpd);
/* The member "lpd" of the configuration; NULL: there is none. After is_on false, or a door that is not
 * enabled, it listens no more and has hung up on everybody. */
int lpd_apply(struct lpd *lpd, bool is_on, const json_t *member);
/* Whether the door leads to this queue. */
bool lpd_leads_to(struct lpd *lpd, struct text queue);

/* One client, as lpd.c accepted it. */
struct lpd_connection {
        struct lpd *lpd;
        int fd;
        char address[LPD_ADDRESS];
        int64_t until_ms;  /* by the monotonic clock */
        size_t start, end; /* of what was read and not used yet */
        char octets[65536];
        struct lpd_connection *next; /* of those that are connected */
};

/* Reading and writing, relay/lpd-wire.c. All end where the connection's time is over. */
enum lpd_wire_refusal {
        LPD_WIRE_ENDED = 1, /* it sends no more */
        LPD_WIRE_BROKEN,    /* reset, silent for too long, or at the end of its time */
        LPD_WIRE_TOO_LONG,  /* a line */
};
/* Without its line feed; borrowed until the next call. */
int lpd_read_line(struct lpd_connection *connection, struct text *ret);
/* Some octets, at least one and at most max; borrowed likewise. */
int lpd_read_some(struct lpd_connection *connection, size_t max, struct text *ret);
int lpd_write(struct lpd_connection *connection, struct text octets);
int lpd_write_octet(struct lpd_connection *connection, uint8_t octet);

/* What it asks for, until it hangs up: relay/lpd-command.c. */
void lpd_serve(struct lpd_connection *connection);
/* "Receive a printer job": relay/lpd-job.c. */
void lpd_receive(struct lpd_connection *connection, struct text queue);
