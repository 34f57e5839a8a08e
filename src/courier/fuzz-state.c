// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "courier/state-snmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void keyword_or_nothing(const char *word)
{
        char copy[COURIER_KEYWORD];

        assert(!word[0] || courier_keyword_copy(text_from(word), copy));
}

/* Whatever a device answers, twice: the trays are within bounds, and their words are keywords. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct snmp_answer answer;
        static struct snmp_walk walk;
        static struct courier_state state;

        if (snmp_answer_parse(text_from_octets(data, size), SNMP_V2C, TEXT_OF("public"), &answer) != 0)
                return 0;
        state_snmp_begin(&walk);
        (void)state_snmp_take(&answer, &walk);
        assert(!state_snmp_take(&answer, &walk)); /* nothing of it is new */
        state_snmp_end(&walk, &state);
        assert(state.tray_count <= COURIER_TRAYS && state.reason_count <= COURIER_REASONS);
        for (size_t i = 0; i < state.tray_count; i++) {
                assert(state.trays[i].source[0]);
                keyword_or_nothing(state.trays[i].source);
                keyword_or_nothing(state.trays[i].media);
                keyword_or_nothing(state.trays[i].type);
        }
        return 0;
}
