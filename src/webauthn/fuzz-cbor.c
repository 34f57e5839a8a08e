// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "webauthn/cbor.h"
#include "webauthn/public-key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted as a whole was read to its end and can be looked into; what is no key is no key again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text octets = text_from_octets(data, size);
        struct cursor c = cursor_from(octets), at;
        struct text whole = cbor_whole(&c);

        if (cursor_is_good(&c)) {
                struct cursor again = cursor_from(whole);

                assert(whole.len + c.left == size && whole.len > 0);
                cbor_skip(&again);
                assert(cursor_is_good(&again) && again.left == 0);
                if (cbor_find_number(whole, 3, &at))
                        assert(at.left <= whole.len);
                if (cbor_find_text(whole, "authData", &at))
                        assert(at.left <= whole.len);
        }
        assert(public_key_check(octets) >= 0);
        return 0;
}
