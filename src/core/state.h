// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What the files of core share and nobody else sees: the parts, what is kept in memory, and the small helpers
 * of their transactions.
 */

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/secret.h"
#include "core/actor.h"
#include "core/person/email.h"
#include "core/sign-in/guess.h"
#include "core/job/job.h"
#include "core/mark.h"
#include "core/tenant/tenant.h"
#include "core/tenant/tenant-keys.h"
#include "core/unwritten.h"
#include "core/rendering/work.h"
#include "crypt/field.h"
#include "crypt/password.h"
#include "db/db.h"
#include "keys/keys.h"
#include "vault/vault.h"

/* The versions of a tenant's key, newest first. Never changed once others see it: they go on with the one
 * they have. */
struct key_ring {
        struct key_ring *before; /* the one it took the place of, kept for those */
        size_t count;
        struct keys_tenant versions[];
};

#define FIELD_KEYS KEY_VERSIONS_MAX

/* A tenant as it is kept in memory for good: settings and keys. */
struct tenant_entry {
        struct tenant tenant; /* under tenants_lock */
        _Atomic(struct key_ring *) ring;
        struct field_key { /* under tenants_lock; wiped when the tenant is deleted, or the version is */
                uint32_t version;
                struct secret key;
        } field_keys[FIELD_KEYS]; /* the one to seal with first; version 0: none */
        struct tenant_entry *next;
};

struct breached;
struct password_gate;
struct password_work;
struct password_cache;
struct answered;
struct watch;

/* core/site/agent.c */
struct outposts_seen {
        pthread_mutex_t lock;
        struct outpost_seen_slot {
                struct id id;
                int64_t at_ms;    /* written to its row */
                int64_t heard_ms; /* clock_monotonic_ms() of its last request */
        } * slots;
};

struct report_file_order;

struct core {
        struct core_parts parts;
        struct db *db;
        struct vault *vault;
        struct keys *keys;
        struct core_settings settings;
        int64_t started_ms;

        pthread_rwlock_t tenants_lock;
        struct tenant_entry *tenants; /* entries are only ever added; their settings change under the lock */

        struct secret
                challenge_key; /* of challenges that nobody is named for (core/sign-in/passkey-sign-in.c) */
        struct breached *breached; /* NULL: no list */
        struct password_gate *password_gate;
        struct password_work *password_work;
        struct password_cache *password_cache;
        struct answered *answered;
        struct unwritten *document_passwords; /* by the job */
        struct unwritten *job_passwords;      /* by the delivery */
        struct watch *watch;
        struct outposts_seen *outposts_seen;
        struct leases *leases; /* core/rendering/lease.c */
        struct printer_desk *printer_desk, *readiness_desk, *configure_desk;

        struct id work_served[WORK_KINDS]; /* whose turn was the last; the writer's thread alone */
        pthread_mutex_t work_lock;
        pthread_cond_t work_waiting; /* for some work to end, well or not */
        uint64_t work_endings;

        /* core/report/report-schedule.h; NULL: nobody makes any */
        int (*make_report_file)(void *context, const struct report_file_order *order, struct buffer *to);
        void *report_file_context;

        int64_t swept_ms, pruned_ms;          /* of the sweeper's thread alone, as are both ids */
        struct id trail_signed, trail_pruned; /* the tenant after which to go on */
        struct id
                ending; /* the deleted tenant whose rows go, and from which table; of core_chore()'s thread */
        size_t ending_table;
        int64_t guess_shift_ms; /* added to the clock by which guesses are counted; tests set it */
        _Atomic uint64_t jobs_received, octets_received, jobs_released;
        _Atomic uint64_t deliveries_ended[DELIVERY_STATES];
        _Atomic uint64_t sign_ins_refused, badges_unknown;
        _Atomic uint64_t trail_sent, trail_waiting;
        _Atomic int64_t trail_waiting_since_ms; /* 0: none waits */
};

/*
 * Small fields of a tenant, core/sealed.c: the version of its key in four octets, then crypt/field.h. Sealed
 * under the newest version, opened under whichever it was sealed under. Refusals of crypt/field.h; a fault
 * (-ENOKEY) where the tenant was deleted meanwhile.
 */
#define TENANT_SEAL_OVERHEAD (4 + FIELD_OVERHEAD)
int tenant_seal(struct core *core, const struct tenant_entry *entry, struct text bound_to, struct text plain,
                struct buffer *to);
int tenant_unseal(struct core *core, const struct tenant_entry *entry, struct text bound_to,
                  struct text sealed, struct buffer *to);
/* With what every seal of this version begins: what is less is older. */
void tenant_seal_prefix(uint32_t version, uint8_t ret[4]);
/* A key for something else derived from the newest one. */
int tenant_derive(struct core *core, const struct tenant_entry *entry, const char *purpose,
                  struct secret *ret);
/* Their keys, from the keeper, of the versions in the ring that are not retired. */
int field_keys_load(struct core *core, const struct key_ring *ring, struct field_key ret[FIELD_KEYS]);
void field_keys_wipe(struct field_key keys[FIELD_KEYS]);

/* The entry of a tenant that exists; a fault where it does not. */
int tenant_entry_get(struct core *core, struct id tenant, const struct tenant_entry **ret);
void tenant_entries_free(struct core *core);
/* Runs change on the entry under the lock, where it is in memory. */
void tenant_entry_change(struct core *core, struct id tenant,
                         void (*change)(struct tenant *tenant, void *context), void *context);
/* A tenant's columns as its struct has them, limits included; core/tenant/tenant.c. DB_NO_ROW. */
int tenant_row_find(struct db_tx *tx, struct id tenant, struct tenant *ret);

/* Keys of a tenant, core/tenant/tenant-keys.c. What is new gets the newest version. */
const struct keys_tenant *keys_newest(const struct tenant_entry *entry);
/* The one a document was made under. A fault where it is gone. */
int keys_of_version(struct core *core, const struct tenant_entry *entry, uint32_t version,
                    const struct keys_tenant **ret);
/* Puts what the database has now in place of what is in memory. */
int key_ring_reload(struct core *core, const struct tenant_entry *entry);
int tenant_key_insert(struct db_tx *tx, const struct keys_tenant *keys, uint64_t master);
int key_ring_load(struct db_tx *tx, struct id tenant, struct key_ring **ret);
void key_ring_free(struct key_ring *ring);

/* What a new job costs its tenant: its number, its place in the hour, its room; core/tenant/tenant-limit.c.
 * CORE_LIMIT_REACHED, CORE_TOO_FAST. */
int tenant_count_job(struct core *core, struct db_tx *tx, struct id tenant, uint32_t *ret_number);
int tenant_count_held(struct db_tx *tx, struct id tenant, int64_t jobs);
int tenant_count_octets(struct db_tx *tx, struct id tenant, int64_t octets);
/* CORE_LIMIT_REACHED where count has reached this limit. */
int tenant_limit_check(struct core *core, struct id tenant, enum tenant_limit limit, int64_t count);
/* Tells administrators whose tenant has outgrown its plan. */
int tenants_compare_plans(struct core *core);
/* One step of an exchange that is due (core/tenant/key-exchange.h), of at most a hundred rows. */
int key_exchange_step(struct core *core, bool *ret_more);
/* One step of a deleted tenant's way out, of a few hundred rows; core/tenant/tenant-delete.c. */
int tenant_delete_step(struct core *core, bool *ret_more);

/* Whose proved domain it is, of an address in lower case; core/tenant/domain.c. CORE_NOT_FOUND. */
int domain_find_tenant(struct core *core, struct text email, struct id *ret);
/* CORE_TAKEN. */
int domain_insert(struct db_tx *tx, const struct actor *actor, struct id tenant, const char *name,
                  const char *proof);

/* A document's row. */
struct document {
        struct id job;
        uint32_t artefact;
        uint32_t key_version;
        struct wrapped_key wrapped;
        int64_t expiry_day;
        char format[CORE_FORMAT];
        uint64_t size_octets;
        uint64_t sealed_octets;
        struct vault_place place;
        bool stays; /* with an agent (core/job/stay.h): it has no key and no place here */
};

/* Places whose rows a transaction deleted, to be freed after its commit. */
#define JOB_ARTEFACTS_MAX 24 /* what was sent included */
#define PLACES_JOBS_MAX   20 /* of one transaction */
#define PLACES_MAX        (JOB_ARTEFACTS_MAX * PLACES_JOBS_MAX)
struct places {
        struct vault_place at[PLACES_MAX];
        size_t count;
        struct id stayed; /* the tenant of whose agents one is to remove what it has; of several, the last */
};
void places_free(struct core *core, const struct places *places);

/* CORE_BUSY: sealed under a version that has ended meanwhile; it has to be sent again. */
int document_insert(struct db_tx *tx, struct id tenant, const struct document *document);
/* DB_NO_ROW. */
int document_find(struct db_tx *tx, struct id tenant, struct id job, uint32_t artefact, struct document *ret);
/* Deletes the rows of a job's document, of all that was made of it and of all that is to be: their keys are
 * gone with the commit. */
int document_delete(struct db_tx *tx, struct id tenant, struct id job, struct places *add_to);
/* Likewise of one artefact that was made of it. */
int document_delete_one(struct db_tx *tx, struct id tenant, struct id job, uint32_t artefact,
                        struct places *add_to);
/* What the seal of an artefact authenticates: tenant, job, artefact. */
#define DOCUMENT_SEAL_ID (2 * ID_OCTETS + 4)
void document_seal_id(struct id tenant, struct id job, uint32_t artefact, uint8_t ret[DOCUMENT_SEAL_ID]);
/* Moves whatever lies in a day that is over to tomorrow's key, in bounded steps (core/job/day.c). */
int documents_move_on(struct core *core, int64_t now);
/* Tells the vault of every document in the database. */
int document_keep_all(struct core *core);

/* A job's row as the transactions need it. */
struct job_row {
        struct id id;
        struct id queue;
        struct id owner;
        struct id printer; /* where alone it comes out; zero: anywhere */
        uint32_t number;
        enum job_state state;
        struct id delivery;
        char format[CORE_FORMAT];
        struct ticket ticket;
};
/* DB_NO_ROW. */
int job_row_find(struct db_tx *tx, struct id tenant, struct id job, struct job_row *ret);
/* Every change of a job's state goes through here: asserts that the ledger allows it, keeps the counters,
 * writes the trace. */
int job_row_become(struct core *core, struct db_tx *tx, struct id tenant, struct job_row *job,
                   enum job_state to, const char *reason, int64_t expires_ms);
/* The counters for a job that is inserted in this state; CORE_TOO_MANY_JOBS, CORE_FORBIDDEN (disabled
 * meanwhile). */
int job_row_count(struct core *core, struct db_tx *tx, struct id tenant, struct id owner, struct id queue);
/* Ends a job for good: state, keys, octets; its row stays for the history. */
int job_row_end(struct core *core, struct db_tx *tx, struct id tenant, struct job_row *job, enum job_state to,
                const char *reason, struct places *add_to);
void job_seal_title(struct core *core, const struct tenant_entry *entry, struct id job, struct text title,
                    struct buffer *to, int *ret_r);

/* "transition" in the log, where the settings ask for it and once the transaction is committed. noun, from
 * and to are literals. */
int trace_transition(struct core *core, struct db_tx *tx, const char *noun, struct id id, const char *from,
                     const char *to, const char *cause, uint32_t epoch);

/* Events after a number, with what event_list() asks for. */
struct event;
int event_list_in(struct db_tx *tx, struct id tenant, const struct id *subject, uint64_t after,
                  struct event *ret, size_t max, size_t *ret_count);
/* An event in the transaction of the change. actor may be NULL: the service itself. */
int event_add(struct db_tx *tx, struct id tenant, const struct actor *actor, const char *kind,
              struct id subject, const char *detail);

/* Whether the actor has this right to what belongs to the site, zero being none: 0 or CORE_FORBIDDEN. A NULL
 * actor is the service itself. */
int right_at_site(struct db_tx *tx, const struct actor *actor, enum right right, struct id site);
/* The same for what belongs where an agent stands (core/site/agent.c); also CORE_NOT_FOUND. */
int right_to_agent(struct db_tx *tx, const struct actor *actor, enum right right, struct id agent);

/* CORE_FORBIDDEN where the actor is a machine and the queue none of its own (core/person/machine.c). */
int machine_check_queue(struct core *core, const struct actor *actor, struct id queue);

/* Whether the actor is a delegate of the owner and may do this as one: 0 or CORE_NOT_FOUND
 * (core/person/delegate.c). It is about held jobs only, which the caller looks at. */
/* "by=… owner=…" where somebody acts on what is another's, for an event; otherwise "" (core/job/job.c). */
void both_named(const struct actor *actor, struct id owner, char *to, size_t size);
int delegate_check(struct db_tx *tx, const struct actor *actor, enum right right, struct id owner,
                   bool *ret_titles);

/* group_set_from() on behalf of somebody, telling whether anything changed. */
int membership_set(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id person,
                   struct id method, const char *const *names, size_t count, bool *ret_changed);
/* A person's row. DB_NO_ROW. */
struct person;
int person_row_find(struct db_tx *tx, struct id tenant, struct id id, struct person *ret);
int person_row_find_by_email(struct db_tx *tx, struct id tenant, const char *email, struct person *ret);
/* A password as it is stored, for a person who need not be there yet. CORE_BAD_VALUE, CORE_BUSY. */
int person_hash_password(struct core *core, struct id tenant, struct id id, struct text password,
                         char ret[VERIFIER_STRING]);
/* A new person with his event; the address is folded already. CORE_TAKEN. */
int person_insert(struct db_tx *tx, struct id tenant, const struct actor *actor, const struct person *person,
                  const char *detail);

/* Whether a new password may be one: CORE_BAD_VALUE (too short, too long, no text), CORE_KNOWN_PASSWORD.
 * email (may be NULL) is whose; core/sign-in/password-rule.c. */
int password_judge(struct core *core, struct id tenant, const char *email, struct text password);

/* Slow hashes, a few at once, core/sign-in/password-gate.c. CORE_BUSY. */
int password_gate_new(struct core *core);
void password_gate_free(struct core *core);
int password_gate_enter(struct core *core);
void password_gate_leave(struct core *core);

/* The slow hashes themselves, on threads of low priority, core/sign-in/password-work.c; inside the gate. */
int password_work_new(struct core *core);
void password_work_free(struct core *core);
int password_work_hash(struct core *core, struct text secret, const struct password_cost *cost,
                       char ret[PASSWORD_STRING]);
int password_work_remake(struct core *core, struct text secret, const char *string,
                         uint8_t ret[PASSWORD_HASH_OCTETS]);
int password_work_pretend(struct core *core, struct text secret, const struct password_cost *cost);

/* Verified passwords, core/sign-in/password-cache.c. */
int password_cache_new(struct core *core);
void password_cache_free(struct core *core);
bool password_cache_knows(struct core *core, struct id person, int64_t secrets_version, struct text secret);
void password_cache_keep(struct core *core, struct id person, int64_t secrets_version, struct text secret);

/* The methods every tenant has, in the transaction that makes it; core/sign-in/method.c. */
int method_add_ours(struct db_tx *tx, struct id tenant);
struct sign_in_policy;
int sign_in_policy_get(struct db_tx *tx, struct id tenant, struct sign_in_policy *ret);

/* Who comes with an access token (core/sign-in/grant.h). CORE_WRONG_CREDENTIALS; where *ret_is_over, it was
 * good once and *ret is whose it was. */
int grant_authenticate(struct core *core, struct text token, struct text source, struct actor *ret,
                       bool *ret_is_over);
/* Ends what somebody allowed programs, and what they wait for. Machines go on: they have a secret of their
 * own. */
int grant_end_all(struct db_tx *tx, struct id tenant, struct id person);
/* Likewise what was allowed in sessions that their provider ends; as session_end_outside(). */
int grant_end_outside(struct db_tx *tx, struct id tenant, struct id method, struct text outside,
                      struct id person, int64_t *ret_count);

/* Who came, looked, was refused: core/trail/watch.h. */
int watch_new(struct core *core);
void watch_free(struct core *core);

/* Answered submissions, core/answered.c. */
int answered_new(struct core *core);
void answered_free(struct core *core);
bool answered_has(struct core *core, struct id job);

/*
 * Whether the agent ?2 serves the printer p: its own; and those that no agent was named for, where they stand
 * on its site, or nowhere. An agent without a site serves sites that have no agent of their own. So the
 * agents of a site share its printers, and any of them goes on where another ends.
 */
#define AGENT_SERVES                                                                               \
        "(p.agent_id = ?2 OR (p.agent_id IS NULL AND (p.site_id IS NULL"                           \
        " OR p.site_id = (SELECT m.site_id FROM agent m WHERE m.tenant_id = ?1 AND m.id = ?2)"     \
        " OR (NOT EXISTS (SELECT 1 FROM agent m WHERE m.tenant_id = ?1 AND m.id = ?2"              \
        " AND m.site_id IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM agent o WHERE o.tenant_id = ?1" \
        " AND o.site_id = p.site_id AND o.fingerprint IS NOT NULL)))))"
/* CORE_NOT_FOUND where it does not. */
int agent_serves(struct db_tx *tx, const struct actor *agent, struct id printer);
/* One that has not been heard of for agent_gone_ms: its offers go back, what it armed is UNCERTAIN until it
 * says more. */
int agents_settle_gone(struct core *core);
/* It is gone for good: its offers go back, and what it armed is UNCERTAIN. */
int agent_void_grants(struct core *core, struct db_tx *tx, struct id tenant, struct id agent,
                      const char *cause);

int outposts_seen_new(struct core *core);
void outposts_seen_free(struct core *core);
int leases_new(struct core *core);
/* What was leased is wanted again. */
void leases_free(struct core *core);

/* What was made of a document, core/job/rendition.c. */
struct rendition {
        uint32_t artefact;
        uint32_t pages; /* 0: not known */
};
/* DB_NO_ROW. */
int rendition_find(struct db_tx *tx, struct id tenant, struct id job, const char *recipe,
                   struct rendition *ret);
/* Its document's row as well. Takes away the least useful one where the job has too many. */
int rendition_insert(struct db_tx *tx, struct id tenant, const struct document *document, const char *recipe,
                     uint32_t pages, struct places *add_to);

/* What renderers have to do, core/rendering/work-list.c. */
struct work_row {
        struct id tenant;
        struct id id;
        struct id job;
        struct id owner;
        enum work_kind kind;
        uint32_t attempts;
        char recipe[ORDER_LINE];
};
/* Wanted from now on, where it is not yet. */
int work_want(struct db_tx *tx, struct id tenant, struct id job, struct id owner, enum work_kind kind,
              const char *recipe);
/* Which works somebody can do. */
struct work_wish {
        enum work_kind least_urgent;
        const char *sources; /* format_set_format() */
};
/* The next one is leased until due_ms. CORE_NOTHING_HELD. */
int work_lease(struct core *core, struct db_tx *tx, const struct work_wish *wish, int64_t due_ms,
               struct work_row *ret);
/* Whether there is one: 0 or CORE_NOTHING_HELD. */
int work_list_look(struct core *core, const struct work_wish *wish);
/* Whether it is still wanted. DB_NO_ROW. */
int work_row_check(struct db_tx *tx, const struct work_row *row);
int work_row_delete(struct db_tx *tx, const struct work_row *row);
/* Wanted again, or failed for good where reason is not NULL. */
int work_row_return(struct db_tx *tx, const struct work_row *row, const char *reason);
/* Those whose lease is over are wanted again; all of them where now is INT64_MAX. */
int work_list_sweep(struct core *core, int64_t now);
/* The waiting for it. */
void work_list_init(struct core *core);
void work_list_done(struct core *core);
/* Tells those who wait that some work has ended, well or not. */
void work_ended(struct core *core);
/* How many have ended so far; and waits until there is another one, or clock_monotonic_ms() is deadline_ms.
 */
uint64_t work_endings(struct core *core);
bool work_wait(struct core *core, uint64_t seen, int64_t deadline_ms);
/* There is work. */
void work_wake(struct core *core);

/* Inspections, core/job/inspection.c. */
#define INSPECTION_BASE "base" /* the recipe of the PDF made of what is none */
struct inspection;
struct facts;
/* DB_NO_ROW. */
int inspection_row_find(struct db_tx *tx, struct id tenant, struct id job, struct inspection *ret);
/* Anew, where it was before. has_secret: the document's password is kept (core/job/document-password.h). */
int inspection_want(struct db_tx *tx, struct id tenant, const struct job_row *job, bool has_secret);
int inspection_fail(struct db_tx *tx, struct id tenant, struct id job, const char *reason);
int inspection_done(struct core *core, struct db_tx *tx, const struct tenant_entry *entry,
                    const struct work_row *row, const struct facts *facts, struct text lines, uint32_t base);

/* Passwords of documents, core/job/document-password.c. */
#define DOCUMENT_PASSWORD_NEEDED "document-password-needed"
#define DOCUMENT_PASSWORD_WRONG  "document-password-error"
int document_passwords_new(struct core *core);
bool document_password_is_reason(const char *reason);
/* CORE_BUSY, CORE_BAD_VALUE. */
int document_password_keep(struct core *core, struct id job, struct id owner, struct text password);
/* Why a held job waits; "": for nothing but its owner. */
int document_password_note(struct db_tx *tx, struct id tenant, struct id job, const char *reason);
/* Whether the job can be released: 0, or CORE_PASSWORD_NEEDED. */
int document_password_check(struct db_tx *tx, struct id tenant, struct id job);

/* Accounting, core/report/accounting.c. What is said for a job at a printer; chosen may be NULL.
 * CORE_ACCOUNTING_NEEDED. */
struct accounting;
struct printer;
int accounting_settle(struct core *core, struct db_tx *tx, struct id tenant, const struct job_row *job,
                      const struct printer *printer, const struct accounting *chosen, struct accounting *ret);
/* Of a job or delivery of that person; nothing is kept where there is nothing. */
int accounting_keep_for(struct core *core, struct db_tx *tx, struct id tenant, struct id subject,
                        struct id owner, const struct accounting *accounting);
/* Empty where nothing was kept. */
int accounting_of_delivery(struct core *core, struct db_tx *tx, struct id tenant, struct id delivery,
                           struct accounting *ret);

/* Deliveries. */
struct delivery_row {
        struct id id;
        struct id job;
        struct id release;
        struct id printer;
        enum delivery_state state;
        uint32_t artefact; /* 0: a rendition is wanted first */
        char recipe[ORDER_LINE];
        char ticket[TICKET_TEXT];
        uint32_t rest; /* copies that its job is held again for when this one is out */
        uint32_t epoch;
        struct id agent;
        uint64_t incarnation;
        uint32_t attempts;
        int64_t armed_ms;
        bool has_password; /* core/job/job-password.h */
};
/* DB_NO_ROW. */
int delivery_row_find(struct db_tx *tx, struct id tenant, struct id delivery, struct delivery_row *ret);
/* Every change of a delivery's state goes through here. due_ms as the table says. */
int delivery_row_become(struct core *core, struct db_tx *tx, struct id tenant, struct delivery_row *delivery,
                        enum delivery_state to, const char *cause, int64_t due_ms);
/* A new delivery of a job, which becomes RELEASING; artefact as the printer needs it. *ret_waits: a rendition
 * has to be made first. CORE_BAD_FORMAT. */
struct printer;
struct release_order;
int delivery_insert(struct core *core, struct db_tx *tx, struct id tenant, struct id release,
                    struct job_row *job, const struct printer *printer, const struct ticket *ticket,
                    struct id *ret, bool *ret_waits);
/* A release inside a transaction of somebody else's; he wakes whom he must. */
struct release;
int release_within(struct core *core, struct db_tx *tx, const struct actor *actor,
                   const struct release_order *order, struct arena *arena, struct release *ret);
/* Whether a job of it has to come home first (core/job/home.h). */
bool release_waits_for_site(const struct release *release);
/* Why jobs were left out, in their timelines, where nothing at all was released. */
int release_note_left(struct core *core, const struct actor *actor, const struct release *release);
/*
 * The first copy now, the rest later; core/job/first-copy.c. begin: settled becomes one copy, and *ret_rest
 * how many are left of it (0: there is no rest), which keep_rest notes of its delivery. out: that delivery is
 * over well, and the job HELD again for the rest.
 */
int first_copy_begin(struct db_tx *tx, struct id tenant, const struct job_row *job,
                     const struct ticket *chosen, struct ticket *settled, uint32_t *ret_rest);
int first_copy_keep_rest(struct db_tx *tx, struct id tenant, struct id delivery, uint32_t rest);
int first_copy_out(struct core *core, struct db_tx *tx, const struct actor *actor, struct job_row *job,
                   uint32_t rest);
/* What was sent to a queue that prints at once; core/release/release-direct.c. CORE_NOT_ACCEPTING,
 * CORE_BAD_FORMAT.
 */
struct direct_order {
        struct id tenant;
        const struct actor *actor; /* NULL: the service */
        struct job_row *job;
        struct id printer;
        bool is_asked;   /* its owner said so as he sent it */
        bool pages_come; /* they can be counted, and are not yet */
};
struct direct_release {
        struct id agent;
        bool is_left; /* not released: its timeline says why */
        bool wants_render;
};
int release_directly(struct core *core, struct db_tx *tx, const struct direct_order *order,
                     struct direct_release *ret);
/* Its pages are counted, or never will be: releases it where it waits in such a queue for that alone. */
int release_counted(struct core *core, struct db_tx *tx, struct id tenant, struct id job,
                    struct direct_release *ret);
int release_insert(struct db_tx *tx, struct id tenant, struct id release, struct id person, struct id printer,
                   int method);
/* Gives up: the delivery is NOT_PRINTED and the job HELD again. */
int delivery_row_return(struct core *core, struct db_tx *tx, struct id tenant, struct delivery_row *delivery,
                        const char *reason);
/* Leases inside a transaction, for delivery_lease() and release_by_badge(). */
struct delivery_offer;
int delivery_lease_in(struct core *core, struct db_tx *tx, const struct actor *agent, uint64_t incarnation,
                      uint32_t max, struct id only_printer, struct arena *arena, struct delivery_offer **ret,
                      size_t *ret_count);

/* Panels of a printer that goes, core/panel/panel.c. */
int panels_forget(struct db_tx *tx, struct id tenant, struct id printer);

struct printer_state;
int printer_state_find_in(struct db_tx *tx, struct id tenant, struct id printer, struct printer_state *ret);
int printer_find_in(struct db_tx *tx, struct id tenant, struct id id, struct printer *ret);

void wake_agent(struct core *core, struct id tenant, struct id agent, const char *event);
