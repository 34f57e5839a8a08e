// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Queues: what people's devices print to. A pull queue holds jobs for release at any printer ("follow me"). A
 * direct queue belongs to one printer and releases at once. A secure queue belongs to one, too, and holds:
 * its jobs come out there and nowhere else, when their owner says so, there or as he sends them.
 */

#include "core/report/accounting.h"

enum queue_kind { /* in the database: the numbers never change */
        QUEUE_PULL = 0,
        QUEUE_DIRECT = 1,
        QUEUE_SECURE = 2,
};
/* "pull", "direct", "secure"; ended by NULL. */
extern const char *const queue_kind_names[];

/* Where its documents are kept. */
enum queue_documents { /* in the database: the numbers never change */
        DOCUMENTS_SERVICE = 0,
        DOCUMENTS_SITE = 1, /* at the agent they were sent to; only what is told of them comes here
                               (core/job/stay.h) */
};
/* "service", "site"; ended by NULL. */
extern const char *const queue_documents_names[];

struct queue {
        struct id id;
        struct id tenant;
        char tenant_name[CORE_NAME];
        char name[CORE_NAME];
        char title[CORE_TITLE];
        enum queue_kind kind;
        struct id printer; /* of all but a pull queue */
        bool accepting;
        bool takes_raw; /* documents of printers' commands, which nothing here can look into (format_is_raw())
                         */
        enum queue_documents documents;
        enum accounting_needs accounting; /* what it asks for */
        int64_t created_ms;
};

struct printer;

/*
 * Whether documents of this media type may be sent to it: what its printer takes or can be given by
 * conversion, at a pull queue what can be read at all; raw ones only where it takes_raw. printer: the
 * queue's; NULL: any. Pure.
 */
bool queue_takes(const struct queue *queue, const struct printer *printer, struct text media_type);

int queue_make(struct core *core, const struct actor *actor, struct id tenant, struct queue *queue);
/* By the two names of an address; cached, cheap. CORE_NOT_FOUND. */
int queue_find(struct core *core, struct text tenant_name, struct text name, struct queue *ret);
int queue_find_by_id(struct core *core, struct id tenant, struct id id, struct queue *ret);
int queue_list(struct core *core, const struct actor *actor, struct id after, struct queue *ret, size_t max,
               size_t *ret_count);
/* The names of those whose documents stay at their sites, in their order: at most max. */
int queue_names_of_sites(struct core *core, struct id tenant, char (*ret)[CORE_NAME], size_t max,
                         size_t *ret_count);
/* Replaces title, accepting, takes_raw, documents and kind, which may be another of the same printer's. What
 * is held stays held as it is. CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE. */
int queue_change(struct core *core, const struct actor *actor, const struct queue *queue);
int queue_delete(struct core *core, const struct actor *actor, struct id id);
