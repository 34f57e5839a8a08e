// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "lpd/command.h"

static bool queue_char(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
}

/*
 * Queue names reach file names and log lines in every LPD server that ever had a hole in it. We accept the
 * characters we hand out ourselves and no others, rather than escape at each later use.
 */
static bool queue_is_valid(struct text queue)
{
        for (size_t i = 0; i < queue.len; i++)
                if (!queue_char(queue.at[i]))
                        return false;

        return queue.len > 0 && queue.len <= LPD_QUEUE_MAX && queue.at[0] != '.';
}

/* Names and numbers apart from each other by spaces. */
static bool operands_are_valid(struct text operands)
{
        for (size_t i = 0; i < operands.len; i++)
                if (operands.at[i] < 0x20 || operands.at[i] > 0x7e)
                        return false;

        return operands.len < LPD_LINE_MAX - LPD_QUEUE_MAX - 3;
}

static bool may_have_operands(enum lpd_verb verb)
{
        return verb == LPD_SEND_SHORT || verb == LPD_SEND_LONG || verb == LPD_REMOVE_JOBS;
}

static int check(const struct lpd_command *command)
{
        if (command->verb < LPD_PRINT_WAITING || command->verb > LPD_REMOVE_JOBS)
                return LPD_UNKNOWN_VERB;
        if (!queue_is_valid(command->queue))
                return LPD_BAD_QUEUE;
        if (!operands_are_valid(command->operands) ||
            (command->operands.len > 0 && !may_have_operands(command->verb)))
                return LPD_BAD_OPERANDS;
        return 0;
}

int lpd_command_parse(struct text line, struct lpd_command *ret)
{
        struct lpd_command command;
        int r;

        if (line.len == 0 || line.len > LPD_LINE_MAX)
                return LPD_UNKNOWN_VERB;
        command.verb = (enum lpd_verb)(uint8_t)line.at[0];
        (void)text_cut((struct text){ line.at + 1, line.len - 1 }, ' ', &command.queue, &command.operands);
        r = check(&command);
        if (r)
                return r;

        *ret = command;
        return 0;
}

int lpd_command_format(const struct lpd_command *command, struct buffer *to)
{
        int r = check(command);

        if (r)
                return r;
        buffer_add_octet(to, (uint8_t)command->verb);
        buffer_add_text(to, command->queue);
        if (command->operands.len > 0) {
                buffer_add_octet(to, ' ');
                buffer_add_text(to, command->operands);
        }
        buffer_add_octet(to, '\n');
        return 0;
}
