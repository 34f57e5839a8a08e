// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/token-scope.h"

#include <stdio.h>

#include "base/scope.h"

/* In the order of their bits. */
static const char *const words[] = { "print", "release", "read", "account", "admin" };

static uint32_t scope_find(struct text word)
{
        for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
                if (text_equal_string(word, words[i]))
                        return 1u << i;
        return 0;
}

bool token_scopes_parse(struct text text, uint32_t *ret)
{
        uint32_t all = 0;
        struct text word;
        bool more = true;

        while (more) {
                uint32_t scope;

                more = text_cut(text, ' ', &word, &text);
                scope = scope_find(word);
                if (!scope || (all & scope))
                        return false;
                all |= scope;
        }
        *ret = all;
        return true;
}

void token_scopes_format(uint32_t value, char ret[TOKEN_SCOPES_STRING])
{
        int length = 0;

        ret[0] = 0;
        for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
                if (value & 1u << i)
                        length += snprintf(ret + length, TOKEN_SCOPES_STRING - (size_t)length, "%s%s",
                                           length ? " " : "", words[i]);
}

const char *token_scope_name(unsigned int index)
{
        return index < ARRAY_LENGTH(words) ? words[index] : NULL;
}

/* Which scopes leave a right as it is, and which leave of it what is the person's own. */
struct leave {
        uint32_t all;
        uint32_t own;
};

/*
 * What is not named takes SCOPE_ADMIN. No scope lets a program say yes to another program, or change the
 * factors by which its person signs in: what was lent could then never be taken back.
 */
static struct leave leave_of(enum right right)
{
        switch (right) {
        case RIGHT_LOOK:
        case RIGHT_SIGN_IN:
        case RIGHT_ME:
        case RIGHT_TENANT_READ: return (struct leave){ SCOPES_ALL, SCOPES_ALL };

        case RIGHT_AUTHORIZE:
        case RIGHT_FACTORS:
        case RIGHT_FACTORS_READ:
        case RIGHT_FACTORS_TAKE:
        case RIGHT_ENROL:
        case RIGHT_AGENT_WORK: return (struct leave){ 0, 0 };

        case RIGHT_DEVICES_MOVE: return (struct leave){ 0, SCOPE_PRINT | SCOPE_RELEASE };
        case RIGHT_SUBMIT: return (struct leave){ 0, SCOPE_PRINT };
        case RIGHT_JOBS_READ: return (struct leave){ SCOPE_READ | SCOPE_ADMIN, SCOPE_PRINT | SCOPE_RELEASE };
        case RIGHT_JOBS_CONTENT: return (struct leave){ 0, SCOPE_PRINT | SCOPE_RELEASE | SCOPE_READ };
        case RIGHT_TICKET_DEFAULTS:
        case RIGHT_JOBS_CHANGE:
        case RIGHT_JOBS_DELETE: return (struct leave){ SCOPE_ADMIN, SCOPE_RELEASE };
        case RIGHT_RELEASE: return (struct leave){ 0, SCOPE_RELEASE };
        case RIGHT_RELEASES_READ: return (struct leave){ SCOPE_READ | SCOPE_ADMIN, SCOPE_RELEASE };

        case RIGHT_PRINTERS_READ:
        case RIGHT_QUEUES_READ:
        case RIGHT_SITES_READ: return (struct leave){ SCOPES_ALL & ~(uint32_t)SCOPE_ACCOUNT, 0 };
        case RIGHT_PRINTERS_INSPECT:
        case RIGHT_AGENTS_READ:
        case RIGHT_READERS_READ:
        case RIGHT_PEOPLE_LIST:
        case RIGHT_GROUPS_READ:
        case RIGHT_EVENTS_READ:
        case RIGHT_AUDIT_VERIFY:
        case RIGHT_REPORTS:
        case RIGHT_PAGE_REPORTS:
        case RIGHT_TENANTS_READ: return (struct leave){ SCOPE_READ | SCOPE_ADMIN, 0 };
        case RIGHT_PEOPLE_READ:
        case RIGHT_BADGES_READ: return (struct leave){ SCOPE_READ | SCOPE_ADMIN, SCOPE_ACCOUNT };

        case RIGHT_TOKENS:
        case RIGHT_SESSIONS:
        case RIGHT_CODES:
        case RIGHT_DELEGATES:
        case RIGHT_PERSON_EXPORT:
        case RIGHT_PASSWORD:
        case RIGHT_PIN:
        case RIGHT_BADGES_ADD:
        case RIGHT_BADGES_DELETE: return (struct leave){ SCOPE_ADMIN, SCOPE_ACCOUNT };

        default: return (struct leave){ SCOPE_ADMIN, 0 };
        }
}

enum reach token_scopes_reach(uint32_t scopes, enum right right, enum reach reach)
{
        struct leave leave = leave_of(right);

        if (scopes & leave.all)
                return reach;
        if (!(scopes & leave.own))
                return REACH_NONE;
        return reach < REACH_OWN ? reach : REACH_OWN;
}
