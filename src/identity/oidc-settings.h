// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Settings of a sign-in method of kind "oidc", an object of JSON (docs/oidc.md has them with examples):
 *
 *      issuer                    exactly as the provider spells it; required
 *      client_id                 what the provider calls us; required
 *      client_authentication     "basic" (default), "post" or "none"; the secret is the method's secret
 *      scope                     default "openid email profile offline_access"; what the provider does not
 * know is left out parameters                an object of further parameters of the authorization request
 *      claims                    {"email", "name", "department", "groups"}: names of claims; default the same
 * words algorithms                of signatures; default all that we know create_people             make an
 * account at the first sign-in; default true domains                   whose people may come; default the
 * tenant's own trust_email               every address of the provider is a verified one; default false
 *      link_by_verified_email    default false: core/sign-in/outside.h, truth 2
 *      check_every               seconds after which the provider is asked whether the person is still there;
 *                                default 3600, 0 never; the service's [oidc] check_least is the least
 *      roles                     {"GROUP": "administrator"}: whoever is in the group
 *                                (core/sign-in/outside-role.h); default nobody
 *      fallback                  whether its people come in by a password of ours: "no" (default),
 *                                "when-down" or "always"
 *      required_acr    a list: the provider is asked for one of these, and its ID token must name one
 *      required_amr    a list: its ID token must name each of them
 *      max_age         seconds: so long ago at most the person was asked there; default any
 *      assume_fresh    an answer to prompt=login is a fresh sign-in without auth_time; default false
 *
 * A value without pointers; the parser is pure.
 */

#include "core/sign-in/method.h"
#include "core/sign-in/outside.h"
#include "jose/jwk.h"

#define METHOD_OIDC         "oidc"
#define OIDC_PARAMETERS_MAX 8
#define OIDC_REQUIRED_MAX   8
#define OIDC_REQUIRED       128

enum oidc_client_authentication {
        OIDC_CLIENT_BASIC,
        OIDC_CLIENT_POST,
        OIDC_CLIENT_NONE,
};

struct oidc_parameter {
        char name[32];
        char value[256];
};

/* Words without blanks. */
struct oidc_required {
        char words[OIDC_REQUIRED_MAX][OIDC_REQUIRED];
        size_t count;
};

struct oidc_settings {
        char issuer[OUTSIDE_ISSUER];
        char client_id[256];
        enum oidc_client_authentication client_authentication;
        char scope[512];
        char email[64], name[64], department[64], groups[64]; /* names of claims */
        uint32_t algorithms;                                  /* of enum jws_algorithm */
        struct outside_policy policy;
        enum method_fallback fallback;
        int64_t check_ms; /* 0: never */
        struct oidc_parameter parameters[OIDC_PARAMETERS_MAX];
        size_t parameter_count;
        struct oidc_required acr; /* one of them */
        struct oidc_required amr; /* each of them */
        int64_t max_age_s;        /* -1: any */
        bool assumes_fresh;
};

/* False with a sentence where they cannot be used. */
bool oidc_settings_parse(struct text settings, struct oidc_settings *ret, char ret_complaint[CORE_WORDS]);
