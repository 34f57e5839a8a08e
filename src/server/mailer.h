// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The thread that sends what core/notice/mail.h has waiting, one at a time, over the relay of the settings.
 */

#include <stdbool.h>

struct core;
struct mailer;

struct mailer_settings {
        const char *relay; /* smtps://HOST or smtp://HOST:PORT; NULL: no mail is sent */
        const char *from;  /* the sender's address */
        const char
                *credentials; /* a file with the line "user:password", read anew for each mail; NULL: none */
        const char *ca_path;  /* PEM; NULL: the system's authorities */
        bool plain;           /* no TLS: only with a relay on this machine */
};

/* What is wrong with them, as a sentence; NULL: nothing. */
const char *mailer_complaint(const struct mailer_settings *settings);

/* Nothing to do where no relay is set: *ret stays NULL. */
int mailer_start(const struct mailer_settings *settings, struct core *core, struct mailer **ret);
void mailer_stopp(struct mailer **mailer);
