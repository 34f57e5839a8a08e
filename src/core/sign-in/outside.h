// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Outside identities: who somebody is for a provider of sign-in outside of this service (OpenID Connect, a
 * directory), and which person of the tenant that is.
 *
 *   1. An identity is (tenant, method, issuer, subject) and nothing else. An e-mail address is what the
 *      provider says about it: it may change, and it never finds an account by itself.
 *   2. An account that was here before is taken over by an outside identity only where the administrator
 *      allowed it for the method (links_by_email), the provider says that it verified the address, and the
 *      address is in a domain that is proved to be the tenant's. Otherwise CORE_TAKEN.
 *   3. A disabled person stays outside, whatever the provider says; and a provider makes nobody more than a
 *      person, except by the groups that the administrator named (core/sign-in/outside-role.h).
 *   4. What the provider says of name, department and groups is written at every sign-in, in one transaction
 *      with the identity itself; and whenever it is asked again.
 *
 * Safe from every thread. Texts are borrowed for the call.
 */

#include "core/person/person.h"

struct db_tx;

#define OUTSIDE_SUBJECT     256 /* octets, NUL included: OpenID Connect Core 1.0, section 2, "sub" */
#define OUTSIDE_ISSUER      512
#define OUTSIDE_GROUPS_MAX  256
#define OUTSIDE_DOMAINS_MAX 16
#define OUTSIDE_ROLES_MAX   16

/* Who is meant. */
struct outside_identity {
        struct id method;
        struct text issuer;  /* of OpenID Connect; empty where the method has only one */
        struct text subject; /* what never changes: "sub", entryUUID, objectGUID; no control characters */
        const struct actor
                *who; /* nobody yet, with via and source for the events; NULL: the service itself */
};

/* What the provider says about him. A name or department that is empty leaves what is there. */
struct outside_claims {
        struct text email;
        bool email_verified; /* the provider itself says so */
        struct text name;
        struct text department;
        bool has_groups; /* otherwise his groups of this method stay as they are */
        const struct text *groups;
        size_t group_count; /* at most OUTSIDE_GROUPS_MAX; further ones are left out */
};

/* Who is in the group has the role. */
struct outside_role {
        char group[CORE_TITLE];
        enum role role;
};

/* What the administrator decided for the method. */
struct outside_policy {
        bool creates;        /* who is not known yet gets an account at his first sign-in */
        bool trusts_email;   /* the provider's addresses are given out by the tenant: none is unverified */
        bool links_by_email; /* truth 2 */
        char domains[OUTSIDE_DOMAINS_MAX][CORE_EMAIL]; /* whose people may come, in lower case */
        size_t domain_count;                           /* 0: the tenant's own domains */
        struct outside_role roles[OUTSIDE_ROLES_MAX];
        size_t role_count;
};

/*
 * Somebody whom the provider vouches for, now, comes in: finds his person, or makes or links one as the
 * policy says, and writes what the provider says of him. Refusals are events ("sign-in-refused" with the
 * reason). CORE_WRONG_CREDENTIALS: disabled. CORE_FORBIDDEN: not known, and the policy makes no account for
 * him (also a domain that may not come, or an unverified address). CORE_TAKEN: his address is an account's
 * that he may not take over. CORE_BAD_VALUE: no usable subject or address.
 */
int outside_sign_in(struct core *core, struct id tenant, const struct outside_identity *identity,
                    const struct outside_claims *claims, const struct outside_policy *policy,
                    struct person *ret);

/* The same without a sign-in, for whoever reads a whole directory: in the caller's transaction, without
 * events of refusals. *ret_id may be NULL. */
int outside_take_in(struct db_tx *tx, struct id tenant, const struct outside_identity *identity,
                    const struct outside_claims *claims, const struct outside_policy *policy,
                    struct id *ret_id);

/* Somebody who is here already, whose provider was asked again: writes what it says of him by now. Who is not
 * known, or disabled, is left as he is. */
int outside_follow(struct core *core, struct id tenant, const struct outside_identity *identity,
                   const struct outside_claims *claims, const struct outside_policy *policy);

/* The person of an identity, disabled ones too. CORE_NOT_FOUND. */
int outside_find(struct core *core, struct id tenant, const struct outside_identity *identity,
                 struct person *ret);

/* The identities of a person by one method, as they were last seen. */
struct outside_known {
        struct id method;
        char issuer[OUTSIDE_ISSUER];
        char subject[OUTSIDE_SUBJECT];
        int64_t made_ms;
        int64_t seen_ms; /* to the minute, of the last sign-in or synchronisation */
};
/* method NULL: of all methods. At most max. */
int outside_list(struct core *core, struct id tenant, struct id person, const struct id *method,
                 struct outside_known *ret, size_t max, size_t *ret_count);

/* Forgets every identity of a method that is deleted, in the transaction of that. The people stay. */
int outside_forget_method(struct db_tx *tx, struct id tenant, struct id method);
