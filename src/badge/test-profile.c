// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "badge/profile.h"
#include "base/scope.h"

/* words NULL: as it was written. */
static const struct {
        const char *text;
        int outcome;
        const char *words;
} rows[] = {
        { "", 0, NULL },
        { "decimal", 0, NULL },
        { "auto reversed", 0, NULL },
        { "hexadecimal", 0, "" },
        { "reversed decimal", 0, "decimal reversed" },
        { "decimal reversed drop=1 mask=00ffff keep=16 width=5 least=8 match=^;(\\d+)=", 0, NULL },
        { "mask=00FF", 0, "mask=00ff" },
        { "match=a b", 0, NULL },
        { "match=decimal reversed", 0, NULL },
        { "least=64 width=32 keep=256 drop=255", 0, "drop=255 keep=256 width=32 least=64" },
        { " decimal", PROFILE_MALFORMED, NULL },
        { "decimal ", PROFILE_MALFORMED, NULL },
        { "decimal  reversed", PROFILE_MALFORMED, NULL },
        { "decimal auto", PROFILE_MALFORMED, NULL },
        { "hexadecimal hexadecimal", PROFILE_MALFORMED, NULL },
        { "reversed reversed", PROFILE_MALFORMED, NULL },
        { "Decimal", PROFILE_MALFORMED, NULL },
        { "octal", PROFILE_MALFORMED, NULL },
        { "drop=0", PROFILE_MALFORMED, NULL },
        { "drop=01", PROFILE_MALFORMED, NULL },
        { "drop=", PROFILE_MALFORMED, NULL },
        { "drop=-1", PROFILE_MALFORMED, NULL },
        { "drop=256", PROFILE_MALFORMED, NULL },
        { "drop=1 drop=1", PROFILE_MALFORMED, NULL },
        { "keep=257", PROFILE_MALFORMED, NULL },
        { "width=33", PROFILE_MALFORMED, NULL },
        { "least=65", PROFILE_MALFORMED, NULL },
        { "mask=", PROFILE_MALFORMED, NULL },
        { "mask=0", PROFILE_MALFORMED, NULL },
        { "mask=0g", PROFILE_MALFORMED, NULL },
        { "mask=ff mask=ff", PROFILE_MALFORMED, NULL },
        { "match=", PROFILE_BAD_PATTERN, NULL },
        { "match=(", PROFILE_BAD_PATTERN, NULL },
        { "match=a\nb", PROFILE_BAD_PATTERN, NULL },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct card_profile profile;
                char words[PROFILE_MAX];

                printf("\"%s\"\n", rows[i].text);
                assert(profile_parse(text_from(rows[i].text), &profile) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                profile_format(&profile, words);
                assert(strcmp(words, rows[i].words ? rows[i].words : rows[i].text) == 0);
        }
        return 0;
}
