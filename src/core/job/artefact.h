// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Artefacts: sealed octets of a job, what was sent and what was made of it. Octets are sealed as they are
 * written and opened as they are read, in bounded memory; no plain text is ever in the vault. A writer or
 * reader belongs to one thread at a time. For core's own files.
 */

#include "core/state.h"
#include "crypt/seal.h"

/* Sealed in steps of this many plain octets, in a buffer of the writer's own. */
#define ARTEFACT_STEP_OCTETS 65536

struct artefact_writer {
        struct core *core;
        struct id tenant;
        struct document document; /* whole after artefact_finish() */
        struct seal seal;
        struct vault_deposit *deposit;
        uint8_t sealed[SEAL_ROOM(ARTEFACT_STEP_OCTETS)];
};

/*
 * Begins an artefact: writer->document has its job, artefact, expiry_day and format already, and gets its
 * key. Ends with artefact_abort() in any case. CORE_STORAGE_FULL.
 */
int artefact_begin(struct core *core, const struct tenant_entry *entry, struct id tenant,
                   struct artefact_writer *writer);
/* CORE_TOO_LARGE, CORE_STORAGE_FULL. */
int artefact_write(struct artefact_writer *writer, struct text octets);
/* On the disk, and document says where; whoever does not keep its row gives the place back (places_free()).
 * CORE_STORAGE_FULL. */
int artefact_finish(struct artefact_writer *writer);
/* Nothing remains of an artefact that was not finished; harmless after it was. */
void artefact_abort(struct artefact_writer *writer);

struct artefact_reader;

/* CORE_DESTROYED, CORE_BUSY. */
int artefact_open(struct core *core, const struct tenant_entry *entry, struct id tenant,
                  const struct document *document, enum keys_purpose purpose, struct artefact_reader **ret);
/* *ret_length 0 at the end. */
int artefact_read(struct artefact_reader *reader, void *to, size_t size, size_t *ret_length);
void artefact_close(struct artefact_reader *reader);
