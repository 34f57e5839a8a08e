// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Rights: everything that can be asked for, and how far each role reaches with it.
 *
 * There is one table, in right.c. Doors name the right a request needs, core asks actor_may() (core/actor.h),
 * and nobody decides anything beside it. What a role has no reach for is refused; what lies beyond its reach
 * does not exist for it.
 */

#include <stdbool.h>

/* Those of people are kept in the database: their numbers never change. */
enum role {
        ROLE_PERSON = 0,
        ROLE_ADMINISTRATOR = 1, /* of the tenant: sees and deletes jobs, never their documents or titles */
        ROLE_HELP_DESK = 2,     /* finds people, unlocks them, sees what became of jobs */
        ROLE_ANALYST = 3,       /* reports without names */
        ROLE_SITE_ADMINISTRATOR = 4, /* printers, readers, agents and queues of sites given to him */
        ROLE_OPERATOR = 5,           /* of the service: tenants, their limits, its health */
        ROLE_MACHINE = 6,            /* no person: submits to queues of its own */
        /* Who is not a person, or not quite. */
        ROLE_NOBODY,      /* has shown nothing */
        ROLE_PRINT_TOKEN, /* a person's device: what both this and his own role allow */
        ROLE_DELEGATE,    /* to the jobs of whoever named him; beside his own role */
        ROLE_NEW_AGENT,   /* a key on an outpost's connection that nobody knows yet */
        ROLE_AGENT,
        ROLE_CONVERTER, /* renders documents of everybody, one after another, and reaches nothing else */
        ROLES
};

/* Each reaches at least as far as the one before it, except that SITE is about places and not about people.
 */
enum reach {
        REACH_NONE,
        REACH_OWN,     /* what is the actor's */
        REACH_SITE,    /* what stands at one of his sites */
        REACH_TENANT,  /* everything of his tenant */
        REACH_SERVICE, /* of every tenant */
};

enum right {
        RIGHT_LOOK = 1, /* health, metrics, the description of a queue */
        RIGHT_SIGN_IN,  /* what comes before anybody is known: sign-in, its ways, tokens of OAuth */
        RIGHT_ENROL,
        RIGHT_AGENT_WORK,
        RIGHT_CONVERTER_WORK,

        RIGHT_ME,
        RIGHT_TENANT_READ,
        RIGHT_TENANT_CHANGE, /* settings, company code */
        RIGHT_DOMAINS,       /* mail domains and their proof */
        RIGHT_TOKENS,
        RIGHT_SESSIONS,
        RIGHT_FACTORS,      /* TOTP, passkeys, recovery codes: to set them up is for oneself alone */
        RIGHT_FACTORS_READ, /* which there are */
        RIGHT_FACTORS_TAKE, /* all of them away, for who lost them */
        RIGHT_CODES,        /* one-time codes to sign in with */
        RIGHT_AUTHORIZE,    /* say yes to a program or a device that asks to act for oneself */

        RIGHT_SUBMIT,
        RIGHT_JOBS_READ,   /* states; titles are a right of their own */
        RIGHT_JOBS_CHANGE, /* tickets; what became of an uncertain one */
        RIGHT_JOBS_DELETE,
        RIGHT_JOBS_CONTENT, /* titles, documents, previews */
        RIGHT_PREVIEW,
        RIGHT_TICKET_DEFAULTS, /* what somebody usually wants */
        RIGHT_POLICIES,        /* what is forced on tickets */
        RIGHT_RELEASE,
        RIGHT_RELEASES_READ,
        RIGHT_DELEGATES, /* who may act for oneself */

        RIGHT_PRINTERS_READ,
        RIGHT_PRINTERS_INSPECT, /* with addresses */
        RIGHT_PRINTERS_CHANGE,
        RIGHT_QUEUES_READ,
        RIGHT_QUEUES_CHANGE,
        RIGHT_AGENTS_READ,
        RIGHT_AGENTS_CHANGE,
        RIGHT_READERS_READ,
        RIGHT_READERS_CHANGE,
        RIGHT_SITES_READ,
        RIGHT_SITES_CHANGE,
        RIGHT_DEVICES_MOVE, /* to another tenant */

        RIGHT_PEOPLE_READ,
        RIGHT_PEOPLE_CHANGE, /* make, change, disable, delete, import */
        RIGHT_PEOPLE_ROLE,   /* roles, the administrators of sites */
        RIGHT_PEOPLE_LIST,   /* everybody at once */
        RIGHT_PEOPLE_EXPORT, /* likewise, as a table to take away */
        RIGHT_PERSON_EXPORT, /* all that is kept of one */
        RIGHT_PERSON_ERASE,
        RIGHT_PASSWORD,
        RIGHT_PIN,
        RIGHT_UNLOCK, /* forget wrong guesses, take a PIN away; never learn one */
        RIGHT_BADGES_READ,
        RIGHT_BADGES_ADD,
        RIGHT_BADGES_ENROL, /* the badge just shown, to oneself */
        RIGHT_BADGES_DELETE,
        RIGHT_GROUPS_READ,
        RIGHT_GROUPS_CHANGE,
        RIGHT_SUBMITTERS,    /* whose user's name from which network is whose (core/job/submitter.h) */
        RIGHT_REGISTRATIONS, /* who asked to be let in, and address rules */

        RIGHT_METHODS, /* ways to sign in */
        RIGHT_CLIENTS, /* programs and machines */

        RIGHT_EVENTS_READ,
        RIGHT_AUDIT_VERIFY,
        RIGHT_AUDIT_EXPORT,
        RIGHT_REPORTS,      /* without names */
        RIGHT_PAGE_REPORTS, /* how much was printed (core/report/report-pages.h) */
        RIGHT_KEYS,         /* state of the tenant's keys */

        RIGHT_TENANTS_READ,
        RIGHT_TENANTS_CHANGE,
        RIGHT_CONVERTERS, /* conversion servers: let in, list, revoke */
        RIGHT_OPERATORS,  /* make somebody one */
        RIGHTS
};

/* "jobs-read"; NULL for a number that is none. */
const char *right_name(enum right right);
enum reach right_reach(enum right right, enum role role);
/* Whether a session must have shown its secret a moment ago (core/sign-in/session.h): keys, roles, exports.
 */
bool right_needs_fresh(enum right right);
/* Everybody's: credentials are not even looked at. */
bool right_is_open(enum right right);

/* "help-desk"; NULL for a number that is none. */
const char *role_name(enum role role);
/* The roles that a person can have: the names of 0 to ROLE_MACHINE, and NULL. */
extern const char *const role_names_of_people[];
const char *reach_name(enum reach reach);
