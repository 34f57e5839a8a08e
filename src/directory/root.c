// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/root.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/scope.h"
#include "directory/entry.h"

/* LDAP_CAP_ACTIVE_DIRECTORY_OID of [MS-ADTS], section 3.1.1.3.4.3.1. */
#define ACTIVE_DIRECTORY "1.2.840.113556.1.4.800"

#define CAPABILITIES     "supportedCapabilities"
#define CONTEXTS         "namingContexts"
#define HOME             "defaultNamingContext"
#define CONFIGURATION    "configurationNamingContext"

static const char *const attributes[] = { CAPABILITIES, CONTEXTS, HOME, CONFIGURATION, NULL };

static void read_name(LDAP *ldap, LDAPMessage *message, const char *attribute, char ret[DIRECTORY_DN])
{
        SCOPED(entry_values_freep) struct berval **values = ldap_get_values_len(ldap, message, attribute);

        if (!values || !values[0] || !text_is_printable(entry_text(values[0])) ||
            !text_copy(entry_text(values[0]), ret, DIRECTORY_DN))
                ret[0] = '\0';
}

/* The longest one that the base lies in. */
static void choose_context(LDAP *ldap, LDAPMessage *message, const char *base, char ret[DIRECTORY_DN])
{
        SCOPED(entry_values_freep) struct berval **values = ldap_get_values_len(ldap, message, CONTEXTS);
        char context[DIRECTORY_DN];

        for (size_t i = 0; values && values[i]; i++)
                if (text_is_printable(entry_text(values[i])) &&
                    text_copy(entry_text(values[i]), context, sizeof(context)) &&
                    (strcasecmp(base, context) == 0 || entry_is_beneath(base, context)) &&
                    strlen(context) > strlen(ret))
                        memcpy(ret, context, sizeof(context));
}

static int take_root(struct link *link, LDAPMessage *message, void *context)
{
        struct root *root = context;
        SCOPED(entry_values_freep)
        struct berval **values = ldap_get_values_len(link->ldap, message, CAPABILITIES);

        for (size_t i = 0; values && values[i]; i++)
                root->is_active_directory |= text_equal_string(entry_text(values[i]), ACTIVE_DIRECTORY);
        choose_context(link->ldap, message, link->settings->base, root->context);
        read_name(link->ldap, message, HOME, root->home);
        read_name(link->ldap, message, CONFIGURATION, root->configuration);
        return DIRECTORY_DONE;
}

int root_read(struct link *link, struct root *ret)
{
        struct link_query query = { "", LDAP_SCOPE_BASE, "(objectClass=*)", attributes };
        int r;

        *ret = (struct root){ 0 };
        r = link_search_at(link, &query, 1, take_root, ret);
        if (!ret->context[0])
                snprintf(ret->context, sizeof(ret->context), "%s", link->settings->base);
        return r == DIRECTORY_SEARCH_REFUSED || r == DIRECTORY_AMBIGUOUS ? DIRECTORY_DONE : r;
}
