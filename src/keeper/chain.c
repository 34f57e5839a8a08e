// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/chain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/permute.h"
#include "crypt/random.h"
#include "keeper/days.h"
#include "keeper/held.h"
#include "keeper/retired.h"

struct chain {
        struct secret masters[MASTERS_MAX]; /* the newest first */
        size_t master_count;
        struct days *days;
        struct held *held;
        struct retired *retired;
        int64_t days_ahead;
};

/* What a wrapped key is bound to, spelt in octets: a label, then fields of fixed size. */
struct binding {
        uint8_t octets[64];
        size_t len;
};

static void bind_octets(struct binding *binding, const void *octets, size_t len)
{
        memcpy(binding->octets + binding->len, octets, len);
        binding->len += len;
}

static void bind_number(struct binding *binding, uint64_t number)
{
        for (int shift = 56; shift >= 0; shift -= 8)
                binding->octets[binding->len++] = (uint8_t)(number >> shift);
}

static struct text binding_text(const struct binding *binding)
{
        return text_from_octets(binding->octets, binding->len);
}

/* 'T' tenant version; 'D' tenant version day; 'A' tenant version day job artefact: at most 57 octets. */
static struct binding bind_tenant(char label, struct id tenant, uint32_t version)
{
        struct binding binding = { .len = 0 };

        bind_octets(&binding, &label, 1);
        bind_octets(&binding, tenant.octets, ID_OCTETS);
        bind_number(&binding, version);
        return binding;
}

static struct binding bind_day(const struct keys_tenant *tenant, int64_t day)
{
        struct binding binding = bind_tenant('D', tenant->tenant, tenant->version);

        bind_number(&binding, (uint64_t)day);
        return binding;
}

static struct binding bind_document(const struct keys_tenant *tenant, const struct keys_document *document,
                                    int64_t day)
{
        struct binding binding = bind_tenant('A', tenant->tenant, tenant->version);

        bind_number(&binding, (uint64_t)day);
        bind_octets(&binding, document->job.octets, ID_OCTETS);
        bind_number(&binding, document->artefact);
        return binding;
}

int chain_open(const struct secret *master, const struct chain_options *options, struct chain **ret)
{
        SCOPED(chain_closep) struct chain *chain = calloc(1, sizeof(*chain));
        int r;

        if (!chain)
                return fault(-ENOMEM);
        chain->masters[chain->master_count++] = *master;
        chain->days_ahead = options->days_ahead;
        r = held_new(options->held_max, &chain->held);
        if (r < 0)
                return r;
        r = days_open(options->state, &chain->days);
        if (r < 0)
                return r;
        r = retired_open(options->state, &chain->retired);
        if (r < 0)
                return r;
        *ret = take(chain);
        return 0;
}

void chain_close(struct chain *chain)
{
        if (!chain)
                return;
        held_free(chain->held);
        days_close(chain->days);
        retired_close(chain->retired);
        for (size_t i = 0; i < MASTERS_MAX; i++)
                secret_done(&chain->masters[i]);
        free(chain);
}

void chain_closep(struct chain **chain)
{
        chain_close(*chain);
}

int chain_tenant_make(struct chain *chain, struct id tenant, uint32_t version, struct wrapped_key *ret)
{
        struct binding binding = bind_tenant('T', tenant, version);
        SCOPED(secret_done) struct secret key;

        random_secret(&key);
        return wrap_key(&chain->masters[0], binding_text(&binding), &key, ret);
}

int chain_master_add(struct chain *chain, const struct secret *master)
{
        if (hash_equal(chain->masters[0].octets, master->octets, sizeof(master->octets)))
                return 0;
        if (chain->master_count == MASTERS_MAX)
                return KEYS_LIMITED;
        chain->masters[chain->master_count++] = chain->masters[0];
        chain->masters[0] = *master;
        return 0;
}

void chain_master_forget(struct chain *chain)
{
        while (chain->master_count > 1)
                secret_done(&chain->masters[--chain->master_count]);
        held_forget_all(chain->held);
}

uint64_t chain_master_number(const struct chain *chain)
{
        uint8_t mac[HASH_OCTETS];
        uint64_t number;

        hash_hmac(chain->masters[0].octets, SECRET_OCTETS, TEXT_OF("imprimatur master"), mac);
        memcpy(&number, mac, sizeof(number));
        return number;
}

/* KEYS_WRONG where none of the master keys opens it. */
static int open_by_master(struct chain *chain, const struct binding *binding,
                          const struct wrapped_key *wrapped, struct secret *ret)
{
        int r = KEYS_WRONG;

        for (size_t i = 0; r > 0 && i < chain->master_count; i++)
                r = wrap_open(&chain->masters[i], binding_text(binding), wrapped, ret);
        return r > 0 ? KEYS_WRONG : r;
}

static int open_tenant(struct chain *chain, const struct keys_tenant *tenant, struct secret *ret)
{
        struct binding binding = bind_tenant('T', tenant->tenant, tenant->version);
        uint32_t first;
        int r;

        r = retired_find(chain->retired, tenant->tenant, &first);
        if (r)
                return r;
        if (tenant->version < first)
                return KEYS_DESTROYED;
        return open_by_master(chain, &binding, &tenant->wrapped, ret);
}

int chain_tenant_rewrap(struct chain *chain, const struct keys_tenant *tenant, struct wrapped_key *ret)
{
        struct binding binding = bind_tenant('T', tenant->tenant, tenant->version);
        SCOPED(secret_done) struct secret key;
        int r;

        r = open_tenant(chain, tenant, &key);
        if (r)
                return r;
        return wrap_key(&chain->masters[0], binding_text(&binding), &key, ret);
}

int chain_tenant_retire(struct chain *chain, struct id tenant, uint32_t first)
{
        uint32_t before;
        int r;

        r = retired_find(chain->retired, tenant, &before);
        if (r == 0)
                r = retired_store(chain->retired, tenant, first);
        held_forget_tenant(chain->held, tenant);
        /* One that was retired before and crashed may have left its day keys. */
        for (uint32_t version = before > 1 ? before - 1 : 1; r == 0 && version < first; version++)
                r = days_destroy_version(chain->days, tenant, version);
        return r;
}

int chain_tenant_destroy(struct chain *chain, struct id tenant)
{
        int r = retired_store(chain->retired, tenant, RETIRED_ALL);

        held_forget_tenant(chain->held, tenant);
        return r ? r : days_destroy_tenant(chain->days, tenant);
}

/* Only what it was opened from counts as the same key: a caller must have the row, not just its name. */
static int tenant_key(struct chain *chain, const struct keys_tenant *tenant, struct secret *ret)
{
        struct held_name name = { HELD_TENANT, tenant->tenant, tenant->version, 0 };
        const struct secret *held;
        int r;

        held = held_find_from(chain->held, &name, &tenant->wrapped, sizeof(tenant->wrapped));
        if (held) {
                *ret = *held;
                return 0;
        }
        r = open_tenant(chain, tenant, ret);
        if (r)
                return r;
        held_put(chain->held, &name, ret, &tenant->wrapped, sizeof(tenant->wrapped));
        return 0;
}

/* KEYS_DESTROYED where the tenant has no key of that day (any more). */
static int day_key(struct chain *chain, const struct keys_tenant *tenant, int64_t day, struct secret *ret)
{
        struct held_name name = { HELD_DAY, tenant->tenant, tenant->version, day };
        struct binding binding = bind_day(tenant, day);
        SCOPED(secret_done) struct secret above;
        const struct secret *held;
        struct wrapped_key wrapped;
        int r;

        r = tenant_key(chain, tenant, &above);
        if (r)
                return r;
        held = held_find(chain->held, &name);
        if (held) {
                *ret = *held;
                return 0;
        }
        r = days_find(chain->days, day, tenant->tenant, tenant->version, &wrapped);
        if (r)
                return r == DAYS_NONE ? KEYS_DESTROYED : r;
        r = wrap_open(&above, binding_text(&binding), &wrapped, ret);
        if (r)
                return r == WRAP_WRONG ? KEYS_WRONG : r;
        held_put(chain->held, &name, ret, NULL, 0);
        return 0;
}

static int day_key_make(struct chain *chain, const struct keys_tenant *tenant, int64_t day,
                        struct secret *ret)
{
        struct held_name name = { HELD_DAY, tenant->tenant, tenant->version, day };
        struct binding binding = bind_day(tenant, day);
        SCOPED(secret_done) struct secret above;
        SCOPED(secret_done) struct secret key;
        struct wrapped_key wrapped;
        int r;

        r = tenant_key(chain, tenant, &above);
        if (r)
                return r;
        random_secret(&key);
        r = wrap_key(&above, binding_text(&binding), &key, &wrapped);
        if (r < 0)
                return r;
        r = days_store(chain->days, day, tenant->tenant, tenant->version, &wrapped);
        if (r < 0)
                return r;
        held_put(chain->held, &name, &key, NULL, 0);
        *ret = key;
        return 0;
}

static int day_key_for_new(struct chain *chain, const struct keys_tenant *tenant, int64_t day, int64_t today,
                           struct secret *ret)
{
        int r;

        if (day < today || day - today > chain->days_ahead)
                return KEYS_PAST;
        r = day_key(chain, tenant, day, ret);
        return r == KEYS_DESTROYED ? day_key_make(chain, tenant, day, ret) : r;
}

int chain_document_make(struct chain *chain, const struct keys_tenant *tenant,
                        const struct keys_document *document, int64_t today, struct secret *ret_key,
                        struct wrapped_key *ret_wrapped)
{
        struct binding binding = bind_document(tenant, document, document->expiry_day);
        SCOPED(secret_done) struct secret above;
        SCOPED(secret_done) struct secret key;
        int r;

        r = day_key_for_new(chain, tenant, document->expiry_day, today, &above);
        if (r)
                return r;
        random_secret(&key);
        r = wrap_key(&above, binding_text(&binding), &key, ret_wrapped);
        if (r < 0)
                return r;
        *ret_key = key;
        return 0;
}

int chain_document_open(struct chain *chain, const struct keys_tenant *tenant,
                        const struct keys_document *document, const struct wrapped_key *wrapped,
                        struct secret *ret_key)
{
        struct binding binding = bind_document(tenant, document, document->expiry_day);
        SCOPED(secret_done) struct secret above;
        int r;

        r = day_key(chain, tenant, document->expiry_day, &above);
        if (r)
                return r;
        r = wrap_open(&above, binding_text(&binding), wrapped, ret_key);
        return r == WRAP_WRONG ? KEYS_WRONG : r;
}

int chain_document_move(struct chain *chain, const struct keys_tenant *tenant,
                        const struct keys_document *document, const struct wrapped_key *wrapped,
                        const struct keys_tenant *to, int64_t day, int64_t today, struct wrapped_key *ret)
{
        struct binding binding = bind_document(to, document, day);
        SCOPED(secret_done) struct secret above;
        SCOPED(secret_done) struct secret key;
        int r;

        r = chain_document_open(chain, tenant, document, wrapped, &key);
        if (r)
                return r;
        r = day_key_for_new(chain, to, day, today, &above);
        if (r)
                return r;
        return wrap_key(&above, binding_text(&binding), &key, ret);
}

int chain_derived(struct chain *chain, const struct keys_tenant *tenant, const char *label,
                  struct secret *ret)
{
        SCOPED(secret_done) struct secret above;
        int r;

        r = tenant_key(chain, tenant, &above);
        if (r)
                return r;
        hash_hkdf(above.octets, sizeof(above.octets), TEXT_OF(""), text_from(label), ret->octets,
                  sizeof(ret->octets));
        return 0;
}

int chain_mark(struct chain *chain, const struct keys_tenant *tenant, const char *label,
               const uint8_t octets[HASH_OCTETS], uint8_t ret[HASH_OCTETS])
{
        SCOPED(secret_done) struct secret key;
        int r;

        r = chain_derived(chain, tenant, label, &key);
        if (r)
                return r;
        permute(&key, octets, ret);
        return 0;
}

int chain_unmark(struct chain *chain, const struct keys_tenant *tenant, const char *label,
                 const uint8_t mark[HASH_OCTETS], uint8_t ret[HASH_OCTETS])
{
        SCOPED(secret_done) struct secret key;
        int r;

        r = chain_derived(chain, tenant, label, &key);
        if (r)
                return r;
        permute_back(&key, mark, ret);
        return 0;
}

int chain_recode(struct chain *chain, const struct keys_tenant *from, const struct keys_tenant *to,
                 const char *label, const uint8_t mark[HASH_OCTETS], uint8_t ret[HASH_OCTETS])
{
        SCOPED(secret_done) struct secret before;
        SCOPED(secret_done) struct secret after;
        int r;

        r = chain_derived(chain, from, label, &before);
        if (r == 0)
                r = chain_derived(chain, to, label, &after);
        if (r)
                return r;
        permute_back(&before, mark, ret);
        permute(&after, ret, ret);
        return 0;
}

/* Under the master key: it outlives the tenant key's versions. 'S' tenant sequence. */
static struct binding bind_trail(struct id tenant, uint64_t sequence)
{
        struct binding binding = { .len = 0 };

        bind_octets(&binding, "S", 1);
        bind_octets(&binding, tenant.octets, ID_OCTETS);
        bind_number(&binding, sequence);
        return binding;
}

int chain_trail_wrap(struct chain *chain, const struct keys_tenant *tenant, uint64_t sequence,
                     const struct secret *key, struct wrapped_key *ret)
{
        struct binding binding = bind_trail(tenant->tenant, sequence);
        SCOPED(secret_done) struct secret above;
        int r;

        r = tenant_key(chain, tenant, &above);
        if (r)
                return r;
        return wrap_key(&chain->masters[0], binding_text(&binding), key, ret);
}

int chain_trail_open(struct chain *chain, const struct keys_tenant *tenant, uint64_t sequence,
                     const struct wrapped_key *wrapped, struct secret *ret)
{
        struct binding binding = bind_trail(tenant->tenant, sequence);
        SCOPED(secret_done) struct secret above;
        int r;

        r = tenant_key(chain, tenant, &above);
        if (r)
                return r;
        return open_by_master(chain, &binding, wrapped, ret);
}

int chain_trail_rewrap(struct chain *chain, struct id tenant, uint64_t sequence,
                       const struct wrapped_key *wrapped, struct wrapped_key *ret)
{
        struct binding binding = bind_trail(tenant, sequence);
        SCOPED(secret_done) struct secret key;
        int r;

        r = open_by_master(chain, &binding, wrapped, &key);
        if (r)
                return r;
        return wrap_key(&chain->masters[0], binding_text(&binding), &key, ret);
}

int chain_day_destroy(struct chain *chain, struct id tenant, int64_t day)
{
        held_forget(chain->held, tenant, day);
        return days_destroy(chain->days, day, tenant);
}

int chain_days_destroy_before(struct chain *chain, int64_t day, uint64_t *ret_count)
{
        held_forget_before(chain->held, day);
        return days_destroy_before(chain->days, day, ret_count);
}
