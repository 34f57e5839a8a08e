// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tickets in the API: the same members as in struct ticket, each only where it is set. */

#include "core/ticket.h"

#include <stddef.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api.h"

/* A member's IPP name in the database's form (core/ticket.h) is its name here with hyphens. */
static const struct {
        const char *name;
        size_t offset;
        size_t size; /* of a text; 0: a number */
} fields[] = {
        { "copies", offsetof(struct ticket, copies), 0 },
        { "sides", offsetof(struct ticket, sides), TICKET_KEYWORD },
        { "media", offsetof(struct ticket, media), TICKET_KEYWORD },
        { "media_source", offsetof(struct ticket, media_source), TICKET_KEYWORD },
        { "media_type", offsetof(struct ticket, media_type), TICKET_KEYWORD },
        { "print_color_mode", offsetof(struct ticket, print_color_mode), TICKET_KEYWORD },
        { "output_bin", offsetof(struct ticket, output_bin), TICKET_KEYWORD },
        { "multiple_document_handling", offsetof(struct ticket, multiple_document_handling), TICKET_KEYWORD },
        { "print_quality", offsetof(struct ticket, print_quality), 0 },
        { "orientation_requested", offsetof(struct ticket, orientation_requested), 0 },
        { "resolution_dpi", offsetof(struct ticket, resolution_dpi), 0 },
        { "number_up", offsetof(struct ticket, number_up), 0 },
        { "finishings", offsetof(struct ticket, finishings), 0 },
        { "page_ranges", offsetof(struct ticket, page_ranges), 128 },
        { "print_scaling", offsetof(struct ticket, print_scaling), TICKET_KEYWORD },
        { "presentation_direction_number_up", offsetof(struct ticket, presentation_direction_number_up),
          TICKET_KEYWORD },
        { "imposition_template", offsetof(struct ticket, imposition_template), TICKET_KEYWORD },
};

static uint32_t *number_at(struct ticket *ticket, size_t offset)
{
        return (uint32_t *)(void *)((char *)ticket + offset);
}

json_t *ticket_json(const struct ticket *ticket)
{
        struct ticket copy = *ticket;
        json_t *value = json_object();

        for (size_t i = 0; value && i < ARRAY_LENGTH(fields); i++) {
                const char *string = (const char *)&copy + fields[i].offset;
                uint32_t number = fields[i].size ? 0 : *number_at(&copy, fields[i].offset);
                int failed = 0;

                if (fields[i].size && string[0])
                        failed = json_object_set_new(value, fields[i].name, json_words(string));
                else if (number)
                        failed = json_object_set_new(value, fields[i].name, json_integer(number));
                if (failed) {
                        json_decref(value);
                        return NULL;
                }
        }
        return value;
}

/* Core knows what is right in a ticket: it reads what we read, in its own form. */
static bool check(struct request *request, const struct ticket *ticket, int *ret_r)
{
        char form[TICKET_TEXT];
        struct ticket again;
        int r;

        ticket_format(ticket, form, sizeof(form));
        r = ticket_parse(text_from(form), &again);
        if (r == 0)
                return true;
        *ret_r = request_refuse(request, r);
        return false;
}

static bool is_keyword(const char *string)
{
        return string[strspn(string, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.,")] ==
               '\0';
}

static bool is_one_of(const char *string, const char *const *words)
{
        while (*words && strcmp(*words, string) != 0)
                words++;
        return *words != NULL;
}

/* Where a wrong word would silently print otherwise than was meant. */
static void check_words(struct members *members, const struct ticket *ticket)
{
        static const char *const sides[] = { "", "one-sided", "two-sided-long-edge", "two-sided-short-edge",
                                             NULL };
        static const char *const colours[] = { "", "auto", "color", "monochrome", NULL };

        if (!is_one_of(ticket->sides, sides))
                members_complain(members, "\"sides\" must be one-sided, two-sided-long-edge or "
                                          "two-sided-short-edge.");
        if (!is_one_of(ticket->print_color_mode, colours))
                members_complain(members, "\"print_color_mode\" must be auto, color or monochrome.");
}

bool ticket_read(struct request *request, json_t *value, struct ticket *ret, int *ret_r)
{
        struct members members;

        memset(ret, 0, sizeof(*ret));
        members_open(&members, value);
        for (size_t i = 0; i < ARRAY_LENGTH(fields); i++) {
                char *to = (char *)ret + fields[i].offset;
                const char *string;
                int64_t number;

                if (fields[i].size == 0) {
                        if (members_number(&members, fields[i].name, MEMBER_OPTIONAL, 1, 100000, &number))
                                *number_at(ret, fields[i].offset) = (uint32_t)number;
                        continue;
                }
                string = members_string(&members, fields[i].name, MEMBER_OPTIONAL, fields[i].size - 1);
                if (string && !is_keyword(string))
                        members_complain(&members, "\"%s\" must be a keyword.", fields[i].name);
                else if (string)
                        text_copy(text_from(string), to, fields[i].size);
        }
        check_words(&members, ret);
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        return check(request, ret, ret_r);
}

bool ticket_read_query(struct request *request, struct ticket *ret, int *ret_r)
{
        json_t *value = json_object();
        bool is_good;

        for (size_t i = 0; value && i < ARRAY_LENGTH(fields); i++) {
                struct text word;
                uint64_t number;
                json_t *member;

                if (!http_query(request->x, fields[i].name, &word))
                        continue;
                if (fields[i].size == 0 && text_number(word, 100000, &number))
                        member = json_integer((json_int_t)number);
                else
                        member = json_stringn(word.at, word.len);
                json_object_set_new(value, fields[i].name, member ? member : json_true());
        }
        is_good = ticket_read(request, value, ret, ret_r);
        json_decref(value);
        return is_good;
}
