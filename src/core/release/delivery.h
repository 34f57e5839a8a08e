// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Deliveries: one attempt each to carry a released job to its printer, by one agent at a time.
 *
 * The epoch fences: every offer raises it, and only the agent, incarnation and epoch of the last offer may
 * arm. Arming is the only gate to paper, because only it gives out the document's key. What comes after ARMED
 * is only ever told by the agent's proof, or is UNCERTAIN. Reports are applied once each and answered the
 * same when repeated.
 */

#include "base/arena.h"
#include "base/secret.h"
#include "core/report/accounting.h"
#include "core/job/job.h"
#include "core/printer/printer.h"
#include "core/unwritten.h"

struct vault_reader;

/* To a server's queue: under whose name; user empty: it is a device's. */
struct delivery_forward {
        char user[CORE_EMAIL];
        char title[CORE_TITLE]; /* empty: it does not go along */
};

struct delivery_offer {
        struct id delivery;
        uint32_t epoch;
        struct id job;
        struct printer printer;
        struct ticket ticket;
        struct accounting accounting;
        struct delivery_forward forward;
        char format[CORE_FORMAT];
        uint64_t size_octets; /* of the document */
        uint64_t sealed_octets;
        uint8_t seal_id[36]; /* what the seal authenticates besides the octets (crypt/seal.h) */
        size_t seal_id_length;
        struct id stay; /* the deposit in which the agent itself has the octets (core/job/stay.h); zero: they
                           are here */
        int64_t lease_ms;
};

/*
 * An agent has started. With a new journal (another incarnation) the grants of older ones are void: its
 * offers go back, its armed deliveries become UNCERTAIN. With the same journal, whatever is offered or armed
 * to it and does not stand among the deliveries that its journal names was never begun, since the journal is
 * written before the first octet: it goes back. journal NULL: the agent does not say, and nothing of the same
 * incarnation is touched.
 *
 * starts is struct agent's, as the agent read it just before. CORE_STALE where it is another by now: the
 * message was overtaken by a later one, and what it says of the journal is no longer true.
 */
int agent_set_incarnation(struct core *core, const struct actor *agent, uint64_t incarnation, uint64_t starts,
                          const struct id *journal, size_t journal_count);

/* What the agent should carry now, at most max. CORE_STALE: the incarnation is not the agent's last one. */
int delivery_lease(struct core *core, const struct actor *agent, uint64_t incarnation, uint32_t max,
                   struct arena *arena, struct delivery_offer **ret, size_t *ret_count);

/* The sealed octets of an offered or armed delivery. CORE_STALE, CORE_NOT_FOUND, CORE_DESTROYED. */
int delivery_open_document(struct core *core, const struct actor *agent, struct id delivery, uint32_t epoch,
                           struct vault_reader **ret, uint64_t *ret_sealed_octets);

/* The document's key, once the armed state is on the disk, and the job-password (length 0: none), to be wiped
 * by the caller. Repeating it is harmless. CORE_STALE, CORE_NOT_FOUND, CORE_DESTROYED, CORE_BUSY. */
int delivery_arm(struct core *core, const struct actor *agent, struct id delivery, uint32_t epoch,
                 uint64_t incarnation, struct secret *ret_key, struct unwritten_secret *ret_password);

struct delivery_report {
        struct id delivery;
        uint32_t epoch;
        uint64_t incarnation;
        enum delivery_state outcome; /* PRINTED, SENT, NOT_PRINTED, UNCERTAIN or CANCELLED */
        bool may_retry;              /* NOT_PRINTED: proved, and nobody cancelled it at the printer */
        uint32_t pages;
        uint64_t octets_acked;
        struct text reason; /* a keyword of ours: "identity-mismatch", "connect-refused", "stalled", … */
        const char *by;     /* "ipps", "ipp", "raw", "lpd": how the printer was spoken to last; NULL: not */
};
/* NULL is one. */
bool delivery_is_way(const char *by);
/* CORE_STALE: another epoch or agent; CORE_NOT_FOUND. */
int delivery_report(struct core *core, const struct actor *agent, const struct delivery_report *report);

/* While it is under way: the printer's words, shown to the owner ("media-empty"). CORE_STALE. */
int delivery_progress(struct core *core, const struct actor *agent, struct id delivery, uint32_t epoch,
                      struct text reason, uint32_t pages);
