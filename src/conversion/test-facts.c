// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/facts.h"

static const struct {
        const char *lines;
        int outcome;
        uint32_t pages;
} rows[] = {
        { "", 0, 0 },
        { "pages=12\n", 0, 12 },
        { "pages=1000000\n", 0, 1000000 },
        { "pages=1000001\n", FACTS_BAD, 0 },
        { "pages=0\n", FACTS_BAD, 0 },
        { "pages=12", FACTS_BAD, 0 },
        { "pages=-1\n", FACTS_BAD, 0 },
        { "pages=1\npages=2\n", FACTS_BAD, 0 },
        { "pages\n", FACTS_BAD, 0 },
        { "colour=1\n", FACTS_BAD, 0 },
        { "\n", FACTS_BAD, 0 },
};

int main(void)
{
        char lines[FACTS_OCTETS_MAX];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct facts facts;

                printf("%s\n", rows[i].lines);
                assert(facts_parse(text_from(rows[i].lines), &facts) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                assert(facts.pages == rows[i].pages);
                facts_format(&facts, lines, sizeof(lines));
                assert(strcmp(lines, rows[i].lines) == 0);
        }
        return 0;
}
