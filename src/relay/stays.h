// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Documents that stay here: the queues whose documents the service is not to have (core/job/stay.h), and
 * where those lie. They are deposits of their own folder, sealed as all of them (offline/deposit.h), and
 * their drain hands on what is told of them and nothing else.
 *
 *      settled -> the service knows of it -> stays -> the service says that it is over -> removed
 *
 * What is told beside a deposit's order is the same for every document, whether it stays or not, so that one
 * that was to go can stay instead.
 *
 * Safe from every thread.
 */

#include <jansson.h>
#include <stdbool.h>

#include "conversion/sniffing.h"
#include "crypt/hash.h"
#include "offline/deposit.h"
#include "relay/drain.h"

struct stays {
        struct deposits *deposits;
        struct drain *drain;

        /* Its own. */
        pthread_mutex_t lock;
        char (*names)[64];
        size_t count;
        uint8_t secret[HASH_OCTETS]; /* of this start: nobody else can tell contents by what is told of them
                                      */
};

/* The first two are the caller's. */
void stays_init(struct stays *stays);
/* From the configuration: an array of names. False where it is none; then all is as before. */
bool stays_set_queues(struct stays *stays, const json_t *names);
bool stays_has(struct stays *stays, const char *queue);

/* What is told of a document: of how many octets, what it is, and contents, which is their SHA-256. */
#define STAYS_FORMAT 128
struct stays_document {
        uint64_t size;
        char format[STAYS_FORMAT];
        uint8_t contents[HASH_OCTETS]; /* keyed */
};
/* declared: as its client called it, or empty. False where it is nothing that we know. */
bool stays_describe(struct stays *stays, struct sniffing *sniffing, struct text declared, uint64_t size,
                    const uint8_t contents[HASH_OCTETS], struct stays_document *ret);
/* NULL: no memory. */
json_t *stays_document_json(const struct stays_document *document);
