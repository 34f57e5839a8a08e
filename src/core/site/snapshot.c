// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/deposit-box.h"
#include "core/state.h"

struct badge_row {
        struct id person;
        uint32_t version;
        uint8_t mark[KEYS_MAC_OCTETS];
        uint8_t rights[ENTRY_RIGHTS_OCTETS];
};

struct making {
        const struct actor *agent;
        struct id site;
        struct snapshot *ret;
        struct text terms;
        struct badge_row *badges;
        size_t count;
        bool is_restricted[SNAPSHOT_PRINTERS_MAX];
};

static void making_done(struct making *making)
{
        free(making->badges);
}

void snapshot_done(struct snapshot *snapshot)
{
        secret_done(&snapshot->day_key);
        free(snapshot->entries);
        snapshot->entries = NULL;
        snapshot->entry_count = 0;
}

static int read_printers(struct db_tx *tx, struct making *m)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct snapshot *to = m->ret;
        int r;

        to->printer_count = 0;
        r = db_find(tx, m->agent->tenant,
                    "SELECT p.id, EXISTS (SELECT 1 FROM printer_allowed a WHERE a.tenant_id = ?1"
                    " AND a.printer_id = p.id) FROM printer p WHERE p.tenant_id = ?1"
                    " AND (p.agent_id = ?2 OR p.site_id = ?3) ORDER BY p.id LIMIT ?4",
                    DB_VALUES(db_id(&m->agent->id), db_id(&m->site), db_integer(SNAPSHOT_PRINTERS_MAX)),
                    &rows);
        if (r)
                return fold(r);
        while (to->printer_count < SNAPSHOT_PRINTERS_MAX && db_rows_next(&rows, &r)) {
                m->is_restricted[to->printer_count] = db_rows_integer(&rows, 1);
                to->printers[to->printer_count++] = db_rows_id(&rows, 0);
        }
        return fold(r);
}

static void give(struct badge_row *badge, size_t printer)
{
        badge->rights[4 + printer / 8] |= (uint8_t)(0x80 >> printer % 8);
}

static int read_badges(struct db_tx *tx, struct making *m)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(
                tx, m->agent->tenant,
                "SELECT b.person_id, b.key_version, b.mac FROM badge b JOIN person p ON p.tenant_id = ?1"
                " AND p.id = b.person_id WHERE b.tenant_id = ?1 AND p.disabled = 0 AND p.guest_until_ms = 0"
                " ORDER BY b.person_id, b.id LIMIT ?2",
                DB_VALUES(db_integer(SNAPSHOT_ENTRIES_MAX)), &rows);
        if (r)
                return fold(r);
        m->count = 0;
        while (m->count < SNAPSHOT_ENTRIES_MAX && db_rows_next(&rows, &r)) {
                struct badge_row *badge = &m->badges[m->count++];

                *badge = (struct badge_row){ .person = db_rows_id(&rows, 0),
                                             .version = (uint32_t)db_rows_integer(&rows, 1) };
                badge->rights[3] = SNAPSHOT_MAY_RELEASE;
                if (!db_rows_octets(&rows, 2, badge->mark, sizeof(badge->mark)))
                        return fault(-EBADMSG);
                for (size_t i = 0; i < m->ret->printer_count; i++)
                        if (!m->is_restricted[i])
                                give(badge, i);
        }
        return fold(r);
}

/* The badges of one person lie together, in the order of people. */
static void give_person(struct making *m, struct id person, size_t printer)
{
        size_t low = 0, high = m->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (memcmp(m->badges[middle].person.octets, person.octets, ID_OCTETS) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        for (; low < m->count && id_equal(m->badges[low].person, person); low++)
                give(&m->badges[low], printer);
}

/* Who is in a group that the printer names, or looks after its site. */
static int read_allowed(struct db_tx *tx, struct making *m, size_t printer)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(tx, m->agent->tenant,
                    "SELECT m.person_id FROM printer_allowed a JOIN membership m ON m.tenant_id = ?1"
                    " AND m.group_id = a.group_id WHERE a.tenant_id = ?1 AND a.printer_id = ?2",
                    DB_VALUES(db_id(&m->ret->printers[printer])), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r))
                give_person(m, db_rows_id(&rows, 0), printer);
        return fold(r);
}

static int read_in(struct db_tx *tx, void *context)
{
        struct making *m = context;
        int r;

        r = read_printers(tx, m);
        if (r == 0)
                r = read_badges(tx, m);
        for (size_t i = 0; r == 0 && i < m->ret->printer_count; i++)
                if (m->is_restricted[i])
                        r = read_allowed(tx, m, i);
        return r;
}

static void add_number(struct sha256 *hash, uint64_t number)
{
        sha256_add(hash, &number, sizeof(number));
}

/* Of everything that an entry is made of, so that nothing has to be made to find out that nothing changed. */
static int make_revision(struct making *m)
{
        struct snapshot *to = m->ret;
        struct sha256 hash;
        int r;

        r = sha256_init(&hash);
        if (r)
                return r;
        add_number(&hash, (uint64_t)to->day);
        add_number(&hash, to->offline.enabled);
        add_number(&hash, to->offline.hours);
        add_number(&hash, to->offline.jobs);
        add_number(&hash, to->offline.megabytes);
        sha256_add(&hash, to->printers, to->printer_count * sizeof(to->printers[0]));
        sha256_add(&hash, m->terms.at, m->terms.len);
        /* The mark of a badge changes with the version of the tenant's key; its entry does not. */
        for (size_t i = 0; i < m->count; i++)
                sha256_add(&hash, &m->badges[i], sizeof(m->badges[i]));
        sha256_finish(&hash, to->revision);
        sha256_done(&hash);
        return 0;
}

static int compare_codes(const void *a, const void *b)
{
        const struct snapshot_entry *one = a, *other = b;

        return memcmp(one->entry.code, other->entry.code, ENTRY_CODE_OCTETS);
}

static int make_entries(struct core *core, struct making *m, const struct keys_offline *offline)
{
        struct snapshot *to = m->ret;
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;
        int r;

        r = tenant_entry_get(core, m->agent->tenant, &entry);
        if (r)
                return r;
        to->entries = calloc(m->count + 1, sizeof(*to->entries));
        if (!to->entries)
                return fault(-ENOMEM);
        for (size_t i = 0; i < m->count; i++) {
                const struct badge_row *badge = &m->badges[i];

                r = keys_of_version(core, entry, badge->version, &keys);
                if (r)
                        return r;
                to->entries[i].person = badge->person;
                r = keys_offline_entry(core->keys, offline, keys, badge->mark, badge->person, m->agent->id,
                                       to->day, badge->rights, &to->entries[i].entry);
                if (r)
                        return r > 0 ? CORE_BUSY : r;
        }
        to->entry_count = m->count;
        qsort(to->entries, to->entry_count, sizeof(*to->entries), compare_codes);
        return 0;
}

static int fill(struct core *core, struct making *m)
{
        struct keys_offline offline;
        int r;

        r = deposit_box_keys(core, m->agent->tenant, &offline);
        if (r)
                return r;
        r = keys_offline_day(core->keys, &offline, m->agent->id, m->ret->day, &m->ret->day_key);
        if (r == 0)
                r = keys_offline_public(core->keys, &offline, m->ret->signing_key);
        if (r)
                return r > 0 ? CORE_BUSY : r;
        return make_entries(core, m, &offline);
}

int snapshot_make(struct core *core, const struct actor *agent, const uint8_t known[HASH_OCTETS],
                  struct text terms, struct snapshot *ret)
{
        SCOPED(making_done) struct making m = { .agent = agent, .ret = ret, .terms = terms };
        int r;

        *ret = (struct snapshot){ .made_ms = clock_unix_ms() };
        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        ret->day = clock_day(ret->made_ms);
        r = site_offline_of_agent(core, agent->tenant, agent->id, &m.site, &ret->offline);
        if (r)
                return fold(r);
        m.badges = calloc(SNAPSHOT_ENTRIES_MAX, sizeof(*m.badges));
        if (!m.badges)
                return fault(-ENOMEM);
        r = ret->offline.enabled ? db_read(core->db, read_in, &m) : 0;
        if (r == 0)
                r = make_revision(&m);
        if (r)
                return r;
        ret->is_known = known && memcmp(known, ret->revision, HASH_OCTETS) == 0;
        return ret->offline.enabled && !ret->is_known ? fill(core, &m) : 0;
}

int snapshot_sign(struct core *core, struct id tenant, const uint8_t hash[HASH_OCTETS],
                  uint8_t ret[SIGN_SIGNATURE_OCTETS])
{
        struct keys_offline offline;
        int r;

        r = deposit_box_keys(core, tenant, &offline);
        if (r)
                return r;
        r = keys_offline_sign(core->keys, &offline, hash, ret);
        return r > 0 ? CORE_BUSY : r;
}
