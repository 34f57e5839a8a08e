// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <jansson.h>
#include <stdint.h>

#include "base/scope.h"
#include "directory/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is understood is written and read back the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        struct directory_answer answer, again;
        struct id id, id_again;

        if (json && answer_parse(json, arena, &id, &answer)) {
                json_t *written = answer_format(id, &answer);

                assert(written && answer_parse(written, arena, &id_again, &again));
                assert(id_equal(id, id_again) && again.entry_count == answer.entry_count &&
                       again.outcome == answer.outcome && again.step_count == answer.step_count);
                json_decref(written);
        }
        json_decref(json);
        return 0;
}
