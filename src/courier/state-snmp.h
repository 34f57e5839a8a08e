// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* From values of SNMP to a printer's state: what state-snmp.c does between datagrams. Pure. */

#include "courier/input-tray.h"
#include "courier/state.h"
#include "snmp/message.h"

enum snmp_column {
        SNMP_STATUS, /* hrPrinterStatus */
        SNMP_ERRORS, /* hrPrinterDetectedErrorState */
        SNMP_INPUT_UNIT,
        SNMP_INPUT_FEED_DECLARED,
        SNMP_INPUT_CROSS_DECLARED,
        SNMP_INPUT_FEED,
        SNMP_INPUT_CROSS,
        SNMP_INPUT_CAPACITY,
        SNMP_INPUT_LEVEL,
        SNMP_INPUT_STATUS,
        SNMP_INPUT_MEDIA,
        SNMP_INPUT_NAME,
        SNMP_INPUT_TYPE,
        SNMP_COLUMNS,
};
struct snmp_name state_snmp_column(enum snmp_column column);

struct snmp_tray {
        uint32_t index;
        struct input_tray row;
        int32_t declared[2];
        char media[COURIER_KEYWORD];
        char name[COURIER_KEYWORD];
        char type[COURIER_KEYWORD];
};

struct snmp_walk {
        struct snmp_name last[SNMP_COLUMNS]; /* what the next question goes on from */
        uint32_t device;                     /* whose trays they are; 0: none yet */
        bool has_status, has_errors;
        int32_t status;
        char errors[4];
        size_t error_len;
        struct snmp_trays {
                struct snmp_tray at[COURIER_TRAYS];
                size_t count;
        } trays;
};

void state_snmp_begin(struct snmp_walk *walk);
/* Whether there may be more to ask for. */
bool state_snmp_take(const struct snmp_answer *answer, struct snmp_walk *walk);
void state_snmp_end(const struct snmp_walk *walk, struct courier_state *ret);
