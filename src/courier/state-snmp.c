// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * A printer's state by SNMPv2c: hrPrinterStatus and hrPrinterDetectedErrorState (RFC 2790), prtInputTable
 * (RFC 3805). GetBulk, a handful of datagrams, each sent again where no answer comes.
 *
 * Anybody on the way can write such an answer. It decides on which paper is printed, not where or whether.
 */

#include "courier/state-snmp.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "courier/input-tray.h"
#include "crypt/random.h"

#define ROUNDS_MAX   8
#define REPETITIONS  6 /* trays asked for at once: their answer fits into a few packets */
#define AGAIN_MS     400
#define QUESTION_MAX 2048

/* hrPrinterStatus: other(1), unknown(2), idle(3), printing(4), warmup(5). */
#define STATUS_IDLE     3
#define STATUS_PRINTING 4
#define STATUS_WARM_UP  5

struct snmp_name state_snmp_column(enum snmp_column column)
{
        /* mib-2 printmib prtInput prtInputTable prtInputEntry column */
        static const uint32_t columns[] = {
                [SNMP_INPUT_UNIT] = 3,   [SNMP_INPUT_FEED_DECLARED] = 4, [SNMP_INPUT_CROSS_DECLARED] = 5,
                [SNMP_INPUT_FEED] = 6,   [SNMP_INPUT_CROSS] = 7,         [SNMP_INPUT_CAPACITY] = 9,
                [SNMP_INPUT_LEVEL] = 10, [SNMP_INPUT_STATUS] = 11,       [SNMP_INPUT_MEDIA] = 12,
                [SNMP_INPUT_NAME] = 13,  [SNMP_INPUT_TYPE] = 21,
        };
        struct snmp_name status = { { 1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1 }, 11 };
        struct snmp_name name = { { 1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 0 }, 11 };

        if (column <= SNMP_ERRORS) {
                status.at[10] = column == SNMP_STATUS ? 1 : 2;
                return status;
        }
        name.at[10] = columns[column];
        return name;
}

/* RFC 2790, hrPrinterDetectedErrorState: bits from the highest of the first octet on, as IPP would say it. */
static void read_errors(struct text bits, struct courier_state *state)
{
        static const char *const words[] = {
                "media-low",
                "media-empty",
                "toner-low",
                "toner-empty",
                "door-open",
                "media-jam",
                "shutdown",
                "other",
                "input-tray-missing",
                "output-tray-missing",
                "marker-supply-missing",
                "output-area-almost-full",
                "output-area-full",
                "media-empty-report",
                "maintenance-needed",
        };

        for (size_t i = 0; i < ARRAY_LENGTH(words) && i / 8 < bits.len; i++)
                if ((uint8_t)bits.at[i / 8] & 0x80 >> i % 8 && state->reason_count < COURIER_REASONS)
                        snprintf(state->reasons[state->reason_count++], COURIER_KEYWORD, "%s", words[i]);
}

static bool is_stopped_by(const char *reason)
{
        static const char *const words[] = { "media-empty", "toner-empty", "door-open",
                                             "media-jam",   "shutdown",    "output-area-full" };

        for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
                if (strcmp(reason, words[i]) == 0)
                        return true;
        return false;
}

/* "other" with something that stops it is how a printer says that it waits for somebody (RFC 3805, 2.2.13).
 */
static enum courier_condition condition_of(int32_t status, const struct courier_state *state)
{
        switch (status) {
        case STATUS_IDLE: return COURIER_IDLE;
        case STATUS_PRINTING:
        case STATUS_WARM_UP: return COURIER_PROCESSING;
        default: break;
        }
        for (size_t i = 0; i < state->reason_count; i++)
                if (is_stopped_by(state->reasons[i]))
                        return COURIER_STOPPED;
        return COURIER_UNKNOWN;
}

/* The row of a tray by its index; a new one where it is not there yet. NULL where there are too many. */
static struct snmp_tray *row_of(struct snmp_trays *trays, uint32_t index)
{
        for (size_t i = 0; i < trays->count; i++)
                if (trays->at[i].index == index)
                        return &trays->at[i];
        if (trays->count == COURIER_TRAYS)
                return NULL;
        trays->at[trays->count] = (struct snmp_tray){
                .index = index,
                .declared = { INPUT_TRAY_UNKNOWN, INPUT_TRAY_UNKNOWN },
                .row = { .feed = INPUT_TRAY_UNKNOWN,
                         .cross_feed = INPUT_TRAY_UNKNOWN,
                         .capacity = INPUT_TRAY_UNKNOWN,
                         .level = INPUT_TRAY_UNKNOWN },
        };
        return &trays->at[trays->count++];
}

static int32_t narrow(const struct snmp_value *value)
{
        return value->kind == SNMP_INTEGER && value->integer >= INT32_MIN && value->integer <= INT32_MAX
                       ? (int32_t)value->integer
                       : INPUT_TRAY_UNKNOWN;
}

static void copy_words(const struct snmp_value *value, char *ret, size_t size)
{
        struct text words = value->kind == SNMP_OCTETS ? text_trim(value->octets) : (struct text){ "", 0 };

        if (!text_is_printable(words) || !text_copy(words, ret, size))
                ret[0] = 0;
}

static void take_cell(struct snmp_tray *tray, enum snmp_column column, const struct snmp_value *value)
{
        switch (column) {
        case SNMP_INPUT_UNIT: tray->row.unit = narrow(value); break;
        case SNMP_INPUT_FEED_DECLARED: tray->declared[0] = narrow(value); break;
        case SNMP_INPUT_CROSS_DECLARED: tray->declared[1] = narrow(value); break;
        case SNMP_INPUT_FEED: tray->row.feed = narrow(value); break;
        case SNMP_INPUT_CROSS: tray->row.cross_feed = narrow(value); break;
        case SNMP_INPUT_CAPACITY: tray->row.capacity = narrow(value); break;
        case SNMP_INPUT_LEVEL: tray->row.level = narrow(value); break;
        case SNMP_INPUT_STATUS: tray->row.status = narrow(value); break;
        case SNMP_INPUT_MEDIA: copy_words(value, tray->media, sizeof(tray->media)); break;
        case SNMP_INPUT_NAME: copy_words(value, tray->name, sizeof(tray->name)); break;
        case SNMP_INPUT_TYPE: copy_words(value, tray->type, sizeof(tray->type)); break;
        default: break;
        }
}

static bool take_value(const struct snmp_value *value, struct snmp_walk *walk, size_t i)
{
        struct snmp_name column = state_snmp_column((enum snmp_column)i);
        const uint32_t *rest;
        size_t count;
        struct snmp_tray *tray;

        if (!snmp_name_is_below(&value->name, &column, &rest, &count) || value->kind == SNMP_NOTHING)
                return false;
        if (i == SNMP_STATUS && !walk->has_status) {
                walk->status = narrow(value);
                walk->has_status = true;
        } else if (i == SNMP_ERRORS && !walk->has_errors && value->kind == SNMP_OCTETS) {
                walk->error_len =
                        value->octets.len < sizeof(walk->errors) ? value->octets.len : sizeof(walk->errors);
                memcpy(walk->errors, value->octets.at, walk->error_len);
                walk->has_errors = true;
        }
        if (i <= SNMP_ERRORS)
                return true;
        /* hrDeviceIndex and prtInputIndex; of two printers in one device the first counts. */
        if (count != 2 || (walk->device && rest[0] != walk->device))
                return false;
        walk->device = rest[0];
        tray = row_of(&walk->trays, rest[1]);
        if (tray)
                take_cell(tray, (enum snmp_column)i, value);
        return tray != NULL;
}

bool state_snmp_take(const struct snmp_answer *answer, struct snmp_walk *walk)
{
        bool more = false;

        for (size_t i = 0; i < answer->value_count; i++)
                for (size_t column = 0; column < SNMP_COLUMNS; column++) {
                        struct snmp_name *last = &walk->last[column];

                        if (!take_value(&answer->values[i], walk, column))
                                continue;
                        /* An agent whose names do not rise would be asked for ever. */
                        if (snmp_name_is_before(last, &answer->values[i].name)) {
                                *last = answer->values[i].name;
                                more |= column > SNMP_ERRORS;
                        }
                }
        return more;
}

void state_snmp_begin(struct snmp_walk *walk)
{
        *walk = (struct snmp_walk){ .has_status = false };
        for (size_t i = 0; i < SNMP_COLUMNS; i++)
                walk->last[i] = state_snmp_column((enum snmp_column)i);
}

/* "Tray 2" is tray-2: letters and digits, others as one hyphen. */
static bool keyword_of(const char *words, char ret[COURIER_KEYWORD])
{
        size_t len = 0;

        for (; *words && len < COURIER_KEYWORD - 1; words++) {
                char c = *words >= 'A' && *words <= 'Z' ? (char)(*words - 'A' + 'a') : *words;

                if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
                        ret[len++] = c;
                else if (len && ret[len - 1] != '-')
                        ret[len++] = '-';
        }
        while (len && ret[len - 1] == '-')
                len--;
        ret[len] = 0;
        return len > 0;
}

/* Names of before PWG 5101.1 (RFC 3805, appendix B) and what people call them, without class and colour. */
static bool old_name(const char *media, char ret[COURIER_KEYWORD])
{
        static const struct {
                const char *old, *name;
        } rows[] = {
                { "a3", "iso_a3_297x420mm" },
                { "a4", "iso_a4_210x297mm" },
                { "a5", "iso_a5_148x210mm" },
                { "a6", "iso_a6_105x148mm" },
                { "b4", "jis_b4_257x364mm" },
                { "b5", "jis_b5_182x257mm" },
                { "letter", "na_letter_8.5x11in" },
                { "legal", "na_legal_8.5x14in" },
                { "ledger", "na_ledger_11x17in" },
                { "tabloid", "na_ledger_11x17in" },
                { "11x17", "na_ledger_11x17in" },
                { "executive", "na_executive_7.25x10.5in" },
                { "statement", "na_invoice_5.5x8.5in" },
        };
        char word[COURIER_KEYWORD];
        struct text rest;

        if (!keyword_of(media, word))
                return false;
        rest = text_from(word);
        while (rest.len > 0) {
                struct text part;

                (void)text_cut(rest, '-', &part, &rest);
                for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                        if (text_equal_string(part, rows[i].old))
                                return text_copy(text_from(rows[i].name), ret, COURIER_KEYWORD);
        }
        return false;
}

/* A self-describing name says most; sides that are known are better than a word. */
static void name_media(const struct snmp_tray *from, char ret[COURIER_KEYWORD])
{
        const struct input_tray *row = &from->row;
        const char *at = strrchr(from->media, '_');

        ret[0] = 0;
        if (at && strchr(at, 'x') && courier_keyword_copy(text_from(from->media), ret))
                return;
        if (courier_media_name(input_tray_side(row, row->feed), input_tray_side(row, row->cross_feed), ret) ||
            courier_media_name(input_tray_side(row, from->declared[0]),
                               input_tray_side(row, from->declared[1]), ret))
                return;
        (void)old_name(from->media, ret);
}

void state_snmp_end(const struct snmp_walk *walk, struct courier_state *ret)
{
        *ret = (struct courier_state){ .by_snmp = true };
        read_errors((struct text){ walk->errors, walk->error_len }, ret);
        ret->condition = condition_of(walk->status, ret);
        for (size_t i = 0; i < walk->trays.count; i++) {
                const struct snmp_tray *from = &walk->trays.at[i];
                struct courier_tray *tray = &ret->trays[ret->tray_count++];

                *tray = (struct courier_tray){ .level = input_tray_percent(&from->row),
                                               .ready = input_tray_is_ready(&from->row) };
                name_media(from, tray->media);
                (void)courier_keyword_copy(text_from(from->type), tray->type);
                if (!keyword_of(from->name, tray->source))
                        snprintf(tray->source, sizeof(tray->source), "tray-%u", from->index);
        }
}

/* ---- the datagrams ---- */

static int connect_to(const char *host, uint16_t port, int *ret_fd)
{
        struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV };
        struct addrinfo *found = NULL;
        SCOPED(closep) int fd = -1;
        char number[8];

        snprintf(number, sizeof(number), "%u", port);
        if (getaddrinfo(host, number, &hints, &found) != 0)
                return COURIER_SILENT;
        /* Connected, so that only this host's datagrams come. */
        for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
                fd = socket(at->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
                if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) < 0)
                        close(take_fd(&fd));
        }
        freeaddrinfo(found);
        if (fd < 0)
                return COURIER_SILENT;
        *ret_fd = take_fd(&fd);
        return 0;
}

enum {
        NOBODY_LISTENS = COURIER_SILENT + 1
};

/* Whatever is no answer to this question is passed over. */
static int receive(int fd, struct text community, const struct snmp_question *question, int64_t until_ms,
                   char *datagram, struct snmp_answer *ret)
{
        for (;;) {
                struct pollfd pollfd = { .fd = fd, .events = POLLIN };
                int64_t left_ms = until_ms - clock_monotonic_ms();
                ssize_t n;

                if (left_ms <= 0 || poll(&pollfd, 1, (int)left_ms) <= 0)
                        return COURIER_SILENT;
                n = recv(fd, datagram, SNMP_MESSAGE_MAX, 0);
                if (n < 0 && errno == ECONNREFUSED)
                        return NOBODY_LISTENS;
                if (n > 0 &&
                    snmp_answer_parse((struct text){ datagram, (size_t)n }, SNMP_V2C, community, ret) == 0 &&
                    ret->id == question->id)
                        return 0;
        }
}

static int converse(int fd, struct text community, const struct snmp_question *question, int64_t until_ms,
                    char *datagram, struct snmp_answer *ret)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(QUESTION_MAX);
        int r = COURIER_SILENT;

        snmp_question_format(question, SNMP_V2C, community, &octets);
        if (octets.failure)
                return fault(octets.failure);
        while (r == COURIER_SILENT && clock_monotonic_ms() < until_ms) {
                int64_t again_ms = clock_monotonic_ms() + AGAIN_MS;

                if (send(fd, octets.at, octets.len, MSG_NOSIGNAL) < 0)
                        return COURIER_SILENT;
                r = receive(fd, community, question, again_ms < until_ms ? again_ms : until_ms, datagram,
                            ret);
        }
        return r == NOBODY_LISTENS ? COURIER_SILENT : r;
}

struct conversation {
        struct snmp_walk walk;
        struct snmp_answer answer;
        char datagram[SNMP_MESSAGE_MAX];
};

static int walk(const struct courier_question *question, int fd, int64_t until_ms, struct conversation *c)
{
        state_snmp_begin(&c->walk);
        for (int round = 0; round < ROUNDS_MAX; round++) {
                struct snmp_question asked = {
                        .id = (int32_t)(random_u64() & INT32_MAX),
                        .names = c->walk.last,
                        .name_count = SNMP_COLUMNS,
                        .single = SNMP_ERRORS + 1,
                        .repetitions = REPETITIONS,
                };
                int r = converse(fd, text_from(question->community), &asked, until_ms, c->datagram,
                                 &c->answer);

                /* What came before is still true. */
                if (r)
                        return r < 0 || round == 0 ? r : 0;
                if (c->answer.error || !state_snmp_take(&c->answer, &c->walk))
                        break;
        }
        return c->walk.has_status || c->walk.trays.count ? 0 : COURIER_SILENT;
}

int courier_look_by_snmp(const struct courier_question *question, const char *host, int64_t limit_ms,
                         struct courier_state *ret)
{
        SCOPED(freep) struct conversation *c = malloc(sizeof(*c));
        SCOPED(closep) int fd = -1;
        int r;

        if (!c)
                return fault(-ENOMEM);
        r = connect_to(host, question->snmp_port, &fd);
        if (r == 0)
                r = walk(question, fd, clock_monotonic_ms() + limit_ms, c);
        if (r == 0)
                state_snmp_end(&c->walk, ret);
        return r;
}
