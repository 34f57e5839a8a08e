// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/ticket.h"

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
