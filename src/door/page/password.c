// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The last step of /sign-in for somebody whose password another one set: he sets his own. */

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "core/sign-in/session.h"
#include "door/page/page.h"

/* The secret he came in with must have been shown just now, as for any change of a password. */
static int ask_again(struct request *request)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "password.once-more");

        if (r)
                return r;
        page_paragraph(&page, "password.a-while-ago");
        page_form(&page, "/sign-out");
        page_button(&page, "password.begin-again", NULL, NULL, true);
        html_close(&page.html);
        return page_answer(&page, 200);
}

int page_ask_password(struct request *request, int status, struct text next, const char *alarm)
{
        SCOPED(page_done) struct page_writer page;
        int r;

        if (!request_is_fresh(request))
                return ask_again(request);
        r = page_begin(&page, request, "password.title");
        if (r)
                return r;
        if (alarm)
                page_alarm(&page, alarm);
        page_paragraph(&page, "password.why");
        page_form(&page, "/sign-in");
        if (next.len)
                page_hidden(&page, "next", next);
        page_field(&page, &(struct page_field){ .name = "new_password",
                                                .label = "password.new",
                                                .type = "password",
                                                .autocomplete = "new-password",
                                                .hint = "page.password-hint",
                                                .is_first = true });
        page_field(&page, &(struct page_field){ .name = "again",
                                                .label = "page.same-again",
                                                .type = "password",
                                                .autocomplete = "new-password" });
        page_button(&page, "password.set", NULL, NULL, true);
        html_close(&page.html);
        page_form(&page, "/sign-out");
        page_button(&page, "password.not-now", NULL, NULL, false);
        html_close(&page.html);
        return page_answer(&page, status);
}

static void wipe_secret(char (*secret)[SESSION_STRING])
{
        explicit_bzero(secret, sizeof(*secret));
}

static const char *words_of(int refusal)
{
        switch (refusal) {
        case CORE_BAD_VALUE: return "password.bad-length";
        case CORE_KNOWN_PASSWORD: return "password.known";
        case CORE_BUSY: return "page.too-many-people";
        }
        return NULL;
}

int page_take_password(struct request *request, struct text next)
{
        SCOPED(wipe_secret) char secret[SESSION_STRING] = "";
        struct text password = form_value(request->form, "new_password"),
                    again = form_value(request->form, "again");
        const struct actor *actor = &request->actor;
        int r;

        if (!request_is_fresh(request) || !password.len)
                return page_ask_password(request, 200, next, NULL);
        if (!text_equal(password, again))
                return page_ask_password(request, 422, next, "password.differ");
        r = person_set_password(request->core, actor, actor->tenant, actor->id, password);
        if (r > 0)
                return words_of(r) ? page_ask_password(request, 422, next, words_of(r))
                                   : page_refuse(request, r);
        if (r == 0)
                r = session_renew(request->core, actor, false, secret);
        if (r == 0)
                r = request_set_session(request, secret);
        return r ? page_refuse(request, r) : page_go_on(request, next);
}
