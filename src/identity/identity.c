// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/identity.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "identity/ldap.h"
#include "identity/oidc-driver.h"
#include "identity/oidc-session.h"

#define CHECKS_AT_ONCE 16

struct identity {
        struct identity_settings settings;
        struct fetcher *fetcher;
        struct oidc_providers *providers;
        atomic_bool stopping;
};

const struct method_driver *const identity_drivers[] = {
        &ldap_driver,
        &oidc_driver,
        NULL,
};

struct identity_settings identity_settings_default(void)
{
        return (struct identity_settings){
                .fetch = fetch_settings_default(),
                .keys_again_ms = 30000,
                .check_least_ms = 60000,
                .leeway_ms = 60000,
                .flow_ms = 600000,
        };
}

struct identity_settings identity_settings_read(struct config *config)
{
        struct identity_settings s = identity_settings_default();

        s.fetch = fetch_settings_read(config);
        s.keys_again_ms = config_duration_ms(config, "oidc", "keys_again", s.keys_again_ms, 0, 86400000);
        s.check_least_ms =
                config_duration_ms(config, "oidc", "check_least", s.check_least_ms, 1000, 86400000);
        s.leeway_ms = config_duration_ms(config, "oidc", "leeway", s.leeway_ms, 0, 600000);
        s.flow_ms = config_duration_ms(config, "oidc", "flow", s.flow_ms, 10000, 3600000);
        return s;
}

int identity_new(const struct identity_settings *settings, struct identity **ret)
{
        SCOPED(identity_freep) struct identity *identity = calloc(1, sizeof(*identity));
        int r;

        if (!identity)
                return fault(-ENOMEM);
        identity->settings = *settings;
        identity->providers = oidc_providers_new();
        if (!identity->providers)
                return fault(-ENOMEM);
        r = fetcher_new(&settings->fetch, &identity->fetcher);
        if (r)
                return r;
        *ret = take(identity);
        return 0;
}

void identity_free(struct identity *identity)
{
        if (!identity)
                return;
        oidc_providers_free(identity->providers);
        fetcher_free(identity->fetcher);
        free(identity);
}

void identity_freep(struct identity **identity)
{
        identity_free(*identity);
}

const struct identity_settings *identity_settings(const struct identity *identity)
{
        return &identity->settings;
}

struct fetcher *identity_fetcher(const struct identity *identity)
{
        return identity->fetcher;
}

struct oidc_providers *identity_providers(const struct identity *identity)
{
        return identity->providers;
}

void identity_stop(struct identity *identity)
{
        atomic_store(&identity->stopping, true);
}

int identity_check(struct identity *identity, struct core *core)
{
        SCOPED(freep) struct outside_session *due = calloc(CHECKS_AT_ONCE, sizeof(*due));
        char words[CORE_WORDS], method[ID_STRING];
        size_t count = 0;
        int r;

        if (!due)
                return fault(-ENOMEM);
        r = outside_session_due(core, clock_unix_ms(), due, CHECKS_AT_ONCE, &count);
        for (size_t i = 0; r == 0 && i < count && !atomic_load(&identity->stopping); i++) {
                int answer = oidc_session_check(identity, core, &due[i], words);

                if (answer < 0)
                        r = answer;
                if (answer <= 0 || answer == OIDC_DENIED)
                        continue;
                id_format(due[i].method, method);
                log_write(LOG_WARNING, "provider-not-asked", "method", method, "reason", words, NULL);
        }
        return r;
}
