// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/submitter.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/trail/event.h"
#include "core/listing.h"
#include "core/person/person.h"
#include "core/site/site.h"
#include "core/state.h"
#include "core/trail/watch.h"

/* In small letters, as ASCII has them; what else is in a name is compared as it is. It stands in events, so
 * nothing in it may look like a word of ours. */
static bool fold_user(struct text user, char ret[SUBMITTER_USER])
{
        if (user.len == 0 || !text_is_printable(user) || !text_copy(user, ret, SUBMITTER_USER))
                return false;
        for (char *at = ret; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
        return !strpbrk(ret, " \t=");
}

static bool is_anyone(const char *user)
{
        return strcmp(user, SUBMITTER_ANYONE) == 0;
}

struct context {
        const struct actor *actor;
        struct submitter submitter;
};

static int count_in(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant, "SELECT count(*) FROM submitter WHERE tenant_id = ?1", DB_NONE,
                       &rows);

        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) < SUBMITTERS_MAX ? 0 : CORE_LIMIT_REACHED;
}

static int find_person(struct db_tx *tx, struct context *c)
{
        struct person person;
        int r;

        if (id_is_zero(c->submitter.person))
                return 0;
        r = person_row_find(tx, c->actor->tenant, c->submitter.person, &person);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        memcpy(c->submitter.person_email, person.email, sizeof(person.email));
        return 0;
}

static struct db_value id_or_null(const struct id *id)
{
        return id_is_zero(*id) ? db_null() : db_id(id);
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct submitter *s = &c->submitter;
        char detail[CORE_WORDS], person[ID_STRING];
        int r;

        r = count_in(tx, c);
        if (r == 0)
                r = find_person(tx, c);
        if (r)
                return r;
        r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO submitter (tenant_id, id, network, user_name, person_id, domain, site_id, created_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                DB_VALUES(db_id(&s->id), db_string(s->network), db_string(s->user), id_or_null(&s->person),
                          db_string(s->domain), id_or_null(&s->site), db_integer(s->created_ms)),
                NULL);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        id_format(s->person, person);
        if (snprintf(detail, sizeof(detail), "network=%s user=%s %s=%s", s->network, s->user,
                     s->domain[0] ? "domain" : "person", s->domain[0] ? s->domain : person) >= CORE_WORDS)
                return CORE_BAD_VALUE;
        return event_add(tx, c->actor->tenant, c->actor, "submitter-made", s->id, detail);
}

static bool is_valid(struct submitter *s)
{
        char user[SUBMITTER_USER], domain[CORE_EMAIL];
        struct network network;

        if (!network_parse(text_from(s->network), &network) || !fold_user(text_from(s->user), user))
                return false;
        network_format(&network, s->network);
        memcpy(s->user, user, sizeof(user));
        if (!s->domain[0])
                return !id_is_zero(s->person);
        if (!id_is_zero(s->person) || !is_anyone(s->user) || !email_fold_domain(text_from(s->domain), domain))
                return false;
        memcpy(s->domain, domain, sizeof(domain));
        return true;
}

int submitter_make(struct core *core, const struct actor *actor, struct submitter *submitter)
{
        struct context c = { .actor = actor };
        struct site site;
        int r = 0;

        if (!actor_may(actor, RIGHT_SUBMITTERS, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!is_valid(submitter))
                return CORE_BAD_VALUE;
        if (!id_is_zero(submitter->site))
                r = site_find(core, actor->tenant, submitter->site, &site);
        if (r)
                return r;
        c.submitter = *submitter;
        c.submitter.id = id_new();
        c.submitter.created_ms = clock_unix_ms();
        r = db_write(core->db, make_in, &c);
        if (r)
                return r;
        *submitter = c.submitter;
        /* Agents may keep something that nobody was known for. */
        wake_agent(core, actor->tenant, (struct id){ 0 }, "configuration");
        return 0;
}

static void read_submitter(struct db_rows *rows, void *item)
{
        struct submitter *s = item;

        *s = (struct submitter){ .id = db_rows_id(rows, 0), .created_ms = db_rows_integer(rows, 7) };
        db_rows_string(rows, 1, s->network, sizeof(s->network));
        db_rows_string(rows, 2, s->user, sizeof(s->user));
        s->person = db_rows_id(rows, 3);
        db_rows_string(rows, 4, s->person_email, sizeof(s->person_email));
        db_rows_string(rows, 5, s->domain, sizeof(s->domain));
        s->site = db_rows_id(rows, 6);
}

int submitter_list(struct core *core, const struct actor *actor, struct id after, struct submitter *ret,
                   size_t max, size_t *ret_count)
{
        struct listing submitters = {
                .tenant = actor->tenant,
                .sql = "SELECT s.id, s.network, s.user_name, s.person_id, coalesce(p.email, ''), s.domain, s.site_id,"
                       " s.created_ms FROM submitter s LEFT JOIN person p ON p.tenant_id = s.tenant_id"
                       " AND p.id = s.person_id WHERE s.tenant_id = ?1 AND s.id > ?2 ORDER BY s.id LIMIT ?3",
                .after = after,
                .read = read_submitter,
                LISTING_INTO(ret, max)
        };

        if (!actor_may(actor, RIGHT_SUBMITTERS, whose_tenant()))
                return CORE_FORBIDDEN;
        return listing_find(core, &submitters, ret_count);
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed = 0;
        int r = db_run(tx, c->actor->tenant, "DELETE FROM submitter WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&c->submitter.id)), &changed);

        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "submitter-deleted", c->submitter.id, "");
}

int submitter_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .submitter.id = id };

        if (!actor_may(actor, RIGHT_SUBMITTERS, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}

struct search {
        const struct actor *agent;
        struct text address;
        char user[SUBMITTER_USER];
        struct id site; /* the agent's */
        struct submitter best;
        unsigned int rank; /* of the best: 0, none was found */
        struct person person;
};

/* Greater is better; 0: it does not say anything of him. */
static unsigned int rank(const struct search *search, const struct submitter *rule)
{
        struct network network;

        if (!network_parse(text_from(rule->network), &network) || !network_has(&network, search->address))
                return 0;
        if (!id_is_zero(rule->site) && !id_equal(rule->site, search->site))
                return 0;
        return 1 + (is_anyone(rule->user) ? 0 : 1000) + 2 * network.bits + !id_is_zero(rule->site);
}

/* All rules for the name, and those for everyone: as many as there are networks. */
static int find_rule(struct db_tx *tx, struct search *search)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(tx, search->agent->tenant,
                    "SELECT id, network, user_name, person_id, '', domain, site_id, created_ms FROM submitter"
                    " WHERE tenant_id = ?1 AND user_name IN (?2, '*')",
                    DB_VALUES(db_string(search->user)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                struct submitter rule;
                unsigned int of_this;

                read_submitter(&rows, &rule);
                of_this = rank(search, &rule);
                if (of_this > search->rank) {
                        search->best = rule;
                        search->rank = of_this;
                }
        }
        return r ? fold(r) : search->rank ? 0 : CORE_NOT_FOUND;
}

/* "mara" is mara@example.org; who writes his whole address must be of that domain, too. */
static bool address_of(const struct search *search, char ret[CORE_EMAIL])
{
        char whole[SUBMITTER_USER + CORE_EMAIL];
        const char *at = strchr(search->user, '@');

        if (at && strcmp(at + 1, search->best.domain) != 0)
                return false;
        snprintf(whole, sizeof(whole), "%s%s%s", search->user, at ? "" : "@", at ? "" : search->best.domain);
        return email_fold(text_from(whole), ret);
}

static int find_in(struct db_tx *tx, void *context)
{
        struct search *search = context;
        char email[CORE_EMAIL];
        int r;

        r = find_rule(tx, search);
        if (r)
                return r;
        if (!search->best.domain[0])
                r = person_row_find(tx, search->agent->tenant, search->best.person, &search->person);
        else if (address_of(search, email))
                r = person_row_find_by_email(tx, search->agent->tenant, email, &search->person);
        else
                r = DB_NO_ROW;
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return search->person.disabled ? CORE_NOT_FOUND : 0;
}

/* What the sender calls himself is told, so that somebody can make the rule that is missing. */
static int note_unknown(struct core *core, const struct search *search)
{
        struct actor seen = *search->agent;
        char detail[CORE_WORDS];

        text_copy(search->address, seen.source, sizeof(seen.source));
        if (!watch_may_note(core, seen.tenant, &seen))
                return CORE_NOT_FOUND;
        snprintf(detail, sizeof(detail), "address=%.*s user=%s", TEXT_ARGS(search->address), search->user);
        return event_note(core, seen.tenant, search->agent, "submitter-unknown", seen.id, detail);
}

int submitter_find(struct core *core, const struct actor *agent, struct text address, struct text user,
                   struct actor *ret)
{
        struct search search = { .agent = agent, .address = address };
        struct network network;
        struct agent row;
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (!network_parse(address, &network) || network.bits != 128 || !fold_user(user, search.user))
                return CORE_BAD_VALUE;
        r = agent_find(core, agent, agent->id, &row);
        if (r)
                return r;
        search.site = row.site;
        r = db_read(core->db, find_in, &search);
        if (r == CORE_NOT_FOUND) {
                r = note_unknown(core, &search);
                return r < 0 ? r : CORE_NOT_FOUND;
        }
        if (r)
                return r;
        *ret = (struct actor){ .kind = ACTOR_PERSON,
                               .tenant = agent->tenant,
                               .id = search.person.id,
                               .role = search.person.role };
        memcpy(ret->name, search.person.email, sizeof(search.person.email));
        actor_came(ret, VIA_LPD, address);
        return 0;
}

static int person_in(struct db_tx *tx, void *context)
{
        struct search *search = context;
        int r = person_row_find(tx, search->agent->tenant, search->person.id, &search->person);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

int submitter_of_badge(struct core *core, const struct actor *agent, struct id person, enum via via,
                       struct actor *ret)
{
        struct search search = { .agent = agent, .person = { .id = person } };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, person_in, &search);
        if (r)
                return r;
        *ret = (struct actor){
                .kind = ACTOR_PERSON, .tenant = agent->tenant, .id = person, .role = search.person.role
        };
        memcpy(ret->name, search.person.email, sizeof(search.person.email));
        actor_came(ret, via, text_from(agent->source));
        return 0;
}
