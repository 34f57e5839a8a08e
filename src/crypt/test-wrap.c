// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "crypt/random.h"
#include "crypt/wrap.h"

int main(void)
{
        struct secret with, other, key, opened;
        struct wrapped_key wrapped, again;

        random_secret(&with);
        random_secret(&other);
        random_secret(&key);
        assert(wrap_key(&with, TEXT_OF("tenant 1"), &key, &wrapped) == 0);
        assert(wrap_key(&with, TEXT_OF("tenant 1"), &key, &again) == 0);
        assert(memcmp(&wrapped, &again, sizeof(wrapped)) != 0);

        assert(wrap_open(&with, TEXT_OF("tenant 1"), &wrapped, &opened) == 0);
        assert(memcmp(&opened, &key, sizeof(key)) == 0);

        memset(&opened, 7, sizeof(opened));
        again = wrapped;
        assert(wrap_open(&other, TEXT_OF("tenant 1"), &wrapped, &opened) == WRAP_WRONG);
        assert(wrap_open(&with, TEXT_OF("tenant 2"), &wrapped, &opened) == WRAP_WRONG);
        assert(wrap_open(&with, TEXT_OF(""), &wrapped, &opened) == WRAP_WRONG);
        for (size_t bit = 0; bit < 8 * sizeof(wrapped.octets); bit++) {
                again.octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
                assert(wrap_open(&with, TEXT_OF("tenant 1"), &again, &opened) == WRAP_WRONG);
                again.octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        for (size_t i = 0; i < sizeof(opened.octets); i++)
                assert(opened.octets[i] == 7);

        secret_done(&key);
        for (size_t i = 0; i < sizeof(key.octets); i++)
                assert(key.octets[i] == 0);
        return 0;
}
