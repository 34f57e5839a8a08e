// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Groups of printers: names under which printers stand together, whatever site they are at, so that a policy
 * can name them all at once. A printer may be in any number of them. They are the tenant's administrators'.
 */

#include "core/printer/printer.h"

#define PRINTER_GROUPS_MAX 1000 /* of a tenant */

struct printer_group {
        struct id id;
        char name[CORE_TITLE];
        uint32_t printers;
        int64_t created_ms;
};

/* All refuse CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_TAKEN (name), CORE_BAD_VALUE (no printable name,
 * PRINTER_GROUPS_MAX). */
int printer_group_make(struct core *core, const struct actor *actor, struct text name,
                       struct printer_group *ret);
/* An id or a name. */
int printer_group_find(struct core *core, const struct actor *actor, struct text id_or_name,
                       struct printer_group *ret);
int printer_group_list(struct core *core, const struct actor *actor, struct id after,
                       struct printer_group *ret, size_t max, size_t *ret_count);
int printer_group_rename(struct core *core, const struct actor *actor, struct id id, struct text name,
                         struct printer_group *ret);
/* Its printers stay; policies for it alone go with it. */
int printer_group_delete(struct core *core, const struct actor *actor, struct id id);

/* Putting in what is there already, or taking out what is not, is done. */
int printer_group_add(struct core *core, const struct actor *actor, struct id group, struct id printer);
int printer_group_remove(struct core *core, const struct actor *actor, struct id group, struct id printer);
/* With a printer that is no more. */
int printer_groups_forget(struct db_tx *tx, struct id tenant, struct id printer);
