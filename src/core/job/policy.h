// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Policies: what a tenant's administrators make of tickets, whoever asked for what. A policy holds for
 * everybody, or only for a group's members, a queue's jobs, a printer, or the printers of a site or
 * of a group of them; where it
 * names several of them, all must fit. What it does at a release, and that it says so, is
 * core/release/settle.h's.
 *
 * All that hold are applied, oldest first: the smaller number counts, and of two that want other sides the
 * older one.
 */

#include "core/actor.h"
#include "core/job/ticket.h"

#define POLICIES_MAX 100 /* of a tenant */
#define POLICY_TITLE 128

struct db_tx;

struct policy {
        struct id id;
        char title[POLICY_TITLE]; /* told to people as the reason */
        /* For whom and where; zero: any. */
        struct id group;
        struct id queue;
        struct id printer;
        struct id site;
        struct id printer_group;
        /* What; empty, false and 0: nothing. */
        char sides[TICKET_KEYWORD]; /* two-sided-long-edge leaves two-sided-short-edge as it is */
        bool monochrome;
        bool job_password; /* nothing lies open at the printer: a job-password is needed */
        uint32_t copies_max;
        uint32_t pages_max; /* that are printed, copies counted */
        int64_t created_ms;
};

/* CORE_FORBIDDEN, CORE_BAD_VALUE (no title, unknown sides, one that does nothing, POLICIES_MAX),
 * CORE_NOT_FOUND (group, queue, printer, site, group of printers). */
int policy_make(struct core *core, const struct actor *actor,
                struct policy *policy); /* fills id, created_ms */
/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
int policy_find(struct core *core, const struct actor *actor, struct id id, struct policy *ret);
int policy_list(struct core *core, const struct actor *actor, struct id after, struct policy *ret, size_t max,
                size_t *ret_count);
/* All but id and created_ms. As policy_make(). */
int policy_change(struct core *core, const struct actor *actor, const struct policy *policy);
/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
int policy_delete(struct core *core, const struct actor *actor, struct id id);

/* Those that hold for a person's job from a queue at a printer, which stands at a site or at none (zero),
 * oldest first. ret has room for POLICIES_MAX. Faults only. */
struct policy_case {
        struct id person;
        struct id queue;
        struct id printer;
        struct id site;
};
int policies_for(struct db_tx *tx, struct id tenant, const struct policy_case *c, struct policy *ret,
                 size_t *ret_count);
/* With a group, queue, printer or site that is no more. */
int policies_forget(struct db_tx *tx, struct id tenant, struct id gone);
