// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/ticket.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "conversion/order.h"

/* One row for each member: how it is called, where it lies, and what it may be. */
struct member {
        const char *name;
        size_t offset;
        size_t size; /* of a text; 0: a number */
        uint32_t least, most;
};

#define TEXT_MEMBER(name, field)                                                                \
        {                                                                                       \
                name, offsetof(struct ticket, field), sizeof(((struct ticket *)0)->field), 0, 0 \
        }
#define NUMBER_MEMBER(name, field, least, most)                      \
        {                                                            \
                name, offsetof(struct ticket, field), 0, least, most \
        }

static const struct member members[] = {
        NUMBER_MEMBER("copies", copies, 1, 999),
        TEXT_MEMBER("sides", sides),
        TEXT_MEMBER("media", media),
        TEXT_MEMBER("media-source", media_source),
        TEXT_MEMBER("media-type", media_type),
        TEXT_MEMBER("print-color-mode", print_color_mode),
        TEXT_MEMBER("output-bin", output_bin),
        TEXT_MEMBER("multiple-document-handling", multiple_document_handling),
        NUMBER_MEMBER("print-quality", print_quality, 3, 5),
        NUMBER_MEMBER("orientation-requested", orientation_requested, 3, 7),
        NUMBER_MEMBER("resolution-dpi", resolution_dpi, 72, 2400),
        NUMBER_MEMBER("number-up", number_up, 1, 16),
        NUMBER_MEMBER("finishings", finishings, 3, 1000),
        TEXT_MEMBER("page-ranges", page_ranges),
        TEXT_MEMBER("print-scaling", print_scaling),
        TEXT_MEMBER("presentation-direction-number-up", presentation_direction_number_up),
        TEXT_MEMBER("imposition-template", imposition_template),
        NUMBER_MEMBER("hold", hold, 1, 1),
};

void ticket_format(const struct ticket *ticket, char *ret, size_t size)
{
        size_t at = 0;

        ret[0] = 0;
        for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
                const char *field = (const char *)ticket + members[i].offset;
                const char *separator = at ? ";" : "";
                int length;

                if (members[i].size) {
                        if (!field[0])
                                continue;
                        length = snprintf(ret + at, size - at, "%s%s=%s", separator, members[i].name, field);
                } else {
                        uint32_t number;

                        memcpy(&number, field, sizeof(number));
                        if (!number)
                                continue;
                        length = snprintf(ret + at, size - at, "%s%s=%u", separator, members[i].name, number);
                }
                if (length < 0 || (size_t)length >= size - at)
                        return;
                at += (size_t)length;
        }
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

static int parse_member(struct text name, struct text value, struct ticket *ticket)
{
        for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
                char *field = (char *)ticket + members[i].offset;
                uint64_t number;
                uint32_t narrow;

                if (!text_equal_string(name, members[i].name))
                        continue;
                if (members[i].size)
                        return is_keyword(value) && text_copy(value, field, members[i].size) ? 0
                                                                                             : CORE_BAD_VALUE;
                if (!text_number(value, members[i].most, &number) || number < members[i].least)
                        return CORE_BAD_VALUE;
                narrow = (uint32_t)number;
                memcpy(field, &narrow, sizeof(narrow));
                return 0;
        }
        return CORE_BAD_VALUE;
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
                (strcmp(ticket->imposition_template, "signature") == 0 && ticket->number_up <= 1));
}

int ticket_parse(struct text text, struct ticket *ret)
{
        struct ticket ticket = { 0 };
        int r;

        while (text.len > 0) {
                struct text member, name, value;

                text_cut(text, ';', &member, &text);
                if (!text_cut(member, '=', &name, &value))
                        return CORE_BAD_VALUE;
                r = parse_member(name, value, &ticket);
                if (r)
                        return r;
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
