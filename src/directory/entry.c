// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/entry.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/scope.h"

/* What a directory says where somebody is switched off. */
#define AD_CONTROL   "userAccountControl" /* bit 1 (2): ACCOUNTDISABLE */
#define AD_EXPIRES   "accountExpires"     /* 100 ns since 1601; 0 and 2^63-1: never */
#define PPOLICY_LOCK "pwdAccountLockedTime"
#define NS_LOCK      "nsAccountLock"
/* Where Active Directory says which group is somebody's primary one. */
#define AD_PRIMARY     "primaryGroupID"
#define AD_SID         "objectSid"

#define AD_DISABLED    2
#define AD_EPOCH_MS    11644473600000LL
#define PPOLICY_ALWAYS "000001010000Z" /* by an administrator, for good */

void entry_attributes(const struct directory_settings *settings, const char *ret[ENTRY_ASKED_MAX])
{
        size_t count = 0;

        for (int i = 0; i < DIRECTORY_ATTRIBUTES; i++)
                if (settings->attributes[i][0])
                        ret[count++] = settings->attributes[i];
        ret[count++] = AD_CONTROL;
        ret[count++] = AD_EXPIRES;
        ret[count++] = PPOLICY_LOCK;
        ret[count++] = NS_LOCK;
        if (settings->kind == DIRECTORY_ACTIVE_DIRECTORY)
                ret[count++] = ENTRY_PRINCIPAL;
        if (settings->nested_groups) {
                ret[count++] = AD_PRIMARY;
                ret[count++] = AD_SID;
        }
        ret[count] = NULL;
}

void entry_values_freep(struct berval ***values)
{
        if (*values)
                ldap_value_free_len(*values);
}

struct text entry_text(const struct berval *value)
{
        return text_from_octets(value->bv_val, value->bv_len);
}

/* The first value that is printable and not too long, else "". */
static const char *first_value(LDAP *ldap, LDAPMessage *message, const char *attribute, size_t max,
                               struct arena *arena)
{
        SCOPED(entry_values_freep)
        struct berval **values = attribute[0] ? ldap_get_values_len(ldap, message, attribute) : NULL;

        for (size_t i = 0; values && values[i]; i++) {
                struct text text = entry_text(values[i]);

                if (text.len && text.len <= max && text_is_printable(text))
                        return arena_text(arena, text);
        }
        return "";
}

/* An objectGUID is 16 octets of any value; every other subject is text. */
static const char *read_subject(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                                struct arena *arena)
{
        const char *attribute = settings->attributes[DIRECTORY_SUBJECT];
        SCOPED(entry_values_freep) struct berval **values = NULL;
        char hex[33];

        if (strcasecmp(attribute, "objectGUID") != 0)
                return first_value(ldap, message, attribute, DIRECTORY_SUBJECT_TEXT - 1, arena);
        values = ldap_get_values_len(ldap, message, attribute);
        if (!values || !values[0] || values[0]->bv_len != 16)
                return "";
        hex_format(values[0]->bv_val, 16, hex);
        return arena_text(arena, text_from(hex));
}

bool entry_is_beneath(const char *name, const char *base)
{
        size_t name_length = strlen(name), base_length = strlen(base);

        return base_length == 0 || (name_length > base_length && name[name_length - base_length - 1] == ',' &&
                                    strcasecmp(name + name_length - base_length, base) == 0);
}

/* The name of a group is the first part of its DN: "sales" of "cn=sales,ou=groups,dc=example". */
const char *entry_group_name(const char *name, const struct directory_settings *settings, struct arena *arena)
{
        const char *ret = NULL;
        LDAPDN parts = NULL;

        if (!entry_is_beneath(name, settings->group_base) ||
            ldap_str2dn(name, &parts, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
                return NULL;
        if (parts && parts[0] && parts[0][0]) {
                struct text text = entry_text(&parts[0][0]->la_value);

                if (text.len && text.len < DIRECTORY_GROUP && text_is_printable(text))
                        ret = arena_text(arena, text);
        }
        ldap_dnfree(parts);
        return ret;
}

/* The names (DN) of the groups that the entry itself has. */
static bool read_group_names(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                             struct arena *arena, const char ***ret, size_t *ret_count)
{
        const char *attribute = settings->attributes[DIRECTORY_GROUPS];
        SCOPED(entry_values_freep)
        struct berval **values = attribute[0] ? ldap_get_values_len(ldap, message, attribute) : NULL;
        size_t count = 0;

        *ret_count = 0;
        while (values && values[count] && count < DIRECTORY_GROUPS_MAX)
                count++;
        *ret = arena_alloc(arena, (count + 1) * sizeof(**ret));
        if (!*ret)
                return false;
        for (size_t i = 0; i < count; i++) {
                struct text text = entry_text(values[i]);

                if (!text_is_printable(text) || text.len == 0 || text.len >= DIRECTORY_DN * 2)
                        continue;
                (*ret)[*ret_count] = arena_text(arena, text);
                if (!(*ret)[*ret_count])
                        return false;
                (*ret_count)++;
        }
        return true;
}

static bool read_groups(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                        struct arena *arena, struct directory_entry *ret)
{
        const char **names;
        size_t count;

        if (!read_group_names(ldap, message, settings, arena, &names, &count))
                return false;
        ret->groups = arena_alloc(arena, (count + 1) * sizeof(*ret->groups));
        if (!ret->groups)
                return false;
        for (size_t i = 0; i < count; i++) {
                ret->groups[ret->group_count] = entry_group_name(names[i], settings, arena);
                if (ret->groups[ret->group_count])
                        ret->group_count++;
        }
        return true;
}

bool entry_read_member(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                       struct arena *arena, struct entry_member *ret)
{
        SCOPED(entry_values_freep) struct berval **sids = ldap_get_values_len(ldap, message, AD_SID);
        const char *primary = first_value(ldap, message, AD_PRIMARY, 10, arena);
        char *name = ldap_get_dn(ldap, message);
        uint64_t number;

        *ret = (struct entry_member){ 0 };
        if (name && strlen(name) < DIRECTORY_DN * 2 && name[0])
                ret->name = arena_text(arena, text_from(name));
        ldap_memfree(name);
        if (primary && text_number(text_from(primary), UINT32_MAX, &number) && sids && sids[0] &&
            sid_parse(entry_text(sids[0]), &ret->sid)) {
                ret->has_primary = true;
                ret->primary = (uint32_t)number;
        }
        return ret->name && primary &&
               read_group_names(ldap, message, settings, arena, &ret->groups, &ret->group_count);
}

static bool is_expired(const char *expires)
{
        uint64_t number;

        return text_number(text_from(expires), UINT64_MAX, &number) && number > 0 && number < INT64_MAX &&
               (int64_t)(number / 10000) - AD_EPOCH_MS <= clock_unix_ms();
}

static bool is_disabled(LDAP *ldap, LDAPMessage *message, struct arena *arena)
{
        const char *control = first_value(ldap, message, AD_CONTROL, 20, arena);
        const char *expires = first_value(ldap, message, AD_EXPIRES, 20, arena);
        const char *locked = first_value(ldap, message, PPOLICY_LOCK, 20, arena);
        const char *ns_lock = first_value(ldap, message, NS_LOCK, 8, arena);

        if (!control || !expires || !locked || !ns_lock)
                return true;
        return (strtol(control, NULL, 10) & AD_DISABLED) || is_expired(expires) ||
               strcmp(locked, PPOLICY_ALWAYS) == 0 || strcasecmp(ns_lock, "true") == 0;
}

static const char *read_card(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                             struct arena *arena)
{
        const char *value = first_value(ldap, message, settings->attributes[DIRECTORY_CARD], 64, arena);
        char card[65];

        if (!value || !directory_card_parse(settings, text_from(value), card, sizeof(card)))
                return value ? "" : NULL;
        return arena_text(arena, text_from(card));
}

bool entry_read(LDAP *ldap, LDAPMessage *message, const struct directory_settings *settings,
                struct arena *arena, struct directory_entry *ret)
{
        const char(*attributes)[DIRECTORY_ATTRIBUTE] = settings->attributes;

        *ret = (struct directory_entry){ 0 };
        ret->subject = read_subject(ldap, message, settings, arena);
        ret->email = first_value(ldap, message, attributes[DIRECTORY_EMAIL], DIRECTORY_VALUE - 2, arena);
        ret->account = first_value(ldap, message, attributes[DIRECTORY_ACCOUNT], DIRECTORY_VALUE - 1, arena);
        ret->name = first_value(ldap, message, attributes[DIRECTORY_NAME], DIRECTORY_VALUE - 1, arena);
        ret->department =
                first_value(ldap, message, attributes[DIRECTORY_DEPARTMENT], DIRECTORY_VALUE - 1, arena);
        ret->card = read_card(ldap, message, settings, arena);
        ret->disabled = is_disabled(ldap, message, arena);
        return ret->subject && ret->subject[0] && ret->email && ret->account && ret->name &&
               ret->department && ret->card && read_groups(ldap, message, settings, arena, ret);
}

bool entry_has_value(LDAP *ldap, LDAPMessage *message, const char *attribute, struct text value)
{
        SCOPED(entry_values_freep) struct berval **values = ldap_get_values_len(ldap, message, attribute);

        for (size_t i = 0; values && values[i]; i++)
                if (text_equal_nocase(entry_text(values[i]), value))
                        return true;
        return false;
}
