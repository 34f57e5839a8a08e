// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The vault: sealed octets at rest.
 *
 * It never sees a key or a plaintext; what it is given is sealed already. A deposit is durable when
 * vault_commit() has returned 0, and not before: nothing of it needs to be repeated after a loss of power.
 * Where it lies is told as a struct vault_place, which the caller keeps in the database; octets that no
 * committed row names are garbage and are collected.
 *
 *   small deposits (up to VAULT_SMALL_OCTETS): gathered in memory, then appended with others to the current
 * segment file of their expiry day; one fdatasync makes many of them durable. A segment whose deposits are
 * all gone is used again from its start, without being truncated: overwriting costs the journal nothing.
 *
 *   large deposits: a file of their own with a random name, written early, then fdatasync and an fsync of the
 * folder.
 *
 * Safe from every thread; one deposit or reader belongs to one thread at a time.
 *
 * After a crash: the program first tells of every place the database knows (vault_keep()), then calls
 * vault_collect(), which frees everything else of earlier incarnations. What lives of this incarnation's own
 * deposits is known from their first octet to vault_delete(), without asking the database: the collector
 * never takes what may yet be acknowledged. Until vault_collect() nothing that is deleted gives its segment
 * free.
 *
 * One process at a time has a vault; a second one's vault_open() is the fault -EBUSY.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define VAULT_SMALL_OCTETS (256 * 1024)
#define VAULT_NAME_OCTETS  16

struct vault;
struct vault_deposit;
struct vault_reader;

enum vault_refusal {
        VAULT_FULL = 1,  /* the disk has less than the reserve free, or is full; nothing was kept */
        VAULT_NOT_FOUND, /* no such file: it was deleted */
};

struct vault_settings {
        const char *path;        /* its folder; made where missing, 0700 */
        uint64_t segment_octets; /* size of a segment file; 0 means 64 MiB */
        uint64_t reserve_octets; /* free space below which deposits are refused, so that deletion and release
                                    go on; 0 means 256 MiB */
};

/* Where a deposit lies; a value that fits a database row. */
struct vault_place {
        uint8_t name[VAULT_NAME_OCTETS]; /* of the file: random */
        bool is_segment;
        uint64_t offset;
        uint64_t length; /* in octets */
};

struct vault_figures {
        uint64_t deposits;
        uint64_t flushes; /* fdatasync and folder fsync calls */
        uint64_t segments;
        uint64_t free_octets;
        uint64_t unsettled; /* committed, and neither kept nor deleted yet; more than are under way is a leak
                             */
};

int vault_open(const struct vault_settings *settings, struct vault **ret);
void vault_close(struct vault *vault);
void vault_closep(struct vault **vault);

/* A place that the database names, told at start before vault_collect(). VAULT_NOT_FOUND: the vault has lost
 * it. */
int vault_keep(struct vault *vault, const struct vault_place *place);
/* Frees what earlier incarnations left without a name in the database; *ret_octets (may be NULL) tells how
 * much. */
int vault_collect(struct vault *vault, uint64_t *ret_octets);

/* Starts a deposit that may be deleted after the given day (days since 1970). VAULT_FULL. */
int vault_deposit(struct vault *vault, int64_t expiry_day, struct vault_deposit **ret);
/* The octets are copied or written; memory stays below VAULT_SMALL_OCTETS and a bit, whatever the size.
 * VAULT_FULL. After anything but 0 the deposit can only be aborted. */
int vault_write(struct vault_deposit *deposit, struct text octets);
/*
 * Makes it durable; may wait for a flush shared with others. The deposit is closed in any case; on 0 *ret is
 * its place and it is still protected from the collector until vault_kept(). A failing flush ends the
 * process.
 */
int vault_commit(struct vault_deposit *deposit, struct vault_place *ret);
/* Forgets an unfinished deposit; vault_abort(NULL) is nothing. */
void vault_abort(struct vault_deposit *deposit);
void vault_abortp(struct vault_deposit **deposit);
/* The place now stands in a committed row (or vault_delete() is called instead). */
void vault_kept(struct vault *vault, const struct vault_place *place);

/* Opens what lies there for reading, from its first octet. VAULT_NOT_FOUND. It can be read even while it is
 * deleted. */
int vault_open_reader(struct vault *vault, const struct vault_place *place, struct vault_reader **ret);
/* Up to size octets from the given offset of the deposit; *ret_length is 0 only at its end. */
int vault_read(struct vault_reader *reader, uint64_t offset, void *to, size_t size, size_t *ret_length);
void vault_close_reader(struct vault_reader *reader);
void vault_close_readerp(struct vault_reader **reader);

/* Idempotent: what is gone is gone. */
int vault_delete(struct vault *vault, const struct vault_place *place);

void vault_read_figures(struct vault *vault, struct vault_figures *ret);
