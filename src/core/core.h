// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The product: who is who, what is held, who may release it, and what became of it.
 *
 * A struct core ties the database, the vault and the keeper together with the settings. It is made once,
 * lives as long as the program, and is safe from every thread. Every function of this folder may block (SQL,
 * files, the keeper) and is therefore called from worker threads only.
 *
 * Refusals are of enum core_refusal. Values (struct job, struct person, …) have no pointers to free.
 */

#include <stdbool.h>
#include <stdint.h>

#include "conversion/format.h"
#include "base/id.h"
#include "base/text.h"
#include "core/refusal.h"

struct core;
struct db;
struct live_event;
struct method_driver;
struct keys;
struct vault;

/* Room for names, NUL included. Names (text_is_name) stand in addresses; titles are for people. */
#define CORE_NAME   64
#define CORE_TITLE  256
#define CORE_EMAIL  255
#define CORE_FORMAT 96
#define CORE_WORDS  256

/* Of programs that act for people (core/sign-in/grant.h). */
struct grant_settings {
        int64_t code_ms;                 /* an authorization code lives; default 60 s */
        int64_t access_ms;               /* an access token; default 15 min */
        int64_t refresh_ms;              /* a grant, however often it is refreshed; default 7 days */
        int64_t refresh_retry_ms;        /* a spent refresh token gives its successor again; default 10 s */
        int64_t device_code_ms;          /* a device waits to be allowed; default 10 min */
        int64_t device_interval_ms;      /* between its questions; default 5 s */
        uint32_t device_codes_max;       /* open at a time; default 10,000 */
        uint32_t device_codes_of_source; /* of these from one address; default 60 */
        uint32_t of_person_max; /* grants of one person; the one not used for longest ends; default 100 */
};

struct core_certificates {
        int64_t root_ms;    /* life of a tenant's root certificate; default 10 years */
        int64_t printer_ms; /* of one that was asked for by hand; default 397 days */
        int64_t est_ms;     /* of one that the printer renews by itself; default 90 days */
        int64_t door_ms;    /* of an agent's door; default 90 days */
};

struct core_settings {
        struct core_certificates certificates;
        uint64_t document_octets_max; /* default 2 GiB */
        uint32_t jobs_held_max;       /* of one person, RECEIVING and HELD; default 1,000 */
        int64_t receiving_ms;         /* a job without its document is rejected after; default 5 min */
        int64_t lease_ms;             /* an offer an agent holds without arming; default 30 s */
        int64_t armed_ms;      /* an armed delivery without a word is UNCERTAIN after; default 40 min */
        uint32_t attempts_max; /* proved NOT_PRINTED before the job goes back to HELD; default 3 */
        int64_t retry_ms;      /* between those attempts; default 5 s */
        int64_t printer_state_fresh_ms; /* what a printer said of itself counts for; default 60 s */
        int64_t readiness_wait_ms; /* whoever asks whether a printer is ready waits for its agent; default 12
                                      s */
        int64_t printer_state_wait_ms;  /* whoever releases waits for it; default 2 s */
        int64_t printer_state_badge_ms; /* whoever shows a badge waits for it; default 300 ms */
        int64_t sent_keep_ms;           /* a document SENT but not confirmed stays; default 15 min */
        int64_t uncertain_keep_ms;      /* an UNCERTAIN one waits for its owner's answer; default 1 day */
        int64_t waiting_ms;      /* a released job that no agent fetched is held again after; default 4 h */
        int64_t submit_retry_ms; /* an IPP submission with the same contents is the same one; default 2 min */
        int64_t enrolment_ms;    /* life of an enrolment code; default 15 min */
        int64_t agent_ms;        /* life of an agent's key; default 90 days */
        int64_t agent_gone_ms;   /* without a word from an agent that carries something; default 25 s */
        int64_t meter_keep_ms;   /* what printers' counters stood at; default 1,095 days */
        int64_t alert_keep_ms;   /* alerts that are over; default 90 days */
        int64_t alarm_over_ms;   /* an alarm that was not seen for so long is over; default 1 h */
        int64_t alert_settle_ms; /* what comes again within it is the same alert; default 5 min */
        int64_t discovered_keep_ms; /* what nobody has seen since, and is none of ours; default 30 days */
        int64_t event_keep_ms;      /* jobs that are over and releases stay in the lists; default 365 days */
        int64_t watch_again_ms; /* who comes or looks the same way again is written down after; default 15 min
                                 */
        int64_t trail_keep_ms;  /* events stay; default 365 days */
        int64_t trail_sign_ms;  /* after an event a checkpoint is signed within; default 1 min */
        int64_t key_settle_ms;  /* what was begun under a version of a tenant's key is done within; default 30
                                   s */
        uint64_t trail_sign_records; /* or when there are so many new ones; default 1,000 */
        uint32_t pin_wrong_max;      /* wrong PINs until a pause; twice as many lock it; default 5 */
        int64_t guess_pause_ms;      /* default 15 min */
        uint32_t password_wrong_max; /* of one account in 24 h, from sources it does not know; default 10 */
        uint32_t source_wrong_max; /* of one source in an hour, for accounts that do not know it; default 100
                                    */
        uint32_t unknown_badges_per_hour; /* of one reader, then it is ignored until the hour is over; default
                                             20 */
        int64_t badge_wait_ms;            /* a badge waits for its PIN; default 1 min */
        int64_t badge_two_sites_ms; /* one badge at two sites within is an alarm; default 1 min; 0: never */
        const char
                *breached_file;  /* known passwords (core/sign-in/breached.h); NULL: only the built-in ones */
        uint32_t password_least; /* characters of a new password; a tenant may ask for more; default 8 */
        uint32_t password_checks_max;   /* at once (each takes 64 MiB and a third of a second); default 4 */
        uint32_t password_waiting_max;  /* waiting for one of them; more are told CORE_BUSY; default 64 */
        int64_t password_memory_octets; /* argon2id; default 64 MiB */
        uint32_t password_passes;       /* argon2id; default 3 */
        int64_t password_cache_ms; /* a verified password is believed without argon2id; default 5 min; 0 never
                                    */
        int64_t session_idle_ms;   /* a web session ends without a request; default 20 min */
        int64_t session_panel_idle_ms;    /* one at a panel; default 5 min */
        int64_t session_absolute_ms;      /* in any case; default 12 h */
        int64_t session_administrator_ms; /* of whoever has more rights than a person; default 4 h */
        int64_t session_fresh_ms;         /* a secret shown is fresh for; default 5 min */
        int64_t code_ms;                  /* a one-time code is good for; default 7 days */
        uint32_t sessions_max;            /* of one person; the least used ends; default 32 */
        bool has_mail;                    /* mail is sent (core/notice/mail.h); default no */
        struct grant_settings grant;
        bool inspects; /* documents that arrive are looked into; default no: nobody does it */
        uint32_t document_passwords_max;       /* kept in memory at a time; default 4,096 */
        uint32_t document_passwords_of_person; /* of these, of one person; default 64 */
        int64_t document_password_ms;          /* one is kept for at most; default 1 h */
        uint32_t job_passwords_max;            /* kept in memory at a time; default 4,096 */
        int64_t job_password_ms;               /* one is kept for at most; default 1 day */
        int64_t work_ms; /* a renderer that says nothing for so long has lost its work; default 5 min */
        bool converters; /* conversion servers may be let in; default no */
        int64_t converter_lease_ms;    /* likewise one on another machine; default 30 s */
        int64_t converter_seen_ms;     /* what it can read counts after it was heard of last; default 5 min */
        struct format_set own_formats; /* what renderers on this machine can read; default all */
        bool trace;                    /* log every transition of the ledger (event "transition") */
};

/* The defaults above. */
struct core_settings core_settings_default(void);

/*
 * Whoever knows badges and people besides us: a directory. Both may take seconds, and are asked outside of
 * every transaction. NULL: nobody does.
 */
struct badge_asker {
        /* A badge that we do not know: 0 where it is somebody's by now. CORE_NOT_FOUND. */
        int (*look_up)(struct core *core, struct id tenant, struct text number);
        /* Whether its holder may still come: 0, or CORE_FORBIDDEN after its event. */
        int (*is_there)(struct core *core, struct id tenant, struct id person);
};

struct core_parts {
        struct db *db;
        struct vault *vault;
        struct keys *keys;
        struct core_settings settings;
        /* Called after a commit that gave the agent something to do, on the committing thread; must not
         * block. */
        void (*wake_agent)(void *context, struct id tenant, struct id agent, const char *event);
        /* Likewise: there is work for renderers (core/rendering/work.h). */
        void (*wake_render)(void *context);
        /* Likewise: somebody is to be signed in at a panel (core/panel/panel-code.h). NULL: it finds out
         * itself. */
        void (*wake_panel)(void *context, struct id tenant, struct id panel);
        void *wake_context;
        /* What pages are told of (core/live.h): whether somebody of the tenant listens, and what happened,
         * after its commit. Both on the writer's thread, so neither may wait for anything. NULL: nobody ever
         * listens. */
        bool (*live_wanted)(void *context, struct id tenant);
        void (*live_tell)(void *context, const struct live_event *event);
        void *live_context;
        /* Further ways to sign in (core/sign-in/method.h), ended by NULL; may be NULL. */
        const struct method_driver *const *method_drivers;
        void *method_context; /* what the drivers share; core_method_context() */
        /* Whether a name has this TXT record (core/tenant/domain.h): 0, CORE_NOT_PROVED, CORE_BUSY, or a
         * fault. May block. NULL: no name has one. */
        int (*check_txt)(void *context, const char *name, struct text wanted);
        void *txt_context;
        const struct badge_asker *badges;
};

/*
 * Opens the product over its parts, which it borrows. Tells the vault of every document in the database,
 * collects what a crash left behind, and takes note of this incarnation.
 */
int core_open(const struct core_parts *parts, struct core **ret);
void core_close(struct core *core);

const struct core_settings *core_settings(const struct core *core);
void *core_method_context(const struct core *core);

/*
 * What must happen by itself: expiry, leases that ran out, armed deliveries gone silent, jobs never received,
 * keys of days that are over, old events. Bounded work each time; call about every second from one thread.
 */
int core_sweep(struct core *core);

/*
 * One bounded step (some ten milliseconds, one commit) of what takes many: the rows of a deleted tenant, the
 * exchange of a tenant's key. *ret_more: there is a next one. To be called over and over from one thread of
 * its own, which leaves others as much time between two steps as the last one took.
 */
int core_chore(struct core *core, bool *ret_more);

/*
 * To be called once after a backup was restored, before anything is served: every open delivery becomes
 * UNCERTAIN, so that nothing is printed again that was printed in the time the database has forgotten; every
 * agent's incarnation and grants are void; each tenant gets an event. *ret_uncertain counts the deliveries.
 */
int core_recover(struct core *core, uint64_t *ret_uncertain);

/* For /healthz: 0 where the database answers and the keeper is there, else the fault. */
int core_check(struct core *core);

struct core_figures {
        uint64_t jobs_received; /* acknowledged since start */
        uint64_t octets_received;
        uint64_t jobs_released;
        uint64_t deliveries_printed;
        uint64_t deliveries_sent;
        uint64_t deliveries_not_printed;
        uint64_t deliveries_uncertain;
        uint64_t sign_ins_refused;
        uint64_t badges_unknown;
        uint64_t trail_sent, trail_waiting; /* records for the collector (core/trail/trail-push.h) */
        int64_t trail_waiting_since_ms;     /* 0: none waits */
        uint64_t db_writes, db_commits;
        uint64_t vault_deposits, vault_flushes, vault_free_octets;
};
void core_read_figures(struct core *core, struct core_figures *ret);
