// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the configuration says of the IPP door: where it is, and to which queues it leads. A value. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"

#define DOOR_QUEUES  32
#define DOOR_STRINGS 24
#define DOOR_STRING  256
#define DOOR_NAME    64
#define DOOR_PATH    192
#define DOOR_HOST    254

struct door_queue {
        struct id id;
        char name[DOOR_NAME];
        char path[DOOR_PATH]; /* "/ipp/print/TENANT/QUEUE" */
        char instance[DOOR_NAME];
        bool universal;
        bool pull;
        char strings[DOOR_STRINGS][DOOR_STRING]; /* of the TXT record */
        size_t string_count;
};

struct door_plan {
        bool enabled;
        uint16_t port;
        bool plain;
        bool dns_sd;
        char host[DOOR_HOST]; /* empty: the machine's own name */
        struct door_queue queues[DOOR_QUEUES];
        size_t queue_count;
};

enum door_plan_refusal {
        DOOR_PLAN_MALFORMED = 1,
};

/* *ret is written only on 0. */
int door_plan_parse(const json_t *member, struct door_plan *ret);

/*
 * The queue that a path leads to: "/ipp/print/TENANT/QUEUE" and what follows it, "/ipp/print/QUEUE", or
 * "/ipp/print", which is the first. segments are those after "ipp", "print". NULL: none. *ret_tail: how many
 * segments belong to the queue's name.
 */
const struct door_queue *door_plan_find(const struct door_plan *plan, const struct text *segments,
                                        size_t count, size_t *ret_tail);
