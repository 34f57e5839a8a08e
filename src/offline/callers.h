// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Callers: who has come to a door of this agent's, as the service said while it could be asked. What proves
 * who somebody is, only the service can judge; who comes with the very same while the line is down is the
 * same.
 *
 *   1. Kept are keyed hashes of what somebody came with, and ids. The key and they lie in memory, and in the
 *      runtime folder where that is a tmpfs (offline/runtime.h): they outlive a kill, and no power cut or
 * theft.
 *   2. What the service did not accept any more is forgotten at once, and everybody after a time of not
 * coming.
 *   3. Bounded: who has not come for longest gives way.
 *
 * Safe from every thread; NULL knows nobody.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"
#include "crypt/hash.h"

#define CALLERS_MAX      2048
#define CALLERS_DOUBT_MS 600000

struct callers;

/* runtime is borrowed for good; keep_ms: for so long. Reads what is there. */
int callers_new(const char *runtime, int64_t keep_ms, struct callers **ret);

/* What somebody comes with, as a mark. */
void callers_mark(const struct callers *callers, struct text what, uint8_t ret[HASH_OCTETS]);
/* The service has said whose it is; zero: nobody's (any more). */
void callers_note(struct callers *callers, const uint8_t mark[HASH_OCTETS], struct id person);
bool callers_find(struct callers *callers, const uint8_t mark[HASH_OCTETS], struct id *ret);

/* What he sent was not answered, so that the service may have it: what he sends again may be the same. In
 * memory alone, and for CALLERS_DOUBT_MS. */
void callers_note_doubt(struct callers *callers, const uint8_t mark[HASH_OCTETS]);
bool callers_has_doubt(struct callers *callers, const uint8_t mark[HASH_OCTETS]);
