// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Messages of SNMPv1 (RFC 1157) and SNMPv2c (RFC 1901): questions out, answers in.
 *
 *      Message ::= SEQUENCE { version, community OCTET STRING, PDU }
 *
 * Nothing here is secret, and nothing that is said is proved: a community is sent in clear. Messages that
 * prove something are those of SNMPv3: snmp/secure.h.
 */

#include "snmp/pdu.h"

#define SNMP_COMMUNITY_MAX 64

enum snmp_version { /* as it stands in the message */
        SNMP_V1 = 0,
        SNMP_V2C = 1,
        SNMP_V3 = 3,
};

/* Adds the message; a failure is the buffer's. */
void snmp_question_format(const struct snmp_question *question, enum snmp_version version,
                          struct text community, struct buffer *to);

/* One datagram. *ret counts only on 0. SNMP_MALFORMED, SNMP_NOT_OURS. */
int snmp_answer_parse(struct text octets, enum snmp_version version, struct text community,
                      struct snmp_answer *ret);

/* Which version a datagram says it is of; false where it is none of SNMP. */
bool snmp_version_find(struct text octets, enum snmp_version *ret);
