// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Queues: what people's devices print to. A pull queue holds jobs for release at any printer ("follow me"); a
 * direct queue belongs to one printer and releases at once.
 */

#include "core/accounting.h"

enum queue_kind {
        QUEUE_PULL,
        QUEUE_DIRECT,
};

struct queue {
        struct id id;
        struct id tenant;
        char tenant_name[CORE_NAME];
        char name[CORE_NAME];
        char title[CORE_TITLE];
        enum queue_kind kind;
        struct id printer; /* of a direct queue */
        bool accepting;
        bool takes_raw; /* documents of printers' commands, which nothing here can look into (format_is_raw())
                         */
        enum accounting_needs accounting; /* what it asks for */
        int64_t created_ms;
};

struct printer;

/*
 * Whether documents of this media type may be sent to it: what its printer takes or can be given by
 * conversion, at a pull queue what can be read at all; raw ones only where it takes_raw. printer: of a direct
 * queue; NULL: any. Pure.
 */
bool queue_takes(const struct queue *queue, const struct printer *printer, struct text media_type);

int queue_make(struct core *core, const struct actor *actor, struct id tenant, struct queue *queue);
/* By the two names of an address; cached, cheap. CORE_NOT_FOUND. */
int queue_find(struct core *core, struct text tenant_name, struct text name, struct queue *ret);
int queue_find_by_id(struct core *core, struct id tenant, struct id id, struct queue *ret);
int queue_list(struct core *core, const struct actor *actor, struct id after, struct queue *ret, size_t max,
               size_t *ret_count);
int queue_delete(struct core *core, const struct actor *actor, struct id id);
