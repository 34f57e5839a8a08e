// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap-ask.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/crew.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/trail/event.h"
#include "identity/ldap-verified.h"

#define AGENT_EXTRA_MS 1500 /* for the way to the agent and back */
#define AGENT_MOST_MS  10000
#define NOTED_MAX      64
#define NOTE_AGAIN_MS  60000

/* The one of this process. */
static struct {
        pthread_mutex_t lock;
        struct ldap_parts parts;
        struct desk *desk;
        uint32_t running;
        struct {
                struct id tenant;
        } askers[64]; /* of those running */
        struct {
                struct id method;
                int64_t at_ms;
        } noted[NOTED_MAX];
} ldap = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool ldap_parts_read(struct config *config, struct ldap_parts *ret)
{
        const char *allow = config_string(config, "directory", "allow", "");

        *ret = (struct ldap_parts){ 0 };
        ret->at_once =
                (uint32_t)config_number(config, "directory", "at_once", 8, 2, ARRAY_LENGTH(ldap.askers));
        return fetch_policy_parse(text_from(allow), TEXT_OF("389,636,3268,3269"), &ret->policy);
}

int ldap_open(const struct ldap_parts *parts)
{
        int r;

        ldap.parts = *parts;
        if (ldap.parts.at_once == 0)
                ldap.parts.at_once = 8;
        r = ldap_verified_open();
        return r ? r : desk_new(parts->wake, parts->context, &ldap.desk);
}

void ldap_close(void)
{
        ldap_verified_close();
        desk_free(ldap.desk);
        ldap.desk = NULL;
}

struct desk *ldap_desk(void)
{
        return ldap.desk;
}

struct ldap_source *ldap_source_new(struct id tenant, const struct method *method)
{
        struct ldap_source *source = calloc(1, sizeof(*source));
        char complaint[CORE_WORDS];

        if (!source)
                return NULL;
        source->tenant = tenant;
        source->method = *method;
        /* Core keeps no others; a server list of nothing answers "unreachable". */
        if (!ldap_settings_parse(text_from(method->settings), &source->settings, complaint))
                source->settings.directory.server_count = 0;
        return source;
}

void ldap_source_free(struct ldap_source *source)
{
        free(source);
}

void ldap_source_freep(struct ldap_source **source)
{
        ldap_source_free(*source);
}

int ldap_sources_find(struct core *core, struct id tenant, struct ldap_source **ret, size_t max,
                      size_t *ret_count)
{
        SCOPED(freep) struct method *methods = NULL;
        bool has_one = false;
        size_t count = 0;
        int r;

        *ret_count = 0;
        /* Most tenants have none, and every swipe comes by here. */
        r = method_is_enabled(core, tenant, ldap_driver.kind, &has_one);
        if (r || !has_one)
                return r;
        methods = calloc(METHODS_MAX, sizeof(*methods));
        if (!methods)
                return fault(-ENOMEM);
        r = method_list(core, tenant, methods, METHODS_MAX, &count);
        for (size_t i = 0; r == 0 && i < count && *ret_count < max; i++) {
                if (!methods[i].enabled || strcmp(methods[i].kind, ldap_driver.kind) != 0)
                        continue;
                ret[*ret_count] = ldap_source_new(tenant, &methods[i]);
                if (!ret[*ret_count])
                        return fault(-ENOMEM);
                (*ret_count)++;
        }
        return r;
}

/* ---- few at once ---- */

static bool enter(struct id tenant)
{
        uint32_t of_tenant = 0;
        bool may;

        if (!crew_wait_begin(CREW_DIRECTORIES))
                return false;
        pthread_mutex_lock(&ldap.lock);
        for (uint32_t i = 0; i < ldap.running; i++)
                of_tenant += id_equal(ldap.askers[i].tenant, tenant);
        may = ldap.running < ldap.parts.at_once && of_tenant < (ldap.parts.at_once + 1) / 2;
        if (may)
                ldap.askers[ldap.running++].tenant = tenant;
        pthread_mutex_unlock(&ldap.lock);
        if (!may)
                crew_wait_end(CREW_DIRECTORIES);
        return may;
}

static void leave(struct id tenant)
{
        pthread_mutex_lock(&ldap.lock);
        for (uint32_t i = 0; i < ldap.running; i++)
                if (id_equal(ldap.askers[i].tenant, tenant)) {
                        ldap.askers[i] = ldap.askers[--ldap.running];
                        break;
                }
        pthread_mutex_unlock(&ldap.lock);
        crew_wait_end(CREW_DIRECTORIES);
}

/* ---- the two ways ---- */

static bool allows(void *context, const struct directory_server *server, const struct in6_addr *address)
{
        struct fetch_url url = { .port = server->port, .address = *address };

        snprintf(url.host, sizeof(url.host), "%s", server->host);
        return fetch_policy_allows(&ldap.parts.policy, &url, address);
}

static int ask_agent(struct core *core, const struct ldap_source *source,
                     const struct directory_question *question, const struct directory_asker *asker,
                     struct arena *arena, struct directory_answer *ret)
{
        int64_t timeout_ms = source->settings.directory.timeout_ms + AGENT_EXTRA_MS;
        struct desk_question asked = { .tenant = source->tenant,
                                       .question = question,
                                       .settings = text_from(source->method.settings),
                                       .timeout_ms =
                                               timeout_ms < AGENT_MOST_MS ? timeout_ms : AGENT_MOST_MS };
        bool serves = false;
        int r = agent_find_named(core, source->tenant, text_from(source->settings.agent), &asked.agent);

        if (r == 0)
                r = agent_has_feature(core, source->tenant, asked.agent, AGENT_DIRECTORY, &serves);
        if (r < 0)
                return r;
        if (!serves || !ldap.parts.is_connected(ldap.parts.context, asked.agent)) {
                *ret = (struct directory_answer){ .outcome = DIRECTORY_NO_AGENT };
                return 0;
        }
        return desk_ask(ldap.desk, &asked, asker, arena, ret);
}

static void wipe_buffer(struct buffer *buffer)
{
        if (buffer->at)
                explicit_bzero(buffer->at, buffer->size);
        buffer_done(buffer);
}

static int load_secret(struct core *core, const struct ldap_source *source,
                       struct directory_question *question)
{
        SCOPED(wipe_buffer) struct buffer secret = BUFFER(METHOD_SECRET);
        int r = method_secret(core, source->tenant, source->method.id, &secret);

        if (r)
                return r < 0 ? r : 0;
        if (secret.failure)
                return fault(secret.failure);
        if (!directory_password_is_sayable(buffer_text(&secret)))
                return 0;
        memcpy(question->bind_password, secret.at, secret.len);
        question->bind_password[secret.len] = 0;
        return 0;
}

/* Whether this failure is to be noted: at most one a minute and method. */
static bool is_news(struct id method)
{
        int64_t now = clock_monotonic_ms();
        size_t at = method.octets[ID_OCTETS - 1] % NOTED_MAX;
        bool news;

        pthread_mutex_lock(&ldap.lock);
        news = !id_equal(ldap.noted[at].method, method) || now - ldap.noted[at].at_ms >= NOTE_AGAIN_MS;
        if (news) {
                ldap.noted[at].method = method;
                ldap.noted[at].at_ms = now;
        }
        pthread_mutex_unlock(&ldap.lock);
        return news;
}

static int note_failure(struct core *core, const struct ldap_source *source,
                        const struct directory_answer *answer)
{
        char detail[CORE_WORDS];

        if (!directory_outcome_is_failure(answer->outcome) || answer->outcome == DIRECTORY_AMBIGUOUS ||
            answer->outcome == DIRECTORY_BUSY || !is_news(source->method.id))
                return 0;
        log_write(LOG_WARNING, "directory-failed", "reason", directory_outcome_name(answer->outcome), "words",
                  answer->words, NULL);
        snprintf(detail, sizeof(detail), "reason=%s", directory_outcome_name(answer->outcome));
        return event_note(core, source->tenant, NULL, "directory-failed", source->method.id, detail);
}

int ldap_ask(struct core *core, const struct ldap_source *source, struct directory_question *question,
             int (*give)(void *context, const struct directory_answer *part), void *context,
             struct arena *arena, struct directory_answer *ret)
{
        struct directory_asker asker = { .allows = allows, .give = give, .context = context };
        bool counted = question->verb != DIRECTORY_LIST;
        int r;

        *ret = (struct directory_answer){ .outcome = DIRECTORY_BUSY };
        if (counted && !enter(source->tenant))
                return 0;
        question->id = id_new();
        question->settings = source->settings.directory;
        if (question->domain[0] && !question_redirect(question)) {
                ret->outcome = DIRECTORY_UNRESOLVED;
                if (counted)
                        leave(source->tenant);
                return 0;
        }
        r = load_secret(core, source, question);
        if (r == 0 && !question->bind_password[0])
                ret->outcome = DIRECTORY_BIND_REFUSED;
        else if (r == 0 && source->settings.agent[0])
                r = ask_agent(core, source, question, &asker, arena, ret);
        else if (r == 0)
                r = directory_ask(question, &asker, arena, ret);
        if (counted)
                leave(source->tenant);
        return r ? r : note_failure(core, source, ret);
}

struct outside_claims ldap_claims(const struct directory_entry *entry, struct text *groups)
{
        struct outside_claims claims = { .email = text_from(entry->email),
                                         .email_verified = true, /* the tenant's own directory says so */
                                         .name = text_from(entry->name),
                                         .department = text_from(entry->department),
                                         .has_groups = true,
                                         .groups = groups };

        while (claims.group_count < entry->group_count && claims.group_count < DIRECTORY_GROUPS_MAX) {
                groups[claims.group_count] = text_from(entry->groups[claims.group_count]);
                claims.group_count++;
        }
        return claims;
}
