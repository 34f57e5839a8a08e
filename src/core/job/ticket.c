// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/ticket.h"

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/media.h"
#include "conversion/order.h"

static const char *const sides[] = { "one-sided", "two-sided-long-edge", "two-sided-short-edge", NULL };
static const char *const colours[] = { "auto", "color", "monochrome", NULL };
static const char *const handlings[] = { "separate-documents-collated-copies",
                                         "separate-documents-uncollated-copies", NULL };
static const char *const sheets[] = { "none", NULL };

#define WORD_MEMBER(name, field, words)                                   \
        {                                                                 \
                name, TICKET_WORD, false, offsetof(struct ticket, field), \
                        sizeof(((struct ticket *)0)->field), 0, 0, words  \
        }
#define NUMBER_MEMBER(name, field, least, most)                                                            \
        {                                                                                                  \
                name, TICKET_NUMBER, false, offsetof(struct ticket, field), sizeof(uint32_t), least, most, \
                        NULL                                                                               \
        }

const struct ticket_member ticket_members[] = {
        NUMBER_MEMBER("copies", copies, 1, 999),
        WORD_MEMBER("sides", sides, sides),
        WORD_MEMBER("media", media, NULL),
        WORD_MEMBER("media-source", media_source, NULL),
        WORD_MEMBER("media-type", media_type, NULL),
        WORD_MEMBER("print-color-mode", print_color_mode, colours),
        WORD_MEMBER("output-bin", output_bin, NULL),
        WORD_MEMBER("multiple-document-handling", multiple_document_handling, handlings),
        NUMBER_MEMBER("print-quality", print_quality, 3, 5),
        NUMBER_MEMBER("orientation-requested", orientation_requested, 3, 7),
        NUMBER_MEMBER("resolution-dpi", resolution_dpi, 72, 2400),
        NUMBER_MEMBER("number-up", number_up, 1, 16),
        { "finishings", TICKET_NUMBERS, false, offsetof(struct ticket, finishings),
          sizeof(((struct ticket *)0)->finishings), 3, 1000, NULL },
        WORD_MEMBER("page-ranges", page_ranges, NULL),
        WORD_MEMBER("print-scaling", print_scaling, NULL),
        WORD_MEMBER("presentation-direction-number-up", presentation_direction_number_up, NULL),
        WORD_MEMBER("imposition-template", imposition_template, NULL),
        WORD_MEMBER("job-sheets", job_sheets, sheets),
        { "hold", TICKET_NUMBER, true, offsetof(struct ticket, hold), sizeof(uint32_t), 1, 1, NULL },
};
const size_t ticket_member_count = ARRAY_LENGTH(ticket_members);

const struct ticket_member *ticket_member_find(struct text name)
{
        for (size_t i = 0; i < ticket_member_count; i++)
                if (text_equal_string(name, ticket_members[i].name))
                        return &ticket_members[i];
        return NULL;
}

/* A number that is not 0, or the first one of a list; a word that is not empty. */
bool ticket_has(const struct ticket *ticket, const struct ticket_member *member)
{
        const char *field = (const char *)ticket + member->offset;
        uint32_t number;

        if (member->kind == TICKET_WORD)
                return field[0];
        memcpy(&number, field, sizeof(number));
        return number;
}

void ticket_unset(struct ticket *ticket, const struct ticket_member *member)
{
        memset((char *)ticket + member->offset, 0, member->size);
}

void ticket_value(const struct ticket *ticket, const struct ticket_member *member, char ret[TICKET_VALUE])
{
        const char *field = (const char *)ticket + member->offset;
        uint32_t numbers[TICKET_FINISHINGS] = { 0 };
        size_t at = 0;

        ret[0] = 0;
        if (member->kind == TICKET_WORD) {
                snprintf(ret, TICKET_VALUE, "%s", field);
                return;
        }
        memcpy(numbers, field, member->size);
        for (size_t i = 0; i < TICKET_FINISHINGS && numbers[i]; i++)
                at += (size_t)snprintf(ret + at, TICKET_VALUE - at, "%s%u", at ? "," : "", numbers[i]);
}

/* Keywords, media names and page ranges: no character of these separates or escapes anything anywhere. */
static bool is_keyword(struct text text)
{
        for (size_t i = 0; i < text.len; i++) {
                char c = text.at[i];

                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.' || c == ','))
                        return false;
        }
        return text.len > 0;
}

static bool is_one_of(struct text word, const char *const *words)
{
        if (!words)
                return true;
        while (*words && !text_equal_string(word, *words))
                words++;
        return *words;
}

static int set_word(char *field, const struct ticket_member *member, struct text word)
{
        return is_keyword(word) && is_one_of(word, member->words) && text_copy(word, field, member->size)
                       ? 0
                       : CORE_BAD_VALUE;
}

/* Apart and in the order in which they came; 3 is none, and then there is no other. */
static int set_numbers(char *field, const struct ticket_member *member, struct text list)
{
        uint32_t numbers[TICKET_FINISHINGS] = { 0 };
        size_t count = 0;
        uint64_t number;
        bool more = true;

        while (more) {
                struct text one;

                more = text_cut(list, ',', &one, &list);
                if (count == member->size / sizeof(*numbers) || !text_number(one, member->most, &number) ||
                    number < member->least)
                        return CORE_BAD_VALUE;
                for (size_t i = 0; i < count; i++)
                        if (numbers[i] == number || numbers[i] == member->least || number == member->least)
                                return CORE_BAD_VALUE;
                numbers[count++] = (uint32_t)number;
        }
        memcpy(field, numbers, member->size);
        return 0;
}

int ticket_set(struct ticket *ticket, const struct ticket_member *member, struct text value)
{
        char *field = (char *)ticket + member->offset;

        return member->kind == TICKET_WORD ? set_word(field, member, value)
                                           : set_numbers(field, member, value);
}

static bool is_booklet(const struct ticket *ticket)
{
        return strcmp(ticket->imposition_template, "signature") == 0;
}

void ticket_overlay(struct ticket *ticket, const struct ticket *over)
{
        for (size_t i = 0; i < ticket_member_count; i++)
                if (ticket_has(over, &ticket_members[i]))
                        memcpy((char *)ticket + ticket_members[i].offset,
                               (const char *)over + ticket_members[i].offset, ticket_members[i].size);
        if (is_booklet(ticket) && ticket->number_up > 1) {
                if (is_booklet(over))
                        ticket->number_up = 0;
                else
                        ticket->imposition_template[0] = 0;
        }
}

void ticket_format(const struct ticket *ticket, char *ret, size_t size)
{
        size_t at = 0;

        ret[0] = 0;
        for (size_t i = 0; i < ticket_member_count; i++) {
                char value[TICKET_VALUE];
                int length;

                if (!ticket_has(ticket, &ticket_members[i]))
                        continue;
                ticket_value(ticket, &ticket_members[i], value);
                length = snprintf(ret + at, size - at, "%s%s=%s", at ? ";" : "", ticket_members[i].name,
                                  value);
                if (length < 0 || (size_t)length >= size - at)
                        return;
                at += (size_t)length;
        }
}

/* What is done to pages is known here by its words, and nothing of it may be dropped later. */
static bool is_imposable(const struct ticket *ticket)
{
        char number[16];
        struct order order;

        order_init(&order);
        snprintf(number, sizeof(number), "%u", ticket->number_up);
        return (!ticket->number_up || order_set(&order, "--number-up", number) == 0) &&
               (!ticket->print_scaling[0] || order_set(&order, "--scaling", ticket->print_scaling) == 0) &&
               (!ticket->presentation_direction_number_up[0] ||
                order_set(&order, "--direction", ticket->presentation_direction_number_up) == 0) &&
               (!ticket->imposition_template[0] || strcmp(ticket->imposition_template, "none") == 0 ||
                (is_booklet(ticket) && ticket->number_up <= 1)) &&
               (!ticket->page_ranges[0] || strcmp(ticket->page_ranges, TICKET_ALL_PAGES) == 0 ||
                pages_are_valid(ticket->page_ranges));
}

int ticket_parse(struct text text, struct ticket *ret)
{
        struct ticket ticket = { 0 };

        while (text.len > 0) {
                const struct ticket_member *member;
                struct text one, name, value;

                text_cut(text, ';', &one, &text);
                if (!text_cut(one, '=', &name, &value))
                        return CORE_BAD_VALUE;
                member = ticket_member_find(name);
                if (!member || ticket_set(&ticket, member, value))
                        return CORE_BAD_VALUE;
        }
        if (!is_imposable(&ticket))
                return CORE_BAD_VALUE;
        *ret = ticket;
        return 0;
}

bool ticket_is_valid(const struct ticket *ticket)
{
        char text[TICKET_TEXT], again[TICKET_TEXT];
        struct ticket same;

        /* A value that holds a separator comes back as another ticket, in the order of the table. */
        ticket_format(ticket, text, sizeof(text));
        if (ticket_parse(text_from(text), &same))
                return false;
        ticket_format(&same, again, sizeof(again));
        return strcmp(text, again) == 0;
}
