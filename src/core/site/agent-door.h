// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The doors that an agent keeps open on its site: which local ways to print it offers, where, and to which
 * queues they lead. An agent that nobody gave a door to has none open. Who sets them reaches the agent's
 * site; the agent reads its own. (How much each takes in is in the agent's own settings.)
 */

#include "base/network.h"
#include "core/job/queue.h"

#define AGENT_DOOR_QUEUES   32
#define AGENT_DOOR_NETWORKS 32
#define AGENT_DOOR_LIST     (AGENT_DOOR_NETWORKS * NETWORK_STRING)
#define AGENT_DOOR_HOST     254 /* NUL included */

enum agent_door_kind {
        AGENT_DOOR_IPP,
        AGENT_DOOR_LPD,
        AGENT_DOOR_KINDS
};

struct agent_door {
        size_t queue_count;
        struct id queues[AGENT_DOOR_QUEUES];
        uint16_t port;
        bool enabled;
        bool plain;                     /* IPP: also without TLS, at the same port */
        bool dns_sd;                    /* IPP: announced by multicast DNS */
        char host[AGENT_DOOR_HOST];     /* IPP: by which clients know it; empty: its machine's own name */
        char networks[AGENT_DOOR_LIST]; /* LPD: who may come in, with single spaces between */
        bool reserved_ports;            /* LPD: only from ports below 1024 (RFC 1179, section 3.1) */
};

struct agent_doors {
        struct agent_door door[AGENT_DOOR_KINDS];
};

/* "ipp", "lpd". */
const char *agent_door_name(enum agent_door_kind kind);
/* Closed, at the port that clients expect; LPD for addresses that are not routed on the Internet. */
struct agent_door agent_door_default(enum agent_door_kind kind);
/* A host as DNS has it, in small letters, or an address of version 4. */
bool agent_door_host_is_good(struct text host);

/* Takes the place of all its doors, and tells the agent. CORE_FORBIDDEN, CORE_NOT_FOUND (the agent, or a
 * queue), CORE_BAD_VALUE. */
int agent_doors_set(struct core *core, const struct actor *actor, struct id agent,
                    const struct agent_doors *doors);
/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
int agent_doors_find(struct core *core, const struct actor *actor, struct id agent, struct agent_doors *ret);
