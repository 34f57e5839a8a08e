// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The second step of /sign-in: a session that owes a second factor is asked for one. */

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/factor.h"
#include "door/page/page.h"
#include "door/words.h"

int page_ask_factor(struct request *request, int status, struct text next, const char *alarm)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "factor.title");

        if (r)
                return r;
        if (alarm)
                page_alarm(&page, alarm);
        page_form(&page, "/sign-in");
        if (next.len)
                page_hidden(&page, "next", next);
        page_field(&page, &(struct page_field){ .name = "totp",
                                                .label = "factor.code",
                                                .type = "text",
                                                .autocomplete = "one-time-code",
                                                .hint = "factor.code-hint",
                                                .is_code = true,
                                                .is_first = true });
        page_button(&page, "page.go-on", NULL, NULL, true);
        html_close(&page.html);
        page_passkey(&page, "show", next, "factor.passkey");
        html_element(&page.html, "h2", say(page.language, "factor.without"));
        page_form(&page, "/sign-in");
        if (next.len)
                page_hidden(&page, "next", next);
        page_field(&page, &(struct page_field){ .name = "recovery_code",
                                                .label = "factor.recovery",
                                                .type = "text",
                                                .autocomplete = "off",
                                                .hint = "factor.recovery-hint",
                                                .is_code = true });
        page_button(&page, "page.go-on", NULL, NULL, false);
        html_close(&page.html);
        page_form(&page, "/sign-out");
        page_button(&page, "factor.somebody-else", NULL, NULL, false);
        html_close(&page.html);
        return page_answer(&page, status);
}

static void wipe_secret(char (*secret)[SESSION_STRING])
{
        explicit_bzero(secret, sizeof(*secret));
}

int page_take_factor(struct request *request, struct text next)
{
        SCOPED(wipe_secret) char secret[SESSION_STRING] = "";
        struct text totp = form_value(request->form, "totp"),
                    recovery = form_value(request->form, "recovery_code");
        int r;

        if (totp.len)
                r = totp_show(request->core, &request->actor, totp);
        else if (recovery.len)
                r = recovery_show(request->core, &request->actor, recovery);
        else
                return page_ask_factor(request, 200, next, NULL);
        if (r == 0)
                r = session_renew(request->core, &request->actor, true, secret);
        if (r == CORE_LOCKED)
                return page_ask_factor(request, 429, next, "factor.locked");
        if (r > 0)
                return page_ask_factor(request, 403, next, "factor.wrong");
        if (r == 0)
                r = request_set_session(request, secret);
        return r ? r : page_go_on(request, next);
}
