// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "base/scope.h"
#include "snmp/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted lies within the message, and its names can be asked for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct snmp_answer answer;
        struct text octets = text_from_octets(data, size);

        if (snmp_answer_parse(octets, SNMP_V2C, TEXT_OF("public"), &answer) != 0)
                return 0;
        for (size_t i = 0; i < answer.value_count; i++) {
                SCOPED(buffer_done) struct buffer again = BUFFER(SNMP_MESSAGE_MAX);
                const struct snmp_value *value = &answer.values[i];
                struct snmp_question question = { .names = &value->name, .name_count = 1 };

                assert(value->name.count >= 2 && value->name.count <= SNMP_NAME_MAX);
                assert(value->kind != SNMP_OCTETS || value->octets.len < size);
                snmp_question_format(&question, SNMP_V2C, TEXT_OF("public"), &again);
                assert(!again.failure && again.len > 0);
        }
        return 0;
}
