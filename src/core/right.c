// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/right.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"

/* Letters for the table. */
enum {
        N = REACH_NONE,
        O = REACH_OWN,
        S = REACH_SITE,
        T = REACH_TENANT,
        A = REACH_SERVICE,
};

#define FRESH .needs_fresh = true

struct row {
        const char *name;
        /* enum reach */
        uint8_t of_person, of_help_desk, of_analyst, of_site_administrator, of_administrator, of_operator,
                of_machine, of_nobody, of_print_token, of_delegate, of_new_agent, of_agent, of_converter;
        bool needs_fresh;
};

/*
 * Who may do what. Three things to keep when it is changed: nobody reaches beyond OWN with
 * RIGHT_JOBS_CONTENT, RIGHT_PREVIEW and RIGHT_RELEASE, for titles and documents are their owner's; an
 * operator reaches no person, job or printer of anybody's; whoever can change a secret of somebody else could
 * become him, which is why the help desk can only take one away.
 */
/* clang-format off */
static const struct row rows[] = {
        /*                          name                person   site adm.    machine    delegate
                                                          help desk  administrator nobody   new agent
                                                            analyst    operator    token     agent
                                                                                                 converter */
        [RIGHT_LOOK] =              { "look",             A, A, A,   A, A, A,   A, A, A,   A, A, A, A },
        [RIGHT_SIGN_IN] =           { "sign-in",          A, A, A,   A, A, A,   A, A, A,   A, A, A, A },
        [RIGHT_ENROL] =             { "enrol",            N, N, N,   N, N, N,   N, N, N,   N, O, O, O },
        [RIGHT_AGENT_WORK] =        { "agent-work",       N, N, N,   N, N, N,   N, N, N,   N, N, O, N },
        [RIGHT_CONVERTER_WORK] =    { "converter-work",   N, N, N,   N, N, N,   N, N, N,   N, N, N, O },

        [RIGHT_ME] =                { "me",               O, O, O,   O, O, O,   O, N, O,   N, N, N, N },
        [RIGHT_TENANT_READ] =       { "tenant-read",      T, T, T,   T, T, T,   T, N, N,   N, N, N, N },
        [RIGHT_TENANT_CHANGE] =     { "tenant-change",    N, N, N,   N, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_DOMAINS] =           { "domains",          N, N, N,   N, T, A,   N, N, N,   N, N, N, N },
        [RIGHT_TOKENS] =            { "tokens",           O, O, O,   O, O, O,   N, N, N,   N, N, N, N },
        [RIGHT_SESSIONS] =          { "sessions",         O, O, O,   O, T, O,   N, N, N,   N, N, N, N },
        [RIGHT_FACTORS] =           { "factors",          O, O, O,   O, O, O,   N, N, N,   N, N, N, N },
        [RIGHT_FACTORS_READ] =      { "factors-read",     O, O, O,   O, T, O,   N, N, N,   N, N, N, N },
        [RIGHT_FACTORS_TAKE] =      { "factors-take",     O, T, O,   O, T, T,   N, N, N,   N, N, N, N },
        [RIGHT_CODES] =             { "codes",            O, O, O,   O, T, O,   N, N, N,   N, N, N, N },
        [RIGHT_AUTHORIZE] =         { "authorize",        O, O, O,   O, O, O,   N, N, N,   N, N, N, N },

        [RIGHT_SUBMIT] =            { "submit",           O, O, O,   O, O, N,   O, N, O,   N, N, N, N },
        [RIGHT_JOBS_READ] =         { "jobs-read",        O, T, O,   O, T, N,   O, N, O,   O, N, N, N },
        [RIGHT_JOBS_CHANGE] =       { "jobs-change",      O, O, O,   O, O, N,   O, N, O,   N, N, N, N },
        [RIGHT_JOBS_DELETE] =       { "jobs-delete",      O, O, O,   O, T, N,   O, N, O,   O, N, N, N },
        [RIGHT_JOBS_CONTENT] =      { "jobs-content",     O, O, O,   O, O, N,   O, N, O,   O, N, N, N },
        [RIGHT_PREVIEW] =           { "preview",          O, O, O,   O, O, N,   N, N, N,   N, N, N, N },
        [RIGHT_TICKET_DEFAULTS] =   { "ticket-defaults",  O, O, O,   O, T, N,   O, N, N,   N, N, N, N },
        [RIGHT_POLICIES] =          { "policies",         N, N, N,   N, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_RELEASE] =           { "release",          O, O, O,   O, O, N,   N, O, N,   O, N, N, N },
        [RIGHT_RELEASES_READ] =     { "releases-read",    O, O, O,   O, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_DELEGATES] =         { "delegates",        O, O, O,   O, O, N,   N, N, N,   N, N, N, N },

        [RIGHT_PRINTERS_READ] =     { "printers-read",    T, T, T,   T, T, N,   T, N, N,   N, N, N, N },
        [RIGHT_PRINTERS_INSPECT] =  { "printers-inspect", N, N, N,   S, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_PRINTERS_CHANGE] =   { "printers-change",  N, N, N,   S, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_QUEUES_READ] =       { "queues-read",      T, T, T,   T, T, N,   T, N, N,   N, N, N, N },
        [RIGHT_QUEUES_CHANGE] =     { "queues-change",    N, N, N,   S, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_AGENTS_READ] =       { "agents-read",      N, N, N,   S, T, N,   N, N, N,   N, N, O, N },
        [RIGHT_AGENTS_CHANGE] =     { "agents-change",    N, N, N,   S, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_READERS_READ] =      { "readers-read",     N, N, N,   S, T, N,   N, N, N,   N, N, O, N },
        [RIGHT_READERS_CHANGE] =    { "readers-change",   N, N, N,   S, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_SITES_READ] =        { "sites-read",       T, T, T,   T, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_SITES_CHANGE] =      { "sites-change",     N, N, N,   N, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_DEVICES_MOVE] =      { "devices-move",     O, O, O,   O, O, N,   N, N, O,   N, N, N, N },

        [RIGHT_PEOPLE_READ] =       { "people-read",      O, T, O,   O, T, T,   O, N, N,   N, N, N, N },
        [RIGHT_PEOPLE_CHANGE] =     { "people-change",    N, N, N,   N, T, T,   N, N, N,   N, N, N, N },
        [RIGHT_PEOPLE_ROLE] =       { "people-role",      N, N, N,   N, T, T,   N, N, N,   N, N, N, N, FRESH },
        [RIGHT_PEOPLE_LIST] =       { "people-list",      N, T, N,   N, T, T,   N, N, N,   N, N, N, N },
        [RIGHT_PEOPLE_EXPORT] =     { "people-export",    N, N, N,   N, T, T,   N, N, N,   N, N, N, N, FRESH },
        [RIGHT_PERSON_EXPORT] =     { "person-export",    O, O, O,   O, T, O,   N, N, N,   N, N, N, N, FRESH },
        [RIGHT_PERSON_ERASE] =      { "person-erase",     N, N, N,   N, T, T,   N, N, N,   N, N, N, N, FRESH },
        [RIGHT_PASSWORD] =          { "password",         O, O, O,   O, T, T,   N, N, N,   N, N, N, N, FRESH },
        [RIGHT_PIN] =               { "pin",              O, O, O,   O, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_UNLOCK] =            { "unlock",           N, T, N,   N, T, T,   N, N, N,   N, N, N, N },
        [RIGHT_BADGES_READ] =       { "badges-read",      O, T, O,   O, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_BADGES_ADD] =        { "badges-add",       N, T, N,   N, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_BADGES_ENROL] =      { "badges-enrol",     O, O, O,   O, O, N,   N, N, N,   N, N, N, N },
        [RIGHT_BADGES_DELETE] =     { "badges-delete",    O, T, O,   O, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_GROUPS_READ] =       { "groups-read",      O, T, O,   O, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_GROUPS_CHANGE] =     { "groups-change",    N, N, N,   N, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_SUBMITTERS] =        { "submitters",       N, N, N,   N, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_REGISTRATIONS] =     { "registrations",    N, N, N,   N, T, N,   N, N, N,   N, N, N, N },

        [RIGHT_METHODS] =           { "methods",          N, N, N,   N, T, N,   N, N, N,   N, N, N, N, FRESH },
        [RIGHT_CLIENTS] =           { "clients",          N, N, N,   N, T, N,   N, N, N,   N, N, N, N, FRESH },

        [RIGHT_EVENTS_READ] =       { "events-read",      N, N, N,   N, T, T,   N, N, N,   N, N, N, N },
        [RIGHT_AUDIT_VERIFY] =      { "audit-verify",     N, N, N,   N, T, T,   N, N, N,   N, N, N, N },
        [RIGHT_AUDIT_EXPORT] =      { "audit-export",     N, N, N,   N, T, T,   N, N, N,   N, N, N, N, FRESH },
        [RIGHT_REPORTS] =           { "reports",          N, N, T,   N, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_PAGE_REPORTS] =      { "page-reports",     O, O, T,   S, T, N,   N, N, N,   N, N, N, N },
        [RIGHT_KEYS] =              { "keys",             N, N, N,   N, T, A,   N, N, N,   N, N, N, N, FRESH },

        [RIGHT_TENANTS_READ] =      { "tenants-read",     N, N, N,   N, N, A,   N, N, N,   N, N, N, N },
        [RIGHT_TENANTS_CHANGE] =    { "tenants-change",   N, N, N,   N, N, A,   N, N, N,   N, N, N, N },
        [RIGHT_CONVERTERS] =        { "converters",       N, N, N,   N, N, A,   N, N, N,   N, N, N, N, FRESH },
        [RIGHT_OPERATORS] =         { "operators",        N, N, N,   N, N, A,   N, N, N,   N, N, N, N, FRESH },
};
/* clang-format on */

static_assert(ARRAY_LENGTH(rows) == RIGHTS, "a right without a row");

const char *const role_names_of_people[] = {
        [ROLE_PERSON] = "person",
        [ROLE_ADMINISTRATOR] = "administrator",
        [ROLE_HELP_DESK] = "help-desk",
        [ROLE_ANALYST] = "analyst",
        [ROLE_SITE_ADMINISTRATOR] = "site-administrator",
        [ROLE_OPERATOR] = "operator",
        [ROLE_MACHINE] = "machine",
        [ROLE_MACHINE + 1] = NULL,
};

const char *right_name(enum right right)
{
        return right > 0 && right < RIGHTS ? rows[right].name : NULL;
}

enum reach right_reach(enum right right, enum role role)
{
        const struct row *row;
        uint8_t reach = REACH_NONE;

        if (!right_name(right))
                return REACH_NONE;
        row = &rows[right];
        switch (role) {
        case ROLE_PERSON: reach = row->of_person; break;
        case ROLE_ADMINISTRATOR: reach = row->of_administrator; break;
        case ROLE_HELP_DESK: reach = row->of_help_desk; break;
        case ROLE_ANALYST: reach = row->of_analyst; break;
        case ROLE_SITE_ADMINISTRATOR: reach = row->of_site_administrator; break;
        case ROLE_OPERATOR: reach = row->of_operator; break;
        case ROLE_MACHINE: reach = row->of_machine; break;
        case ROLE_NOBODY: reach = row->of_nobody; break;
        case ROLE_PRINT_TOKEN: reach = row->of_print_token; break;
        case ROLE_DELEGATE: reach = row->of_delegate; break;
        case ROLE_NEW_AGENT: reach = row->of_new_agent; break;
        case ROLE_AGENT: reach = row->of_agent; break;
        case ROLE_CONVERTER: reach = row->of_converter; break;
        case ROLES: break;
        }
        return (enum reach)reach;
}

bool right_needs_fresh(enum right right)
{
        return right_name(right) && rows[right].needs_fresh;
}

bool right_is_open(enum right right)
{
        return right_reach(right, ROLE_NOBODY) == REACH_SERVICE;
}

const char *role_name(enum role role)
{
        static const char *const others[] = {
                [ROLE_NOBODY] = "nobody",     [ROLE_PRINT_TOKEN] = "print-token",
                [ROLE_DELEGATE] = "delegate", [ROLE_NEW_AGENT] = "new-agent",
                [ROLE_AGENT] = "agent",       [ROLE_CONVERTER] = "converter",
        };

        if (role <= ROLE_MACHINE)
                return role_names_of_people[role];
        return role < ROLES ? others[role] : NULL;
}

const char *reach_name(enum reach reach)
{
        static const char *const names[] = {
                [REACH_NONE] = "none",     [REACH_OWN] = "own",         [REACH_SITE] = "site",
                [REACH_TENANT] = "tenant", [REACH_SERVICE] = "service",
        };

        return names[reach];
}
