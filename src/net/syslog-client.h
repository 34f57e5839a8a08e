// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Messages to a syslog collector: over TLS (RFC 5425), whose certificate is always verified, or over plain
 * TCP (RFC 6587, octet counting). Syslog has no acknowledgement: what was sent is what this machine's kernel
 * took. UDP is not offered, since it would lose messages without a word.
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

struct syslog_options {
        const char *address; /* "tls://HOST:6514" or "tcp://HOST:601" */
        const char *ca_path; /* PEM; NULL: the system's authorities */
        uint32_t timeout_ms; /* of connecting, and of each message; 0: 10 s */
};

/* Whether an address is one of the two. */
bool syslog_address_is_valid(const char *address);

/* Connects, sends the messages of RFC 5424 in their order, ends the connection. On a refusal some may have
 * arrived. */
int syslog_send(const struct syslog_options *options, const struct text *messages, size_t count);
