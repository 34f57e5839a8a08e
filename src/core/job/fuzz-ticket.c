// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "core/job/ticket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted is kept, and comes out of the database as what it was. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        char text[TICKET_TEXT];
        struct ticket ticket, same;

        if (ticket_parse(text_from_octets(data, size), &ticket))
                return 0;
        assert(ticket_is_valid(&ticket));
        ticket_format(&ticket, text, sizeof(text));
        assert(ticket_parse(text_from(text), &same) == 0);
        return 0;
}
