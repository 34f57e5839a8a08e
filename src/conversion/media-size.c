// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/media-size.h"

#include "base/scope.h"

#define SAME_POINTS 2.9 /* a millimetre */

/* What is loaded into printers of offices (PWG 5101.1, section 5.1), the most usual first. */
static const char *const standard[] = {
        "iso_a4_210x297mm",     "na_letter_8.5x11in",       "iso_a3_297x420mm",
        "na_ledger_11x17in",    "na_legal_8.5x14in",        "iso_a5_148x210mm",
        "iso_a6_105x148mm",     "na_invoice_5.5x8.5in",     "na_executive_7.25x10.5in",
        "iso_a2_420x594mm",     "iso_sra3_320x450mm",       "na_arch-b_12x18in",
        "jis_b4_257x364mm",     "jis_b5_182x257mm",         "iso_b5_176x250mm",
        "na_foolscap_8.5x13in", "om_folio_210x330mm",       "na_govt-letter_8x10in",
        "na_index-4x6_4x6in",   "na_index-5x8_5x8in",       "na_5x7_5x7in",
        "jpn_hagaki_100x148mm", "iso_c5_162x229mm",         "iso_dl_110x220mm",
        "iso_c4_229x324mm",     "na_number-10_4.125x9.5in", "na_monarch_3.875x7.5in",
};

/* Sheets that stand for each other: pages keep their looks, and grow or shrink by less than a tenth. */
static const char *const pairs[][2] = {
        { "iso_a4_210x297mm", "na_letter_8.5x11in" },
        { "iso_a3_297x420mm", "na_ledger_11x17in" },
        { "iso_a5_148x210mm", "na_invoice_5.5x8.5in" },
};

struct sides {
        double least, most;
};

static bool sides_of(const char *name, struct sides *ret)
{
        struct media media;

        if (!media_parse(name, &media))
                return false;
        *ret = media.width < media.height ? (struct sides){ media.width, media.height }
                                          : (struct sides){ media.height, media.width };
        return true;
}

static bool is_near(double a, double b)
{
        return a - b < SAME_POINTS && b - a < SAME_POINTS;
}

static bool is_same(const struct sides *a, const struct sides *b)
{
        return is_near(a->least, b->least) && is_near(a->most, b->most);
}

bool media_is_same(const char *a, const char *b)
{
        struct sides first, second;

        return sides_of(a, &first) && sides_of(b, &second) && is_same(&first, &second);
}

const char *media_standard_name(const char *name)
{
        struct sides own, other;

        if (!sides_of(name, &own))
                return name;
        for (size_t i = 0; i < ARRAY_LENGTH(standard); i++)
                if (sides_of(standard[i], &other) && is_same(&own, &other))
                        return standard[i];
        return name;
}

static const char *partner_of(const char *wanted)
{
        for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
                for (size_t k = 0; k < 2; k++)
                        if (media_is_same(wanted, pairs[i][k]))
                                return pairs[i][1 - k];
        return NULL;
}

const char *media_substitute(const char *wanted, const char *const *names, size_t count)
{
        const char *partner = partner_of(wanted), *best = NULL;
        struct sides own, other, smallest = { 0, 0 };

        if (!sides_of(wanted, &own))
                return NULL;
        for (size_t i = 0; partner && i < count; i++)
                if (media_is_same(partner, names[i]))
                        return names[i];
        for (size_t i = 0; i < count; i++) {
                if (!sides_of(names[i], &other) || other.least < own.least - SAME_POINTS ||
                    other.most < own.most - SAME_POINTS)
                        continue;
                if (best && other.least * other.most >= smallest.least * smallest.most)
                        continue;
                best = names[i];
                smallest = other;
        }
        return best;
}
