// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/oidc-driver.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "identity/identity.h"
#include "identity/oidc-token.h"

static bool check(struct text settings, char ret_complaint[CORE_WORDS])
{
        struct oidc_settings parsed;

        return oidc_settings_parse(settings, &parsed, ret_complaint);
}

/* What can be known without a person: that the provider describes itself, publishes keys, and does not refuse
 * our client outright. */
static int try_it(struct core *core, struct id tenant, const struct method *method,
                  char ret_sentence[CORE_WORDS])
{
        struct identity *identity = core_method_context(core);
        struct oidc_provider *provider = NULL;
        struct oidc_settings settings;
        size_t keys;
        bool asks;
        int r;

        (void)tenant;
        if (!oidc_settings_parse(text_from(method->settings), &settings, ret_sentence))
                return CORE_BAD_VALUE;
        if (settings.client_authentication != OIDC_CLIENT_NONE && !method->has_secret) {
                snprintf(ret_sentence, CORE_WORDS,
                         "The method has no secret: set what the provider gave with the client id, or "
                         "client_authentication to \"none\".");
                return CORE_BAD_VALUE;
        }
        r = oidc_provider_get(identity, settings.issuer, true, &provider, ret_sentence);
        if (r)
                return r > 0 ? CORE_BAD_VALUE : r;
        keys = provider->keys->count;
        asks = strstr(provider->scopes, " offline_access ") || !provider->scopes[0];
        oidc_provider_put(identity, provider);
        snprintf(
                ret_sentence, CORE_WORDS,
                "The provider describes itself as it should and publishes %zu %s that we can use. Sign in once to "
                "see that it accepts our client.%s",
                keys, keys == 1 ? "key" : "keys",
                asks ? "" : " It does not speak of offline_access: see docs/oidc.md.");
        return 0;
}

/* Settings that cannot be read any more let nobody in. */
static enum method_fallback fallback(struct core *core, const struct method *method)
{
        struct oidc_settings settings;
        char complaint[CORE_WORDS];

        (void)core;
        return oidc_settings_parse(text_from(method->settings), &settings, complaint) ? settings.fallback
                                                                                      : METHOD_FALLBACK_NO;
}

/* Its keys are fetched, unless they were a moment ago. A provider that answers nonsense is there. */
static int reach(struct core *core, struct id tenant, const struct method *method)
{
        struct identity *identity = core_method_context(core);
        struct oidc_settings settings;
        char words[CORE_WORDS];
        int r;

        (void)tenant;
        if (!oidc_settings_parse(text_from(method->settings), &settings, words))
                return 0;
        r = oidc_provider_reach(identity, settings.issuer, words);
        return r < 0 ? r : r == OIDC_UNREACHABLE ? CORE_UNREACHABLE : r == OIDC_CROWDED ? CORE_BUSY : 0;
}

const struct method_driver oidc_driver = {
        .kind = METHOD_OIDC,
        .title = "Sign in with your organisation",
        .check = check,
        .try = try_it,
        .fallback = fallback,
        .reach = reach,
};
