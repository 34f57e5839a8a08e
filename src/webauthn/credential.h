// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Passkeys (Web Authentication, level 2): what a browser brings back from an authenticator, for registration
 * (section 7.1) and sign-in (section 7.2).
 *
 * What must be true is said by the caller: the challenge, the origin and the id of the site. User presence
 * and user verification (PIN, finger, face of the authenticator) are always demanded, so that a passkey is
 * two factors by itself. Attestation is not asked for and not looked at ("none"): we do not judge who made an
 * authenticator. Pure; safe from every thread; values borrow from what was given.
 */

#include <stdint.h>

#include "base/text.h"

#define CREDENTIAL_ID_MAX          1023 /* section 4, "credential ID" */
#define CREDENTIAL_CLIENT_DATA_MAX 4096
#define CREDENTIAL_DATA_MAX        8192

enum credential_refusal {
        CREDENTIAL_MALFORMED = 1,
        CREDENTIAL_OTHER_TYPE,      /* a registration in place of a sign-in, or the other way round */
        CREDENTIAL_OTHER_CHALLENGE, /* not the one that was asked for: played again, or of another session */
        CREDENTIAL_OTHER_ORIGIN,    /* another site's page, or a frame in one */
        CREDENTIAL_OTHER_SITE,      /* made for another id of a relying party */
        CREDENTIAL_NOT_VERIFIED,    /* nobody was there, or he was not verified */
        CREDENTIAL_BAD_KEY,         /* an algorithm or key we do not take */
        CREDENTIAL_BAD_SIGNATURE,
        CREDENTIAL_COPIED, /* its counter has not gone up: there are two of it */
};

struct credential_wanted {
        struct text challenge; /* the octets */
        struct text origin;    /* "https://print.example:8443" */
        struct text site;      /* "print.example" */
};

struct credential {
        struct text id;
        struct text public_key; /* COSE_Key */
        uint32_t counter;       /* 0: this authenticator does not count */
};

/* client_data is the JSON the browser made, attestation the CBOR of the authenticator. */
int credential_register(struct text client_data, struct text attestation,
                        const struct credential_wanted *wanted, struct credential *ret);

/*
 * known is the credential as it was stored, whose id the browser named. On 0 *ret_counter takes the place of
 * its counter.
 */
int credential_assert(struct text client_data, struct text authenticator_data, struct text signature,
                      const struct credential_wanted *wanted, const struct credential *known,
                      uint32_t *ret_counter);

/* The word of a refusal, for events. */
const char *credential_refusal_name(int refusal);
