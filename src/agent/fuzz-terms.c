// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Terms, a line end, and the metadata of a deposit. */

#include <stddef.h>
#include <stdint.h>

#include "agent/terms.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
        struct id person = { { 1 } }, printer = { { 0 } };
        struct text terms, metadata;
        struct offer offer;

        (void)id_parse(TEXT_OF("01a1fc48-676c-7488-a6bb-ee80369fa8c0"), &printer);
        (void)text_cut(text_from_octets(octets, len), '\n', &terms, &metadata);
        (void)terms_offer(terms, metadata, person, printer, "application/pdf", &offer);
        return 0;
}
