// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"

#define ENTRIES_MAX 512

struct entry {
        char *section;
        char *name;
        char *value;
        bool asked;
};

/* A setting that the program asked for, and the value in force. */
struct known {
        const char *section;
        const char *name;
        char value[256];
};

struct config {
        const char *path;
        struct entry entries[ENTRIES_MAX];
        size_t count;
        struct known known[ENTRIES_MAX];
        size_t known_count;
        int refusal;
        char complaint[512];
};

/* The first complaint stays: later ones are often its consequence. */
static void complain(struct config *config, int refusal, const char *what, const char *section,
                     const char *name)
{
        if (config->refusal)
                return;
        config->refusal = refusal;
        snprintf(config->complaint, sizeof(config->complaint), "%s: [%s] %s: %s", config->path, section, name,
                 what);
}

static struct entry *find(struct config *config, const char *section, const char *name)
{
        for (size_t i = 0; i < config->count; i++)
                if (strcmp(config->entries[i].section, section) == 0 &&
                    strcmp(config->entries[i].name, name) == 0)
                        return &config->entries[i];
        return NULL;
}

static int set(struct config *config, const char *section, const char *name, const char *value)
{
        struct entry *entry = find(config, section, name);

        if (!entry) {
                if (config->count == ENTRIES_MAX)
                        return -E2BIG;
                entry = &config->entries[config->count++];
                entry->section = strdup(section);
                entry->name = strdup(name);
        }
        free(entry->value);
        entry->value = strdup(value);
        return entry->section && entry->name && entry->value ? 0 : -ENOMEM;
}

static int on_line(void *context, const char *section, const char *name, const char *value)
{
        return set(context, section, name, value) == 0;
}

int config_open(const char *path, struct config **ret)
{
        struct config *config = calloc(1, sizeof(*config));
        int line;

        if (!config)
                return fault(-ENOMEM);
        *ret = config;
        config->path = path ? path : "settings";
        if (!path)
                return 0;
        line = ini_parse(path, on_line, config);
        if (line < 0) {
                config->refusal = CONFIG_NO_FILE;
                snprintf(config->complaint, sizeof(config->complaint), "%s: cannot be read: %s", path,
                         strerror(errno));
        } else if (line > 0) {
                config->refusal = CONFIG_BAD_LINE;
                snprintf(config->complaint, sizeof(config->complaint),
                         "%s:%d: expected [section], name = value, or a comment", path, line);
        }
        return config->refusal;
}

void config_close(struct config *config)
{
        if (!config)
                return;
        for (size_t i = 0; i < config->count; i++) {
                free(config->entries[i].section);
                free(config->entries[i].name);
                free(config->entries[i].value);
        }
        free(config);
}

void config_closep(struct config **config)
{
        config_close(*config);
}

int config_override(struct config *config, const char *assignment)
{
        char section[64], name[64];
        struct text left, value, s, n;

        if (!text_cut(text_from(assignment), '=', &left, &value) || !text_cut(left, '.', &s, &n) ||
            !text_copy(s, section, sizeof(section)) || !text_copy(n, name, sizeof(name))) {
                complain(config, CONFIG_BAD_LINE, "expected section.name=value", assignment, "");
                return CONFIG_BAD_LINE;
        }
        return set(config, section, name, value.at);
}

static void know(struct config *config, const char *section, const char *name, const char *value)
{
        struct known *known;

        for (size_t i = 0; i < config->known_count; i++)
                if (strcmp(config->known[i].section, section) == 0 &&
                    strcmp(config->known[i].name, name) == 0)
                        return;
        if (config->known_count == ENTRIES_MAX)
                return;
        known = &config->known[config->known_count++];
        known->section = section;
        known->name = name;
        snprintf(known->value, sizeof(known->value), "%s", value);
}

static const char *ask(struct config *config, const char *section, const char *name)
{
        struct entry *entry = find(config, section, name);

        if (!entry)
                return NULL;
        entry->asked = true;
        return entry->value;
}

const char *config_string(struct config *config, const char *section, const char *name, const char *otherwise)
{
        const char *value = ask(config, section, name);

        if (!value)
                value = otherwise;
        know(config, section, name, value ? value : "");
        return value;
}

struct suffix {
        const char *name;
        int64_t factor;
};

static const struct suffix octet_suffixes[] = {
        { "", 1 }, { "k", 1 << 10 }, { "M", 1 << 20 }, { "G", 1 << 30 }, { 0 }
};
static const struct suffix time_suffixes[] = { { "ms", 1 },      { "s", 1000 },     { "min", 60000 },
                                               { "h", 3600000 }, { "d", 86400000 }, { 0 } };

/* With the largest suffix that leaves a whole number; but counts, too, are numbers, and nobody says "4 k" of
 * them. */
static void know_number(struct config *config, const char *section, const char *name, int64_t amount,
                        const struct suffix *suffixes)
{
        const struct suffix *best = suffixes;
        char value[64];

        for (const struct suffix *suffix = suffixes; suffix->name; suffix++)
                if (amount && suffix->factor != 1 << 10 && amount % suffix->factor == 0)
                        best = suffix;
        snprintf(value, sizeof(value), "%lld%s%s", (long long)(amount / best->factor), *best->name ? " " : "",
                 best->name);
        know(config, section, name, value);
}

static int64_t read_number(struct config *config, const char *section, const char *name, int64_t otherwise,
                           int64_t least, int64_t most, const struct suffix *suffixes)
{
        const char *value = ask(config, section, name);
        char what[128];
        int64_t amount;
        char *end;

        if (!value)
                return otherwise;
        errno = 0;
        amount = strtoll(value, &end, 10);
        while (*end == ' ')
                end++;
        for (const struct suffix *suffix = suffixes; suffix->name && end != value && errno == 0; suffix++)
                if (strcmp(end, suffix->name) == 0 &&
                    !__builtin_mul_overflow(amount, suffix->factor, &amount) && amount >= least &&
                    amount <= most)
                        return amount;
        snprintf(what, sizeof(what), "expected a number from %lld to %lld (suffixes:", (long long)least,
                 (long long)most);
        for (const struct suffix *suffix = suffixes; suffix->name; suffix++)
                snprintf(what + strlen(what), sizeof(what) - strlen(what), " %s", suffix->name);
        snprintf(what + strlen(what), sizeof(what) - strlen(what), ")");
        complain(config, CONFIG_BAD_VALUE, what, section, name);
        return otherwise;
}

static int64_t number(struct config *config, const char *section, const char *name, int64_t otherwise,
                      int64_t least, int64_t most, const struct suffix *suffixes)
{
        int64_t amount = read_number(config, section, name, otherwise, least, most, suffixes);

        know_number(config, section, name, amount, suffixes);
        return amount;
}

int64_t config_number(struct config *config, const char *section, const char *name, int64_t otherwise,
                      int64_t least, int64_t most)
{
        return number(config, section, name, otherwise, least, most, octet_suffixes);
}

int64_t config_duration_ms(struct config *config, const char *section, const char *name, int64_t otherwise_ms,
                           int64_t least_ms, int64_t most_ms)
{
        return number(config, section, name, otherwise_ms, least_ms, most_ms, time_suffixes);
}

static bool read_flag(struct config *config, const char *section, const char *name, bool otherwise)
{
        const char *value = ask(config, section, name);

        if (!value)
                return otherwise;
        if (strcmp(value, "yes") == 0 || strcmp(value, "true") == 0)
                return true;
        if (strcmp(value, "no") == 0 || strcmp(value, "false") == 0)
                return false;
        complain(config, CONFIG_BAD_VALUE, "expected yes or no", section, name);
        return otherwise;
}

bool config_flag(struct config *config, const char *section, const char *name, bool otherwise)
{
        bool flag = read_flag(config, section, name, otherwise);

        know(config, section, name, flag ? "yes" : "no");
        return flag;
}

void config_print(const struct config *config, FILE *to)
{
        const char *section = "";

        for (size_t i = 0; i < config->known_count; i++) {
                const struct known *known = &config->known[i];

                if (strcmp(section, known->section) != 0)
                        fprintf(to, "%s[%s]\n", i ? "\n" : "", known->section);
                section = known->section;
                fprintf(to, "%s%s =%s%s\n", known->value[0] ? "" : "# ", known->name,
                        known->value[0] ? " " : "", known->value);
        }
}

int config_finish(struct config *config)
{
        for (size_t i = 0; i < config->count; i++)
                if (!config->entries[i].asked)
                        complain(config, CONFIG_UNKNOWN, "no such setting; see the manual page for the list",
                                 config->entries[i].section, config->entries[i].name);
        return config->refusal;
}

const char *config_complaint(const struct config *config)
{
        return config->complaint;
}
