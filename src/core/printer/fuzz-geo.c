// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stddef.h>

#include "core/printer/geo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read lies on the earth, and is at most half of the way around it away. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct geo place;
        int64_t metres;

        if (!geo_parse(text_from_octets(data, size), &place))
                return 0;
        assert(place.latitude >= -90 && place.latitude <= 90);
        assert(place.longitude >= -180 && place.longitude <= 180);
        metres = geo_metres(place, (struct geo){ 52.52, 13.405 });
        assert(metres >= 0 && metres <= 20015087);
        return 0;
}
