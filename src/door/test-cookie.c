// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/cookie.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

static const struct {
        const char *header;
        const char *found; /* of "name"; NULL: none */
} rows[] = {
        { "name=x", "x" },
        { "other=1; name=x", "x" },
        { "name=x; other=1", "x" },
        { "other=1;name=x", "x" },
        { "name=x=y", "x=y" },
        { "name=", "" },
        { "", NULL },
        { "other=1", NULL },
        { "name", NULL },
        { "Name=x", NULL },
        { "xname=1; namex=2", NULL },
        { "other=name=x", NULL },
        { "name=x; name=y", NULL },
        { "name=x; name=x", NULL },
        { ";;=;", NULL },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct text found;

                printf("%s\n", rows[i].header);
                assert(cookie_find(text_from(rows[i].header), "name", &found) == (rows[i].found != NULL));
                if (rows[i].found)
                        assert(text_equal_string(found, rows[i].found));
        }
        return 0;
}
