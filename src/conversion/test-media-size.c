// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/media-size.h"

#define A3     "iso_a3_297x420mm"
#define A4     "iso_a4_210x297mm"
#define A5     "iso_a5_148x210mm"
#define A6     "iso_a6_105x148mm"
#define LETTER "na_letter_8.5x11in"
#define LEDGER "na_ledger_11x17in"
#define LEGAL  "na_legal_8.5x14in"

static const struct {
        const char *wanted, *names[4], *best; /* NULL: none serves */
} rows[] = {
        { A4, { LETTER, A3 }, LETTER },
        { A4, { A3, LETTER }, LETTER },
        { LETTER, { A3, A4, LEGAL }, A4 },
        { A3, { A4, LEDGER }, LEDGER },
        { LEDGER, { A3, A4 }, A3 },
        { A4, { A3, LEGAL }, LEGAL },
        { A4, { LEDGER, A3 }, LEDGER },
        { A5, { A4, A3 }, A4 },
        { A6, { A3, A5, A4 }, A5 },
        { LEGAL, { LETTER, A4 }, NULL },
        { LEGAL, { A4, LEDGER }, LEDGER },
        { A4, { A5, A6 }, NULL },
        { A3, { A4, LETTER }, NULL },
        { "custom_200x290mm_200x290mm", { A3, A4 }, A4 },
        { "custom_297x210mm_297x210mm", { A3, LETTER }, LETTER },
        { A4, { "choice", "" }, NULL },
        { "stationery", { A4 }, NULL },
        { A4, { NULL }, NULL },
};

static const struct {
        const char *name, *standard;
} names[] = {
        { "custom_210x297mm_210x297mm", A4 },
        { "custom_297x210mm_297x210mm", A4 },
        { "custom_215.9x279.4mm_215.9x279.4mm", LETTER },
        { "na_letter_8.5x11in", LETTER },
        { "custom_104.77x241.3mm_104.77x241.3mm", "na_number-10_4.125x9.5in" },
        { "custom_123x234mm_123x234mm", "custom_123x234mm_123x234mm" },
        { "auto", "auto" },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                size_t count = 0;
                const char *best;

                while (count < ARRAY_LENGTH(rows[i].names) && rows[i].names[count])
                        count++;
                best = media_substitute(rows[i].wanted, rows[i].names, count);
                printf("%s: %s\n", rows[i].wanted, best ? best : "none");
                assert(best ? rows[i].best && strcmp(best, rows[i].best) == 0 : !rows[i].best);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                assert(strcmp(media_standard_name(names[i].name), names[i].standard) == 0);
        assert(media_is_same(A4, "custom_297x210mm_297x210mm") && !media_is_same(A4, LETTER) &&
               !media_is_same(A4, "a4"));
        return 0;
}
