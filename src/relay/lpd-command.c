// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a client asks for (RFC 1179, section 5): a job to be received, how its jobs fare, one to be removed.
 */

#include <stdlib.h>
#include <sys/socket.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "lpd/command.h"
#include "relay/lpd.h"

#define ANSWER_MAX    8192
#define LISTED_MAX    100

#define LINGER_MS     2000
#define LINGER_OCTETS ((size_t)1 << 20)

struct own {
        struct deposit_entry *entries;
        size_t count;
};

static void own_done(struct own *own)
{
        free(own->entries);
}

/* Those that came from this address, and from this user where one is named. False where memory is out. */
static bool find_own(const struct lpd_connection *connection, struct text user, struct own *ret)
{
        struct deposits *deposits = connection->lpd->deposits;
        size_t found, all;
        uint64_t octets;

        deposits_count(deposits, &all, &octets);
        ret->count = 0;
        ret->entries = calloc(all + 1, sizeof(*ret->entries));
        if (!ret->entries)
                return false;
        deposits_list(deposits, ret->entries, all, &found);
        for (size_t i = 0; i < found; i++) {
                const struct deposit_header *header = &ret->entries[i].header;

                if (header->door == DEPOSIT_LPD && lpd_known_owns(connection->lpd->known, header->owner,
                                                                  text_from(connection->address), user))
                        ret->entries[ret->count++] = ret->entries[i];
        }
        return true;
}

/*
 * How many of the client's own jobs wait here for the line; in its long form their numbers, too. What was
 * handed on is the service's, and is no business of whoever can send from this address.
 */
static void tell_state(struct lpd_connection *connection, const struct lpd_command *command)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER(ANSWER_MAX);
        SCOPED(own_done) struct own own = { NULL, 0 };

        if (!find_own(connection, TEXT_OF(""), &own))
                return;
        if (own.count == 0)
                buffer_format(&answer, "%.*s: no jobs of yours wait here\n", TEXT_ARGS(command->queue));
        else
                buffer_format(&answer, "%.*s: %zu of your jobs wait here for the line to the service\n",
                              TEXT_ARGS(command->queue), own.count);
        for (size_t i = 0; command->verb == LPD_SEND_LONG && i < own.count && i < LISTED_MAX; i++)
                buffer_format(&answer, "job %03u  %llu bytes\n", own.entries[i].header.number,
                              (unsigned long long)own.entries[i].header.document_octets);
        if (!answer.failure)
                (void)lpd_write(connection, buffer_text(&answer));
}

/* "mara 12 17": her jobs of these numbers; without any, all of hers. Names of others name nothing. */
static bool is_named(struct text list, unsigned int number)
{
        bool more = true;

        if (text_trim(list).len == 0)
                return true;
        while (more) {
                struct text word;
                uint64_t one;

                more = text_cut(list, ' ', &word, &list);
                if (text_number(word, 999, &one) && one == number)
                        return true;
        }
        return false;
}

static bool remove_one(struct lpd_connection *connection, const struct deposit_header *header)
{
        struct deposits *deposits = connection->lpd->deposits;
        int r;

        if (deposit_take(deposits, header->id) != 0)
                return false; /* it is on its way to the service just now */
        r = deposit_remove(deposits, header->id);
        if (r < 0)
                log_fault("deposit-not-removed", r);
        if (r == 0)
                lpd_known_forget(connection->lpd->known, header->mark);
        return r == 0;
}

static void remove_jobs(struct lpd_connection *connection, const struct lpd_command *command)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER(ANSWER_MAX);
        SCOPED(own_done) struct own own = { NULL, 0 };
        struct text user, list;

        (void)text_cut(command->operands, ' ', &user, &list);
        if (user.len == 0 || !find_own(connection, user, &own))
                return;
        for (size_t i = 0; i < own.count; i++)
                if (is_named(list, own.entries[i].header.number) &&
                    remove_one(connection, &own.entries[i].header))
                        buffer_format(&answer, "job %03u removed\n", own.entries[i].header.number);
        if (!answer.failure)
                (void)lpd_write(connection, buffer_text(&answer));
}

static void serve(struct lpd_connection *connection)
{
        struct lpd_command command;
        char room[LPD_LINE_MAX];
        struct text line;

        if (lpd_read_line(connection, &line) != 0)
                return;
        /* What is read next takes its place. */
        if (!line.len || line.len > sizeof(room))
                return;
        for (size_t i = 0; i < line.len; i++)
                room[i] = line.at[i];
        if (lpd_command_parse((struct text){ room, line.len }, &command) != 0) {
                log_write(LOG_WARNING, "lpd-malformed", "address", connection->address, "what", "command",
                          NULL);
                (void)lpd_write_octet(connection, 1);
                return;
        }
        switch (command.verb) {
        case LPD_PRINT_WAITING: (void)lpd_write_octet(connection, 0); break;
        case LPD_RECEIVE_JOB: lpd_receive(connection, command.queue); break;
        case LPD_SEND_SHORT:
        case LPD_SEND_LONG: tell_state(connection, &command); break;
        case LPD_REMOVE_JOBS: remove_jobs(connection, &command); break;
        }
}

/* A reset would overtake our last octet where something lies unread: whatever still comes is thrown away. */
void lpd_serve(struct lpd_connection *connection)
{
        size_t left = LINGER_OCTETS;
        struct text piece;
        int64_t until_ms;

        serve(connection);
        until_ms = clock_monotonic_ms() + LINGER_MS;
        (void)shutdown(connection->fd, SHUT_WR);
        if (until_ms < connection->until_ms)
                connection->until_ms = until_ms;
        while (left && lpd_read_some(connection, left, &piece) == 0)
                left -= piece.len;
}
