// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "webauthn/credential.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A length, so many octets of what the browser says, and what the authenticator says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct credential_wanted wanted = { .challenge = TEXT_OF("0123456789abcdef"),
                                                  .origin = TEXT_OF("https://localhost:8443"),
                                                  .site = TEXT_OF("localhost") };
        struct text client_data, rest;
        struct credential credential;
        uint32_t counter;
        size_t first;

        if (size < 2)
                return 0;
        first = (size_t)data[0] << 8 | data[1];
        if (first > size - 2)
                first = size - 2;
        client_data = text_from_octets(data + 2, first);
        rest = text_from_octets(data + 2 + first, size - 2 - first);
        if (credential_register(client_data, rest, &wanted, &credential) == 0)
                assert(credential.id.len && credential.id.len <= CREDENTIAL_ID_MAX &&
                       credential.id.at >= rest.at && credential.public_key.len < rest.len);
        credential = (struct credential){ .id = TEXT_OF("id"), .public_key = rest };
        assert(credential_assert(client_data, rest, TEXT_OF("signature"), &wanted, &credential, &counter) !=
               0);
        return 0;
}
