// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * badges: what it costs to find whose badge it is among very many, with the real keeper and database, as one
 * line of JSON. Times are of one look-up: the keeper's mark of the number, then the index.
 *
 *      badges COUNT LOOKUPS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/person/badge.h"
#include "core/test-world.h"

#define KNOWN 1000

struct fill {
        struct id tenant, person;
        int64_t first, count;
};

/* Badges of nobody's card: 32 random octets stand where an HMAC would. */
static int fill_in(struct db_tx *tx, void *context)
{
        const struct fill *fill = context;

        return db_run(
                tx, fill->tenant,
                "INSERT INTO badge (tenant_id, id, person_id, mac, key_version, kind, label, tail, created_ms, used_ms)"
                " WITH RECURSIVE n (i) AS (SELECT ?3 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3 + ?4)"
                " SELECT ?1, randomblob(16), ?2, randomblob(32), 1, 0, '', '0000', 1, 0 FROM n",
                DB_VALUES(db_id(&fill->person), db_integer(fill->first), db_integer(fill->count)), NULL);
}

struct look {
        struct id tenant, person;
        struct badge_number number;
};

static int look_in(struct db_tx *tx, void *context)
{
        struct look *look = context;

        return badge_holder(tx, look->tenant, &look->number, &look->person);
}

static int compare(const void *a, const void *b)
{
        int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

        return x < y ? -1 : x > y;
}

static void number_of(unsigned int i, char ret[16])
{
        snprintf(ret, 16, "04B0%06X", i * 7919);
}

int main(int argc, char **argv)
{
        static struct core_world world;
        int64_t count, lookups, *times;
        struct person person;
        char number[16];

        if (argc != 3 || (count = atoll(argv[1])) < 1 || (lookups = atoll(argv[2])) < 1) {
                fprintf(stderr, "badges COUNT LOOKUPS\n");
                return 2;
        }
        times = calloc((size_t)lookups, sizeof(*times));
        assert(times);
        core_world_open(&world);
        person = core_world_make_person(&world, "ada@demo.example", ROLE_PERSON);
        for (unsigned int i = 0; i < KNOWN; i++) {
                struct badge badge;

                number_of(i, number);
                assert(badge_add(world.core, &world.admin, person.id,
                                 &(struct badge_order){ text_from(number), TEXT_OF(""), BADGE_CARD },
                                 &badge) == 0);
        }
        for (int64_t first = 0; first < count; first += 50000) {
                struct fill fill = { world.tenant.id, person.id, first,
                                     count - first < 50000 ? count - first : 50000 };

                assert(db_write(world.db, fill_in, &fill) == 0);
        }
        for (int64_t i = 0; i < lookups; i++) {
                struct look look = { .tenant = world.tenant.id };
                int64_t began = clock_monotonic_us();

                number_of((unsigned int)(i * 31 % KNOWN), number);
                assert(badge_number_read(world.core, world.tenant.id, text_from(number), &look.number) == 0);
                assert(db_read(world.db, look_in, &look) == 0 && id_equal(look.person, person.id));
                times[i] = clock_monotonic_us() - began;
        }
        qsort(times, (size_t)lookups, sizeof(*times), compare);
        printf("{\"badges\":%lld,\"median_ms\":%.4f,\"p99_ms\":%.4f,\"greatest_ms\":%.4f}\n",
               (long long)count, (double)times[lookups / 2] / 1000, (double)times[lookups * 99 / 100] / 1000,
               (double)times[lookups - 1] / 1000);
        core_world_close(&world);
        free(times);
        return 0;
}
