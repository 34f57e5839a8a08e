// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What is asked of a device by SNMP, for which purpose, and what its answers mean: RFC 3418 (system), RFC
 * 2863 (interfaces), RFC 2790 (host), RFC 6933 (entity), RFC 3805 and RFC 3806 (printer, finisher), PWG
 * 5107.2 (1284 id). Counters of copies, scans and faxes are in no standard: those of
 * Konica Minolta, Ricoh and Xerox are asked for where they are wanted. Pure: what happens between datagrams.
 *
 * A walk asks column by column, those of one table together. It ends for certain: a column goes only forward,
 * has at most so many rows, and all of it has at most MIB_QUESTIONS_MAX questions and as many octets as the
 * caller allows. A MIB that loops, repeats itself or never ends gives what it gave until then.
 */

#include "courier/state-snmp.h"
#include "discovery/device.h"
#include "discovery/schedule.h"
#include "snmp/pdu.h"

#define MIB_COLUMNS_MAX   96
#define MIB_SUFFIX_MAX    6
#define MIB_ASKED_MAX     16 /* columns in one question */
#define MIB_QUESTIONS_MAX 64
#define MIB_KINDS         64

/* A place in a column: what stands behind its name. */
struct mib_place {
        uint32_t at[MIB_SUFFIX_MAX];
        uint8_t count;
        uint8_t rows; /* so far */
        bool is_done;
};

struct mib_walk {
        enum purpose purpose;
        bool counters;                            /* of copies, scans and faxes, too */
        bool one_by_one;                          /* GetNext: of SNMPv1 */
        uint8_t fewer;                            /* how often the device said that it was too much */
        uint32_t questions;                       /* so far */
        struct mib_place places[MIB_COLUMNS_MAX]; /* of each column of the table in mib.c */
        uint8_t asked[MIB_ASKED_MAX];             /* by the last question */
        size_t asked_count;
        uint32_t repetitions;
        uint16_t kinds[MIB_KINDS]; /* what the rows of a table of counters count */
        struct snmp_walk state;    /* what the courier makes of the same values: state and trays */
};

/* Whether somebody is a printer at all: one value of each. */
#define MIB_PROBE_COLUMNS 3
void mib_probe(struct snmp_name ret[MIB_PROBE_COLUMNS]);
bool mib_is_printer(const struct snmp_answer *answer);

void mib_begin(struct mib_walk *walk, enum purpose purpose, bool one_by_one, bool counters);
/* The next question's names and repetitions; false where there is nothing more to ask. */
bool mib_next(struct mib_walk *walk, struct snmp_name ret_names[MIB_ASKED_MAX], size_t *ret_count,
              uint32_t *ret_repetitions);
/* Its answer. */
void mib_take(struct mib_walk *walk, const struct snmp_answer *answer, struct device *device);
/* What can be said only when everything is there. */
void mib_end(const struct mib_walk *walk, struct device *device);

/* The words for numbers: "toner", "opc", "black-toner"… Never NULL. */
const char *mib_supply_type(int32_t type);
const char *mib_supply_unit(int32_t unit);
const char *mib_counter_unit(int32_t unit);
const char *mib_alert_group(int32_t group);
const char *mib_alert_severity(int32_t severity);
