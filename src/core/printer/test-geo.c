// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/geo.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/scope.h"

static const struct {
        const char *text;
        bool good;
        double latitude, longitude;
} places[] = {
        { "52.520008,13.404954", true, 52.520008, 13.404954 },
        { "-33.86,151.2", true, -33.86, 151.2 },
        { "0,0", true, 0, 0 },
        { "-0.5,-0.25", true, -0.5, -0.25 },
        { "90,180", true, 90, 180 },
        { "90.000000000,-180.0", true, 90, -180 },
        { "90.000000001,0", false, 0, 0 },
        { "0,180.5", false, 0, 0 },
        { "91,0", false, 0, 0 },
        { "52.5", false, 0, 0 },
        { "52.5,", false, 0, 0 },
        { ",13", false, 0, 0 },
        { "52.5,13.4,7", false, 0, 0 },
        { "52.1234567891,13", false, 0, 0 },
        { "52.,13", false, 0, 0 },
        { "--1,0", false, 0, 0 },
        { "1e1,0", false, 0, 0 },
        { "nan,inf", false, 0, 0 },
        { " 1,1", false, 0, 0 },
        { "", false, 0, 0 },
};

static const struct {
        const char *a, *b;
        int64_t metres;
} distances[] = {
        { "52.52,13.405", "52.52,13.405", 0 },
        { "52.52,13.405", "48.137,11.575", 504338 },
        { "0,0", "0,180", 20015087 },
        { "90,0", "-90,77", 20015087 },
        { "0,179.9", "0,-179.9", 22239 }, /* over the date line */
        { "52.52,13.405", "52.5201,13.405", 11 },
};

static struct geo place_of(const char *text)
{
        struct geo place;

        assert(geo_parse(text_from(text), &place));
        return place;
}

int main(void)
{
        struct geo place = { 1, 2 };

        for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
                printf("%s\n", places[i].text);
                assert(geo_parse(text_from(places[i].text), &place) == places[i].good);
                if (places[i].good)
                        assert(fabs(place.latitude - places[i].latitude) < 1e-9 &&
                               fabs(place.longitude - places[i].longitude) < 1e-9);
        }
        assert(geo_parse_uri(TEXT_OF("geo:1.5,2"), &place) && place.latitude > 1.4);
        assert(!geo_parse_uri(TEXT_OF("1.5,2"), &place) && !geo_parse_uri(TEXT_OF("geo:1.5,2;u=3"), &place));
        for (size_t i = 0; i < ARRAY_LENGTH(distances); i++) {
                struct geo a = place_of(distances[i].a), b = place_of(distances[i].b);

                printf("%s to %s\n", distances[i].a, distances[i].b);
                assert(llabs(geo_metres(a, b) - distances[i].metres) <= 1);
                assert(geo_metres(a, b) == geo_metres(b, a));
        }
        return 0;
}
