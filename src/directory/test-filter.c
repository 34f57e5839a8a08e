// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/filter.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        const char *name;
        struct text value;
        const char *filter;
} equals[] = {
        { "plain", TEXT("ada"), "(uid=ada)" },
        { "address", TEXT("a@b.c"), "(uid=a\\40b\\2ec)" },
        { "star", TEXT("*"), "(uid=\\2a)" },
        { "another filter", TEXT("*)(uid=*"), "(uid=\\2a\\29\\28uid\\3d\\2a)" },
        { "or", TEXT("x)(|(uid=*))"), "(uid=x\\29\\28\\7c\\28uid\\3d\\2a\\29\\29)" },
        { "backslash", TEXT("\\2a"), "(uid=\\5c2a)" },
        { "NUL", TEXT("a\0b"), "(uid=a\\00b)" },
        { "UTF-8", TEXT("zo\xc3\xab"), "(uid=zo\\c3\\ab)" },
        { "no UTF-8", TEXT("\xff\xfe"), "(uid=\\ff\\fe)" },
        { "space", TEXT(" a "), "(uid=\\20a\\20)" },
        { "nothing", TEXT(""), "(uid=)" },
};

static const struct {
        const char *filter;
        bool is_whole;
} wholes[] = {
        { "(objectClass=person)", true },
        { "(&(objectClass=user)(!(objectClass=computer)))", true },
        { "objectClass=person", false },
        { "(a=b)(c=d)", false },
        { "(a=b))", false },
        { "((a=b)", false },
        { ")a=b(", false },
        { "(a=b) ", false },
        { "", false },
        { "()", false },
        { "(a=\x01)", false },
};

static const struct {
        const char *name;
        bool is_valid;
} attributes[] = {
        { "mail", true }, { "sAMAccountName", true }, { "x-card-1", true }, { "1a", false }, { "", false },
        { "a=b", false }, { "a;binary", false },      { "a)(b", false },    { "-a", false },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(equals); i++) {
                SCOPED(buffer_done) struct buffer filter = BUFFER(DIRECTORY_FILTER_MAX);
                struct text attribute;
                char value[256];
                size_t length;

                printf("%s\n", equals[i].name);
                filter_add_equals(&filter, "uid", equals[i].value);
                assert(strcmp(buffer_string(&filter), equals[i].filter) == 0);
                assert(filter_is_whole(buffer_text(&filter)));
                assert(filter_read_equals(buffer_text(&filter), &attribute, value, sizeof(value), &length));
                assert(text_equal_string(attribute, "uid") &&
                       text_equal(text_from_octets(value, length), equals[i].value));
        }
        for (size_t i = 0; i < ARRAY_LENGTH(wholes); i++) {
                printf("%s\n", wholes[i].filter);
                assert(filter_is_whole(text_from(wholes[i].filter)) == wholes[i].is_whole);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(attributes); i++) {
                printf("attribute %s\n", attributes[i].name);
                assert(filter_attribute_is_valid(text_from(attributes[i].name)) == attributes[i].is_valid);
        }
        return 0;
}
