// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/oidc-provider.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "identity/identity.h"
#include "jose/claims.h"

#define KEPT_MAX      64
#define FRESH_LEAST_S 300
#define FRESH_MOST_S  86400
#define FRESH_S       3600

struct oidc_providers {
        pthread_mutex_t lock;
        struct oidc_provider *kept[KEPT_MAX];
};

struct oidc_providers *oidc_providers_new(void)
{
        struct oidc_providers *providers = calloc(1, sizeof(*providers));

        if (providers)
                pthread_mutex_init(&providers->lock, NULL);
        return providers;
}

static void provider_free(struct oidc_provider *provider)
{
        if (!provider)
                return;
        jwk_set_free(provider->keys);
        free(provider);
}

static void provider_freep(struct oidc_provider **provider)
{
        provider_free(*provider);
}

void oidc_providers_free(struct oidc_providers *providers)
{
        if (!providers)
                return;
        for (size_t i = 0; i < KEPT_MAX; i++)
                provider_free(providers->kept[i]);
        pthread_mutex_destroy(&providers->lock);
        free(providers);
}

/* Under the lock. */
static void release(struct oidc_provider *provider)
{
        if (provider && --provider->holders == 0)
                provider_free(provider);
}

void oidc_provider_put(struct identity *identity, struct oidc_provider *provider)
{
        struct oidc_providers *providers = identity_providers(identity);

        if (!provider)
                return;
        pthread_mutex_lock(&providers->lock);
        release(provider);
        pthread_mutex_unlock(&providers->lock);
}

static struct oidc_provider *recall(struct oidc_providers *providers, const char *issuer)
{
        struct oidc_provider *found = NULL;

        pthread_mutex_lock(&providers->lock);
        for (size_t i = 0; i < KEPT_MAX && !found; i++)
                if (providers->kept[i] && strcmp(providers->kept[i]->issuer, issuer) == 0)
                        found = providers->kept[i];
        if (found)
                found->holders++;
        pthread_mutex_unlock(&providers->lock);
        return found;
}

/* In the place of its former self, a free one, or the one that is over first. */
static void remember(struct oidc_providers *providers, struct oidc_provider *provider)
{
        size_t place = 0;

        pthread_mutex_lock(&providers->lock);
        for (size_t i = 0; i < KEPT_MAX; i++) {
                if (providers->kept[i] && strcmp(providers->kept[i]->issuer, provider->issuer) == 0) {
                        place = i;
                        break;
                }
                if (providers->kept[place] &&
                    (!providers->kept[i] || providers->kept[i]->until_ms < providers->kept[place]->until_ms))
                        place = i;
        }
        release(providers->kept[place]);
        providers->kept[place] = provider;
        provider->holders++;
        pthread_mutex_unlock(&providers->lock);
}

static int refuse(int refusal, char words[CORE_WORDS], const char *what, const char *why)
{
        snprintf(words, CORE_WORDS, "%.70s: %.180s.", what, why);
        return refusal;
}

/* One document of JSON. */
static int get(struct identity *identity, const char *url, const char *what, struct fetch_answer *answer,
               char words[CORE_WORDS])
{
        struct fetch_request request = { .url = url };
        char why[256];
        int r = fetcher_fetch(identity_fetcher(identity), &request, answer, why);

        if (r < 0)
                return r;
        if (r)
                return refuse(r == FETCH_BUSY ? OIDC_CROWDED : OIDC_UNREACHABLE, words, what, why);
        if (answer->status != 200) {
                snprintf(why, sizeof(why), "the answer has status %d", answer->status);
                return refuse(answer->status >= 500 || answer->status == 429 ? OIDC_UNREACHABLE
                                                                             : OIDC_BAD_PROVIDER,
                              words, what, why);
        }
        return 0;
}

static int64_t fresh_ms(const struct fetch_answer *answer)
{
        int64_t seconds = answer->fresh_s < 0 ? FRESH_S : answer->fresh_s;

        if (seconds < FRESH_LEAST_S)
                seconds = FRESH_LEAST_S;
        return (seconds > FRESH_MOST_S ? FRESH_MOST_S : seconds) * 1000;
}

/* An endpoint that we ask ourselves, where the fetcher may go; or one that only the browser visits. */
static bool read_endpoint(const struct identity *identity, const struct claims *document, const char *name,
                          bool for_us, char ret[OIDC_URL])
{
        struct text url = claims_text(document, name);
        struct text rest;

        ret[0] = 0;
        if (!url.at)
                return true;
        if (!text_copy(url, ret, OIDC_URL) || !text_is_printable(url) || memchr(url.at, '#', url.len) ||
            memchr(url.at, ' ', url.len))
                return false;
        if (for_us)
                return fetcher_check_url(identity_fetcher(identity), ret) == 0;
        rest = url;
        return text_starts_with(rest, "https://") ||
               (text_starts_with(rest, "http://") && fetcher_check_url(identity_fetcher(identity), ret) == 0);
}

static void read_scopes(const struct claims *document, struct oidc_provider *provider)
{
        SCOPED(buffer_done) struct buffer words = BUFFER(sizeof(provider->scopes) - 1);
        struct text scopes[64];
        size_t count;

        if (!claims_list(document, "scopes_supported", scopes, ARRAY_LENGTH(scopes), &count) || count == 0)
                return;
        buffer_add_string(&words, " ");
        for (size_t i = 0; i < count; i++) {
                buffer_add_text(&words, scopes[i]);
                buffer_add_string(&words, " ");
        }
        if (buffer_string(&words))
                snprintf(provider->scopes, sizeof(provider->scopes), "%s", buffer_string(&words));
}

/* Section 4.3: the document must be of the very issuer that was asked. */
static int read_document(struct identity *identity, const struct claims *document, const char *issuer,
                         struct oidc_provider *p, char words[CORE_WORDS])
{
        static const char what[] = "What the provider says of itself cannot be used";

        if (!text_equal_string(claims_text(document, "issuer"), issuer))
                return refuse(OIDC_BAD_PROVIDER, words, what,
                              "\"issuer\" is not exactly the one of the settings");
        if (!read_endpoint(identity, document, "authorization_endpoint", false, p->authorization) ||
            !read_endpoint(identity, document, "token_endpoint", true, p->token) ||
            !read_endpoint(identity, document, "jwks_uri", true, p->keys_url) ||
            !read_endpoint(identity, document, "userinfo_endpoint", true, p->userinfo) ||
            !read_endpoint(identity, document, "end_session_endpoint", false, p->end_session))
                return refuse(OIDC_BAD_PROVIDER, words, what,
                              "an endpoint is not an address that we may ask");
        if (!p->authorization[0] || !p->token[0] || !p->keys_url[0])
                return refuse(OIDC_BAD_PROVIDER, words, what,
                              "authorization_endpoint, token_endpoint or jwks_uri is missing");
        snprintf(p->issuer, sizeof(p->issuer), "%s", issuer);
        p->sends_issuer = claims_flag(document, "authorization_response_iss_parameter_supported");
        read_scopes(document, p);
        return 0;
}

static int fetch_document(struct identity *identity, const char *issuer, struct oidc_provider *provider,
                          char words[CORE_WORDS])
{
        SCOPED(fetch_answer_done) struct fetch_answer answer = { 0 };
        SCOPED(claims_done) struct claims document = { 0 };
        struct text base = text_from(issuer);
        char url[OUTSIDE_ISSUER + 64];
        int r;

        if (text_ends_with(base, "/"))
                base.len--;
        snprintf(url, sizeof(url), "%.*s/.well-known/openid-configuration", TEXT_ARGS(base));
        r = get(identity, url, "The provider's description could not be fetched", &answer, words);
        if (r)
                return r;
        if (claims_open(buffer_text(&answer.body), &document))
                return refuse(OIDC_BAD_PROVIDER, words, "What the provider says of itself cannot be used",
                              "it is no object of JSON");
        provider->until_ms = clock_monotonic_ms() + fresh_ms(&answer);
        return read_document(identity, &document, issuer, provider, words);
}

static int fetch_keys(struct identity *identity, struct oidc_provider *provider, char words[CORE_WORDS])
{
        SCOPED(fetch_answer_done) struct fetch_answer answer = { 0 };
        int64_t until_ms;
        int r = get(identity, provider->keys_url, "The provider's keys could not be fetched", &answer, words);

        if (r)
                return r;
        r = jwk_set_parse(buffer_text(&answer.body), &provider->keys);
        if (r > 0)
                return refuse(OIDC_BAD_PROVIDER, words, "The provider's keys cannot be used",
                              r == JWK_NONE_OF_USE ? "none of them is for signatures that we know"
                                                   : "they are no set of keys");
        if (r)
                return r;
        provider->fetched_ms = clock_monotonic_ms();
        until_ms = provider->fetched_ms + fresh_ms(&answer);
        if (until_ms < provider->until_ms)
                provider->until_ms = until_ms;
        return 0;
}

/* former: its description is still good, its keys are not; or NULL. */
static int provider_fetch(struct identity *identity, const char *issuer, const struct oidc_provider *former,
                          struct oidc_provider **ret, char words[CORE_WORDS])
{
        SCOPED(provider_freep) struct oidc_provider *provider = calloc(1, sizeof(*provider));
        int r = 0;

        if (!provider)
                return fault(-ENOMEM);
        if (former) {
                *provider = *former;
                provider->keys = NULL;
                provider->holders = 0;
        } else {
                r = fetch_document(identity, issuer, provider, words);
        }
        if (r == 0)
                r = fetch_keys(identity, provider, words);
        if (r)
                return r;
        provider->holders = 1;
        remember(identity_providers(identity), provider);
        *ret = take(provider);
        return 0;
}

static int get_provider(struct identity *identity, const char *issuer, bool with_new_keys,
                        struct oidc_provider **ret, char words[CORE_WORDS])
{
        struct oidc_provider *known = recall(identity_providers(identity), issuer);
        int64_t now = clock_monotonic_ms();
        bool is_over = known && known->until_ms <= now;
        int r;

        words[0] = 0;
        if (known && !is_over &&
            (!with_new_keys || now - known->fetched_ms < identity_settings(identity)->keys_again_ms)) {
                *ret = known;
                return 0;
        }
        r = provider_fetch(identity, issuer, is_over ? NULL : known, ret, words);
        oidc_provider_put(identity, known);
        return r;
}

int oidc_provider_get(struct identity *identity, const char *issuer, bool with_new_keys,
                      struct oidc_provider **ret, char words[CORE_WORDS])
{
        int r = get_provider(identity, issuer, with_new_keys, ret, words);

        return r == OIDC_CROWDED ? OIDC_UNREACHABLE : r;
}

int oidc_provider_reach(struct identity *identity, const char *issuer, char words[CORE_WORDS])
{
        struct oidc_provider *provider = NULL;
        int r = get_provider(identity, issuer, true, &provider, words);

        oidc_provider_put(identity, provider);
        return r;
}
