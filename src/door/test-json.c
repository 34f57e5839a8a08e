// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/json.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

/* One reader of every kind of member; the body, and how its complaint begins (NULL: none). */
static const struct {
        const char *body;
        const char *complaint;
} rows[] = {
        { "{\"name\":\"ada\"}", NULL },
        { "{\"name\":\"ada\",\"count\":3,\"flag\":true,\"word\":\"two\",\"hex\":\"00ff\",\"list\":[\"a\"],"
          "\"id\":\"0190a1b2-0000-7000-8000-000000000000\",\"object\":{}}",
          NULL },
        { "{\"name\":\"ada\",\"count\":null}", NULL },
        { "{}", "The member \"name\" is missing." },
        { "{\"name\":null}", "The member \"name\" is missing." },
        { "{\"name\":\"\"}", "\"name\" is empty." },
        { "{\"name\":7}", "\"name\" must be a string." },
        { "{\"name\":\"0123456789\"}", "\"name\" is longer than 8 octets." },
        { "{\"name\":\"a\\u0007\"}", "\"name\" has control characters." },
        { "{\"name\":\"ada\",\"nmae\":1}", "There is no member \"nmae\" here." },
        { "{\"name\":\"ada\",\"\\u0001\":1}", "There is a member here that does not exist." },
        { "{\"name\":\"ada\",\"count\":11}", "\"count\" must be a whole number from 0 to 10." },
        { "{\"name\":\"ada\",\"count\":-1}", "\"count\" must be" },
        { "{\"name\":\"ada\",\"count\":1.0}", "\"count\" must be" },
        { "{\"name\":\"ada\",\"count\":\"1\"}", "\"count\" must be" },
        { "{\"name\":\"ada\",\"flag\":1}", "\"flag\" must be true or false." },
        { "{\"name\":\"ada\",\"word\":\"three\"}", "\"word\" must be one of: one, two." },
        { "{\"name\":\"ada\",\"hex\":\"FF\"}", "\"hex\" must be lower-case" },
        { "{\"name\":\"ada\",\"hex\":\"12345678123456781\"}", "\"hex\" is longer" },
        { "{\"name\":\"ada\",\"list\":{}}", "\"list\" must be an array." },
        { "{\"name\":\"ada\",\"list\":[1]}", "\"list\" must hold strings" },
        { "{\"name\":\"ada\",\"list\":[\"\"]}", "\"list\" must hold strings" },
        { "{\"name\":\"ada\",\"list\":[\"abcd\"]}", "\"list\" must hold strings" },
        { "{\"name\":\"ada\",\"list\":[\"a\",\"b\",\"c\"]}", "\"list\" has more than 2 items." },
        { "{\"name\":\"ada\",\"id\":\"x\"}", "\"id\" is not an id." },
        { "{\"name\":\"ada\",\"object\":[]}", "\"object\" must be an object." },
        { "[]", "An object is expected." },
};

static void read_all(struct members *members, json_t *value)
{
        static const char *const words[] = { "one", "two", NULL };
        char list[2][4];
        int64_t count;
        uint64_t hex;
        struct id id;
        size_t length;
        bool flag;
        int word;

        members_open(members, value);
        members_string(members, "name", MEMBER_REQUIRED, 8);
        members_number(members, "count", MEMBER_OPTIONAL, 0, 10, &count);
        members_flag(members, "flag", MEMBER_OPTIONAL, &flag);
        members_word(members, "word", MEMBER_OPTIONAL, words, &word);
        members_hex64(members, "hex", MEMBER_OPTIONAL, &hex);
        members_strings(members, "list", 2, list, sizeof(list[0]), &length);
        members_id(members, "id", MEMBER_OPTIONAL, &id);
        members_object(members, "object", MEMBER_OPTIONAL);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                json_t *value = json_loads(rows[i].body, 0, NULL);
                struct members members;
                bool is_good;

                read_all(&members, value);
                is_good = members_finish(&members);
                printf("%s: %s\n", rows[i].body, members.complaint);
                assert(is_good == !rows[i].complaint);
                if (rows[i].complaint)
                        assert(strncmp(members.complaint, rows[i].complaint, strlen(rows[i].complaint)) == 0);
                json_decref(value);
        }
        return 0;
}
