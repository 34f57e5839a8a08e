// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/geo.h"

#include <math.h>
#include <stddef.h>

#define EARTH_METRES 6371000.0
#define DECIMALS     9

/* "52.520008" with an optional sign, at most this many degrees. */
static bool parse_degrees(struct text t, uint64_t most, double *ret)
{
        struct text whole, fraction;
        uint64_t degrees, rest = 0;
        double part = 0;
        bool is_negative = t.len && t.at[0] == '-';

        if (is_negative) {
                t.at++;
                t.len--;
        }
        if (text_cut(t, '.', &whole, &fraction)) {
                if (fraction.len > DECIMALS || !text_number(fraction, 999999999, &rest))
                        return false;
                part = (double)rest / pow(10, (double)fraction.len);
        }
        if (!text_number(whole, most, &degrees) || (degrees == most && rest > 0))
                return false;
        *ret = ((double)degrees + part) * (is_negative ? -1 : 1);
        return true;
}

bool geo_parse(struct text text, struct geo *ret)
{
        struct text latitude, longitude;
        struct geo place;

        if (!text_cut(text, ',', &latitude, &longitude) || !parse_degrees(latitude, 90, &place.latitude) ||
            !parse_degrees(longitude, 180, &place.longitude))
                return false;
        *ret = place;
        return true;
}

bool geo_parse_uri(struct text geo, struct geo *ret)
{
        if (!text_starts_with(geo, "geo:"))
                return false;
        geo.at += 4;
        geo.len -= 4;
        return geo_parse(geo, ret);
}

static double radians(double degrees)
{
        return degrees * 3.14159265358979323846 / 180;
}

/* The haversine formula, which keeps its precision where the two are near each other. */
int64_t geo_metres(struct geo a, struct geo b)
{
        double high = sin(radians(b.latitude - a.latitude) / 2);
        double wide = sin(radians(b.longitude - a.longitude) / 2);
        double h = high * high + cos(radians(a.latitude)) * cos(radians(b.latitude)) * wide * wide;

        return (int64_t)lround(2 * EARTH_METRES * asin(fmin(1, sqrt(h))));
}
