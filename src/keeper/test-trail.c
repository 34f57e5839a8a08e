// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/trail.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope.h"
#include "crypt/random.h"
#include "keeper/chain.h"
#include "os/file.h"

static char folder[] = "/tmp/imprimatur-trail-XXXXXX";
static struct secret master;
static const struct chain_options options = { folder, 64, 400 };

struct world {
        struct chain *chain;
        struct trail *trail;
        struct keys_tenant tenant;
        uint8_t hash[HASH_OCTETS];
};

static void start(struct world *world)
{
        assert(chain_open(&master, &options, &world->chain) == 0);
        assert(trail_open(folder, world->chain, &world->trail) == 0);
}

static void stop(struct world *world)
{
        trail_close(world->trail);
        chain_close(world->chain);
}

static void begin(struct world *world)
{
        start(world);
        world->tenant = (struct keys_tenant){ id_new(), 1, { { 0 } } };
        assert(chain_tenant_make(world->chain, world->tenant.tenant, 1, &world->tenant.wrapped) == 0);
}

static void name_file(const struct world *world, char ret[128])
{
        char id[ID_STRING];

        id_format(world->tenant.tenant, id);
        snprintf(ret, 128, "%s/trails/%s", folder, id);
}

static void end(struct world *world)
{
        char path[128];

        name_file(world, path);
        assert(unlink(path) == 0);
        stop(world);
}

static struct audit_checkpoint sign(struct world *world, uint64_t sequence, uint64_t record)
{
        struct trail_order order = { world->tenant, sequence, record, world->hash, 1769860800000 };
        uint8_t octets[AUDIT_CHECKPOINT_OCTETS];
        struct audit_checkpoint checkpoint;

        world->hash[0] = (uint8_t)record;
        assert(trail_sign(world->trail, &order, octets) == 0);
        assert(audit_checkpoint_parse(text_from_octets(octets, sizeof(octets)), &checkpoint));
        assert(audit_checkpoint_is_signed(&checkpoint));
        return checkpoint;
}

static bool follows(const struct audit_checkpoint *a, const struct audit_checkpoint *b)
{
        uint8_t digest[HASH_OCTETS];

        audit_checkpoint_digest(a, digest);
        return b->sequence == a->sequence + 1 && memcmp(b->before, digest, sizeof(digest)) == 0 &&
               memcmp(b->key, a->next_key, SIGN_KEY_OCTETS) == 0;
}

static void each_is_certified_by_the_one_before_also_after_a_restart(void)
{
        struct audit_checkpoint last, next;
        struct world world = { 0 };

        begin(&world);
        last = sign(&world, 0, 10);
        assert(last.sequence == 1 && last.record == 10 && last.hash[0] == 10);
        for (uint64_t n = 1; n < 5; n++) {
                stop(&world);
                start(&world);
                next = sign(&world, n, 10 + n);
                assert(follows(&last, &next) && next.record == 10 + n);
                last = next;
        }
        end(&world);
}

static void a_lost_answer_is_given_again(void)
{
        struct audit_checkpoint first, again, second;
        struct world world = { 0 };

        begin(&world);
        first = sign(&world, 0, 10);
        again = sign(&world, 0, 12);
        assert(memcmp(&first, &again, sizeof(first)) == 0);
        second = sign(&world, 1, 12);
        assert(follows(&first, &second));
        again = sign(&world, 1, 13);
        assert(memcmp(&second, &again, sizeof(second)) == 0);
        /* Nothing new is nothing to sign. */
        again = sign(&world, 2, 12);
        assert(memcmp(&second, &again, sizeof(second)) == 0);
        end(&world);
}

/* Whoever goes back in time gets a signature, and a gap that whoever verifies sees. */
static void a_restored_database_shows(void)
{
        struct audit_checkpoint last, next;
        struct world world = { 0 };
        char path[128];

        begin(&world);
        for (uint64_t n = 0; n < 5; n++)
                last = sign(&world, n, 10 + n);
        next = sign(&world, 2, 13);
        assert(follows(&last, &next) && next.sequence == 6 && next.record == 13);
        /* The same of a keeper that lost its state. */
        name_file(&world, path);
        assert(unlink(path) == 0);
        last = next;
        next = sign(&world, 6, 20);
        assert(next.sequence == 7 && !follows(&last, &next));
        end(&world);
}

static void a_tenant_is_named_with_its_key(void)
{
        uint8_t octets[AUDIT_CHECKPOINT_OCTETS], hash[HASH_OCTETS] = { 0 };
        struct trail_order order = { .record = 1, .hash = hash };
        struct world world = { 0 };
        char path[128];

        begin(&world);
        sign(&world, 0, 1);
        order.tenant = world.tenant;
        order.tenant.wrapped.octets[20] ^= 1;
        assert(trail_sign(world.trail, &order, octets) == KEYS_WRONG);
        order.tenant = world.tenant;
        order.tenant.tenant = id_new();
        assert(trail_sign(world.trail, &order, octets) == KEYS_WRONG);
        name_file(&world, path);
        assert(access(path, F_OK) == 0);
        end(&world);
}

static void a_damaged_file_is_a_fault_and_no_new_key(void)
{
        uint8_t octets[AUDIT_CHECKPOINT_OCTETS];
        struct trail_order order = { .sequence = 1, .record = 2 };
        struct world world = { 0 };
        char path[128];

        begin(&world);
        sign(&world, 0, 1);
        name_file(&world, path);
        assert(truncate(path, 100) == 0);
        order.tenant = world.tenant;
        order.hash = world.hash;
        assert(trail_sign(world.trail, &order, octets) == -EBADMSG);
        end(&world);
}

/* The octets of the key that made a signature, as the file held them, are overwritten on the disk. */
static void an_old_key_is_wiped(void)
{
        static const char zeros[308];
        struct world world = { 0 };
        char path[128];
        void *seen;
        int fd;

        begin(&world);
        sign(&world, 0, 1);
        name_file(&world, path);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        seen = mmap(NULL, sizeof(zeros), PROT_READ, MAP_SHARED, fd, 0);
        assert(fd >= 0 && seen != MAP_FAILED && memcmp(seen, "imprtrl1", 8) == 0);
        sign(&world, 1, 2);
        assert(memcmp(seen, zeros, sizeof(zeros)) == 0);
        assert(munmap(seen, sizeof(zeros)) == 0 && close(fd) == 0);
        end(&world);
}

int main(void)
{
        char path[128];

        assert(mkdtemp(folder));
        random_secret(&master);
        each_is_certified_by_the_one_before_also_after_a_restart();
        a_lost_answer_is_given_again();
        a_restored_database_shows();
        a_tenant_is_named_with_its_key();
        a_damaged_file_is_a_fault_and_no_new_key();
        an_old_key_is_wiped();
        snprintf(path, sizeof(path), "%s/trails", folder);
        assert(rmdir(path) == 0);
        snprintf(path, sizeof(path), "%s/days", folder);
        assert(rmdir(path) == 0);
        snprintf(path, sizeof(path), "%s/retired", folder);
        assert(rmdir(path) == 0 && rmdir(folder) == 0);
        return 0;
}
