// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Verifying an export, line by line, in constant memory.
 *
 *   1. Every octet of a record is in its hash, every hash in the next one's, and every stretch of the chain
 * in a signed checkpoint: what was changed, taken out, put in or put elsewhere is found at that line or the
 *      next, and where somebody made a new chain of it, at the next checkpoint.
 *   2. Every checkpoint's key was named by the checkpoint before it. The first one's is believed, unless an
 *      anchor says more.
 *   3. The first line says how far the export goes, so that a cut end is found. An older export given in
 * place of a newer one is no different from an honest old one: only an anchor tells.
 *   4. An export that begins with a base is believed where a record says that what was before it was pruned,
 *      or where the anchor leads to it.
 *
 * An anchor is a checkpoint that was seen before and kept elsewhere. A struct audit_verify is a value: it may
 * be copied, and has nothing to free.
 */

#include <stdbool.h>
#include <stdint.h>

#include "audit/line.h"

enum audit_finding {
        AUDIT_NO_LINE = 1,          /* octets that an export does not have, or a line in a wrong place */
        AUDIT_OTHER_TENANT,         /* a line of another tenant's trail */
        AUDIT_RECORD_CHANGED,       /* it, or the hash before it, is not what was written */
        AUDIT_RECORD_MISSING,       /* the numbers jump */
        AUDIT_RECORD_MISPLACED,     /* it comes again, or too late */
        AUDIT_CHECKPOINT_FORGED,    /* the signature is wrong */
        AUDIT_CHECKPOINT_KEY,       /* the key is not the one the checkpoint before it named */
        AUDIT_CHECKPOINT_MISSING,   /* the sequence jumps, or it names another one before it */
        AUDIT_CHECKPOINT_MISPLACED, /* it does not stand after its record */
        AUDIT_CHAIN_REPLACED,       /* another chain than the one that was signed */
        AUDIT_NOT_SIGNED,           /* records after the last checkpoint */
        AUDIT_CUT,                  /* it ends before it should */
        AUDIT_BEGINNING_UNKNOWN,    /* nothing says that what stood before was pruned */
        AUDIT_OLDER_THAN_ANCHOR,    /* it ends before what was seen already */
        AUDIT_NOT_THE_ANCHOR,       /* the checkpoint that was seen is another one here */
};
/* For people: "a record was changed, or …". */
const char *audit_finding_phrase(enum audit_finding finding);

struct audit_verify {
        bool has_anchor, meets_anchor;
        struct audit_checkpoint anchor;
        bool has_through;
        struct audit_checkpoint through;
        bool has_base, base_is_known;
        struct audit_checkpoint base;
        struct id tenant;
        uint64_t number; /* of the last record */
        uint8_t hash[HASH_OCTETS];
        bool has_checkpoint;
        struct audit_checkpoint checkpoint; /* the last one */
        uint8_t first_key[SIGN_KEY_OCTETS];
        uint64_t lines, records, checkpoints, findings;
};

/* anchor may be NULL. */
void audit_verify_init(struct audit_verify *verify, const struct audit_checkpoint *anchor);
/* The next line, without its line feed; what is wrong with it, or 0. */
enum audit_finding audit_verify_line(struct audit_verify *verify, struct text line);
/* What is wrong with the whole, or 0. After 0 here and at every line, verify->through is the next anchor. */
enum audit_finding audit_verify_end(struct audit_verify *verify);

/* What a record of the event "audit-pruned" says in its detail: the last record that is gone, and its hash.
 */
#define AUDIT_PRUNED       "audit-pruned"
#define AUDIT_PRUNED_WORDS 128
void audit_pruned_words(uint64_t record, const uint8_t hash[HASH_OCTETS], char ret[AUDIT_PRUNED_WORDS]);
