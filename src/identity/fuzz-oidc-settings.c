// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "identity/oidc-settings.h"
#include "jose/jwk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever an administrator writes: it can be used, or a sentence says what is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        char complaint[CORE_WORDS];
        struct oidc_settings s;

        if (!oidc_settings_parse(text_from_octets(data, size), &s, complaint)) {
                assert(complaint[0] && strlen(complaint) < sizeof(complaint));
                return 0;
        }
        assert(text_starts_with(text_from(s.issuer), "http") && s.client_id[0] && strstr(s.scope, "openid"));
        assert(s.algorithms && !(s.algorithms & ~JWS_ALL_ALGORITHMS));
        assert(s.policy.domain_count <= OUTSIDE_DOMAINS_MAX && s.parameter_count <= OIDC_PARAMETERS_MAX);
        return 0;
}
