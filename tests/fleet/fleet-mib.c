// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "fleet-mib.h"

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "snmp/ber.h"

enum fleet_kind {
        FLEET_INTEGER,
        FLEET_COUNTER,
        FLEET_TIME,
        FLEET_WORDS,
        FLEET_NAME,
        FLEET_SERIAL,
        FLEET_MAC,
        FLEET_LIFE,
        FLEET_ID,
};

/* In the order of names. */
/* clang-format off */
static const struct row {
        struct snmp_name name;
        enum fleet_kind kind;
        int32_t number;
        const char *words;
} rows[] = {
        { { { 1, 3, 6, 1, 2, 1, 1, 1, 0 }, 9 }, FLEET_WORDS, 0, "Acme ColorMFP 5055; FW 3.2.1" },
        { { { 1, 3, 6, 1, 2, 1, 1, 3, 0 }, 9 }, FLEET_TIME, 8640000, "" },
        { { { 1, 3, 6, 1, 2, 1, 1, 4, 0 }, 9 }, FLEET_WORDS, 0, "it@example.org" },
        { { { 1, 3, 6, 1, 2, 1, 1, 5, 0 }, 9 }, FLEET_NAME, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 1, 6, 0 }, 9 }, FLEET_WORDS, 0, "Building A, floor 2" },
        { { { 1, 3, 6, 1, 2, 1, 1, 7, 0 }, 9 }, FLEET_INTEGER, 72, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 1, 0 }, 9 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 1 }, 11 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 2 }, 11 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 1 }, 11 }, FLEET_WORDS, 0, "lo" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 2 }, 11 }, FLEET_WORDS, 0, "Ethernet" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 3, 1 }, 11 }, FLEET_INTEGER, 24, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 3, 2 }, 11 }, FLEET_INTEGER, 6, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 1 }, 11 }, FLEET_WORDS, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 2 }, 11 }, FLEET_MAC, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 7, 1 }, 11 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 7, 2 }, 11 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 8, 1 }, 11 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 8, 2 }, 11 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 1 }, 11 }, FLEET_COUNTER, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 2 }, 11 }, FLEET_COUNTER, 123456, "" },
        { { { 1, 3, 6, 1, 2, 1, 25, 1, 1, 0 }, 10 }, FLEET_TIME, 8640000, "" },
        { { { 1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1 }, 12 }, FLEET_WORDS, 0, "Acme ColorMFP 5055" },
        { { { 1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 2 }, 12 }, FLEET_WORDS, 0, "ARM v8" },
        { { { 1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 5, 1 }, 12 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 5, 2 }, 12 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1, 1 }, 12 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2, 1 }, 12 }, FLEET_WORDS, 0, "\x20" },
        { { { 1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 1, 1 }, 12 }, FLEET_COUNTER, 7, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 16, 1 }, 12 }, FLEET_NAME, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1 }, 12 }, FLEET_SERIAL, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 18, 1 }, 12 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 19, 1 }, 12 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 6, 1, 1, 2, 1, 1 }, 13 }, FLEET_WORDS, 0, "Front door" },
        { { { 1, 3, 6, 1, 2, 1, 43, 6, 1, 1, 2, 1, 2 }, 13 }, FLEET_WORDS, 0, "Duplex unit" },
        { { { 1, 3, 6, 1, 2, 1, 43, 6, 1, 1, 3, 1, 1 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 6, 1, 1, 3, 1, 2 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 2, 1, 2 }, 13 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 2, 1, 3 }, 13 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 2, 1, 4 }, 13 }, FLEET_INTEGER, 5, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 3, 1, 1 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 3, 1, 2 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 3, 1, 3 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 3, 1, 4 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 4, 1, 1 }, 13 }, FLEET_INTEGER, 297000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 4, 1, 2 }, 13 }, FLEET_INTEGER, 297000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 4, 1, 3 }, 13 }, FLEET_INTEGER, 297000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 4, 1, 4 }, 13 }, FLEET_INTEGER, 297000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 5, 1, 1 }, 13 }, FLEET_INTEGER, 210000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 5, 1, 2 }, 13 }, FLEET_INTEGER, 210000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 5, 1, 3 }, 13 }, FLEET_INTEGER, 210000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 5, 1, 4 }, 13 }, FLEET_INTEGER, 210000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 6, 1, 1 }, 13 }, FLEET_INTEGER, 297000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 6, 1, 2 }, 13 }, FLEET_INTEGER, 297000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 6, 1, 3 }, 13 }, FLEET_INTEGER, 297000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 6, 1, 4 }, 13 }, FLEET_INTEGER, 297000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 7, 1, 1 }, 13 }, FLEET_INTEGER, 210000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 7, 1, 2 }, 13 }, FLEET_INTEGER, 210000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 7, 1, 3 }, 13 }, FLEET_INTEGER, 210000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 7, 1, 4 }, 13 }, FLEET_INTEGER, 210000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 8, 1, 1 }, 13 }, FLEET_INTEGER, 8, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 8, 1, 2 }, 13 }, FLEET_INTEGER, 8, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 8, 1, 3 }, 13 }, FLEET_INTEGER, 8, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 8, 1, 4 }, 13 }, FLEET_INTEGER, 8, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 9, 1, 1 }, 13 }, FLEET_INTEGER, 550, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 9, 1, 2 }, 13 }, FLEET_INTEGER, 550, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 9, 1, 3 }, 13 }, FLEET_INTEGER, 550, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 9, 1, 4 }, 13 }, FLEET_INTEGER, 100, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 10, 1, 1 }, 13 }, FLEET_INTEGER, 320, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 10, 1, 2 }, 13 }, FLEET_INTEGER, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 10, 1, 3 }, 13 }, FLEET_INTEGER, 550, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 10, 1, 4 }, 13 }, FLEET_INTEGER, -3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 11, 1, 1 }, 13 }, FLEET_INTEGER, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 11, 1, 2 }, 13 }, FLEET_INTEGER, 9, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 11, 1, 3 }, 13 }, FLEET_INTEGER, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 11, 1, 4 }, 13 }, FLEET_INTEGER, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 12, 1, 1 }, 13 }, FLEET_WORDS, 0, "iso_a4_210x297mm" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 12, 1, 2 }, 13 }, FLEET_WORDS, 0, "iso_a4_210x297mm" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 12, 1, 3 }, 13 }, FLEET_WORDS, 0, "iso_a3_297x420mm" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 12, 1, 4 }, 13 }, FLEET_WORDS, 0, "na_letter_8.5x11in" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 13, 1, 1 }, 13 }, FLEET_WORDS, 0, "Tray 1" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 13, 1, 2 }, 13 }, FLEET_WORDS, 0, "Tray 2" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 13, 1, 3 }, 13 }, FLEET_WORDS, 0, "Tray 3" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 13, 1, 4 }, 13 }, FLEET_WORDS, 0, "Bypass" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 18, 1, 1 }, 13 }, FLEET_WORDS, 0, "Tray 1" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 18, 1, 2 }, 13 }, FLEET_WORDS, 0, "Tray 2" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 18, 1, 3 }, 13 }, FLEET_WORDS, 0, "Tray 3" },
        { { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 18, 1, 4 }, 13 }, FLEET_WORDS, 0, "Bypass" },
        { { { 1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 2, 1, 2 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 4, 1, 1 }, 13 }, FLEET_INTEGER, 500, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 4, 1, 2 }, 13 }, FLEET_INTEGER, 500, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 5, 1, 1 }, 13 }, FLEET_INTEGER, 480, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 5, 1, 2 }, 13 }, FLEET_INTEGER, 480, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 7, 1, 1 }, 13 }, FLEET_WORDS, 0, "Standard bin" },
        { { { 1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 7, 1, 2 }, 13 }, FLEET_WORDS, 0, "Finisher tray" },
        { { { 1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 3, 1, 1 }, 13 }, FLEET_INTEGER, 7, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1 }, 13 }, FLEET_LIFE, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 5, 1, 1 }, 13 }, FLEET_COUNTER, 412, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 6, 1, 1 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 2, 1, 2 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 2, 1, 3 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 2, 1, 4 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 2, 1, 5 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 2, 1, 6 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 2, 1, 7 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 2, 1, 8 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3, 1, 1 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3, 1, 2 }, 13 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3, 1, 3 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3, 1, 4 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3, 1, 5 }, 13 }, FLEET_INTEGER, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3, 1, 6 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3, 1, 7 }, 13 }, FLEET_INTEGER, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3, 1, 8 }, 13 }, FLEET_INTEGER, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4, 1, 1 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4, 1, 2 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4, 1, 3 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4, 1, 4 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4, 1, 5 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4, 1, 6 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4, 1, 7 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4, 1, 8 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5, 1, 1 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5, 1, 2 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5, 1, 3 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5, 1, 4 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5, 1, 5 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5, 1, 6 }, 13 }, FLEET_INTEGER, 9, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5, 1, 7 }, 13 }, FLEET_INTEGER, 15, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5, 1, 8 }, 13 }, FLEET_INTEGER, 32, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 1 }, 13 }, FLEET_WORDS, 0, "Black Toner AC-K1" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 2 }, 13 }, FLEET_WORDS, 0, "Cyan Toner AC-C1" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 3 }, 13 }, FLEET_WORDS, 0, "Magenta Toner AC-M1" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 4 }, 13 }, FLEET_WORDS, 0, "Yellow Toner AC-Y1" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 5 }, 13 }, FLEET_WORDS, 0, "Waste Toner Bottle" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 6 }, 13 }, FLEET_WORDS, 0, "Drum Unit Black" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 7 }, 13 }, FLEET_WORDS, 0, "Fuser Unit" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 8 }, 13 }, FLEET_WORDS, 0, "Staples" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 1 }, 13 }, FLEET_INTEGER, 13, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 2 }, 13 }, FLEET_INTEGER, 13, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 3 }, 13 }, FLEET_INTEGER, 13, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 4 }, 13 }, FLEET_INTEGER, 13, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 5 }, 13 }, FLEET_INTEGER, 13, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 6 }, 13 }, FLEET_INTEGER, 7, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 7 }, 13 }, FLEET_INTEGER, 7, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 8 }, 13 }, FLEET_INTEGER, 18, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 1 }, 13 }, FLEET_INTEGER, 28000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 2 }, 13 }, FLEET_INTEGER, 22000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 3 }, 13 }, FLEET_INTEGER, 22000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 4 }, 13 }, FLEET_INTEGER, 22000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 5 }, 13 }, FLEET_INTEGER, 40000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 6 }, 13 }, FLEET_INTEGER, 80000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 7 }, 13 }, FLEET_INTEGER, 200000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 8 }, 13 }, FLEET_INTEGER, 5000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 1 }, 13 }, FLEET_INTEGER, 21000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 2 }, 13 }, FLEET_INTEGER, 11000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 3 }, 13 }, FLEET_INTEGER, 1500, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 4 }, 13 }, FLEET_INTEGER, 22000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 5 }, 13 }, FLEET_INTEGER, 30000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 6 }, 13 }, FLEET_INTEGER, -3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 7 }, 13 }, FLEET_INTEGER, 154000, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 8 }, 13 }, FLEET_INTEGER, -2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 2, 1, 2 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 2, 1, 3 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 2, 1, 4 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 3, 1, 1 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 3, 1, 2 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 3, 1, 3 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 3, 1, 4 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4, 1, 1 }, 13 }, FLEET_WORDS, 0, "black" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4, 1, 2 }, 13 }, FLEET_WORDS, 0, "cyan" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4, 1, 3 }, 13 }, FLEET_WORDS, 0, "magenta" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4, 1, 4 }, 13 }, FLEET_WORDS, 0, "yellow" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 5, 1, 1 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 5, 1, 2 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 5, 1, 3 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 5, 1, 4 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 13, 4, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 8, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 13, 4, 1, 2, 1, 2 }, 13 }, FLEET_INTEGER, 8, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 13, 4, 1, 4, 1, 1 }, 13 }, FLEET_INTEGER, 3300, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 13, 4, 1, 4, 1, 2 }, 13 }, FLEET_INTEGER, 3300, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 13, 4, 1, 9, 1, 1 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 13, 4, 1, 9, 1, 2 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 11, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 2, 1, 2 }, 13 }, FLEET_INTEGER, 8, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 2, 1, 3 }, 13 }, FLEET_INTEGER, 44, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 3, 1, 1 }, 13 }, FLEET_WORDS, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 3, 1, 2 }, 13 }, FLEET_WORDS, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 14, 1, 1, 3, 1, 3 }, 13 }, FLEET_WORDS, 0, "2.0" },
        { { { 1, 3, 6, 1, 2, 1, 43, 15, 1, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 47, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 15, 1, 1, 2, 1, 2 }, 13 }, FLEET_INTEGER, 6, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 15, 1, 1, 2, 1, 3 }, 13 }, FLEET_INTEGER, 54, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 15, 1, 1, 5, 1, 1 }, 13 }, FLEET_WORDS, 0, "PCL6" },
        { { { 1, 3, 6, 1, 2, 1, 43, 15, 1, 1, 5, 1, 2 }, 13 }, FLEET_WORDS, 0, "PS3" },
        { { { 1, 3, 6, 1, 2, 1, 43, 15, 1, 1, 5, 1, 3 }, 13 }, FLEET_WORDS, 0, "PDF" },
        { { { 1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2, 1, 1 }, 13 }, FLEET_WORDS, 0, "Ready" },
        { { { 1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2, 1, 2 }, 13 }, FLEET_WORDS, 0, "Tray 2 empty" },
        { { { 1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2, 1, 3 }, 13 }, FLEET_WORDS, 0, "Magenta low" },
        { { { 1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2, 1, 4 }, 13 }, FLEET_WORDS, 0, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 2, 1, 1 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 2, 1, 2 }, 13 }, FLEET_INTEGER, 3, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 3, 1, 1 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 3, 1, 2 }, 13 }, FLEET_INTEGER, 4, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 4, 1, 1 }, 13 }, FLEET_INTEGER, 8, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 4, 1, 2 }, 13 }, FLEET_INTEGER, 6, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 5, 1, 1 }, 13 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 5, 1, 2 }, 13 }, FLEET_INTEGER, 2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 6, 1, 1 }, 13 }, FLEET_INTEGER, -2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 6, 1, 2 }, 13 }, FLEET_INTEGER, -2, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 7, 1, 1 }, 13 }, FLEET_INTEGER, 808, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 7, 1, 2 }, 13 }, FLEET_INTEGER, 501, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 8, 1, 1 }, 13 }, FLEET_WORDS, 0, "Tray 2 empty {40200}" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 8, 1, 2 }, 13 }, FLEET_WORDS, 0, "Duplex unit open {10006}" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 9, 1, 1 }, 13 }, FLEET_TIME, 8000001, "" },
        { { { 1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 9, 1, 2 }, 13 }, FLEET_TIME, 8000002, "" },
        { { { 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 9, 1 }, 13 }, FLEET_WORDS, 0, "3.2.1" },
        { { { 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 12, 1 }, 13 }, FLEET_WORDS, 0, "Acme" },
        { { { 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 13, 1 }, 13 }, FLEET_WORDS, 0, "ColorMFP 5055" },
        { { { 1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 1, 1, 0 }, 13 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 1, 1 }, 15 }, FLEET_INTEGER, 1, "" },
        { { { 1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 2, 1 }, 15 }, FLEET_NAME, 0, "" },
        { { { 1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3, 1 }, 15 }, FLEET_ID, 0, "" },
};
/* clang-format on */

/* What a switch has: the system alone. */
#define SWITCH_ROWS 6

static void set_number(struct snmp_value *value, uint8_t tag, int64_t number)
{
        value->kind = SNMP_INTEGER;
        value->tag = tag;
        value->integer = number;
}

static void set_text(struct snmp_value *value, const char *octets, size_t len)
{
        value->kind = SNMP_OCTETS;
        value->tag = BER_OCTETS;
        value->octets = (struct text){ octets, len };
}

static void set_value(const struct fleet_printer *printer, const struct row *row, struct snmp_value *ret)
{
        static char words[SNMP_VALUES_MAX][96];
        static size_t turn;
        char *own = words[turn++ % SNMP_VALUES_MAX];
        uint32_t n = printer->number;

        switch (row->kind) {
        case FLEET_INTEGER: set_number(ret, BER_INTEGER, row->number); return;
        case FLEET_COUNTER: set_number(ret, BER_COUNTER32, row->number); return;
        case FLEET_TIME: set_number(ret, BER_TIME, row->number); return;
        case FLEET_LIFE: set_number(ret, BER_COUNTER32, 1000 + n); return;
        case FLEET_WORDS: set_text(ret, row->words, strlen(row->words)); return;
        case FLEET_NAME: snprintf(own, 96, printer->is_other ? "switch-%04u" : "mfp-%04u", n); break;
        case FLEET_SERIAL: snprintf(own, 96, "FLT%07u", n); break;
        case FLEET_ID:
                snprintf(own, 96, "MFG:Acme;MDL:ColorMFP 5055;CMD:PCLXL,POSTSCRIPT,PDF;SN:FLT%07u;", n);
                break;
        case FLEET_MAC:
                memcpy(own, (char[]){ 2, (char)0xfc, 0, (char)(n >> 16), (char)(n >> 8), (char)n }, 6);
                set_text(ret, own, 6);
                return;
        }
        set_text(ret, own, strlen(own));
}

void fleet_next(const struct fleet_printer *printer, const struct snmp_name *name, struct snmp_value *ret)
{
        size_t low = 0, high = printer->is_other ? SWITCH_ROWS : ARRAY_LENGTH(rows), most = high;

        while (low < high) {
                size_t middle = (low + high) / 2;

                if (snmp_name_is_before(name, &rows[middle].name))
                        high = middle;
                else
                        low = middle + 1;
        }
        *ret = (struct snmp_value){ .name = *name, .kind = SNMP_NOTHING, .tag = BER_END };
        if (low == most)
                return;
        ret->name = rows[low].name;
        set_value(printer, &rows[low], ret);
}
