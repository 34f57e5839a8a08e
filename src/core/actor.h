// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Actors: who is acting, in which tenant, and with which rights. The tenant of everything comes from here
 * alone. */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "core/core.h"
#include "core/right.h"

enum actor_kind {
        ACTOR_NOBODY,
        ACTOR_PERSON, /* also a machine */
        ACTOR_AGENT,
        ACTOR_CONVERTER, /* of the tenant of operators */
};

/* By which way somebody came. */
enum via {
        VIA_SERVICE, /* nobody came: the service itself */
        VIA_API,
        VIA_PAGE, /* a session of a browser */
        VIA_IPP,
        VIA_AGENT,
        VIA_PANEL, /* a session at a printer's panel */
        VIA_BADGE, /* a badge held to a reader */
        VIA_COMMAND_LINE,
        VIA_CONVERTER,
        VIA_LPD, /* known by network and name alone (core/job/submitter.h) */
        VIAS
};

struct actor {
        enum actor_kind kind;
        struct id tenant;
        struct id id;    /* of the person, agent or converter */
        enum role role;  /* of a person */
        uint32_t scopes; /* of a program's token (core/sign-in/token-scope.h); 0: he is not narrowed by one */
        bool prints_only;       /* with a print token: only what ROLE_PRINT_TOKEN may */
        char name[CORE_EMAIL];  /* the person's e-mail address, the name of the others */
        struct id token;        /* zero: none of core/sign-in/token.h */
        struct id grant;        /* of a program's token (core/sign-in/grant.h); zero: none */
        struct id session;      /* zero: none, he shows a secret with every request */
        int64_t fresh_ms;       /* when this session was last shown a secret; 0: without a session */
        enum via via;           /* goes into every event, as does source */
        char source[CORE_NAME]; /* the peer's address as text; empty: the service itself */
        bool owes_factor; /* half signed in: the session waits for a second factor (core/sign-in/session.h) */
        bool owes_password; /* somebody else knows it: nothing goes on before he has set his own */
};

/* Notes how he came. */
void actor_came(struct actor *actor, enum via via, struct text source);

/* Whose, or what, the thing is that an actor would do something with. */
struct whose {
        enum reach reach; /* whoever reaches this far may, */
        struct id person; /* as may this person with REACH_OWN */
};
/* Somebody's: enough of a reach for anything at all. The door's question, never the last one. */
struct whose whose_some(void);
/* This person's. */
struct whose whose_person(struct id person);
/* The tenant's, or everybody's in it. */
struct whose whose_tenant(void);
/* The service's, or another tenant's. */
struct whose whose_service(void);

/* The one who decides. Things of sites: core/site/site.h. */
bool actor_may(const struct actor *actor, enum right right, struct whose whose);
/* How far he reaches: his role's reach, narrowed by what he signed in with. */
enum reach actor_reach(const struct actor *actor, enum right right);

/* "person", …: for events. */
const char *actor_kind_name(enum actor_kind kind);
/* "api", …: for events. */
const char *via_name(enum via via);
