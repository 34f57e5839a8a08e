// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Snapshots: what an agent knows of people, so that it can do without the service for a while. An entry a
 * badge (keys/offline.h), which says nothing without that badge: no name, no address, no number, and whose it
 * is only to who holds it.
 *
 * Only who may release at all is in it: nobody who is switched off, no guest. His entry says which printers
 * of the site are his to use.
 */

#include "core/site/site-offline.h"
#include "keys/offline.h"

#define SNAPSHOT_ENTRIES_MAX  16384
#define SNAPSHOT_PRINTERS_MAX 256 /* as many bits as an entry has for them */

/* The rights of an entry: flags, 4 octets in network byte order; a bit for each printer of the list. */
#define SNAPSHOT_MAY_RELEASE 1

struct snapshot {
        uint8_t revision[HASH_OCTETS]; /* of what is in it: another one where anything is another */
        bool is_known;                 /* it is still that one, and there is nothing else in it */
        int64_t made_ms;
        int64_t day;
        struct site_offline offline; /* switched off: there is nothing else in it */
        struct secret day_key;
        uint8_t signing_key[SIGN_KEY_OCTETS];
        struct id printers[SNAPSHOT_PRINTERS_MAX];
        size_t printer_count;
        struct snapshot_entry {
                struct id person;
                struct keys_entry entry;
        } * entries; /* sorted by code; the caller frees them by snapshot_done() */
        size_t entry_count;
};
void snapshot_done(struct snapshot *snapshot);

/* For an agent; known: the revision that it has, or NULL; terms: what is told with it (core/job/terms.h).
 * CORE_FORBIDDEN, CORE_BUSY. */
int snapshot_make(struct core *core, const struct actor *agent, const uint8_t known[HASH_OCTETS],
                  struct text terms, struct snapshot *ret);
/* Under the octets that are told of it. CORE_BUSY. */
int snapshot_sign(struct core *core, struct id tenant, const uint8_t hash[HASH_OCTETS],
                  uint8_t ret[SIGN_SIGNATURE_OCTETS]);
