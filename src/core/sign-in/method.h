// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Methods: the ways in which a tenant's people sign in, in the order in which they are offered.
 *
 *      password   an e-mail address and a password that we keep (argon2id)
 *      pin        an e-mail address and a PIN, at printers; for the web where the tenant's policy says so
 *      code       a one-time code
 *      passkey    a passkey alone, which is two factors by itself (core/sign-in/factor.h)
 *
 * These four are ours: every tenant has each of them once, and can switch it off. Further kinds are brought
 * by drivers (OpenID Connect, directories), of which a tenant may have several methods each; their settings
 * are words of the driver's own, which core keeps and never reads, and their secret is sealed with the
 * tenant's field key and told to the driver alone.
 *
 * Only administrators change methods. What is switched off works from the next request on no more.
 */

#include "base/buffer.h"
#include "core/actor.h"

#define METHOD_KIND     16
#define METHOD_SETTINGS 8192
#define METHOD_SECRET   4096
#define METHOD_FINDING  65536
#define METHODS_MAX     32 /* of one tenant */

#define METHOD_PASSWORD "password"
#define METHOD_PIN      "pin"
#define METHOD_CODE     "code"
#define METHOD_PASSKEY  "passkey"

struct method {
        struct id id;
        char kind[METHOD_KIND];
        char title[CORE_TITLE]; /* on the button; "": the driver's own */
        bool enabled;
        bool has_secret;
        uint32_t position;              /* lowest first; equal ones by age */
        char settings[METHOD_SETTINGS]; /* the driver's own words; "": none */
        int64_t created_ms;
};

/* Whether somebody whom the method knows also comes in by a password of ours; the strictest first. */
enum method_fallback {
        METHOD_FALLBACK_NO,
        METHOD_FALLBACK_WHEN_DOWN, /* while it cannot be asked */
        METHOD_FALLBACK_ALWAYS,
};
/* "no", "when-down", "always". */
bool method_fallback_parse(struct text word, enum method_fallback *ret);

/*
 * A driver: what a kind of method knows of itself. Static and constant; core is told of all of them once
 * (core_parts.method_drivers). Its functions may block and come on any worker thread.
 */
struct method_driver {
        const char *kind;
        const char *title; /* where the method has none */
        /* Whether the settings can be used; false after a sentence that says what is wrong. NULL: there are
         * none. */
        bool (*check)(struct text settings, char ret_complaint[CORE_WORDS]);
        /* Tries the settings and the secret for real. 0 or CORE_BAD_VALUE after a sentence, which also may
         * tell what was found. NULL: there is nothing to try. */
        int (*try)(struct core *core, struct id tenant, const struct method *method,
                   char ret_sentence[CORE_WORDS]);
        /*
         * Whether name and password, typed in a form of ours, are somebody's; *ret_person is then a person of
         * the tenant, made just now if need be. CORE_WRONG_CREDENTIALS, CORE_UNREACHABLE (it cannot be
         * asked), CORE_BUSY (too many ask just now, which anybody can bring about). Guesses are counted by
         * the caller. NULL: no password is typed for this kind.
         */
        int (*verify)(struct core *core, struct id tenant, const struct method *method, struct text name,
                      struct text password, struct id *ret_person);
        /* What the settings say of passwords of ours. NULL: METHOD_FALLBACK_NO. */
        enum method_fallback (*fallback)(struct core *core, const struct method *method);
        /* Whether it cannot be asked just now: of kinds without verify() that know METHOD_FALLBACK_WHEN_DOWN.
         * 0, CORE_UNREACHABLE, or CORE_BUSY as above. */
        int (*reach)(struct core *core, struct id tenant, const struct method *method);
};

/* What is to be made or changed; NULL and false leave it. */
struct method_change {
        const char *title;
        const bool *enabled;
        const uint32_t *position;
        const char *settings;
        bool sets_secret;
        struct text secret; /* empty takes it away */
};

/* The driver of a kind; NULL where there is none. */
const struct method_driver *method_driver_find(const struct core *core, struct text kind);
/* What stands on its button. */
const char *method_title(const struct core *core, const struct method *method);

/*
 * All of a tenant's, in their order, METHODS_MAX at most. The four of ours have settings "" and no secret.
 */
int method_list(struct core *core, struct id tenant, struct method *ret, size_t max, size_t *ret_count);
/* CORE_NOT_FOUND. */
int method_find(struct core *core, struct id tenant, struct id id, struct method *ret);
/* Whose it is, for whoever comes with nothing but the method's id. CORE_NOT_FOUND. */
int method_find_tenant(struct core *core, struct id id, struct id *ret);
/* Adds the secret to *to, nothing where there is none; for drivers. The caller wipes it. CORE_NOT_FOUND. */
int method_secret(struct core *core, struct id tenant, struct id id, struct buffer *to);
/* What the driver found out about it by itself and keeps, in words of its own, and when; "" and 0 where there
 * is nothing, or the settings were changed since. CORE_NOT_FOUND. */
int method_finding(struct core *core, struct id tenant, struct id id, struct buffer *to, int64_t *ret_ms);
/* actor NULL: the driver did it by itself, and the trail says nothing. detail stands in the event,
 * "method-looked-around". CORE_NOT_FOUND, CORE_FORBIDDEN. */
int method_keep_finding(struct core *core, struct id tenant, const struct actor *actor, struct id id,
                        struct text finding, const char *detail);
/* Whether a method of this kind is there and switched on. */
int method_is_enabled(struct core *core, struct id tenant, const char *kind, bool *ret);

/*
 * CORE_FORBIDDEN, CORE_NOT_FOUND; CORE_BAD_VALUE with a sentence in ret_complaint (no such kind, settings the
 * driver refuses, too many); CORE_TAKEN (one of ours is there already). One of ours is neither made nor
 * deleted, and the last method by which anybody could come in is not switched off.
 */
int method_make(struct core *core, const struct actor *actor, struct text kind,
                const struct method_change *change, struct method *ret, char ret_complaint[CORE_WORDS]);
int method_change(struct core *core, const struct actor *actor, struct id id,
                  const struct method_change *change, struct method *ret, char ret_complaint[CORE_WORDS]);
int method_delete(struct core *core, const struct actor *actor, struct id id);

/* What a tenant asks of those who sign in. */
enum second_factor_rule {
        SECOND_FACTOR_OWN,            /* of whoever has set one up */
        SECOND_FACTOR_ADMINISTRATORS, /* and of everybody with more rights than a person */
        SECOND_FACTOR_EVERYBODY,
};
/* Whether somebody of this role, with or without a factor set up, must show one. */
bool second_factor_is_owed(enum second_factor_rule rule, enum role role, bool has_factor);

struct sign_in_policy {
        enum second_factor_rule second_factor; /* for the web, of accounts that are ours; default: own */
        bool pin_for_web;                      /* default no */
        uint32_t password_least;               /* characters of a new password, 8 to 64; default 8 */
};
int sign_in_policy_read(struct core *core, struct id tenant, struct sign_in_policy *ret);
/* CORE_FORBIDDEN, CORE_BAD_VALUE. */
int sign_in_policy_change(struct core *core, const struct actor *actor, const struct sign_in_policy *policy);
