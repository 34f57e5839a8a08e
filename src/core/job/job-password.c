// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/job-password.h"

#include <assert.h>

#include "base/outcome.h"
#include "core/printer/printer.h"
#include "core/release/release.h"
#include "core/state.h"

static_assert(JOB_PASSWORD_MOST <= UNWRITTEN_OCTETS, "every one can be kept");

int job_passwords_new(struct core *core)
{
        struct unwritten_options options = { .max = core->settings.job_passwords_max,
                                             .of_owner_max = RELEASE_JOBS_MAX,
                                             .keep_ms = core->settings.job_password_ms };

        return unwritten_new(&options, &core->job_passwords);
}

bool job_password_is_possible(struct text password)
{
        for (size_t i = 0; i < password.len; i++)
                if (password.at[i] < '0' || password.at[i] > '9')
                        return false;
        return password.len >= JOB_PASSWORD_LEAST && password.len <= JOB_PASSWORD_MOST;
}

/* Six digits or more, unless the printer cannot. */
static size_t least_of(const struct printer *printer)
{
        return printer->password_digits < 6 ? printer->password_digits : 6;
}

int job_password_check(const struct settled *settled, const struct printer *printer, struct text password)
{
        if (password.len == 0)
                return settled->needs_job_password ? CORE_JOB_PASSWORD_NEEDED : 0;
        return password.len < least_of(printer) || password.len > printer->password_digits
                       ? CORE_JOB_PASSWORD_UNKNOWN
                       : 0;
}

int job_password_keep(struct core *core, struct db_tx *tx, struct id tenant, struct id delivery,
                      struct id owner, struct text password)
{
        int r;

        if (password.len == 0)
                return 0;
        r = unwritten_keep(core->job_passwords, delivery, owner, password);
        if (r)
                return r == UNWRITTEN_FULL ? CORE_BUSY : r > 0 ? CORE_BAD_VALUE : r;
        return fold(db_run(tx, tenant,
                           "UPDATE delivery SET has_password = 1 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&delivery)), NULL));
}

int job_password_of(struct core *core, const struct delivery_row *delivery, struct unwritten_secret *ret)
{
        struct unwritten_secret found = { .length = 0 };
        int r = 0;

        if (delivery->has_password && !unwritten_find(core->job_passwords, delivery->id, &found))
                r = CORE_NOT_FOUND;
        if (ret)
                *ret = found;
        unwritten_secret_done(&found);
        return r;
}
