// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdlib.h>

#include "base/scope.h"
#include "jose/claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keys whose secrets nobody has any more. */
static const char document[] =
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"p\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
        "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"e\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

/* A token gives out nothing unless it is signed, and claims of any form are read without harm: the input is
 * taken for either. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(buffer_done) struct buffer payload = BUFFER(JWS_OCTETS_MAX);
        SCOPED(claims_done) struct claims claims = { 0 };
        const struct id_token_wanted wanted = { .issuer = TEXT("https://id.example"),
                                                .client = TEXT("print"),
                                                .nonce = { NULL, 0 },
                                                .access_token = TEXT("token"),
                                                .now_ms = INT64_C(1790000000000),
                                                .leeway_ms = 60000 };
        struct text input = text_from_octets(data, size), list[4];
        struct jws_header header = { .algorithm = JWS_RS256 };
        static struct jwk_set *keys;
        size_t count;

        if (!keys && jwk_set_parse(text_from(document), &keys))
                abort();
        if (jws_open(input, keys, JWS_ALL_ALGORITHMS, &payload, &header))
                assert(payload.len == 0);
        if (claims_open(input, &claims))
                return 0;
        if (id_token_check(&claims, &header, &wanted) == 0)
                assert(text_equal(claims_text(&claims, "iss"), wanted.issuer) &&
                       claims_text(&claims, "sub").len);
        if (logout_token_check(&claims, &header, &wanted) == 0)
                assert(claims_text(&claims, "jti").len && !claims_text(&claims, "nonce").at);
        (void)claims_list(&claims, "groups", list, 4, &count);
        (void)claims_flag(&claims, "email_verified");
        return 0;
}
