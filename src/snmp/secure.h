// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Messages of SNMPv3 (RFC 3412, section 6; RFC 3414, section 2.4):
 *
 *      Message ::= SEQUENCE { 3, SEQUENCE { msgID, msgMaxSize, msgFlags, 3 },
 *                             OCTET STRING SEQUENCE { engine, boots, time, user, proof, salt },
 *                             ScopedPDU | OCTET STRING of it, encrypted }
 *      ScopedPDU ::= SEQUENCE { engine, context, PDU }
 *
 * How a device is spoken to: the first question is snmp_secure_discover(), which names no engine and no user;
 * the report that answers it tells the engine. Its keys are made (snmp_engine_localize()), and the question
 * that matters follows. Where the device's clock was not known it answers with a report, which is
 * authenticated and tells the time (SNMP_REPORT_TIME); then the question is asked again.
 *
 * An answer counts where it is protected as the question was; a report may be less, and then says only why
 * there is no answer. Nothing of an engine is changed by what was not authenticated, but in discovery.
 */

#include "snmp/message.h"
#include "snmp/usm.h"

#define SNMP_SECURE_MAX 65507 /* octets that we take in one message */

struct snmp_secure {
        const struct snmp_user *user;
        const struct snmp_engine *engine;
        int32_t id;                     /* msgID; request-id is the question's own */
        int64_t now_s;                  /* of the same clock as engine->heard_s */
        uint8_t salt[SNMP_SALT_OCTETS]; /* never the same twice under one key */
};

/* Each adds a message; a failure is the buffer's. */
void snmp_secure_discover(int32_t id, struct buffer *to);
void snmp_secure_question(const struct snmp_secure *secure, const struct snmp_question *question,
                          struct buffer *to);
/* What a device would say: of the tests and their devices. Reports are sent in clear. */
void snmp_secure_answer(const struct snmp_secure *secure, const struct snmp_answer *answer, bool is_private,
                        struct buffer *to);

enum snmp_report {        /* RFC 3414, section 5: usmStats */
        SNMP_REPORT_NONE, /* it is an answer */
        SNMP_REPORT_LEVEL,
        SNMP_REPORT_TIME,
        SNMP_REPORT_USER,
        SNMP_REPORT_ENGINE,
        SNMP_REPORT_PROOF,
        SNMP_REPORT_PRIVACY,
        SNMP_REPORT_OTHER,
};

/* What stands in clear in a message; texts are borrowed. */
struct snmp_secure_head {
        int32_t id;
        int32_t size_max;
        uint8_t flags;
        struct text engine, user, proof, salt;
        uint32_t boots, time_s;
        struct text data; /* a scoped PDU, or the encrypted one */
};

#define SNMP_FLAG_PROVED     0x01
#define SNMP_FLAG_PRIVATE    0x02
#define SNMP_FLAG_REPORTABLE 0x04

/* SNMP_MALFORMED, SNMP_NOT_OURS (another version or security model). */
int snmp_secure_head_parse(struct text octets, struct snmp_secure_head *ret);

/*
 * Opens what a head was parsed from. octets is the same text, room has as many octets and holds what was
 * encrypted, from which *ret borrows. For the answer of a device its engine hears the time. SNMP_MALFORMED,
 * SNMP_NOT_OURS (another engine, user or context), SNMP_NOT_PROVED. *ret_report says what it is.
 */
int snmp_secure_open(const struct snmp_secure_head *head, struct text octets, const struct snmp_user *user,
                     struct snmp_engine *engine, int64_t now_s, uint8_t *room, struct snmp_answer *ret,
                     enum snmp_report *ret_report);
/* The same for a device that is asked; nothing is heard of the time. */
int snmp_secure_open_question(const struct snmp_secure_head *head, struct text octets,
                              const struct snmp_user *user, const struct snmp_engine *engine, uint8_t *room,
                              struct snmp_answer *ret);

/* The report that answers snmp_secure_discover(): sets what the engine is, and drops what was known of it;
 * room is for the report. SNMP_MALFORMED, SNMP_NOT_OURS. */
int snmp_secure_discovered(const struct snmp_secure_head *head, int64_t now_s, struct snmp_answer *room,
                           struct snmp_engine *ret);
