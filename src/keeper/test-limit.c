// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "keeper/limit.h"

int main(void)
{
        struct id ada = { "ada" }, bob = { "bob" };
        struct limit *limit;
        int64_t now_ms = 1000000;
        size_t allowed = 0;

        assert(limit_new(60, &limit) == 0);
        for (int i = 0; i < 60; i++)
                assert(limit_allows(limit, ada, now_ms));
        assert(!limit_allows(limit, ada, now_ms));
        assert(limit_allows(limit, bob, now_ms)); /* one tenant's haste is not another's */
        assert(!limit_allows(limit, ada, now_ms + 999));
        assert(limit_allows(limit, ada, now_ms + 1000) && !limit_allows(limit, ada, now_ms + 1000));
        assert(!limit_allows(limit, ada, now_ms)); /* a clock that jumps back gives nothing */

        /* Asked every millisecond for ten minutes, which must not round the filling away. */
        now_ms += 10000;
        for (int64_t ms = 0; ms < 600000; ms++)
                allowed += limit_allows(limit, ada, now_ms + ms);
        assert(allowed >= 600 && allowed <= 660);

        /* However many tenants there are, the table stays as it is. */
        for (uint32_t i = 0; i < 100000; i++) {
                struct id id = { { 0 } };

                memcpy(id.octets + 8, &i, sizeof(i));
                assert(limit_allows(limit, id, now_ms));
        }
        limit_free(limit);

        assert(limit_new(0, &limit) == 0);
        for (int i = 0; i < 100000; i++)
                assert(limit_allows(limit, ada, now_ms));
        limit_free(limit);
        return 0;
}
