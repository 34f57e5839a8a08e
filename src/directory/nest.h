// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Nested groups: those that somebody is in because a group of his is in them, and his primary group.
 *
 *      one person, Active Directory    one search with its rule for chains (LDAP_MATCHING_RULE_IN_CHAIN)
 *      everything else                 memberOf of each group, upwards, each group read once
 *
 * What the directory says is followed with limits: each group once, so that circles end; so many steps
 * upwards and so many groups as the settings allow. What lies beyond is left out, and nest_is_cut() says so.
 *
 * Belongs to one link and lives no longer; used by one thread. Functions answer a directory_outcome, or a
 * fault.
 */

#include "directory/entry.h"
#include "directory/root.h"

struct nest;

int nest_open(struct link *link, struct nest **ret);
void nest_close(struct nest *nest);
void nest_closep(struct nest **nest);

const struct root *nest_root(const struct nest *nest);

/* Writes into the entry every group of this member. is_alone: he is the only one who is asked for. */
int nest_fill(struct nest *nest, const struct entry_member *member, bool is_alone, struct arena *arena,
              struct directory_entry *entry);
bool nest_is_cut(const struct nest *nest);
