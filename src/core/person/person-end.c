// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/grant.h"
#include "core/person/person.h"
#include "core/sign-in/session.h"
#include "core/state.h"

/* Each ends one kind of thing: ?1 is the tenant, ?2 the person. */
static const char *const statements[] = {
        "DELETE FROM token WHERE tenant_id = ?1 AND person_id = ?2",
        "DELETE FROM one_time_code WHERE tenant_id = ?1 AND person_id = ?2",
};

int person_end_everything(struct db_tx *tx, struct id tenant, struct id person)
{
        int r = session_end_within(tx, tenant, person, (struct id){ 0 });

        if (r == 0)
                r = grant_end_all(tx, tenant, person);
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = fold(db_run(tx, tenant, statements[i], DB_VALUES(db_id(&person)), NULL));
        return r;
}
