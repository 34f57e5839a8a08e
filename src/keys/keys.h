// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Keys, as the service sees them: a client of the keeper.
 *
 *      master key           only in the keeper
 *        tenant key         per tenant and version; wrapped in the service's database, unwrapped in the
 * keeper day key          per tenant, version and day of expiry; only in the keeper's state directory
 *            document key   per artefact of a job; wrapped in the database beside the job
 *
 * Three things are always true:
 *
 *   1. A document key is bound to its tenant, job, artefact, key version and day: with any of them changed it
 *      does not open.
 *   2. A day key is on disk, with fsync, before the first document key made under it is handed out.
 *   3. After keys_day_destroy() returned 0, nothing opens the documents of that day: not the master key, not
 *      the database, not a backup of either.
 *
 * Every function may be called from every thread; a call takes one connection of a small pool, is one
 * message there and one back, and ends within timeout_ms: fault -ETIMEDOUT, or -ECONNREFUSED and the like
 * where no keeper answers. A lost connection is made again by the next call. Faults of the keeper itself
 * arrive as -EREMOTEIO.
 */

#include <stdint.h>
#include <sys/types.h>

#include "base/id.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypt/box.h"
#include "crypt/wrap.h"

#define KEYS_MAC_OCTETS 32
#define KEYS_PEPPER_MAX 1024
#define KEYS_CARD_MAX   64
/* A signed checkpoint of a tenant's audit trail (audit/checkpoint.h). */
#define KEYS_CHECKPOINT_OCTETS 240

enum keys_refusal {
        KEYS_DESTROYED = 1, /* the day key, or that version, is gone: it can never be read again */
        KEYS_WRONG,         /* what was given does not belong together, or was changed */
        KEYS_LIMITED,       /* more unwraps than this tenant may ask for; later again */
        KEYS_PAST,          /* a key was asked for a day that is already over, or lies years ahead */
};

/* One row a tenant and version in the service's database. */
struct keys_tenant {
        struct id tenant;
        uint32_t version; /* from 1 */
        struct wrapped_key wrapped;
};

/* The artefacts of a job are numbered: what was sent, and from KEYS_DERIVED what was made of it. */
#define KEYS_ORIGINAL     1
#define KEYS_DERIVED      2
#define KEYS_ARTEFACT_MAX 65535

/* What a document key belongs to. */
struct keys_document {
        struct id job;
        uint32_t artefact;
        int64_t expiry_day; /* clock_day() of the moment at which the document may be gone */
};

enum keys_purpose {
        KEYS_FOR_ARM = 1, /* an agent is about to print it */
        KEYS_FOR_RENDER,
        KEYS_FOR_PREVIEW,
};

/* What a mark is made of; the kinds have a key each. */
enum keys_mark_kind {
        KEYS_PASSWORD = 1,
        KEYS_PIN,
        KEYS_CARD,
};

struct keys_options {
        const char *path;        /* of the keeper's socket */
        uid_t uid;               /* whom it must belong to */
        unsigned int pool;       /* connections, 1 to 64; 0 means 8 */
        unsigned int timeout_ms; /* 0 means 5000 */
};

struct keys;

/* Connects once, so that a wrong path or owner (-EPERM) shows at start. */
int keys_open(const struct keys_options *options, struct keys **ret);
void keys_close(struct keys *keys);
void keys_closep(struct keys **keys);

/* 0 where the keeper answers. */
int keys_ping(struct keys *keys);

/* A new tenant key; the caller stores it. version is 1 for a new tenant, one more than the last at a
 * rotation. *ret_master is the number of the master key that it is wrapped by. */
int keys_tenant_make(struct keys *keys, struct id tenant, uint32_t version, struct keys_tenant *ret,
                     uint64_t *ret_master);
/* The number of the newest master key; it tells nothing of the key itself. */
int keys_master(struct keys *keys, uint64_t *ret);
/* Wraps the same tenant key by the newest master key. KEYS_WRONG. */
int keys_tenant_rewrap(struct keys *keys, const struct keys_tenant *tenant, struct wrapped_key *ret);
/*
 * Ends every version before this one, for good: its day keys are destroyed, and what is asked for with a row
 * of it, be it out of a backup, is KEYS_DESTROYED. Again is done, too.
 */
int keys_tenant_retire(struct keys *keys, struct id tenant, uint32_t first);
/* Ends all its versions, and destroys every day key of a tenant: from then on none of its documents can be
 * read. Nothing to destroy is done, too. */
int keys_tenant_destroy(struct keys *keys, struct id tenant);

/* A new document key: *ret_key to seal with (the caller wipes it), *ret_wrapped to store. KEYS_WRONG,
 * KEYS_PAST. */
int keys_document_make(struct keys *keys, const struct keys_tenant *tenant,
                       const struct keys_document *document, struct secret *ret_key,
                       struct wrapped_key *ret_wrapped);
/* Opens it again; the keeper writes down who asked for which and why. KEYS_DESTROYED, KEYS_WRONG,
 * KEYS_LIMITED. */
int keys_document_open(struct keys *keys, const struct keys_tenant *tenant,
                       const struct keys_document *document, const struct wrapped_key *wrapped,
                       enum keys_purpose purpose, struct secret *ret_key);
/* Wraps the same key for another day, where a document is to be kept longer, or under another version of the
 * tenant's key, or both. Refusals as both above. */
int keys_document_move(struct keys *keys, const struct keys_tenant *tenant,
                       const struct keys_document *document, const struct wrapped_key *wrapped,
                       const struct keys_tenant *to, int64_t expiry_day, struct wrapped_key *ret_wrapped);

/* Destroys a tenant's day key, of every version; nothing to destroy is done, too. */
int keys_day_destroy(struct keys *keys, struct id tenant, int64_t day);

/*
 * Marks: what is stored in place of a number or the slow hash of a password, to find or to compare it by. A
 * mark is the SHA-256 of what it is of, or that hash itself, permuted (crypt/permute.h) under a key that
 * never leaves the keeper; so the keeper can carry it from one version to the next, and nobody else learns
 * anything.
 */
/* Of a card number; at most KEYS_CARD_MAX octets, else -EMSGSIZE. KEYS_WRONG. */
int keys_card_mac(struct keys *keys, const struct keys_tenant *tenant, struct text number,
                  uint8_t ret[KEYS_MAC_OCTETS]);
/* Of the slow hash of a password or PIN. KEYS_WRONG. */
int keys_pepper(struct keys *keys, const struct keys_tenant *tenant, enum keys_mark_kind kind,
                const uint8_t hash[KEYS_MAC_OCTETS], uint8_t ret[KEYS_MAC_OCTETS]);
/* The mark of the same under another version. KEYS_WRONG. */
int keys_recode(struct keys *keys, const struct keys_tenant *from, const struct keys_tenant *to,
                enum keys_mark_kind kind, const uint8_t mark[KEYS_MAC_OCTETS], uint8_t ret[KEYS_MAC_OCTETS]);
/*
 * For the keeper's owner (its own user, or root): tells a running keeper of a new master key, and that the
 * earlier ones are to be forgotten. KEYS_WRONG: somebody else asks.
 */
int keys_master_add(struct keys *keys, const struct secret *master);
int keys_master_forget(struct keys *keys);

/* The tenant's key for small fields (crypt/field.h); the caller may keep it and wipes it. KEYS_WRONG,
 * KEYS_DESTROYED. */
int keys_field_key(struct keys *keys, const struct keys_tenant *tenant, struct secret *ret);

/*
 * A box of the tenant's (crypt/box.h): whoever has its public key puts the key of something into it, and only
 * the keeper takes it out again. The caller stores the seed, wrapped under the tenant's key, beside the
 * public key.
 */
/* KEYS_WRONG, KEYS_DESTROYED. */
int keys_box_make(struct keys *keys, const struct keys_tenant *tenant, uint8_t ret_public[BOX_KEY_OCTETS],
                  struct wrapped_key *ret_wrapped);
/* Takes out what was put in; the keeper writes down of what it is the key. KEYS_WRONG, KEYS_DESTROYED,
 * KEYS_LIMITED. */
int keys_box_open(struct keys *keys, const struct keys_tenant *tenant, const struct wrapped_key *wrapped,
                  struct id subject, const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret);
/* Wraps the same seed under another version of the tenant's key. KEYS_WRONG, KEYS_DESTROYED. */
int keys_box_move(struct keys *keys, const struct keys_tenant *tenant, const struct wrapped_key *wrapped,
                  const struct keys_tenant *to, struct wrapped_key *ret_wrapped);

/*
 * Signs a checkpoint of the tenant's audit trail: its record of this number has this hash. sequence is that
 * of the last checkpoint that the caller has; where the keeper's is one further, its answer has got lost and
 * it is given again, which the caller sees by its record. KEYS_WRONG, KEYS_LIMITED.
 */
int keys_checkpoint(struct keys *keys, const struct keys_tenant *tenant, uint64_t sequence, uint64_t record,
                    const uint8_t hash[KEYS_MAC_OCTETS], uint8_t ret[KEYS_CHECKPOINT_OCTETS]);
