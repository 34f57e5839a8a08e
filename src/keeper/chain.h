// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The chain of keys: master, tenant, day, document. This file alone knows what each link is bound to.
 *
 *   1. A tenant key is bound to tenant and version; a day key to tenant, version and day; a document key to
 *      tenant, version, day, job and artefact.
 *   2. A day key is durable before chain_document_make() returns a key under it.
 *   3. No version that was retired is opened again, and nothing under it.
 *   4. No key is made for a day that is over; no key of a day that was destroyed is found again, neither in
 *      memory nor on disk.
 *
 * Refusals are those of enum keys_refusal. Used by one thread.
 */

#include <stdint.h>

#include "base/secret.h"
#include "base/text.h"
#include "crypt/hash.h"
#include "crypt/wrap.h"
#include "keys/keys.h"

struct chain;

struct chain_options {
        const char *state;  /* the directory of day keys */
        size_t held_max;    /* open keys in memory */
        int64_t days_ahead; /* for which keys are made */
};

/* Copies the master key. */
int chain_open(const struct secret *master, const struct chain_options *options, struct chain **ret);
/* Wipes everything. */
void chain_close(struct chain *chain);
void chain_closep(struct chain **chain);

/*
 * Master keys: new tenant keys are wrapped by the newest, and opened by whichever they were wrapped by. There
 * are MASTERS_MAX at most, while a rotation is under way: KEYS_LIMITED. The same one again is done.
 */
#define MASTERS_MAX 2
int chain_master_add(struct chain *chain, const struct secret *master);
/* Wipes all but the newest, and what is held open. */
void chain_master_forget(struct chain *chain);
/* Which one the newest is: an HMAC under it. */
uint64_t chain_master_number(const struct chain *chain);

int chain_tenant_make(struct chain *chain, struct id tenant, uint32_t version, struct wrapped_key *ret);
/* KEYS_WRONG. */
int chain_tenant_rewrap(struct chain *chain, const struct keys_tenant *tenant, struct wrapped_key *ret);
/* Every version before this one ends: its day keys now, and it is KEYS_DESTROYED from then on. */
int chain_tenant_retire(struct chain *chain, struct id tenant, uint32_t first);
/* All its versions, and day keys of every day. */
int chain_tenant_destroy(struct chain *chain, struct id tenant);
/* today is clock_day() of now. */
int chain_document_make(struct chain *chain, const struct keys_tenant *tenant,
                        const struct keys_document *document, int64_t today, struct secret *ret_key,
                        struct wrapped_key *ret_wrapped);
int chain_document_open(struct chain *chain, const struct keys_tenant *tenant,
                        const struct keys_document *document, const struct wrapped_key *wrapped,
                        struct secret *ret_key);
int chain_document_move(struct chain *chain, const struct keys_tenant *tenant,
                        const struct keys_document *document, const struct wrapped_key *wrapped,
                        const struct keys_tenant *to, int64_t day, int64_t today, struct wrapped_key *ret);

/* Permutes under a key derived from the tenant key; label says for what, and keeps the uses apart. */
int chain_mark(struct chain *chain, const struct keys_tenant *tenant, const char *label,
               const uint8_t octets[HASH_OCTETS], uint8_t ret[HASH_OCTETS]);
/* From one version to another; what is between is told to nobody. */
int chain_recode(struct chain *chain, const struct keys_tenant *from, const struct keys_tenant *to,
                 const char *label, const uint8_t mark[HASH_OCTETS], uint8_t ret[HASH_OCTETS]);
/* Back from a mark to what it is of, which goes no further than the keeper. */
int chain_unmark(struct chain *chain, const struct keys_tenant *tenant, const char *label,
                 const uint8_t mark[HASH_OCTETS], uint8_t ret[HASH_OCTETS]);
#define CHAIN_CARD "imprimatur card mark"
/* A key derived from the tenant key. */
int chain_derived(struct chain *chain, const struct keys_tenant *tenant, const char *label,
                  struct secret *ret);

/* The key that signs the tenant's next checkpoint, bound to tenant and sequence (keeper/trail.h). The
 * tenant's row must be the right one: KEYS_WRONG. */
int chain_trail_wrap(struct chain *chain, const struct keys_tenant *tenant, uint64_t sequence,
                     const struct secret *key, struct wrapped_key *ret);
int chain_trail_open(struct chain *chain, const struct keys_tenant *tenant, uint64_t sequence,
                     const struct wrapped_key *wrapped, struct secret *ret);
/* Wraps it by the newest master key. KEYS_WRONG. */
int chain_trail_rewrap(struct chain *chain, struct id tenant, uint64_t sequence,
                       const struct wrapped_key *wrapped, struct wrapped_key *ret);

int chain_day_destroy(struct chain *chain, struct id tenant, int64_t day);
int chain_days_destroy_before(struct chain *chain, int64_t day, uint64_t *ret_count);
