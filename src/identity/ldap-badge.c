// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a directory knows of badges: whose an unknown one is, and whether its holder is still there. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/person/roster.h"
#include "identity/ldap-ask.h"

#define ARENA_OCTETS ((size_t)256 << 10)
#define SOURCES_MAX  8 /* directories of a tenant that are asked */

struct sources {
        struct ldap_source *at[SOURCES_MAX];
        size_t count;
};

static void sources_done(struct sources *sources)
{
        for (size_t i = 0; i < sources->count; i++)
                ldap_source_free(sources->at[i]);
}

static int find(struct core *core, const struct ldap_source *source, enum directory_attribute by,
                struct text value, struct arena *arena, struct directory_answer *ret)
{
        SCOPED(question_freep) struct directory_question *question = question_new();

        if (!question)
                return fault(-ENOMEM);
        question->verb = DIRECTORY_FIND;
        question->by = by;
        *ret = (struct directory_answer){ .outcome = DIRECTORY_NOT_THERE };
        if (!text_copy(value, question->value, sizeof(question->value)))
                return 0;
        return ldap_ask(core, source, question, NULL, NULL, arena, ret);
}

/* ---- whose it is ---- */

static int look_up_in(struct core *core, const struct ldap_source *source, struct text number)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct text groups[DIRECTORY_GROUPS_MAX];
        struct directory_answer answer;
        struct roster_person person;
        struct roster_result result;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        r = find(core, source, DIRECTORY_CARD, number, arena, &answer);
        if (r)
                return r;
        if (answer.outcome != DIRECTORY_DONE || answer.entry_count != 1 || answer.entries[0].disabled)
                return CORE_NOT_FOUND;
        person = (struct roster_person){ .subject = text_from(answer.entries[0].subject),
                                         .claims = ldap_claims(&answer.entries[0], groups),
                                         .card = number };
        r = roster_take(core, source->tenant, source->method.id, &source->settings.policy, &person, 1, false,
                        &result);
        return r ? r : id_is_zero(result.person) ? CORE_NOT_FOUND : 0;
}

static int look_up(struct core *core, struct id tenant, struct text number)
{
        SCOPED(sources_done) struct sources sources = { .count = 0 };
        int r = ldap_sources_find(core, tenant, sources.at, SOURCES_MAX, &sources.count);

        for (size_t i = 0; r == 0 && i < sources.count; i++) {
                if (!sources.at[i]->settings.onboards_cards)
                        continue;
                r = look_up_in(core, sources.at[i], number);
                if (r != CORE_NOT_FOUND)
                        return r;
                r = 0;
        }
        return r ? r : CORE_NOT_FOUND;
}

/* ---- whether he is still there ---- */

static int refuse(struct core *core, const struct ldap_source *source, struct id person, const char *reason)
{
        char detail[CORE_WORDS], method[ID_STRING];
        int r;

        id_format(source->method.id, method);
        snprintf(detail, sizeof(detail), "reason=%s method=%s", reason, method);
        r = event_note(core, source->tenant, NULL, "badge-refused", person, detail);
        return r ? r : CORE_FORBIDDEN;
}

/* He cannot be asked for: whoever was there not long ago may come, as far as the administrator said. */
static int is_believed(struct core *core, const struct ldap_source *source, struct id person, int64_t seen_ms,
                       const char *reason)
{
        return clock_unix_ms() - seen_ms <= source->settings.when_down_ms
                       ? 0
                       : refuse(core, source, person, reason);
}

static int ask_whether(struct core *core, const struct ldap_source *source, struct id person,
                       struct text subject, int64_t seen_ms)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct directory_answer answer;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        r = find(core, source, DIRECTORY_SUBJECT, subject, arena, &answer);
        if (r)
                return r;
        if (answer.outcome == DIRECTORY_DONE && answer.entry_count == 1 && !answer.entries[0].disabled)
                return roster_note_seen(core, source->tenant, source->method.id, person);
        if (!directory_outcome_is_failure(answer.outcome))
                return refuse(core, source, person, "not-in-directory");
        return is_believed(core, source, person, seen_ms, "directory-down");
}

static int is_there_in(struct core *core, const struct ldap_source *source, struct id person)
{
        struct outside_known known;
        size_t count = 0;
        int64_t seen_ms = 0;
        int r;

        r = outside_list(core, source->tenant, person, &source->method.id, &known, 1, &count);
        if (r || count == 0)
                return r; /* not this directory's */
        r = roster_seen(core, source->tenant, source->method.id, person, &seen_ms);
        if (r || clock_unix_ms() - seen_ms < source->settings.still_exists_ms)
                return r;
        if (known.issuer[0])
                return is_believed(core, source, person, seen_ms, "domain-not-asked");
        return ask_whether(core, source, person, text_from(known.subject), seen_ms);
}

static int is_there(struct core *core, struct id tenant, struct id person)
{
        SCOPED(sources_done) struct sources sources = { .count = 0 };
        int r = ldap_sources_find(core, tenant, sources.at, SOURCES_MAX, &sources.count);

        for (size_t i = 0; r == 0 && i < sources.count; i++)
                if (sources.at[i]->settings.still_exists)
                        r = is_there_in(core, sources.at[i], person);
        return r;
}

const struct badge_asker ldap_badges = { look_up, is_there };
