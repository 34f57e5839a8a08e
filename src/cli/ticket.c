// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/ticket.h"

#include "base/encoding.h"
#include "cli/members.h"

static const struct member_option members[] = {
        { "copies", "copies", MEMBER_NUMBER },
        { "sides", "sides", MEMBER_TEXT },
        { "media", "media", MEMBER_TEXT },
        { "colour", "print_color_mode", MEMBER_TEXT },
        { "quality", "print_quality", MEMBER_NUMBER },
        { "pages", "page_ranges", MEMBER_TEXT },
        { "bin", "output_bin", MEMBER_TEXT },
        { NULL, NULL, 0 },
};

bool ticket_members(const struct invocation *invocation, json_t *object, int *ret_status)
{
        return members_set(invocation, members, object, ret_status);
}

void ticket_query(const struct invocation *invocation, struct buffer *to)
{
        for (const struct member_option *row = members; row->option; row++) {
                const char *value = option_value(invocation, row->option);

                if (!value)
                        continue;
                buffer_format(to, "&%s=", row->member);
                percent_format(text_from(value), to);
        }
}
