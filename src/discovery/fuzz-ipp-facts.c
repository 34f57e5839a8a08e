// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "base/scope.h"
#include "discovery/ipp-facts.h"
#include "discovery/sighting.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a printer says: it can be told to the service. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        static struct sighting sighting;
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_message message;
        const struct ipp_group *group;
        json_t *json;
        char *octets;

        if (!arena || ipp_message_parse(text_from_octets(data, size), &limits, arena, &message, NULL) != 0)
                return 0;
        group = ipp_group_find(&message, IPP_TAG_PRINTER);
        sighting_init(&sighting, 1, PURPOSE_DISCOVERY);
        sighting_note(&sighting, WAY_IPP, TRIED_ANSWERED);
        device_read_ipp(group ? group->attributes : NULL, &sighting.device);
        device_read_id(&sighting.device, text_from_octets(data, size));
        json = sighting_format(&sighting);
        octets = json ? json_dumps(json, JSON_COMPACT) : NULL;
        assert(octets);
        free(octets);
        json_decref(json);
        return 0;
}
