// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/home.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/deposit-box.h"
#include "core/trail/event.h"
#include "core/job/home-row.h"
#include "core/job/recipe.h"
#include "core/release/release.h"
#include "core/release/settle.h"
#include "core/state.h"
#include "keys/offline.h"
#include "vault/vault.h"

static int check_incarnation(struct db_tx *tx, const struct actor *agent, uint64_t incarnation)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, agent->tenant, "SELECT incarnation FROM agent WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&agent->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_STALE : fold(r);
        return incarnation && (uint64_t)db_rows_integer(&rows, 0) == incarnation ? 0 : CORE_STALE;
}

int home_wait(struct db_tx *tx, struct id tenant, struct id job, struct id delivery, bool *ret_is_away)
{
        struct id agent;
        int r;

        r = home_of_job(tx, tenant, job, &agent);
        if (r || id_is_zero(agent))
                return r;
        *ret_is_away = true;
        return fold(db_run(tx, tenant, "UPDATE delivery SET reason = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&delivery), db_string(HOME_REASON)), NULL));
}

bool release_waits_for_site(const struct release *release)
{
        for (size_t i = 0; i < release->item_count; i++)
                if (strcmp(release->items[i].reason, HOME_REASON) == 0)
                        return true;
        return false;
}

struct listing {
        const struct actor *agent;
        uint64_t incarnation;
        struct home_list *ret;
};

/* Held jobs of the queues of the site that the agent stands at, as long as there is room at it. */
#define TO_GIVE                                                                                             \
        "SELECT j.id, coalesce(h.giving, 1) FROM agent a"                                                   \
        " JOIN site_offline o ON o.tenant_id = ?1 AND o.site_id = a.site_id AND o.enabled = 1"              \
        " JOIN home_queue q ON q.tenant_id = ?1 AND q.site_id = o.site_id"                                  \
        " JOIN job j ON j.tenant_id = ?1 AND j.queue_id = q.queue_id AND j.state = 'held'"                  \
        " LEFT JOIN home h ON h.tenant_id = ?1 AND h.job_id = j.id"                                         \
        " WHERE a.tenant_id = ?1 AND a.id = ?2 AND h.agent_id IS NULL AND coalesce(h.unfit, 0) = 0"         \
        " AND NOT EXISTS (SELECT 1 FROM stay t WHERE t.tenant_id = ?1 AND t.job_id = j.id)"                 \
        " AND EXISTS (SELECT 1 FROM badge b JOIN person p ON p.tenant_id = ?1 AND p.id = b.person_id"       \
        " WHERE b.tenant_id = ?1 AND b.person_id = j.owner_id AND p.disabled = 0 AND p.guest_until_ms = 0)" \
        " AND o.jobs > (SELECT count(*) FROM home c WHERE c.tenant_id = ?1 AND c.agent_id = a.id)"          \
        " AND o.megabytes * 1000000 > (SELECT coalesce(sum(s.size_octets), 0) FROM home c JOIN job s"       \
        " ON s.tenant_id = ?1 AND s.id = c.job_id WHERE c.tenant_id = ?1 AND c.agent_id = a.id)"            \
        " ORDER BY j.id LIMIT ?3"

/* Wanted elsewhere, over, or not to be away any more. */
#define ASKED                                                                                               \
        "SELECT h.job_id, h.giving FROM home h JOIN agent a ON a.tenant_id = ?1 AND a.id = h.agent_id"      \
        " JOIN job j ON j.tenant_id = ?1 AND j.id = h.job_id"                                               \
        " LEFT JOIN home_queue q ON q.tenant_id = ?1 AND q.queue_id = j.queue_id AND q.site_id = a.site_id" \
        " LEFT JOIN site_offline o ON o.tenant_id = ?1 AND o.site_id = q.site_id"                           \
        " WHERE h.tenant_id = ?1 AND h.agent_id = ?2 AND (j.state <> 'held' OR coalesce(o.enabled, 0) = 0)" \
        " ORDER BY h.job_id LIMIT ?3"

static int read_items(struct db_tx *tx, const struct listing *listing, const char *sql, struct home_item *ret,
                      size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find(tx, listing->agent->tenant, sql,
                    DB_VALUES(db_id(&listing->agent->id), db_integer(HOME_LIST_MAX)), &rows);
        if (r)
                return fold(r);
        while (*ret_count < HOME_LIST_MAX && db_rows_next(&rows, &r))
                ret[(*ret_count)++] =
                        (struct home_item){ db_rows_id(&rows, 0), (uint64_t)db_rows_integer(&rows, 1) };
        return fold(r);
}

static int list_in(struct db_tx *tx, void *context)
{
        const struct listing *listing = context;
        int r;

        r = check_incarnation(tx, listing->agent, listing->incarnation);
        if (r == 0)
                r = read_items(tx, listing, TO_GIVE, listing->ret->give, &listing->ret->give_count);
        if (r == 0)
                r = read_items(tx, listing, ASKED, listing->ret->asked, &listing->ret->asked_count);
        return r;
}

int home_list(struct core *core, const struct actor *agent, uint64_t incarnation, struct home_list *ret)
{
        struct listing listing = { agent, incarnation, ret };

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        return db_read(core->db, list_in, &listing);
}

struct taking {
        struct core *core;
        const struct actor *agent;
        const struct home_taking *told;
        struct arena *arena;
        struct home_taken *ret;
        struct job_row job;
        struct home_row row;
        struct document document;
        bool is_repeated;
};

/* One offer for a printer of the agent's that takes the document as it was sent. CORE_BAD_FORMAT and what
 * else keeps a job from being released there. */
static int add_offer(struct db_tx *tx, struct taking *t, const struct printer *printer)
{
        struct delivery_offer *offer = &t->ret->offers[t->ret->offer_count];
        struct text format = text_from(t->document.format);
        struct id tenant = t->agent->tenant;
        struct settled settled;
        int r;

        if (!printer->accepting || !printer_takes(printer, format))
                return CORE_BAD_FORMAT;
        r = settle_job(tx, tenant, &t->job, printer, &(struct settle_options){ 0 }, &settled);
        if (r)
                return r;
        if (settled_refuses(&settled) || settled.needs_job_password ||
            recipe_is_needed(printer, &settled.ticket, format))
                return CORE_BAD_FORMAT;
        *offer = (struct delivery_offer){ .epoch = 1,
                                          .job = t->job.id,
                                          .printer = *printer,
                                          .ticket = settled.ticket,
                                          .size_octets = t->document.size_octets,
                                          .sealed_octets = t->document.sealed_octets,
                                          .seal_id_length = DOCUMENT_SEAL_ID,
                                          .lease_ms = t->core->settings.lease_ms };
        r = accounting_settle(t->core, tx, tenant, &t->job, printer, NULL, &offer->accounting);
        if (r)
                return r;
        memcpy(offer->format, t->document.format, sizeof(offer->format));
        document_seal_id(tenant, t->job.id, t->document.artefact, offer->seal_id);
        t->ret->offer_count++;
        return 0;
}

/* Printers that the agent reaches. */
static int add_offers(struct db_tx *tx, struct taking *t)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct id printers[HOME_PRINTERS_MAX];
        struct printer printer;
        size_t count = 0;
        int r;

        t->ret->offer_count = 0;
        t->ret->offers = arena_alloc(t->arena, HOME_PRINTERS_MAX * sizeof(*t->ret->offers));
        if (!t->ret->offers)
                return fault(-ENOMEM);
        r = db_find(
                tx, t->agent->tenant,
                "SELECT p.id FROM printer p JOIN agent a ON a.tenant_id = ?1 AND a.id = ?2"
                " WHERE p.tenant_id = ?1 AND (p.agent_id = a.id OR (p.agent_id IS NULL AND p.site_id = a.site_id))"
                " ORDER BY p.id LIMIT ?3",
                DB_VALUES(db_id(&t->agent->id), db_integer(HOME_PRINTERS_MAX)), &rows);
        if (r)
                return fold(r);
        while (count < HOME_PRINTERS_MAX && db_rows_next(&rows, &r))
                printers[count++] = db_rows_id(&rows, 0);
        for (size_t i = 0; r == 0 && i < count; i++) {
                r = printer_find_in(tx, t->agent->tenant, printers[i], &printer);
                if (r == 0)
                        r = add_offer(tx, t, &printer);
                r = r > 0 ? 0 : r;
        }
        return r < 0 ? r : t->ret->offer_count ? 0 : CORE_BAD_FORMAT;
}

/* Whether this taking may be, or has been: CORE_STALE. */
static int check_taking(struct db_tx *tx, struct taking *t)
{
        struct id tenant = t->agent->tenant;
        bool is_his;
        int r;

        r = check_incarnation(tx, t->agent, t->told->incarnation);
        if (r == 0)
                r = job_row_find(tx, tenant, t->told->job, &t->job);
        if (r)
                return r == DB_NO_ROW ? CORE_STALE : r;
        r = home_row_find(tx, tenant, t->told->job, &t->row);
        if (r)
                return r;
        is_his = id_equal(t->row.agent, t->agent->id) && t->row.incarnation == t->told->incarnation;
        t->is_repeated = is_his && t->row.nonce == t->told->nonce;
        if (t->is_repeated)
                return 0;
        if (t->row.giving != t->told->giving || t->row.is_unfit)
                return CORE_STALE;
        /* Taken once more by the same, who has not heard that it is his: another giving. */
        return is_his || (id_is_zero(t->row.agent) && t->job.state == JOB_HELD) ? 0 : CORE_STALE;
}

static int describe_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct taking *t = context;
        struct id tenant = t->agent->tenant;
        int r;

        r = check_taking(tx, t);
        if (r)
                return r;
        r = document_find(tx, tenant, t->job.id, KEYS_ORIGINAL, &t->document);
        if (r || t->document.stays)
                return r == DB_NO_ROW || r == 0 ? CORE_DESTROYED : fold(r);
        r = document_password_check(tx, tenant, t->job.id);
        if (r)
                return r < 0 ? r : CORE_BAD_FORMAT;
        r = db_one(tx, tenant, "SELECT created_ms, expires_ms FROM job WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&t->job.id)), &rows);
        if (r)
                return fold(r);
        t->ret->person = t->job.owner;
        t->ret->created_ms = db_rows_integer(&rows, 0);
        t->ret->expires_ms = db_rows_integer(&rows, 1);
        return add_offers(tx, t);
}

/* The same is looked at again in the transaction that gives it away. */
static int take_in(struct db_tx *tx, void *context)
{
        struct taking *t = context;
        char agent[ID_STRING], detail[CORE_WORDS];
        int r;

        r = check_taking(tx, t);
        if (r || t->is_repeated)
                return r;
        t->row.agent = t->agent->id;
        t->row.giving++;
        t->row.nonce = t->told->nonce;
        t->row.incarnation = t->told->incarnation;
        r = home_row_store(tx, t->agent->tenant, t->job.id, &t->row);
        if (r)
                return r;
        id_format(t->agent->id, agent);
        snprintf(detail, sizeof(detail), "home=%s printers=%zu", agent, t->ret->offer_count);
        return event_add(tx, t->agent->tenant, t->agent, "home-given", t->job.id, detail);
}

static int unfit_in(struct db_tx *tx, void *context)
{
        struct taking *t = context;
        int r;

        r = check_taking(tx, t);
        if (r || t->is_repeated || !id_is_zero(t->row.agent))
                return r > 0 ? 0 : r;
        t->row.is_unfit = true;
        r = home_row_store(tx, t->agent->tenant, t->job.id, &t->row);
        return r ? r : event_add(tx, t->agent->tenant, t->agent, "home-unfit", t->job.id, "");
}

static int put_into_box(struct taking *t)
{
        struct keys_document names = { t->job.id, t->document.artefact, t->document.expiry_day };
        const struct tenant_entry *entry;
        const struct keys_tenant *tenant;
        struct keys_offline offline;
        int r;

        r = deposit_box_keys(t->core, t->agent->tenant, &offline);
        if (r)
                return r;
        r = tenant_entry_get(t->core, t->agent->tenant, &entry);
        if (r == 0)
                r = keys_of_version(t->core, entry, t->document.key_version, &tenant);
        if (r)
                return r;
        r = keys_home_box(t->core->keys, &offline, tenant, &names, &t->document.wrapped, t->job.owner,
                          t->agent->id, t->ret->box);
        return r == KEYS_DESTROYED ? CORE_DESTROYED : r > 0 ? CORE_BUSY : r;
}

int home_take(struct core *core, const struct actor *agent, const struct home_taking *taking,
              struct arena *arena, struct home_taken *ret)
{
        struct taking t = { .core = core, .agent = agent, .told = taking, .arena = arena, .ret = ret };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, describe_in, &t);
        if (r == CORE_BAD_FORMAT) {
                r = db_write(core->db, unfit_in, &t);
                return r ? r : CORE_BAD_FORMAT;
        }
        if (r == 0)
                r = put_into_box(&t);
        if (r)
                return r;
        /* The key is in nobody's hands but its owner's; all the same it leaves only after the commit. */
        r = db_write(core->db, take_in, &t);
        if (r)
                return r;
        ret->giving = t.row.giving;
        return 0;
}

struct octets {
        const struct actor *agent;
        struct id job;
        uint64_t giving;
        struct document document;
};

static int octets_in(struct db_tx *tx, void *context)
{
        struct octets *o = context;
        struct home_row row;
        int r;

        r = home_row_find(tx, o->agent->tenant, o->job, &row);
        if (r)
                return r;
        if (!id_equal(row.agent, o->agent->id) || row.giving != o->giving)
                return CORE_STALE;
        r = document_find(tx, o->agent->tenant, o->job, KEYS_ORIGINAL, &o->document);
        return r == DB_NO_ROW ? CORE_DESTROYED : fold(r);
}

int home_open_document(struct core *core, const struct actor *agent, struct id job, uint64_t giving,
                       struct vault_reader **ret, uint64_t *ret_sealed_octets)
{
        struct octets o = { .agent = agent, .job = job, .giving = giving };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, octets_in, &o);
        if (r)
                return r;
        r = vault_open_reader(core->vault, &o.document.place, ret);
        if (r)
                return r == VAULT_NOT_FOUND ? CORE_DESTROYED : fold(r);
        *ret_sealed_octets = o.document.sealed_octets;
        return 0;
}
