// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Entries: what the directory has of somebody, from the library's message to a value. */

#include <ldap.h>

#include "directory/question.h"
#include "directory/sid.h"

#define ENTRY_ASKED_MAX 15
/* Another address of somebody, which Active Directory lets him sign in with. */
#define ENTRY_PRINCIPAL "userPrincipalName"

/* The attributes to ask for, ended by NULL; borrowed from the settings. */
void entry_attributes(const struct directory_settings *settings, const char *ret[ENTRY_ASKED_MAX]);

/*
 * False where it cannot be used: no subject. A value that is too long or not printable is left out.
 * Everything is copied into the arena; memory that is out is such an entry, too.
 */
bool entry_read(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                struct arena *arena, struct directory_entry *ret);

/* What a person's groups are found by. */
struct entry_member {
        const char *name;    /* DN */
        const char **groups; /* DN, those of the entry itself, at most DIRECTORY_GROUPS_MAX */
        size_t group_count;
        bool has_primary;
        struct sid sid;   /* his own */
        uint32_t primary; /* the last part of his primary group's */
};
/* In the arena. False where it has no usable name, or memory is out. */
bool entry_read_member(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                       struct arena *arena, struct entry_member *ret);

/* "sales" of "cn=sales,ou=groups,dc=example"; NULL where it is not beneath the group_base of the settings, or
 * is no name. */
const char *entry_group_name(const char *name, const struct directory_settings *settings,
                             struct arena *arena);
/* Whether a name (DN) lies beneath another one. */
bool entry_is_beneath(const char *name, const char *base);

void entry_values_freep(struct berval ***values);
struct text entry_text(const struct berval *value);

/* Whether a value of the attribute is the one that was asked for (ASCII letters alike in both cases). */
bool entry_has_value(LDAP *ldap, LDAPMessage *message, const char *attribute, struct text value);
