// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A document on its way: its sealed octets, fetched before it is armed, and, once there is a key, its octets
 * in clear, piece by piece, never on a disk. Sealed octets wait in memory, or, where there are many, in a
 * file without a name in the state folder.
 *
 * Used by one thread at a time.
 */

#include "agent/offer.h"
#include "agent/service.h"
#include "base/secret.h"
#include "courier/delivery.h"

struct document;

enum document_refusal {
        DOCUMENT_STALE = 1,   /* the service has gone on without us */
        DOCUMENT_UNREACHABLE, /* not whole in time */
        DOCUMENT_NO_ROOM,     /* the disk is full */
        DOCUMENT_DAMAGED,     /* what was sealed is not what came */
};

/* Fetches all of it, taking up a connection that breaks where it ended, until clock_boot_ms() is deadline_ms.
 */
int document_fetch(struct service *service, int directory, uint64_t memory_octets, const struct offer *offer,
                   int64_t deadline_ms, struct document **ret);
/* One that lies in a file of ours, from offset on; takes the descriptor over in any case. */
int document_from_file(int fd, uint64_t offset, const struct offer *offer, struct document **ret);
void document_free(struct document *document);
void document_freep(struct document **document);

/*
 * Opens the seal. What is in memory is authenticated to its end at once (DOCUMENT_DAMAGED), so that no octet
 * of a damaged document reaches a printer; what is in a file, piece by piece.
 */
int document_open(struct document *document, const struct secret *key, const struct offer *offer);

/* The octets in clear; borrowed from the document, which must be open. */
struct courier_source document_source(struct document *document);
