// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * look: the scan alone. Reads {"order": …, "secrets": …, "purpose": …} from standard input, as the service
 * would tell them; prints each sighting on a line of JSON, and at last what was counted, with the octets and
 * the memory.
 */

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "discovery/scan.h"

struct totals {
        uint64_t octets, octets_max, printers;
};

static int see(void *context, const struct sighting *sighting)
{
        struct totals *totals = context;
        json_t *json = sighting_format(sighting);

        if (sighting_is_printer(sighting)) {
                totals->printers++;
                totals->octets += sighting->octets;
                if (sighting->octets > totals->octets_max)
                        totals->octets_max = sighting->octets;
        }
        json_object_set_new(json, "octets", json_integer((json_int_t)sighting->octets));
        json_object_set_new(json, "cut", json_boolean(sighting->was_cut));
        json_dumpf(json, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(json);
        return 0;
}

static bool go_on(void *context, const struct scan_counts *counts)
{
        (void)context, (void)counts;
        return true;
}

/* At most so far. */
static long memory_kib(void)
{
        FILE *file = fopen("/proc/self/status", "r");
        char line[256];
        long found = 0;

        while (file && fgets(line, sizeof(line), file))
                (void)sscanf(line, "VmHWM: %ld", &found);
        if (file)
                fclose(file);
        return found;
}

int main(void)
{
        json_t *said = json_loadf(stdin, 0, NULL);
        struct order order;
        SCOPED(secrets_freep) struct secrets *secrets = NULL;
        struct totals totals = { .octets = 0 };
        struct scan_observer observer = { see, go_on, &totals };
        struct scan_options options = { .order = &order };
        struct scan_counts counts;
        int64_t began_us;
        size_t unusable;
        int r;

        if (look_order_parse(json_object_get(said, "order"), &order) != 0 ||
            secrets_parse(json_object_get(said, "secrets"), &secrets, &unusable) != 0 || unusable ||
            !purpose_parse(text_from(json_string_value(json_object_get(said, "purpose"))),
                           &options.purpose)) {
                fprintf(stderr, "look: not understood\n");
                return 2;
        }
        json_decref(said);
        options.secrets = secrets;
        began_us = clock_monotonic_us();
        r = scan_run(&options, &observer, &counts);
        printf("{\"outcome\":%d,\"addresses\":%llu,\"asked\":%llu,\"answered\":%llu,\"found\":%llu,\"packets\":%llu,"
               "\"octets\":%llu,\"strangers\":%llu,\"malformed\":%llu,\"unproved\":%llu,\"opening\":%llu,\"printer_octets\":%llu,"
               "\"printer_octets_max\":%llu,\"us\":%lld,\"memory_kib\":%ld}\n",
               r, (unsigned long long)counts.addresses, (unsigned long long)counts.asked,
               (unsigned long long)counts.answered, (unsigned long long)counts.found,
               (unsigned long long)counts.packets, (unsigned long long)counts.octets,
               (unsigned long long)counts.strangers, (unsigned long long)counts.malformed,
               (unsigned long long)counts.unproved, (unsigned long long)counts.opening,
               (unsigned long long)totals.octets, (unsigned long long)totals.octets_max,
               (long long)(clock_monotonic_us() - began_us), memory_kib());
        return r != 0;
}
