// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "render/office-locked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An archive is called locked for its content.xml alone; what is cut off before that is not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text octets = text_from_octets((const char *)data, size);
        const char *name = size ? memmem(data, size, "content.xml", 11) : NULL;
        bool is_archive = text_starts_with(octets, "PK\3\4");

        if (office_is_locked(octets) && is_archive)
                assert(name);
        if (name && is_archive) {
                octets.len = (size_t)(name - octets.at);
                assert(!office_is_locked(octets));
        }
        return 0;
}
