// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * /sign-in: first the e-mail address, which tells the organisation and its ways to sign in, then one of
 * these. What is shown depends on the organisation alone: nobody learns here whether there is an account.
 */

#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "core/sign-in/session.h"
#include "core/sign-in/sign-in.h"
#include "door/api/api.h"
#include "door/page/page.h"
#include "door/words.h"
#include "identity/oidc-flow.h"

#define EMAIL_HINT "sign-in.email-hint"

struct attempt {
        struct text email, company_code, next;
        struct tenant tenant;
        struct method methods[METHODS_MAX];
        size_t method_count;
        struct sign_in_policy policy;
        const char *alarm; /* what went wrong before */
};

static void hidden_next(struct page_writer *page, struct text next)
{
        if (next.len)
                page_hidden(page, "next", next);
}

static int ask_email(struct request *request, int status, const struct attempt *attempt, bool asks_code)
{
        SCOPED(page_done) struct page_writer page;
        char email[CORE_EMAIL];
        int r = page_begin(&page, request, "sign-in.title");

        if (r)
                return r;
        if (!text_copy(attempt->email, email, sizeof(email)))
                email[0] = 0;
        if (attempt->alarm)
                page_alarm(&page, attempt->alarm);
        page_form(&page, "/sign-in");
        hidden_next(&page, attempt->next);
        page_field(&page, &(struct page_field){ .name = "email",
                                                .label = "page.email",
                                                .type = "email",
                                                .autocomplete = "username",
                                                .value = email,
                                                .hint = EMAIL_HINT,
                                                .is_first = !asks_code });
        if (asks_code)
                page_field(&page, &(struct page_field){ .name = "company_code",
                                                        .label = "page.company-code",
                                                        .type = "text",
                                                        .autocomplete = "off",
                                                        .hint = "sign-in.company-code-hint",
                                                        .is_code = true,
                                                        .is_first = true });
        page_button(&page, "page.go-on", NULL, NULL, true);
        html_close(&page.html);
        if (!asks_code)
                page_passkey(&page, "sign-in", attempt->next, "sign-in.by-passkey");
        return page_answer(&page, status);
}

static bool has_method(const struct attempt *attempt, const char *kind)
{
        for (size_t i = 0; i < attempt->method_count; i++)
                if (attempt->methods[i].enabled && strcmp(attempt->methods[i].kind, kind) == 0)
                        return true;
        return false;
}

/* Whether a password is typed: ours, or one that a driver verifies. */
static bool takes_password(const struct request *request, const struct attempt *attempt)
{
        for (size_t i = 0; i < attempt->method_count; i++) {
                const struct method *method = &attempt->methods[i];
                const struct method_driver *driver =
                        method_driver_find(request->core, text_from(method->kind));

                if (method->enabled &&
                    (strcmp(method->kind, METHOD_PASSWORD) == 0 || (driver && driver->verify)))
                        return true;
        }
        return false;
}

struct way {
        const char *method; /* the form's */
        const char *name;   /* of what is typed */
        const char *autocomplete;
        const char *type;
        const char *hint;
        const char *heading;
        bool is_code;
};
static const struct way by_password = {
        "password", "sign-in.password", "current-password", "password", NULL, "sign-in.with-password", false
};
static const struct way by_pin = { "pin", "PIN", "off", "password", "sign-in.pin-hint", "sign-in.with-pin",
                                   false };
static const struct way by_code = { "code", "sign-in.one-time-code", "one-time-code",
                                    "text", "sign-in.one-time-hint", "sign-in.with-code",
                                    true };

static void write_way(struct page_writer *page, const struct attempt *attempt, const struct way *way,
                      bool is_first)
{
        char id[32];

        if (!is_first)
                html_element(&page->html, "h2", say(page->language, way->heading));
        page_form(page, "/sign-in");
        hidden_next(page, attempt->next);
        page_hidden(page, "email", attempt->email);
        if (attempt->company_code.len)
                page_hidden(page, "company_code", attempt->company_code);
        page_hidden(page, "method", text_from(way->method));
        snprintf(id, sizeof(id), "%s", way->method);
        page_field(page, &(struct page_field){ .name = id,
                                               .label = way->name,
                                               .type = way->type,
                                               .autocomplete = way->autocomplete,
                                               .hint = way->hint,
                                               .is_code = way->is_code,
                                               .is_first = is_first });
        page_button(page, "sign-in.title", NULL, NULL, is_first);
        html_close(&page->html);
}

/* Where the sign-in at a provider begins, and what it comes back to. Too long a way on is left out. */
static void write_begin(struct page_writer *page, const struct attempt *attempt, const char *method)
{
        SCOPED(buffer_done) struct buffer path = BUFFER(3 * (OIDC_RETURN_TO + CORE_EMAIL) + 128);

        buffer_format(&path, "/v1/sign-in/oidc/%s?login_hint=", method);
        percent_format(attempt->email, &path);
        if (attempt->next.len && attempt->next.len < OIDC_RETURN_TO) {
                buffer_add_string(&path, "&return_to=");
                percent_format(attempt->next, &path);
        }
        if (buffer_string(&path))
                html_path(&page->html, "href", buffer_string(&path));
}

/* The ways that begin at somebody else's. */
static size_t write_outside(struct page_writer *page, const struct request *request,
                            const struct attempt *attempt)
{
        size_t count = 0;

        for (size_t i = 0; i < attempt->method_count; i++) {
                const struct method *method = &attempt->methods[i];
                char id[ID_STRING];

                if (!method->enabled || strcmp(method->kind, METHOD_OIDC) != 0)
                        continue;
                id_format(method->id, id);
                html_open(&page->html, "a");
                html_attribute(&page->html, "class", "button");
                write_begin(page, attempt, id);
                say_with(&page->html, page->language, "sign-in.go-on-with",
                         method_title(request->core, method));
                html_close(&page->html);
                count++;
        }
        return count;
}

static int ask_secret(struct request *request, int status, const struct attempt *attempt)
{
        SCOPED(page_done) struct page_writer page;
        size_t count;
        int r = page_begin(&page, request, "sign-in.title");

        if (r)
                return r;
        if (attempt->alarm)
                page_alarm(&page, attempt->alarm);
        html_open(&page.html, "p");
        html_text(&page.html, attempt->email);
        say_with(&page.html, page.language, "sign-in.at",
                 attempt->tenant.title[0] ? attempt->tenant.title : attempt->tenant.name);
        html_close(&page.html);
        count = write_outside(&page, request, attempt);
        if (takes_password(request, attempt))
                write_way(&page, attempt, &by_password, count++ == 0);
        if (has_method(attempt, METHOD_PASSKEY))
                page_passkey(&page, "sign-in", attempt->next, "sign-in.by-passkey");
        if (has_method(attempt, METHOD_PIN) && attempt->policy.pin_for_web)
                write_way(&page, attempt, &by_pin, count++ == 0);
        if (has_method(attempt, METHOD_CODE))
                write_way(&page, attempt, &by_code, count++ == 0);
        if (!count)
                page_alarm(&page, "sign-in.no-way");
        return page_answer(&page, status);
}

static void read_attempt(struct request *request, struct attempt *ret)
{
        struct text next = form_value(request->form, "next");

        *ret = (struct attempt){ .email = text_trim(form_value(request->form, "email")),
                                 .company_code = text_trim(form_value(request->form, "company_code")) };
        if (page_next_is_good(next))
                ret->next = next;
}

/* The tenant and its ways. False after a page was answered. */
static bool find_tenant(struct request *request, struct attempt *attempt, int *ret_r)
{
        int r = tenant_find_for(request->core, attempt->email, attempt->company_code,
                                text_from(request->x->peer), &attempt->tenant);

        if (r == 0)
                r = method_list(request->core, attempt->tenant.id, attempt->methods, METHODS_MAX,
                                &attempt->method_count);
        if (r == 0)
                r = sign_in_policy_read(request->core, attempt->tenant.id, &attempt->policy);
        if (r == 0)
                return true;
        *ret_r = r;
        if (r == CORE_LOCKED) {
                *ret_r = page_complain(request, 429, "page.too-many-codes", "page.wait-an-hour");
        } else if (r == CORE_NOT_FOUND) {
                attempt->alarm =
                        attempt->company_code.len ? "sign-in.no-organisation" : "sign-in.whose-address";
                *ret_r = ask_email(request, 200, attempt, true);
        } else {
                *ret_r = page_refuse(request, r);
        }
        return false;
}

static const char *words_of(int refusal)
{
        switch (refusal) {
        case CORE_WRONG_CREDENTIALS: return "sign-in.wrong";
        case CORE_LOCKED: return "sign-in.locked";
        case CORE_BUSY: return "page.too-many-people";
        }
        return NULL;
}

static void wipe_secret(char (*secret)[SESSION_STRING])
{
        explicit_bzero(secret, sizeof(*secret));
}

static int open_session(struct request *request, const struct attempt *attempt, const struct sign_in *in)
{
        SCOPED(wipe_secret) char secret[SESSION_STRING];
        struct session_request wanted = { .tenant = in->actor.tenant,
                                          .person = in->actor.id,
                                          .kind = SESSION_WEB,
                                          .method = in->method,
                                          .method_id = in->method_id,
                                          .source = text_from(request->x->peer),
                                          .label = http_header(request->x, "User-Agent") };
        struct session session;
        struct person person;
        int r = session_open(request->core, &wanted, &session, secret);

        if (r == 0)
                r = person_find(request->core, &in->actor, in->actor.id, &person);
        if (r)
                return r;
        r = request_remember_company(request, person.asks_company);
        if (r == 0)
                r = request_set_session(request, secret);
        if (r)
                return r;
        if ((session.second_factor != SESSION_FACTOR_OWED && !session.owes_password) || !attempt->next.len)
                return page_go_on(request, attempt->next);
        return page_ask_sign_in(request, attempt->next);
}

static int try(struct request *request, struct attempt *attempt, struct text method)
{
        struct text secret = form_value(request->form, "password"), source = text_from(request->x->peer);
        struct sign_in in = { .actor.via = VIA_PAGE };
        const struct id *tenant = &attempt->tenant.id;
        int r, status;

        if (text_equal_string(method, by_pin.method))
                r = has_method(attempt, METHOD_PIN) && attempt->policy.pin_for_web
                            ? sign_in_by_pin(request->core, tenant, attempt->email,
                                             form_value(request->form, "pin"), source, &in)
                            : CORE_WRONG_CREDENTIALS;
        else if (text_equal_string(method, by_code.method))
                r = sign_in_by_code(request->core, *tenant, form_value(request->form, "code"), source, &in);
        else
                r = sign_in_by_password(request->core, tenant, attempt->email, secret, source, &in);
        if (r == 0)
                r = open_session(request, attempt, &in);
        if (r <= 0)
                return r;
        attempt->alarm = words_of(r);
        if (!attempt->alarm)
                return page_refuse(request, r);
        status = problem_of_refusal(r)->status;
        return ask_secret(request, status == 401 ? 403 : status, attempt);
}

static void page_link(struct page_writer *page, const char *path, const char *words)
{
        html_open(&page->html, "a");
        html_attribute(&page->html, "class", "button");
        html_path(&page->html, "href", path);
        html_words(&page->html, say(page->language, words));
        html_close(&page->html);
}

/* Whoever is signed in already, and was sent nowhere. */
static int show_signed_in(struct request *request)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "sign-in.done");

        if (r)
                return r;
        page_paragraph(&page, "sign-in.close");
        page_link(&page, "/device", "device.title");
        page_link(&page, "/account", "account.title");
        return page_answer(&page, 200);
}

int sign_in_page_answer(struct request *request)
{
        struct attempt attempt = { .alarm = NULL };
        enum page_owes owes;
        int r = page_sign_in(request, &owes);

        if (r)
                return r;
        if (http_query(request->x, "next", &attempt.next) && !page_next_is_good(attempt.next))
                attempt.next = TEXT_OF("");
        if (owes == PAGE_OWES_FACTOR)
                return page_ask_factor(request, 200, attempt.next, NULL);
        if (owes == PAGE_OWES_PASSWORD)
                return page_ask_password(request, 200, attempt.next, NULL);
        if (request->actor.kind != ACTOR_PERSON)
                return ask_email(request, 200, &attempt, request_asks_company(request));
        return attempt.next.len ? page_go_on(request, attempt.next) : show_signed_in(request);
}

int sign_in_form_answer(struct request *request)
{
        struct attempt attempt;
        struct text method;
        enum page_owes owes;
        int r = page_sign_in(request, &owes);

        if (r || !page_has_token(request, &r))
                return r;
        read_attempt(request, &attempt);
        if (owes == PAGE_OWES_FACTOR)
                return page_take_factor(request, attempt.next);
        if (owes == PAGE_OWES_PASSWORD)
                return page_take_password(request, attempt.next);
        if (!attempt.email.len || (!attempt.company_code.len && request_asks_company(request)))
                return ask_email(request, 200, &attempt, request_asks_company(request));
        if (!find_tenant(request, &attempt, &r))
                return r;
        method = form_value(request->form, "method");
        return method.len ? try(request, &attempt, method) : ask_secret(request, 200, &attempt);
}

int sign_out_form_answer(struct request *request)
{
        enum page_owes owes;
        int r = page_sign_in(request, &owes);

        if (r || !page_has_token(request, &r))
                return r;
        if (request->actor.kind == ACTOR_PERSON) {
                r = session_end(request->core, &request->actor, request->actor.session);
                if (r < 0)
                        return r;
        }
        r = request_set_session(request, "");
        return r ? r : page_complain(request, 200, "sign-in.out", "sign-in.out-why");
}
