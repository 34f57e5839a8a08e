// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/actor.h"

#include "core/sign-in/token-scope.h"

void actor_came(struct actor *actor, enum via via, struct text source)
{
        actor->via = via;
        if (!text_copy(source, actor->source, sizeof(actor->source)))
                actor->source[0] = 0;
}

struct whose whose_some(void)
{
        return (struct whose){ .reach = REACH_OWN };
}

struct whose whose_person(struct id person)
{
        return (struct whose){ .reach = REACH_TENANT, .person = person };
}

struct whose whose_tenant(void)
{
        return (struct whose){ .reach = REACH_TENANT };
}

struct whose whose_service(void)
{
        return (struct whose){ .reach = REACH_SERVICE };
}

static bool is_of_half(enum right right)
{
        return right == RIGHT_ME || right == RIGHT_SESSIONS || right == RIGHT_FACTORS ||
               right == RIGHT_FACTORS_READ;
}

static bool is_at_panel(const struct actor *actor)
{
        return actor->via == VIA_PANEL && !id_is_zero(actor->session);
}

/* With a password that somebody else set: look who he is, set his own, and leave. */
static bool is_of_first(enum right right)
{
        return right == RIGHT_ME || right == RIGHT_SESSIONS || right == RIGHT_PASSWORD ||
               right == RIGHT_FACTORS_READ;
}

/* Beside what its scopes leave (core/sign-in/session.h): to end it, to look at one's pages, and to bind the
 * badge that nobody knew. */
static bool is_of_panel(enum right right)
{
        return right == RIGHT_SESSIONS || right == RIGHT_PREVIEW || right == RIGHT_BADGES_ENROL;
}

enum reach actor_reach(const struct actor *actor, enum right right)
{
        enum reach reach = REACH_NONE, most;

        switch (actor->kind) {
        case ACTOR_NOBODY: return right_reach(right, ROLE_NOBODY);
        case ACTOR_AGENT: return right_reach(right, ROLE_AGENT);
        case ACTOR_CONVERTER: return right_reach(right, ROLE_CONVERTER);
        case ACTOR_PERSON: reach = right_reach(right, actor->role); break;
        }
        /* Half signed in: he may show a factor, set up his first one, and leave (core/sign-in/factor.h). */
        if (actor->owes_factor && !right_is_open(right))
                return reach > REACH_NONE && is_of_half(right) ? REACH_OWN : REACH_NONE;
        if (actor->owes_password && !right_is_open(right))
                return reach > REACH_NONE && is_of_first(right) ? REACH_OWN : REACH_NONE;
        if (actor->scopes && is_at_panel(actor) && is_of_panel(right))
                reach = reach < REACH_OWN ? reach : REACH_OWN;
        else if (actor->scopes)
                reach = token_scopes_reach(actor->scopes, right, reach);
        if (!actor->prints_only)
                return reach;
        most = right_reach(right, ROLE_PRINT_TOKEN);
        return reach < most ? reach : most;
}

bool actor_may(const struct actor *actor, enum right right, struct whose whose)
{
        enum reach reach = actor_reach(actor, right);

        if (reach >= whose.reach && reach > REACH_NONE)
                return true;
        return reach >= REACH_OWN && !id_is_zero(whose.person) && id_equal(whose.person, actor->id);
}

const char *actor_kind_name(enum actor_kind kind)
{
        static const char *const names[] = {
                [ACTOR_NOBODY] = "nobody",
                [ACTOR_PERSON] = "person",
                [ACTOR_AGENT] = "agent",
                [ACTOR_CONVERTER] = "converter",
        };

        return names[kind];
}

const char *via_name(enum via via)
{
        static const char *const names[] = {
                [VIA_SERVICE] = "service",     [VIA_API] = "api",
                [VIA_PAGE] = "page",           [VIA_IPP] = "ipp",
                [VIA_AGENT] = "agent",         [VIA_PANEL] = "panel",
                [VIA_BADGE] = "badge",         [VIA_COMMAND_LINE] = "command-line",
                [VIA_CONVERTER] = "converter", [VIA_LPD] = "lpd",
        };

        return via < VIAS ? names[via] : names[VIA_SERVICE];
}
