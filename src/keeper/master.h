// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The master key: 32 octets in a file that only its owner may read. Whoever has it and the database and the
 * keeper's state can read every document, so it is made once, never overwritten, and never leaves the keeper.
 */

#include <sys/types.h>

#include "base/secret.h"

enum master_refusal {
        MASTER_NOT_FOUND = 1,
        MASTER_EXISTS,
        MASTER_NOT_PRIVATE, /* somebody else may read or change it */
        MASTER_DAMAGED,     /* not 32 octets */
};

/* A new one, durable on return. The folder must exist. MASTER_EXISTS. */
int master_make(const char *path);
/*
 * A new one in the place of the one at path, which stays beside it with ".old" behind its name until
 * master_forget_old(): what it wraps must still be opened. Durable on return, and at every moment path is one
 * of the two. MASTER_EXISTS: there is an old one already, of a rotation that is not over. The refusals of
 * master_read(). The caller wipes *ret.
 */
int master_rotate(const char *path, uid_t user, struct secret *ret);
/* MASTER_NOT_FOUND where there is none. */
int master_read_old(const char *path, uid_t user, struct secret *ret);
/* Overwrites and unlinks it. MASTER_NOT_FOUND. */
int master_forget_old(const char *path);

/* The file must belong to us, to the user we are about to become, or to root, and be readable for its owner
 * alone. The caller wipes *ret. */
int master_read(const char *path, uid_t user, struct secret *ret);
