// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "base/scope.h"
#include "discovery/sighting.h"
#include "discovery/mib.h"
#include "snmp/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same answer to everything: the walk ends, and what it leaves can be told. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct snmp_answer answer;
        static struct mib_walk walk;
        static struct sighting sighting;
        struct snmp_name names[MIB_ASKED_MAX];
        uint32_t repetitions;
        size_t count, questions = 0;
        json_t *json;

        if (size < 1 || snmp_answer_parse(text_from_octets(data + 1, size - 1), SNMP_V2C, TEXT_OF("public"),
                                          &answer) != 0)
                return 0;
        sighting_init(&sighting, 1, (enum purpose)(data[0] % PURPOSES));
        sighting_note(&sighting, WAY_SNMP, TRIED_ANSWERED);
        mib_begin(&walk, sighting.purpose, data[0] & 4, data[0] & 8);
        while (mib_next(&walk, names, &count, &repetitions)) {
                assert(count > 0 && count <= MIB_ASKED_MAX && ++questions <= MIB_QUESTIONS_MAX);
                mib_take(&walk, &answer, &sighting.device);
        }
        mib_end(&walk, &sighting.device);
        json = sighting_format(&sighting);
        assert(json);
        json_decref(json);
        return 0;
}
