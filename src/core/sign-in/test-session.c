// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Methods and sessions, over a real keeper and database. Times are shortened in the settings or set back in
 * the database; nothing here waits for one. */

#include "base/clock.h"
#include "core/sign-in/method.h"
#include "core/sign-in/session.h"
#include "core/sign-in/sign-in.h"
#include "core/test-world.h"

#define PASSWORD "let-it-be-printed"

static struct core_world world;
static struct actor ada, grace;

/* ---- methods ---- */

static bool check_settings(struct text settings, char complaint[CORE_WORDS])
{
        if (text_equal_string(settings, "good"))
                return true;
        snprintf(complaint, CORE_WORDS, "Only \"good\" is good.");
        return false;
}

/* A directory that knows one person, by an address that is not the one we keep. */
static struct id known_outside;
static bool is_down;

static int verify(struct core *core, struct id tenant, const struct method *method, struct text name,
                  struct text password, struct id *ret_person)
{
        assert(core && method->enabled && id_equal(tenant, world.tenant.id));
        if (is_down)
                return CORE_BUSY;
        if (!text_equal_string(name, "outside@demo.example") ||
            !text_equal_string(password, "of the directory"))
                return CORE_WRONG_CREDENTIALS;
        *ret_person = known_outside;
        return 0;
}

static const struct method_driver driver = {
        .kind = "test", .title = "Test", .check = check_settings, .verify = verify
};
static const struct method_driver *const drivers[] = { &driver, NULL };

static struct method find_kind(const char *kind)
{
        static struct method methods[METHODS_MAX];
        size_t count;

        assert(method_list(world.core, world.tenant.id, methods, METHODS_MAX, &count) == 0);
        for (size_t i = 0; i < count; i++)
                if (strcmp(methods[i].kind, kind) == 0)
                        return methods[i];
        assert(!"no such method");
        return methods[0];
}

static void test_methods(void)
{
        static struct method methods[METHODS_MAX], made;
        const struct actor *admin = &world.admin;
        struct buffer secret = BUFFER(METHOD_SECRET);
        struct method_change change = { .settings = "bad" };
        char complaint[CORE_WORDS];
        bool yes = true, no = false;
        struct id password;
        size_t count;

        assert(method_list(world.core, world.tenant.id, methods, METHODS_MAX, &count) == 0 && count == 4);
        assert(strcmp(methods[0].kind, "password") == 0 && methods[0].enabled);
        assert(strcmp(method_title(world.core, &methods[0]), "Password") == 0);
        password = methods[0].id;

        assert(method_make(world.core, &ada, TEXT_OF("test"), &change, &made, complaint) == CORE_FORBIDDEN);
        assert(method_make(world.core, admin, TEXT_OF("saml"), &change, &made, complaint) == CORE_BAD_VALUE);
        assert(method_make(world.core, admin, TEXT_OF("password"), &change, &made, complaint) == CORE_TAKEN);
        assert(method_make(world.core, admin, TEXT_OF("test"), &change, &made, complaint) == CORE_BAD_VALUE);
        assert(strcmp(complaint, "Only \"good\" is good.") == 0);

        change = (struct method_change){ .settings = "good", .enabled = &no, .sets_secret = true };
        change.secret = TEXT_OF("of the driver");
        assert(method_make(world.core, admin, TEXT_OF("test"), &change, &made, complaint) == 0);
        assert(made.has_secret && !made.enabled);
        assert(method_secret(world.core, world.tenant.id, made.id, &secret) == 0);
        assert(text_equal_string(buffer_text(&secret), "of the driver"));

        /* What is not said stays. */
        change = (struct method_change){ .title = "Our directory" };
        assert(method_change(world.core, admin, made.id, &change, &made, complaint) == 0);
        assert(made.has_secret && strcmp(made.title, "Our directory") == 0);
        buffer_clear(&secret);
        assert(method_secret(world.core, world.tenant.id, made.id, &secret) == 0 && secret.len == 13);

        /* The last way in stays open. */
        change = (struct method_change){ .enabled = &no };
        assert(method_change(world.core, admin, password, &change, &methods[0], complaint) == CORE_BAD_VALUE);
        change.enabled = &yes;
        assert(method_change(world.core, admin, made.id, &change, &made, complaint) == 0);
        change.enabled = &no;
        assert(method_change(world.core, admin, password, &change, &methods[0], complaint) == 0);
        assert(method_delete(world.core, admin, made.id) == CORE_BAD_VALUE);
        change.enabled = &yes;
        assert(method_change(world.core, admin, password, &change, &methods[0], complaint) == 0);
        assert(method_delete(world.core, admin, password) == CORE_BAD_VALUE);
        assert(method_delete(world.core, admin, made.id) == 0);
        assert(method_delete(world.core, admin, made.id) == CORE_NOT_FOUND);

        /* Ours have neither settings nor secrets. */
        change = (struct method_change){ .settings = "good" };
        assert(method_change(world.core, admin, find_kind("pin").id, &change, &made, complaint) ==
               CORE_BAD_VALUE);
        buffer_done(&secret);
}

/* ---- sessions ---- */

static struct session open_session(const struct actor *actor, enum session_kind kind,
                                   char secret[SESSION_STRING])
{
        struct session_request request = { .tenant = world.tenant.id,
                                           .person = actor->id,
                                           .kind = kind,
                                           .method = METHOD_PASSWORD,
                                           .source = TEXT_OF("192.0.2.1"),
                                           .label = TEXT_OF("a browser") };
        struct session session;

        assert(session_open(world.core, &request, &session, secret) == 0);
        return session;
}

static bool is_alive(const char *secret)
{
        struct actor actor;
        int r = authenticate_session(world.core, text_from(secret), TEXT_OF("::1"), &actor);

        assert(r == 0 || r == CORE_WRONG_CREDENTIALS);
        return r == 0;
}

struct shift {
        struct id session;
        const char *sql;
        int64_t ms;
};

static int shift_in(struct db_tx *tx, void *context)
{
        struct shift *shift = context;

        return db_run(tx, world.tenant.id, shift->sql,
                      DB_VALUES(db_id(&shift->session), db_integer(shift->ms)), NULL);
}

/* As if it had been opened, or seen, that much earlier. */
static void set_back(struct id session, bool opened, int64_t ms)
{
        static const char of_opening[] = "UPDATE session SET created_ms = created_ms - ?3,"
                                         " expires_ms = expires_ms - ?3, fresh_ms = fresh_ms - ?3"
                                         " WHERE tenant_id = ?1 AND id = ?2";
        static const char of_use[] =
                "UPDATE session SET seen_ms = seen_ms - ?3 WHERE tenant_id = ?1 AND id = ?2";
        struct shift shift = { session, opened ? of_opening : of_use, ms };

        assert(db_write(world.db, shift_in, &shift) == 0);
}

static uint64_t writes(void)
{
        struct db_figures figures;

        db_read_figures(world.db, &figures);
        return figures.writes;
}

static void test_idle(void)
{
        char secret[SESSION_STRING], panel[SESSION_STRING];
        struct session session = open_session(&ada, SESSION_WEB, secret);
        struct session at_panel = open_session(&ada, SESSION_PANEL, panel);
        uint64_t before = writes();

        /* Using it writes nothing, until the note is a minute old. */
        for (int i = 0; i < 100; i++)
                assert(is_alive(secret));
        assert(writes() == before);
        set_back(session.id, false, 61000);
        before = writes();
        assert(is_alive(secret) && writes() == before + 1);
        assert(is_alive(secret) && writes() == before + 1);

        set_back(session.id, false, 20 * 60000 - 5000);
        assert(is_alive(secret));
        set_back(session.id, false, 20 * 60000 + 1);
        assert(!is_alive(secret));

        set_back(at_panel.id, false, 5 * 60000 - 5000);
        assert(is_alive(panel));
        set_back(at_panel.id, false, 5 * 60000 + 1);
        assert(!is_alive(panel));
}

static void test_absolute(void)
{
        const int64_t hour = 3600000;
        char secret[SESSION_STRING], admins[SESSION_STRING];
        struct session session = open_session(&ada, SESSION_WEB, secret);
        struct session of_admin = open_session(&world.admin, SESSION_WEB, admins);
        enum role administrator = ROLE_ADMINISTRATOR, person = ROLE_PERSON;
        struct person_change change = { .role = &administrator };
        struct person changed;

        set_back(session.id, true, 5 * hour);
        set_back(of_admin.id, true, 5 * hour);
        assert(is_alive(secret) && !is_alive(admins));
        /* More rights, less time, at once. */
        assert(person_change(world.core, &world.admin, ada.id, &change, &changed) == 0);
        assert(!is_alive(secret));
        change.role = &person;
        assert(person_change(world.core, &world.admin, ada.id, &change, &changed) == 0);
        assert(is_alive(secret));
        set_back(session.id, true, 7 * hour + 1);
        assert(!is_alive(secret));
}

static void test_fresh(void)
{
        char secret[SESSION_STRING], renewed[SESSION_STRING];
        struct session session = open_session(&ada, SESSION_WEB, secret);
        struct actor actor;

        assert(authenticate_session(world.core, text_from(secret), TEXT_OF("::1"), &actor) == 0);
        assert(id_equal(actor.id, ada.id) && id_equal(actor.session, session.id) && !actor.owes_factor);
        assert(session_is_fresh(world.core, &actor) && session_is_fresh(world.core, &ada));
        set_back(session.id, true, 5 * 60000);
        assert(authenticate_session(world.core, text_from(secret), TEXT_OF("::1"), &actor) == 0);
        assert(!session_is_fresh(world.core, &actor));
        assert(session_renew(world.core, &actor, false, renewed) == 0);
        assert(!is_alive(secret));
        assert(authenticate_session(world.core, text_from(renewed), TEXT_OF("::1"), &actor) == 0);
        assert(session_is_fresh(world.core, &actor));
        assert(session_end(world.core, &actor, session.id) == 0);
        assert(session_renew(world.core, &actor, false, secret) == CORE_NOT_FOUND);
}

static void test_whose(void)
{
        char secret[SESSION_STRING], of_grace[SESSION_STRING];
        struct session session = open_session(&ada, SESSION_WEB, secret), found[8];
        size_t count;

        open_session(&grace, SESSION_WEB, of_grace);
        assert(session_list(world.core, &ada, ada.id, (struct id){ 0 }, found, 8, &count) == 0);
        assert(count >= 1 && strcmp(found[count - 1].source, "192.0.2.1") == 0);
        assert(session_list(world.core, &grace, ada.id, (struct id){ 0 }, found, 8, &count) ==
               CORE_NOT_FOUND);
        assert(session_end(world.core, &grace, session.id) == CORE_NOT_FOUND);
        assert(session_end_all(world.core, &grace, ada.id) == CORE_NOT_FOUND);
        assert(is_alive(secret));
        assert(session_end(world.core, &world.admin, session.id) == 0);
        assert(!is_alive(secret) && is_alive(of_grace));
        open_session(&ada, SESSION_WEB, secret);
        assert(session_end_all(world.core, &world.admin, ada.id) == 0);
        assert(!is_alive(secret) && is_alive(of_grace));
        assert(session_end_all(world.core, &ada, ada.id) == 0);
}

static void test_what_ends_it(void)
{
        char secret[SESSION_STRING], other[SESSION_STRING];
        struct session_request request = { .tenant = world.tenant.id, .kind = SESSION_WEB };
        struct person_change change = { 0 };
        struct person changed;
        struct session session;
        struct actor actor;
        bool yes = true, no = false;

        /* Another password: every session but the one that set it. */
        open_session(&ada, SESSION_WEB, secret);
        open_session(&ada, SESSION_WEB, other);
        assert(authenticate_session(world.core, text_from(secret), TEXT_OF("::1"), &actor) == 0);
        assert(person_set_password(world.core, &actor, actor.tenant, actor.id, TEXT_OF(PASSWORD)) == 0);
        assert(is_alive(secret) && !is_alive(other));
        assert(person_set_password(world.core, &world.admin, actor.tenant, actor.id, TEXT_OF(PASSWORD)) == 0);
        assert(!is_alive(secret));

        open_session(&ada, SESSION_WEB, secret);
        change.disabled = &yes;
        assert(person_change(world.core, &world.admin, ada.id, &change, &changed) == 0);
        assert(!is_alive(secret));
        request.person = ada.id;
        request.method = METHOD_PASSWORD;
        assert(session_open(world.core, &request, &session, secret) == CORE_WRONG_CREDENTIALS);
        change.disabled = &no;
        assert(person_change(world.core, &world.admin, ada.id, &change, &changed) == 0);
        assert(!is_alive(secret));
}

static void test_outside(void)
{
        char first[SESSION_STRING], second[SESSION_STRING];
        struct id method = id_new(), nobody = { 0 };
        struct session_request request = { .tenant = world.tenant.id,
                                           .person = grace.id,
                                           .kind = SESSION_WEB,
                                           .method = "oidc",
                                           .method_id = method,
                                           .outside = TEXT_OF("sid-1") };
        struct session session;
        uint64_t count;

        assert(session_open(world.core, &request, &session, first) == 0);
        assert(session.second_factor == SESSION_FACTOR_NONE);
        request.outside = TEXT_OF("sid-2");
        assert(session_open(world.core, &request, &session, second) == 0);
        /* 256 bits in base64, and no two alike. */
        assert(strlen(first) == 4 + 43 && strlen(second) == 4 + 43 && strcmp(first, second) != 0);
        assert(session_end_outside(world.core, world.tenant.id, method, TEXT_OF("no"), nobody, &count) == 0);
        assert(count == 0 && is_alive(first));
        assert(session_end_outside(world.core, world.tenant.id, id_new(), TEXT_OF("sid-1"), nobody, &count) ==
               0);
        assert(count == 0 && is_alive(first));
        assert(session_end_outside(world.core, world.tenant.id, method, TEXT_OF("sid-1"), nobody, &count) ==
               0);
        assert(count == 1 && !is_alive(first) && is_alive(second));
        assert(session_end_outside(world.core, world.tenant.id, method, TEXT_OF(""), nobody, &count) == 0);
        assert(count == 0 && is_alive(second));
        assert(session_end_outside(world.core, world.tenant.id, method, TEXT_OF(""), grace.id, &count) == 0);
        assert(count == 1 && !is_alive(second));
}

static void test_second_factor_owed(void)
{
        struct sign_in_policy policy = { .second_factor = SECOND_FACTOR_ADMINISTRATORS, .password_least = 8 };
        char secret[SESSION_STRING], renewed[SESSION_STRING];
        struct session session;
        struct actor actor;

        assert(sign_in_policy_change(world.core, &ada, &policy) == CORE_FORBIDDEN);
        assert(sign_in_policy_change(world.core, &world.admin, &policy) == 0);
        session = open_session(&ada, SESSION_WEB, secret);
        assert(session.second_factor == SESSION_FACTOR_NONE);
        session = open_session(&world.admin, SESSION_WEB, secret);
        assert(session.second_factor == SESSION_FACTOR_OWED);
        assert(authenticate_session(world.core, text_from(secret), TEXT_OF("::1"), &actor) == 0 &&
               actor.owes_factor);
        assert(session_renew(world.core, &actor, true, renewed) == 0 && !is_alive(secret));
        assert(authenticate_session(world.core, text_from(renewed), TEXT_OF("::1"), &actor) == 0 &&
               !actor.owes_factor);
        policy.second_factor = SECOND_FACTOR_OWN;
        assert(sign_in_policy_change(world.core, &world.admin, &policy) == 0);
}

static void test_many(void)
{
        char first[SESSION_STRING], secret[SESSION_STRING];

        assert(session_end_all(world.core, &grace, grace.id) == 0);
        set_back(open_session(&grace, SESSION_WEB, first).id, false, 1000);
        for (uint32_t i = 1; i < world.settings.sessions_max; i++)
                open_session(&grace, SESSION_WEB, secret);
        assert(is_alive(first));
        open_session(&grace, SESSION_WEB, secret);
        assert(!is_alive(first) && is_alive(secret));
}

/* ---- passwords that others keep ---- */

static int come(const char *email, const char *password, struct sign_in *ret)
{
        return sign_in_by_password(world.core, NULL, text_from(email), text_from(password),
                                   TEXT_OF("192.0.2.3"), ret);
}

static void test_password_outside(void)
{
        static struct method made;
        struct method_change change = { .settings = "good" };
        struct sign_in found = { 0 };
        char complaint[CORE_WORDS];
        bool yes = true, no = false;

        known_outside = grace.id;
        assert(come("outside@demo.example", "of the directory", &found) == CORE_WRONG_CREDENTIALS);
        change.enabled = &yes;
        assert(method_make(world.core, &world.admin, TEXT_OF("test"), &change, &made, complaint) == 0);
        for (int i = 0; i < 30; i++)
                assert(come("outside@demo.example", "of the directory", &found) == 0);
        assert(id_equal(found.actor.id, grace.id) && id_equal(found.method_id, made.id));
        assert(strcmp(found.method, "test") == 0);
        assert(come("outside@demo.example", "wrong", &found) == CORE_WRONG_CREDENTIALS);
        assert(come("outside@demo.example", "", &found) == CORE_WRONG_CREDENTIALS);
        is_down = true;
        for (int i = 0; i < 30; i++)
                assert(come("outside@demo.example", "of the directory", &found) == CORE_BUSY);
        is_down = false;
        assert(come("outside@demo.example", "of the directory", &found) == 0);

        /* Ours are never asked about elsewhere. */
        assert(come("ada@demo.example", PASSWORD, &found) == 0 && id_is_zero(found.method_id));
        assert(come("ada@demo.example", "of the directory", &found) == CORE_WRONG_CREDENTIALS);

        /* Switched off is off at once, what was right a moment ago included. */
        assert(come("ada@demo.example", PASSWORD, &found) == 0);
        change = (struct method_change){ .enabled = &no };
        assert(method_change(world.core, &world.admin, find_kind("password").id, &change, &made, complaint) ==
               0);
        assert(come("ada@demo.example", PASSWORD, &found) == CORE_WRONG_CREDENTIALS);
        change.enabled = &yes;
        assert(method_change(world.core, &world.admin, find_kind("password").id, &change, &made, complaint) ==
               0);
        assert(come("ada@demo.example", PASSWORD, &found) == 0);
        change.enabled = &no;
        assert(method_change(world.core, &world.admin, find_kind("test").id, &change, &made, complaint) == 0);
        assert(come("outside@demo.example", "of the directory", &found) == CORE_WRONG_CREDENTIALS);
        assert(method_delete(world.core, &world.admin, made.id) == 0);
}

int main(void)
{
        core_world_open(&world);
        world.core->parts.method_drivers = drivers;
        ada = core_world_make_actor(&world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_actor(&world, "grace@demo.example", ROLE_PERSON);
        test_methods();
        test_idle();
        test_absolute();
        test_fresh();
        test_whose();
        test_what_ends_it();
        test_outside();
        test_second_factor_owed();
        test_many();
        test_password_outside();
        core_world_close(&world);
        return 0;
}
