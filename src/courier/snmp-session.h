// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A conversation by SNMP with one host, by one credential: SNMPv1, v2c, or v3 with all that it proves and
 * hides. Datagrams that are no answer to the question are passed over; a question is sent again where none
 * comes.
 *
 * One thread's. Large: on the heap.
 */

#include "courier/state.h"
#include "snmp/secure.h"

enum session_refusal {
        SESSION_SILENT = 1,       /* nobody who may be believed has answered in time */
        SESSION_NOBODY_LISTENS,   /* and nobody will: the port is closed */
        SESSION_WRONG_USER,       /* SNMPv3: it knows no such user, or wants him to prove more */
        SESSION_WRONG_PASSPHRASE, /* SNMPv3: not his, or the answer was not proved by it */
};

struct snmp_session {
        int fd;
        const struct snmp_credential *credential;
        bool has_engine;
        struct snmp_engine engine;
        struct snmp_answer answer; /* the last one; borrows from datagram and room */
        char datagram[SNMP_MESSAGE_MAX];
        uint8_t room[SNMP_MESSAGE_MAX];
};

/* NULL in *ret where that name has no address: SESSION_NOBODY_LISTENS. */
int snmp_session_open(const char *host, uint16_t port, struct snmp_session **ret);
/* Wipes. */
void snmp_session_close(struct snmp_session *session);
void snmp_session_closep(struct snmp_session **session);

/* From now on it is this one, borrowed; what is known of the device stays. */
void snmp_session_use(struct snmp_session *session, const struct snmp_credential *credential);

/* Sets the question's id; its answer is session->answer. Not after until_ms of the monotonic clock. */
int snmp_session_ask(struct snmp_session *session, struct snmp_question *question, int64_t until_ms);
