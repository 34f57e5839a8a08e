// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a provider gave along with a sign-in: kept sealed, asked for once at a time, and over with what stands
 * on it. */

#include "core/sign-in/outside-session.h"

#include "base/scope.h"
#include "core/sealed.h"
#include "core/sign-in/session.h"
#include "core/test-world.h"

static struct core_world world;
static struct person ada;
static struct id method;

static struct outside_session a_session(const char *name, int64_t due_ms)
{
        struct outside_session session = {
                .tenant = world.tenant.id, .method = method, .person = ada.id, .due_ms = due_ms
        };

        strcpy(session.name, name);
        strcpy(session.issuer, "https://id.example");
        strcpy(session.subject, "s1");
        return session;
}

static struct session sign_in(const char *name, char secret[SESSION_STRING])
{
        struct session_request request = { .tenant = world.tenant.id,
                                           .person = ada.id,
                                           .kind = SESSION_WEB,
                                           .method = "oidc",
                                           .method_id = method,
                                           .outside = text_from(name),
                                           .source = TEXT_OF("::1"),
                                           .second_factor_shown = true };
        struct session session;

        assert(session_open(world.core, &request, &session, secret) == 0);
        return session;
}

static void test_kept_sealed(void)
{
        SCOPED(buffer_done)
        struct buffer refresh = BUFFER(OUTSIDE_SESSION_TOKEN), id = BUFFER(OUTSIDE_SESSION_TOKEN);
        struct outside_session session = a_session("one", 1000), found;
        char secret[SESSION_STRING];
        struct session ours = sign_in("one", secret);

        assert(outside_session_keep(world.core, &session, TEXT_OF("refresh-1"), TEXT_OF("e.e.e")) == 0);
        assert(outside_session_find(world.core, world.tenant.id, method, TEXT_OF("one"), &found) == 0);
        assert(id_equal(found.person, ada.id) && strcmp(found.subject, "s1") == 0 && found.due_ms == 1000);
        assert(outside_session_find(world.core, world.tenant.id, method, TEXT_OF("two"), &found) ==
               CORE_NOT_FOUND);
        assert(outside_session_of(world.core, world.tenant.id, ours.id, &found) == 0);
        assert(strcmp(found.name, "one") == 0);
        assert(outside_session_of(world.core, world.tenant.id, id_new(), &found) == CORE_NOT_FOUND);

        assert(outside_session_tokens(world.core, &session, &refresh, &id) == 0);
        assert(text_equal_string(buffer_text(&refresh), "refresh-1"));
        assert(text_equal_string(buffer_text(&id), "e.e.e"));
}

static void test_due_once(void)
{
        SCOPED(buffer_done) struct buffer refresh = BUFFER(OUTSIDE_SESSION_TOKEN);
        struct outside_session due[4], none = a_session("gone", 500), without = a_session("without", 500);
        int64_t now = 2000;
        size_t count;

        /* Nothing stands on the one, and the other has nothing to ask with. */
        assert(outside_session_keep(world.core, &none, TEXT_OF("refresh-2"), TEXT_OF("")) == 0);
        assert(outside_session_keep(world.core, &without, TEXT_OF(""), TEXT_OF("e.e.e")) == 0);
        assert(outside_session_due(world.core, 999, due, 4, &count) == 0 && count == 0);
        assert(outside_session_due(world.core, now, due, 4, &count) == 0);
        assert(count == 1 && strcmp(due[0].name, "one") == 0);
        assert(outside_session_due(world.core, now, due, 4, &count) == 0 && count == 0);
        assert(outside_session_due(world.core, now + OUTSIDE_SESSION_ASK_MS, due, 4, &count) == 0 &&
               count == 1);

        assert(outside_session_checked(world.core, &due[0], TEXT_OF("refresh-3"), 5000000) == 0);
        assert(outside_session_tokens(world.core, &due[0], &refresh, NULL) == 0);
        assert(text_equal_string(buffer_text(&refresh), "refresh-3"));
        assert(outside_session_checked(world.core, &due[0], TEXT_OF(""), 6000000) == 0);
        buffer_clear(&refresh);
        assert(outside_session_tokens(world.core, &due[0], &refresh, NULL) == 0);
        assert(text_equal_string(buffer_text(&refresh), "refresh-3"));
        assert(outside_session_due(world.core, 5999999, due, 4, &count) == 0 && count == 0);
        assert(outside_session_find(world.core, world.tenant.id, method, TEXT_OF("gone"), &none) ==
               CORE_NOT_FOUND);
}

/* One without a token is never given out, and forgotten when nothing stands on it. */
static void test_without_token(void)
{
        struct outside_session due[4], without = a_session("silent", 500), found;
        int64_t soon = 600, later = 600 + 3600000;
        char secret[SESSION_STRING];
        size_t count;

        (void)sign_in("silent", secret);
        assert(outside_session_keep(world.core, &without, TEXT_OF(""), TEXT_OF("e.e.e")) == 0);
        assert(outside_session_due(world.core, soon, due, 4, &count) == 0 && count == 0);
        assert(outside_session_find(world.core, world.tenant.id, method, TEXT_OF("silent"), &found) == 0);
        assert(!found.can_ask && found.due_ms == later);
        assert(session_end_outside(world.core, world.tenant.id, method, TEXT_OF("silent"), ada.id, NULL) ==
               0);
        assert(outside_session_due(world.core, later, due, 4, &count) == 0 && count == 0);
        assert(outside_session_find(world.core, world.tenant.id, method, TEXT_OF("silent"), &found) ==
               CORE_NOT_FOUND);
}

static void test_over(void)
{
        struct outside_session session = a_session("one", 0);
        char secret[SESSION_STRING], other[SESSION_STRING];
        struct actor actor = { 0 };

        (void)sign_in("one", secret);
        (void)sign_in("other", other);
        assert(authenticate_session(world.core, text_from(secret), TEXT_OF("::1"), &actor) == 0);
        assert(outside_session_over(world.core, &session, "gone") == 0);
        assert(authenticate_session(world.core, text_from(secret), TEXT_OF("::1"), &actor) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_session(world.core, text_from(other), TEXT_OF("::1"), &actor) == 0);
        assert(outside_session_find(world.core, world.tenant.id, method, TEXT_OF("one"), &session) ==
               CORE_NOT_FOUND);
}

static void test_sealed(void)
{
        SCOPED(buffer_done) struct buffer sealed = BUFFER(4096), plain = BUFFER(4096);

        assert(sealed_write(world.core, world.tenant.id, TEXT_OF("a"), TEXT_OF("octets"), &sealed) == 0);
        assert(sealed_read(world.core, world.tenant.id, TEXT_OF("b"), buffer_text(&sealed), &plain) ==
               CORE_NOT_FOUND);
        assert(sealed_read(world.core, id_new(), TEXT_OF("a"), buffer_text(&sealed), &plain) ==
               CORE_NOT_FOUND);
        assert(sealed_read(world.core, world.tenant.id, TEXT_OF("a"), buffer_text(&sealed), &plain) == 0);
        assert(text_equal_string(buffer_text(&plain), "octets"));
}

int main(void)
{
        core_world_open(&world);
        method = id_new();
        ada = core_world_make_person(&world, "ada@demo.example", ROLE_PERSON);
        test_kept_sealed();
        test_due_once();
        test_without_token();
        test_over();
        test_sealed();
        assert(person_delete(world.core, &world.admin, ada.id) == 0);
        core_world_close(&world);
        return 0;
}
