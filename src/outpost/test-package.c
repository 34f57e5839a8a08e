// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "outpost/package.h"

#define HEAD "{\"imprimatur_enrolment\":1,"

static const struct {
        const char *name, *octets;
        int outcome;
} rows[] = {
        { "whole",
          HEAD "\"url\":\"https://h:8443\",\"code\":\"ABC\",\"authority\":\"PEM\",\"name\":\"north\"}", 0 },
        { "the system's authorities", HEAD "\"url\":\"https://h\",\"code\":\"ABC\",\"authority\":null}", 0 },
        { "a code", "ABC", PACKAGE_NONE },
        { "nothing", "", PACKAGE_NONE },
        { "no JSON", "{", PACKAGE_DAMAGED },
        { "of another kind", "{\"url\":\"https://h\",\"code\":\"ABC\",\"authority\":null}", PACKAGE_DAMAGED },
        { "without a code", HEAD "\"url\":\"https://h\",\"authority\":null}", PACKAGE_DAMAGED },
        { "says nothing of whom to trust", HEAD "\"url\":\"https://h\",\"code\":\"ABC\"}", PACKAGE_DAMAGED },
        { "not encrypted", HEAD "\"url\":\"http://h\",\"code\":\"ABC\",\"authority\":null}",
          PACKAGE_DAMAGED },
        { "another line", HEAD "\"url\":\"https://h\\nca = /x\",\"code\":\"ABC\",\"authority\":null}",
          PACKAGE_DAMAGED },
        { "a comment", HEAD "\"url\":\"https://h ;\",\"code\":\"ABC\",\"authority\":null}", PACKAGE_DAMAGED },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct package package;

                printf("%s\n", rows[i].name);
                assert(package_parse(text_from(rows[i].octets), &package) == rows[i].outcome);
                assert((rows[i].outcome == 0) == (strcmp(package.code, "ABC") == 0));
                package_done(&package);
                assert(package.code[0] == 0);
        }
        return 0;
}
