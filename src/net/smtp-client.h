// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sending mail: a thin, blocking wrapper over libcurl for one relay.
 *
 *   1. TLS from the first octet (smtps://, RFC 8314) or by STARTTLS (smtp://, RFC 3207), and nothing is said
 *      where it does not come about. The certificate is always verified against the relay's name. The one
 *      exception, plain, is for a relay on this very machine and never sends credentials.
 *   2. No proxies of the environment, no .netrc, no other protocol.
 *   3. No call blocks longer than its time limits; smtp_client_cancel() may come from any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct smtp_client;

struct smtp_client_options {
        const char *relay;   /* "smtps://mail.example.org" or "smtp://mail.example.org:587"; copied */
        const char *ca_path; /* PEM; NULL: the system's authorities */
        const char *name;    /* that we say of ourselves (EHLO) */
        bool plain;          /* without TLS */
};

enum smtp_refusal {
        SMTP_REFUSED = 1, /* the relay does not take this mail, and never will (5yz) */
        SMTP_LATER,       /* not now: unreachable, untrusted, busy, wrong credentials, cut off (4yz) */
        SMTP_CANCELLED,
};

/* -EINVAL where the relay is no such address. */
int smtp_client_new(const struct smtp_client_options *options, struct smtp_client **ret);
void smtp_client_free(struct smtp_client *client);

struct smtp_mail {
        const char *from, *to;
        struct text message; /* as net/mail-message.h makes it */
        const char *user;    /* NULL: no credentials */
        const char *password;
};

/* One mail, on a connection of its own. What is wrong is in smtp_client_complaint(), without addresses. */
int smtp_client_send(struct smtp_client *client, const struct smtp_mail *mail);
const char *smtp_client_complaint(const struct smtp_client *client);

/* Ends a call that is under way, and every later one. */
void smtp_client_cancel(struct smtp_client *client);

/* Whether it is an address of a relay; *ret_local: on this machine by its very name. */
bool smtp_relay_is_valid(const char *relay, bool *ret_local);
