// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "crypt/certificate-request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken gives a key of bounded size; what is not gives nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct buffer key_info = BUFFER(4096);
        int r = certificate_request_read(text_from_octets(data, size), &key_info);

        assert(r >= 0 && (r == 0) == (key_info.len > 0));
        assert(key_info.len <= 800);
        buffer_done(&key_info);
        return 0;
}
