// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Settings of the device behind a printer (its name, where it stands, who minds it, its buttons), which its
 * agent writes by SNMP with credentials that are for nothing else.
 *
 *      WANTED --its agent takes it--> ASKED --it tells what became of it--> DONE
 *         `--not in time--> UNANSWERED, and is not taken any more
 *
 *   1. One of a printer at a time, and the last one is remembered.
 *   2. Only the agent that saw the device last is asked, at the address where it saw it, and told which
 * serial number it must find there. Where another device answers in its place, nobody is asked.
 *   3. In the trail stand who wanted what, and of each setting that was written what stood there before and
 * what stands there since, as the device says.
 */

#include "base/buffer.h"
#include "core/printer/discovered-printer.h"

#define DEVICE_SETTINGS_MAX     16
#define DEVICE_SETTING_VALUE    256
#define DEVICE_CONFIGURE_OCTETS 16384

enum device_configure_state {
        DEVICE_CONFIGURE_WANTED,
        DEVICE_CONFIGURE_ASKED,
        DEVICE_CONFIGURE_DONE,
        DEVICE_CONFIGURE_UNANSWERED,
};
extern const char *const device_configure_state_names[]; /* ended by NULL */

/* wanted and outcome are JSON that the door has looked into; id zero: nothing was wanted yet. */
struct device_configuration {
        struct id id;
        enum device_configure_state state;
        int64_t created_ms, ended_ms;
        struct buffer wanted, outcome; /* the caller's */
};
void device_configuration_init(struct device_configuration *configuration);
void device_configuration_done(struct device_configuration *configuration);

/* The last one. CORE_NOT_FOUND, CORE_FORBIDDEN. */
int device_configuration_find(struct core *core, const struct actor *actor, struct id printer,
                              struct device_configuration *ret);
/*
 * Has it written, and waits at most wait_ms for what became of it: *ret. names is what is wanted, in words,
 * for the trail. CORE_NOT_FOUND, CORE_FORBIDDEN, CORE_TAKEN (one is under way), CORE_NO_DEVICE (it is not
 * known which device that is, or another one stands in its place), CORE_NO_WRITING (no credentials for it),
 * CORE_BAD_VALUE.
 */
int device_configure(struct core *core, const struct actor *actor, struct id printer, struct text wanted,
                     const char *names, int64_t wait_ms, struct device_configuration *ret);

/* ---- for its agent ---- */

struct device_task {
        struct id id, printer;
        struct discovered_printer device;
        struct buffer wanted; /* the caller's */
};
/* The next one for this agent; *ret_found says whether there is one. */
int device_task_take(struct core *core, const struct actor *agent, struct device_task *ret, bool *ret_found);

struct device_change {
        char setting[CORE_NAME];
        bool is_changed; /* else: it is not known whether it is */
        char before[DEVICE_SETTING_VALUE], after[DEVICE_SETTING_VALUE];
};
/* What became of it. CORE_STALE: it is over, or another one; CORE_NOT_FOUND: another agent's printer. */
int device_task_finish(struct core *core, const struct actor *agent, struct id printer, struct id task,
                       struct text outcome, const struct device_change *changes, size_t count);
/* Of a printer that goes. */
int device_configuration_forget(struct db_tx *tx, struct id tenant, struct id printer);
