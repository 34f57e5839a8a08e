// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "crypt/random.h"
#include "keeper/held.h"

#define MANY 1000

static struct held_name name_of(uint32_t number, int64_t day)
{
        struct held_name name = { .kind = HELD_DAY, .version = 1, .day = day };

        memcpy(name.tenant.octets + 8, &number, sizeof(number));
        return name;
}

int main(void)
{
        struct held_name one = name_of(1, 20000), next_day = name_of(1, 20001),
                         tenant = name_of(1, HELD_TENANT);
        struct held_name version = one;
        struct secret key, other;
        struct held *held;
        size_t found = 0;

        random_secret(&key);
        random_secret(&other);
        version.version = 2;
        tenant.kind = HELD_TENANT;
        assert(held_new(64, &held) == 0);
        assert(!held_find(held, &one));
        held_put(held, &one, &key, NULL, 0);
        held_put(held, &next_day, &other, NULL, 0);
        held_put(held, &version, &other, NULL, 0);
        held_put(held, &tenant, &other, "wrapped", 7);
        assert(memcmp(held_find(held, &one), &key, sizeof(key)) == 0);
        assert(memcmp(held_find(held, &next_day), &other, sizeof(key)) == 0);
        assert(held_find_from(held, &tenant, "wrapped", 7));
        assert(!held_find_from(held, &tenant, "wrappee", 7) && !held_find_from(held, &tenant, "wrap", 4));

        held_forget(held, one.tenant, 20000);
        assert(!held_find(held, &one) && !held_find(held, &version) && held_find(held, &next_day));
        held_forget_before(held, 20002);
        assert(!held_find(held, &next_day) && held_find(held, &tenant));

        /* However many come, there are never more than there were places, and the newest is among them. */
        for (uint32_t i = 0; i < MANY; i++) {
                struct held_name name = name_of(i, 20000);

                held_put(held, &name, &key, NULL, 0);
                assert(held_find(held, &name));
        }
        for (uint32_t i = 0; i < MANY; i++) {
                struct held_name name = name_of(i, 20000);

                found += held_find(held, &name) != NULL;
        }
        assert(found > 32 && found <= 64);
        held_free(held);
        return 0;
}
