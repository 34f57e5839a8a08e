// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* People as a table: "person import FILE", "person export". */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/nouns.h"

static const struct column lines[] = {
        { "LINE", "line", COLUMN_TEXT },
        { "OUTCOME", "outcome", COLUMN_TEXT },
        { "REASON", "reason", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column report[] = {
        { "Made", "made", COLUMN_TEXT },
        { "Changed", "changed", COLUMN_TEXT },
        { "Unchanged", "unchanged", COLUMN_TEXT },
        { "Refused", "refused", COLUMN_TEXT },
        { "PINs not set yet", "pins_left", COLUMN_TEXT },
        { "Nothing was written", "dry_run", COLUMN_FLAG },
        { NULL, NULL, 0 },
};

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        const int *fd = context;
        ssize_t n;

        do {
                n = read(*fd, to, size);
        } while (n < 0 && errno == EINTR);
        if (n < 0)
                return -errno;
        *ret_length = (size_t)n;
        return 0;
}

/* Done where every line of the table was taken. */
static int tell(const struct session *session, json_t *answer)
{
        const json_t *stopped = json_object_get(answer, "stopped");
        bool is_whole = !json_is_object(stopped) && !json_integer_value(json_object_get(answer, "refused")) &&
                        !json_integer_value(json_object_get(answer, "pins_left"));

        if (!session_print_json(session, answer)) {
                table_print(stdout, lines, json_object_get(answer, "lines"), "Nothing to do.");
                printf("\n");
                table_print_one(stdout, report, answer);
        }
        if (json_is_object(stopped))
                complain("line %lld is no line of such a table (%s); it was not read further.",
                         (long long)json_integer_value(json_object_get(stopped, "line")),
                         json_string_value(json_object_get(stopped, "reason")));
        else if (json_integer_value(json_object_get(answer, "pins_left")))
                complain("not every PIN is set yet: import the table once more.");
        return is_whole ? EXIT_DONE : EXIT_REFUSED;
}

int person_import_command(struct invocation *invocation)
{
        const char *file = invocation->operands[0];
        const char *path =
                option_flag(invocation, "dry-run") ? "/v1/people/import?dry_run=yes" : "/v1/people/import";
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *answer = NULL;
        SCOPED(closep) int fd = -1;
        struct http_source source = { .pull = pull, .context = &fd };
        struct stat stat_of;
        int status;

        fd = strcmp(file, "-") == 0 ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return complain("%s: %s", file, strerror(errno));
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_send(
                        &session, path, "text/csv", NULL, &source,
                        fstat(fd, &stat_of) == 0 && S_ISREG(stat_of.st_mode) ? stat_of.st_size : -1, &answer);
        return status ? status : tell(&session, answer);
}

int person_export_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        int status = session_open(&session, invocation);

        return status ? status : session_copy(&session, "/v1/people/export", stdout);
}

int person_data_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[1024];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/people/%/export", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        return status ? status : session_copy(&session, path, stdout);
}
