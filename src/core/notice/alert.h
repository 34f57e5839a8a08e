// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Alerts: what printers complain of, and who is told.
 *
 *      a sighting has it -> OPEN --a sighting has it no more--> over --for alert_settle_ms--> told so
 *                            ^---------has it again------------'      (else it never was over)
 *
 *   1. Everybody is told once that it is open, and once that it is over, however often it comes and goes
 * meanwhile.
 *   2. A route says who: an address of mail, or a hook (HTTPS, net/fetch.h) that is told which key signed.
 * Its messages wait in the database until they got through, ever longer between two tries, for a day.
 *   3. Of one printer so many are open at a time, for one route so many wait; what is more is dropped, and
 * the route says so.
 */

#include "base/buffer.h"
#include "core/person/email.h"
#include "core/printer/sighting.h"

#define ALERTS_OF_PRINTER   64
#define ALERTS_KEPT         2000 /* of one printer, with those that are over */
#define ALERT_ROUTES_MAX    50
#define ALERT_WAITING_MAX   1000 /* for one route */
#define ALERT_BATCH         50
#define ALERT_TARGET        2048
#define ALERT_SECRET_STRING 65
#define ALERT_CONCERNS      8

struct alert {
        struct id id;
        struct id printer; /* zero: about the agent */
        char printer_name[CORE_NAME];
        struct id agent; /* zero: the printer complains itself */
        char agent_name[CORE_NAME];
        enum alert_severity severity;
        char concerns[CORE_NAME], code[CORE_NAME];
        char description[CORE_TITLE];
        int64_t opened_ms, seen_ms, closed_ms; /* closed: 0 where it is open */
        bool is_over;                          /* of a message: what is told */
};

/* CORE_FORBIDDEN. Of one printer, where that is not zero. */
int alert_list(struct core *core, const struct actor *actor, bool only_open, struct id printer,
               struct id after, struct alert *ret, size_t max, size_t *ret_count);

enum alert_route_kind {
        ALERT_BY_MAIL,
        ALERT_BY_HOOK,
};
extern const char *const alert_route_kind_names[]; /* ended by NULL */

struct alert_route {
        struct id id;
        char title[CORE_TITLE];
        enum alert_route_kind kind;
        char target[ALERT_TARGET];        /* an address, or a URL */
        char secret[ALERT_SECRET_STRING]; /* of a hook: hexadecimal; shown once */
        enum alert_severity least;
        char concerns[ALERT_CONCERNS][CORE_NAME]; /* none: everything */
        size_t concern_count;
        struct id site; /* zero: all */
        bool closings;
        char outcome[CORE_NAME]; /* of the last try; empty: there was none */
        int64_t outcome_ms, created_ms;
        uint32_t waiting;
};

/* Fills id, secret, created_ms. CORE_FORBIDDEN, CORE_BAD_VALUE, CORE_LIMIT_REACHED, CORE_NO_MAIL,
 * CORE_NOT_FOUND (site). */
int alert_route_make(struct core *core, const struct actor *actor, struct alert_route *route);
int alert_route_list(struct core *core, const struct actor *actor, struct id after, struct alert_route *ret,
                     size_t max, size_t *ret_count);
/* With its secret, which whoever asked wipes. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int alert_route_find(struct core *core, const struct actor *actor, struct id id, struct alert_route *ret);
/* What was found, with another title, target, least, concerns, site or closings; its kind and its secret
 * stay, and what waits goes where it leads now. As alert_route_make(), and CORE_NOT_FOUND. */
int alert_route_change(struct core *core, const struct actor *actor, struct alert_route *route);
int alert_route_delete(struct core *core, const struct actor *actor, struct id id);

struct db_tx;
struct teller;
/* In the transaction of a sighting. */
int alerts_take(struct db_tx *tx, const struct teller *teller, struct id printer,
                const struct sighting *sighting);

/* ---- the one who tells; one thread ---- */

/* Finds who is to be told of what is new, of so many at a time. */
int alerts_dispatch(struct core *core, bool *ret_more);

struct alert_batch {
        struct id tenant;
        struct alert_route route;
        struct alert alerts[ALERT_BATCH];
        struct id messages[ALERT_BATCH];
        size_t count;
        uint32_t attempts;  /* before this one */
        int64_t created_ms; /* of the first */
};
/* What is due for one route; nobody else gets it for five minutes. CORE_NOT_FOUND. */
int alert_batch_lease(struct core *core, struct alert_batch *ret);
/* outcome is a keyword; done: it got through, or will never. */
int alert_batch_end(struct core *core, const struct alert_batch *batch, const char *outcome, bool done);
/* Hands it to the mail that waits, and ends it. */
int alert_batch_mail(struct core *core, const struct alert_batch *batch, const char *subject,
                     const char *text);
