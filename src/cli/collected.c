// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/collected.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "audit/line.h"
#include "audit/syslog.h"
#include "base/scope.h"
#include "cli/command.h"

static int map(const char *name, struct text *ret)
{
        SCOPED(closep) int fd = open(name, O_RDONLY | O_CLOEXEC);
        struct stat status;
        void *at;

        if (fd < 0 || fstat(fd, &status) < 0)
                return complain("%s: cannot be read: %s", name, strerror(errno));
        *ret = (struct text)TEXT("");
        if (status.st_size == 0)
                return EXIT_DONE;
        at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED)
                return complain("%s: cannot be read: %s", name, strerror(errno));
        *ret = text_from_octets(at, (size_t)status.st_size);
        return EXIT_DONE;
}

static int add(struct collected *collected, const struct collected_line *line)
{
        if (collected->count == collected->room) {
                size_t room = collected->room ? 2 * collected->room : 1024;
                struct collected_line *lines = reallocarray(collected->lines, room, sizeof(*lines));

                if (!lines)
                        return complain("%s", strerror(ENOMEM));
                collected->lines = lines;
                collected->room = room;
        }
        collected->lines[collected->count++] = *line;
        return EXIT_DONE;
}

/* A line that looks like ours and is none was changed: it is left out, so that what is missing shows. */
static int take_lines(struct collected *collected)
{
        struct text head, rest = collected->file;
        uint64_t number = 0;
        int status = EXIT_DONE;

        while (status == EXIT_DONE && rest.len) {
                struct collected_line line = { .line = ++number };
                struct audit_line parsed;

                text_cut(rest, '\n', &head, &rest);
                if (!audit_syslog_find_line(head, &line.text) || !audit_line_parse(line.text, &parsed))
                        continue;
                if (parsed.type == AUDIT_RECORD) {
                        line.tenant = parsed.record.tenant;
                        line.record = parsed.record.number;
                } else if (parsed.type == AUDIT_CHECKPOINT) {
                        line.tenant = parsed.checkpoint.tenant;
                        line.record = parsed.checkpoint.record;
                        line.sequence = parsed.checkpoint.sequence;
                } else {
                        continue;
                }
                status = add(collected, &line);
        }
        return status;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
        return a < b ? -1 : a > b;
}

static int compare_texts(struct text a, struct text b)
{
        int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);

        return order ? order : compare_numbers(a.len, b.len);
}

static int compare(const void *one, const void *other)
{
        const struct collected_line *a = one, *b = other;
        int order = memcmp(a->tenant.octets, b->tenant.octets, ID_OCTETS);

        if (order == 0)
                order = compare_numbers(a->record, b->record);
        if (order == 0)
                order = compare_numbers(a->sequence, b->sequence);
        if (order == 0)
                order = compare_texts(a->text, b->text);
        return order ? order : compare_numbers(a->line, b->line);
}

/* What differs in one octet is no repeat. */
static void drop_repeats(struct collected *collected)
{
        size_t kept = 0;

        for (size_t i = 0; i < collected->count; i++)
                if (kept == 0 || !text_equal(collected->lines[kept - 1].text, collected->lines[i].text))
                        collected->lines[kept++] = collected->lines[i];
        collected->count = kept;
}

int collected_open(const char *name, struct collected *ret)
{
        int status = map(name, &ret->file);

        if (status == EXIT_DONE)
                status = take_lines(ret);
        if (status == EXIT_DONE && ret->count) {
                qsort(ret->lines, ret->count, sizeof(*ret->lines), compare);
                drop_repeats(ret);
        }
        return status;
}

void collected_done(struct collected *collected)
{
        if (collected->file.len)
                munmap((void *)collected->file.at, collected->file.len);
        free(collected->lines);
        *collected = (struct collected){ 0 };
}
