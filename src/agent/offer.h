// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Offers: what the service would like this agent to carry, from JSON to values. The service is trusted to
 * choose what is printed, not to be well-formed: an offer that is not understood is refused as a whole, and
 * its lease runs out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/secret.h"
#include "base/text.h"
#include "courier/delivery.h"

#define OFFER_SEAL_ID 64

struct offer {
        struct id delivery;
        uint32_t epoch;
        struct id printer;
        uint64_t sealed_octets;
        struct id stay; /* the deposit in which we have the octets ourselves; zero: they are fetched */
        uint8_t seal_id[OFFER_SEAL_ID];
        size_t seal_id_length;
        int64_t lease_ms;
        int64_t grant_ms;
        int64_t stall_ms;
        struct courier_order order; /* without limits */

        bool is_home;       /* released by ourselves (agent/offline.h); the service has yet to hear of it */
        bool is_deposit;    /* it was submitted here, and never was at the service */
        struct id home_job; /* or the deposit */
        struct secret home_key;
};

enum offer_refusal {
        OFFER_MALFORMED = 1,
};

struct json_t;

/* One member of "deliveries". Returns 0 or a refusal; *ret is written only on 0. */
int offer_parse(const struct json_t *json, struct offer *ret);

/* A whole answer: at most max offers of its "deliveries" that are understood. */
int offers_parse(struct text answer, struct offer *ret, size_t max, size_t *ret_count);
