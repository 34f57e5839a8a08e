// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tenants as JSON, both ways: for its own people, and for operators. */

#include "door/tenant-json.h"

#include <stdlib.h>
#include <string.h>

#include "base/network.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/domain.h"

#define SECOND_MS 1000
#define DAY_S     86400

static json_t *networks_json(const char *list)
{
        struct text item, rest = text_from(list);
        json_t *array = json_array();
        bool more = rest.len > 0;

        while (more) {
                more = text_cut(rest, ' ', &item, &rest);
                json_array_append_new(array, json_stringn(item.at, item.len));
        }
        return array;
}

static json_t *limits_json(const struct tenant *t)
{
        json_t *object = json_object();

        for (size_t i = 0; i < LIMITS; i++)
                json_object_set_new(object, tenant_limit_names[i],
                                    t->limits[i] ? json_integer(t->limits[i]) : json_null());
        return object;
}

/* What a badge reader does with what the printer cannot do as it was asked for. */
static const char *const two_sites_words[] = { "tell", "refuse", NULL };
static const char *const unsupported_words[] = { "adapt", "hold", NULL };

/* NULL is null. */
static json_t *use_json(const struct tenant_use *use)
{
        if (!use)
                return json_null();
        return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "people", (json_int_t)use->people, "printers",
                         (json_int_t)use->printers, "agents", (json_int_t)use->agents, "held_jobs",
                         (json_int_t)use->held_jobs, "held_octets", (json_int_t)use->held_octets,
                         "submissions_this_hour", (json_int_t)use->jobs_this_hour, "over_plan",
                         use->is_over_plan);
}

static json_t *domains_json(struct core *core, struct id tenant)
{
        SCOPED(freep) char(*names)[CORE_EMAIL] = calloc(DOMAINS_MAX, sizeof(*names));
        json_t *array = json_array();
        size_t count = 0;

        if (!names || domain_names(core, tenant, names, DOMAINS_MAX, &count) < 0) {
                json_decref(array);
                return NULL;
        }
        for (size_t i = 0; i < count; i++)
                json_array_append_new(array, json_string(names[i]));
        return array;
}

/* How far its rows are gone. */
static json_t *deletion_json(const struct tenant *t)
{
        if (t->state != TENANT_DELETING)
                return json_null();
        return json_pack("{s:o, s:I}", "rows",
                         t->rows_deleting ? json_integer(t->rows_deleting) : json_null(), "deleted",
                         (json_int_t)t->rows_deleted);
}

json_t *tenant_json(struct core *core, const struct tenant *t, const struct tenant_use *use)
{
        return json_pack(
                "{s:o, s:s, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:s, s:s, s:I, s:I, s:s, s:b, s:s, s:s, s:o, s:o, s:b, s:o, s:I}",
                "id", json_of_id(t->id), "name", t->name, "title", json_words_or_null(t->title),
                "company_code", t->company_code, "domains", domains_json(core, t->id), "state",
                tenant_state_names[t->state], "deletion", deletion_json(t), "plan",
                json_words_or_null(t->plan), "inside",
                networks_json(t->inside[0] ? t->inside : network_list_private), "outside",
                tenant_outside_names[t->outside], "language", language_names[t->language], "held_for",
                (json_int_t)(t->held_ms / SECOND_MS), "printed_for", (json_int_t)(t->printed_ms / SECOND_MS),
                "unsupported", unsupported_words[t->holds_unsupported], "encrypted_only", t->encrypted_only,
                "substitution", substitution_words[t->substitution], "two_sites",
                two_sites_words[t->refuses_two_sites], "limits", limits_json(t), "use", use_json(use),
                "of_operators", t->is_operators, "created", json_of_time(t->created_ms),
                "document_octets_max", (json_int_t)core_settings(core)->document_octets_max);
}

/* The list as it is kept; an empty one is the default. */
static void read_networks(struct members *members, struct tenant_words *to)
{
        char rows[TENANT_NETWORKS_MAX][NETWORK_STRING];
        size_t count = 0, length = 0;

        if (!members_strings(members, "inside", TENANT_NETWORKS_MAX, rows, sizeof(rows[0]), &count))
                return;
        for (size_t i = 0; i < count; i++) {
                struct network network;
                char string[NETWORK_STRING];

                if (!network_parse(text_from(rows[i]), &network)) {
                        members_complain(members,
                                         "\"inside\" holds networks such as 10.0.0.0/8 or 2001:db8::/32.");
                        return;
                }
                network_format(&network, string);
                length += (size_t)snprintf(to->inside + length, sizeof(to->inside) - length, "%s%s",
                                           length ? " " : "", string);
        }
        to->change.inside = to->inside;
}

static void read_own(struct members *members, struct tenant_words *to)
{
        const char *title = members_string(members, "title", MEMBER_OPTIONAL, CORE_TITLE - 1);
        int word = -1;

        if (title && text_copy(text_from(title), to->title, sizeof(to->title)))
                to->change.title = to->title;
        if (members_number(members, "held_for", MEMBER_OPTIONAL, 60, 366 * DAY_S, &to->held_ms)) {
                to->held_ms *= SECOND_MS;
                to->change.held_ms = &to->held_ms;
        }
        if (members_number(members, "printed_for", MEMBER_OPTIONAL, 0, 7 * DAY_S, &to->printed_ms)) {
                to->printed_ms *= SECOND_MS;
                to->change.printed_ms = &to->printed_ms;
        }
        read_networks(members, to);
        if (members_flag(members, "encrypted_only", MEMBER_OPTIONAL, &to->encrypted_only))
                to->change.encrypted_only = &to->encrypted_only;
        if (members_word(members, "unsupported", MEMBER_OPTIONAL, unsupported_words, &word)) {
                to->holds_unsupported = word == 1;
                to->change.holds_unsupported = &to->holds_unsupported;
        }
        if (members_word(members, "two_sites", MEMBER_OPTIONAL, two_sites_words, &word)) {
                to->refuses_two_sites = word == 1;
                to->change.refuses_two_sites = &to->refuses_two_sites;
        }
        if (members_word(members, "substitution", MEMBER_OPTIONAL, substitution_words, &word) && word > 0) {
                to->substitution = (enum substitution)word;
                to->change.substitution = &to->substitution;
        }
        if (members_word(members, "outside", MEMBER_OPTIONAL, tenant_outside_names, &word)) {
                to->outside = (enum tenant_outside)word;
                to->change.outside = &to->outside;
        }
        if (members_word(members, "language", MEMBER_OPTIONAL, language_names, &word)) {
                to->language = (enum language)word;
                to->change.language = &to->language;
        }
}

/* Each a number, or null for no limit. */
static void read_limits(struct members *members, struct tenant_words *to)
{
        json_t *object = members_object(members, "limits", MEMBER_OPTIONAL);
        const char *name;
        json_t *value;

        json_object_foreach(object, name, value)
        {
                size_t i = 0;

                while (i < LIMITS && strcmp(name, tenant_limit_names[i]) != 0)
                        i++;
                if (i == LIMITS ||
                    !(json_is_null(value) || (json_is_integer(value) && json_integer_value(value) > 0))) {
                        members_complain(members,
                                         "\"limits\" has numbers above 0, or null, of the limits there are.");
                        return;
                }
                to->limits[i] = json_integer_value(value);
                to->change.limits[i] = &to->limits[i];
        }
}

static void read_of_operators(struct members *members, struct tenant_words *to)
{
        static const char *const states[] = { "active", "suspended", NULL };
        const char *plan = members_string(members, "plan", MEMBER_OPTIONAL, CORE_NAME - 1);
        int word = -1;

        if (plan && text_copy(text_from(plan), to->plan, sizeof(to->plan)))
                to->change.plan = to->plan;
        if (members_word(members, "state", MEMBER_OPTIONAL, states, &word)) {
                to->state = (enum tenant_state)word;
                to->change.state = &to->state;
        }
        read_limits(members, to);
}

void tenant_read(struct members *members, bool is_operator, struct tenant_words *ret)
{
        memset(ret, 0, sizeof(*ret));
        read_own(members, ret);
        if (is_operator)
                read_of_operators(members, ret);
}
