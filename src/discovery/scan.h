// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A scan: asks every address of an order, or every printer that is known, once.
 *
 *   1. One UDP socket and one timer wheel serve all of them; so many at a time as the order's window says,
 * each with some 500 octets until it has answered as a printer, and some 40 KiB from then until it was told.
 *   2. No packet of ours leaves above the order's cap, those of IPP being reckoned in.
 *   3. A datagram counts where it comes from the address and port that was asked, with the number of the
 *      question and what proves it. Everything else is passed over, and counted.
 *   4. It ends: every question has a limit of time and tries, every walk one of questions, octets and time.
 *
 *      address --- SNMP: is it a printer? --.
 *              \-- TCP: does IPP listen? ----+-- IPP: Get-Printer-Attributes -- SNMP: the rest -- sighting
 *
 * What IPP tells goes before what SNMP tells. scan_run() blocks its thread, which is the one that the
 * observer is called on.
 */

#include <stdatomic.h>

#include "discovery/order.h"
#include "discovery/sighting.h"

struct scan_counts {
        uint64_t addresses; /* in all */
        uint64_t asked;     /* so far */
        uint64_t answered;  /* by whatever */
        uint64_t found;     /* printers */
        uint64_t packets;   /* of ours */
        uint64_t octets;    /* both ways, with the heads of UDP and IP */
        uint64_t strangers; /* datagrams from where nobody was asked, or of another number */
        uint64_t malformed; /* those of the right address that nobody could read */
        uint64_t unproved;  /* of SNMPv3, without the right proof */
        uint64_t opening;   /* the most connections that were waited for at once */
};

struct scan_observer {
        /* A printer, or a known one that is silent. May block; not 0 stops the scan. */
        int (*see)(void *context, const struct sighting *sighting);
        /* Now and then, at least once a second: false stops the scan. May block shortly. */
        bool (*go_on)(void *context, const struct scan_counts *counts);
        void *context;
};

enum scan_refusal {
        SCAN_STOPPED = 1, /* by the observer, or from outside */
};

struct scan_options {
        const struct order *order;
        const struct secrets *secrets;
        enum purpose purpose;    /* PURPOSE_DISCOVERY looks through the ranges; the others ask the known */
        const atomic_bool *stop; /* NULL: nobody may; set: nothing more is asked, from that moment on */
};

/* Writes *ret in every case. */
int scan_run(const struct scan_options *options, const struct scan_observer *observer,
             struct scan_counts *ret);
