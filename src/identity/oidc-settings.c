// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/oidc-settings.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "identity/role-settings.h"

#define CHECK_LEAST_S 1
#define CHECK_MOST_S  (30 * 86400)

/* Reads members and keeps the first complaint. */
struct reader {
        json_t *object;
        size_t asked; /* members of it that were asked for and there */
        char *complaint;
};

static void complain(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void complain(struct reader *reader, const char *format, ...)
{
        va_list args;

        if (reader->complaint[0])
                return;
        va_start(args, format);
        vsnprintf(reader->complaint, CORE_WORDS, format, args);
        va_end(args);
}

static json_t *member(struct reader *reader, const char *name)
{
        json_t *value = json_object_get(reader->object, name);

        if (value)
                reader->asked++;
        return value;
}

static bool is_words(json_t *value, char *ret, size_t size)
{
        struct text text = { json_string_value(value), json_string_length(value) };

        return json_is_string(value) && text.len > 0 && text_is_printable(text) && text_copy(text, ret, size);
}

static void read_words(struct reader *reader, const char *name, const char *otherwise, char *ret, size_t size)
{
        json_t *value = member(reader, name);

        if (!value && otherwise)
                snprintf(ret, size, "%s", otherwise);
        else if (!value)
                complain(reader, "\"%s\" is missing.", name);
        else if (!is_words(value, ret, size))
                complain(reader, "\"%s\" is a text of 1 to %zu octets.", name, size - 1);
}

static void read_flag(struct reader *reader, const char *name, bool otherwise, bool *ret)
{
        json_t *value = member(reader, name);

        *ret = value ? json_is_true(value) : otherwise;
        if (value && !json_is_boolean(value))
                complain(reader, "\"%s\" is true or false.", name);
}

/* OpenID Connect Discovery 1.0, section 3: a URL without query and fragment. Where it may lead, the
 * operator's settings say (net/fetch-policy.h), when it is used. */
static void read_issuer(struct reader *reader, struct oidc_settings *s)
{
        struct text issuer;

        read_words(reader, "issuer", NULL, s->issuer, sizeof(s->issuer));
        issuer = text_from(s->issuer);
        if (!text_starts_with(issuer, "https://") && !text_starts_with(issuer, "http://"))
                complain(reader, "\"issuer\" is an address that begins with https://.");
        if (strpbrk(s->issuer, "?# "))
                complain(reader, "\"issuer\" has neither \"?\" nor \"#\" nor blanks.");
}

static void read_client(struct reader *reader, struct oidc_settings *s)
{
        static const char *const ways[] = { "basic", "post", "none" };
        char way[16] = "";
        size_t i;

        read_words(reader, "client_id", NULL, s->client_id, sizeof(s->client_id));
        read_words(reader, "client_authentication", "basic", way, sizeof(way));
        for (i = 0; i < ARRAY_LENGTH(ways) && strcmp(ways[i], way) != 0; i++)
                ;
        if (i == ARRAY_LENGTH(ways))
                complain(reader, "\"client_authentication\" is \"basic\", \"post\" or \"none\".");
        else
                s->client_authentication = (enum oidc_client_authentication)i;
}

static void read_scope(struct reader *reader, struct oidc_settings *s)
{
        struct text rest, one;
        bool has_openid = false, more = true;

        read_words(reader, "scope", "openid email profile offline_access", s->scope, sizeof(s->scope));
        for (rest = text_from(s->scope); more;) {
                more = text_cut(rest, ' ', &one, &rest);
                has_openid |= text_equal_string(one, "openid");
        }
        if (!has_openid)
                complain(reader, "\"scope\" must contain \"openid\".");
}

static void read_claims(struct reader *reader, struct oidc_settings *s)
{
        json_t *value = member(reader, "claims");
        struct reader inner = { value, 0, reader->complaint };

        if (value && !json_is_object(value))
                complain(reader, "\"claims\" is an object.");
        read_words(&inner, "email", "email", s->email, sizeof(s->email));
        read_words(&inner, "name", "name", s->name, sizeof(s->name));
        read_words(&inner, "department", "department", s->department, sizeof(s->department));
        read_words(&inner, "groups", "groups", s->groups, sizeof(s->groups));
        if (inner.asked < json_object_size(value))
                complain(reader, "\"claims\" has email, name, department and groups, nothing else.");
}

static void read_algorithms(struct reader *reader, struct oidc_settings *s)
{
        json_t *value = member(reader, "algorithms"), *one;
        size_t i;

        s->algorithms = value ? 0 : JWS_ALL_ALGORITHMS;
        json_array_foreach(value, i, one)
        {
                enum jws_algorithm algorithm;
                char name[16];

                if (!is_words(one, name, sizeof(name)) || !jws_algorithm_parse(text_from(name), &algorithm))
                        complain(reader,
                                 "\"algorithms\" are of RS256, RS384, RS512, PS256, ES256, ES384, EdDSA.");
                else
                        s->algorithms |= algorithm;
        }
        if (!s->algorithms)
                complain(reader, "\"algorithms\" is a list of at least one.");
}

static bool is_domain(char *name)
{
        for (char *at = name; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
        return strchr(name, '.') && name[0] != '.' && !strpbrk(name, "@ /*");
}

static void read_domains(struct reader *reader, struct outside_policy *policy)
{
        json_t *value = member(reader, "domains"), *one;
        size_t i;

        if (value && (!json_is_array(value) || json_array_size(value) > OUTSIDE_DOMAINS_MAX))
                complain(reader, "\"domains\" is a list of at most %d.", OUTSIDE_DOMAINS_MAX);
        json_array_foreach(value, i, one)
        {
                if (i >= OUTSIDE_DOMAINS_MAX)
                        return;
                if (!is_words(one, policy->domains[i], CORE_EMAIL) || !is_domain(policy->domains[i]))
                        complain(reader, "\"domains\" are mail domains, such as \"example.org\".");
                policy->domain_count = i + 1;
        }
}

static void read_fallback(struct reader *reader, struct oidc_settings *s)
{
        char word[16] = "";

        read_words(reader, "fallback", "no", word, sizeof(word));
        if (!method_fallback_parse(text_from(word), &s->fallback))
                complain(reader, "\"fallback\" is \"no\", \"when-down\" or \"always\".");
}

static void read_policy(struct reader *reader, struct oidc_settings *s)
{
        json_t *value = member(reader, "check_every");
        json_int_t seconds = value ? json_integer_value(value) : 3600;

        read_flag(reader, "create_people", true, &s->policy.creates);
        read_flag(reader, "trust_email", false, &s->policy.trusts_email);
        read_flag(reader, "link_by_verified_email", false, &s->policy.links_by_email);
        read_domains(reader, &s->policy);
        if (!role_settings_parse(member(reader, "roles"), &s->policy))
                complain(reader, ROLE_SETTINGS_COMPLAINT, OUTSIDE_ROLES_MAX);
        if ((value && !json_is_integer(value)) ||
            (seconds != 0 && (seconds < CHECK_LEAST_S || seconds > CHECK_MOST_S))) {
                seconds = 0;
                complain(reader, "\"check_every\" is a number of seconds from %d to %d, or 0.", CHECK_LEAST_S,
                         CHECK_MOST_S);
        }
        s->check_ms = seconds * 1000;
}

/* What the protocol itself writes is nobody else's to write. */
static bool is_ours(const char *name)
{
        static const char *const names[] = { "response_type", "response_mode",  "client_id",
                                             "redirect_uri",  "scope",          "state",
                                             "nonce",         "code_challenge", "code_challenge_method",
                                             "acr_values",    "max_age",        "request",
                                             "request_uri",   "login_hint",     "client_secret" };

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                if (strcmp(names[i], name) == 0)
                        return true;
        return false;
}

static void read_parameters(struct reader *reader, struct oidc_settings *s)
{
        json_t *value = member(reader, "parameters"), *one;
        const char *name;

        if (value && (!json_is_object(value) || json_object_size(value) > OIDC_PARAMETERS_MAX))
                complain(reader, "\"parameters\" is an object of at most %d.", OIDC_PARAMETERS_MAX);
        json_object_foreach(value, name, one)
        {
                struct oidc_parameter *to = &s->parameters[s->parameter_count];

                if (s->parameter_count == OIDC_PARAMETERS_MAX)
                        return;
                if (!text_is_name(text_from(name)) || strlen(name) >= sizeof(to->name) || is_ours(name))
                        complain(reader, "\"parameters\" cannot have \"%.32s\".", name);
                else if (!is_words(one, to->value, sizeof(to->value)))
                        complain(reader, "\"parameters\" are texts.");
                snprintf(to->name, sizeof(to->name), "%s", name);
                s->parameter_count++;
        }
}

/* They stand between blanks in the request (section 3.1.2.1). */
static void read_required(struct reader *reader, const char *name, struct oidc_required *ret)
{
        json_t *value = member(reader, name), *one;
        size_t i;

        if (value && (!json_is_array(value) || json_array_size(value) > OIDC_REQUIRED_MAX))
                complain(reader, "\"%s\" is a list of at most %d.", name, OIDC_REQUIRED_MAX);
        json_array_foreach(value, i, one)
        {
                if (i >= OIDC_REQUIRED_MAX)
                        return;
                if (!is_words(one, ret->words[i], OIDC_REQUIRED) || strchr(ret->words[i], ' '))
                        complain(reader, "\"%s\" are words without blanks, as the provider says them.", name);
                ret->count = i + 1;
        }
}

static void read_strength(struct reader *reader, struct oidc_settings *s)
{
        json_t *value = member(reader, "max_age");
        json_int_t seconds = value ? json_integer_value(value) : -1;

        read_required(reader, "required_acr", &s->acr);
        read_required(reader, "required_amr", &s->amr);
        read_flag(reader, "assume_fresh", false, &s->assumes_fresh);
        if (value && (!json_is_integer(value) || seconds < 0 || seconds > CHECK_MOST_S))
                complain(reader, "\"max_age\" is a number of seconds from 0 to %d.", CHECK_MOST_S);
        s->max_age_s = seconds;
}

bool oidc_settings_parse(struct text settings, struct oidc_settings *ret, char ret_complaint[CORE_WORDS])
{
        SCOPED(json_decrefp)
        json_t *object =
                json_loadb(settings.len ? settings.at : "", settings.len, JSON_REJECT_DUPLICATES, NULL);
        struct reader reader = { object, 0, ret_complaint };

        *ret = (struct oidc_settings){ 0 };
        ret_complaint[0] = 0;
        if (!json_is_object(object)) {
                complain(&reader, "The settings are an object of JSON; docs/oidc.md has examples.");
                return false;
        }
        read_issuer(&reader, ret);
        read_client(&reader, ret);
        read_scope(&reader, ret);
        read_claims(&reader, ret);
        read_algorithms(&reader, ret);
        read_policy(&reader, ret);
        read_fallback(&reader, ret);
        read_parameters(&reader, ret);
        read_strength(&reader, ret);
        if (reader.asked < json_object_size(object))
                complain(&reader, "There is a setting that nobody knows; docs/oidc.md lists them.");
        return ret_complaint[0] == 0;
}
