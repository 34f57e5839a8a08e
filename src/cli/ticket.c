// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/ticket.h"

#include "base/scope.h"
#include "base/encoding.h"
#include "cli/members.h"
#include "cli/table.h"

#define VALUES_MAX 8

static const struct member_option members[] = {
        { "copies", "copies", MEMBER_NUMBER },
        { "sides", "sides", MEMBER_TEXT },
        { "media", "media", MEMBER_TEXT },
        { "colour", "print_color_mode", MEMBER_TEXT },
        { "quality", "print_quality", MEMBER_NUMBER },
        { "pages", "page_ranges", MEMBER_TEXT },
        { "bin", "output_bin", MEMBER_TEXT },
        { "media-source", "media_source", MEMBER_TEXT },
        { "media-type", "media_type", MEMBER_TEXT },
        { "number-up", "number_up", MEMBER_NUMBER },
        { "direction", "presentation_direction_number_up", MEMBER_TEXT },
        { "imposition", "imposition_template", MEMBER_TEXT },
        { "scaling", "print_scaling", MEMBER_TEXT },
        { "orientation", "orientation_requested", MEMBER_NUMBER },
        { "handling", "multiple_document_handling", MEMBER_TEXT },
        { "finishing", "finishings", MEMBER_NUMBERS },
        { NULL, NULL, 0 },
};

bool ticket_members(const struct invocation *invocation, json_t *object, int *ret_status)
{
        return members_set(invocation, members, object, ret_status);
}

void ticket_query(const struct invocation *invocation, struct buffer *to)
{
        for (const struct member_option *row = members; row->option; row++) {
                const char *values[VALUES_MAX];
                size_t count = option_values(invocation, row->option, values, VALUES_MAX);

                for (size_t i = 0; i < count; i++) {
                        if (i == 0)
                                buffer_format(to, "&%s=", row->member);
                        else
                                buffer_add_string(to, ",");
                        percent_format(text_from(values[i]), to);
                }
        }
}

void ticket_print(const json_t *ticket, const char *none)
{
        struct column columns[] = { { NULL, NULL, COLUMN_TEXT }, { NULL, NULL, 0 } };
        const char *name;
        json_t *value;

        if (json_object_size(ticket) == 0)
                printf("%s\n", none);
        json_object_foreach((json_t *)ticket, name, value)
        {
                columns[0].title = columns[0].path = name;
                table_print_one(stdout, columns, ticket);
        }
}

/* What becomes of one option, and why. */
static const struct column notes[] = {
        { "OPTION", "option", COLUMN_TEXT },
        { "ASKED", "asked", COLUMN_TEXT },
        { "BECOMES", "value", COLUMN_TEXT },
        { "REASON", "reason", COLUMN_TEXT },
        { "THE PRINTER CAN", "choices", COLUMN_TEXT },
        { "POLICY", "policy", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static void print_notes(const json_t *settled)
{
        static const char *const kinds[] = { "refused", "forced", "conflicts", "left_out", "substituted" };

        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
                const json_t *items = json_object_get(settled, kinds[i]);

                if (!json_array_size(items))
                        continue;
                printf("\n%s\n", i == 0   ? "It is not printed there:"
                                 : i == 1 ? "Policies want:"
                                 : i == 2
                                         ? "The printer cannot (release with --unsupported adapt, or choose):"
                                 : i == 3 ? "Defaults that the printer cannot:"
                                          : "Other paper is taken, for it is in no tray:");
                table_print(stdout, notes, items, "");
        }
}

void settled_print(const json_t *settled)
{
        ticket_print(json_object_get(settled, "ticket"), "As the printer does.");
        print_notes(settled);
}
