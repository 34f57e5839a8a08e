// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/trail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "keeper/chain.h"
#include "os/file.h"

#define MAGIC        "imprtrl1"
#define MAGIC_OCTETS 8
#define FILE_OCTETS  (MAGIC_OCTETS + WRAPPED_KEY_OCTETS + AUDIT_CHECKPOINT_OCTETS)

_Static_assert(AUDIT_CHECKPOINT_OCTETS == KEYS_CHECKPOINT_OCTETS, "as it travels");

struct trail {
        int directory;
        struct chain *chain;
};

/* What a tenant's file says. */
struct state {
        struct secret key;            /* of the checkpoint after last */
        struct audit_checkpoint last; /* sequence 0: none was signed yet */
};

static void state_done(struct state *state)
{
        explicit_bzero(state, sizeof(*state));
}

int trail_open(const char *state, struct chain *chain, struct trail **ret)
{
        SCOPED(trail_closep) struct trail *trail = calloc(1, sizeof(*trail));
        SCOPED(closep) int parent = -1;
        int r;

        if (!trail)
                return fault(-ENOMEM);
        trail->directory = -1;
        trail->chain = chain;
        r = directory_open(state, &parent);
        if (r == 0)
                r = directory_open_at(parent, "trails", &trail->directory);
        if (r < 0)
                return r;
        *ret = take(trail);
        return 0;
}

void trail_close(struct trail *trail)
{
        if (!trail)
                return;
        if (trail->directory >= 0)
                close(trail->directory);
        free(trail);
}

void trail_closep(struct trail **trail)
{
        trail_close(*trail);
}

/* A tenant's file. */
struct file {
        char magic[MAGIC_OCTETS];
        struct wrapped_key wrapped;
        char checkpoint[AUDIT_CHECKPOINT_OCTETS];
};

_Static_assert(sizeof(struct file) == FILE_OCTETS, "no padding");

static int parse_file(struct text octets, struct file *ret, struct audit_checkpoint *ret_last)
{
        if (octets.len != sizeof(*ret))
                return fault(-EBADMSG);
        memcpy(ret, octets.at, sizeof(*ret));
        if (memcmp(ret->magic, MAGIC, MAGIC_OCTETS) != 0 ||
            !audit_checkpoint_parse(text_from_octets(ret->checkpoint, sizeof(ret->checkpoint)), ret_last))
                return fault(-EBADMSG);
        return 0;
}

static int parse(struct trail *trail, const struct keys_tenant *tenant, struct text octets, struct state *ret)
{
        struct file file;
        int r;

        r = parse_file(octets, &file, &ret->last);
        if (r < 0)
                return r;
        if (!id_equal(ret->last.tenant, tenant->tenant))
                return fault(-EBADMSG);
        return chain_trail_open(trail->chain, tenant, ret->last.sequence + 1, &file.wrapped, &ret->key);
}

/* A tenant without a file gets its first key. */
static int load(struct trail *trail, const struct keys_tenant *tenant, struct state *ret)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(FILE_OCTETS);
        char name[ID_STRING];
        int r;

        id_format(tenant->tenant, name);
        r = file_read_at(trail->directory, name, FILE_OCTETS, &octets);
        if (r < 0)
                return r;
        if (r == 0)
                return parse(trail, tenant, buffer_text(&octets), ret);
        if (r != FILE_NOT_FOUND)
                return fault(-EBADMSG);
        *ret = (struct state){ .last = { .tenant = tenant->tenant } };
        random_secret(&ret->key);
        return 0;
}

/* Of a file that no directory names any more: what it held is not left to whoever reads free blocks. */
static void overwrite(int fd)
{
        static const char zeros[FILE_OCTETS];

        if (file_write_at(fd, zeros, sizeof(zeros), 0) == 0)
                file_sync_data(fd);
}

static int replace(struct trail *trail, const char *name, const uint8_t octets[FILE_OCTETS])
{
        SCOPED(closep) int old = openat(trail->directory, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
        int r;

        if (old < 0 && errno != ENOENT)
                return fault(-errno);
        r = file_replace_at(trail->directory, name, 0600, text_from_octets(octets, FILE_OCTETS));
        if (r == 0 && old >= 0)
                overwrite(old);
        return r;
}

static int store(struct trail *trail, const struct keys_tenant *tenant, const struct state *state)
{
        uint8_t octets[FILE_OCTETS];
        struct wrapped_key wrapped;
        char name[ID_STRING];
        int r;

        r = chain_trail_wrap(trail->chain, tenant, state->last.sequence + 1, &state->key, &wrapped);
        if (r)
                return r;
        memcpy(octets, MAGIC, MAGIC_OCTETS);
        memcpy(octets + MAGIC_OCTETS, wrapped.octets, WRAPPED_KEY_OCTETS);
        audit_checkpoint_format(&state->last, octets + MAGIC_OCTETS + WRAPPED_KEY_OCTETS);
        id_format(tenant->tenant, name);
        return replace(trail, name, octets);
}

static int rewrap(struct trail *trail, const char *name)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(FILE_OCTETS);
        struct audit_checkpoint last;
        struct file file;
        int r;

        r = file_read_at(trail->directory, name, FILE_OCTETS, &octets);
        if (r)
                return r == FILE_NOT_FOUND ? 0 : r < 0 ? r : fault(-EBADMSG);
        r = parse_file(buffer_text(&octets), &file, &last);
        if (r == 0)
                r = chain_trail_rewrap(trail->chain, last.tenant, last.sequence + 1, &file.wrapped,
                                       &file.wrapped);
        return r ? r : replace(trail, name, (const uint8_t *)&file);
}

static void directory_closep(DIR **directory)
{
        if (*directory)
                closedir(*directory);
}

int trail_follow_master(struct trail *trail)
{
        SCOPED(directory_closep) DIR *directory = NULL;
        SCOPED(closep) int fd = openat(trail->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct dirent *entry;
        struct id tenant;
        int r = 0;

        if (fd < 0)
                return fault(-errno);
        directory = fdopendir(fd);
        if (!directory)
                return fault(-errno);
        fd = -1;
        /* One that is met twice, since it was replaced meanwhile, is only wrapped twice. */
        while (r == 0 && (entry = readdir(directory)))
                if (id_parse(text_from(entry->d_name), &tenant))
                        r = rewrap(trail, entry->d_name);
        return r;
}

int trail_destroy(struct trail *trail, struct id tenant)
{
        char name[ID_STRING];
        int r;

        id_format(tenant, name);
        r = file_destroy(trail->directory, name);
        return r == FILE_NOT_FOUND ? 0 : r;
}

static void tell_broken(struct id tenant)
{
        char string[ID_STRING];

        id_format(tenant, string);
        log_write(LOG_WARNING, "audit-trail-broken", "tenant", string, "reason",
                  "the database or the keeper was restored", NULL);
}

/* Whether the last one is the answer: it got lost on its way, or nothing has happened since. */
static bool is_answered(const struct state *state, const struct trail_order *order)
{
        const struct audit_checkpoint *last = &state->last;

        if (last->sequence == 0)
                return false;
        return order->sequence + 1 == last->sequence ||
               (order->sequence == last->sequence && order->record == last->record &&
                memcmp(order->hash, last->hash, HASH_OCTETS) == 0);
}

static void sign(struct state *state, const struct trail_order *order)
{
        struct audit_checkpoint next = {
                .tenant = order->tenant.tenant,
                .sequence =
                        (order->sequence > state->last.sequence ? order->sequence : state->last.sequence) + 1,
                .record = order->record,
                .at_ms = order->at_ms,
        };

        if (order->sequence != state->last.sequence || order->record < state->last.record)
                tell_broken(order->tenant.tenant);
        memcpy(next.hash, order->hash, HASH_OCTETS);
        if (state->last.sequence > 0)
                audit_checkpoint_digest(&state->last, next.before);
        audit_checkpoint_sign(&state->key, &next);
        audit_key_evolve(&state->key);
        state->last = next;
}

int trail_sign(struct trail *trail, const struct trail_order *order, uint8_t ret[AUDIT_CHECKPOINT_OCTETS])
{
        SCOPED(state_done) struct state state = { 0 };
        int r;

        r = load(trail, &order->tenant, &state);
        if (r)
                return r;
        if (!is_answered(&state, order)) {
                sign(&state, order);
                r = store(trail, &order->tenant, &state);
                if (r)
                        return r;
        }
        audit_checkpoint_format(&state.last, ret);
        return 0;
}
