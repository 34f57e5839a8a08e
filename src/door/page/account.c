// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* /account: one's passkeys, which there are, a new one, and away with one. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/factor.h"
#include "door/api/api.h"
#include "door/page/page.h"
#include "door/words.h"

static void write_day(struct page_writer *page, const char *words, int64_t at_ms)
{
        char time[25];

        clock_format(at_ms, time);
        time[10] = 0;
        say_with(&page->html, page->language, words, time);
}

static void write_passkey(struct page_writer *page, const struct passkey *passkey)
{
        struct html *html = &page->html;
        char id[ID_STRING];

        id_format(passkey->id, id);
        html_open(html, "li");
        html_element(html, "b",
                     passkey->label[0] ? passkey->label : say(page->language, "account.a-passkey"));
        html_open(html, "small");
        write_day(page, "account.made", passkey->created_ms);
        if (passkey->used_ms)
                write_day(page, "account.used", passkey->used_ms);
        html_close(html);
        page_form(page, "/account");
        page_hidden(page, "passkey", text_from(id));
        page_button(page, "account.remove", NULL, NULL, false);
        html_close(html);
        html_close(html);
}

static int show(struct request *request, int status, const char *alarm)
{
        SCOPED(freep) struct passkey *passkeys = calloc(PASSKEYS_MAX, sizeof(*passkeys));
        SCOPED(page_done) struct page_writer page = { 0 };
        const struct actor *actor = &request->actor;
        struct session session;
        size_t count = 0;
        int r;

        if (!passkeys)
                return fault(-ENOMEM);
        r = passkey_list(request->core, actor, actor->id, (struct id){ { 0 } }, passkeys, PASSKEYS_MAX,
                         &count);
        if (r)
                return page_refuse(request, r);
        r = page_begin(&page, request, "account.title");
        if (r)
                return r;
        if (alarm)
                page_alarm(&page, alarm);
        page_paragraph(&page, "account.about");
        html_open(&page.html, "ul");
        html_attribute(&page.html, "class", "list");
        for (size_t i = 0; i < count; i++)
                write_passkey(&page, &passkeys[i]);
        html_close(&page.html);
        if (!count)
                page_paragraph(&page, "account.none");
        r = session_find(request->core, actor, actor->session, &session);
        if (r)
                return page_refuse(request, r);
        if (!id_is_zero(session.method_id))
                page_paragraph(&page, "account.elsewhere");
        else if (request_is_fresh(request))
                page_passkey(&page, "make", TEXT_OF("/account"), "account.make");
        else
                page_paragraph(&page, "account.not-fresh");
        return page_answer(&page, status);
}

int account_page_answer(struct request *request)
{
        int r = page_sign_in(request, NULL);

        if (r)
                return r;
        return request->actor.kind == ACTOR_PERSON ? show(request, 200, NULL)
                                                   : page_ask_sign_in(request, TEXT_OF("/account"));
}

int account_form_answer(struct request *request)
{
        struct id passkey;
        int r = page_sign_in(request, NULL);

        if (r || !page_has_token(request, &r))
                return r;
        if (request->actor.kind != ACTOR_PERSON)
                return page_ask_sign_in(request, TEXT_OF("/account"));
        if (!request_is_fresh(request))
                return show(request, 403, NULL);
        if (!id_parse(form_value(request->form, "passkey"), &passkey))
                return show(request, 400, "account.which");
        r = passkey_delete(request->core, &request->actor, request->actor.id, passkey);
        return r && r != CORE_NOT_FOUND ? page_refuse(request, r) : page_send_on(request, "/account");
}
