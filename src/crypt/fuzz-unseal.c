// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "crypt/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The first octet chooses the size of the pieces. The key is fixed and the seeds are sealed under it, so that
 * a mutation reaches what lies behind the header. What is accepted as whole has the size its form says.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct secret key;
        struct unseal unseal;
        struct text plain;
        uint64_t octets = 0, said = 0;
        size_t piece, taken, left;
        int r = 0;

        if (size == 0)
                return 0;
        memset(&key, 0x42, sizeof(key));
        piece = data[0] ? (size_t)data[0] * data[0] * 4 : 1;
        data++;
        size--;

        assert(unseal_init(&unseal, &key, TEXT_OF("fuzz")) == 0);
        for (left = size; left && r == 0; data += taken, left -= taken) {
                r = unseal_add(&unseal, data, left < piece ? left : piece, &taken, &plain);
                assert(r || taken > 0);
                octets += plain.len;
        }
        if (r == 0)
                r = unseal_finish(&unseal, &plain);
        assert(r >= 0);
        if (r == 0)
                assert(seal_plain_size(size, &said) && said == octets + plain.len);
        unseal_done(&unseal);
        return 0;
}
