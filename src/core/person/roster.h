// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Rosters: what a directory says of a tenant's people, taken over into ours.
 *
 *   1. Who is switched off or gone there is disabled here, and comes back when he is there again; whom an
 *      administrator disabled stays disabled.
 *   2. The last administrator is never disabled by a directory.
 *   3. A badge that is bound to somebody is not taken from him. A badge that came from the directory
 *      (labelled so) goes when the directory has another number.
 *   4. A synchronisation that would disable more than its brake allows disables nobody, and says so.
 *   5. Trying (dry) runs the very same transactions, and takes each of them back.
 *
 * Called by the drivers of directories (identity/), which know who asks; there are no actors here but the
 * service itself. Safe from every thread.
 */

#include "core/sign-in/method.h"
#include "core/sign-in/outside.h"

#define ROSTER_ONCE        50 /* people in one transaction */
#define ROSTER_BADGE_LABEL "directory"
#define ROSTER_LINES       8192

struct roster_person {
        struct text issuer; /* which domain of the directory; empty: its own, which synchronisations are of */
        struct text subject;
        struct outside_claims claims;
        struct text card; /* a badge's number; empty: none */
        bool disabled;
};

enum roster_change {
        ROSTER_MADE = 1,
        ROSTER_CHANGED = 2,
        ROSTER_GROUPS = 4,
        ROSTER_BADGE = 8, /* bound */
        ROSTER_BADGE_GONE = 16,
        ROSTER_BADGE_TAKEN = 32, /* it is somebody else's */
        ROSTER_DISABLED = 64,
        ROSTER_ENABLED = 128,
        ROSTER_REFUSED = 256, /* not taken over: the policy, an address that is taken, no usable address */
};

struct roster_result {
        struct id person; /* zero: not one of ours */
        unsigned int changes;
};

/* At most ROSTER_ONCE people in one transaction. A fault is nobody's. */
int roster_take(struct core *core, struct id tenant, struct id method, const struct outside_policy *policy,
                const struct roster_person *people, size_t count, bool dry, struct roster_result *ret);

/* Whom a method has brought, in order of subject, from after on. */
struct roster_known {
        char subject[OUTSIDE_SUBJECT];
        struct id person;
        bool disabled;
};
int roster_list(struct core *core, struct id tenant, struct id method, struct text after,
                struct roster_known *ret, size_t max, size_t *ret_count);

/* Disables those of these people whom it may, as gone from the directory: at most ROSTER_ONCE. */
int roster_disable(struct core *core, struct id tenant, struct id method, const struct id *people,
                   size_t count, bool dry, struct roster_result *ret);

/* How recently this person was seen by the method: 0 where he never was. */
int roster_seen(struct core *core, struct id tenant, struct id method, struct id person, int64_t *ret_ms);
/* He was seen just now: noted at most once a minute. */
int roster_note_seen(struct core *core, struct id tenant, struct id method, struct id person);

/* A synchronisation. */
struct roster_run {
        struct id id;
        struct id method;
        bool dry;
        char outcome[24]; /* "": under way; "done", "braked", "failed" */
        char words[CORE_WORDS];
        uint64_t seen, made, changed, badges, disabled, enabled, refused;
        int64_t started_ms, ended_ms;
        char lines[ROSTER_LINES]; /* "made ada@demo.example", the first ones */
};
/* CORE_BUSY: one of this method is under way already (one older than a day is over). */
int roster_run_begin(struct core *core, struct id tenant, const struct actor *actor, struct id method,
                     bool dry, struct roster_run *ret);
/* With its event, "directory-synchronised", where it was not dry. */
int roster_run_end(struct core *core, struct id tenant, const struct roster_run *run);
/* At start: what was under way when the process ended has failed. */
int roster_runs_abandon(struct core *core);
/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
int roster_run_find(struct core *core, const struct actor *actor, struct id id, struct roster_run *ret);
/* When the method's last one that was not dry began; 0: never. */
int roster_run_last(struct core *core, struct id tenant, struct id method, int64_t *ret_started_ms);

/* Every enabled method of a kind, of all tenants: for whoever synchronises. */
struct roster_source {
        struct id tenant;
        struct id method;
};
int roster_sources(struct core *core, const char *kind, struct roster_source *ret, size_t max,
                   size_t *ret_count);
