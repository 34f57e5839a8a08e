// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/json.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a client sends, what comes out of the reader keeps to its limits. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        struct members members;
        const char *name;
        char rows[4][16];
        size_t count = 0;
        int64_t number = 1;

        members_open(&members, value);
        name = members_string(&members, "name", MEMBER_REQUIRED, 63);
        members_number(&members, "limit", MEMBER_OPTIONAL, 1, 200, &number);
        members_strings(&members, "formats", 4, rows, sizeof(rows[0]), &count);
        if (members_finish(&members)) {
                assert(name && strlen(name) <= 63 && text_is_printable(text_from(name)));
                assert(number >= 1 && number <= 200 && count <= 4);
        } else {
                assert(members.complaint[0] && text_is_printable(text_from(members.complaint)));
        }
        json_decref(value);
        return 0;
}
