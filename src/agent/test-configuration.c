// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/configuration.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "os/file.h"

struct heard {
        unsigned int times;
        bool is_on;
        char value[64], secret[64];
        int answer;
};

static void dump(const json_t *json, char to[64])
{
        char *octets = json ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

        snprintf(to, 64, "%s", octets ? octets : "-");
        free(octets);
}

static int hear(void *context, const struct configuration_member *member)
{
        struct heard *heard = context;

        heard->times++;
        heard->is_on = member->is_on;
        dump(member->value, heard->value);
        dump(member->secret, heard->secret);
        return heard->answer;
}

static struct configuration *begin(int directory, struct heard *readers, struct heard *lpd)
{
        const struct configuration_part parts[] = { { "readers", hear, readers }, { "lpd", hear, lpd } };
        struct configuration *configuration;

        assert(configuration_new(directory, &configuration) == 0);
        for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
                configuration_add(configuration, &parts[i]);
        *readers = *lpd = (struct heard){ 0 };
        configuration_start(configuration);
        return configuration;
}

static void expect(const char *what, const struct heard *heard, unsigned int times, bool is_on,
                   const char *value, const char *secret)
{
        printf("%s: %u times, %s, %s, %s\n", what, heard->times, heard->is_on ? "on" : "off", heard->value,
               heard->secret);
        assert(heard->times == times && heard->is_on == is_on);
        assert(strcmp(heard->value, value) == 0 && strcmp(heard->secret, secret) == 0);
}

/* Matrix: what is no configuration, and changes nothing. */
static const char *const malformed[] = {
        "", "{", "[]", "null", "{\"features\":{}}", "{\"agent\":7}", "{\"agent\":\"a\",\"agent\":\"a\"}",
};

int main(void)
{
        char folder[] = "/tmp/imprimatur-configuration-XXXXXX", features[64];
        SCOPED(buffer_done) struct buffer kept = BUFFER(4096);
        struct configuration *configuration;
        struct heard readers, lpd;
        int directory;

        assert(mkdtemp(folder));
        directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        assert(directory >= 0);

        /* Nothing is known: everything is on, and nothing has members. */
        configuration = begin(directory, &readers, &lpd);
        assert(!configuration_is_known(configuration));
        expect("at first", &readers, 1, true, "-", "-");

        assert(configuration_take(
                       configuration,
                       TEXT_OF("{\"agent\":\"a\",\"starts\":1,\"features\":{\"lpd\":false},"
                               "\"readers\":[1],\"lpd\":null,\"secrets\":{\"readers\":\"canary\"}}")) == 0);
        expect("told", &readers, 2, true, "[1]", "\"canary\"");
        expect("switched off", &lpd, 2, false, "-", "-");
        configuration_features(configuration, features, sizeof(features));
        assert(strcmp(features, "readers") == 0 && !configuration_has_on(configuration, "lpd"));

        for (size_t i = 0; i < ARRAY_LENGTH(malformed); i++) {
                printf("%s\n", malformed[i]);
                assert(configuration_take(configuration, text_from(malformed[i])) == CONFIGURATION_MALFORMED);
        }
        expect("told nonsense", &readers, 2, true, "[1]", "\"canary\"");

        /* The same again is no news, and a part that did not understand hears it again. */
        readers.answer = 1;
        assert(configuration_take(configuration, TEXT_OF("{\"agent\":\"a\",\"starts\":2,\"readers\":[2]}")) ==
               0);
        assert(configuration_take(configuration, TEXT_OF("{\"agent\":\"a\",\"starts\":3,\"readers\":[2]}")) ==
               0);
        expect("told what it does not understand", &readers, 4, true, "[2]", "-");
        expect("switched on", &lpd, 3, true, "-", "-");
        configuration_free(configuration);

        /* The next start, without a line. What is secret is not on the disk. */
        configuration = begin(directory, &readers, &lpd);
        assert(configuration_take(
                       configuration,
                       TEXT_OF("{\"agent\":\"a\",\"readers\":[3],\"secrets\":{\"readers\":\"canary\"}}")) ==
               0);
        configuration_free(configuration);
        assert(file_read_at(directory, "configuration.json", kept.max, &kept) == 0);
        assert(!memmem(kept.at, kept.len, "canary", 6) && !memmem(kept.at, kept.len, "secrets", 7));
        configuration = begin(directory, &readers, &lpd);
        assert(configuration_is_known(configuration));
        expect("from the disk", &readers, 1, true, "[3]", "-");
        configuration_free(configuration);

        /* A damaged file is none. */
        assert(file_replace_at(directory, "configuration.json", 0600, TEXT_OF("{\"agent\":\"a\",\"rea")) ==
               0);
        configuration = begin(directory, &readers, &lpd);
        assert(!configuration_is_known(configuration));
        expect("from a damaged disk", &readers, 1, true, "-", "-");
        configuration_free(configuration);

        configuration_forget(directory);
        close(directory);
        assert(rmdir(folder) == 0);
        return 0;
}
