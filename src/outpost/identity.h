// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Who this agent or converter is: a key of its own and a certificate it signed itself, in one file of the
 * state folder that only we may read ("identity.pem"), and the name the service gave it ("agent.json").
 *
 * The key never leaves this machine. It is replaced after IDENTITY_RENEW_DAYS: the new one waits in
 * "identity-next.pem" until the service has said that it knows it, and is neither removed nor replaced by
 * another before. What was told and not answered may have been heard, or may be heard later; so that same key
 * is told again with the old one, and where the old one is void by now, the new one is the one that counts. A
 * crash at any moment leaves one that the service accepts.
 */

#include "base/text.h"
#include "outpost/service.h"

#define IDENTITY_DAYS       90
#define IDENTITY_RENEW_DAYS 60
#define IDENTITY_PATH       4096

enum identity_refusal {
        IDENTITY_NOT_ENROLLED = 1, /* no such files: enrol first */
        IDENTITY_CODE_REFUSED,     /* wrong, used, or too old */
        IDENTITY_UNREACHABLE,      /* the service did not answer: service_complaint() */
        IDENTITY_DAMAGED,          /* the file is no certificate */
        IDENTITY_VOID,             /* the service knows neither key: service_complaint() */
};

struct identity_place {
        const char *state; /* the folder, and the same opened */
        int directory;
        const char *url; /* of the service */
        const char *ca;
        const struct service_proxy *proxy; /* NULL: none */
        const char *program;               /* the certificate's name: "imprimatur-agent" */
        const char *prefix;                /* its part of the API */
        const char *file;                  /* the name the service gave it: "agent.json" */
};

/* The service, as whoever has this identity; the path is kept in path. */
int identity_service(const struct identity_place *place, char path[IDENTITY_PATH], struct service **ret);

/* Makes a key and tells it to the service with the one-time code. An older identity is replaced only then. */
int identity_enrol(const struct identity_place *place, struct text code, const char *name);

/* At start: 0 where there is an identity. Settles a renewal that was interrupted, if the service answers. */
int identity_check(const struct identity_place *place);

/*
 * Renews it where it is old enough, or where a renewal was interrupted; 0 also where there was nothing to do.
 * service_renew() has been called where it was renewed. A refusal leaves both keys where they are: ask again
 * soon (identity_is_between()).
 */
int identity_renew(const struct identity_place *place, struct service *service, int64_t now_ms);
/* Whether a next key waits for the service's word. */
bool identity_is_between(const struct identity_place *place);
