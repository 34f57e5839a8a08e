// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "conversion/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read can be written, and reads the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        char lines[FACTS_OCTETS_MAX], again[FACTS_OCTETS_MAX];
        struct facts facts;

        if (facts_parse(text_from_octets(data, size), &facts))
                return 0;
        facts_format(&facts, lines, sizeof(lines));
        assert(facts_parse(text_from(lines), &facts) == 0);
        facts_format(&facts, again, sizeof(again));
        assert(strcmp(lines, again) == 0);
        return 0;
}
