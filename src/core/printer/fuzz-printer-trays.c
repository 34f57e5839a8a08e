// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "core/printer/printer-state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is what may be kept, and is written as it was read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct printer_state state, again;
        char text[PRINTER_TRAYS_TEXT];

        if (!printer_trays_parse(text_from_octets(data, size), &state))
                return 0;
        assert(printer_state_is_valid(&state));
        printer_trays_format(&state, text);
        assert(printer_trays_parse(text_from(text), &again) && again.tray_count == state.tray_count);
        for (size_t i = 0; i < state.tray_count; i++)
                assert(strcmp(again.trays[i].media, state.trays[i].media) == 0 &&
                       again.trays[i].level == state.trays[i].level);
        return 0;
}
