// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Deposits: what is submitted to an agent that cannot hand it on now, kept in its state folder.
 *
 *      deposit_open -> deposit_write … -> deposit_commit       or deposit_abort
 *
 *   1. No octet of a document or of what is told of it reaches the disk but sealed, under a key of this one
 *      deposit's own. That key is forgotten with the commit. It lies in the tenant's box, which only the
 *      keeper opens, and where the person is known in his own; the agent itself can read nothing of it.
 *   2. When deposit_commit() has returned 0 it survives any loss of power, and only then may a door say yes.
 *   3. A crash at any moment leaves it whole or not at all: it is written under a name that the next
 *      deposits_open() removes, and gets its own with its last step.
 *   4. It goes to the service once: its id is the key of the submission, it is taken (deposit_take) by one
 *      at a time, and removed only after the service's yes.
 *   5. It goes one of two ways: to the service, which then says where it is printed, or to paper by a badge
 *      that is held here (deposit_release), which is written down before the first octet. What the service
 *      may have heard of (deposit_ask) is not released here, until it has said that it does not have it.
 *
 * The public keys come with the agent's configuration. The key of the tenant's box is made and held by the
 * keeper (keys_deposit_make()); without one nothing is kept.
 *
 * Safe from every thread; a deposit or reader belongs to one at a time.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/id.h"
#include "base/text.h"
#include "offline/deposit-form.h"

struct deposits;
struct deposit;
struct deposit_reader;

enum deposit_refusal {
        DEPOSIT_FULL = 1,  /* as many or as much as the settings allow, or the disk has no room */
        DEPOSIT_NO_KEY,    /* the key of the tenant's box is not known yet */
        DEPOSIT_NOT_FOUND, /* removed meanwhile */
        DEPOSIT_TAKEN,     /* somebody else is at it, or the service may have it */
        DEPOSIT_TOO_LARGE, /* the metadata; or the document is beyond what the settings allow for one */
        DEPOSIT_DAMAGED,   /* what lies there is not what was written */
};

struct deposits_settings {
        const char *folder;      /* of the state folder; NULL: "deposits" */
        uint64_t octets_max;     /* of all of them together, sealed */
        uint32_t count_max;      /* at most DEPOSITS_MAX */
        uint64_t one_octets_max; /* of one document */
        uint64_t reserve_octets; /* free space that is left to others */
};

#define DEPOSITS_MAX 65536

/* Finds what is there in the folder "deposits" of the state folder, removes what is no whole deposit, and
 * sets aside (".damaged") what has changed. */
int deposits_open(int state_directory, const struct deposits_settings *settings, struct deposits **ret);
void deposits_close(struct deposits *deposits);
void deposits_closep(struct deposits **deposits);

/* Of the settings. */
uint64_t deposits_one_octets_max(const struct deposits *deposits);

/* The public key of the tenant's box from now on; NULL: none is known. */
void deposits_set_key(struct deposits *deposits, const uint8_t key[BOX_KEY_OCTETS]);
bool deposits_has_key(struct deposits *deposits);

/* Whose box is known here: asked for each deposit whose owner is. Once, before the first; context is
 * borrowed. */
typedef bool deposits_find_key(void *context, struct id person, uint8_t ret[BOX_KEY_OCTETS]);
void deposits_set_people(struct deposits *deposits, deposits_find_key *find, void *context);

/* Begins one. DEPOSIT_FULL, DEPOSIT_NO_KEY. */
int deposit_open(struct deposits *deposits, enum deposit_door door, struct deposit **ret);
struct id deposit_id(const struct deposit *deposit);
/* DEPOSIT_FULL, DEPOSIT_TOO_LARGE: it can then only be aborted. */
int deposit_write(struct deposit *deposit, struct text octets);

/* What is known at the end. */
struct deposit_order {
        struct text metadata;      /* JSON, for the service; at most DEPOSIT_METADATA_MAX octets */
        struct id person;          /* zero: not known here */
        const uint8_t *person_key; /* BOX_KEY_OCTETS: his offline public key; NULL: deposits_set_people() */
        const uint8_t *owner;      /* HASH_OCTETS of deposit_header; NULL: zeros */
        const uint8_t *mark;       /* likewise */
        uint32_t number;
};
/*
 * Closes it in any case; on 0 it is on the disk, in the list, and as durable as is asked for: one that is to
 * be handed on at once need not be before somebody says yes (deposit_settle()). DEPOSIT_FULL,
 * DEPOSIT_TOO_LARGE, DEPOSIT_NO_KEY (a key that is none).
 */
int deposit_commit(struct deposit *deposit, const struct deposit_order *order, struct id *ret);
void deposit_abort(struct deposit *deposit);
void deposit_abortp(struct deposit **deposit);

/*
 * The two halves of deposit_commit(): finished, it lies there whole, taken by whoever calls, and a crash
 * forgets it; settled, it survives. In between stands the attempt to hand it on while the line is up.
 */
int deposit_finish(struct deposit *deposit, const struct deposit_order *order, struct id *ret);
/* DEPOSIT_NOT_FOUND. It stays taken. */
int deposit_settle(struct deposits *deposits, struct id id);
/*
 * The service has been told of it, and its octets stay here until it says that they are to go
 * (relay/stays.h): as durable as deposit_settle(), and no longer among those that wait to be handed on.
 * deposit_unstay() is the way back. For whoever has taken it. DEPOSIT_NOT_FOUND.
 */
int deposit_stay(struct deposits *deposits, struct id id);
int deposit_unstay(struct deposits *deposits, struct id id);
/* A settled one into the other's folder, whether or not there is room for it. For whoever has taken it; it is
 * taken there, too. DEPOSIT_NOT_FOUND. */
int deposit_move(struct deposits *from, struct deposits *to, struct id id);
/* Plain octets written so far. */
uint64_t deposit_octets(const struct deposit *deposit);

/* A release of one, by a badge that was held here while the line was down. */
struct deposit_released {
        struct id delivery;
        struct id release;
        struct id printer;
        int64_t at_ms;
        uint64_t incarnation; /* of the journal that says how far it came */
};

/* What is kept of one, without reading it. */
struct deposit_entry {
        struct deposit_header header;
        bool is_taken;
        bool is_settled;
        bool is_refused; /* by the service, for now: deposit_note_refused() */
        bool is_shelved; /* likewise, and it is not asked again by itself */
        bool is_asked;   /* the service may have it: deposit_ask() */
        bool is_released;
        struct deposit_released released; /* of one that is */
        bool is_staying;                  /* deposit_stay() */
};

/* The oldest first: at most max, *ret_count of them. Taken and unsettled ones too. */
void deposits_list(struct deposits *deposits, struct deposit_entry *ret, size_t max, size_t *ret_count);
/* All of them, and their octets on the disk. */
void deposits_count(struct deposits *deposits, size_t *ret_count, uint64_t *ret_octets);
/* DEPOSIT_NOT_FOUND. */
int deposit_find(struct deposits *deposits, struct id id, struct deposit_entry *ret);
/* The oldest of those after this one that nobody has taken, that are settled and do not stay:
 * DEPOSIT_NOT_FOUND. */
int deposit_find_after(struct deposits *deposits, struct id after, struct deposit_entry *ret);
/* The newest with this mark: DEPOSIT_NOT_FOUND. */
int deposit_find_by_mark(struct deposits *deposits, const uint8_t mark[HASH_OCTETS],
                         struct deposit_entry *ret);

/* Nobody else takes or removes it until it is given back. DEPOSIT_NOT_FOUND, DEPOSIT_TAKEN. */
int deposit_take(struct deposits *deposits, struct id id);
void deposit_give(struct deposits *deposits, struct id id);
/*
 * The service is about to be asked to take it, by whoever has taken it; from then on it may have it. Durable
 * where the deposit is. false: it has said that it does not, or nothing of the question left us.
 * DEPOSIT_NOT_FOUND.
 */
int deposit_ask(struct deposits *deposits, struct id id, bool may_have_it);

/*
 * Taken for good by a release, which is on the disk when this returns 0: it goes to paper, and to the service
 * as what was released. DEPOSIT_NOT_FOUND; DEPOSIT_TAKEN: it goes the other way; DEPOSIT_FULL: the disk has
 * no room.
 */
int deposit_release(struct deposits *deposits, struct id id, const struct deposit_released *released);
/* By its delivery. DEPOSIT_NOT_FOUND. */
int deposit_find_released(struct deposits *deposits, struct id delivery, struct deposit_entry *ret);

/* In memory only: the service would not have it, and is asked again later; shelved: only when somebody has
 * decided something there. It is taken by the caller. */
void deposit_note_refused(struct deposits *deposits, struct id id, bool is_shelved);
/* For good, durably, by whoever has taken it. DEPOSIT_NOT_FOUND. */
int deposit_remove(struct deposits *deposits, struct id id);

/* For whoever has taken it. DEPOSIT_NOT_FOUND, DEPOSIT_DAMAGED. */
int deposit_open_reader(struct deposits *deposits, struct id id, struct deposit_reader **ret);
void deposit_close_reader(struct deposit_reader *reader);
void deposit_close_readerp(struct deposit_reader **reader);
const struct deposit_header *deposit_reader_header(const struct deposit_reader *reader);
/* How long it is on its way to the service: header, metadata, document. */
uint64_t deposit_reader_octets(const struct deposit_reader *reader);
/* Up to size octets of that, from the given offset; *ret_length is 0 only at its end. */
int deposit_read(struct deposit_reader *reader, uint64_t offset, void *to, size_t size, size_t *ret_length);
/* The sealed document alone, likewise. */
int deposit_read_document(struct deposit_reader *reader, uint64_t offset, void *to, size_t size,
                          size_t *ret_length);
/* With the document's key, which somebody took out of his box: adds the metadata to *to, which the caller
 * wipes. DEPOSIT_DAMAGED: another key, or changed octets. */
int deposit_read_metadata(struct deposit_reader *reader, const struct secret *key, struct buffer *to);
/* The file itself, for a carrier: the sealed document begins at *ret_offset. DEPOSIT_NOT_FOUND. */
int deposit_open_document(struct deposits *deposits, struct id id, int *ret_fd, uint64_t *ret_offset,
                          uint64_t *ret_octets);
