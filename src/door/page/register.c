// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * /register: somebody whom nobody added asks for a code, then shows it with the password that he wants. What
 * is shown does not depend on whether there is such an organisation, account, or registration at all.
 */

#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/registration.h"
#include "door/api/api.h"
#include "door/page/page.h"
#include "door/words.h"

static void write_request(struct page_writer *page)
{
        page_form(page, "/register");
        page_field(page, &(struct page_field){ .name = "email",
                                               .label = "page.email",
                                               .type = "email",
                                               .autocomplete = "username",
                                               .is_first = true });
        page_field(page, &(struct page_field){ .name = "name",
                                               .label = "register.name",
                                               .type = "text",
                                               .autocomplete = "name",
                                               .optional = true });
        page_field(page, &(struct page_field){ .name = "company_code",
                                               .label = "page.company-code",
                                               .type = "text",
                                               .autocomplete = "off",
                                               .hint = "register.company-code-hint",
                                               .is_code = true,
                                               .optional = true });
        page_button(page, "register.send", NULL, NULL, true);
        html_close(&page->html);
}

static void write_confirm(struct page_writer *page, bool is_first)
{
        page_form(page, "/register");
        page_field(page, &(struct page_field){ .name = "code",
                                               .label = "page.code",
                                               .type = "text",
                                               .autocomplete = "one-time-code",
                                               .hint = "register.code-hint",
                                               .is_code = true,
                                               .is_first = is_first });
        page_field(page, &(struct page_field){ .name = "password",
                                               .label = "register.password",
                                               .type = "password",
                                               .autocomplete = "new-password",
                                               .hint = "page.password-hint" });
        page_field(page, &(struct page_field){ .name = "again",
                                               .label = "page.same-again",
                                               .type = "password",
                                               .autocomplete = "new-password" });
        page_button(page, "register.make", NULL, NULL, is_first);
        html_close(&page->html);
}

static int ask(struct request *request, int status, const char *alarm)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "register.title");

        if (r)
                return r;
        if (alarm)
                page_alarm(&page, alarm);
        page_paragraph(&page, "register.why");
        write_request(&page);
        html_element(&page.html, "h2", say(page.language, "register.have-code"));
        write_confirm(&page, false);
        return page_answer(&page, status);
}

static int ask_code(struct request *request, int status, const char *alarm)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "register.title");

        if (r)
                return r;
        if (alarm)
                page_alarm(&page, alarm);
        else
                page_paragraph(&page, "register.on-its-way");
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
                return ask(request, 422, "register.no-address");
        if (r == CORE_LOCKED)
                return page_complain(request, 429, "register.too-many", "page.wait-an-hour");
        return r ? page_refuse(request, r) : ask_code(request, 200, NULL);
}

static const char *words_of(int refusal)
{
        switch (refusal) {
        case CORE_WRONG_CREDENTIALS: return "register.wrong-code";
        case CORE_BAD_VALUE: return "register.bad-length";
        case CORE_KNOWN_PASSWORD: return "register.known";
        case CORE_BUSY: return "page.too-many-people";
        }
        return NULL;
}

static int take_code(struct request *request, struct text code)
{
        struct text password = form_value(request->form, "password");
        bool waits;
        int r;

        if (!text_equal(password, form_value(request->form, "again")))
                return ask_code(request, 422, "register.differ");
        r = registration_confirm(request->core, code, password, VIA_PAGE, text_from(request->x->peer),
                                 &waits);
        if (r == CORE_LOCKED)
                return page_complain(request, 429, "page.too-many-codes", "page.wait-an-hour");
        if (r)
                return words_of(r) ? ask_code(request, 422, words_of(r)) : page_refuse(request, r);
        return page_complain(request, 200, waits ? "register.waits" : "register.done",
                             waits ? "register.waits-why" : "register.done-why");
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
