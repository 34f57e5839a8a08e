// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/tally.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

/* Matrix: what both clocks say, one look after the other. */
static const struct {
        const char *name;
        int64_t unix_ms, boot_ms, jumped_by_ms;
} looks[] = {
        { "first", 1000000, 1000, 0 },
        { "ten seconds later", 1010000, 11000, 0 },
        { "slewed", 1021000, 21000, 0 },
        { "an hour ahead", 4631000, 31000, 3600000 },
        { "as it was then", 4641000, 41000, 0 },
        { "back by a day", 4651000 - 86400000, 51000, -86400000 },
        { "slept", 14651000 - 86400000, 10051000, 0 },
};

static void count(enum courier_result result, const char *reason, unsigned int times)
{
        struct courier_outcome outcome = { .result = result };

        snprintf(outcome.reason, sizeof(outcome.reason), "%s", reason);
        while (times-- > 0)
                tally_delivery(&outcome);
}

int main(void)
{
        char address[64], make_and_model[128], reason[16];
        struct tally tally;

        for (size_t i = 0; i < ARRAY_LENGTH(looks); i++) {
                printf("%s\n", looks[i].name);
                assert(tally_look_at_clock(looks[i].unix_ms, looks[i].boot_ms) ==
                       (looks[i].jumped_by_ms != 0));
                tally_get(&tally);
                if (looks[i].jumped_by_ms)
                        assert(tally.clock.jumped_by_ms == looks[i].jumped_by_ms && !tally.clock.is_known &&
                               tally.clock.jumped_unix_ms == looks[i].unix_ms);
                tally_offset(-7);
        }

        count(COURIER_PRINTED, "completed-by-printer", 3);
        count(COURIER_UNCERTAIN, "interrupted", 2);
        tally_get(&tally);
        assert(tally.results[COURIER_PRINTED] == 3 && tally.results[COURIER_UNCERTAIN] == 2);
        assert(tally.reason_count == 1 && tally.reasons[0].count == 2);

        /* More kinds than there is room for go together. */
        for (int i = 0; i < 100; i++) {
                snprintf(reason, sizeof(reason), "reason-%d", i);
                count(COURIER_NOT_PRINTED, reason, 1);
        }
        tally_get(&tally);
        assert(tally.reason_count == TALLY_REASONS_MAX);
        assert(strcmp(tally.reasons[TALLY_REASONS_MAX - 1].reason, "other") == 0);

        tally_printer("10.0.0.1", "A");
        tally_printer("10.0.0.2", "");
        tally_printer("10.0.0.1", "B");
        assert(tally_get_printer(0, address, make_and_model) && strcmp(make_and_model, "B") == 0);
        assert(tally_get_printer(1, address, make_and_model) && strcmp(address, "10.0.0.2") == 0);
        assert(!tally_get_printer(2, address, make_and_model));
        return 0;
}
