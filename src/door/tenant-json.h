// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <jansson.h>

#include "core/tenant/tenant.h"
#include "door/json.h"

/* use may be NULL: it is for those who see more than their own. NULL where memory is out. */
json_t *tenant_json(struct core *core, const struct tenant *tenant, const struct tenant_use *use);

/* What change points to. */
struct tenant_words {
        struct tenant_change change;
        char title[CORE_TITLE];
        char plan[CORE_NAME];
        char inside[TENANT_NETWORKS];
        int64_t held_ms, printed_ms;
        int64_t limits[LIMITS];
        enum tenant_outside outside;
        enum language language;
        bool encrypted_only;
        bool holds_unsupported;
        bool refuses_two_sites;
        enum substitution substitution;
        enum tenant_state state;
};

/* Asks for the members of a change: those of administrators, and those of operators. */
void tenant_read(struct members *members, bool is_operator, struct tenant_words *ret);
