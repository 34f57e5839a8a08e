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
#include "cli/collected.h"
#include "cli/nouns.h"
#include "cli/session.h"
#include "cli/terminal.h"

#define FINDINGS_SHOWN 20

static void file_closep(FILE **file)
{
        if (*file)
                fclose(*file);
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
        terminal_progress(reading->verify.lines, false);
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

static json_t *describe(const struct reading *reading)
{
        const struct audit_verify *verify = &reading->verify;

        return json_pack("{s:b, s:I, s:I, s:I, s:b, s:O}", "good", (int)(verify->findings == 0), "records",
                         (json_int_t)verify->records, "checkpoints", (json_int_t)verify->checkpoints, "last",
                         (json_int_t)verify->number, "anchored", (int)verify->meets_anchor, "findings",
                         reading->findings);
}

static void print_json(json_t *value)
{
        json_dumpf(value, stdout, JSON_INDENT(2));
        fputc('\n', stdout);
        json_decref(value);
}

/* Exit status; what was good is the next anchor. */
static int judge(const struct reading *reading, bool wants_json)
{
        bool is_good = reading->verify.findings == 0;

        if (wants_json)
                print_json(describe(reading));
        else if (is_good)
                print_good(reading);
        else
                print_findings(reading);
        if (!is_good)
                return complain("the audit trail is not what was signed.");
        return anchor_write(reading->anchor_file, &reading->verify.through);
}

/* One tenant's trail among what was collected. */
struct trail {
        const struct collected_line *lines;
        size_t count;
        size_t first; /* the record that it begins with */
        size_t base;  /* the checkpoint before it; SIZE_MAX: none, it begins with number 1 */
        size_t last;  /* the last checkpoint */
};

/* Where no checkpoint stands right before the first record, it begins after the first one there is. False:
 * there is none. */
static bool trail_cut(const struct collected_line *lines, size_t count, struct trail *ret)
{
        bool has_checkpoint = false;

        *ret = (struct trail){ .lines = lines, .count = count, .base = SIZE_MAX };
        for (size_t i = 0; i < count; i++) {
                if (lines[i].sequence == 0)
                        continue;
                if (!has_checkpoint && lines[0].record != 1) {
                        ret->base = i;
                        ret->first = i + 1;
                }
                has_checkpoint = true;
                ret->last = i;
        }
        return has_checkpoint;
}

/* A checkpoint in another place of the export. */
static void take_as(struct reading *reading, const struct collected_line *line, enum audit_line_type type)
{
        struct audit_line parsed;

        if (!audit_line_parse(line->text, &parsed))
                return;
        buffer_clear(&reading->line);
        audit_checkpoint_line(type, &parsed.checkpoint, &reading->line);
        reading->line.len--;
}

static void take_collected(struct reading *reading, const struct collected_line *line)
{
        note(reading, audit_verify_line(&reading->verify, line->text), line->line);
        terminal_progress(reading->verify.lines, false);
}

/* As an export of it would be; what was not signed yet comes after its end. */
static void read_trail(struct reading *reading, const struct trail *trail)
{
        const struct collected_line *last = &trail->lines[trail->last];

        take_as(reading, last, AUDIT_THROUGH);
        if (!begin(reading, buffer_text(&reading->line)))
                return;
        note(reading, audit_verify_line(&reading->verify, buffer_text(&reading->line)), last->line);
        if (trail->base != SIZE_MAX) {
                take_as(reading, &trail->lines[trail->base], AUDIT_BASE);
                note(reading, audit_verify_line(&reading->verify, buffer_text(&reading->line)),
                     trail->lines[trail->base].line);
        }
        for (size_t i = trail->first; i <= trail->last; i++)
                take_collected(reading, &trail->lines[i]);
        note(reading, audit_verify_end(&reading->verify), last->line);
        for (size_t i = trail->last + 1; i < trail->count; i++)
                take_collected(reading, &trail->lines[i]);
}

static bool has_records(const struct collected_line *lines, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (lines[i].sequence == 0)
                        return true;
        return false;
}

static int verify_trail(struct invocation *invocation, const struct collected_line *lines, size_t count,
                        json_t *add_to)
{
        SCOPED(reading_done)
        struct reading reading = { .anchor = option_value(invocation, "anchor"),
                                   .line = BUFFER(2 * AUDIT_LINE_MAX + 2),
                                   .findings = json_array() };
        char tenant[ID_STRING];
        struct trail trail;
        json_t *json;

        id_format(lines->tenant, tenant);
        if (!has_records(lines, count)) {
                fprintf(stderr, "Tenant %s: only checkpoints were collected.\n", tenant);
                return EXIT_DONE;
        }
        if (!trail_cut(lines, count, &trail))
                return complain("Tenant %s: no checkpoint was collected, so that nothing can be verified.",
                                tenant);
        read_trail(&reading, &trail);
        terminal_progress(reading.verify.lines, true);
        if (reading.status)
                return reading.status;
        if (!add_to) {
                printf("Tenant %s\n", tenant);
                fflush(stdout);
                return judge(&reading, false);
        }
        json = describe(&reading);
        json_object_set_new(json, "tenant", json_string(tenant));
        json_array_append_new(add_to, json);
        return reading.verify.findings ? complain("the audit trail is not what was signed.")
                                       : anchor_write(reading.anchor_file, &reading.verify.through);
}

static int verify_collected(struct invocation *invocation)
{
        bool wants_json = option_flag(invocation, "json");
        SCOPED(collected_done) struct collected collected = { 0 };
        json_t *trails = wants_json ? json_array() : NULL;
        int status, worst = EXIT_DONE;

        if (invocation->operand_count == 0)
                return complain_of_usage(invocation, "--collected needs the FILE that the collector wrote.");
        status = collected_open(invocation->operands[0], &collected);
        if (status == EXIT_DONE && collected.count == 0)
                status = complain("%s: none of our messages is in it.", invocation->operands[0]);
        for (size_t i = 0, n; status == EXIT_DONE && i < collected.count; i += n) {
                for (n = 1; i + n < collected.count; n++)
                        if (!id_equal(collected.lines[i].tenant, collected.lines[i + n].tenant))
                                break;
                int one = verify_trail(invocation, &collected.lines[i], n, trails);

                if (one)
                        worst = one;
        }
        if (wants_json && status == EXIT_DONE)
                print_json(json_pack("{s:b, s:O}", "good", (int)(worst == EXIT_DONE), "trails", trails));
        json_decref(trails);
        return status ? status : worst;
}

int audit_verify_command(struct invocation *invocation)
{
        SCOPED(reading_done)
        struct reading reading = { .anchor = option_value(invocation, "anchor"),
                                   .line = BUFFER(2 * AUDIT_LINE_MAX + 2),
                                   .findings = json_array() };
        int status;

        if (option_flag(invocation, "collected"))
                return verify_collected(invocation);
        audit_verify_init(&reading.verify, NULL);
        status = invocation->operand_count ? read_file(&reading, invocation->operands[0])
                                           : read_service(&reading, invocation);
        terminal_progress(reading.verify.lines, true);
        if (status)
                return status;
        /* What is left over is a line without its end. */
        if (reading.line.len)
                note(&reading, audit_verify_line(&reading.verify, (struct text)TEXT("")),
                     reading.verify.lines);
        note(&reading, audit_verify_end(&reading.verify), reading.verify.lines);
        return judge(&reading, option_flag(invocation, "json"));
}
