// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a message of SNMP asks or answers, in every version (RFC 3416, section 3):
 *
 *      PDU ::= [operation] { request-id, error-status or non-repeaters, error-index or max-repetitions,
 *                            SEQUENCE OF SEQUENCE { name, value } }
 *
 * in BER (X.690) with definite lengths.
 */

#include "base/buffer.h"
#include "snmp/name.h"

#define SNMP_MESSAGE_MAX 65507 /* what one datagram holds */
#define SNMP_VALUES_MAX  160

enum snmp_refusal {
        SNMP_MALFORMED = 1, /* also more values than there is room for */
        SNMP_NOT_OURS,      /* another version, community or user, or no answer */
        SNMP_NOT_PROVED,    /* SNMPv3: of the wrong key, unprotected though it should be, or too old */
        SNMP_BAD_USER,      /* SNMPv3: no such user can be: a passphrase that is too short, privacy alone */
};

enum snmp_operation {
        SNMP_GET = 0xa0,
        SNMP_GET_NEXT = 0xa1,
        SNMP_RESPONSE = 0xa2,
        SNMP_SET = 0xa3,
        SNMP_GET_BULK = 0xa5,
        SNMP_REPORT = 0xa8, /* SNMPv3: why there is no answer */
};

enum snmp_error { /* RFC 3416, section 3 */
        SNMP_NO_ERROR = 0,
        SNMP_TOO_BIG = 1,
        SNMP_NO_SUCH_NAME = 2, /* of SNMPv1: there is nothing behind the name that index says */
        SNMP_BAD_VALUE = 3,    /* of SNMPv1, as is the next */
        SNMP_READ_ONLY = 4,
        SNMP_GENERAL_ERROR = 5,
        SNMP_NO_ACCESS = 6,
        SNMP_WRONG_TYPE = 7,
        SNMP_WRONG_LENGTH = 8,
        SNMP_WRONG_ENCODING = 9,
        SNMP_WRONG_VALUE = 10,
        SNMP_NO_CREATION = 11,
        SNMP_INCONSISTENT_VALUE = 12,
        SNMP_RESOURCE_UNAVAILABLE = 13,
        SNMP_COMMIT_FAILED = 14,
        SNMP_UNDO_FAILED = 15,
        SNMP_AUTHORIZATION_ERROR = 16,
        SNMP_NOT_WRITABLE = 17,
        SNMP_INCONSISTENT_NAME = 18,
};

struct snmp_value;

struct snmp_question {
        int32_t id;
        const struct snmp_name *names;
        size_t name_count;
        /* Of the first so many names one value, of the others up to repetitions. 0 repetitions: GetNext, one
         * of each. SNMPv1 knows GetNext alone. */
        uint32_t single;
        uint32_t repetitions;
        bool is_exact;                   /* Get: of the names themselves */
        const struct snmp_value *values; /* Set: name_count of them, and no names; NULL: nothing is changed */
};

enum snmp_kind {
        SNMP_NOTHING, /* NULL, noSuchObject, noSuchInstance, endOfMibView */
        SNMP_INTEGER, /* also counters, gauges and times */
        SNMP_OCTETS,
        SNMP_OTHER, /* a name, an address: its octets as they came */
};

struct snmp_value {
        struct snmp_name name;
        enum snmp_kind kind;
        uint8_t tag; /* as it stood there, and stands where it is formatted */
        int64_t integer;
        struct text octets; /* borrowed from the message */
};

struct snmp_answer {
        enum snmp_operation operation;
        int32_t id;
        int32_t error; /* error-status; 0: none. Of GetBulk: non-repeaters */
        int32_t index; /* error-index, from 1. Of GetBulk: max-repetitions */
        struct snmp_value values[SNMP_VALUES_MAX];
        size_t value_count;
};

/* Each adds to a buffer, whose failure says whether that went well. */
void snmp_question_add(const struct snmp_question *question, struct buffer *to);
/* What an agent of SNMP says: of the tests and their devices. */
void snmp_answer_add(const struct snmp_answer *answer, struct buffer *to);

/* One PDU and nothing behind it. *ret counts only on 0. SNMP_MALFORMED. */
int snmp_pdu_parse(struct text octets, struct snmp_answer *ret);
