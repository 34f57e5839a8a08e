// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * SNMPv2c messages (RFC 1901, RFC 3416): questions out, answers in.
 *
 *      Message ::= SEQUENCE { version 1, community OCTET STRING, PDU }
 *      PDU     ::= [tag] { request-id, error-status or non-repeaters, error-index or max-repetitions,
 *                          SEQUENCE OF SEQUENCE { name, value } }
 *
 * in BER (X.690) with definite lengths. Only reading is asked for: GetNext and GetBulk. Nothing here is
 * secret, and nothing that is said is proved: a community is sent in clear.
 */

#include "base/buffer.h"
#include "snmp/name.h"

#define SNMP_COMMUNITY_MAX 64
#define SNMP_MESSAGE_MAX   65507 /* what one datagram holds */
#define SNMP_VALUES_MAX    160

struct snmp_question {
        struct text community;
        int32_t id;
        const struct snmp_name *names;
        size_t name_count;
        /* Of the first so many names one value, of the others up to repetitions. 0 repetitions: GetNext, one
         * of each. */
        uint32_t single;
        uint32_t repetitions;
};

/* Adds the message; a failure is the buffer's. */
void snmp_question_format(const struct snmp_question *question, struct buffer *to);

enum snmp_kind {
        SNMP_NOTHING, /* NULL, noSuchObject, noSuchInstance, endOfMibView */
        SNMP_INTEGER, /* also counters, gauges and times */
        SNMP_OCTETS,
        SNMP_OTHER, /* a name, an address */
};

struct snmp_value {
        struct snmp_name name;
        enum snmp_kind kind;
        int64_t integer;
        struct text octets; /* borrowed from the message */
};

struct snmp_answer {
        int32_t id;
        int32_t error; /* error-status; 0: none */
        struct snmp_value values[SNMP_VALUES_MAX];
        size_t value_count;
};

enum snmp_refusal {
        SNMP_MALFORMED = 1, /* also more values than there is room for */
        SNMP_NOT_OURS,      /* another version or community, or no answer */
};

/* One datagram. *ret counts only on 0. */
int snmp_answer_parse(struct text octets, struct text community, struct snmp_answer *ret);
