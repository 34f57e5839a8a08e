// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/ask.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <lber.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "directory/entry.h"
#include "directory/filter.h"
#include "directory/forest.h"
#include "directory/link.h"
#include "directory/nest.h"

#define PART_OCTETS_MAX ((size_t)16 << 20) /* of one page of a list */
#define SHOWN_MAX       3                  /* people whom a trial finds */

/* ---- memory that held a password is wiped ---- */

static void wipe_free(void *at)
{
        if (at)
                explicit_bzero(at, malloc_usable_size(at));
        free(at);
}

static void ber_free_wiped(void *at, void *context)
{
        wipe_free(at);
}

static void *ber_malloc(ber_len_t octets, void *context)
{
        return malloc(octets);
}

static void *ber_calloc(ber_len_t count, ber_len_t octets, void *context)
{
        return calloc(count, octets);
}

static void *ber_realloc_wiped(void *at, ber_len_t octets, void *context)
{
        size_t old = at ? malloc_usable_size(at) : 0;
        void *to = malloc(octets);

        if (!to)
                return NULL;
        if (at)
                memcpy(to, at, old < octets ? old : octets);
        wipe_free(at);
        return to;
}

void directory_init(void)
{
        static BerMemoryFunctions functions = { ber_malloc, ber_calloc, ber_realloc_wiped, ber_free_wiped };
        int version = 0;

        json_set_alloc_funcs(malloc, wipe_free);
        (void)ber_set_option(NULL, LBER_OPT_MEMORY_FNS, &functions);
        (void)setenv("LDAPNOINIT", "1", 1);
        /* The library sets itself up at the first call, now, while there is one thread. */
        (void)ldap_get_option(NULL, LDAP_OPT_PROTOCOL_VERSION, &version);
}

/* ---- filters ---- */

static bool is_address(const struct directory_question *question)
{
        return question->by == DIRECTORY_EMAIL && question->settings.kind == DIRECTORY_ACTIVE_DIRECTORY;
}

/* What fits the administrator's filter and has this value. */
static int make_filter(const struct directory_question *question, struct buffer *to)
{
        const struct directory_settings *settings = &question->settings;
        const char *attribute = settings->attributes[question->by];
        char value[DIRECTORY_VALUE];
        size_t length = strlen(question->value);

        memcpy(value, question->value, length + 1);
        if (question->by == DIRECTORY_CARD &&
            (!attribute[0] ||
             !directory_card_format(settings, text_from(question->value), value, sizeof(value))))
                return DIRECTORY_NOT_THERE;
        length = strlen(value);
        if (question->by == DIRECTORY_SUBJECT && strcasecmp(attribute, "objectGUID") == 0 &&
            (!hex_parse(text_from(question->value), value, 16, &length) || length != 16))
                return DIRECTORY_NOT_THERE;
        buffer_format(to, "(&%s", settings->people_filter);
        if (is_address(question))
                buffer_add_string(to, "(|");
        filter_add_equals(to, attribute, text_from_octets(value, length));
        if (is_address(question)) {
                filter_add_equals(to, ENTRY_PRINCIPAL, text_from_octets(value, length));
                buffer_add_octet(to, ')');
        }
        buffer_add_octet(to, ')');
        return to->failure ? fault(to->failure) : DIRECTORY_DONE;
}

/* ---- one entry ---- */

struct found {
        const struct directory_question *question;
        struct arena *arena;
        struct directory_entry entry;
        struct entry_member member;
        bool has;
};

static bool is_meant(struct found *found, LDAP *ldap, LDAPMessage *message)
{
        const struct directory_question *question = found->question;
        const char *attribute = question->settings.attributes[question->by];
        struct text wanted = text_from(question->value);
        char value[DIRECTORY_VALUE];

        switch (question->by) {
        case DIRECTORY_SUBJECT: return strcasecmp(found->entry.subject, question->value) == 0;
        case DIRECTORY_CARD:
                return directory_card_format(&question->settings, wanted, value, sizeof(value)) &&
                       entry_has_value(ldap, message, attribute, text_from(value));
        default:
                return entry_has_value(ldap, message, attribute, wanted) ||
                       (is_address(question) && entry_has_value(ldap, message, ENTRY_PRINCIPAL, wanted));
        }
}

static int take_found(struct link *link, LDAPMessage *message, void *context)
{
        struct found *found = context;

        if (found->has)
                return DIRECTORY_AMBIGUOUS;
        /* What the server takes for an answer, and is none to this question, is nobody. */
        if (!entry_read(link->ldap, message, link->settings, found->arena, &found->entry) ||
            !is_meant(found, link->ldap, message))
                return DIRECTORY_DONE;
        found->has = entry_read_member(link->ldap, message, link->settings, found->arena, &found->member);
        return DIRECTORY_DONE;
}

static void tell_cut(const struct nest *nest)
{
        if (nest_is_cut(nest))
                log_write(LOG_WARNING, "directory-groups-cut", NULL);
}

/* Everything that the entry itself does not say. */
static int fill_found(struct link *link, struct found *found)
{
        SCOPED(nest_closep) struct nest *nest = NULL;
        int r;

        if (!link->settings->nested_groups)
                return DIRECTORY_DONE;
        r = nest_open(link, &nest);
        if (r == DIRECTORY_DONE)
                r = nest_fill(nest, &found->member, true, found->arena, &found->entry);
        if (r == DIRECTORY_DONE)
                tell_cut(nest);
        return r;
}

static int bind_service(struct link *link, const struct directory_question *question)
{
        int r = link_bind(link, question->settings.bind_name, question->bind_password);

        return r == DIRECTORY_WRONG_PASSWORD ? DIRECTORY_BIND_REFUSED : r;
}

static int find(struct link *link, const struct directory_question *question, struct found *found)
{
        SCOPED(buffer_done) struct buffer filter = BUFFER(DIRECTORY_FILTER_MAX);
        int r;

        r = make_filter(question, &filter);
        if (r == DIRECTORY_DONE)
                r = link_search(link, buffer_string(&filter), 2, take_found, found);
        if (r == DIRECTORY_DONE && !found->has)
                r = DIRECTORY_NOT_THERE;
        return r;
}

static int find_whole(struct link *link, const struct directory_question *question, struct found *found)
{
        int r = find(link, question, found);

        return r == DIRECTORY_DONE ? fill_found(link, found) : r;
}

/* Whoever is not there costs a bind like whoever is, so that the time tells little. */
static int check_password(struct link *link, const struct directory_question *question, struct found *found)
{
        char nobody[DIRECTORY_DN + 32];
        int r = find(link, question, found);

        if (r == DIRECTORY_NOT_THERE) {
                snprintf(nobody, sizeof(nobody), "cn=nobody,%s", question->settings.base);
                r = link_bind(link, nobody, question->password);
                return r == DIRECTORY_DONE || r == DIRECTORY_WRONG_PASSWORD ? DIRECTORY_NOT_THERE : r;
        }
        if (r == DIRECTORY_DONE)
                r = fill_found(link, found);
        if (r == DIRECTORY_DONE)
                r = link_bind(link, found->member.name, question->password);
        return r == DIRECTORY_DONE && found->entry.disabled ? DIRECTORY_DISABLED : r;
}

/*
 * In another domain he looks himself up, in his own name: "PARTNER\\eve", or the address he has there. That
 * name only opens the door; who he is says the bind as the entry that is found, which is last here, too.
 */
static int check_elsewhere(struct link *link, const struct directory_question *question, struct found *found)
{
        char name[DIRECTORY_DOMAIN + DIRECTORY_VALUE + 1];
        int r;

        if (question->by == DIRECTORY_EMAIL)
                snprintf(name, sizeof(name), "%s", question->value);
        else
                snprintf(name, sizeof(name), "%s\\%s", question->domain, question->value);
        r = link_bind(link, name, question->password);
        if (r == DIRECTORY_DONE)
                r = find_whole(link, question, found);
        if (r == DIRECTORY_DONE)
                r = link_bind(link, found->member.name, question->password);
        return r == DIRECTORY_DONE && found->entry.disabled ? DIRECTORY_DISABLED : r;
}

/* ---- everybody ---- */

struct list {
        const struct directory_asker *asker;
        struct arena *arena;
        struct nest *nest; /* NULL: only what an entry itself says */
        struct directory_answer part;
        struct entry_member *members; /* of the part's entries */
        size_t max;
};

static int take_listed(struct link *link, LDAPMessage *message, void *context)
{
        struct list *list = context;
        struct directory_entry *entry;

        /* A server that ignores the size of a page does not make us keep more than that at once. */
        if (list->part.entry_count == list->max) {
                /* Nothing else can be asked between two of its entries. */
                if (list->nest)
                        return DIRECTORY_CONFUSED;
                if (list->asker->give(list->asker->context, &list->part) != 0)
                        return DIRECTORY_BUSY;
                list->part.entry_count = 0;
        }
        entry = &list->part.entries[list->part.entry_count];
        if (!entry_read(link->ldap, message, link->settings, list->arena, entry))
                return DIRECTORY_DONE;
        if (list->nest && !entry_read_member(link->ldap, message, link->settings, list->arena,
                                             &list->members[list->part.entry_count]))
                return fault(-ENOMEM);
        list->part.entry_count++;
        return DIRECTORY_DONE;
}

static int fill_listed(struct list *list)
{
        int r = DIRECTORY_DONE;

        for (size_t i = 0; list->nest && i < list->part.entry_count && r == DIRECTORY_DONE; i++)
                r = nest_fill(list->nest, &list->members[i], false, list->arena, &list->part.entries[i]);
        return r;
}

static int list_page(struct link *link, const struct directory_asker *asker, struct nest *nest,
                     struct berval **cookie)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(PART_OCTETS_MAX);
        struct list list = { .asker = asker, .arena = arena, .nest = nest, .max = link->settings->page };
        int r;

        if (!arena)
                return fault(-ENOMEM);
        list.part.entries = arena_alloc(arena, list.max * sizeof(*list.part.entries));
        list.members = arena_alloc(arena, list.max * sizeof(*list.members));
        list.part.more = true;
        if (!list.part.entries || !list.members)
                return fault(-ENOMEM);
        r = link_search_page(link, link->settings->people_filter, cookie, take_listed, &list);
        if (r == DIRECTORY_DONE)
                r = fill_listed(&list);
        if (r == DIRECTORY_DONE && asker->give(asker->context, &list.part) != 0)
                r = DIRECTORY_BUSY;
        return r;
}

static int list_all(struct link *link, const struct directory_asker *asker)
{
        SCOPED(nest_closep) struct nest *nest = NULL;
        struct berval *cookie = NULL;
        int r = link->settings->nested_groups ? nest_open(link, &nest) : DIRECTORY_DONE;

        if (r)
                return r;
        do {
                link->deadline_ms = clock_monotonic_ms() + link->settings->timeout_ms;
                r = list_page(link, asker, nest, &cookie);
        } while (r == DIRECTORY_DONE && cookie);
        ber_bvfree(cookie);
        if (nest && r == DIRECTORY_DONE)
                tell_cut(nest);
        return r;
}

/* ---- a trial ---- */

static void add_step(struct directory_answer *answer, const char *what, bool good, const char *words)
{
        struct directory_step *step = &answer->steps[answer->step_count];

        if (answer->step_count == DIRECTORY_STEPS_MAX)
                return;
        snprintf(step->what, sizeof(step->what), "%s", what);
        snprintf(step->words, sizeof(step->words), "%.*s", (int)sizeof(step->words) - 1, words);
        step->good = good;
        answer->step_count++;
}

/* How far link_open() came. */
static void add_open_steps(struct directory_answer *answer, const struct link *link, int outcome,
                           const char *uri)
{
        static const char *const names[] = { "resolve", "connect", "tls" };
        char words[DIRECTORY_WORDS];
        bool good = link->connected[0] != 0;

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                snprintf(words, sizeof(words), "%.180s: %.70s", uri,
                         good             ? "done"
                         : link->words[0] ? link->words
                                          : directory_outcome_name(outcome));
                add_step(answer, names[i], good, words);
                if (!good)
                        return;
                if (strcmp(link->connected, names[i]) == 0)
                        good = outcome == DIRECTORY_DONE;
        }
}

struct sample {
        struct directory_entry entries[SHOWN_MAX];
        size_t count, unusable, with[DIRECTORY_ATTRIBUTES];
        struct arena *arena;
};

static int take_sample(struct link *link, LDAPMessage *message, void *context)
{
        struct sample *sample = context;
        struct directory_entry *entry = &sample->entries[sample->count];

        if (sample->count == SHOWN_MAX)
                return DIRECTORY_DONE;
        if (!entry_read(link->ldap, message, link->settings, sample->arena, entry)) {
                sample->unusable++;
                return DIRECTORY_DONE;
        }
        sample->with[DIRECTORY_EMAIL] += entry->email[0] != 0;
        sample->with[DIRECTORY_ACCOUNT] += entry->account[0] != 0;
        sample->with[DIRECTORY_GROUPS] += entry->group_count != 0;
        sample->with[DIRECTORY_CARD] += entry->card[0] != 0;
        sample->count++;
        return DIRECTORY_DONE;
}

static int try_search(struct link *link, struct arena *arena, struct directory_answer *answer)
{
        struct sample sample = { .arena = arena };
        char words[DIRECTORY_WORDS];
        int r;

        r = link_search(link, link->settings->people_filter, SHOWN_MAX, take_sample, &sample);
        if (r == DIRECTORY_AMBIGUOUS)
                r = DIRECTORY_DONE; /* there are more, as there should be */
        if (r < 0)
                return r;
        if (r)
                snprintf(words, sizeof(words), "%.250s",
                         link->words[0] ? link->words : directory_outcome_sentence(r));
        else
                snprintf(
                        words, sizeof(words),
                        "of %zu people looked at, %zu have an e-mail address, %zu a user name, %zu groups, %zu a "
                        "card; %zu have no %.30s and cannot be used",
                        sample.count + sample.unusable, sample.with[DIRECTORY_EMAIL],
                        sample.with[DIRECTORY_ACCOUNT], sample.with[DIRECTORY_GROUPS],
                        sample.with[DIRECTORY_CARD], sample.unusable,
                        link->settings->attributes[DIRECTORY_SUBJECT]);
        add_step(answer, "search", r == DIRECTORY_DONE && sample.count > 0, words);
        return r == DIRECTORY_DONE && sample.count == 0 ? DIRECTORY_NOT_THERE : r;
}

/* ---- all together ---- */

static int ask_link(struct link *link, const struct directory_question *question,
                    const struct directory_asker *asker, struct arena *arena, struct directory_answer *ret)
{
        struct found found = { .question = question, .arena = arena };
        bool is_elsewhere = question->verb == DIRECTORY_CHECK_PASSWORD && question->domain[0];
        int r = is_elsewhere ? DIRECTORY_DONE : bind_service(link, question);

        if (question->verb == DIRECTORY_TRY)
                add_step(ret, "bind", r == DIRECTORY_DONE,
                         r == DIRECTORY_DONE ? question->settings.bind_name : directory_outcome_sentence(r));
        if (r)
                return r;
        switch (question->verb) {
        case DIRECTORY_TRY: return try_search(link, arena, ret);
        case DIRECTORY_LIST: return list_all(link, asker);
        case DIRECTORY_FIND: r = find_whole(link, question, &found); break;
        case DIRECTORY_LIST_DOMAINS: return forest_read(link, arena, &ret->domains, &ret->domain_count);
        case DIRECTORY_CHECK_PASSWORD:
                r = is_elsewhere ? check_elsewhere(link, question, &found)
                                 : check_password(link, question, &found);
                break;
        }
        if (r == DIRECTORY_DONE) {
                ret->entries = arena_alloc(arena, sizeof(found.entry));
                if (!ret->entries)
                        return fault(-ENOMEM);
                ret->entries[0] = found.entry;
                ret->entry_count = 1;
        }
        return r;
}

/* *ret_reached: this server has been talked to, so that another is not asked. */
static int ask_server(const struct directory_question *question, const struct directory_server *server,
                      const struct directory_asker *asker, int64_t deadline_ms, struct arena *arena,
                      struct directory_answer *ret, bool *ret_reached)
{
        struct link link;
        char uri[DIRECTORY_HOST + 32];
        int r;

        directory_server_format(server, uri, sizeof(uri));
        r = link_open(&link, &question->settings, server, asker, deadline_ms);
        if (question->verb == DIRECTORY_TRY && r >= 0)
                add_open_steps(ret, &link, r, uri);
        *ret_reached = r == DIRECTORY_DONE;
        if (r == DIRECTORY_DONE)
                r = ask_link(&link, question, asker, arena, ret);
        snprintf(ret->words, sizeof(ret->words), "%s", r > 0 ? link.words : "");
        link_close(&link);
        return r;
}

int directory_ask(const struct directory_question *question, const struct directory_asker *asker,
                  struct arena *arena, struct directory_answer *ret)
{
        const struct directory_settings *settings = &question->settings;
        int64_t start_ms = clock_monotonic_ms();
        bool reached = false;
        int r = DIRECTORY_UNREACHABLE;

        *ret = (struct directory_answer){ 0 };
        if (question->verb == DIRECTORY_CHECK_PASSWORD &&
            !directory_password_is_sayable(text_from(question->password))) {
                ret->outcome = DIRECTORY_WRONG_PASSWORD;
                return 0;
        }
        for (size_t i = 0; i < settings->server_count && !reached && r >= 0; i++) {
                /* A server that is silent leaves time for the next one. */
                int64_t share_ms = settings->timeout_ms * (int64_t)(i + 1) / (int64_t)settings->server_count;

                r = ask_server(question, &settings->servers[i], asker, start_ms + share_ms, arena, ret,
                               &reached);
        }
        if (r < 0)
                return r;
        ret->outcome = (enum directory_outcome)r;
        return 0;
}
