// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Agents: who carries documents to the printers of a site. */

#include "core/actor.h"
#include "core/site/outpost.h"

/* What an agent does beside delivering, each of which can be switched off. */
enum agent_feature {
        AGENT_READERS,   /* listens to badge readers */
        AGENT_DIRECTORY, /* asks directories of its site */
        AGENT_DISCOVERY, /* looks for printers, and asks them for their data */
        AGENT_IPP,       /* is an IPP printer to its site */
        AGENT_LPD,       /* takes jobs by LPD */
        AGENT_OFFLINE,   /* releases while the service cannot be reached */
        AGENT_FEATURES,
};
const char *agent_feature_name(enum agent_feature feature);

#define AGENT_HEALTH 12288

struct agent {
        struct id id;
        char name[CORE_NAME];
        struct id site;        /* zero: none */
        uint32_t features_off; /* 1 << enum agent_feature */
        bool enrolled;
        int64_t created_ms;
        int64_t expires_ms;      /* of its key, or of its first code */
        int64_t code_expires_ms; /* of the code that was made last */
        int64_t seen_ms;         /* last time its event stream was opened or kept open; to the minute */
        uint64_t incarnation;
        uint64_t starts;           /* how often it told which deliveries its journal names */
        char health[AGENT_HEALTH]; /* as it told it last, JSON; empty: never */
        int64_t health_ms;         /* when */
        uint32_t alarms;           /* open ones that its readers gave cause for (core/notice/alarm.h) */
        int64_t cloned_ms;         /* when it was last noticed that two machines have its key; 0: not since it
                                      enrolled */
};

/* A new agent, and the code with which it enrols once, within enrolment_ms. CORE_FORBIDDEN, CORE_TAKEN,
 * CORE_BAD_VALUE. */
int agent_make(struct core *core, const struct actor *actor, struct id tenant, struct text name,
               struct id site, struct agent *ret, char ret_code[OUTPOST_CODE]);
/* A new code for one that is there, which keeps what was bound to it: its key goes on being its key until
 * another enrols with the code. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int agent_make_code(struct core *core, const struct actor *actor, struct id id, struct agent *ret,
                    char ret_code[OUTPOST_CODE]);
/* What an agent with a fresh key says. CORE_WRONG_CREDENTIALS (also after its time, or used), CORE_LOCKED
 * (source guesses). */
int agent_enrol(struct core *core, struct text code, const uint8_t fingerprint[32], struct text source,
                struct actor *ret);
/* The agent's next key takes the place of the last. CORE_TAKEN. */
int agent_renew(struct core *core, const struct actor *agent, const uint8_t fingerprint[32],
                int64_t *ret_expires_ms);
int agent_list(struct core *core, const struct actor *actor, struct id after, struct agent *ret, size_t max,
               size_t *ret_count);
int agent_find(struct core *core, const struct actor *actor, struct id id, struct agent *ret);
/* The id of an agent of the tenant, by its name or its id. CORE_NOT_FOUND. For the service itself. */
int agent_find_named(struct core *core, struct id tenant, struct text name, struct id *ret);
/* Moves it to its site, zero: to none, and switches its features, of which it hears at once. CORE_FORBIDDEN,
 * CORE_NOT_FOUND. */
int agent_change(struct core *core, const struct actor *actor, const struct agent *agent);
/* Whether it is there and has the feature switched on. For the service itself. */
int agent_has_feature(struct core *core, struct id tenant, struct id id, enum agent_feature feature,
                      bool *ret);
/* Revokes it from this moment: its open offers go back, its armed deliveries become UNCERTAIN.
 * CORE_FORBIDDEN, CORE_NOT_FOUND. */
int agent_delete(struct core *core, const struct actor *actor, struct id id);
/* How it is, as it told last: JSON that the door has looked at. */
int agent_keep_health(struct core *core, const struct actor *agent, const char *health);

/* It is there, with this journal. CORE_STALE where another of its journals or of its machines took its place.
 */
int agent_is_there(struct core *core, const struct actor *agent, uint64_t incarnation);
/* It was heard of: written at most once a minute. */
void agent_seen(struct core *core, const struct actor *agent);
