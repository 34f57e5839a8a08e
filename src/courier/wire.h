// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Wire: one connection to a printer, with or without TLS, and what is known about the octets on it.
 *
 *   1. No call but wire_open() and wire_wait() waits, and those no longer than they are told.
 *   2. wire_octets_acked() is the kernel's count of octets that the other end's kernel has acknowledged. None
 *      of them proves that a printer has read them; but an octet beyond them that the other end then refused
 *      with a reset or a close was never there.
 *   3. TLS to a printer hides the document from listeners; printers sign their own certificates, so who is
 *      there is told by the fingerprint of the key, which the caller compares.
 *
 * A wire is used by one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "courier/address.h"

#define WIRE_FINGERPRINT_OCTETS 32

struct wire;

enum wire_refusal {
        WIRE_NO_ADDRESS = 1, /* the name has none */
        WIRE_REFUSED,        /* connection refused, or no route */
        WIRE_TIMEOUT,        /* the deadline came first */
        WIRE_NO_TLS,         /* the handshake failed */
        WIRE_CLOSED,         /* the other end has closed in order */
        WIRE_BROKEN,         /* reset, or an error of the connection */
};

/* Connects, and shakes hands where the scheme says so, until clock_monotonic_ms() is deadline_ms. */
int wire_open(const struct courier_address *address, int64_t deadline_ms, struct wire **ret);
/* Closes; what was written and not yet sent goes on being sent by the kernel. */
void wire_close(struct wire *wire);
void wire_closep(struct wire **wire);
/* Closes with a reset, so that the printer knows that what it has is not whole. */
void wire_abort(struct wire *wire);

/* Writes what the kernel takes now: *ret_written may be 0. WIRE_BROKEN, WIRE_CLOSED. */
int wire_write(struct wire *wire, const void *octets, size_t len, size_t *ret_written);
/* Reads what is there now: *ret_read may be 0. WIRE_CLOSED, WIRE_BROKEN. */
int wire_read(struct wire *wire, void *ret, size_t size, size_t *ret_read);
enum wire_event {
        WIRE_READABLE = 1,
        WIRE_WRITABLE = 2,
};
/* Waits until one of the events asked for, or an end of the connection; 0, or WIRE_TIMEOUT. */
int wire_wait(struct wire *wire, int events, int64_t timeout_ms);
/* Nothing more will be written; the other end sees the end. */
void wire_finish(struct wire *wire);

/* Octets of the connection, TLS and all, that we have given to the kernel, and that were acknowledged. */
uint64_t wire_octets_written(const struct wire *wire);
uint64_t wire_octets_acked(const struct wire *wire);

/* SHA-256 of the public key (SubjectPublicKeyInfo) the printer has proved; false without TLS. */
bool wire_fingerprint(const struct wire *wire, uint8_t ret[WIRE_FINGERPRINT_OCTETS]);
