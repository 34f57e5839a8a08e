// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Conversion servers, for operators. */

#include "cli/list.h"
#include "cli/nouns.h"
#include "cli/outpost.h"

static const struct column converters[] = {
        { "NAME", "name", COLUMN_TEXT },
        { "ENROLLED", "enrolled", COLUMN_FLAG },
        { "CONNECTED", "connected", COLUMN_FLAG },
        { "SEEN", "seen", COLUMN_TIME },
        { "EXPIRES", "expires", COLUMN_TIME },
        { "ID", "id", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

int converter_list_command(struct invocation *invocation)
{
        return list_run(
                invocation, "/v1/converters", converters,
                "No conversion servers: the service renders all documents itself. Add one: imprimatur "
                "converter add NAME");
}

int converter_add_command(struct invocation *invocation)
{
        static const struct outpost_words words = { "/v1/converters", "converter", "imprimatur-converter" };

        return outpost_add(invocation, &words, json_pack("{s:s}", "name", invocation->operands[0]));
}

int converter_delete_command(struct invocation *invocation)
{
        return outpost_delete(invocation, "/v1/converters", "/v1/converters/%", "Revoke the converter",
                              "? What it is rendering now is rendered by another.");
}
