// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "base/scope.h"
#include "core/unwritten.h"

static struct id number(uint8_t n)
{
        struct id id = { .octets = { [15] = n } };

        return id;
}

static bool holds(struct unwritten *unwritten, uint8_t about, const char *octets)
{
        SCOPED(unwritten_secret_done) struct unwritten_secret secret = { 0 };

        return unwritten_find(unwritten, number(about), &secret) &&
               text_equal_string(unwritten_secret_text(&secret), octets);
}

static void what_is_kept_is_found_until_it_is_forgotten(void)
{
        struct unwritten_options options = { .max = 4, .of_owner_max = 4, .keep_ms = 60000 };
        struct unwritten_secret secret;
        struct unwritten *unwritten;

        assert(unwritten_new(&options, &unwritten) == 0);
        assert(!unwritten_find(unwritten, number(1), &secret));
        assert(unwritten_keep(unwritten, number(1), number(9), TEXT_OF("one")) == 0);
        assert(unwritten_keep(unwritten, number(2), number(9), TEXT_OF("two")) == 0);
        assert(unwritten_keep(unwritten, number(1), number(9), TEXT_OF("another")) == 0);
        assert(holds(unwritten, 1, "another") && holds(unwritten, 2, "two"));
        unwritten_forget(unwritten, number(1));
        unwritten_forget(unwritten, number(7));
        assert(!unwritten_find(unwritten, number(1), &secret) && holds(unwritten, 2, "two"));
        unwritten_free(unwritten);
}

static void there_is_room_for_so_many(void)
{
        struct unwritten_options options = { .max = 3, .of_owner_max = 2, .keep_ms = 60000 };
        char longer[UNWRITTEN_OCTETS + 1] = "";
        struct unwritten_secret secret;
        struct unwritten *unwritten;

        assert(unwritten_new(&options, &unwritten) == 0);
        for (uint8_t i = 1; i <= 3; i++)
                assert(unwritten_keep(unwritten, number(i), number(9), TEXT_OF("hers")) == 0);
        assert(!unwritten_find(unwritten, number(1), &secret)); /* her oldest went */
        assert(unwritten_keep(unwritten, number(4), number(8), TEXT_OF("his")) == 0);
        assert(unwritten_keep(unwritten, number(5), number(7), TEXT_OF("theirs")) == UNWRITTEN_FULL);
        assert(unwritten_keep(unwritten, number(4), number(8), text_from_octets(longer, sizeof(longer))) ==
               UNWRITTEN_TOO_LONG);
        assert(holds(unwritten, 2, "hers") && holds(unwritten, 3, "hers") && holds(unwritten, 4, "his"));
        unwritten_free(unwritten);
}

static void its_time_ends(void)
{
        struct unwritten_options options = { .max = 2, .of_owner_max = 2, .keep_ms = 0 };
        struct unwritten_secret secret;
        struct unwritten *unwritten;

        assert(unwritten_new(&options, &unwritten) == 0);
        assert(unwritten_keep(unwritten, number(1), number(9), TEXT_OF("late")) == 0);
        assert(!unwritten_find(unwritten, number(1), &secret));
        unwritten_free(unwritten);
}

int main(void)
{
        what_is_kept_is_found_until_it_is_forgotten();
        there_is_room_for_so_many();
        its_time_ends();
        return 0;
}
