// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/sign-in.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/account.h"
#include "core/sign-in/code.h"
#include "core/sign-in/local-password.h"
#include "core/state.h"

/* ---- what is typed ---- */

struct secret_check {
        struct text secret;
        enum keys_mark_kind kind;
};

/* The slow comparison, or one that only takes as long. */
static int check_slowly(struct core *core, const struct account *account, const struct secret_check *check)
{
        const struct password_cost cost = { (uint64_t)core->settings.password_memory_octets,
                                            core->settings.password_passes };
        const char *verifier = check->kind == KEYS_PIN ? account->pin : account->password;
        int r;

        if (!account->is_known || !verifier[0] || check->secret.len == 0 ||
            check->secret.len > KEYS_PEPPER_MAX) {
                r = password_work_pretend(core, TEXT_OF("nobody"), &cost);
                return r < 0 ? r : PASSWORD_WRONG;
        }
        return verifier_check(
                core,
                &(struct verifier_order){ account->tenant, account->actor.id, check->kind, check->secret },
                verifier);
}

static int is_right(struct core *core, const struct account *account, void *context)
{
        int r = check_slowly(core, account, context);

        return r > 0 ? CORE_WRONG_CREDENTIALS : r;
}

/* Guesses are counted at the gate, where few are at once: so many who are right at the same time do not lock
 * each other out. */
static int check_at_gate(struct core *core, const struct account *account,
                         const struct guess_subject *subjects, size_t count, const char *method,
                         struct secret_check *check, const struct actor *who)
{
        int r = password_gate_enter(core);

        if (r)
                return r;
        r = account_check(core, account, subjects, count, method, is_right, check, who);
        password_gate_leave(core);
        return r;
}

/* Whoever he turns out to be: the way he came is known already. */
static struct actor come(const struct sign_in *ret, struct text source)
{
        struct actor actor = { .kind = ACTOR_NOBODY };

        actor_came(&actor, ret->actor.via, source);
        return actor;
}

static int become(const struct account *account, const struct actor *who, const char *method,
                  struct sign_in *ret)
{
        enum via via = who->via;

        *ret = (struct sign_in){ .actor = account->actor };
        ret->actor.via = via;
        memcpy(ret->actor.source, who->source, sizeof(who->source));
        text_copy(text_from(method), ret->method, sizeof(ret->method));
        /* What is shown at a printer is shown by somebody who stands there. */
        if (strcmp(method, METHOD_PIN) == 0 || strcmp(method, METHOD_CODE) == 0)
                ret->actor.owes_factor = ret->actor.owes_password = false;
        return 0;
}

/* ---- passwords that others keep ---- */

struct outside_check {
        struct secret_check *check;
        struct account *account; /* becomes whoever it is */
        struct text name;
        struct text source;
        struct method *methods;
        const struct method *found; /* NULL: it was a password of ours */
        const struct local_password *local;
        bool stands_in;             /* some method is down whose people then come in by a password of ours */
        bool is_down, has_answered; /* of the methods that know this person */
        bool is_crowded;            /* some method was not asked, since too many ask */
};

static int ask_one(struct core *core, struct outside_check *outside, const struct method *method,
                   struct id *ret_person)
{
        const struct method_driver *driver = method_driver_find(core, text_from(method->kind));
        struct id tenant = outside->account->tenant;
        bool falls_back = local_password_fallback(core, method) == METHOD_FALLBACK_WHEN_DOWN;
        int r;

        if (driver && driver->verify)
                r = driver->verify(core, tenant, method, outside->name, outside->check->secret, ret_person);
        else if (driver && driver->reach && falls_back)
                r = driver->reach(core, tenant, method);
        else
                return CORE_WRONG_CREDENTIALS;
        if (r == CORE_UNREACHABLE)
                outside->stands_in |= falls_back;
        if (r >= 0 && local_password_is_of(outside->local, method->id)) {
                outside->is_down |= r == CORE_UNREACHABLE;
                outside->has_answered |= r != CORE_UNREACHABLE;
        }
        /* Whoever can make it too many must not make a password count that else would not. */
        outside->is_crowded |= r == CORE_BUSY;
        return r == 0 && !driver->verify ? CORE_WRONG_CREDENTIALS : r;
}

/* The first one who says yes. CORE_BUSY where none did and one could not be asked. */
static int ask_outside(struct core *core, struct outside_check *outside, struct id *ret_person)
{
        struct id tenant = outside->account->tenant;
        int r, last = CORE_WRONG_CREDENTIALS;
        size_t count;

        r = method_list(core, tenant, outside->methods, METHODS_MAX, &count);
        for (size_t i = 0; r == 0 && i < count; i++) {
                const struct method *method = &outside->methods[i];

                if (!method->enabled)
                        continue;
                r = ask_one(core, outside, method, ret_person);
                if (r == 0) {
                        outside->found = method;
                        return 0;
                }
                if (r == CORE_BUSY || r == CORE_UNREACHABLE)
                        last = CORE_BUSY;
                if (r > 0)
                        r = 0;
        }
        return r ? r : last;
}

/* None of those who know him can be asked, and his password of ours counts then. */
static bool counts_now(const struct outside_check *outside)
{
        return outside->local->verifier[0] && outside->is_down && !outside->has_answered;
}

/* A directory may be slow, and nobody else's password waits for it: not at the gate. Who is wrong there takes
 * as long as one of ours afterwards, which is not looked at: the account has none, unless it counts now. */
static int is_right_outside(struct core *core, const struct account *account, void *context)
{
        struct outside_check *outside = context;
        struct text secret = outside->check->secret;
        struct id person;
        int outcome, r = CORE_WRONG_CREDENTIALS;

        if (secret.len && secret.len <= KEYS_PEPPER_MAX && !memchr(secret.at, '\0', secret.len))
                r = ask_outside(core, outside, &person);
        if (r == 0) {
                r = account_load_person(core, account->tenant, person, outside->source, outside->account);
                /* The directory answers for what it asks beyond a password. */
                outside->account->actor.owes_factor = outside->account->actor.owes_password = false;
        }
        if (r != CORE_WRONG_CREDENTIALS && !(r == CORE_BUSY && outside->stands_in && !outside->is_crowded))
                return r;
        if (counts_now(outside))
                memcpy(outside->account->password, outside->local->verifier, VERIFIER_STRING);
        outcome = r;
        r = password_gate_enter(core);
        if (r)
                return r;
        r = is_right(core, account, outside->check);
        password_gate_leave(core);
        if (account->password[0] || r < 0)
                return r;
        return outcome;
}

static bool has_outside(const struct core *core)
{
        const struct method_driver *const *drivers = core->parts.method_drivers;

        for (size_t i = 0; drivers && drivers[i]; i++)
                if (drivers[i]->verify || drivers[i]->reach)
                        return true;
        return false;
}

static int sign_in_outside(struct core *core, struct account *account, const struct guess_subject *subjects,
                           size_t count, struct text name, struct secret_check *check,
                           const struct local_password *local, const struct actor *who, struct sign_in *ret)
{
        SCOPED(freep) struct method *methods = calloc(METHODS_MAX, sizeof(*methods));
        struct outside_check outside = { .check = check,
                                         .account = account,
                                         .name = name,
                                         .source = text_from(who->source),
                                         .methods = methods,
                                         .local = local };
        int r;

        if (!methods)
                return fault(-ENOMEM);
        r = account_check(core, account, subjects, count, METHOD_PASSWORD, is_right_outside, &outside, who);
        /* It was counted; but whether he has a password of ours is told to nobody. */
        if (r == CORE_WRONG_CREDENTIALS && counts_now(&outside))
                return CORE_BUSY;
        if (r)
                return r;
        become(account, who, outside.found ? outside.found->kind : METHOD_PASSWORD, ret);
        if (outside.found)
                ret->method_id = outside.found->id;
        return 0;
}

/* ---- the ways ---- */

static int check_password(struct core *core, struct account *account, const struct local_password *local,
                          struct text name, struct text password, const struct actor *who,
                          struct sign_in *ret)
{
        struct secret_check check = { .secret = password, .kind = KEYS_PASSWORD };
        char pair[CORE_EMAIL + GUESS_SOURCE_STRING], typed[CORE_EMAIL];
        struct text email;
        struct guess_subject subjects[3] = { { GUESS_PASSWORD, { pair, 0 } } };
        size_t count = 3;
        int r;

        /* Somebody outside may know him by another address than the one that was typed. */
        memcpy(typed, account->email, sizeof(typed));
        email = text_from(typed);
        snprintf(pair, sizeof(pair), "%s %s", account->email, account->source);
        subjects[0].subject = text_from(pair);
        if (account->is_at_home) {
                subjects[1] = (struct guess_subject){ GUESS_PASSWORD_AT_HOME, email };
                count = 2;
        } else {
                subjects[1] = (struct guess_subject){ GUESS_PASSWORD_ABROAD, email };
                subjects[2] = (struct guess_subject){ GUESS_PASSWORD_SOURCE, text_from(account->source) };
        }
        r = guesses_check(core, subjects, count);
        if (r)
                return r == CORE_LOCKED ? account_locked(core, account, METHOD_PASSWORD, who) : r;
        if (!account->password[0] && has_outside(core) && !id_is_zero(account->tenant))
                return sign_in_outside(core, account, subjects, count, name, &check, local, who, ret);
        r = check_at_gate(core, account, subjects, count, METHOD_PASSWORD, &check, who);
        return r ? r : become(account, who, METHOD_PASSWORD, ret);
}

int sign_in_by_password(struct core *core, const struct id *tenant, struct text email, struct text password,
                        struct text source, struct sign_in *ret)
{
        SCOPED(local_password_done) struct local_password local = { 0 };
        struct actor who = come(ret, source);
        struct account account;
        bool always;
        int r;

        r = account_load(core, tenant, email, source, &account);
        if (r == 0)
                r = local_password_judge(core, &account, &local);
        if (r)
                return r;
        always = local.fallback == METHOD_FALLBACK_ALWAYS;
        if (account.is_known && always &&
            password_cache_knows(core, account.actor.id, account.secrets_version, password))
                return become(&account, &who, METHOD_PASSWORD, ret);
        r = check_password(core, &account, &local, email, password, &who, ret);
        /* What others keep is for them to remember: a method that is switched off is so at once. */
        if (r == 0 && always && id_is_zero(ret->method_id))
                password_cache_keep(core, account.actor.id, account.secrets_version, password);
        return r;
}

int sign_in_by_pin(struct core *core, const struct id *tenant, struct text email, struct text pin,
                   struct text source, struct sign_in *ret)
{
        struct secret_check check = { .secret = pin, .kind = KEYS_PIN };
        struct actor who = come(ret, source);
        struct account account;
        struct guess_subject subjects[3];
        int r;

        r = account_load(core, tenant, email, source, &account);
        if (r)
                return r;
        subjects[0] = (struct guess_subject){ GUESS_PIN, text_from(account.email) };
        subjects[1] = (struct guess_subject){ GUESS_PIN_DAY, text_from(account.email) };
        subjects[2] = (struct guess_subject){ GUESS_SOURCE, text_from(account.source) };
        r = guesses_check(core, subjects, 3);
        if (r)
                return r == CORE_LOCKED ? account_locked(core, &account, METHOD_PIN, &who) : r;
        r = check_at_gate(core, &account, subjects, 3, METHOD_PIN, &check, &who);
        return r ? r : become(&account, &who, METHOD_PIN, ret);
}

struct code_check {
        struct text code, key;
        bool is_only_looked_at;
        struct code found;
};

static int is_right_code(struct core *core, const struct account *account, void *context)
{
        struct code_check *check = context;

        if (check->is_only_looked_at)
                return code_look(core, account->tenant, check->code, check->key, &check->found);
        return code_use(core, account->tenant, check->code, &check->found.person);
}

static int check_code(struct core *core, struct id tenant, struct code_check *check, struct text source,
                      struct sign_in *ret)
{
        struct actor who = come(ret, source);
        struct account nobody = { .tenant = tenant }, account;
        struct guess_subject subjects[2];
        bool is_enabled = false;
        int r;

        guess_source(source, nobody.source);
        subjects[0] = (struct guess_subject){ GUESS_SOURCE, text_from(nobody.source) };
        subjects[1] = (struct guess_subject){ GUESS_ONE_TIME, text_from_octets(tenant.octets, ID_OCTETS) };
        r = method_is_enabled(core, tenant, METHOD_CODE, &is_enabled);
        if (r)
                return r;
        if (!is_enabled)
                check->code = TEXT_OF("");
        r = account_check(core, &nobody, subjects, 2, METHOD_CODE, is_right_code, check, &who);
        if (r)
                return r;
        r = account_load_person(core, tenant, check->found.person, source, &account);
        return r ? r : become(&account, &who, METHOD_CODE, ret);
}

int sign_in_by_code(struct core *core, struct id tenant, struct text code, struct text source,
                    struct sign_in *ret)
{
        struct code_check check = { .code = code };

        return check_code(core, tenant, &check, source, ret);
}

int sign_in_to_release(struct core *core, struct id tenant, struct text code, struct text key,
                       struct text source, struct sign_in *ret)
{
        struct code_check check = { .code = code, .key = key, .is_only_looked_at = true };
        int r = check_code(core, tenant, &check, source, ret);

        if (r == 0)
                ret->code = check.found.id;
        return r;
}

int sign_in_again(struct core *core, const struct actor *actor, struct text password)
{
        struct sign_in found = { .actor = { .via = actor->via } };
        int r;

        r = sign_in_by_password(core, &actor->tenant, text_from(actor->name), password,
                                text_from(actor->source), &found);
        if (r)
                return r;
        return id_equal(found.actor.id, actor->id) ? 0 : CORE_WRONG_CREDENTIALS;
}
