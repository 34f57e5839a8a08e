// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The domains that a domain controller knows of: the crossRef objects of its forest ([MS-ADTS], section
 * 6.1.1.2.1.1), and the trustedDomain objects of its own domain (section 6.1.6.7) whose people it lets in.
 * Nobody else is asked, and no referral is followed.
 */

#include "base/arena.h"
#include "directory/domain.h"
#include "directory/link.h"

/* In the arena; none of a server that is no Active Directory. A directory_outcome, or a fault. */
int forest_read(struct link *link, struct arena *arena, struct directory_domain **ret, size_t *ret_count);
