// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/facts.h"

#include <stdbool.h>
#include <stdio.h>

static bool pages_parse(struct text value, struct facts *facts)
{
        uint64_t pages;

        if (facts->pages || !text_number(value, FACTS_PAGES_MAX, &pages) || pages == 0)
                return false;
        facts->pages = (uint32_t)pages;
        return true;
}

static bool line_parse(struct text line, struct facts *facts)
{
        struct text name, value;

        if (!text_cut(line, '=', &name, &value))
                return false;
        return text_equal_string(name, "pages") && pages_parse(value, facts);
}

int facts_parse(struct text lines, struct facts *ret)
{
        struct facts facts = { 0 };

        if (lines.len > FACTS_OCTETS_MAX)
                return FACTS_BAD;
        while (lines.len > 0) {
                struct text line;

                if (!text_cut(lines, '\n', &line, &lines) || !line_parse(line, &facts))
                        return FACTS_BAD;
        }
        *ret = facts;
        return 0;
}

void facts_format(const struct facts *facts, char *ret, size_t size)
{
        ret[0] = 0;
        if (facts->pages)
                snprintf(ret, size, "pages=%u\n", facts->pages);
}
