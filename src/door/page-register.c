// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * /register: somebody whom nobody added asks for a code, then shows it with the password that he wants. What
 * is shown does not depend on whether there is such an organisation, account, or registration at all.
 */

#include "base/outcome.h"
#include "base/scope.h"
#include "core/registration.h"
#include "door/api.h"
#include "door/page.h"

static void write_request(struct page_writer *page)
{
        page_form(page, "/register");
        page_field(page, &(struct page_field){ .name = "email",
                                               .label = "E-mail address",
                                               .type = "email",
                                               .autocomplete = "username",
                                               .is_first = true });
        page_field(page, &(struct page_field){ .name = "name",
                                               .label = "Your name",
                                               .type = "text",
                                               .autocomplete = "name",
                                               .optional = true });
        page_field(page, &(struct page_field){
                                 .name = "company_code",
                                 .label = "Company code",
                                 .type = "text",
                                 .autocomplete = "off",
                                 .hint = "Where your address is not of the organisation. Six characters; "
                                         "its people know them.",
                                 .is_code = true,
                                 .optional = true });
        page_button(page, "Send me a code", NULL, NULL, true);
        html_close(&page->html);
}

static void write_confirm(struct page_writer *page, bool is_first)
{
        page_form(page, "/register");
        page_field(page, &(struct page_field){ .name = "code",
                                               .label = "Code",
                                               .type = "text",
                                               .autocomplete = "one-time-code",
                                               .hint = "Sixteen characters, from the mail.",
                                               .is_code = true,
                                               .is_first = is_first });
        page_field(page,
                   &(struct page_field){ .name = "password",
                                         .label = "The password that you want",
                                         .type = "password",
                                         .autocomplete = "new-password",
                                         .hint = "Some words in a row are long and easy to keep in mind." });
        page_field(page, &(struct page_field){ .name = "again",
                                               .label = "The same again",
                                               .type = "password",
                                               .autocomplete = "new-password" });
        page_button(page, "Make my account", NULL, NULL, is_first);
        html_close(&page->html);
}

static int ask(struct request *request, int status, const char *alarm)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "Register");

        if (r)
                return r;
        if (alarm)
                page_alarm(&page, alarm);
        page_paragraph(&page, "To print, you need an account. Prove your mailbox, and set a password.");
        write_request(&page);
        html_element(&page.html, "h2", "You have a code");
        write_confirm(&page, false);
        return page_answer(&page, status);
}

static int ask_code(struct request *request, int status, const char *alarm)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "Register");

        if (r)
                return r;
        if (alarm)
                page_alarm(&page, alarm);
        else
                page_paragraph(
                        &page,
                        "If people of this address may register, a mail is on its way to it. Its code is "
                        "good for an hour.");
        write_confirm(&page, true);
        return page_answer(&page, status);
}

static int request_code(struct request *request)
{
        const struct registration_order order = { .email = form_value(request->form, "email"),
                                                  .name = form_value(request->form, "name"),
                                                  .company_code = form_value(request->form, "company_code"),
                                                  .source = text_from(request->x->peer),
                                                  .via = VIA_PAGE };
        int r = registration_request(request->core, &order);

        if (r == CORE_BAD_VALUE)
                return ask(request, 422, "That is no e-mail address.");
        if (r == CORE_LOCKED)
                return page_complain(request, 429, "Too many requests", "Wait an hour, then try again.");
        return r ? page_refuse(request, r) : ask_code(request, 200, NULL);
}

static const char *words_of(int refusal)
{
        switch (refusal) {
        case CORE_WRONG_CREDENTIALS: return "This code is wrong, or its time is over.";
        case CORE_BAD_VALUE: return "The password is too short, or longer than we take.";
        case CORE_KNOWN_PASSWORD:
                return "Others know that password: it is one of the first that anybody would try.";
        case CORE_BUSY: return "Too many people sign in just now. Try again in a moment.";
        }
        return NULL;
}

static int take_code(struct request *request, struct text code)
{
        struct text password = form_value(request->form, "password");
        bool waits;
        int r;

        if (!text_equal(password, form_value(request->form, "again")))
                return ask_code(request, 422, "The two passwords are not the same.");
        r = registration_confirm(request->core, code, password, VIA_PAGE, text_from(request->x->peer),
                                 &waits);
        if (r == CORE_LOCKED)
                return page_complain(request, 429, "Too many wrong codes", "Wait an hour, then try again.");
        if (r)
                return words_of(r) ? ask_code(request, 422, words_of(r)) : page_refuse(request, r);
        return page_complain(
                request, 200, waits ? "An administrator looks first" : "You are registered",
                waits ? "You get a mail as soon as you are let in."
                      : "Print again, or let your computer go on with what it could not send, with "
                        "your address and the password you set.");
}

int register_page_answer(struct request *request)
{
        int r = page_sign_in(request, NULL);

        return r ? r : ask(request, 200, NULL);
}

int register_form_answer(struct request *request)
{
        struct text code;
        int r = page_sign_in(request, NULL);

        if (r || !page_has_token(request, &r))
                return r;
        code = form_value(request->form, "code");
        return code.len ? take_code(request, code) : request_code(request);
}
