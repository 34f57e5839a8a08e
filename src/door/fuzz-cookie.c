// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "door/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text header = text_from_octets(data, size), value;

        if (cookie_find(header, "__Host-imprimatur", &value))
                assert(value.at >= header.at && value.at + value.len <= header.at + header.len);
        return 0;
}
