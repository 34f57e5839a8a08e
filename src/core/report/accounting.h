// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Accounting: who pays for a job, in the words of an accounting system that is not ours. Two names, as IPP
 * has them: the account (job-account-id) and who uses it (job-accounting-user-id, both PWG 5100.7). A printer
 * or a queue may ask for them; then nothing is released there without. Each name is taken from the first that
 * has it:
 *
 *      what is given at the release  >  what came with the job  >  what its owner saved, where the tenant
 *      lets people save  >  the printer's default  >  the tenant's default
 *
 * Where nothing asks for them, the first two are passed on all the same. What was taken is kept with the
 * delivery. All of it is sealed with the tenant's field key, and goes with the person.
 */

#include "core/actor.h"

#define ACCOUNTING_NAME 256 /* name(MAX) of IPP is 255 octets, NUL */

struct accounting {
        char account[ACCOUNTING_NAME]; /* "": none */
        char user[ACCOUNTING_NAME];
};
bool accounting_is_empty(const struct accounting *accounting);
/* Printable text, or nothing. */
bool accounting_is_valid(const struct accounting *accounting);

enum accounting_needs {
        ACCOUNTING_NONE,
        ACCOUNTING_ACCOUNT,
        ACCOUNTING_ACCOUNT_AND_USER,
};
/* "none", "account", "account-and-user"; NULL at the end. */
extern const char *const accounting_needs_names[];

/* What administrators say. Of a queue there is no default, of a tenant no need. */
enum accounting_place {
        ACCOUNTING_OF_TENANT,
        ACCOUNTING_OF_PRINTER,
        ACCOUNTING_OF_QUEUE,
};
struct accounting_rule {
        enum accounting_needs needs;
        bool may_save;           /* of a tenant: people's names are kept for them, where they want that */
        struct accounting usual; /* the default */
};
/* subject: the printer or queue. CORE_FORBIDDEN, CORE_NOT_FOUND; also CORE_BAD_VALUE. */
int accounting_rule_find(struct core *core, const struct actor *actor, enum accounting_place place,
                         struct id subject, struct accounting_rule *ret);
int accounting_rule_set(struct core *core, const struct actor *actor, enum accounting_place place,
                        struct id subject, const struct accounting_rule *rule);

/* What a person keeps for the next time. *ret_may_save: whether the tenant lets people; where it does not any
 * more, nothing is found and nothing of it is used. */
int accounting_saved_find(struct core *core, const struct actor *actor, struct accounting *ret,
                          bool *ret_may_save);
/* CORE_FORBIDDEN (the tenant does not let people), CORE_BAD_VALUE. Empty: nothing is kept any more. */
int accounting_save(struct core *core, const struct actor *actor, const struct accounting *accounting);

/* The owner says it of a held job. CORE_NOT_FOUND, CORE_NOT_HELD, CORE_BAD_VALUE. */
int accounting_give(struct core *core, const struct actor *actor, struct id job,
                    const struct accounting *accounting);
/* Of its last delivery, else what came with it; empty where there is nothing, and for everybody but the owner
 * and whoever reads reports. */
int accounting_of_job(struct core *core, const struct actor *actor, struct id job, struct accounting *ret);

/* Whether a job that prints at once at the queue would be taken: 0 or CORE_ACCOUNTING_NEEDED. given may be
 * NULL. */
struct queue;
int accounting_check(struct core *core, const struct actor *actor, const struct queue *queue,
                     const struct accounting *given);
