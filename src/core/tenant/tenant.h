// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Tenants: organisations that share a service and see nothing of each other.
 *
 *      ACTIVE <--> SUSPENDED        no new sign-ins, tokens and submissions; what is held waits, and can be
 *         \           |             collected at printers and expires as ever
 *          `-----> DELETING         its keys are destroyed, nobody of it gets in; its rows go, some at a
 *                                   time and one step after another, then it is gone
 *
 *   1. The tenant of a request comes from who acts (core/actor.h), never from what the request says. Only an
 *      operator names another one, and reaches nothing in it but what this header and core/tenant/domain.h
 * offer.
 *   2. From the moment tenant_delete() has returned 0, no document of it can be read, not with the master key
 *      and not from a backup.
 *   3. No limit and no plan stops what is held from being printed.
 */

#include "core/actor.h"
#include "core/job/substitution.h"
#include "core/notice/mail-words.h"

#define TENANT_NETWORKS     1024
#define TENANT_NETWORKS_MAX 16

enum tenant_state {
        TENANT_ACTIVE,
        TENANT_SUSPENDED,
        TENANT_DELETING,
};
extern const char *const tenant_state_names[]; /* ended by NULL */

/* What may be done from networks that are not inside. */
enum tenant_outside {
        OUTSIDE_NOTHING,
        OUTSIDE_SUBMISSION, /* sending jobs, with a device's print token or over IPP */
        OUTSIDE_EVERYTHING, /* sign-in too */
};
extern const char *const tenant_outside_names[]; /* ended by NULL */

/*
 * What a tenant may have; 0 is as much as it likes. The first two are its plan: beyond them administrators
 * are told, and everything goes on. The others protect the service and refuse with CORE_LIMIT_REACHED or
 * CORE_TOO_FAST; the last two bound what tenant_change() may set.
 */
enum tenant_limit {
        LIMIT_PEOPLE,
        LIMIT_PRINTERS,
        LIMIT_AGENTS,
        LIMIT_HELD_JOBS,
        LIMIT_HELD_OCTETS, /* sealed, of everything that is kept */
        LIMIT_SUBMISSIONS_PER_HOUR,
        LIMIT_HELD_FOR_S,
        LIMIT_PRINTED_FOR_S,
        LIMITS
};
extern const char *const tenant_limit_names[LIMITS];

struct tenant {
        struct id id;
        char name[CORE_NAME]; /* in addresses: /ipp/print/NAME/…; never changes */
        char title[CORE_TITLE];
        char company_code[8]; /* six characters that people type */
        enum tenant_state state;
        bool is_operators;            /* the one whose people operate the service */
        char plan[CORE_NAME];         /* what the operator calls it; may be empty */
        char inside[TENANT_NETWORKS]; /* base/network.h; empty: network_list_private */
        enum tenant_outside outside;
        enum language language; /* of its mails; English by default */
        int64_t limits[LIMITS];
        int64_t held_ms;        /* an unprinted job expires after; default 1 day */
        int64_t printed_ms;     /* a printed job's document stays; 0 (default), 1 day or 7 days */
        bool encrypted_only;    /* printers are reached by IPPS alone (core/printer/printer-wire.h) */
        bool holds_unsupported; /* at a badge reader, what the printer cannot do as it was asked for stays
                                   held */
        bool refuses_two_sites; /* a badge that was at another site just now releases nothing */
        enum substitution substitution; /* where the paper asked for is not loaded; default off */
        int64_t created_ms;
        int64_t rows_deleting, rows_deleted; /* of one that is DELETING; 0 until they are counted */
};

/*
 * actor is NULL for init. CORE_FORBIDDEN; CORE_TAKEN for a name, company code or proved domain in use;
 * CORE_BAD_VALUE. id, held_ms 0 and company_code "" are filled in. domain (may be NULL) is its first mail
 * domain, proved by the operator's word.
 */
int tenant_make(struct core *core, const struct actor *actor, struct tenant *tenant, const char *domain);

/*
 * A tenant ready for use, for operators: with its first administrator, who gets a password of 100 random bits
 * that is told this once (the caller wipes it), and the queue "pull". Refusals as tenant_make(); where
 * something stands against it nothing is left.
 */
#define TENANT_PASSWORD 24
struct tenant_order {
        struct tenant *tenant;
        const char *domain; /* may be NULL */
        struct text email, name;
};
int tenant_found(struct core *core, const struct actor *actor, const struct tenant_order *order,
                 struct id *ret_administrator, char ret_password[TENANT_PASSWORD]);

/* CORE_NOT_FOUND, also where it is being deleted. Cached; cheap. */
int tenant_find(struct core *core, struct text name, struct tenant *ret);
int tenant_find_by_id(struct core *core, struct id id, struct tenant *ret);
/* Whose proved domain the address is of. CORE_NOT_FOUND. */
int tenant_find_by_email(struct core *core, struct text email, struct tenant *ret);
/*
 * To whom somebody wants to sign in: the tenant of the company code where he gave one (a person may always
 * choose so), else the one that proved the domain of his e-mail address. CORE_NOT_FOUND: neither tells (then
 * ask for the company code), or there is no such code; CORE_LOCKED: too many wrong codes from this source.
 * It says nothing of whether the address has an account.
 */
int tenant_find_for(struct core *core, struct text email, struct text company_code, struct text source,
                    struct tenant *ret);

/* All of them, by id; for operators: CORE_FORBIDDEN. With those being deleted. */
int tenant_list(struct core *core, const struct actor *actor, struct id after, struct tenant *ret, size_t max,
                size_t *ret_count);
/* One of them, by the same right; also one that is being deleted. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int tenant_look(struct core *core, const struct actor *actor, struct id id, struct tenant *ret);
/* Which one has this name, likewise. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int tenant_look_up(struct core *core, const struct actor *actor, struct text name, struct id *ret);

/* What tenant_change() changes: NULL leaves it. */
struct tenant_change {
        const char *title;
        const int64_t *held_ms;
        const int64_t *printed_ms;
        const char *inside;
        const enum tenant_outside *outside;
        const enum language *language;
        const bool *encrypted_only;
        const bool *holds_unsupported;
        const bool *refuses_two_sites;
        const enum substitution *substitution;
        /* By operators only. */
        const char *plan;
        const enum tenant_state *state; /* ACTIVE or SUSPENDED */
        const int64_t *limits[LIMITS];
};
/* The administrator changes his own, an operator any. CORE_FORBIDDEN, CORE_NOT_FOUND; CORE_BAD_VALUE, also
 * for a retention beyond the limits, and for suspending the operators' own. */
int tenant_change(struct core *core, const struct actor *actor, struct id id,
                  const struct tenant_change *change);
/* A new company code; the old one is dead at once. CORE_FORBIDDEN. */
int tenant_renew_code(struct core *core, const struct actor *actor, struct id id, struct tenant *ret);
/*
 * name is the tenant's, typed again as the confirmation: CORE_BAD_VALUE where it differs, and for the
 * operators' own. Its keys are destroyed before this returns. CORE_FORBIDDEN, CORE_NOT_FOUND.
 */
int tenant_delete(struct core *core, const struct actor *actor, struct id id, struct text name);

/* What it has now; *ret_over: more than its plan. */
struct tenant_use {
        int64_t people, printers, agents;
        int64_t held_jobs, held_octets, jobs_this_hour;
        bool is_over_plan;
};
int tenant_use(struct core *core, struct id id, struct tenant_use *ret);

/*
 * Whether somebody may do this from where he comes: CORE_OUTSIDE. A suspended tenant takes nothing new:
 * CORE_SUSPENDED. Asked only of who has shown that he is somebody; agents are not asked, and the service
 * itself has the empty source, from which everything may be done.
 */
enum tenant_access {
        ACCESS_SIGN_IN, /* to begin something: a session, a token, a request with a password */
        ACCESS_GO_ON,   /* with one that exists; also to collect what is held */
        ACCESS_SUBMIT,  /* sending jobs */
        ACCESS_DEVICE,  /* what a device that sends jobs asks beside, such as what became of them */
};
int tenant_admits(struct core *core, struct id tenant, enum tenant_access access, struct text source);
