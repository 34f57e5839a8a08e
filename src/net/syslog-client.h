// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Messages to a syslog collector: over TLS (RFC 5425), whose certificate is always verified, over plain TCP
 * (RFC 6587, octet counting), or over a stream socket of this machine (the same framing). UDP is not offered,
 * since it would lose messages without a word.
 *
 * Syslog has no acknowledgement. What syslog_client_look() says is the most there is to know: the other
 * side's kernel took all, and the connection is whole. Whoever wants nothing lost keeps what he sent for a
 * while longer, and sends it again on the next connection where this one ended.
 *
 * A client is used by one thread at a time. Sending blocks, for the timeout at most.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum syslog_refusal {
        SYSLOG_UNREACHABLE = 1,
        SYSLOG_UNTRUSTED, /* the certificate is not one we trust for that name, or TLS failed otherwise */
        SYSLOG_CUT,       /* the connection ended, or took nothing for too long */
};

struct syslog_client;

struct syslog_options {
        const char *address; /* "tls://HOST:6514", "tcp://HOST:601" or "unix:/run/collector.sock" */
        const char *ca_path; /* PEM; NULL: the system's authorities */
        uint32_t timeout_ms; /* of connecting, and of each message; 0: 10 s */
};

/* Whether an address is one of these. */
bool syslog_address_is_valid(const char *address);

/* SYSLOG_UNREACHABLE, SYSLOG_UNTRUSTED. options is looked at by this call only. */
int syslog_client_open(const struct syslog_options *options, struct syslog_client **ret);
/* Ends the connection; NULL is nothing. */
void syslog_client_close(struct syslog_client *client);
void syslog_client_closep(struct syslog_client **client);

/* Messages of RFC 5424, in their order. SYSLOG_CUT: some may have arrived, and the client is of no more use.
 */
int syslog_client_send(struct syslog_client *client, const struct text *messages, size_t count);
/* SYSLOG_CUT where the other side has ended the connection. *ret_is_quiet: its kernel has taken all that was
 * sent. */
int syslog_client_look(struct syslog_client *client, bool *ret_is_quiet);
