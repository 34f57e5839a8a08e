// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A conversation by SNMP with one device, question by question: for what is asked of one alone. Scans of many
 * are discovery/scan.h.
 *
 * Only what comes from the address and port that was asked, with the number of the question, and of SNMPv3
 * with what proves it, is an answer. Everything ends: each question by its tries, all of them by until_ms.
 */

#include "discovery/order.h"

struct talk;

enum talk_refusal {
        TALK_SILENT = 1, /* also: nobody listens there */
        TALK_WRONG_USER,
        TALK_WRONG_PASSPHRASE,
        TALK_NOT_UNDERSTOOD,
};

struct talk_options {
        uint32_t address;
        uint16_t port;
        int64_t timeout_ms;
        uint32_t retries;
        int64_t until_ms;                         /* by the monotonic clock */
        const struct snmp_credential *credential; /* borrowed until the end */
};

int talk_open(const struct talk_options *options, struct talk **ret);
void talk_close(struct talk *talk);
void talk_closep(struct talk **talk);

/* Numbers the question, and blocks. *ret is the talk's until the next question; its error is the device's
 * refusal, and for the caller to look at. talk_refusal. */
int talk_ask(struct talk *talk, struct snmp_question *question, const struct snmp_answer **ret);
