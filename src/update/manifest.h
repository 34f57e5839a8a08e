// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Manifests of updates: which version there is, and the files it is made of, signed with a key that is kept
 * offline.
 *
 *      imprimatur-update 1
 *      sequence: 7
 *      version: 0.2.0
 *      issued: 1795280400
 *      expires: 1803056400
 *      file: imprimatur-agent_0.2.0_amd64.deb 1048576 9f86d081…
 *      signature: 5c0e…
 *
 *   1. The signature (Ed25519, RFC 8032) is over every octet before its line, behind a prefix of its own.
 * What is not signed by a known key is not looked at any further.
 *   2. The sequence only grows. A manifest with a smaller one than was seen, or of an older version than
 * runs, is a rollback, and is refused, however well it is signed. So is one whose time is over, by which an
 * old one cannot be shown for ever.
 *   3. One line a member, in this order, once: there is one way to write a manifest, and whatever is another
 * is refused.
 *
 * A value; no I/O, no allocation, no clock.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypt/hash.h"
#include "crypt/sign.h"

#define MANIFEST_OCTETS_MAX 8192
#define MANIFEST_FILES      16
#define MANIFEST_NAME       96
#define MANIFEST_VERSION    32
#define MANIFEST_KEYS       4

enum manifest_refusal {
        MANIFEST_MALFORMED = 1,
        MANIFEST_NOT_SIGNED, /* by none of the keys, or something was changed after it was signed */
        MANIFEST_ROLLBACK,   /* an older sequence, or an older version than runs */
        MANIFEST_EXPIRED,
        MANIFEST_FROM_FUTURE, /* issued later than now: somebody's clock is wrong */
        MANIFEST_OTHER_FILE,  /* no file of that name */
        MANIFEST_WRONG_SIZE,
        MANIFEST_WRONG_HASH,
};

struct manifest_file {
        char name[MANIFEST_NAME];
        uint64_t size_octets;
        uint8_t sha256[HASH_OCTETS];
};

struct manifest {
        uint64_t sequence;
        char version[MANIFEST_VERSION];
        int64_t issued_s, expires_s;
        struct manifest_file files[MANIFEST_FILES];
        size_t file_count;
};

/* What a manifest is measured by. */
struct manifest_judge {
        uint8_t keys[MANIFEST_KEYS][SIGN_KEY_OCTETS];
        size_t key_count;
        uint64_t sequence_seen; /* the greatest */
        const char *version;    /* that runs */
        int64_t now_s;
};

/* Its form alone; *ret_signed is what the signature is over. MANIFEST_MALFORMED. */
int manifest_parse(struct text octets, struct manifest *ret, struct text *ret_signed,
                   uint8_t ret_signature[SIGN_SIGNATURE_OCTETS]);
/* All of it; *ret is written only on 0. A version that already runs is no rollback. */
int manifest_judge(struct text octets, const struct manifest_judge *judge, struct manifest *ret);
/* MANIFEST_OTHER_FILE, MANIFEST_WRONG_SIZE, MANIFEST_WRONG_HASH. */
int manifest_judge_file(const struct manifest *manifest, const char *name, uint64_t size_octets,
                        const uint8_t sha256[HASH_OCTETS]);

/* Adds the manifest, signed. MANIFEST_MALFORMED where it could not be read back. */
int manifest_format(const struct manifest *manifest, const struct secret *seed, struct buffer *to);

/* Below 0, 0 or above it, as a is older than b, as old, or newer; numbers with points between. */
int version_compare(const char *a, const char *b);
/* For people and logs: "rollback". */
const char *manifest_refusal_name(int refusal);
