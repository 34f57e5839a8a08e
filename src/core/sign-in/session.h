// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sessions: somebody has signed in and stays so for a while, in a browser or at a printer's panel.
 *
 *                      no second factor is owed
 *      session_open() ---------------------------> WHOLE ----> ended
 *             |                                      ^
 *             | one is owed                          | session_renew(): a new secret
 *             v                                      |
 *           HALF ------------------------------------+
 *
 * Eight things are always true:
 *
 *   1. A session is 256 random bits, of which only the SHA-256 is stored. Whoever signs in, shows a second
 *      factor or signs in afresh gets new bits; the old ones are worth nothing from then on.
 *   2. It ends after a time without a request (the web 20 minutes, a panel 5), and in any case 12 hours after
 *      it was opened, 4 for whoever has more rights than a person. Each is a setting.
 *   3. It ends with the next request after the person was disabled or deleted, another password was set, the
 *      method by which it was opened was deleted, or the provider said so.
 *   4. A session from which a second factor is owed may show one, set up the first one, and end; nothing
 * else.
 *   5. What needs a fresh sign-in (keys, roles, exports) needs a secret that was shown in this session at
 * most 5 minutes ago.
 *   6. That it is in use is noted in the database at most once a minute (a twentieth of the idle time where
 *      that is less), not with every request. It may therefore end up to that much too early, never too late.
 *   7. A panel is opened by little (a PIN, no second factor), and so its session does little: its person's
 * own jobs, images of their pages, his releases, a badge that nobody knew, and its own end.
 *   8. Of somebody whose password another one set, a session of the web does nothing but set his own, however
 *      it was opened: somebody else could open one like it.
 */

#include "core/actor.h"

struct db_tx;

#define SESSION_STRING 48 /* "ses_", 43 characters base64url, NUL */
#define SESSION_SOURCE 64

enum session_kind {
        SESSION_WEB = 1,
        SESSION_PANEL,
};

enum session_factor {
        SESSION_FACTOR_NONE, /* nobody asks for a second one */
        SESSION_FACTOR_OWED,
        SESSION_FACTOR_SHOWN,
};

struct session {
        struct id id;
        struct id person;
        enum session_kind kind;
        enum session_factor second_factor;
        char method[16];     /* its kind (core/sign-in/method.h) */
        struct id method_id; /* of an outside one; zero: ours */
        char source[SESSION_SOURCE];
        char label[CORE_TITLE]; /* what the browser calls itself */
        int64_t created_ms;
        int64_t seen_ms;
        int64_t fresh_ms;   /* a secret was shown; 0: nobody says when */
        int64_t expires_ms; /* at the latest */
        bool owes_password; /* as it was opened (core/person/person.h) */
};

struct session_request {
        struct id tenant, person;
        enum session_kind kind;
        const char *method;  /* its kind */
        struct id method_id; /* of an outside one; zero: ours */
        struct text outside; /* what the provider calls the session, at most 255 octets; empty: nothing */
        struct text source;  /* the peer's address */
        struct text label;   /* cut where it is too long */
        bool second_factor_shown; /* a passkey, or the provider answers for it */
        const int64_t *shown_ms;  /* when a secret was shown to the provider, 0: he does not say, and the
                                     session  is not fresh; NULL: here, just now */
};

/*
 * Opens a session for somebody who has just proved who he is. The secret is told this once; the caller wipes
 * it. A person has at most sessions_max of them: the one not used for longest ends. CORE_WRONG_CREDENTIALS
 * where the person is not there or disabled; CORE_OUTSIDE, CORE_SUSPENDED (core/tenant/tenant.h).
 */
int session_open(struct core *core, const struct session_request *request, struct session *ret,
                 char ret_secret[SESSION_STRING]);

/*
 * Who comes with this secret, from this address: ret->session, fresh_ms and owes_factor are set.
 * CORE_WRONG_CREDENTIALS where there is no such session (any more).
 */
int authenticate_session(struct core *core, struct text secret, struct text source, struct actor *ret);

/* The same for a page that a browser asks for by itself: it is not used by that, and ends in *ret_left_ms. */
int session_glance(struct core *core, struct text secret, struct text source, struct actor *ret,
                   int64_t *ret_left_ms);

/* Whether the actor has shown a secret just now; true for whoever comes without a session, with a token of
 * his own or a password. For a program's token it is when somebody signed in to allow it. */
bool session_is_fresh(const struct core *core, const struct actor *actor);

/*
 * The actor has shown a secret again, or a second factor: the session is fresh and gets a new secret.
 * CORE_NOT_FOUND where it has ended meanwhile.
 */
int session_renew(struct core *core, const struct actor *actor, bool second_factor_shown,
                  char ret_secret[SESSION_STRING]);

/* The live ones of a person, by id: his own, or as an administrator. CORE_NOT_FOUND. */
int session_list(struct core *core, const struct actor *actor, struct id person, struct id after,
                 struct session *ret, size_t max, size_t *ret_count);
int session_find(struct core *core, const struct actor *actor, struct id id, struct session *ret);

/* Ends one, one's own or as an administrator. CORE_NOT_FOUND. */
int session_end(struct core *core, const struct actor *actor, struct id id);
/* Ends all of a person's. CORE_NOT_FOUND. */
int session_end_all(struct core *core, const struct actor *actor, struct id person);

/* In the transaction of somebody else's: ends all of a person's but one (zero: all). */
int session_end_within(struct db_tx *tx, struct id tenant, struct id person, struct id but);

/* The provider says that it is over: the session it calls so, or with an empty name all of that person's by
 * this method (zero person: all of that name). *ret_count (may be NULL): how many were ended. */
int session_end_outside(struct core *core, struct id tenant, struct id method, struct text outside,
                        struct id person, uint64_t *ret_count);
