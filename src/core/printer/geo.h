// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Places on the earth, as sites have them and phones tell them. */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define GEO_NOWHERE (-1) /* metres to what has no place */

struct geo {
        double latitude, longitude; /* degrees, WGS 84 */
};

/* "52.520008,13.404954": latitude first, at most nine decimals. False where it is none; *ret is then
 * untouched. */
bool geo_parse(struct text text, struct geo *ret);
/* The same as a geo URI of two numbers (RFC 5870, section 3.4.2). */
bool geo_parse_uri(struct text geo, struct geo *ret);
/* Over the ground, as far as the earth is a ball: some thousandths wrong. */
int64_t geo_metres(struct geo a, struct geo b);
