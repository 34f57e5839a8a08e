// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Settings of a printer, written by SNMP: those of RFC 3418 and RFC 3805 that every maker has in the same
 * place, or not at all.
 *
 *      whose serial number? --another's--> nothing is written
 *      for each setting: what stands there --as wanted--> unchanged
 *                                         `--Set--> what stands there now --> changed, or refused and why
 *
 *   1. One setting, one Set: where the printer refuses one the others are not lost with it.
 *   2. What is told to have changed was read back. A Set that nobody answered is looked after, never guessed
 * at.
 *   3. All of it ends by until_ms; what was not begun by then says so.
 */

#include <jansson.h>

#include "discovery/order.h"

enum setting {
        SETTING_NAME,     /* sysName */
        SETTING_LOCATION, /* sysLocation */
        SETTING_CONTACT,  /* sysContact */
        SETTING_PRINTER_NAME,
        SETTING_OPERATOR,
        SETTING_SERVICE_PERSON,
        SETTING_CONSOLE, /* whether anybody may press its buttons */
        SETTING_STARTUP_PAGE,
        SETTING_BANNER_PAGE,
};
#define SETTINGS      9
#define SETTING_VALUE 256

struct setting_kind {
        const char *name;  /* "printer_name" */
        uint32_t root[12]; /* of the MIB, without its index */
        size_t root_count;
        bool is_of_printer;   /* its index is hrDeviceIndex; else 0 */
        size_t max;           /* octets */
        const char *words[3]; /* instead of octets: of these a number */
        int32_t numbers[2];
};
const struct setting_kind *setting_kind(enum setting setting);
bool setting_parse(struct text name, enum setting *ret);
/* Printable, not too long, without spaces around it; or one of its words. Empty takes it away. */
bool setting_fits(enum setting setting, struct text value);

enum configured_outcome {
        CONFIGURED_NOT_TRIED,
        CONFIGURED_CHANGED,
        CONFIGURED_UNCHANGED,
        CONFIGURED_REFUSED, /* by the printer: reason */
        CONFIGURED_UNKNOWN, /* it does not answer any more */
};

struct configured {
        enum setting setting;
        char wanted[SETTING_VALUE];
        enum configured_outcome outcome;
        const char *reason; /* "not-writable", …; NULL: none */
        bool has_before, has_after;
        char before[SETTING_VALUE], after[SETTING_VALUE];
};

enum configure_refusal {
        CONFIGURE_SILENT = 1,
        CONFIGURE_WRONG_USER,
        CONFIGURE_WRONG_PASSPHRASE,
        CONFIGURE_NOT_UNDERSTOOD,
        CONFIGURE_ANOTHER, /* its serial number is another one */
};
/* "no-answer", "wrong-user", …: what the service is told. */
const char *configure_reason(int refusal);

struct configure_order {
        uint32_t address;
        uint16_t port;
        int64_t timeout_ms;
        uint32_t retries;
        int64_t until_ms;
        const struct snmp_credential *credentials; /* tried in their order, until one is answered to */
        size_t credential_count;
        const char *serial; /* empty: not known */
};

/* Fills in what became of each. configure_refusal: nothing was written. */
int configure(const struct configure_order *order, struct configured *settings, size_t count);
