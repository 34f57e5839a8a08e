// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Events: what happened, to whom, by whom. Written in the transaction of the change itself: no change without
 * its event, no event without its change. They carry ids and our own keywords, never documents, titles, PINs,
 * badges or passwords.
 *
 * An event is a record of its tenant's audit trail (audit/record.h): numbered from 1 without a gap, and with
 * a hash that stands for it and all before it. Whatever rolls an event back takes its number and hash with
 * it, because the end of the chain is nowhere but in the last row.
 */

#include "core/actor.h"
#include "crypt/hash.h"

struct event {
        uint64_t number;
        int64_t at_ms;
        char kind[CORE_NAME]; /* "job-held", "badge-unknown", … (docs/words.md) */
        char actor_kind[16];
        struct id actor;
        struct id subject;       /* the job, printer, person … it is about; zero: none */
        char detail[CORE_WORDS]; /* name=value words */
        char via[16];            /* how he came: "api", "ipp", … (enum via) */
        char source[CORE_NAME];  /* from where: an address; empty: the service itself */
        uint8_t hash[HASH_OCTETS];
};

struct audit_record;

/* The record that it is, of this tenant; its texts are the event's. */
void event_to_record(const struct event *event, struct id tenant, struct audit_record *ret);

/* Oldest first, from the number after on; subject NULL: all. CORE_FORBIDDEN: administrators only. */
int event_list(struct core *core, const struct actor *actor, const struct id *subject, uint64_t after,
               struct event *ret, size_t max, size_t *ret_count);

/* What event_search() looks for; zero and NULL members ask for nothing. */
struct event_search {
        const struct id *subject;
        const struct id *actor;
        const char *kind; /* how the event's name begins: "job-" */
        int64_t since_ms;
        int64_t until_ms; /* before it; 0: no end */
        bool newest;      /* the newest first */
        uint64_t after;   /* goes on behind this number, in that order; 0: from its beginning */
};

/*
 * What was found, in the order asked for, of at most EVENT_LOOK_MAX records that are looked at. *ret_looked
 * is after what to go on: the number of the last record looked at, or 0 where that was all of them; there may
 * be more although nothing was found. CORE_FORBIDDEN: administrators only.
 */
#define EVENT_LOOK_MAX 200000
int event_search(struct core *core, const struct actor *actor, const struct event_search *search,
                 struct event *ret, size_t max, size_t *ret_count, uint64_t *ret_looked);

/* An event that goes with no other change, such as a refused sign-in. subject may be zero. */
int event_note(struct core *core, struct id tenant, const struct actor *actor, const char *kind,
               struct id subject, const char *detail);
