// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sealed.h"

#include "base/outcome.h"
#include "core/state.h"
#include "core/tenant.h"
#include "crypt/field.h"

int sealed_write(struct core *core, struct id tenant, struct text bound_to, struct text plain,
                 struct buffer *to)
{
        const struct tenant_entry *entry;
        int r = tenant_entry_get(core, tenant, &entry);

        if (r)
                return r;
        r = field_seal(&entry->field_key, bound_to, plain, to);
        return r == FIELD_TOO_LONG ? CORE_BAD_VALUE : fold(r);
}

int sealed_read(struct core *core, struct id tenant, struct text bound_to, struct text sealed,
                struct buffer *to)
{
        const struct tenant_entry *entry;
        struct tenant found;
        int r = tenant_find_by_id(core, tenant, &found);

        if (r == 0)
                r = tenant_entry_get(core, tenant, &entry);
        if (r)
                return r;
        r = field_open(&entry->field_key, bound_to, sealed, to);
        return r > 0 ? CORE_NOT_FOUND : r;
}
