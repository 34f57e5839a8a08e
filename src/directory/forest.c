// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/forest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "directory/entry.h"
#include "directory/root.h"

#define LOOKED_AT_MAX 128 /* objects of each kind */

/* Of other forests (up-level), and let in: trustType and trustDirection of [MS-ADTS], sections 6.1.6.7.15 and
 * 6.1.6.7.12. */
#define TRUSTED_DOMAINS                                              \
        "(&(objectClass=trustedDomain)(|(trustType=1)(trustType=2))" \
        "(|(trustDirection=2)(trustDirection=3)))"
#define FOREST_DOMAINS "(&(objectClass=crossRef)(nETBIOSName=*))"

struct reading {
        const struct root *root;
        struct directory_domain *domains;
        size_t count;
};

/* The first value. */
static bool copy_value(struct link *link, LDAPMessage *message, const char *attribute, char *ret, size_t size)
{
        SCOPED(entry_values_freep)
        struct berval **values = ldap_get_values_len(link->ldap, message, attribute);

        return values && values[0] && !memchr(values[0]->bv_val, 0, values[0]->bv_len) &&
               text_copy(entry_text(values[0]), ret, size);
}

static int add_domain(struct reading *reading, const char *name, const char *dns, const char *base,
                      enum directory_origin origin)
{
        struct directory_domain domain;

        if (reading->count == DIRECTORY_DOMAINS_MAX)
                return DIRECTORY_DONE;
        if (directory_domain_make(text_from(name), text_from(dns), text_from(base), origin, &domain) &&
            !directory_domain_find(reading->domains, reading->count, text_from(domain.name)) &&
            !directory_domain_find(reading->domains, reading->count, text_from(domain.dns)))
                reading->domains[reading->count++] = domain;
        return DIRECTORY_DONE;
}

static int take_cross_reference(struct link *link, LDAPMessage *message, void *context)
{
        char name[DIRECTORY_DOMAIN], dns[DIRECTORY_HOST], base[DIRECTORY_DN];
        struct reading *reading = context;

        if (!copy_value(link, message, "nETBIOSName", name, sizeof(name)) ||
            !copy_value(link, message, "dnsRoot", dns, sizeof(dns)) ||
            !copy_value(link, message, "nCName", base, sizeof(base)))
                return DIRECTORY_DONE;
        return add_domain(reading, name, dns, base,
                          strcasecmp(base, reading->root->home) == 0 ? DIRECTORY_OWN : DIRECTORY_FOREST);
}

static int take_trusted(struct link *link, LDAPMessage *message, void *context)
{
        char name[DIRECTORY_DOMAIN], dns[DIRECTORY_HOST];

        if (!copy_value(link, message, "flatName", name, sizeof(name)) ||
            !copy_value(link, message, "trustPartner", dns, sizeof(dns)))
                return DIRECTORY_DONE;
        return add_domain(context, name, dns, "", DIRECTORY_TRUST);
}

static int read_kind(struct link *link, const char *where, const char *beneath, const char *filter,
                     const char *const *attributes, int (*give)(struct link *, LDAPMessage *, void *),
                     struct reading *reading)
{
        char base[DIRECTORY_DN + 32];
        struct link_query query = { base, LDAP_SCOPE_ONELEVEL, filter, attributes };
        int r;

        if (!beneath[0])
                return DIRECTORY_DONE;
        snprintf(base, sizeof(base), "%s,%s", where, beneath);
        r = link_search_at(link, &query, LOOKED_AT_MAX, give, reading);
        /* What may not be seen is not used. */
        return r == DIRECTORY_SEARCH_REFUSED || r == DIRECTORY_AMBIGUOUS ? DIRECTORY_DONE : r;
}

int forest_read(struct link *link, struct arena *arena, struct directory_domain **ret, size_t *ret_count)
{
        static const char *const of_forest[] = { "nETBIOSName", "dnsRoot", "nCName", NULL };
        static const char *const of_trust[] = { "flatName", "trustPartner", NULL };
        struct root root;
        struct reading reading = { .root = &root };
        int r = root_read(link, &root);

        *ret_count = 0;
        if (r || !root.is_active_directory)
                return r;
        reading.domains = arena_alloc(arena, DIRECTORY_DOMAINS_MAX * sizeof(*reading.domains));
        if (!reading.domains)
                return fault(-ENOMEM);
        r = read_kind(link, "CN=Partitions", root.configuration, FOREST_DOMAINS, of_forest,
                      take_cross_reference, &reading);
        if (r == DIRECTORY_DONE)
                r = read_kind(link, "CN=System", root.home, TRUSTED_DOMAINS, of_trust, take_trusted,
                              &reading);
        *ret = reading.domains;
        *ret_count = reading.count;
        return r;
}
