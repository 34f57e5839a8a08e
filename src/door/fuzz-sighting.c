// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/sighting-reading.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever an agent tells, what is taken of it keeps to its limits, and what is kept is JSON again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        struct sighting *sighting = calloc(1, sizeof(*sighting));
        char *kept[SIGHTING_KEPT] = { NULL }, complaint[SHAPE_COMPLAINT] = "";

        assert(sighting);
        if (sighting_read(value, kept, sighting, complaint)) {
                assert(sighting->address[0] && text_is_printable(text_from(sighting->identity.serial)));
                assert(sighting->meter_count <= SIGHTING_METERS &&
                       sighting->counter_count <= SIGHTING_COUNTERS);
                assert(sighting->alert_count <= SIGHTING_ALERTS && sighting->age_s >= 0);
                for (size_t i = 0; i < sighting->meter_count; i++)
                        assert(sighting->meters[i].name[0] && sighting->meters[i].value >= 0);
                for (size_t i = 0; i < SIGHTING_KEPT; i++) {
                        json_t *again = kept[i] ? json_loads(kept[i], JSON_REJECT_DUPLICATES, NULL) : NULL;

                        assert(!kept[i] || again);
                        json_decref(again);
                }
        } else {
                assert(complaint[0] && text_is_printable(text_from(complaint)));
        }
        for (size_t i = 0; i < SIGHTING_KEPT; i++)
                free(kept[i]);
        free(sighting);
        json_decref(value);
        return 0;
}
