// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crew.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/roster.h"
#include "identity/ldap-ask.h"
#include "identity/ldap-domain.h"
#include "identity/ldap-verified.h"

#define ARENA_OCTETS ((size_t)256 << 10)
#define REFUSED_MS   100

static bool check(struct text settings, char ret_complaint[CORE_WORDS])
{
        SCOPED(freep) struct ldap_settings *parsed = malloc(sizeof(*parsed));

        if (parsed)
                return ldap_settings_parse(settings, parsed, ret_complaint);
        snprintf(ret_complaint, CORE_WORDS, "Not enough memory just now.");
        return false;
}

/* ---- a trial ---- */

/* The steps in a row, "resolve, connect, tls, bind: done; search: of 3 people …". */
static void tell_steps(const struct directory_answer *answer, char ret[CORE_WORDS])
{
        const struct directory_step *last = NULL;
        size_t length = 0;

        ret[0] = 0;
        for (size_t i = 0; i < answer->step_count; i++) {
                const struct directory_step *step = &answer->steps[i];

                last = step;
                if (length < CORE_WORDS)
                        length += (size_t)snprintf(ret + length, CORE_WORDS - length, "%s%s: %s",
                                                   i ? ", " : "", step->what, step->good ? "done" : "no");
        }
        if (last && length < CORE_WORDS)
                snprintf(ret + length, CORE_WORDS - length, " (%s)", last->words);
}

/* What works is also asked which domains there are; a method that is only about to be made keeps no list. */
static int look_around(struct core *core, struct ldap_source *source)
{
        enum directory_outcome outcome;
        int r;

        if (source->settings.directory.kind != DIRECTORY_ACTIVE_DIRECTORY)
                return 0;
        r = ldap_domains_look(core, source, NULL, &outcome);
        return r == CORE_NOT_FOUND ? 0 : r;
}

static int try_it(struct core *core, struct id tenant, const struct method *method,
                  char ret_sentence[CORE_WORDS])
{
        SCOPED(question_freep) struct directory_question *question = question_new();
        SCOPED(ldap_source_freep) struct ldap_source *source = ldap_source_new(tenant, method);
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct directory_answer answer;
        int r;

        if (!question || !source || !arena)
                return fault(-ENOMEM);
        question->verb = DIRECTORY_TRY;
        r = ldap_ask(core, source, question, NULL, NULL, arena, &answer);
        if (r)
                return r;
        if (answer.step_count)
                tell_steps(&answer, ret_sentence);
        else
                snprintf(ret_sentence, CORE_WORDS, "%s", directory_outcome_sentence(answer.outcome));
        return answer.outcome == DIRECTORY_DONE ? look_around(core, source) : CORE_BAD_VALUE;
}

/* ---- sign-in ---- */

/* Whom the directory vouches for, becomes a person of ours. */
static int come_in(struct core *core, const struct ldap_source *source, const struct directory_domain *domain,
                   const struct directory_entry *entry, struct id *ret_person)
{
        struct text groups[DIRECTORY_GROUPS_MAX];
        struct roster_person person = { .issuer = text_from(domain ? domain->dns : ""),
                                        .subject = text_from(entry->subject),
                                        .claims = ldap_claims(entry, groups),
                                        .card = text_from(entry->card) };
        struct outside_identity identity = { .method = source->method.id,
                                             .issuer = person.issuer,
                                             .subject = person.subject };
        struct outside_policy policy = source->settings.policy;
        struct roster_result result;
        struct person found;
        int r;

        /* Another domain has groups of the same names, and administrators of its own. */
        if (domain)
                policy.role_count = 0;

        /* First what a synchronisation would do: he may come back, his badge is his. */
        r = roster_take(core, source->tenant, source->method.id, &policy, &person, 1, false, &result);
        if (r)
                return r;
        r = outside_sign_in(core, source->tenant, &identity, &person.claims, &policy, &found);
        if (r == 0)
                *ret_person = found.id;
        return r > 0 ? CORE_WRONG_CREDENTIALS : r;
}

/* The list of domains, which is looked for where it is not there yet. */
static int know_domains(struct core *core, struct ldap_source *source)
{
        enum directory_outcome outcome;
        int r = source->settings.directory.kind == DIRECTORY_ACTIVE_DIRECTORY
                        ? ldap_domains_load(core, source)
                        : 0;

        if (r == 0 && source->found_ms == 0 && ldap_domains_is_due(source))
                r = ldap_domains_look(core, source, NULL, &outcome);
        return r;
}

static int verify_now(struct core *core, struct ldap_source *source, struct text name, struct text password,
                      struct id *ret_person)
{
        const struct directory_domain *domain;
        SCOPED(question_freep) struct directory_question *question = question_new();
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct directory_answer answer;
        int r;

        if (!question || !arena)
                return fault(-ENOMEM);
        question->verb = DIRECTORY_CHECK_PASSWORD;
        r = know_domains(core, source);
        if (r)
                return r;
        if (!ldap_route(source, name, question, &domain))
                return CORE_WRONG_CREDENTIALS;
        memcpy(question->password, password.at, password.len);
        question->password[password.len] = 0;
        r = ldap_ask(core, source, question, NULL, NULL, arena, &answer);
        if (r)
                return r;
        if (answer.outcome == DIRECTORY_DONE && answer.entry_count == 1)
                return come_in(core, source, domain, &answer.entries[0], ret_person);
        if (answer.outcome == DIRECTORY_AMBIGUOUS || !directory_outcome_is_failure(answer.outcome))
                return CORE_WRONG_CREDENTIALS;
        return answer.outcome == DIRECTORY_BUSY ? CORE_BUSY : CORE_UNREACHABLE;
}

/* Nobody, a wrong password and an account that is switched off take the same time, a multiple of this one. */
static void wait_to_refuse(int64_t since_ms)
{
        int64_t spent = clock_monotonic_ms() - since_ms;

        (void)poll(NULL, 0, (int)(REFUSED_MS - spent % REFUSED_MS));
}

static int verify_or_refuse(struct core *core, struct id tenant, const struct method *method,
                            struct text name, struct text password, struct id *ret_person)
{
        SCOPED(ldap_source_freep) struct ldap_source *source = NULL;
        int64_t since_ms = clock_monotonic_ms();
        int r = CORE_WRONG_CREDENTIALS;

        /* An empty password would be a bind as nobody, which succeeds. */
        if (directory_password_is_sayable(password)) {
                source = ldap_source_new(tenant, method);
                if (!source)
                        return fault(-ENOMEM);
                r = verify_now(core, source, name, password, ret_person);
        }
        if (r == 0)
                ldap_verified_keep(method, name, password, *ret_person);
        else if (r == CORE_WRONG_CREDENTIALS)
                wait_to_refuse(since_ms);
        return r;
}

/* Settings that cannot be read any more let nobody in. */
static enum method_fallback fallback(struct core *core, const struct method *method)
{
        SCOPED(freep) struct ldap_settings *settings = malloc(sizeof(*settings));
        char complaint[CORE_WORDS];

        (void)core;
        if (!settings || !ldap_settings_parse(text_from(method->settings), settings, complaint))
                return METHOD_FALLBACK_NO;
        return settings->fallback;
}

static int verify(struct core *core, struct id tenant, const struct method *method, struct text name,
                  struct text password, struct id *ret_person)
{
        int r;

        if (directory_password_is_sayable(password) &&
            ldap_verified_knows(method, name, password, ret_person))
                return 0;
        /* The pause before a refusal keeps a thread as well. */
        if (!crew_wait_begin(CREW_DIRECTORIES))
                return CORE_BUSY;
        r = verify_or_refuse(core, tenant, method, name, password, ret_person);
        crew_wait_end(CREW_DIRECTORIES);
        return r;
}

const struct method_driver ldap_driver = {
        .kind = "ldap",
        .title = "Directory",
        .check = check,
        .try = try_it,
        .verify = verify,
        .fallback = fallback,
};
