// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Entries: what the directory has of somebody, from the library's message to a value. */

#include <ldap.h>

#include "directory/question.h"

#define ENTRY_ASKED_MAX 12

/* The attributes to ask for, ended by NULL; borrowed from the settings. */
void entry_attributes(const struct directory_settings *settings, const char *ret[ENTRY_ASKED_MAX]);

/*
 * False where it cannot be used: no subject. A value that is too long or not printable is left out.
 * Everything is copied into the arena; memory that is out is such an entry, too.
 */
bool entry_read(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                struct arena *arena, struct directory_entry *ret);

/* Whether a value of the attribute is the one that was asked for (ASCII letters alike in both cases). */
bool entry_has_value(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                     enum directory_attribute attribute, struct text value);
