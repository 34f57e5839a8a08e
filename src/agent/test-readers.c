// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/readers.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define ID_A "01a1fc48-0000-7000-8000-00000000000a"
#define ID_B "01a1fc48-0000-7000-8000-00000000000b"
#define ID_C "01a1fc48-0000-7000-8000-00000000000c"

static const char member[] =
        "["
        "{\"id\":\"" ID_A "\",\"model\":\"tcpconv\",\"address\":null,\"feedback\":true},"
        "{\"id\":\"" ID_B "\",\"model\":\"tcpconv\",\"address\":\"10.0.0.7\",\"feedback\":false},"
        "{\"id\":\"" ID_C "\",\"model\":\"ethernet241\",\"address\":\"10.0.0.8\",\"feedback\":\"letters\"},"
        "{\"id\":\"x\",\"model\":\"tcpconv\"},"
        "{\"id\":\"" ID_A "\",\"model\":\"tcpconv9\"}]";

/* Matrix: which appliance is which reader. */
static const struct {
        enum reader_model model;
        const char *address;
        int outcome;
        const char *id;
        enum reader_feedback feedback;
} rows[] = {
        { READER_TCPCONV, "10.0.0.1", 0, ID_A, READER_LETTERS },
        { READER_TCPCONV, "10.0.0.7", 0, ID_B, READER_SILENT },
        { READER_TCPCONV, "10.0.0.8", 0, ID_A, READER_LETTERS },
        { READER_TCPCONV2, "10.0.0.1", READERS_UNKNOWN, "", 0 },
        { READER_ETHERNET241, "10.0.0.8", 0, ID_C, READER_LETTERS },
        { READER_ETHERNET241, "10.0.0.7", READERS_UNKNOWN, "", 0 },
        { READER_ETHERNET241, "", READERS_UNKNOWN, "", 0 },
};

static int load(struct readers *readers, const char *octets)
{
        json_t *json = json_loads(octets, JSON_DECODE_ANY, NULL);
        int r = readers_load(readers, json);

        json_decref(json);
        return r;
}

int main(void)
{
        struct reader_binding binding;
        struct readers *readers;
        char id[ID_STRING];

        assert(readers_new(&readers) == 0);
        assert(load(readers, "7") == READERS_MALFORMED);
        assert(load(readers, member) == 0);
        assert(load(readers, "{}") == READERS_MALFORMED);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s from %s\n", reader_model_name(rows[i].model), rows[i].address);
                assert(readers_find(readers, rows[i].model, rows[i].address, 0, &binding) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                id_format(binding.id, id);
                assert(strcmp(id, rows[i].id) == 0 && binding.feedback == rows[i].feedback);
        }

        assert(!readers_is_repeated(readers, READER_TCPCONV, "10.0.0.1", "04A1", 60000));
        assert(readers_is_repeated(readers, READER_TCPCONV, "10.0.0.1", "04A1", 60000));
        assert(!readers_is_repeated(readers, READER_TCPCONV, "10.0.0.2", "04A1", 60000));
        assert(!readers_is_repeated(readers, READER_TCPCONV2, "10.0.0.1", "04A1", 60000));
        assert(!readers_is_repeated(readers, READER_TCPCONV, "10.0.0.1", "04A2", 60000));
        assert(!readers_is_repeated(readers, READER_TCPCONV, "10.0.0.1", "04A1", 60000));
        assert(!readers_is_repeated(readers, READER_TCPCONV, "10.0.0.1", "04A1", 0));
        return 0;
}
