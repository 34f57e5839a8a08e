// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Objects that are kept as they were told: what has its shape, and what has not. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "door/shape.h"

static const char *const colours[] = { "black", "cyan", NULL };
static const struct shape shape[] = {
        { "name", SHAPE_WORDS, 8, .required = true },
        { "key", SHAPE_KEYWORD, 6 },
        { "level", SHAPE_NUMBER, 100 },
        { "is_open", SHAPE_FLAG },
        { "colour", SHAPE_WORD, .words = colours },
        { "uris", SHAPE_ADDRESS, 40, 2 },
        { "numbers", SHAPE_NUMBER, 9, 3 },
        { NULL },
};

static const struct {
        const char *json;
        const char *complaint; /* NULL: it has the shape */
} rows[] = {
        { "{\"name\": \"Toner\"}", NULL },
        { "{\"name\": \"Toner\", \"key\": null, \"level\": 100, \"is_open\": false, \"colour\": \"cyan\"}",
          NULL },
        { "{\"name\": \"Toner\", \"uris\": [\"ipps://a/b\", \"lpd://10.0.0.1/q\"], \"numbers\": [0, 9]}",
          NULL },
        { "{\"name\": \"\"}", NULL },
        { "{}", "name: is missing" },
        { "{\"name\": null}", "name: is missing" },
        { "[]", "it: is no object" },
        { "{\"name\": \"Toner\", \"nose\": 1}", "it: has a member that there is not" },
        { "{\"name\": \"too long a name\"}", "name: is not what it may be" },
        { "{\"name\": \"bell\\u0007\"}", "name: is not what it may be" },
        { "{\"name\": 4}", "name: is not what it may be" },
        { "{\"name\": \"a\", \"key\": \"two words\"}", "key: is not what it may be" },
        { "{\"name\": \"a\", \"key\": \"\"}", "key: is not what it may be" },
        { "{\"name\": \"a\", \"level\": 101}", "level: is not what it may be" },
        { "{\"name\": \"a\", \"level\": -1}", "level: is not what it may be" },
        { "{\"name\": \"a\", \"level\": 1.5}", "level: is not what it may be" },
        { "{\"name\": \"a\", \"is_open\": 1}", "is_open: is not what it may be" },
        { "{\"name\": \"a\", \"colour\": \"red\"}", "colour: is not what it may be" },
        { "{\"name\": \"a\", \"uris\": [\"http://a/\"]}", "uris: is not what it may be" },
        { "{\"name\": \"a\", \"uris\": [\"lpd://\"]}", "uris: is not what it may be" },
        { "{\"name\": \"a\", \"uris\": [\"lpd://a b\"]}", "uris: is not what it may be" },
        { "{\"name\": \"a\", \"uris\": \"lpd://a\"}", "uris: is not what it may be" },
        { "{\"name\": \"a\", \"numbers\": [1, 2, 3, 4]}", "numbers: is not what it may be" },
        { "{\"name\": \"a\", \"numbers\": [null]}", "numbers: is not what it may be" },
};

int main(void)
{
        char complaint[SHAPE_COMPLAINT];
        json_t *value;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                bool has;

                printf("%s\n", rows[i].json);
                value = json_loads(rows[i].json, 0, NULL);
                assert(value);
                has = shape_has(value, shape, complaint);
                assert(has == !rows[i].complaint);
                assert(has || strcmp(complaint, rows[i].complaint) == 0);
                json_decref(value);
        }
        value = json_loads("[{\"name\": \"a\", \"level\": 7, \"colour\": \"cyan\"}, {\"name\": \"b\"}]", 0,
                           NULL);
        assert(shape_has_all(value, shape, 2, complaint) && !shape_has_all(value, shape, 1, complaint));
        assert(shape_number(json_array_get(value, 0), "level", -1) == 7);
        assert(shape_number(json_array_get(value, 1), "level", -1) == -1);
        assert(strcmp(shape_string(json_array_get(value, 1), "key"), "") == 0);
        assert(shape_word(json_array_get(value, 0), "colour", colours, -1) == 1);
        assert(shape_word(json_array_get(value, 1), "colour", colours, -1) == -1);
        json_decref(value);
        return 0;
}
