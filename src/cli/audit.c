// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit/verify.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/scope.h"
#include "base/text.h"
#include "cli/anchor.h"
#include "cli/list.h"
#include "cli/nouns.h"

#define FINDINGS_SHOWN 20
#define PROGRESS_LINES 10000

static const struct column many[] = {
        { "NUMBER", "number", COLUMN_TEXT },  { "AT", "at", COLUMN_TIME },
        { "EVENT", "event", COLUMN_TEXT },    { "BY", "actor.kind", COLUMN_TEXT },
        { "ACTOR", "actor.id", COLUMN_TEXT }, { "VIA", "via", COLUMN_TEXT },
        { "FROM", "source", COLUMN_TEXT },    { "ABOUT", "subject", COLUMN_TEXT },
        { "DETAIL", "detail", COLUMN_TEXT },  { NULL, NULL, 0 },
};

static void json_freep(json_t **value)
{
        json_decref(*value);
}

int audit_list_command(struct invocation *invocation)
{
        const char *subject = option_value(invocation, "about"), *after = option_value(invocation, "after");
        const char *limit = option_value(invocation, "limit");
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_freep) json_t *items = NULL;
        uint64_t most = 0;
        char path[512];
        int status;

        if (limit && (!text_number(text_from(limit), 1000000, &most) || most == 0))
                return complain_of_usage(invocation, "--limit must be a number.");
        if (!path_make(path, sizeof(path),
                       after ? "/v1/audit/records?subject=%&after=%" : "/v1/audit/records?subject=%",
                       subject ? subject : "", after ? after : ""))
                return EXIT_USAGE;
        status = session_open(&session, invocation);
        if (status == EXIT_DONE)
                status = session_list(&session, path, most, &items);
        if (status == EXIT_DONE && !session_print_json(&session, items))
                table_print(stdout, many, items, "Nothing has happened.");
        return status;
}

/* How far it is, for who waits at a terminal. */
static void show_progress(uint64_t lines, bool is_over)
{
        if (!isatty(STDERR_FILENO) || (lines % PROGRESS_LINES && !is_over))
                return;
        fprintf(stderr, "\r%" PRIu64 " lines", lines);
        if (is_over)
                fputc('\n', stderr);
}

struct taken {
        FILE *to;
        uint64_t lines;
};

static bool take_octets(void *context, struct text octets)
{
        struct taken *taken = context;

        for (size_t i = 0; i < octets.len; i++)
                if (octets.at[i] == '\n')
                        show_progress(++taken->lines, false);
        return fwrite(octets.at, 1, octets.len, taken->to) == octets.len;
}

static void file_closep(FILE **file)
{
        if (*file)
                fclose(*file);
}

/* A cut export is no export: the file is there under its name only when it is whole. */
static int export_to_file(struct session *session, const char *path, const char *name)
{
        SCOPED(file_closep) FILE *file = NULL;
        struct taken taken = { 0 };
        char part[4096];
        int status;

        if ((size_t)snprintf(part, sizeof(part), "%s.part", name) >= sizeof(part))
                return complain("%s: the name is too long.", name);
        file = taken.to = fopen(part, "we");
        if (!file)
                return complain("%s: cannot be written: %s", part, strerror(errno));
        status = session_take(session, path, take_octets, &taken);
        show_progress(taken.lines, true);
        if (status == EXIT_DONE && (fflush(file) || fsync(fileno(file)) || rename(part, name)))
                status = complain("%s: cannot be written: %s", name, strerror(errno));
        if (status)
                unlink(part);
        return status;
}

int audit_export_command(struct invocation *invocation)
{
        const char *format = option_value(invocation, "format"), *after = option_value(invocation, "after");
        const char *output = option_value(invocation, "output");
        SCOPED(session_done) struct session session = { 0 };
        struct taken taken = { stdout, 0 };
        char path[512];
        int status;

        if (!path_make(path, sizeof(path), "/v1/audit/export?format=%&after=%", format ? format : "json",
                       after ? after : ""))
                return EXIT_USAGE;
        status = session_open(&session, invocation);
        if (status)
                return status;
        if (output)
                return export_to_file(&session, path, output);
        status = session_take(&session, path, take_octets, &taken);
        return status == EXIT_DONE && fflush(stdout) ? complain("%s", strerror(errno)) : status;
}

/* A verification under way. */
struct reading {
        struct audit_verify verify;
        const char *anchor; /* the file that was named, or NULL */
        char anchor_file[4096];
        struct buffer line;
        json_t *findings;
        int status;
};

static void reading_done(struct reading *reading)
{
        buffer_done(&reading->line);
        json_decref(reading->findings);
}

static void note(struct reading *reading, enum audit_finding finding, uint64_t line)
{
        if (!finding || json_array_size(reading->findings) >= FINDINGS_SHOWN)
                return;
        json_array_append_new(reading->findings, json_pack("{s:I, s:I, s:s}", "line", (json_int_t)line,
                                                           "record", (json_int_t)reading->verify.number,
                                                           "finding", audit_finding_phrase(finding)));
}

/* The first line names the tenant, and with it the anchor. False after a complaint. */
static bool begin(struct reading *reading, struct text first)
{
        struct audit_checkpoint anchor;
        struct audit_line line;
        bool found = false;

        if (audit_line_parse(first, &line) && line.type == AUDIT_THROUGH) {
                if (!anchor_path(reading->anchor, line.checkpoint.tenant, reading->anchor_file,
                                 sizeof(reading->anchor_file)))
                        reading->status = complain("HOME is not set. Name the anchor: --anchor FILE");
                else
                        reading->status = anchor_read(reading->anchor_file, &anchor, &found);
        }
        audit_verify_init(&reading->verify, found ? &anchor : NULL);
        return reading->status == EXIT_DONE;
}

static bool take_line(struct reading *reading)
{
        struct text line = buffer_text(&reading->line);

        if (reading->verify.lines == 0 && !begin(reading, line))
                return false;
        note(reading, audit_verify_line(&reading->verify, line), reading->verify.lines);
        show_progress(reading->verify.lines, false);
        buffer_clear(&reading->line);
        return true;
}

/* What is longer than any line is kept long enough to be none. */
static bool read_octets(void *context, struct text octets)
{
        struct reading *reading = context;
        struct text head, rest = octets;

        while (rest.len) {
                bool is_whole = text_cut(rest, '\n', &head, &rest);

                if (reading->line.len <= AUDIT_LINE_MAX)
                        buffer_add(&reading->line, head.at,
                                   head.len < AUDIT_LINE_MAX ? head.len : AUDIT_LINE_MAX + 1);
                if (is_whole && !take_line(reading))
                        return false;
        }
        return true;
}

static int read_file(struct reading *reading, const char *name)
{
        SCOPED(file_closep)
        FILE *file = strcmp(name, "-") == 0 ? fdopen(dup(STDIN_FILENO), "r") : fopen(name, "re");
        char octets[65536];
        size_t len;

        if (!file)
                return complain("%s: cannot be read: %s", name, strerror(errno));
        while ((len = fread(octets, 1, sizeof(octets), file)) > 0)
                if (!read_octets(reading, text_from_octets(octets, len)))
                        return reading->status;
        return ferror(file) ? complain("%s: cannot be read: %s", name, strerror(errno)) : EXIT_DONE;
}

static int read_service(struct reading *reading, struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = session_take(&session, "/v1/audit/export?format=json", read_octets, reading);
        return reading->status ? reading->status : status;
}

static void print_findings(const struct reading *reading)
{
        json_t *finding;
        size_t i;

        json_array_foreach(reading->findings, i, finding)
                fprintf(stderr, "line %" JSON_INTEGER_FORMAT ", record %" JSON_INTEGER_FORMAT ": %s.\n",
                        json_integer_value(json_object_get(finding, "line")),
                        json_integer_value(json_object_get(finding, "record")),
                        json_string_value(json_object_get(finding, "finding")));
        if (reading->verify.findings > FINDINGS_SHOWN)
                fprintf(stderr, "and %" PRIu64 " more.\n", reading->verify.findings - FINDINGS_SHOWN);
}

static void print_good(const struct reading *reading)
{
        const struct audit_verify *verify = &reading->verify;
        char at[25], hex[2 * SIGN_KEY_OCTETS + 1];

        clock_format(verify->through.at_ms, at);
        printf("Good: %" PRIu64 " records up to number %" PRIu64 ", %" PRIu64
               " checkpoints, the last one signed at %s.\n",
               verify->records, verify->number, verify->checkpoints, at);
        if (verify->meets_anchor) {
                printf("It is the trail that was seen before (%s).\n", reading->anchor_file);
                return;
        }
        hex_format(verify->first_key, SIGN_KEY_OCTETS, hex);
        printf("%s Its first key is\n%s\n",
               verify->has_anchor ? "What was seen before has been pruned since."
                                  : "It was not seen before; compare its first key with what others know.",
               hex);
}

static int judge(struct reading *reading, bool wants_json)
{
        const struct audit_verify *verify = &reading->verify;
        bool is_good = verify->findings == 0;

        if (wants_json) {
                json_t *all = json_pack("{s:b, s:I, s:I, s:I, s:b, s:O}", "good", (int)is_good, "records",
                                        (json_int_t)verify->records, "checkpoints",
                                        (json_int_t)verify->checkpoints, "last", (json_int_t)verify->number,
                                        "anchored", (int)verify->meets_anchor, "findings", reading->findings);

                json_dumpf(all, stdout, JSON_INDENT(2));
                fputc('\n', stdout);
                json_decref(all);
        } else if (is_good) {
                print_good(reading);
        } else {
                print_findings(reading);
        }
        if (!is_good)
                return complain("the audit trail is not what was signed.");
        return anchor_write(reading->anchor_file, &verify->through);
}

int audit_verify_command(struct invocation *invocation)
{
        SCOPED(reading_done)
        struct reading reading = { .anchor = option_value(invocation, "anchor"),
                                   .line = BUFFER(2 * AUDIT_LINE_MAX + 2),
                                   .findings = json_array() };
        int status;

        audit_verify_init(&reading.verify, NULL);
        status = invocation->operand_count ? read_file(&reading, invocation->operands[0])
                                           : read_service(&reading, invocation);
        show_progress(reading.verify.lines, true);
        if (status)
                return status;
        /* What is left over is a line without its end. */
        if (reading.line.len)
                note(&reading, audit_verify_line(&reading.verify, (struct text)TEXT("")),
                     reading.verify.lines);
        note(&reading, audit_verify_end(&reading.verify), reading.verify.lines);
        return judge(&reading, option_flag(invocation, "json"));
}
