// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Day keys on disk: <state>/days/<day>/<tenant>-<version>, each a small file of its own.
 *
 * What is in them is wrapped by the tenant key, so the directory alone opens nothing; and nothing opens what
 * was made under a day key whose file has been destroyed. That is why the directory must never be in a
 * backup. A stored key is on disk, file and directories, before days_store() returns; a destroyed one is
 * overwritten, unlinked and the directory synced before days_destroy() returns.
 */

#include <stdint.h>

#include "base/id.h"
#include "crypt/wrap.h"

enum days_refusal {
        DAYS_NONE = 1,
};

struct days;

/* Makes the directories where they are missing. */
int days_open(const char *state, struct days **ret);
void days_close(struct days *days);
void days_closep(struct days **days);

/* DAYS_NONE; a file that is damaged is the fault -EBADMSG. */
int days_find(struct days *days, int64_t day, struct id tenant, uint32_t version, struct wrapped_key *ret);
int days_store(struct days *days, int64_t day, struct id tenant, uint32_t version,
               const struct wrapped_key *wrapped);

/* A tenant's keys of that day, of every version. */
int days_destroy(struct days *days, int64_t day, struct id tenant);
/* A tenant's keys of every day and version. */
int days_destroy_tenant(struct days *days, struct id tenant);
/* Its keys of every day of this one version. */
int days_destroy_version(struct days *days, struct id tenant, uint32_t version);
/* Everybody's keys of every day before this one; how many there were. */
int days_destroy_before(struct days *days, int64_t day, uint64_t *ret_count);
