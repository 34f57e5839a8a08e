// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tenants and their operators: who belongs where, who may come from where, limits, and the end of one. */

#include "core/tenant/tenant.h"

#include "base/log.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/sign-in/authenticate.h"
#include "core/tenant/company-code.h"
#include "core/printer/device-move.h"
#include "core/sign-in/session.h"
#include "core/sign-in/grant.h"
#include "core/tenant/domain.h"
#include "core/job/intake.h"
#include "core/notice/mail.h"
#include "core/job/queue.h"
#include "core/test-world.h"
#include "core/sign-in/token.h"

static struct actor chief, ada;
static struct queue pull;
static const char *txt_host, *txt_words; /* what the domain name system says */
static int txt_answer;

static int check_txt(void *context, const char *name, struct text wanted)
{
        (void)context;
        if (txt_answer)
                return txt_answer;
        return txt_host && strcmp(name, txt_host) == 0 && text_equal_string(wanted, txt_words)
                       ? 0
                       : CORE_NOT_PROVED;
}

static void make_people(struct core_world *world)
{
        struct tenant operators = { .name = "operators",
                                    .is_operators = true,
                                    .outside = OUTSIDE_EVERYTHING };
        struct tenant second = { .name = "again", .is_operators = true };
        struct person person;

        assert(tenant_make(world->core, NULL, &operators, NULL) == 0);
        assert(tenant_make(world->core, NULL, &second, NULL) == CORE_TAKEN);
        assert(person_make(world->core, NULL, operators.id, TEXT_OF("root@host.example"), TEXT_OF("Root"),
                           ROLE_OPERATOR, &person) == 0);
        chief = core_world_actor(world, &person);
        chief.tenant = operators.id;
        assert(person_set_password(world->core, NULL, operators.id, person.id,
                                   TEXT_OF("the operator's own")) == 0);
        ada = core_world_make_actor(world, "ada@demo.example", ROLE_PERSON);
        assert(person_set_password(world->core, &world->admin, world->tenant.id, ada.id,
                                   TEXT_OF("let-it-be-printed")) == 0);
        assert(person_set_pin(world->core, &world->admin, ada.id, TEXT_OF("314159")) == 0);
        pull = (struct queue){ .name = "pull", .kind = QUEUE_PULL, .accepting = true };
        assert(queue_make(world->core, &world->admin, world->tenant.id, &pull) == 0);
}

static int submit(struct core_world *world, const struct actor *actor, const struct queue *queue,
                  struct job *ret)
{
        struct intake_order order = { .queue = queue, .actor = actor, .format = TEXT_OF("application/pdf") };
        struct intake *intake;
        int r = intake_open(world->core, &order, &intake);

        if (r)
                return r;
        r = intake_write(intake, TEXT_OF("%PDF-1.4 something that is held"));
        if (r == 0)
                return intake_commit(intake, ret);
        intake_abort(intake);
        return r;
}

static struct tenant found_tenant(struct core_world *world, const char *name, const char *domain,
                                  struct actor *ret)
{
        struct tenant tenant = { .outside = OUTSIDE_EVERYTHING };
        char email[CORE_EMAIL], password[TENANT_PASSWORD];
        struct tenant_order order = { &tenant, domain, { email, 0 }, TEXT_OF("First") };

        text_copy(text_from(name), tenant.name, sizeof(tenant.name));
        snprintf(email, sizeof(email), "first@%s", domain);
        order.email = text_from(email);
        *ret = (struct actor){ .kind = ACTOR_PERSON, .role = ROLE_ADMINISTRATOR };
        assert(tenant_found(world->core, &chief, &order, &ret->id, password) == 0);
        ret->tenant = tenant.id;
        assert(strlen(password) >= 20);
        return tenant;
}

static void only_operators_manage_tenants(struct core_world *world)
{
        const int64_t day_ms = 86400000, limit = 3600, none = 0;
        enum tenant_state suspended = TENANT_SUSPENDED;
        struct tenant_change own = { .held_ms = &day_ms }, plan = { .plan = "gold" };
        struct tenant tenants[8], made;
        struct actor first;
        size_t count;

        assert(tenant_list(world->core, &world->admin, (struct id){ 0 }, tenants, 8, &count) ==
               CORE_FORBIDDEN);
        assert(tenant_list(world->core, &chief, (struct id){ 0 }, tenants, 8, &count) == 0 && count == 2);
        made = found_tenant(world, "third", "third.example", &first);
        assert(tenant_list(world->core, &chief, (struct id){ 0 }, tenants, 8, &count) == 0 && count == 3);
        assert(tenant_list(world->core, &chief, tenants[1].id, tenants, 8, &count) == 0 && count == 1);

        /* An administrator changes his own, and of that what is his to change. */
        assert(tenant_change(world->core, &world->admin, world->tenant.id, &own) == 0);
        assert(tenant_change(world->core, &world->admin, world->tenant.id, &plan) == CORE_FORBIDDEN);
        assert(tenant_change(world->core, &world->admin, made.id, &own) == CORE_FORBIDDEN);
        assert(tenant_look(world->core, &world->admin, made.id, &made) == CORE_FORBIDDEN);
        assert(tenant_change(world->core, &ada, world->tenant.id, &own) == CORE_FORBIDDEN);
        assert(tenant_change(world->core, &chief, made.id, &plan) == 0);
        assert(tenant_look(world->core, &chief, made.id, &made) == 0 && strcmp(made.plan, "gold") == 0);
        assert(tenant_find_by_id(world->core, made.id, &made) == 0 && strcmp(made.plan, "gold") == 0);
        assert(tenant_change(world->core, &chief, chief.tenant,
                             &(struct tenant_change){ .state = &suspended }) == CORE_BAD_VALUE);
        assert(tenant_delete(world->core, &chief, chief.tenant, TEXT_OF("operators")) == CORE_BAD_VALUE);

        /* How long documents may be kept is bounded by the chief. */
        plan = (struct tenant_change){ .limits[LIMIT_HELD_FOR_S] = &limit };
        assert(tenant_change(world->core, &chief, world->tenant.id, &plan) == 0);
        assert(tenant_change(world->core, &world->admin, world->tenant.id, &own) == CORE_BAD_VALUE);
        plan = (struct tenant_change){ .limits[LIMIT_HELD_FOR_S] = &none };
        assert(tenant_change(world->core, &chief, world->tenant.id, &plan) == 0);
        assert(tenant_change(world->core, &world->admin, world->tenant.id, &own) == 0);
        assert(core_world_number(world, "SELECT count(*) FROM event WHERE tenant_id = ?1 AND kind ="
                                        " 'tenant-changed'") == 4);
}

static void a_domain_routes_once_it_is_proved(struct core_world *world)
{
        char host[CORE_EMAIL + 32], words[80];
        struct domain claimed, others, domains[4];
        struct tenant made, found;
        struct actor first;
        size_t count;

        made = found_tenant(world, "routed", "routed.example", &first);
        assert(tenant_find_by_email(world->core, TEXT_OF("x@Routed.Example"), &found) == 0);
        assert(id_equal(found.id, made.id));
        assert(tenant_find_by_email(world->core, TEXT_OF("x@sub.routed.example"), &found) == CORE_NOT_FOUND);
        assert(tenant_find_by_email(world->core, TEXT_OF("x"), &found) == CORE_NOT_FOUND);
        assert(tenant_find_by_email(world->core, TEXT_OF("x@"), &found) == CORE_NOT_FOUND);

        assert(domain_claim(world->core, &ada, world->tenant.id, TEXT_OF("more.example"), &claimed) ==
               CORE_FORBIDDEN);
        assert(domain_claim(world->core, &world->admin, made.id, TEXT_OF("more.example"), &claimed) ==
               CORE_FORBIDDEN);
        assert(domain_claim(world->core, &world->admin, world->tenant.id, TEXT_OF("a b"), &claimed) ==
               CORE_BAD_VALUE);
        assert(domain_claim(world->core, &world->admin, world->tenant.id, TEXT_OF("a..b"), &claimed) ==
               CORE_BAD_VALUE);
        assert(domain_claim(world->core, &world->admin, world->tenant.id, TEXT_OF("More.Example"),
                            &claimed) == 0);
        assert(domain_claim(world->core, &world->admin, world->tenant.id, TEXT_OF("more.example"), &others) ==
               CORE_TAKEN);
        /* Others may claim it too; claimed is not proved. */
        assert(domain_claim(world->core, &first, made.id, TEXT_OF("more.example"), &others) == 0);
        assert(strcmp(claimed.challenge, others.challenge) != 0);
        assert(tenant_find_by_email(world->core, TEXT_OF("x@more.example"), &found) == CORE_NOT_FOUND);
        assert(domain_prove(world->core, &world->admin, world->tenant.id, claimed.id, &claimed) ==
               CORE_NOT_PROVED);
        txt_answer = CORE_BUSY;
        assert(domain_prove(world->core, &world->admin, world->tenant.id, claimed.id, &claimed) == CORE_BUSY);
        txt_answer = 0;

        snprintf(host, sizeof(host), "_imprimatur-challenge.more.example");
        snprintf(words, sizeof(words), "imprimatur-domain=%s", claimed.challenge);
        txt_host = host;
        txt_words = words;
        /* The record of one tenant proves nothing for the other. */
        assert(domain_prove(world->core, &first, made.id, others.id, &others) == CORE_NOT_PROVED);
        assert(domain_prove(world->core, &world->admin, world->tenant.id, claimed.id, &claimed) == 0);
        assert(claimed.proved_ms > 0 && strcmp(claimed.proof, "dns") == 0);
        assert(tenant_find_by_email(world->core, TEXT_OF("x@more.example"), &found) == 0);
        assert(id_equal(found.id, world->tenant.id));
        assert(domain_prove(world->core, &chief, made.id, others.id, &others) == CORE_TAKEN);
        assert(domain_delete(world->core, &first, made.id, claimed.id) == CORE_NOT_FOUND);
        assert(domain_delete(world->core, &world->admin, world->tenant.id, claimed.id) == 0);
        assert(tenant_find_by_email(world->core, TEXT_OF("x@more.example"), &found) == CORE_NOT_FOUND);
        assert(domain_prove(world->core, &chief, made.id, others.id, &others) == 0);
        assert(strcmp(others.proof, "operator") == 0);
        assert(domain_list(world->core, &first, made.id, (struct id){ 0 }, domains, 4, &count) == 0 &&
               count == 2);
        txt_host = NULL;
}

static void a_company_code_is_renewed_and_not_searched_for(struct core_world *world)
{
        struct tenant found, renewed;
        char typed[16], before[8];

        assert(tenant_find_by_id(world->core, world->tenant.id, &found) == 0);
        memcpy(before, found.company_code, sizeof(before));
        snprintf(typed, sizeof(typed), "%.3s-%.3s", before, before + 3);
        for (char *at = typed; *at; at++)
                *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
        assert(tenant_find_for(world->core, TEXT_OF("x@nowhere.example"), text_from(typed),
                               TEXT_OF("192.0.2.1"), &found) == 0);
        assert(id_equal(found.id, world->tenant.id));
        /* Where a code is given it decides, whatever the address says. */
        assert(tenant_find_for(world->core, TEXT_OF("x@routed.example"), text_from(before),
                               TEXT_OF("192.0.2.1"), &found) == 0);
        assert(id_equal(found.id, world->tenant.id));
        assert(tenant_find_for(world->core, TEXT_OF("x@routed.example"), TEXT_OF(""), TEXT_OF("192.0.2.1"),
                               &found) == 0);
        assert(strcmp(found.name, "routed") == 0);

        assert(tenant_renew_code(world->core, &ada, world->tenant.id, &renewed) == CORE_FORBIDDEN);
        assert(tenant_renew_code(world->core, &world->admin, world->tenant.id, &renewed) == 0);
        assert(strcmp(renewed.company_code, before) != 0 && strlen(renewed.company_code) == 6);
        assert(tenant_find_for(world->core, TEXT_OF(""), text_from(before), TEXT_OF("192.0.2.1"), &found) ==
               CORE_NOT_FOUND);
        assert(tenant_find_for(world->core, TEXT_OF(""), text_from(renewed.company_code),
                               TEXT_OF("192.0.2.1"), &found) == 0);

        for (int i = 0; i < 19; i++)
                assert(tenant_find_for(world->core, TEXT_OF(""), TEXT_OF("000000"), TEXT_OF("192.0.2.1"),
                                       &found) == CORE_NOT_FOUND);
        assert(tenant_find_for(world->core, TEXT_OF(""), TEXT_OF("000000"), TEXT_OF("192.0.2.1"), &found) ==
               CORE_LOCKED);
        assert(tenant_find_for(world->core, TEXT_OF(""), text_from(renewed.company_code),
                               TEXT_OF("192.0.2.1"), &found) == CORE_LOCKED);
        assert(tenant_find_for(world->core, TEXT_OF(""), text_from(renewed.company_code),
                               TEXT_OF("192.0.2.2"), &found) == 0);
        world->tenant = renewed;
}

static void the_code_before_the_address_names_the_tenant(struct core_world *world)
{
        struct actor actor = { .via = VIA_API };
        char name[64];
        struct tenant operators;

        assert(tenant_find_by_id(world->core, chief.tenant, &operators) == 0);
        /* host.example is nobody's domain. */
        assert(authenticate_basic(world->core, NULL, TEXT_OF("root@host.example"),
                                  TEXT_OF("the operator's own"), TEXT_OF("192.0.2.3"),
                                  &actor) == CORE_WRONG_CREDENTIALS);
        snprintf(name, sizeof(name), "%s\\root@host.example", operators.company_code);
        assert(authenticate_basic(world->core, NULL, text_from(name), TEXT_OF("the operator's own"),
                                  TEXT_OF("192.0.2.3"), &actor) == 0);
        assert(actor.role == ROLE_OPERATOR && id_equal(actor.tenant, operators.id));
        assert(authenticate_basic(world->core, NULL, TEXT_OF("000000\\ada@demo.example"),
                                  TEXT_OF("let-it-be-printed"), TEXT_OF("192.0.2.3"),
                                  &actor) == CORE_WRONG_CREDENTIALS);
}

static void change(struct core_world *world, const struct tenant_change *change)
{
        assert(tenant_change(world->core, &chief, world->tenant.id, change) == 0);
}

static int with_password(struct core_world *world, const char *source)
{
        struct actor actor = { .via = VIA_API };

        return authenticate_basic(world->core, NULL, TEXT_OF("ada@demo.example"),
                                  TEXT_OF("let-it-be-printed"), text_from(source), &actor);
}

static void networks_outside_reach_what_was_opened(struct core_world *world)
{
        enum tenant_outside nothing = OUTSIDE_NOTHING, submission = OUTSIDE_SUBMISSION,
                            all = OUTSIDE_EVERYTHING;
        char print_secret[TOKEN_STRING], api_secret[TOKEN_STRING];
        struct actor from_outside = ada, actor = { .via = VIA_IPP };
        struct token token;
        struct job job;

        assert(token_make(world->core, &ada, TOKEN_PRINT, NULL, TEXT_OF("laptop"), 0, &token, print_secret) ==
               0);
        assert(token_make(world->core, &ada, TOKEN_API, NULL, TEXT_OF("script"), 0, &token, api_secret) == 0);
        strcpy(from_outside.source, "198.51.100.9");

        change(world, &(struct tenant_change){ .outside = &nothing });
        assert(with_password(world, "192.168.1.2") == 0);
        assert(with_password(world, "::1") == 0);
        assert(with_password(world, "198.51.100.9") == CORE_OUTSIDE);
        assert(with_password(world, "2001:db8::9") == CORE_OUTSIDE);
        assert(authenticate_token(world->core, text_from(print_secret), TEXT_OF("198.51.100.9"), &actor) ==
               CORE_OUTSIDE);
        assert(authenticate_token(world->core, text_from(print_secret), TEXT_OF("10.0.0.1"), &actor) == 0);
        assert(submit(world, &from_outside, &pull, &job) == CORE_OUTSIDE);

        change(world, &(struct tenant_change){ .outside = &submission });
        assert(with_password(world, "198.51.100.9") == CORE_OUTSIDE);
        assert(authenticate_token(world->core, text_from(print_secret), TEXT_OF("198.51.100.9"), &actor) ==
               0);
        assert(authenticate_token(world->core, text_from(api_secret), TEXT_OF("198.51.100.9"), &actor) ==
               CORE_OUTSIDE);
        assert(authenticate_basic(world->core, &world->tenant.id, TEXT_OF("ada@demo.example"),
                                  TEXT_OF("let-it-be-printed"), TEXT_OF("198.51.100.9"), &actor) == 0);
        assert(submit(world, &from_outside, &pull, &job) == 0);

        change(world, &(struct tenant_change){ .inside = "198.51.100.0/24 2001:db8::/32" });
        assert(with_password(world, "198.51.100.9") == 0);
        assert(with_password(world, "2001:db8::9") == 0);
        assert(with_password(world, "192.168.1.2") == CORE_OUTSIDE);
        change(world, &(struct tenant_change){ .outside = &all });
        assert(with_password(world, "192.168.1.2") == 0);
        change(world, &(struct tenant_change){ .inside = "" });
        assert(tenant_change(world->core, &chief, world->tenant.id,
                             &(struct tenant_change){ .inside = "10/8" }) == CORE_BAD_VALUE);
        /* Who is wrong hears that he is wrong, from wherever he comes. */
        change(world, &(struct tenant_change){ .outside = &nothing });
        assert(authenticate_basic(world->core, NULL, TEXT_OF("ada@demo.example"), TEXT_OF("something else"),
                                  TEXT_OF("198.51.100.9"), &actor) == CORE_WRONG_CREDENTIALS);
        change(world, &(struct tenant_change){ .outside = &all });
}

static void a_suspended_tenant_takes_nothing_new(struct core_world *world)
{
        enum tenant_state suspended = TENANT_SUSPENDED, active = TENANT_ACTIVE;
        char secret[TOKEN_STRING], other[TOKEN_STRING];
        struct actor actor = { .via = VIA_API };
        struct job job, found;
        struct token token;

        assert(token_make(world->core, &ada, TOKEN_API, NULL, TEXT_OF("x"), 0, &token, secret) == 0);
        assert(submit(world, &ada, &pull, &job) == 0);
        change(world, &(struct tenant_change){ .state = &suspended });
        assert(with_password(world, "192.0.2.1") == CORE_SUSPENDED);
        assert(submit(world, &ada, &pull, &found) == CORE_SUSPENDED);
        assert(token_make(world->core, &ada, TOKEN_API, NULL, TEXT_OF("y"), 0, &token, other) ==
               CORE_SUSPENDED);
        /* What is held is there and can be collected. */
        assert(authenticate_token(world->core, text_from(secret), TEXT_OF("192.0.2.1"), &actor) == 0);
        assert(authenticate_pin(world->core, TEXT_OF("ada@demo.example"), TEXT_OF("314159"),
                                TEXT_OF("192.0.2.1"), &actor) == 0);
        assert(job_find(world->core, &ada, job.id, &found) == 0 && found.state == JOB_HELD);
        change(world, &(struct tenant_change){ .state = &active });
        assert(with_password(world, "192.0.2.1") == 0);
        assert(submit(world, &ada, &pull, &found) == 0);
}

static void limits_refuse_and_plans_only_tell(struct core_world *world)
{
        const int64_t one = 1, none = 0;
        struct tenant_use use;
        char code[OUTPOST_CODE];
        struct agent agent;
        struct job job;

        assert(tenant_use(world->core, world->tenant.id, &use) == 0 && use.held_jobs >= 2 &&
               use.held_octets > 100);
        change(world, &(struct tenant_change){ .limits[LIMIT_HELD_JOBS] = &use.held_jobs });
        assert(submit(world, &ada, &pull, &job) == CORE_LIMIT_REACHED);
        change(world, &(struct tenant_change){ .limits[LIMIT_HELD_JOBS] = &none,
                                               .limits[LIMIT_HELD_OCTETS] = &one });
        assert(submit(world, &ada, &pull, &job) == CORE_LIMIT_REACHED);
        change(world, &(struct tenant_change){ .limits[LIMIT_HELD_OCTETS] = &none,
                                               .limits[LIMIT_SUBMISSIONS_PER_HOUR] = &one });
        assert(submit(world, &ada, &pull, &job) == CORE_TOO_FAST);
        change(world, &(struct tenant_change){ .limits[LIMIT_SUBMISSIONS_PER_HOUR] = &none });
        assert(submit(world, &ada, &pull, &job) == 0);

        change(world, &(struct tenant_change){ .limits[LIMIT_AGENTS] = &one });
        assert(agent_make(world->core, &world->admin, world->tenant.id, TEXT_OF("one"), (struct id){ 0 },
                          &agent, code) == 0);
        assert(agent_make(world->core, &world->admin, world->tenant.id, TEXT_OF("two"), (struct id){ 0 },
                          &agent, code) == CORE_LIMIT_REACHED);

        /* A plan that is outgrown is told once, and refuses nothing. */
        change(world, &(struct tenant_change){ .limits[LIMIT_PEOPLE] = &one });
        assert(tenants_compare_plans(world->core) == 0 && tenants_compare_plans(world->core) == 0);
        assert(core_world_number(
                       world, "SELECT count(*) FROM event WHERE tenant_id = ?1 AND kind = 'plan-exceeded'") ==
               1);
        core_world_make_person(world, "more@demo.example", ROLE_PERSON);
        assert(submit(world, &ada, &pull, &job) == 0);
        assert(tenant_use(world->core, world->tenant.id, &use) == 0 && use.is_over_plan);
        change(world, &(struct tenant_change){ .limits[LIMIT_PEOPLE] = &none });
        assert(tenants_compare_plans(world->core) == 0);
        assert(tenant_use(world->core, world->tenant.id, &use) == 0 && !use.is_over_plan);
}

/* The code in the mail that waits; its text says "The code: XXXXX-XXXXX". */
static void read_code(struct core_world *world, const char *to, char ret[16])
{
        struct mail_leased leased = { .text = BUFFER(MAIL_TEXT_MAX) };
        const char *at;

        assert(mail_lease(world->core, &leased) == 0);
        assert(strcmp(leased.to, to) == 0);
        at = strstr(buffer_string(&leased.text), "The code: ");
        assert(at);
        memcpy(ret, at + strlen("The code: "), 11);
        ret[11] = '\0';
        assert(mail_end(world->core, &leased, MAIL_SENT) == 0);
        mail_leased_done(&leased);
}

static struct actor device_of(struct core_world *world, const struct actor *owner, char secret[TOKEN_STRING])
{
        struct actor device = { .via = VIA_API };
        struct token token;

        assert(token_make(world->core, owner, TOKEN_PRINT, NULL, TEXT_OF("laptop"), 0, &token, secret) == 0);
        assert(authenticate_token(world->core, text_from(secret), TEXT_OF("192.0.2.5"), &device) == 0);
        return device;
}

static void a_device_moves_by_a_code_in_the_mailbox(struct core_world *world)
{
        SCOPED(device_moved_done) struct device_moved there = { 0 };
        char secret[TOKEN_STRING], code[16];
        struct actor first, device, moved = { .via = VIA_API };
        struct device_move move, nobodys;
        struct mail_leased none = { .text = BUFFER(MAIL_TEXT_MAX) };
        struct tenant made;

        made = found_tenant(world, "moved", "moved.example", &first);
        device = device_of(world, &ada, secret);
        assert(device_move_begin(world->core, &device, TEXT_OF("first@moved.example"),
                                 text_from(made.company_code), &move) == CORE_NO_MAIL);
        world->core->settings.has_mail = true;
        assert(device_move_begin(world->core, &ada, TEXT_OF("first@moved.example"),
                                 text_from(made.company_code), &move) == CORE_FORBIDDEN);
        assert(device_move_begin(world->core, &device, TEXT_OF("first@moved.example"), TEXT_OF("000000"),
                                 &move) == CORE_NOT_FOUND);
        assert(device_move_begin(world->core, &device, TEXT_OF("ada@demo.example"),
                                 text_from(world->tenant.company_code), &move) == CORE_BAD_VALUE);

        /* Nobody's address: the same answer, no mail, and no code that works. */
        assert(device_move_begin(world->core, &device, TEXT_OF("nobody@moved.example"),
                                 text_from(made.company_code), &nobodys) == 0);
        assert(mail_lease(world->core, &none) == CORE_NOT_FOUND);
        assert(device_move_finish(world->core, &device, nobodys.id, TEXT_OF("00000-00000"), &there) ==
               CORE_WRONG_CREDENTIALS);

        assert(device_move_begin(world->core, &device, TEXT_OF("First@Moved.example"),
                                 text_from(made.company_code), &move) == 0);
        read_code(world, "first@moved.example", code);
        assert(device_move_finish(world->core, &device, nobodys.id, text_from(code), &there) ==
               CORE_NOT_FOUND);
        for (int i = 0; i < 5; i++)
                assert(device_move_finish(world->core, &device, move.id, TEXT_OF("00000-00000"), &there) ==
                       CORE_WRONG_CREDENTIALS);
        assert(device_move_finish(world->core, &device, move.id, text_from(code), &there) == CORE_EXPIRED);

        assert(device_move_begin(world->core, &device, TEXT_OF("first@moved.example"),
                                 text_from(made.company_code), &move) == 0);
        read_code(world, "first@moved.example", code);
        for (char *at = code; *at; at++)
                *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
        assert(device_move_finish(world->core, &device, move.id, text_from(code), &there) == 0);
        assert(!there.is_program && id_equal(there.tenant, made.id) && strcmp(there.label, "laptop") == 0);
        assert(authenticate_token(world->core, text_from(secret), TEXT_OF("192.0.2.5"), &device) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_token(world->core, text_from(there.secret), TEXT_OF("192.0.2.5"), &moved) == 0);
        assert(moved.prints_only && id_equal(moved.tenant, made.id) && id_equal(moved.id, first.id));
        assert(core_world_number(world, "SELECT count(*) FROM device_move WHERE tenant_id = ?1") == 0);
        world->core->settings.has_mail = false;
}

/* What somebody said yes to for a client of that name. */
static struct actor program_of(struct core_world *world, const struct actor *owner, const char *name,
                               uint32_t scopes, struct issue *ret)
{
        struct actor program = { .via = VIA_API };
        struct device_issue device;
        struct client client;

        assert(client_recognise(world->core, text_from(name), &client) == 0);
        assert(device_begin(world->core, &client, scopes, TEXT_OF("workstation"), TEXT_OF("192.0.2.5"),
                            &device) == 0);
        assert(device_decide(world->core, owner, text_from(device.user_code), true) == 0);
        assert(device_poll(world->core, &client, text_from(device.device_code), ret) == 0);
        assert(authenticate_token(world->core, text_from(ret->access), TEXT_OF("192.0.2.5"), &program) == 0);
        return program;
}

static void a_program_moves_with_all_it_was_given(struct core_world *world)
{
        struct actor first, program, other, moved = { .via = VIA_API };
        SCOPED(device_moved_done) struct device_moved there = { 0 };
        struct issue given, of_other, late;
        struct device_move move;
        struct client client;
        struct tenant made;
        struct text code_of, email = TEXT_OF("first@programs.example");
        char code[16];

        made = found_tenant(world, "programs", "programs.example", &first);
        code_of = text_from(made.company_code);
        world->core->settings.has_mail = true;
        assert(client_recognise(world->core, TEXT_OF("imprimatur-client"), &client) == 0);

        /* What can neither submit nor release has nothing to move; a panel stays where its printer is; nor
         * does a machine, or a session of a browser. */
        program = program_of(world, &ada, "imprimatur-client", SCOPE_READ, &given);
        assert(device_move_begin(world->core, &program, email, code_of, &move) == CORE_FORBIDDEN);
        program = program_of(world, &ada, "imprimatur-panel", SCOPE_RELEASE, &given);
        assert(device_move_begin(world->core, &program, email, code_of, &move) == CORE_FORBIDDEN);

        program = program_of(world, &ada, "imprimatur-client", SCOPE_PRINT | SCOPE_RELEASE | SCOPE_ACCOUNT,
                             &given);
        other = program_of(world, &ada, "imprimatur-client", SCOPE_PRINT, &of_other);
        assert(device_move_begin(world->core, &program, email, code_of, &move) == 0);
        read_code(world, "first@programs.example", code);
        assert(device_move_finish(world->core, &other, move.id, text_from(code), &there) == CORE_NOT_FOUND);
        assert(device_move_finish(world->core, &ada, move.id, text_from(code), &there) == CORE_NOT_FOUND);
        assert(device_move_finish(world->core, &program, move.id, TEXT_OF("00000-00000"), &there) ==
               CORE_WRONG_CREDENTIALS);
        /* The next access token is the same program's. */
        assert(grant_refresh(world->core, &client, text_from(given.refresh), 0, &given) == 0);
        assert(authenticate_token(world->core, text_from(given.access), TEXT_OF("192.0.2.5"), &program) == 0);
        assert(device_move_finish(world->core, &program, move.id, text_from(code), &there) == 0);
        assert(there.is_program && !there.secret[0] && id_equal(there.tenant, made.id));
        assert(strcmp(there.label, "workstation") == 0);

        /* Nothing of the old family works any more, and the other program is as it was. */
        assert(authenticate_token(world->core, text_from(given.access), TEXT_OF("192.0.2.5"), &program) ==
               CORE_WRONG_CREDENTIALS);
        assert(grant_refresh(world->core, &client, text_from(given.refresh), 0, &late) == GRANT_INVALID);
        assert(authenticate_token(world->core, text_from(of_other.access), TEXT_OF("192.0.2.5"), &other) ==
               0);

        /* A code in a mailbox is no second factor: what comes over does what devices do, and is not fresh. */
        assert(authenticate_token(world->core, text_from(there.issue.access), TEXT_OF("192.0.2.5"), &moved) ==
               0);
        assert(id_equal(moved.tenant, made.id) && id_equal(moved.id, first.id));
        assert(moved.scopes == (SCOPE_PRINT | SCOPE_RELEASE) && there.issue.scopes == moved.scopes);
        assert(!session_is_fresh(world->core, &moved) && !actor_may(&moved, RIGHT_JOBS_READ, whose_tenant()));
        assert(grant_refresh(world->core, &client, text_from(there.issue.refresh), 0, &late) == 0);
        assert(core_world_number(world, "SELECT count(*) FROM device_move WHERE tenant_id = ?1") == 0);

        /* The move ends with what would be moved. */
        assert(device_move_begin(world->core, &other, email, code_of, &move) == 0);
        assert(grant_revoke(world->core, &client, text_from(of_other.refresh), TEXT_OF("192.0.2.1")) == 0);
        assert(core_world_number(world, "SELECT count(*) FROM device_move WHERE tenant_id = ?1") == 0);
        world->core->settings.has_mail = false;
}

/* A backup of a document's row and of its tenant's key. */
struct stolen {
        struct id tenant;
        struct keys_tenant keys;
        struct keys_document document;
        struct wrapped_key wrapped;
};

static int steal(struct db_tx *tx, void *context)
{
        struct stolen *stolen = context;
        struct db_rows rows = { 0 };
        int r = db_one(
                tx, stolen->tenant,
                "SELECT k.version, k.wrapped, d.job_id, d.expiry_day, d.wrapped FROM document d JOIN tenant_key"
                " k ON k.tenant_id = d.tenant_id AND k.version = d.key_version WHERE d.tenant_id = ?1",
                DB_NONE, &rows);

        assert(r == 0);
        stolen->keys.tenant = stolen->tenant;
        stolen->keys.version = (uint32_t)db_rows_integer(&rows, 0);
        assert(db_rows_octets(&rows, 1, stolen->keys.wrapped.octets, sizeof(stolen->keys.wrapped.octets)));
        stolen->document =
                (struct keys_document){ db_rows_id(&rows, 2), KEYS_ORIGINAL, db_rows_integer(&rows, 3) };
        assert(db_rows_octets(&rows, 4, stolen->wrapped.octets, sizeof(stolen->wrapped.octets)));
        db_rows_done(&rows);
        return 0;
}

/* One after another, each short, with progress to be seen; to the end. */
static void rows_go_in_steps(struct core_world *world, struct id tenant)
{
        struct tenant found;
        bool more = false;
        int steps = 0;

        assert(tenant_look(world->core, &chief, tenant, &found) == 0);
        assert(found.state == TENANT_DELETING && found.rows_deleting == 0);
        assert(core_chore(world->core, &more) == 0 && more);
        assert(tenant_look(world->core, &chief, tenant, &found) == 0);
        assert(found.rows_deleting > 100 && found.rows_deleted == 0);
        for (;;) {
                int64_t before = found.rows_deleted;
                int r;

                assert(core_chore(world->core, &more) == 0);
                steps++;
                r = tenant_look(world->core, &chief, tenant, &found);
                if (r == CORE_NOT_FOUND)
                        break;
                assert(r == 0 && more && found.rows_deleted >= before);
        }
        assert(steps > 40);
        assert(core_chore(world->core, &more) == 0 && !more);
}

static void its_field_key_is_wiped(struct core_world *world, struct id tenant)
{
        static const struct field_key none[FIELD_KEYS];
        struct tenant_entry *entry = world->core->tenants;

        while (entry && !id_equal(entry->tenant.id, tenant))
                entry = entry->next;
        assert(entry && memcmp(entry->field_keys, none, sizeof(none)) == 0);
}

static void a_deleted_tenant_is_gone_for_good(struct core_world *world)
{
        char secret[TOKEN_STRING];
        struct actor first, actor = { .via = VIA_API };
        struct stolen stolen;
        struct tenant made, found;
        struct queue queue;
        struct token token;
        struct secret key;
        struct job job;

        made = found_tenant(world, "ending", "ending.example", &first);
        assert(queue_find(world->core, TEXT_OF("ending"), TEXT_OF("pull"), &queue) == 0);
        for (int i = 0; i < 40; i++)
                assert(submit(world, &first, &queue, &job) == 0);
        assert(token_make(world->core, &first, TOKEN_API, NULL, TEXT_OF("t"), 0, &token, secret) == 0);
        stolen.tenant = made.id;
        assert(db_read(world->db, steal, &stolen) == 0);
        assert(keys_document_open(world->keys, &stolen.keys, &stolen.document, &stolen.wrapped, KEYS_FOR_ARM,
                                  &key) == 0);

        assert(tenant_delete(world->core, &world->admin, made.id, TEXT_OF("ending")) == CORE_FORBIDDEN);
        assert(tenant_delete(world->core, &chief, made.id, TEXT_OF("Ending")) == CORE_BAD_VALUE);
        assert(tenant_delete(world->core, &chief, made.id, TEXT_OF("ending")) == 0);
        its_field_key_is_wiped(world, made.id);
        /* With the disk, a backup and the master key. */
        assert(keys_document_open(world->keys, &stolen.keys, &stolen.document, &stolen.wrapped, KEYS_FOR_ARM,
                                  &key) == KEYS_DESTROYED);
        assert(tenant_find_by_id(world->core, made.id, &found) == CORE_NOT_FOUND);
        assert(tenant_find(world->core, TEXT_OF("ending"), &found) == CORE_NOT_FOUND);
        assert(tenant_find_by_email(world->core, TEXT_OF("x@ending.example"), &found) == CORE_NOT_FOUND);
        assert(tenant_find_for(world->core, TEXT_OF(""), text_from(made.company_code), TEXT_OF("192.0.2.7"),
                               &found) == CORE_NOT_FOUND);
        assert(authenticate_token(world->core, text_from(secret), TEXT_OF("192.0.2.1"), &actor) ==
               CORE_WRONG_CREDENTIALS);
        assert(submit(world, &first, &queue, &job) != 0);
        /* Again, as where the answer was lost. */
        assert(tenant_delete(world->core, &chief, made.id, TEXT_OF("ending")) == 0);

        rows_go_in_steps(world, made.id);
        assert(tenant_delete(world->core, &chief, made.id, TEXT_OF("ending")) == CORE_NOT_FOUND);
        /* Its name and domain are free; nobody finds the old one behind them. */
        made = found_tenant(world, "ending", "ending.example", &first);
        assert(tenant_find(world->core, TEXT_OF("ending"), &found) == 0 && id_equal(found.id, made.id));
        assert(core_sweep(world->core) == 0);
}

int main(void)
{
        static struct core_world world;

        log_init("test-tenant", LOG_ERROR);
        core_world_open(&world);
        world.core->parts.check_txt = check_txt;
        make_people(&world);
        only_operators_manage_tenants(&world);
        a_domain_routes_once_it_is_proved(&world);
        a_company_code_is_renewed_and_not_searched_for(&world);
        the_code_before_the_address_names_the_tenant(&world);
        networks_outside_reach_what_was_opened(&world);
        a_suspended_tenant_takes_nothing_new(&world);
        limits_refuse_and_plans_only_tell(&world);
        a_device_moves_by_a_code_in_the_mailbox(&world);
        a_program_moves_with_all_it_was_given(&world);
        a_deleted_tenant_is_gone_for_good(&world);
        core_world_close(&world);
        return 0;
}
