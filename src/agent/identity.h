// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Who this agent is: a key of its own and a certificate it signed itself, in one file of the state folder
 * that only we may read ("identity.pem"), and the name the service gave it ("agent.json").
 *
 * The key never leaves this machine. It is replaced after IDENTITY_RENEW_DAYS: the new one waits in
 * "identity-next.pem" until the service has said that it knows it, so that a crash at any moment leaves one
 * that the service accepts.
 */

#include "agent/service.h"
#include "base/text.h"

#define IDENTITY_DAYS       90
#define IDENTITY_RENEW_DAYS 60
#define IDENTITY_PATH       4096

enum identity_refusal {
        IDENTITY_NOT_ENROLLED = 1, /* no such files: enrol first */
        IDENTITY_CODE_REFUSED,     /* wrong, used, or too old */
        IDENTITY_UNREACHABLE,      /* the service did not answer: service_complaint() */
        IDENTITY_DAMAGED,          /* the file is no certificate */
};

/* The path of identity.pem, for service_new(). */
int identity_path(const char *state, char ret[IDENTITY_PATH]);

/* Makes a key and tells it to the service with the one-time code. An older identity is replaced only then. */
int identity_enrol(const char *state, int directory, const char *url, const char *ca, struct text code,
                   const char *name);

/* At start: 0 where there is an identity. Settles a renewal that was interrupted, if the service answers. */
int identity_check(const char *state, int directory, const char *url, const char *ca);

/* Renews it where it is old enough; 0 also where it is not. service_renew() has been called where it was. */
int identity_renew(const char *state, int directory, struct service *service, int64_t now_ms);
