// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "base/scope.h"
#include "directory/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct directory_question question;
        json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);

        memset(&question, 0, sizeof(question));
        if (json && question_parse(json, &question)) {
                SCOPED(buffer_done) struct buffer buffer = BUFFER(65536);

                assert(question.settings.server_count > 0 && question.settings.servers[0].port != 0);
                assert(strlen(question.password) <= DIRECTORY_PASSWORD);
                question_format(&question, TEXT_OF("{}"), &buffer);
                assert(!buffer.failure);
        }
        json_decref(json);
        return 0;
}
