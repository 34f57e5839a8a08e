// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a provider gave along with a sign-in, kept for as long as a session or a grant stands on that sign-in:
 * a token with which it can be asked again whether the person is still there, and one that names the sign-in
 * to it when he signs out. Both are sealed with the tenant's field key.
 *
 *      kept ----> due ----> the provider says yes ----> kept
 *                   \
 *                    `----> the provider says no -----> every session and grant of that sign-in ends
 *
 * Whoever asks takes what is due (outside_session_due()): it is not due again for a while, so that neither
 * two threads nor two services ask at once, and one that died leaves it to the next.
 */

#include "base/buffer.h"
#include "core/core.h"

#define OUTSIDE_SESSION_NAME   256
#define OUTSIDE_SESSION_TOKEN  16384 /* octets of either token */
#define OUTSIDE_SESSION_ASK_MS 60000 /* what was taken is due again after */

struct outside_session {
        struct id tenant, method, person;
        char name[OUTSIDE_SESSION_NAME]; /* the provider's or ours, as in struct session_request: outside */
        char issuer[512];
        char subject[256];
        int64_t created_ms;
        int64_t checked_ms; /* the provider last said yes */
        int64_t due_ms;     /* to be looked at again */
        bool can_ask;       /* the provider gave a token for that */
};

/* Keeps one, in the place of another of that name, and looks at it again at due_ms. Empty tokens are none.
 * CORE_BAD_VALUE: too long. */
int outside_session_keep(struct core *core, const struct outside_session *session, struct text refresh,
                         struct text id_token);

/* Takes at most max that are due at now, and of which can be asked. Those that no session or grant stands on
 * any more are forgotten instead. */
int outside_session_due(struct core *core, int64_t now_ms, struct outside_session *ret, size_t max,
                        size_t *ret_count);

/* One by its name. CORE_NOT_FOUND. */
int outside_session_find(struct core *core, struct id tenant, struct id method, struct text name,
                         struct outside_session *ret);
/* The one that a session of ours stands on. CORE_NOT_FOUND. */
int outside_session_of(struct core *core, struct id tenant, struct id session, struct outside_session *ret);

/* Adds the tokens, which the caller wipes; NULL for one that is not wanted. CORE_NOT_FOUND. */
int outside_session_tokens(struct core *core, const struct outside_session *session, struct buffer *refresh,
                           struct buffer *id_token);

/* The provider said yes; refresh takes the place of the last one where it is not empty. */
int outside_session_checked(struct core *core, const struct outside_session *session, struct text refresh,
                            int64_t due_ms);

/* The provider said no: ends what stands on it and forgets it. */
int outside_session_over(struct core *core, const struct outside_session *session, const char *reason);
