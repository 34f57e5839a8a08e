// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "pjl/readback.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text octets = text_from_octets(data, size);
        struct pjl_reader reader;
        struct pjl_report report;

        pjl_reader_init(&reader);
        while (pjl_reader_next(&reader, &octets, &report))
                assert(report.name.len + report.result.len + report.words.len < PJL_MESSAGE_MAX);
        assert(octets.len == 0);
        return 0;
}
