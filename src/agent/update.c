// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/update.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "outpost/thread.h"
#include "update/manifest.h"

#define SEQUENCE "update-sequence"
#define WANTED   "update-wanted"

static int read_keys(const char *path, struct manifest_judge *judge)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(4096);
        struct text rest, line;

        if (file_read(path, octets.max, &octets) != 0)
                return UPDATE_BAD_KEY;
        rest = buffer_text(&octets);
        while (rest.len > 0) {
                size_t length;

                (void)text_cut(rest, '\n', &line, &rest);
                line = text_trim(line);
                if (line.len == 0)
                        continue;
                if (judge->key_count == MANIFEST_KEYS ||
                    !hex_parse(line, judge->keys[judge->key_count], SIGN_KEY_OCTETS, &length) ||
                    length != SIGN_KEY_OCTETS)
                        return UPDATE_BAD_KEY;
                judge->key_count++;
        }
        return judge->key_count ? 0 : UPDATE_BAD_KEY;
}

/* A file that is damaged is a fault: nothing is taken while it is not known what was seen. */
static int read_sequence(int directory, uint64_t *ret)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(64);
        int r = file_read_at(directory, SEQUENCE, octets.max, &octets);

        *ret = 0;
        if (r == FILE_NOT_FOUND)
                return 0;
        if (r)
                return fold(r);
        return text_number(text_trim(buffer_text(&octets)), INT64_MAX, ret) ? 0 : fault(-EBADMSG);
}

static int keep(const struct update *update, const char *name, const char *words)
{
        return fold(file_replace_at(update->directory, name, 0600, text_from(words)));
}

static int take_update(const struct update *update, const struct manifest *manifest, bool is_seen)
{
        char number[32], version[MANIFEST_VERSION + 1];
        int r = 0;

        snprintf(number, sizeof(number), "%llu\n", (unsigned long long)manifest->sequence);
        snprintf(version, sizeof(version), "%s\n", manifest->version);
        if (!is_seen)
                r = keep(update, SEQUENCE, number);
        if (r || version_compare(manifest->version, IMPRIMATUR_VERSION) <= 0)
                return r;
        if (!is_seen)
                log_write(LOG_NOTICE, "update-available", "version", manifest->version, NULL);
        return strcmp(update->settings->update_mode, "automatic") == 0 ? keep(update, WANTED, version) : 0;
}

static int look(const struct update *update)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(MANIFEST_OCTETS_MAX);
        struct manifest_judge judge = { .version = IMPRIMATUR_VERSION, .now_s = clock_unix_ms() / 1000 };
        struct manifest manifest;
        int r;

        r = read_keys(update->settings->update_key, &judge);
        if (r) {
                log_write(LOG_ERROR, "update-keys-unreadable", NULL);
                return 0;
        }
        r = read_sequence(update->directory, &judge.sequence_seen);
        if (r == 0)
                r = service_update(update->service, &octets);
        if (r)
                return r < 0 ? r : 0;
        if (octets.len == 0)
                return 0;
        r = manifest_judge(buffer_text(&octets), &judge, &manifest);
        if (r > 0)
                log_write(LOG_ERROR, "update-refused", "reason", manifest_refusal_name(r), NULL);
        return r ? (r < 0 ? r : 0) : take_update(update, &manifest, manifest.sequence == judge.sequence_seen);
}

static void *run(void *context)
{
        const struct update *update = context;

        for (;;) {
                int r = look(update);

                if (r < 0)
                        log_fault("update-not-looked-for", r);
                (void)poll(NULL, 0,
                           (int)(update->settings->update_ms < INT32_MAX ? update->settings->update_ms
                                                                         : INT32_MAX));
        }
        return NULL;
}

int update_start(struct update *update)
{
        static const char *const modes[] = { "notify", "automatic", "off" };
        struct manifest_judge judge = { .key_count = 0 };
        const char *mode = update->settings->update_mode;
        size_t i = 0;

        while (i < ARRAY_LENGTH(modes) && strcmp(mode, modes[i]) != 0)
                i++;
        if (i == ARRAY_LENGTH(modes))
                return UPDATE_BAD_MODE;
        if (i == 2 || !update->settings->update_key[0])
                return 0;
        if (read_keys(update->settings->update_key, &judge) != 0)
                return UPDATE_BAD_KEY;
        return thread_start(run, update);
}
