// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "base/scope.h"
#include "jose/jwk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a provider publishes: what is kept can be used, and nothing is found by a kid it does not have. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(jwk_set_freep) struct jwk_set *set = NULL;

        if (jwk_set_parse(text_from_octets(data, size), &set) != 0)
                return 0;
        assert(set->count > 0 && set->count <= JWK_KEYS_MAX);
        for (size_t i = 0; i < set->count; i++) {
                const struct jwk *key = &set->keys[i];

                assert(key->key && key->kind >= JWK_RSA && key->kind <= JWK_ED25519);
                for (unsigned int bit = 0; bit < 7; bit++) {
                        const struct jwk *found =
                                jwk_set_find(set, text_from(key->kid), (enum jws_algorithm)(1 << bit));

                        assert(!found ||
                               (found->has_kid && text_equal_string(text_from(found->kid), key->kid) &&
                                found->kind == jws_algorithm_kind((enum jws_algorithm)(1 << bit))));
                }
        }
        return 0;
}
