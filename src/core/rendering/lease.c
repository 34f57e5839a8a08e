// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/rendering/lease.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "core/rendering/converter.h"
#include "core/state.h"

#define TRIES_MAX 16 /* works whose documents are gone */

struct lease {
        struct id id; /* of the work */
        struct id converter;
        struct work *work;
        int64_t due_ms;  /* clock_monotonic_ms(); moves */
        int64_t last_ms; /* and how far at most */
        bool is_taken;   /* by a request */
        bool is_over;    /* while it is taken: whoever gives it back ends it */
        bool is_expecting;
        bool is_spoiled; /* what was written is worth nothing */
        uint64_t read;   /* octets of the document */
        uint64_t written;
        uint64_t piece; /* where the last piece of frames began */
        struct frame_reader frames;
        struct lease *next;
};

struct leases {
        pthread_mutex_t lock;
        struct lease *first;
};

int leases_new(struct core *core)
{
        core->leases = calloc(1, sizeof(*core->leases));
        if (!core->leases)
                return fault(-ENOMEM);
        pthread_mutex_init(&core->leases->lock, NULL);
        return 0;
}

/* Closes the lease, which is in no list any more; its work can be somebody else's at once. */
static void drop(struct core *core, struct lease *lease, const char *why)
{
        char work[ID_STRING], converter[ID_STRING];

        id_format(lease->id, work);
        id_format(lease->converter, converter);
        if (why)
                log_write(LOG_NOTICE, "lease-over", "work", work, "converter", converter, "why", why, NULL);
        if (lease->work) {
                work_abandon(lease->work);
                work_wake(core);
        }
        free(lease);
}

void leases_free(struct core *core)
{
        if (!core->leases)
                return;
        while (core->leases->first) {
                struct lease *lease = core->leases->first;

                core->leases->first = lease->next;
                drop(core, lease, NULL);
        }
        pthread_mutex_destroy(&core->leases->lock);
        free(core->leases);
}

/* Under the lock. */
static void unlist(struct leases *leases, struct lease *lease)
{
        struct lease **at = &leases->first;

        while (*at && *at != lease)
                at = &(*at)->next;
        if (*at)
                *at = lease->next;
}

static size_t count_of(struct leases *leases, struct id converter)
{
        size_t count = 0;

        for (struct lease *lease = leases->first; lease; lease = lease->next)
                count += id_equal(lease->converter, converter);
        return count;
}

static bool has_room(struct leases *leases, struct id converter)
{
        bool has;

        pthread_mutex_lock(&leases->lock);
        has = count_of(leases, converter) < LEASES_OF_CONVERTER_MAX;
        pthread_mutex_unlock(&leases->lock);
        return has;
}

static void renew(struct core *core, struct lease *lease)
{
        int64_t due_ms = clock_monotonic_ms() + core->settings.converter_lease_ms;

        lease->due_ms = due_ms < lease->last_ms ? due_ms : lease->last_ms;
}

static void enlist(struct core *core, struct lease *lease)
{
        lease->last_ms = clock_monotonic_ms() + core->settings.work_ms;
        renew(core, lease);
        pthread_mutex_lock(&core->leases->lock);
        lease->next = core->leases->first;
        core->leases->first = lease;
        pthread_mutex_unlock(&core->leases->lock);
}

int lease_begin(struct core *core, const struct actor *converter, enum work_kind least_urgent,
                struct work_order *ret)
{
        struct converter row;
        struct lease *lease;
        int r;

        if (!core->settings.converters ||
            !actor_may(converter, RIGHT_CONVERTER_WORK, whose_person(converter->id)))
                return CORE_FORBIDDEN;
        r = converter_find(core, converter, converter->id, &row);
        if (r)
                return r;
        if (!has_room(core->leases, converter->id))
                return CORE_LIMIT_REACHED;
        lease = calloc(1, sizeof(*lease));
        if (!lease)
                return fault(-ENOMEM);
        for (int i = 0; i < TRIES_MAX; i++) {
                r = work_begin(core, least_urgent, format_set_parse(text_from(row.formats)), ret,
                               &lease->work);
                if (r != CORE_DESTROYED)
                        break;
        }
        if (r) {
                free(lease);
                return r;
        }
        lease->id = ret->id;
        lease->converter = converter->id;
        enlist(core, lease);
        return 0;
}

static struct lease *find(struct leases *leases, struct id converter, struct id work)
{
        for (struct lease *lease = leases->first; lease; lease = lease->next)
                if (id_equal(lease->id, work) && id_equal(lease->converter, converter))
                        return lease;
        return NULL;
}

static bool is_alive(const struct lease *lease)
{
        return lease && !lease->is_over && lease->due_ms > clock_monotonic_ms();
}

int lease_take(struct core *core, const struct actor *converter, struct id work, struct lease **ret)
{
        struct leases *leases = core->leases;
        struct lease *lease;
        int r = 0;

        pthread_mutex_lock(&leases->lock);
        lease = find(leases, converter->id, work);
        if (!is_alive(lease))
                r = CORE_STALE;
        else if (lease->is_taken)
                r = CORE_BUSY;
        if (r == 0) {
                lease->is_taken = true;
                renew(core, lease);
                *ret = lease;
        }
        pthread_mutex_unlock(&leases->lock);
        return r;
}

void lease_give(struct core *core, struct lease *lease)
{
        bool is_over;

        pthread_mutex_lock(&core->leases->lock);
        is_over = lease->is_over;
        lease->is_taken = false;
        if (is_over)
                unlist(core->leases, lease);
        pthread_mutex_unlock(&core->leases->lock);
        if (is_over)
                drop(core, lease, "revoked or too late");
}

int lease_expect(struct core *core, const struct actor *converter, struct id work)
{
        struct lease *lease;
        int r = 0;

        pthread_mutex_lock(&core->leases->lock);
        lease = find(core->leases, converter->id, work);
        if (!is_alive(lease))
                r = CORE_STALE;
        else if (lease->is_expecting)
                r = CORE_BUSY;
        else
                lease->is_expecting = true;
        pthread_mutex_unlock(&core->leases->lock);
        return r;
}

void lease_expect_no_more(struct core *core, const struct actor *converter, struct id work)
{
        struct lease *lease;

        pthread_mutex_lock(&core->leases->lock);
        lease = find(core->leases, converter->id, work);
        if (lease)
                lease->is_expecting = false;
        pthread_mutex_unlock(&core->leases->lock);
}

/* A request that is under way renews it, too, while octets flow. */
static int go_on(struct core *core, struct lease *lease)
{
        bool is_over;

        pthread_mutex_lock(&core->leases->lock);
        is_over = lease->is_over || clock_monotonic_ms() >= lease->last_ms;
        if (!is_over)
                renew(core, lease);
        pthread_mutex_unlock(&core->leases->lock);
        return is_over ? CORE_STALE : 0;
}

bool lease_reads_at(const struct lease *lease, uint64_t offset)
{
        return lease->read == offset;
}

int lease_read(struct core *core, struct lease *lease, void *to, size_t size, size_t *ret_length)
{
        int r = go_on(core, lease);

        if (r == 0)
                r = work_read(lease->work, to, size, ret_length);
        if (r == 0)
                lease->read += *ret_length;
        return r;
}

static int write_frames(struct lease *lease, struct text octets)
{
        struct frame frame;
        int r;

        while ((r = frame_take(&lease->frames, &octets, &frame)) == 0) {
                r = work_write(lease->work, &frame);
                if (r)
                        return r;
        }
        return r == FRAME_MORE ? 0 : CORE_BAD_VALUE;
}

int lease_write(struct core *core, struct lease *lease, uint64_t offset, struct text octets)
{
        int r = go_on(core, lease);

        if (r)
                return r;
        if (lease->is_spoiled)
                return CORE_STALE;
        /* The last piece once more: its answer got lost. */
        if (octets.len && offset == lease->piece && offset + octets.len == lease->written)
                return 0;
        if (offset != lease->written)
                return CORE_STALE;
        r = write_frames(lease, octets);
        if (r) {
                lease->is_spoiled = true;
                return r;
        }
        lease->piece = offset;
        lease->written += octets.len;
        return 0;
}

/* Takes the work out of the lease, which is over then; NULL where it was over before. */
static struct work *end(struct core *core, struct lease *lease)
{
        struct work *work = lease->work;
        bool is_over;

        pthread_mutex_lock(&core->leases->lock);
        is_over = lease->is_over || clock_monotonic_ms() >= lease->last_ms;
        unlist(core->leases, lease);
        pthread_mutex_unlock(&core->leases->lock);
        if (is_over) {
                drop(core, lease, "revoked or too late");
                return NULL;
        }
        free(lease);
        return work;
}

int lease_commit(struct core *core, struct lease *lease)
{
        bool is_whole = frame_has_ended(&lease->frames) && !lease->is_spoiled;
        struct work *work = end(core, lease);
        int r;

        if (!work)
                return CORE_STALE;
        if (is_whole)
                return work_commit(work);
        r = work_fail(work, TEXT_OF("conversion-failed"));
        return r ? r : CORE_BAD_VALUE;
}

int lease_fail(struct core *core, struct lease *lease, struct text reason, bool is_of_document)
{
        struct work *work = end(core, lease);

        if (!work)
                return CORE_STALE;
        if (is_of_document)
                return work_fail(work, reason);
        work_abandon(work);
        work_wake(core);
        return 0;
}

void lease_abandon(struct core *core, struct lease *lease)
{
        struct work *work = end(core, lease);

        if (!work)
                return;
        work_abandon(work);
        work_wake(core);
}

/* Those of a converter, or, where it is NULL, those that are late. What a request has taken is only marked.
 */
static struct lease *take_out(struct leases *leases, const struct id *converter)
{
        int64_t now = clock_monotonic_ms();
        struct lease **at = &leases->first, *out = NULL;

        pthread_mutex_lock(&leases->lock);
        while (*at) {
                struct lease *lease = *at;
                bool is_due = converter ? id_equal(lease->converter, *converter) : lease->due_ms <= now;

                lease->is_over = lease->is_over || is_due;
                if (!is_due || lease->is_taken) {
                        at = &lease->next;
                        continue;
                }
                *at = lease->next;
                lease->next = out;
                out = lease;
        }
        pthread_mutex_unlock(&leases->lock);
        return out;
}

static void drop_all(struct core *core, struct lease *out, const char *why)
{
        while (out) {
                struct lease *next = out->next;

                drop(core, out, why);
                out = next;
        }
}

void lease_revoke(struct core *core, struct id converter)
{
        drop_all(core, take_out(core->leases, &converter), "revoked");
}

void lease_sweep(struct core *core)
{
        drop_all(core, take_out(core->leases, NULL), "too late");
}
