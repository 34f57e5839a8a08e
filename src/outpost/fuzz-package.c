// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "outpost/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken has an address of one line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct package package;

        if (package_parse(text_from_octets(data, size), &package) == 0)
                assert(!strpbrk(package.url, "\r\n;#") && package.code[0]);
        package_done(&package);
        return 0;
}
