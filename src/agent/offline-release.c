// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a badge releases without a line: what is at home here, and what was submitted here meanwhile. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/offline-state.h"
#include "agent/service-homes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/field.h"

/* The offer for this printer, among those that were taken with the job. */
static bool find_offer(struct offline *offline, const struct home_entry *entry,
                       const struct snapshot_holder *holder, struct id printer, struct offer *ret)
{
        SCOPED(buffer_done) struct buffer sealed = BUFFER(HOME_OFFERS_MAX);
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(HOME_OFFERS_MAX);
        SCOPED(secret_done) struct secret key;
        struct offer *offers = calloc(HOME_PRINTERS_MAX, sizeof(*offers));
        size_t count = 0;
        bool found = false;

        if (offers && box_take(&holder->seed, entry->offers_box, &key) == 0 &&
            homes_read_offers(offline->homes, entry->job, &sealed) == 0 &&
            field_open(&key, text_from_octets(entry->job.octets, ID_OCTETS), buffer_text(&sealed), &plain) ==
                    0)
                (void)offers_parse(buffer_text(&plain), offers, HOME_PRINTERS_MAX, &count);
        for (size_t i = 0; i < count && !found; i++) {
                found = id_equal(offers[i].printer, printer);
                if (found)
                        *ret = offers[i];
        }
        free(offers);
        return found && box_take(&holder->seed, entry->document_box, &ret->home_key) == 0;
}

/* One of the two, and when it came. */
struct candidate {
        int64_t at_ms;
        const struct home_entry *home;
        const struct deposit_entry *deposit;
};

struct candidates {
        struct home_entry homes[HOMES_MAX];
        struct deposit_entry *deposits;
        struct candidate *all;
        size_t count;
};

static void candidates_free(struct candidates **candidates)
{
        if (!*candidates)
                return;
        free((*candidates)->deposits);
        free((*candidates)->all);
        free(*candidates);
}

static int compare_age(const void *a, const void *b)
{
        const struct candidate *one = a, *other = b;

        return one->at_ms < other->at_ms ? -1 : one->at_ms > other->at_ms;
}

/* Of what was submitted here and whose owner was not known, only the service can say whose it is. */
static bool is_his(const struct deposit_entry *entry, const struct snapshot_holder *holder)
{
        return deposit_has_person(&entry->header) && id_equal(entry->header.person, holder->person) &&
               !entry->is_released;
}

/* What is his, the oldest first. */
static int gather(struct offline *offline, const struct snapshot_holder *holder, struct candidates **ret)
{
        SCOPED(candidates_free) struct candidates *c = calloc(1, sizeof(*c));
        size_t homes, deposits;
        uint64_t unused;

        deposits_count(offline->deposits, &deposits, &unused);
        if (!c)
                return fault(-ENOMEM);
        c->deposits = calloc(deposits + 1, sizeof(*c->deposits));
        c->all = calloc(HOMES_MAX + deposits, sizeof(*c->all));
        if (!c->deposits || !c->all)
                return fault(-ENOMEM);
        homes = homes_list(offline->homes, c->homes, HOMES_MAX);
        deposits_list(offline->deposits, c->deposits, deposits, &deposits);
        for (size_t i = 0; i < homes; i++)
                if (c->homes[i].state == HOME_HELD && id_equal(c->homes[i].person, holder->person) &&
                    !offline_home_is_over(&c->homes[i]))
                        c->all[c->count++] = (struct candidate){ c->homes[i].created_ms, &c->homes[i], NULL };
        for (size_t i = 0; i < deposits; i++)
                if (is_his(&c->deposits[i], holder))
                        c->all[c->count++] =
                                (struct candidate){ c->deposits[i].header.made_ms, NULL, &c->deposits[i] };
        qsort(c->all, c->count, sizeof(*c->all), compare_age);
        *ret = take(c);
        return 0;
}

/* Released is what the ledger has; what it has is carried. */
static void carry(struct offline *offline, struct offer *offer, struct id delivery, struct id subject,
                  bool is_deposit)
{
        char name[ID_STRING];

        id_format(delivery, name);
        offer->delivery = delivery;
        offer->epoch = 1;
        offer->is_home = true;
        offer->is_deposit = is_deposit;
        offer->home_job = subject;
        snprintf(offer->order.name, sizeof(offer->order.name), "imprimatur %s", name);
        carrier_carry(offline->carrier, offer, 1);
}

static int release_home(struct offline *offline, const struct home_entry *entry,
                        const struct snapshot_holder *holder, struct home_released *released)
{
        struct offer offer;
        int r;

        if (!find_offer(offline, entry, holder, released->printer, &offer))
                return HOMES_UNKNOWN;
        released->delivery = id_new();
        r = homes_release(offline->homes, entry->job, released);
        if (r == 0)
                carry(offline, &offer, released->delivery, entry->job, false);
        secret_done(&offer.home_key);
        return r;
}

static void log_waits(const struct deposit_entry *entry, const char *why)
{
        char id[ID_STRING];

        id_format(entry->header.id, id);
        log_write(LOG_NOTICE, "deposit-waits", "deposit", id, "why", why, NULL);
}

static int release_deposit(struct offline *offline, const struct deposit_entry *entry,
                           const struct snapshot_holder *holder, const struct home_released *released)
{
        const struct deposit_released out = { .delivery = id_new(),
                                              .release = released->release,
                                              .printer = released->printer,
                                              .at_ms = released->at_ms,
                                              .incarnation = journal_incarnation(offline->journal) };
        struct offer offer = { .epoch = 0 };
        const char *why = "with-the-service";
        int r = entry->is_asked || entry->is_taken ? DEPOSIT_TAKEN : 0;

        if (r == 0)
                r = offline_deposit_offer(offline, entry, holder, released->printer, &offer, &why);
        if (r == 0) {
                r = deposit_release(offline->deposits, entry->header.id, &out);
                why = r == DEPOSIT_FULL ? "disk-full" : "with-the-service";
        }
        if (r == 0)
                carry(offline, &offer, out.delivery, entry->header.id, true);
        if (r > 0)
                log_waits(entry, why);
        secret_done(&offer.home_key);
        return r;
}

static int release_his(struct offline *offline, const struct snapshot_holder *holder, struct id printer,
                       bool newest_only, size_t *ret_count)
{
        SCOPED(candidates_free) struct candidates *c = NULL;
        struct home_released released = { .release = id_new(), .printer = printer, .at_ms = clock_unix_ms() };
        int r;

        r = gather(offline, holder, &c);
        for (size_t i = 0; r >= 0 && i < c->count; i++) {
                const struct candidate *one = &c->all[newest_only ? c->count - 1 - i : i];

                r = one->home ? release_home(offline, one->home, holder, &released)
                              : release_deposit(offline, one->deposit, holder, &released);
                *ret_count += r == 0;
                if (r == 0 && newest_only)
                        break;
        }
        return r < 0 ? r : *ret_count ? 0 : OFFLINE_NOTHING;
}

int offline_release(struct offline *offline, const char *number, struct id printer, bool newest_only,
                    size_t *ret_count, const char **ret_why)
{
        struct snapshot_holder holder = { .may_release = false };
        bool may_use = false;
        int r;

        *ret_count = 0;
        *ret_why = "switched-off";
        if (!offline_is_on(offline))
                return OFFLINE_REFUSED;
        r = known_find(offline->known, number, printer, &holder, &may_use);
        if (r == 0) {
                *ret_why = may_use ? "nothing-held" : "not-his-printer";
                r = may_use ? release_his(offline, &holder, printer, newest_only, ret_count)
                            : OFFLINE_REFUSED;
        } else {
                *ret_why = known_word(r);
                r = OFFLINE_REFUSED;
        }
        explicit_bzero(&holder, sizeof(holder));
        return r;
}
