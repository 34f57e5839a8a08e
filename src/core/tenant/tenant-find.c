// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Where somebody belongs, and whether he is let in from where he comes. */

#include "core/tenant/tenant.h"

#include "base/network.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/company-code.h"
#include "core/sign-in/guess.h"
#include "core/state.h"

struct code {
        char folded[COMPANY_CODE];
        struct id tenant;
};

static int find_code(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct code *code = context;
        int r;

        r = db_one_all(tx, "SELECT id FROM tenant WHERE company_code_folded = ?1",
                       DB_VALUES(db_string(code->folded)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        code->tenant = db_rows_id(&rows, 0);
        return 0;
}

/* Counted before it is looked at, and taken back where it was right: many at once get no more of them. */
static int find_by_code(struct core *core, struct text company_code, struct text source, struct tenant *ret)
{
        char from[GUESS_SOURCE_STRING];
        struct code code;
        int r, taken_back;

        guess_source(source, from);
        r = guess_begin(core, GUESS_COMPANY, text_from(from));
        if (r)
                return r;
        if (!company_code_fold(company_code, code.folded))
                return CORE_NOT_FOUND;
        r = db_read(core->db, find_code, &code);
        if (r == 0)
                r = tenant_find_by_id(core, code.tenant, ret);
        if (r == CORE_NOT_FOUND)
                return r;
        taken_back = guess_take_back(core, GUESS_COMPANY, text_from(from));
        return r ? r : taken_back;
}

int tenant_find_by_email(struct core *core, struct text email, struct tenant *ret)
{
        struct id id;
        int r = domain_find_tenant(core, email, &id);

        return r ? r : tenant_find_by_id(core, id, ret);
}

int tenant_find_for(struct core *core, struct text email, struct text company_code, struct text source,
                    struct tenant *ret)
{
        return company_code.len ? find_by_code(core, company_code, source, ret)
                                : tenant_find_by_email(core, email, ret);
}

int tenant_admits(struct core *core, struct id tenant, enum tenant_access access, struct text source)
{
        bool is_device = access == ACCESS_SUBMIT || access == ACCESS_DEVICE;
        enum tenant_outside needed = is_device ? OUTSIDE_SUBMISSION : OUTSIDE_EVERYTHING;
        bool is_new = access == ACCESS_SUBMIT || access == ACCESS_SIGN_IN;
        struct tenant t;
        struct text door; /* of an agent (core/sign-in/guess.h) */
        const char *inside;
        int r;

        r = tenant_find_by_id(core, tenant, &t);
        if (r)
                return r == CORE_NOT_FOUND ? CORE_WRONG_CREDENTIALS : r;
        inside = t.inside[0] ? t.inside : network_list_private;
        (void)text_cut(source, '@', &source, &door);
        if (source.len && t.outside < needed && !network_list_has(text_from(inside), source))
                return CORE_OUTSIDE;
        return is_new && t.state == TENANT_SUSPENDED ? CORE_SUSPENDED : 0;
}
