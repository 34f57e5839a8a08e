// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sign-in with providers outside of this service: the drivers of core/sign-in/method.h that ask somebody else
 * who a person is. One file a driver (oidc-driver.c), listed in identity_drivers; core keeps their settings
 * and never reads them.
 *
 * A struct identity is what the drivers share: the way out to other servers, and what they remember of them.
 * It is made before core, is core's method_context, and outlives it. Safe from every thread.
 */

#include "core/sign-in/method.h"
#include "net/fetch.h"

struct config;
struct identity;

struct identity_settings {
        struct fetch_settings fetch;
        int64_t keys_again_ms;  /* a provider's keys are fetched anew for an unknown one, not more often;
                                   default 30 s */
        int64_t check_least_ms; /* a provider is asked about a sign-in not more often; default 1 min */
        int64_t leeway_ms;      /* by how much a provider's clock may differ; default 1 min */
        int64_t flow_ms;        /* a sign-in at a provider takes at most; default 10 min */
};

struct identity_settings identity_settings_default(void);
/* Reads [fetch] and [oidc] of the settings. */
struct identity_settings identity_settings_read(struct config *config);

/* For core_parts.method_drivers. */
extern const struct method_driver *const identity_drivers[];

/* FETCH_BAD_URL where [fetch] allow or ports cannot be read. */
int identity_new(const struct identity_settings *settings, struct identity **ret);
void identity_free(struct identity *identity);
void identity_freep(struct identity **identity);

const struct identity_settings *identity_settings(const struct identity *identity);
struct fetcher *identity_fetcher(const struct identity *identity);

/* From now on nobody is asked any more: what is under way ends within its time. Any thread. */
void identity_stop(struct identity *identity);

/*
 * Asks providers whether people who signed in by them are still there, where that is due; bounded work each
 * time. Call about every second from one thread, which may be kept for the time of some questions.
 */
int identity_check(struct identity *identity, struct core *core);
