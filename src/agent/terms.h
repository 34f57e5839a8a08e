// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Terms: what the service has told before of how a document may be printed that was submitted without a line
 * (core/job/terms.h there). What is asked for and not simply granted waits for the line: nothing is left out
 * here in silence, and no wish is judged twice. Pure.
 *
 *      {"people": [id, …],
 *       "pairs": [{"queue": name, "deliveries": [offer], "can": {"copies": true, "sides": [word, …],
 *                  "print_color_mode": [word, …], "print_quality": [3, …], "media": [name, …]}}, …]}
 */

#include "agent/offer.h"

enum terms_refusal {
        TERMS_NEEDS_SERVICE = 1, /* of the owner, queue, printer or wishes something has to be asked */
        TERMS_OTHER_FORMAT,      /* the printer does not take it as it is, */
};
/* "needs-the-service", "not-converted-here" */
const char *terms_word(int refusal);

/*
 * terms: as above. metadata: of the deposit, JSON. format: the document's media type. *ret is an offer that
 * lacks its delivery, document and key.
 */
int terms_offer(struct text terms, struct text metadata, struct id person, struct id printer,
                const char *format, struct offer *ret);
