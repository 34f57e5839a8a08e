// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/document-password.h"

#include <assert.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/inspection.h"
#include "core/state.h"

static_assert(DOCUMENT_PASSWORD_OCTETS <= UNWRITTEN_OCTETS, "every one can be kept");

int document_passwords_new(struct core *core)
{
        struct unwritten_options options = { .max = core->settings.document_passwords_max,
                                             .of_owner_max = core->settings.document_passwords_of_person,
                                             .keep_ms = core->settings.document_password_ms };

        return unwritten_new(&options, &core->document_passwords);
}

bool document_password_is_possible(struct text password)
{
        return password.len > 0 && password.len <= DOCUMENT_PASSWORD_OCTETS &&
               !memchr(password.at, 0, password.len);
}

bool document_password_is_reason(const char *reason)
{
        return strcmp(reason, DOCUMENT_PASSWORD_NEEDED) == 0 || strcmp(reason, DOCUMENT_PASSWORD_WRONG) == 0;
}

int document_password_keep(struct core *core, struct id job, struct id owner, struct text password)
{
        int r = unwritten_keep(core->document_passwords, job, owner, password);

        return r == UNWRITTEN_FULL ? CORE_BUSY : r == UNWRITTEN_TOO_LONG ? CORE_BAD_VALUE : r;
}

int document_password_note(struct db_tx *tx, struct id tenant, struct id job, const char *reason)
{
        return fold(db_run(tx, tenant,
                           "UPDATE job SET reason = ?3 WHERE tenant_id = ?1 AND id = ?2 AND state = 'held'",
                           DB_VALUES(db_id(&job), db_string(reason)), NULL));
}

int document_password_check(struct db_tx *tx, struct id tenant, struct id job)
{
        struct inspection inspection;
        int r;

        r = inspection_row_find(tx, tenant, job, &inspection);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        return inspection.state == INSPECTION_FAILED && document_password_is_reason(inspection.reason)
                       ? CORE_PASSWORD_NEEDED
                       : 0;
}

struct give {
        struct core *core;
        const struct actor *actor;
        struct id job;
};

/* Whether anything that is known of it says that it needs none. */
static int is_asked(struct db_tx *tx, const struct give *give, const struct job_row *job)
{
        struct inspection inspection;
        int r;

        if (format_from_media_type(text_from(job->format)) != FORMAT_PDF)
                return CORE_NOT_ASKED;
        r = inspection_row_find(tx, give->actor->tenant, job->id, &inspection);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_ASKED : fold(r);
        if (inspection.state == INSPECTION_WAITING)
                return 0;
        return inspection.state == INSPECTION_FAILED && document_password_is_reason(inspection.reason)
                       ? 0
                       : CORE_NOT_ASKED;
}

static int give_in(struct db_tx *tx, void *context)
{
        const struct give *give = context;
        struct id tenant = give->actor->tenant;
        struct job_row job;
        int r;

        r = job_row_find(tx, tenant, give->job, &job);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (!actor_may(give->actor, RIGHT_JOBS_CHANGE, whose_person(job.owner)))
                return CORE_NOT_FOUND;
        if (job.state != JOB_HELD)
                return CORE_NOT_HELD;
        r = is_asked(tx, give, &job);
        if (r == 0)
                r = inspection_want(tx, tenant, &job, true);
        if (r == 0)
                r = document_password_note(tx, tenant, job.id, "");
        return r ? r : event_add(tx, tenant, give->actor, "document-password-given", job.id, "");
}

int document_password_give(struct core *core, const struct actor *actor, struct id job, struct text password)
{
        struct give give = { core, actor, job };
        int r;

        if (!core->settings.inspects)
                return CORE_NOT_ASKED;
        if (!document_password_is_possible(password))
                return CORE_BAD_VALUE;
        /* Kept first: a renderer may begin as soon as the transaction is over. */
        r = document_password_keep(core, job, actor->id, password);
        if (r)
                return r;
        r = db_write(core->db, give_in, &give);
        if (r)
                unwritten_forget(core->document_passwords, job);
        else
                work_wake(core);
        return r;
}
