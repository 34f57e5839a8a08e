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
#define ID_D "01a1fc48-0000-7000-8000-00000000000d"

static const char member[] =
        "{\"models\":[{\"model\":\"tcpconv2\",\"enabled\":false,\"port\":null},"
        "{\"model\":\"line\",\"enabled\":true,\"port\":4000}],\"readers\":["
        "{\"id\":\"" ID_A "\",\"model\":\"tcpconv\",\"address\":null,\"feedback\":null},"
        "{\"id\":\"" ID_B "\",\"model\":\"tcpconv\",\"address\":\"10.0.0.7\",\"feedback\":\"silent\"},"
        "{\"id\":\"" ID_C "\",\"model\":\"ethernet241\",\"address\":\"10.0.0.8\",\"feedback\":\"letters\"},"
        "{\"id\":\"x\",\"model\":\"tcpconv\"},"
        "{\"id\":\"" ID_A "\",\"model\":\"tcpconv9\"},"
        "{\"id\":\"" ID_D "\",\"model\":\"ethernet241\",\"address\":\"10.0.0.9\",\"dial\":2001,"
        "\"feedback\":null,\"profile\":\"decimal reversed\"},"
        "{\"id\":\"" ID_C "\",\"model\":\"line\",\"dial\":7},"
        "{\"id\":\"" ID_C "\",\"model\":\"line\",\"profile\":\"octal\"}]}";

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
        { READER_ETHERNET241, "10.0.0.9", READERS_UNKNOWN, "", 0 },
        { READER_LINE, "10.0.0.1", READERS_UNKNOWN, "", 0 },
};

static int load(struct readers *readers, const char *octets)
{
        json_t *json = json_loads(octets, JSON_DECODE_ANY, NULL);
        int r = readers_load(readers, json);

        json_decref(json);
        return r;
}

static void test_dialled(struct readers *readers)
{
        static struct reader_binding dialled[READERS_MAX];
        struct reader_peer peer = { .model = READER_ETHERNET241, .address = "10.0.0.9" };
        struct reader_binding binding;

        assert(readers_dialled(readers, dialled) == 1 && dialled[0].dial_port == 2001);
        assert(dialled[0].feedback == READER_POLLED && dialled[0].profile.reversed);
        peer.dialled = dialled[0].id;
        assert(readers_find(readers, &peer, 0, &binding) == 0 && id_equal(binding.id, dialled[0].id));
        assert(id_parse(TEXT_OF(ID_B), &peer.dialled));
        assert(readers_find(readers, &peer, 0, &binding) == READERS_UNKNOWN);
}

static void test_models(struct readers *readers)
{
        struct reader_model_switch models[READER_MODELS];

        readers_models(readers, models);
        assert(models[READER_TCPCONV].is_on && models[READER_TCPCONV].port == 0);
        assert(!models[READER_TCPCONV2].is_on && models[READER_ETHERNET241].is_on);
        assert(models[READER_LINE].is_on && models[READER_LINE].port == 4000);
}

static bool repeats(struct readers *readers, enum reader_model model, const char *address, const char *number,
                    int64_t repeat_ms)
{
        struct reader_peer peer = { .model = model, .address = address };

        return readers_is_repeated(readers, &peer, number, repeat_ms);
}

static void test_repetition(struct readers *readers)
{
        struct reader_peer peer = { .model = READER_LINE, .address = "10.0.0.3" };
        unsigned heard = 0;

        assert(!repeats(readers, READER_TCPCONV, "10.0.0.1", "04A1", 60000));
        assert(repeats(readers, READER_TCPCONV, "10.0.0.1", "04A1", 60000));
        assert(!repeats(readers, READER_TCPCONV, "10.0.0.2", "04A1", 60000));
        assert(!repeats(readers, READER_TCPCONV2, "10.0.0.1", "04A1", 60000));
        assert(!repeats(readers, READER_TCPCONV, "10.0.0.1", "04A2", 60000));
        assert(!repeats(readers, READER_TCPCONV, "10.0.0.1", "04A1", 60000));
        assert(!repeats(readers, READER_TCPCONV, "10.0.0.1", "04A1", 0));
        /* Some more where a second begins meanwhile. */
        for (int i = 0; i < 1000; i++)
                heard += readers_may_send(readers, &peer, 3);
        assert(heard >= 3 && heard < 1000);
}

int main(void)
{
        struct reader_binding binding;
        static struct readers *readers; /* as in the agent, it is never freed */
        char id[ID_STRING];

        assert(readers_new(&readers) == 0);
        assert(load(readers, "7") == READERS_MALFORMED);
        assert(load(readers, member) == 0);
        assert(load(readers, "{}") == READERS_MALFORMED);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct reader_peer peer = { .model = rows[i].model, .address = rows[i].address };

                printf("%s from %s\n", reader_model_name(rows[i].model), rows[i].address);
                assert(readers_find(readers, &peer, 0, &binding) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                id_format(binding.id, id);
                assert(strcmp(id, rows[i].id) == 0 && binding.feedback == rows[i].feedback);
        }

        test_dialled(readers);
        test_models(readers);
        test_repetition(readers);
        return 0;
}
