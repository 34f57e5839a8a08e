// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-forward.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

/* What ada@demo.example, Ada Lovelace, is called; NULL: the pattern is none. */
static const struct row {
        const char *name, *pattern, *user;
} rows[] = {
        { "the part before the @", "{user}", "ada" },
        { "the address", "{email}", "ada@demo.example" },
        { "the name", "{name}", "Ada Lovelace" },
        { "letters around it", "OFFICE\\{user}", "OFFICE\\ada" },
        { "two of them", "{user} ({name})", "ada (Ada Lovelace)" },
        { "everybody the same", "print", NULL },
        { "nothing", "", NULL },
        { "an open brace", "{user", NULL },
        { "a closing one", "user}", NULL },
        { "an unknown one", "{home}", NULL },
        { "braces in braces", "{{user}}", NULL },
        { "an empty one", "{}{user}", NULL },
        { "a line of its own", "{user}\nroot", NULL },
};

int main(void)
{
        char user[32];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                bool valid = printer_forward_is_valid(rows[i].pattern);

                puts(rows[i].name);
                assert(valid == (rows[i].user != NULL));
                if (!valid)
                        continue;
                assert(printer_forward_user(rows[i].pattern, TEXT_OF("ada@demo.example"),
                                            TEXT_OF("Ada Lovelace"), user, sizeof(user)));
                assert(strcmp(user, rows[i].user) == 0);
        }
        /* Whoever has no name is called by what he has; what does not fit is nobody's. */
        assert(printer_forward_user("{name}", TEXT_OF("ada@demo.example"), TEXT_OF(""), user, sizeof(user)));
        assert(strcmp(user, "ada") == 0);
        assert(!printer_forward_user("{email}", TEXT_OF("ada.of.a.very.long.name@demo.example"), TEXT_OF(""),
                                     user, sizeof(user)));
        return 0;
}
