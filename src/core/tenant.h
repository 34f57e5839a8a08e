// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Tenants: organisations that share a service and see nothing of each other. */

#include "core/core.h"

struct tenant {
        struct id id;
        char name[CORE_NAME]; /* in addresses: /ipp/print/NAME/… */
        char title[CORE_TITLE];
        char company_code[8];         /* six characters that people type */
        char mail_domain[CORE_EMAIL]; /* whose people are this tenant's */
        int64_t held_ms;              /* an unprinted job expires after; default 1 day */
        int64_t printed_ms;           /* a printed job's document stays; 0 (default), 1 day or 7 days */
};

/* CORE_TAKEN for a name, company code or mail domain in use; CORE_BAD_VALUE. id, held_ms 0 and company_code
 * "" are filled in. */
int tenant_make(struct core *core, struct tenant *tenant);
/* CORE_NOT_FOUND. Cached; cheap. */
int tenant_find(struct core *core, struct text name, struct tenant *ret);
int tenant_find_by_id(struct core *core, struct id id, struct tenant *ret);
/* By the domain of an e-mail address. CORE_NOT_FOUND. */
int tenant_find_by_email(struct core *core, struct text email, struct tenant *ret);
/* CORE_NOT_FOUND, CORE_BAD_VALUE. */
int tenant_set_retention(struct core *core, struct id id, int64_t held_ms, int64_t printed_ms);
