// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Mail domains: by them the service knows to which tenant an e-mail address is homed.
 *
 *      claimed ----> proved, by the domain name system or by an operator's word
 *
 *   1. Only a proved domain routes anybody; a claimed one is as good as none.
 *   2. Many may claim a domain, one can have it proved: the database says so.
 *   3. What was asked of the domain name system was made for this tenant and domain alone, of 160 random
 * bits.
 */

#include "core/actor.h"

#define DOMAIN_CHALLENGE   40
#define DOMAINS_MAX        100 /* of one tenant */
#define DOMAIN_HOST_PREFIX "_imprimatur-challenge."
#define DOMAIN_WORDS       "imprimatur-domain="

struct domain {
        struct id id;
        char name[CORE_EMAIL]; /* lower case */
        char challenge[DOMAIN_CHALLENGE];
        char proof[16]; /* "dns", "operator"; empty: not proved */
        int64_t created_ms;
        int64_t proved_ms; /* 0: not yet */
};

/* Administrators see and change their own tenant's, operators any tenant's. CORE_FORBIDDEN from all of these;
 * CORE_NOT_FOUND where the tenant or the domain is not there. */

/* CORE_TAKEN: claimed already by this tenant; CORE_BAD_VALUE; CORE_LIMIT_REACHED. */
int domain_claim(struct core *core, const struct actor *actor, struct id tenant, struct text name,
                 struct domain *ret);
int domain_list(struct core *core, const struct actor *actor, struct id tenant, struct id after,
                struct domain *ret, size_t max, size_t *ret_count);
int domain_find(struct core *core, const struct actor *actor, struct id tenant, struct id id,
                struct domain *ret);
/*
 * Looks for the TXT record; for an operator of another tenant his word is enough. Blocks as long as the
 * resolver does. CORE_NOT_PROVED; CORE_TAKEN: another tenant proved it; CORE_BUSY: the resolver does not
 * answer, or too many ask.
 */
int domain_prove(struct core *core, const struct actor *actor, struct id tenant, struct id id,
                 struct domain *ret);
int domain_delete(struct core *core, const struct actor *actor, struct id tenant, struct id id);

/* The names of a tenant's proved domains, for everybody in it. */
int domain_names(struct core *core, struct id tenant, char (*ret)[CORE_EMAIL], size_t max, size_t *ret_count);
