// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/home-report.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever an agent tells of its homes, what is taken names a job, a giving, and a time that was or may be.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        json_t *value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
        struct home_release release = { .giving = 0 };
        struct home_taking taking = { .giving = 0 };
        struct home_back back = { .giving = 0 };
        struct members members;

        members_open(&members, value);
        if (home_release_read(&members, &release))
                assert(release.giving > 0 && release.giving <= INT64_MAX && release.at_ms >= 0 &&
                       release.at_ms <= INT64_MAX / 1000);
        else
                assert(members.complaint[0] && text_is_printable(text_from(members.complaint)));
        members_open(&members, value);
        if (home_back_read(&members, &back))
                assert(back.giving > 0 && back.giving <= INT64_MAX);
        members_open(&members, value);
        if (home_taking_read(&members, &taking))
                assert(taking.giving > 0 && taking.giving <= INT64_MAX);
        json_decref(value);
        return 0;
}
