// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Programs that act for people, over a real database and keeper: every code and token, rightly and wrongly.
 */

#include "core/sign-in/grant.h"

#include "core/sign-in/authenticate.h"
#include "core/sign-in/session.h"
#include "core/test-world.h"
#include "base/outcome.h"
#include "core/sign-in/token.h"
#include "crypt/hash.h"

#define VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" /* of RFC 7636, appendix B */
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define LOOPBACK  "http://127.0.0.1:5000/callback"
#define FROM      TEXT_OF("192.0.2.7")

static struct core_world world;
static struct actor ada, grace;
static struct client cli, panel;
static struct grant_settings quiet;

static struct client known(const char *name)
{
        struct client client;

        assert(client_recognise(world.core, text_from(name), &client) == 0);
        return client;
}

static int come(const char *token, struct actor *ret)
{
        *ret = (struct actor){ .via = VIA_API };
        return authenticate_token(world.core, text_from(token), FROM, ret);
}

static bool works(const char *token)
{
        struct actor actor;
        int r = come(token, &actor);

        assert(r == 0 || r == CORE_WRONG_CREDENTIALS);
        return r == 0;
}

static size_t grants_of(const struct actor *person)
{
        struct grant grants[8];
        size_t count;

        assert(grant_list(world.core, person, person->id, (struct id){ 0 }, grants, 8, &count) == 0);
        return count;
}

static void make_code(const struct actor *actor, char ret[CREDENTIAL_STRING])
{
        struct authorization wish = { &cli, TEXT_OF(LOOPBACK), TEXT_OF(CHALLENGE), SCOPES_ALL };

        assert(grant_code_make(world.core, actor, &wish, ret) == 0);
}

static int redeem(const struct client *client, const char *code, const char *redirect, const char *verifier,
                  struct issue *ret)
{
        return grant_redeem_code(world.core, client, text_from(code), text_from(redirect),
                                 text_from(verifier), FROM, ret);
}

static struct issue issue_to(const struct actor *actor)
{
        char code[CREDENTIAL_STRING];
        struct issue issue;

        make_code(actor, code);
        assert(redeem(&cli, code, LOOPBACK, VERIFIER, &issue) == 0);
        return issue;
}

static void end_all(const struct actor *person)
{
        struct grant grants[8];
        size_t count;

        assert(grant_list(world.core, person, person->id, (struct id){ 0 }, grants, 8, &count) == 0);
        for (size_t i = 0; i < count; i++)
                assert(grant_delete(world.core, person, grants[i].id) == 0);
}

static void test_code(void)
{
        struct client other = known("imprimatur-client");
        char code[CREDENTIAL_STRING];
        struct issue issue, again;
        struct actor actor;

        make_code(&ada, code);
        assert(redeem(&cli, code, LOOPBACK, VERIFIER, &issue) == 0);
        assert(issue.scopes == SCOPES_ALL && issue.expires_in_ms == world.core->settings.grant.access_ms);
        assert(come(issue.access, &actor) == 0 && id_equal(actor.id, ada.id) && actor.scopes == SCOPES_ALL);
        assert(actor.via == VIA_COMMAND_LINE && strcmp(actor.source, "192.0.2.7") == 0);
        assert(come(issue.refresh, &actor) == CORE_WRONG_CREDENTIALS);
        assert(grants_of(&ada) == 1);
        /* Shown again, it ends what it gave. */
        assert(redeem(&cli, code, LOOPBACK, VERIFIER, &again) == GRANT_INVALID);
        assert(!works(issue.access) && grants_of(&ada) == 0);
        assert(grant_refresh(world.core, &cli, text_from(issue.refresh), 0, &again) == GRANT_INVALID);

        /* Wrongly shown, it is spent. */
        make_code(&ada, code);
        assert(redeem(&cli, code, LOOPBACK, "wrong-verifier-wrong-verifier-wrong-verifier", &issue) ==
               GRANT_INVALID);
        assert(redeem(&cli, code, LOOPBACK, VERIFIER, &issue) == GRANT_INVALID);
        make_code(&ada, code);
        assert(redeem(&cli, code, LOOPBACK, "", &issue) == GRANT_INVALID);
        make_code(&ada, code);
        assert(redeem(&cli, code, LOOPBACK, CHALLENGE, &issue) == GRANT_INVALID);
        make_code(&ada, code);
        assert(redeem(&cli, code, "http://127.0.0.1:5001/callback", VERIFIER, &issue) == GRANT_INVALID);
        make_code(&ada, code);
        assert(redeem(&other, code, LOOPBACK, VERIFIER, &issue) == GRANT_INVALID);
        assert(redeem(&cli, code, LOOPBACK, VERIFIER, &issue) == GRANT_INVALID);

        world.core->settings.grant.code_ms = 0;
        make_code(&ada, code);
        world.core->settings.grant = quiet;
        assert(redeem(&cli, code, LOOPBACK, VERIFIER, &issue) == GRANT_INVALID);
        assert(grants_of(&ada) == 0);
}

static void test_code_made_wrongly(void)
{
        char code[CREDENTIAL_STRING];
        struct authorization good = { &cli, TEXT_OF(LOOPBACK), TEXT_OF(CHALLENGE), SCOPE_PRINT }, wish;
        struct issue issue = issue_to(&ada);
        struct actor program, nobody = { .kind = ACTOR_NOBODY };

        wish = good, wish.redirect = TEXT_OF("https://evil.example/");
        assert(grant_code_make(world.core, &ada, &wish, code) == CORE_BAD_VALUE);
        wish = good, wish.challenge = TEXT_OF("plain");
        assert(grant_code_make(world.core, &ada, &wish, code) == CORE_BAD_VALUE);
        wish = good, wish.scopes = 0;
        assert(grant_code_make(world.core, &ada, &wish, code) == CORE_BAD_VALUE);
        wish = good, wish.client = &panel;
        assert(grant_code_make(world.core, &ada, &wish, code) == CORE_BAD_VALUE);
        assert(grant_code_make(world.core, &nobody, &good, code) == CORE_FORBIDDEN);
        /* A program cannot let further programs in. */
        assert(come(issue.access, &program) == 0);
        assert(grant_code_make(world.core, &program, &good, code) == CORE_FORBIDDEN);
        end_all(&ada);
}

static void test_refresh(void)
{
        struct issue first = issue_to(&ada), second, third, late;
        struct client other = known("imprimatur-client");

        assert(grant_refresh(world.core, &other, text_from(first.refresh), 0, &late) == GRANT_INVALID);
        assert(grant_refresh(world.core, &cli, text_from(first.refresh), SCOPE_PRINT, &second) == 0);
        assert(second.scopes == SCOPE_PRINT && strcmp(first.refresh, second.refresh) != 0);
        assert(works(first.access) && works(second.access));
        /* The answer was lost: the same successor once more. */
        assert(grant_refresh(world.core, &cli, text_from(first.refresh), 0, &late) == 0);
        assert(strcmp(late.refresh, second.refresh) == 0 && works(late.access) && late.scopes == SCOPES_ALL);
        assert(grant_refresh(world.core, &cli, text_from(second.refresh), 0, &third) == 0);
        /* The successor has been used by now: the first one is somebody else's. */
        assert(grant_refresh(world.core, &cli, text_from(first.refresh), 0, &late) == GRANT_INVALID);
        assert(!works(first.access) && !works(third.access) && grants_of(&ada) == 0);
        assert(grant_refresh(world.core, &cli, text_from(third.refresh), 0, &late) == GRANT_INVALID);

        first = issue_to(&ada);
        assert(grant_refresh(world.core, &cli, text_from(first.refresh), 0, &second) == 0);
        world.core->settings.grant.refresh_retry_ms = -1;
        assert(grant_refresh(world.core, &cli, text_from(first.refresh), 0, &late) == GRANT_INVALID);
        world.core->settings.grant = quiet;
        assert(!works(second.access) && grants_of(&ada) == 0);
        assert(grant_refresh(world.core, &cli, text_from(second.refresh), 0, &late) == GRANT_INVALID);

        /* A grant ends, however often it is used; and its last access token with it. */
        world.core->settings.grant.refresh_ms = 60000;
        first = issue_to(&ada);
        assert(first.expires_in_ms == 60000);
        world.core->settings.grant.refresh_ms = 0;
        second = issue_to(&ada);
        world.core->settings.grant = quiet;
        assert(!works(second.access));
        assert(grant_refresh(world.core, &cli, text_from(second.refresh), 0, &late) == GRANT_INVALID);
        end_all(&ada);
}

static void test_revoke(void)
{
        struct issue first = issue_to(&ada), second = issue_to(&ada);
        struct client other = known("imprimatur-client");
        struct grant grants[4];
        size_t count;

        assert(grant_revoke(world.core, &cli, TEXT_OF("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                            TEXT_OF("192.0.2.1")) == 0);
        assert(grant_revoke(world.core, &cli, TEXT_OF("nonsense"), TEXT_OF("192.0.2.1")) == 0);
        assert(grant_revoke(world.core, &other, text_from(first.refresh), TEXT_OF("192.0.2.1")) ==
                       GRANT_INVALID &&
               works(first.access));
        assert(grant_revoke(world.core, &cli, text_from(first.access), TEXT_OF("192.0.2.1")) == 0 &&
               !works(first.access));
        assert(grant_refresh(world.core, &cli, text_from(first.refresh), 0, &first) == 0);
        assert(grant_revoke(world.core, &cli, text_from(first.refresh), TEXT_OF("192.0.2.1")) == 0 &&
               !works(first.access));
        assert(works(second.access));

        /* By its owner, not by others; and by an administrator. */
        assert(grant_list(world.core, &ada, ada.id, (struct id){ 0 }, grants, 4, &count) == 0 && count == 1);
        assert(strcmp(grants[0].client_title, "Imprimatur command line") == 0);
        assert(grant_list(world.core, &grace, ada.id, (struct id){ 0 }, grants, 4, &count) == CORE_FORBIDDEN);
        assert(grant_delete(world.core, &grace, grants[0].id) == CORE_NOT_FOUND && works(second.access));
        assert(grant_delete(world.core, &world.admin, grants[0].id) == 0 && !works(second.access));
        assert(grant_delete(world.core, &ada, grants[0].id) == CORE_NOT_FOUND);
}

static void set_disabled(const struct actor *person, bool disabled)
{
        struct person_change change = { .disabled = &disabled };
        struct person changed;

        assert(person_change(world.core, &world.admin, person->id, &change, &changed) == 0);
}

static void test_person_gone(void)
{
        struct issue first = issue_to(&grace), late;
        char code[CREDENTIAL_STRING];

        make_code(&grace, code);
        set_disabled(&grace, true);
        assert(!works(first.access));
        assert(grant_refresh(world.core, &cli, text_from(first.refresh), 0, &late) == GRANT_INVALID);
        assert(redeem(&cli, code, LOOPBACK, VERIFIER, &late) == GRANT_INVALID);
        /* Back again, he allows anew. */
        set_disabled(&grace, false);
        assert(!works(first.access));
        assert(grant_refresh(world.core, &cli, text_from(first.refresh), 0, &late) == GRANT_INVALID);
        first = issue_to(&grace);
        assert(person_set_password(world.core, &world.admin, world.tenant.id, grace.id,
                                   TEXT_OF("another-password")) == 0);
        assert(!works(first.access));
}

static int poll(const struct client *client, const struct device_issue *device, struct issue *ret)
{
        return device_poll(world.core, client, text_from(device->device_code), ret);
}

static struct device_issue begin(const struct client *client, uint32_t scopes)
{
        struct device_issue device;

        assert(device_begin(world.core, client, scopes, TEXT_OF("a device"), FROM, &device) == 0);
        assert(strlen(device.user_code) == 9 && device.user_code[4] == '-');
        return device;
}

static void test_device(void)
{
        struct device_issue device = begin(&cli, SCOPE_PRINT), other;
        struct device_request request;
        struct issue issue;
        struct actor actor;
        char typed[40];

        assert(poll(&cli, &device, &issue) == GRANT_PENDING);
        assert(poll(&cli, &device, &issue) == GRANT_SLOW_DOWN);
        assert(poll(&panel, &device, &issue) == GRANT_INVALID);
        assert(device_look(world.core, &ada, TEXT_OF("BBBB-BBBB"), &request) == CORE_NOT_FOUND);
        snprintf(typed, sizeof(typed), " %.4s %s", device.user_code, device.user_code + 5);
        for (char *at = typed; *at; at++)
                *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
        assert(device_look(world.core, &ada, text_from(typed), &request) == 0);
        assert(request.scopes == SCOPE_PRINT && strcmp(request.source, "192.0.2.7") == 0);
        assert(strcmp(request.label, "a device") == 0 && strcmp(request.client.name, "imprimatur-cli") == 0);
        assert(device_decide(world.core, &ada, text_from(typed), true) == 0);
        assert(device_decide(world.core, &grace, text_from(typed), true) == CORE_NOT_FOUND);
        assert(poll(&cli, &device, &issue) == 0 && come(issue.access, &actor) == 0);
        assert(id_equal(actor.id, ada.id) && actor.scopes == SCOPE_PRINT && issue.refresh[0]);
        assert(poll(&cli, &device, &issue) == GRANT_INVALID);
        end_all(&ada);

        device = begin(&panel, SCOPE_RELEASE);
        assert(device_decide(world.core, &ada, text_from(device.user_code), false) == 0);
        assert(poll(&panel, &device, &issue) == GRANT_DENIED);
        assert(poll(&panel, &device, &issue) == GRANT_INVALID);
        device = begin(&panel, SCOPE_RELEASE);
        assert(device_decide(world.core, &ada, text_from(device.user_code), true) == 0);
        assert(poll(&panel, &device, &issue) == 0 && !issue.refresh[0]);
        end_all(&ada);

        assert(device_begin(world.core, &panel, SCOPE_ADMIN, TEXT_OF(""), FROM, &other) == GRANT_BAD_SCOPE);
        world.core->settings.grant.device_code_ms = 0;
        device = begin(&cli, SCOPE_PRINT);
        assert(poll(&cli, &device, &issue) == GRANT_EXPIRED);
        assert(device_look(world.core, &ada, text_from(device.user_code), &request) == CORE_NOT_FOUND);
        world.core->settings.grant = quiet;
        world.core->settings.grant.device_codes_of_source = 2;
        begin(&cli, SCOPE_PRINT);
        begin(&cli, SCOPE_PRINT);
        assert(device_begin(world.core, &cli, SCOPE_PRINT, TEXT_OF(""), FROM, &other) == GRANT_TOO_MANY);
        assert(device_begin(world.core, &cli, SCOPE_PRINT, TEXT_OF(""), TEXT_OF("192.0.2.8"), &other) == 0);
        world.core->settings.grant = quiet;
}

struct shift {
        struct id person;
        int64_t ms;
};

static int shift_in(struct db_tx *tx, void *context)
{
        const struct shift *shift = context;

        return fold(db_run(
                tx, world.tenant.id,
                "UPDATE client_grant SET used_ms = used_ms - ?3 WHERE tenant_id = ?1 AND person_id = ?2",
                DB_VALUES(db_id(&shift->person), db_integer(shift->ms)), NULL));
}

/* As if his programs had last been used that much earlier. */
static void set_back(const struct actor *person, int64_t ms)
{
        assert(db_write(world.db, shift_in, &(struct shift){ person->id, ms }) == 0);
}

static uint64_t writes(void)
{
        struct db_figures figures;

        db_read_figures(world.db, &figures);
        return figures.writes;
}

static struct issue issue_by_device(const struct client *client, const struct actor *actor)
{
        struct device_issue device = begin(client, SCOPE_RELEASE);
        struct issue issue;

        assert(device_decide(world.core, actor, text_from(device.user_code), true) == 0);
        assert(poll(client, &device, &issue) == 0);
        return issue;
}

/* Whoever walked away from a panel is signed out there as soon as from a session of it. */
static void test_panel_idle(void)
{
        const int64_t idle_ms = world.core->settings.session_panel_idle_ms;
        struct issue at_panel = issue_by_device(&panel, &ada), elsewhere = issue_by_device(&cli, &grace),
                     late;
        struct grant grants[4];
        uint64_t before;
        size_t count;

        assert(works(at_panel.access));
        before = writes();
        assert(works(at_panel.access) && writes() == before);
        set_back(&ada, idle_ms / 20 + 1);
        assert(works(at_panel.access) && writes() == before + 2); /* which was noted */
        set_back(&ada, idle_ms - 5000);
        assert(works(at_panel.access));
        set_back(&ada, idle_ms + 1);
        assert(!works(at_panel.access) && !works(at_panel.access));
        set_back(&grace, idle_ms + 1);
        assert(works(elsewhere.access));
        end_all(&ada);
        end_all(&grace);

        /* Nothing makes it longer: what it was given is over with its token. */
        at_panel = issue_by_device(&panel, &ada);
        assert(!at_panel.refresh[0]);
        assert(grant_refresh(world.core, &panel, text_from(at_panel.access), 0, &late) == GRANT_INVALID);
        assert(grant_list(world.core, &ada, ada.id, (struct id){ 0 }, grants, 4, &count) == 0 && count == 1);
        assert(grants[0].expires_ms - grants[0].created_ms == world.core->settings.grant.access_ms);
        end_all(&ada);
}

/* Twenty wrong codes, then nothing for an hour: neither for a right one. */
static void test_guessed_user_codes(void)
{
        struct device_issue device = begin(&cli, SCOPE_PRINT);
        struct device_request request;
        int r = 0;

        for (int i = 0; i <= 20 && r != CORE_LOCKED; i++) {
                r = device_look(world.core, &grace, TEXT_OF("BCDF-GHJK"), &request);
                assert(r == CORE_NOT_FOUND || r == CORE_LOCKED);
        }
        assert(r == CORE_LOCKED);
        assert(device_look(world.core, &grace, text_from(device.user_code), &request) == CORE_LOCKED);
        assert(device_look(world.core, &ada, text_from(device.user_code), &request) == 0);
}

static void test_scopes(void)
{
        struct actor narrowed = world.admin;

        narrowed.scopes = SCOPE_PRINT;
        assert(actor_may(&narrowed, RIGHT_SUBMIT, whose_some()) &&
               actor_may(&narrowed, RIGHT_JOBS_READ, whose_some()));
        assert(!actor_may(&narrowed, RIGHT_JOBS_READ, whose_tenant()));
        assert(!actor_may(&narrowed, RIGHT_RELEASE, whose_some()) &&
               !actor_may(&narrowed, RIGHT_PEOPLE_CHANGE, whose_tenant()));
        narrowed.scopes = SCOPE_READ;
        assert(actor_may(&narrowed, RIGHT_JOBS_READ, whose_tenant()) &&
               !actor_may(&narrowed, RIGHT_SUBMIT, whose_some()));
        assert(!actor_may(&narrowed, RIGHT_PEOPLE_CHANGE, whose_tenant()) &&
               !actor_may(&narrowed, RIGHT_PIN, whose_some()));
        narrowed.scopes = SCOPE_ACCOUNT;
        assert(actor_may(&narrowed, RIGHT_PIN, whose_person(narrowed.id)) &&
               !actor_may(&narrowed, RIGHT_PIN, whose_tenant()));
        narrowed.scopes = SCOPES_ALL;
        for (enum right right = 1; right < RIGHTS; right++)
                if (right != RIGHT_AUTHORIZE && right != RIGHT_FACTORS && right != RIGHT_FACTORS_READ &&
                    right != RIGHT_FACTORS_TAKE)
                        assert(actor_reach(&narrowed, right) == actor_reach(&world.admin, right));
        assert(!actor_may(&narrowed, RIGHT_AUTHORIZE, whose_some()));
        narrowed = ada;
        narrowed.scopes = SCOPES_ALL;
        for (enum right right = 1; right < RIGHTS; right++)
                assert(actor_reach(&narrowed, right) <= actor_reach(&ada, right));
}

/* A token for months is not made of one for minutes. */
static void test_lending(void)
{
        struct issue issue = issue_to(&ada);
        char secret[TOKEN_STRING];
        struct actor program;
        struct token token;

        assert(come(issue.access, &program) == 0);
        assert(token_make(world.core, &program, TOKEN_API, NULL, TEXT_OF("x"), 0, &token, secret) ==
               CORE_FORBIDDEN);
        assert(token_make(world.core, &program, TOKEN_PRINT, NULL, TEXT_OF("x"), 0, &token, secret) == 0);
        end_all(&ada);
}

static void test_clients(void)
{
        struct text redirect = TEXT_OF("https://erp.example/callback"), bad = TEXT_OF("http://erp.example/");
        struct client_wish wish = { CLIENT_PUBLIC, TEXT_OF("ERP"), &redirect, 1, SCOPE_PRINT | SCOPE_READ };
        struct client made, found, list[4];
        char secret[CREDENTIAL_STRING], code[CREDENTIAL_STRING];
        struct issue issue;
        size_t count;

        assert(client_make(world.core, &ada, &wish, &made, secret) == CORE_FORBIDDEN);
        assert(client_make(world.core, &world.admin, &wish, &made, secret) == 0 && !secret[0]);
        wish.redirects = &bad;
        assert(client_make(world.core, &world.admin, &wish, &found, secret) == CORE_BAD_VALUE);
        assert(client_list(world.core, &world.admin, (struct id){ 0 }, list, 4, &count) == 0 && count == 1);
        assert(client_recognise(world.core, text_from(made.name), &found) == 0 &&
               strcmp(found.title, "ERP") == 0);
        assert(client_has_redirect(&found, redirect) && !client_has_redirect(&found, bad));

        assert(grant_code_make(world.core, &ada,
                               &(struct authorization){ &found, redirect, TEXT_OF(CHALLENGE), SCOPE_PRINT },
                               code) == 0);
        assert(grant_code_make(world.core, &ada,
                               &(struct authorization){ &found, redirect, TEXT_OF(CHALLENGE), SCOPE_ADMIN },
                               code) == CORE_BAD_VALUE);
        assert(grant_redeem_code(world.core, &found, text_from(code), redirect, TEXT_OF(VERIFIER), FROM,
                                 &issue) == 0);
        assert(works(issue.access));
        assert(client_delete(world.core, &world.admin, made.id) == 0 && !works(issue.access));
        assert(client_recognise(world.core, text_from(made.name), &found) == CORE_NOT_FOUND);
}

static void test_machines(void)
{
        struct client_wish wish = { CLIENT_MACHINE, TEXT_OF("ERP"), NULL, 0, SCOPE_PRINT };
        char secret[CREDENTIAL_STRING], second[CREDENTIAL_STRING], third[CREDENTIAL_STRING];
        struct text name, source = FROM;
        struct client made, found;
        struct issue issue, wider;
        struct actor actor;

        assert(client_make(world.core, &world.admin, &wish, &made, secret) == 0 &&
               credential_is(text_from(secret), "cs_"));
        name = text_from(made.name);
        assert(client_authenticate(world.core, name, TEXT_OF("cs_wrong"), source, &found) ==
               CORE_WRONG_CREDENTIALS);
        assert(client_authenticate(world.core, TEXT_OF("imprimatur-cli"), text_from(secret), source,
                                   &found) == CORE_WRONG_CREDENTIALS);
        assert(client_authenticate(world.core, name, text_from(secret), source, &found) == 0);
        assert(grant_machine(world.core, &found, SCOPE_ADMIN, source, &wider) == GRANT_BAD_SCOPE);
        assert(grant_machine(world.core, &found, 0, source, &issue) == 0 && !issue.refresh[0]);
        assert(come(issue.access, &actor) == 0 && actor.role == ROLE_MACHINE && actor.scopes == SCOPE_PRINT);
        assert(id_equal(actor.id, made.account));

        assert(client_rotate(world.core, &world.admin, made.id, 60000, second) == 0);
        assert(client_authenticate(world.core, name, text_from(secret), source, &found) == 0);
        assert(client_authenticate(world.core, name, text_from(second), source, &found) == 0);
        assert(works(issue.access));
        assert(client_rotate(world.core, &world.admin, made.id, 0, third) == 0);
        assert(client_authenticate(world.core, name, text_from(secret), source, &found) ==
               CORE_WRONG_CREDENTIALS);
        assert(client_authenticate(world.core, name, text_from(second), source, &found) ==
               CORE_WRONG_CREDENTIALS);
        assert(client_authenticate(world.core, name, text_from(third), source, &found) == 0 &&
               !works(issue.access));
        assert(grant_machine(world.core, &found, 0, source, &issue) == 0 && works(issue.access));
        assert(client_delete(world.core, &world.admin, made.id) == 0 && !works(issue.access));
        assert(client_authenticate(world.core, name, text_from(third), source, &found) ==
               CORE_WRONG_CREDENTIALS);
}

int main(void)
{
        core_world_open(&world);
        quiet = world.core->settings.grant;
        ada = core_world_make_actor(&world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_actor(&world, "grace@demo.example", ROLE_PERSON);
        cli = known("imprimatur-cli");
        panel = known("imprimatur-panel");
        test_code();
        test_code_made_wrongly();
        test_refresh();
        test_revoke();
        test_person_gone();
        test_device();
        test_panel_idle();
        test_guessed_user_codes();
        test_scopes();
        test_lending();
        test_clients();
        test_machines();
        core_world_close(&world);
        return 0;
}
