// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/redirect.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"
#include "core/sign-in/credential.h"
#include "core/sign-in/token-scope.h"

static const struct {
        const char *uri;
        bool good;
        const char *origin;
} valid[] = {
        { "https://erp.example/callback", true, "https://erp.example" },
        { "https://erp.example:8443/a/b?c=d", true, "https://erp.example:8443" },
        { "https://erp.example", true, "https://erp.example" },
        { "https://[2001:db8::1]/x", true, "https://[2001:db8::1]" },
        { "http://127.0.0.1/callback", true, "http://127.0.0.1" },
        { "http://127.0.0.1:4711/callback", true, "http://127.0.0.1:4711" },
        { "http://[::1]:4711/callback", true, "http://[::1]:4711" },
        { "http://localhost/callback", false, NULL },
        { "http://erp.example/callback", false, NULL },
        { "http://127.0.0.1.evil.example/", false, NULL },
        { "http://127.0.0.1@evil.example/", false, NULL },
        { "https://erp.example:/x", false, NULL },
        { "https://user@erp.example/", false, NULL },
        { "https://erp.example/#fragment", false, NULL },
        { "https://erp.example/ x", false, NULL },
        { "https://erp.example\\evil.example/", false, NULL },
        { "https://erp.example/\"><script>", false, NULL },
        { "https://", false, NULL },
        { "https:///x", false, NULL },
        { "https://[::1/x", false, NULL },
        { "javascript:alert(1)", false, NULL },
        { "data:text/html,x", false, NULL },
        { "//erp.example/", false, NULL },
        { "", false, NULL },
};

static const struct {
        const char *registered;
        const char *given;
        bool good;
} matching[] = {
        { "https://erp.example/cb", "https://erp.example/cb", true },
        { "https://erp.example/cb", "https://erp.example/cb/", false },
        { "https://erp.example/cb", "https://erp.example/cb?x=1", false },
        { "https://erp.example/cb", "https://erp.example/CB", false },
        { "https://erp.example/cb", "https://erp.example/c%62", false },
        { "https://erp.example/cb", "https://erp.example:443/cb", false },
        { "https://erp.example/cb", "https://erp.example.evil.example/cb", false },
        { "https://erp.example/cb", "https://ERP.example/cb", false },
        { "http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", true },
        { "http://127.0.0.1:1/cb", "http://127.0.0.1/cb", true },
        { "http://[::1]/cb", "http://[::1]:5000/cb", true },
        { "http://127.0.0.1/cb", "http://[::1]:5000/cb", false },
        { "http://127.0.0.1/cb", "http://localhost:5000/cb", false },
        { "http://127.0.0.1/cb", "http://127.0.0.1:5000/other", false },
        { "http://127.0.0.1/cb", "http://127.0.0.1:@evil.example/cb", false },
        { "http://127.0.0.1/cb", "http://127.0.0.1:5000@evil.example/cb", false },
        { "http://127.0.0.1/cb", "http://127.0.0.1:/cb", false },
        { "http://127.0.0.1/cb", "https://127.0.0.1:5000/cb", false },
};

static const struct {
        const char *text;
        bool good;
        uint32_t scopes;
} scopes[] = {
        { "print", true, SCOPE_PRINT },
        { "read print", true, SCOPE_PRINT | SCOPE_READ },
        { "print release read account admin", true, SCOPES_ALL },
        { "print print", false, 0 },
        { "Print", false, 0 },
        { "print  read", false, 0 },
        { " print", false, 0 },
        { "everything", false, 0 },
        { "", false, 0 },
};

int main(void)
{
        char made[CREDENTIAL_STRING], other[CREDENTIAL_STRING];
        uint8_t zeros[32] = { 0 };

        for (size_t i = 0; i < ARRAY_LENGTH(valid); i++) {
                struct text uri = text_from(valid[i].uri);

                printf("%s\n", valid[i].uri);
                assert(redirect_is_valid(uri) == valid[i].good);
                if (valid[i].good)
                        assert(text_equal_string(redirect_origin(uri), valid[i].origin));
        }
        for (size_t i = 0; i < ARRAY_LENGTH(matching); i++) {
                printf("%s %s\n", matching[i].registered, matching[i].given);
                assert(redirect_matches(text_from(matching[i].registered), text_from(matching[i].given)) ==
                       matching[i].good);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(scopes); i++) {
                char again[TOKEN_SCOPES_STRING];
                uint32_t value = 0, same = 0;

                printf("\"%s\"\n", scopes[i].text);
                assert(token_scopes_parse(text_from(scopes[i].text), &value) == scopes[i].good);
                assert(value == scopes[i].scopes);
                token_scopes_format(value, again);
                assert(!value || (token_scopes_parse(text_from(again), &same) && same == value));
        }
        assert(token_scope_name(4) && !token_scope_name(5));
        credential_make("at_", made);
        credential_make("at_", other);
        assert(credential_is(text_from(made), "at_") && !credential_is(text_from(made), "rt_"));
        assert(!text_equal_string(text_from(made), other));
        credential_format("", zeros, made);
        assert(text_equal_string(text_from(made), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        return 0;
}
