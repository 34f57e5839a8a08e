// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "lpd/command.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

#define QUEUE_63 "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc"

static const struct {
        const char *name;
        struct text line;
        int outcome;
        enum lpd_verb verb;
        struct text queue;
        struct text operands;
} rows[] = {
        { "receive", TEXT("\2secure"), 0, LPD_RECEIVE_JOB, TEXT("secure"), TEXT("") },
        { "print", TEXT("\1secure"), 0, LPD_PRINT_WAITING, TEXT("secure"), TEXT("") },
        { "short list", TEXT("\3secure ada"), 0, LPD_SEND_SHORT, TEXT("secure"), TEXT("ada") },
        { "long list", TEXT("\4secure"), 0, LPD_SEND_LONG, TEXT("secure"), TEXT("") },
        { "remove", TEXT("\5secure ada 17"), 0, LPD_REMOVE_JOBS, TEXT("secure"), TEXT("ada 17") },
        { "longest queue", TEXT("\2" QUEUE_63), 0, LPD_RECEIVE_JOB, TEXT(QUEUE_63), TEXT("") },
        { "verb too high", TEXT("\6secure"), LPD_UNKNOWN_VERB, 0, TEXT(""), TEXT("") },
        { "verb zero", TEXT("\0secure"), LPD_UNKNOWN_VERB, 0, TEXT(""), TEXT("") },
        { "nothing", TEXT(""), LPD_UNKNOWN_VERB, 0, TEXT(""), TEXT("") },
        { "no queue", TEXT("\2"), LPD_BAD_QUEUE, 0, TEXT(""), TEXT("") },
        { "leaves spool", TEXT("\2../etc"), LPD_BAD_QUEUE, 0, TEXT(""), TEXT("") },
        { "NUL in queue", TEXT("\2sec\0ure"), LPD_BAD_QUEUE, 0, TEXT(""), TEXT("") },
        { "queue too long", TEXT("\2" QUEUE_63 "d"), LPD_BAD_QUEUE, 0, TEXT(""), TEXT("") },
        { "receive has no operands", TEXT("\2secure ada"), LPD_BAD_OPERANDS, 0, TEXT(""), TEXT("") },
        { "operand with a tab", TEXT("\5secure a\tb"), LPD_BAD_OPERANDS, 0, TEXT(""), TEXT("") },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(buffer_done) struct buffer line = BUFFER(LPD_LINE_MAX);
                struct lpd_command command;

                printf("%s\n", rows[i].name);
                assert(lpd_command_parse(rows[i].line, &command) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                assert(command.verb == rows[i].verb && text_equal(command.queue, rows[i].queue) &&
                       text_equal(command.operands, rows[i].operands));
                assert(lpd_command_format(&command, &line) == 0);
                line.len--;
                assert(line.at[line.len] == '\n' && text_equal(buffer_text(&line), rows[i].line));
        }
        return 0;
}
