// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * A printer's state by SNMP: hrPrinterStatus and hrPrinterDetectedErrorState (RFC 2790), prtInputTable
 * (RFC 3805). GetBulk, a handful of datagrams; GetNext of SNMPv1.
 *
 * But for SNMPv3 anybody on the way can write such an answer. It decides on which paper is printed, not where
 * or whether.
 */

#include "courier/state-snmp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "courier/date.h"
#include "courier/input-tray.h"
#include "courier/snmp-session.h"

#define ROUNDS_MAX    8
#define REPETITIONS   6 /* trays asked for at once: their answer fits into a few packets */
#define TURN_LEAST_MS 150

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

static int walk_by(struct snmp_session *session, int64_t until_ms, struct snmp_walk *walk)
{
        bool one_by_one = session->credential->version == SNMP_V1;

        state_snmp_begin(walk);
        for (int round = 0; round < (one_by_one ? COURIER_TRAYS + 1 : ROUNDS_MAX); round++) {
                struct snmp_question asked = {
                        .names = walk->last,
                        .name_count = SNMP_COLUMNS,
                        .single = one_by_one ? 0 : SNMP_ERRORS + 1,
                        .repetitions = one_by_one ? 0 : REPETITIONS,
                };
                int r = snmp_session_ask(session, &asked, until_ms);

                /* What came before is still true. */
                if (r)
                        return r < 0 || round == 0 ? r : 0;
                if (session->answer.error || !state_snmp_take(&session->answer, walk))
                        break;
        }
        return walk->has_status || walk->trays.count ? 0 : SESSION_SILENT;
}

/* hrSystemDate (RFC 2790). */
static void ask_clock(struct snmp_session *session, int64_t until_ms, struct courier_facts *facts)
{
        const struct snmp_name date = { { 1, 3, 6, 1, 2, 1, 25, 1, 2 }, 9 };
        struct snmp_question asked = { .names = &date, .name_count = 1 };
        const struct snmp_value *value = session->answer.values;
        const uint32_t *rest;
        size_t count;

        if (snmp_session_ask(session, &asked, until_ms) == 0 && !session->answer.error &&
            session->answer.value_count == 1 && value->kind == SNMP_OCTETS &&
            snmp_name_is_below(&value->name, &date, &rest, &count))
                facts->has_clock = courier_date_parse(value->octets, &facts->clock_ms);
}

static bool is_over(int r)
{
        return r <= 0 || r == SESSION_NOBODY_LISTENS;
}

/* A reason that tells more stays. */
static void note(struct courier_facts *facts, int r)
{
        const char *reason = r == SESSION_WRONG_USER         ? "wrong-user"
                             : r == SESSION_WRONG_PASSPHRASE ? "wrong-passphrase"
                                                             : "no-answer";

        if (facts && (r > SESSION_NOBODY_LISTENS || !facts->reason))
                facts->reason = reason;
}

/* Each in its turn, the one that was answered last time first, as long as there is time for another. Of who
 * does not say which engine it is no user is asked again. */
static int walk(const struct courier_question *question, struct snmp_session *session, int64_t until_ms,
                struct snmp_walk *walk, struct courier_facts *facts)
{
        struct snmp_credential ours = { .version = SNMP_V2C };
        size_t all = question->credential_count + (question->community[0] ? 1 : 0);
        bool is_secure = true;
        int r = SESSION_SILENT;

        (void)text_copy(text_from(question->community), ours.community, sizeof(ours.community));
        for (size_t i = 0; i < all && !is_over(r); i++) {
                size_t which = (i + question->first_credential) % all;
                const struct snmp_credential *credential =
                        which < question->credential_count ? &question->credentials[which] : &ours;
                int64_t now_ms = clock_monotonic_ms(), turn_ms = (until_ms - now_ms) / (int64_t)(all - i);

                if (turn_ms < TURN_LEAST_MS)
                        turn_ms = TURN_LEAST_MS;
                if (now_ms >= until_ms)
                        break;
                if (credential->version == SNMP_V3 && !is_secure)
                        continue;
                snmp_session_use(session, credential);
                r = walk_by(session, now_ms + turn_ms < until_ms ? now_ms + turn_ms : until_ms, walk);
                is_secure = is_secure && (credential->version != SNMP_V3 || session->has_engine);
                note(facts, r);
                if (r == 0 && facts) {
                        facts->credential = which;
                        ask_clock(session, until_ms, facts);
                }
        }
        return r;
}

int courier_look_by_snmp(const struct courier_question *question, const char *host, int64_t limit_ms,
                         struct courier_state *ret, struct courier_facts *ret_facts)
{
        SCOPED(snmp_session_closep) struct snmp_session *session = NULL;
        SCOPED(freep) struct snmp_walk *found = malloc(sizeof(*found));
        int64_t until_ms = clock_monotonic_ms() + limit_ms;
        int r;

        if (!found)
                return fault(-ENOMEM);
        if (ret_facts)
                *ret_facts = (struct courier_facts){ .reason = NULL };
        r = snmp_session_open(host, question->snmp_port, &session);
        if (r == 0)
                r = walk(question, session, until_ms, found, ret_facts);
        if (r == 0)
                state_snmp_end(found, ret);
        return r > 0 ? COURIER_SILENT : r;
}
