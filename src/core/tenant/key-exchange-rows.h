// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The kinds of rows that something under a tenant's key is in. Each is one entry; the order is that of a
 * round. */

#include <stddef.h>

#include "base/buffer.h"
#include "db/db.h"
#include "keys/keys.h"

enum carried_form {
        CARRIED_MARK,     /* keys_recode(); version beside it */
        CARRIED_VERIFIER, /* core/mark.h; the version stands in front of it */
        CARRIED_FIELD,    /* tenant_seal(); likewise */
        CARRIED_DOCUMENT, /* the wrapped key of a document; version beside it */
        CARRIED_BOX,      /* what a box is made of; likewise */
};

/*
 * find: ?2 the key after which to go on, ?3 what is less than the new version (a number, or the four octets
 * of tenant_seal_prefix(), or a pattern of verifiers), ?4 how many. Columns: key, second key or NULL, value,
 * for documents the day. update: ?2 key, [?3 second key,] value, new value[, new version][, new day].
 */
struct carried {
        const char *name;
        enum carried_form form;
        enum keys_mark_kind kind;
        enum db_kind second; /* DB_NULL: none */
        const char *count, *find, *update;
        const char *drop; /* ?2 key, ?3 value: one of which there is the same under the new version already */
        /* What a field is bound to. */
        void (*bind)(struct id tenant, struct text key, struct text second, struct buffer *to);
};

extern const struct carried carried[];
extern const size_t carried_count;
