// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/roster.h"
#include "identity/ldap-ask.h"
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
        return answer.outcome == DIRECTORY_DONE ? 0 : CORE_BAD_VALUE;
}

/* ---- sign-in ---- */

/* What stands before a backslash must be a domain of this directory; an address is looked up as one. */
static bool read_name(const struct ldap_settings *settings, struct text name,
                      struct directory_question *question)
{
        struct text domain = { "", 0 }, account = name;

        if (text_cut(name, '\\', &domain, &account)) {
                if (!ldap_settings_has_domain(settings, domain))
                        return false;
                question->by = DIRECTORY_ACCOUNT;
                name = account;
        } else {
                question->by =
                        name.len && memchr(name.at, '@', name.len) ? DIRECTORY_EMAIL : DIRECTORY_ACCOUNT;
        }
        return name.len > 0 && text_is_printable(name) &&
               text_copy(name, question->value, sizeof(question->value));
}

/* Whom the directory vouches for, becomes a person of ours. */
static int come_in(struct core *core, const struct ldap_source *source, const struct directory_entry *entry,
                   struct id *ret_person)
{
        struct text groups[DIRECTORY_GROUPS_MAX];
        struct roster_person person = { .subject = text_from(entry->subject),
                                        .claims = ldap_claims(entry, groups),
                                        .card = text_from(entry->card) };
        struct outside_identity identity = { .method = source->method.id,
                                             .issuer = TEXT(""),
                                             .subject = person.subject };
        struct roster_result result;
        struct person found;
        int r;

        /* First what a synchronisation would do: he may come back, his badge is his. */
        r = roster_take(core, source->tenant, source->method.id, &source->settings.policy, &person, 1, false,
                        &result);
        if (r)
                return r;
        r = outside_sign_in(core, source->tenant, &identity, &person.claims, &source->settings.policy,
                            &found);
        if (r == 0)
                *ret_person = found.id;
        return r > 0 ? CORE_WRONG_CREDENTIALS : r;
}

static int verify_now(struct core *core, const struct ldap_source *source, struct text name,
                      struct text password, struct id *ret_person)
{
        SCOPED(question_freep) struct directory_question *question = question_new();
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct directory_answer answer;
        int r;

        if (!question || !arena)
                return fault(-ENOMEM);
        question->verb = DIRECTORY_CHECK_PASSWORD;
        if (!read_name(&source->settings, name, question))
                return CORE_WRONG_CREDENTIALS;
        memcpy(question->password, password.at, password.len);
        question->password[password.len] = 0;
        r = ldap_ask(core, source, question, NULL, NULL, arena, &answer);
        if (r)
                return r;
        if (answer.outcome == DIRECTORY_DONE && answer.entry_count == 1)
                return come_in(core, source, &answer.entries[0], ret_person);
        if (answer.outcome == DIRECTORY_AMBIGUOUS || !directory_outcome_is_failure(answer.outcome))
                return CORE_WRONG_CREDENTIALS;
        return CORE_BUSY;
}

/* Nobody, a wrong password and an account that is switched off take the same time, a multiple of this one. */
static void wait_to_refuse(int64_t since_ms)
{
        int64_t spent = clock_monotonic_ms() - since_ms;

        (void)poll(NULL, 0, (int)(REFUSED_MS - spent % REFUSED_MS));
}

static int verify(struct core *core, struct id tenant, const struct method *method, struct text name,
                  struct text password, struct id *ret_person)
{
        SCOPED(ldap_source_freep) struct ldap_source *source = NULL;
        int64_t since_ms = clock_monotonic_ms();
        int r = CORE_WRONG_CREDENTIALS;

        /* An empty password would be a bind as nobody, which succeeds. */
        if (directory_password_is_sayable(password)) {
                if (ldap_verified_knows(method, name, password, ret_person))
                        return 0;
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

const struct method_driver ldap_driver = {
        .kind = "ldap",
        .title = "Directory",
        .check = check,
        .try = try_it,
        .verify = verify,
};
