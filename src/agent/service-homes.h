// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What an agent and the service say to each other about homes and people (agent/offline.h). Refusals of
 * outpost/service.h. */

#include <jansson.h>

#include "base/buffer.h"
#include "base/id.h"
#include "crypt/box.h"
#include "outpost/service.h"

#define HOME_PRINTERS_MAX 16

/* What is to be taken and what is asked back; the caller drops *ret. */
int service_homes(struct service *service, uint64_t incarnation, json_t **ret);

struct service_home {
        struct id job;
        uint64_t giving; /* in: as it was listed; out: the one it is ours by */
        struct id person;
        int64_t created_ms;
        int64_t expires_ms;
        uint64_t sealed_octets;
        uint8_t box[BOX_SEALED_OCTETS];
        struct buffer offers; /* JSON, as offers_parse() takes it */
};
void service_home_done(struct service_home *home);

int service_home_take(struct service *service, uint64_t incarnation, uint64_t nonce,
                      struct service_home *home);
/* The sealed octets, to give(); not 0 of it stops. */
int service_home_fetch(struct service *service, struct id job, uint64_t giving,
                       int (*give)(void *context, struct text octets), void *context);
int service_home_back(struct service *service, struct id job, uint64_t giving, uint64_t incarnation,
                      bool is_lost);

struct home_entry;
int service_home_released(struct service *service, const struct home_entry *entry, uint64_t incarnation);

/* Adds the answer to *to, which the caller wipes; nothing where revision (NULL: none) is still it. */
int service_snapshot(struct service *service, const char *revision, struct buffer *to);
