// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/readers.h"

#include <assert.h>
#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever an agent is told of its readers, those that it dials have an address and a port. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct reader_binding dialled[READERS_MAX];
        static struct readers *readers;
        json_t *value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        struct reader_model_switch models[READER_MODELS];
        size_t count;

        if (!readers)
                assert(readers_new(&readers) == 0);
        if (readers_load(readers, value) == 0) {
                count = readers_dialled(readers, dialled);
                assert(count <= READERS_MAX);
                for (size_t i = 0; i < count; i++)
                        assert(dialled[i].dial_port > 0 && dialled[i].address[0]);
                readers_models(readers, models);
        }
        json_decref(value);
        return 0;
}
