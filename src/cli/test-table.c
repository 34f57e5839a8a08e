// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
        { "NAME", "name", COLUMN_TEXT },   { "STATE", "delivery.state", COLUMN_TEXT },
        { "SIZE", "size", COLUMN_OCTETS }, { "ON", "on", COLUMN_FLAG },
        { "LIST", "list", COLUMN_TEXT },   { NULL, NULL, 0 },
};

static char *print(const char *items)
{
        json_t *value = json_loads(items, 0, NULL);
        char *text = NULL;
        size_t length;
        FILE *to = open_memstream(&text, &length);

        table_print(to, columns, value, "nothing");
        fclose(to);
        json_decref(value);
        return text;
}

static void expect(const char *items, const char *expected)
{
        char *text = print(items);

        printf("%s\n", text);
        assert(strcmp(text, expected) == 0);
        free(text);
}

int main(void)
{
        assert(table_width("abc") == 3);
        assert(table_width("Ärger") == 5);
        assert(table_width("印刷") == 4);
        assert(table_width("") == 0);
        assert(table_width("\xff\xff") == 2);

        expect("[]", "nothing\n");
        expect("[{\"name\":\"a\",\"size\":999,\"on\":true,\"list\":[\"x\",\"y\"],\"delivery\":{\"state\":\"sent\"}},"
               "{\"name\":\"Ärger\",\"size\":1500,\"on\":false,\"delivery\":null}]",
               "NAME   STATE  SIZE    ON   LIST\n"
               "a      sent   999 B   yes  x, y\n"
               "Ärger  -      1.5 KB  no   -\n");
        /* A name from outside cannot steer the terminal. */
        expect("[{\"name\":\"\\u001b[31m\"}]", "NAME   STATE  SIZE  ON  LIST\n?[31m  -      -     -   -\n");
        return 0;
}
