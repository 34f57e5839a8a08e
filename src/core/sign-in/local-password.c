// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/local-password.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

struct look {
        struct id tenant, person;
        struct local_password *to;
};

static int find_methods(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct look *look = context;
        int r;

        look->to->count = 0;
        r = db_find(tx, look->tenant,
                    "SELECT DISTINCT o.method_id FROM outside_identity o JOIN method m ON m.tenant_id = ?1"
                    " AND m.id = o.method_id AND m.enabled = 1 WHERE o.tenant_id = ?1 AND o.person_id = ?2",
                    DB_VALUES(db_id(&look->person)), &rows);
        if (r)
                return fold(r);
        while (look->to->count < METHODS_MAX && db_rows_next(&rows, &r))
                look->to->methods[look->to->count++] = db_rows_id(&rows, 0);
        return fold(r);
}

enum method_fallback local_password_fallback(struct core *core, const struct method *method)
{
        const struct method_driver *driver = method_driver_find(core, text_from(method->kind));

        return driver && driver->fallback ? driver->fallback(core, method) : METHOD_FALLBACK_NO;
}

/* The strictest of those that know him. */
static int find_fallback(struct core *core, struct id tenant, struct local_password *local)
{
        SCOPED(freep) struct method *method = malloc(sizeof(*method));

        if (!method)
                return fault(-ENOMEM);
        for (size_t i = 0; i < local->count; i++) {
                enum method_fallback one;
                int r = method_find(core, tenant, local->methods[i], method);

                if (r < 0)
                        return r;
                one = r ? METHOD_FALLBACK_NO : local_password_fallback(core, method);
                if (one < local->fallback)
                        local->fallback = one;
        }
        return 0;
}

int local_password_judge(struct core *core, struct account *account, struct local_password *ret)
{
        struct look look = { account->tenant, account->actor.id, ret };
        int r;

        *ret = (struct local_password){ .fallback = METHOD_FALLBACK_ALWAYS };
        if (!account->is_known || !account->is_outside)
                return 0;
        r = db_read(core->db, find_methods, &look);
        if (r == 0)
                r = find_fallback(core, account->tenant, ret);
        if (r)
                return r;
        if (ret->fallback == METHOD_FALLBACK_WHEN_DOWN)
                memcpy(ret->verifier, account->password, sizeof(ret->verifier));
        if (ret->fallback != METHOD_FALLBACK_ALWAYS)
                explicit_bzero(account->password, sizeof(account->password));
        return 0;
}

void local_password_done(struct local_password *local)
{
        explicit_bzero(local->verifier, sizeof(local->verifier));
}

bool local_password_is_of(const struct local_password *local, struct id method)
{
        for (size_t i = 0; i < local->count; i++)
                if (id_equal(local->methods[i], method))
                        return true;
        return false;
}
