// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/page/page.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/credential.h"
#include "core/sign-in/session.h"
#include "core/tenant/tenant.h"
#include "core/sign-in/token-scope.h"
#include "crypt/hash.h"
#include "door/app.h"
#include "door/cookie.h"

#define FORM_COOKIE "__Host-imprimatur-form"

int page_sign_in(struct request *request, enum page_owes *ret_owes)
{
        enum page_owes owes = PAGE_OWES_NOTHING;
        struct text secret;
        int r;

        actor_came(&request->actor, VIA_PAGE, text_from(request->x->peer));
        if (request_session_cookie(request, &secret)) {
                r = request_sign_in_session(request, secret);
                if (r)
                        return r;
                /* From where it may not be used, a session is none: signing in anew then says why. */
                if (request->actor.kind == ACTOR_PERSON)
                        r = tenant_admits(request->core, request->actor.tenant, ACCESS_GO_ON,
                                          text_from(request->x->peer));
                if (r < 0)
                        return r;
                if (r)
                        request->actor = (struct actor){ .kind = ACTOR_NOBODY };
                owes = request->actor.owes_factor     ? PAGE_OWES_FACTOR
                       : request->actor.owes_password ? PAGE_OWES_PASSWORD
                                                      : PAGE_OWES_NOTHING;
                if (owes && !ret_owes)
                        request->actor = (struct actor){ .kind = ACTOR_NOBODY };
        }
        if (ret_owes)
                *ret_owes = owes;
        return 0;
}

/* The cookie that the tokens of forms are made with; it is set where there is none. NULL after a fault. */
static const char *form_cookie(struct request *request, int *ret_r)
{
        char value[CREDENTIAL_STRING], header[160];
        struct text found;

        if (cookie_find(http_header(request->x, "Cookie"), FORM_COOKIE, &found) && credential_is(found, ""))
                return arena_text(request->x->arena, found);
        credential_make("", value);
        snprintf(header, sizeof(header), FORM_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax", value);
        *ret_r = http_add_header(request->x, "Set-Cookie", header);
        return *ret_r ? NULL : arena_text(request->x->arena, text_from(value));
}

/* Of another session, or of none, the token is another one. */
static void form_token(const struct request *request, const char *cookie, char ret[CREDENTIAL_STRING])
{
        uint8_t octets[HASH_OCTETS];

        hash_hmac(cookie, strlen(cookie), text_from_octets(request->actor.session.octets, ID_OCTETS), octets);
        credential_format("", octets, ret);
}

/* What a browser may do with a page of ours. */
static int add_headers(struct page_writer *page)
{
        struct http_exchange *x = page->request->x;
        char policy[512];
        int r;

        snprintf(
                policy, sizeof(policy),
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'%s%s; base-uri 'none';"
                " frame-ancestors 'none'%s",
                page->form_goes_to ? " " : "", page->form_goes_to ? page->form_goes_to : "",
                page->has_script
                        ? "; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
                        : "");
        r = http_add_header(x, "Content-Security-Policy", policy);
        if (r == 0)
                r = http_add_header(x, "Cache-Control", "no-store");
        if (r == 0)
                r = http_add_header(x, "X-Content-Type-Options", "nosniff");
        if (r == 0)
                r = page_keep_language(page->request);
        if (r == 0)
                r = http_add_header(x, "X-Frame-Options", "DENY");
        if (r == 0)
                r = http_add_header(x, "Cross-Origin-Opener-Policy", "same-origin");
        /* Not no-referrer: a form would then come with "Origin: null", as from anywhere. */
        return r ? r : http_add_header(x, "Referrer-Policy", "same-origin");
}

static void write_head(struct html *html, const char *title, const char *style, enum language language)
{
        char whole[CORE_TITLE + 16];

        snprintf(whole, sizeof(whole), "%s - Imprimatur", title);
        html_open(html, "html");
        html_attribute(html, "lang", language_names[language]);
        html_open(html, "head");
        html_empty(html, "meta");
        html_attribute(html, "charset", "utf-8");
        html_empty(html, "meta");
        html_attribute(html, "name", "viewport");
        html_attribute(html, "content", "width=device-width, initial-scale=1");
        html_empty(html, "meta");
        html_attribute(html, "name", "color-scheme");
        html_attribute(html, "content", "light dark");
        html_element(html, "title", whole);
        html_empty(html, "link");
        html_attribute(html, "rel", "icon");
        html_path(html, "href", "/assets/imprimatur.svg");
        html_empty(html, "link");
        html_attribute(html, "rel", "stylesheet");
        html_path(html, "href", style);
}

static void write_refresh(struct html *html, const struct page_look *look)
{
        char content[1024];

        if (!look->refresh_to)
                return;
        assert(look->refresh_to[0] == '/');
        snprintf(content, sizeof(content), "%u;url=%s", look->refresh_s, look->refresh_to);
        /* The script waits while somebody types. */
        html_open(html, "noscript");
        html_empty(html, "meta");
        html_attribute(html, "http-equiv", "refresh");
        html_attribute(html, "content", content);
        html_close(html);
}

int page_begin_panel(struct page_writer *page, struct request *request, const struct page_look *look)
{
        struct html *html = &page->html;

        *page = (struct page_writer){ .request = request, .is_panel = true };
        page->language = page_language(request);
        buffer_init(&page->buffer, PAGE_OCTETS_MAX);
        html_begin(html, &page->buffer);
        write_head(html, look->title, app_path_of("panel.css"), page->language);
        write_refresh(html, look);
        html_close(html);
        html_open(html, "body");
        return page->buffer.failure;
}

int page_begin(struct page_writer *page, struct request *request, const char *title)
{
        struct html *html = &page->html;

        *page = (struct page_writer){ .request = request };
        page->language = page_language(request);
        title = say(page->language, title);
        buffer_init(&page->buffer, PAGE_OCTETS_MAX);
        html_begin(html, &page->buffer);
        write_head(html, title, app_path_of("pages.css"), page->language);
        html_close(html);
        html_open(html, "body");
        html_open(html, "header");
        html_element(html, "span", "Imprimatur");
        page_write_languages(page);
        html_close(html);
        html_open(html, "main");
        html_element(html, "h1", title);
        return page->buffer.failure;
}

void page_done(struct page_writer *page)
{
        buffer_done(&page->buffer);
}

/* Who is signed in, and the way out. */
static void write_foot(struct page_writer *page)
{
        struct html *html = &page->html;

        html_close(html);
        if (page->is_panel || page->request->actor.kind != ACTOR_PERSON || page->request->actor.owes_factor ||
            page->request->actor.owes_password)
                return;
        html_open(html, "footer");
        html_open(html, "p");
        say_with(html, page->language, "page.signed-in-as", page->request->actor.name);
        html_close(html);
        page_form(page, "/sign-out");
        page_button(page, "page.sign-out", NULL, NULL, false);
        html_close(html);
        html_close(html);
}

int page_answer(struct page_writer *page, int status)
{
        int r;

        write_foot(page);
        r = html_finish(&page->html);
        if (r == 0)
                r = add_headers(page);
        return r ? r
                 : http_respond(page->request->x, status, "text/html; charset=utf-8",
                                buffer_text(&page->buffer));
}

void page_form(struct page_writer *page, const char *action)
{
        char token[CREDENTIAL_STRING];
        int r = 0;

        html_open(&page->html, "form");
        html_attribute(&page->html, "method", "post");
        html_path(&page->html, "action", action);
        /* One for all forms of a page: a browser keeps one. */
        if (!page->form_cookie)
                page->form_cookie = form_cookie(page->request, &r);
        if (!page->form_cookie) {
                page->buffer.failure = r ? r : fault(-ENOMEM);
                return;
        }
        form_token(page->request, page->form_cookie, token);
        page_hidden(page, "form", text_from(token));
}

void page_hidden(struct page_writer *page, const char *name, struct text value)
{
        html_empty(&page->html, "input");
        html_attribute(&page->html, "type", "hidden");
        html_attribute(&page->html, "name", name);
        html_attribute_text(&page->html, "value", value);
}

static void write_input(struct html *html, const struct page_field *field)
{
        html_empty(html, "input");
        html_attribute(html, "id", field->name);
        html_attribute(html, "name", field->name);
        html_attribute(html, "type", field->type);
        if (field->autocomplete)
                html_attribute(html, "autocomplete", field->autocomplete);
        if (field->value)
                html_attribute(html, "value", field->value);
        if (field->hint) {
                char id[64];

                snprintf(id, sizeof(id), "%s-hint", field->name);
                html_attribute(html, "aria-describedby", id);
        }
        if (field->is_code) {
                html_attribute(html, "class", "code");
                html_attribute(html, "autocapitalize", "characters");
                html_attribute(html, "spellcheck", "false");
        }
        if (!field->optional)
                html_flag(html, "required");
        if (field->is_first)
                html_flag(html, "autofocus");
}

void page_field(struct page_writer *page, const struct page_field *field)
{
        struct html *html = &page->html;
        char id[64];

        html_open(html, "p");
        html_attribute(html, "class", "field");
        html_open(html, "label");
        html_attribute(html, "for", field->name);
        html_words(html, say(page->language, field->label));
        html_close(html);
        write_input(html, field);
        if (field->hint) {
                snprintf(id, sizeof(id), "%s-hint", field->name);
                html_open(html, "small");
                html_attribute(html, "id", id);
                html_words(html, say(page->language, field->hint));
                html_close(html);
        }
        html_close(html);
}

void page_button(struct page_writer *page, const char *words, const char *name, const char *value,
                 bool is_main)
{
        struct html *html = &page->html;

        html_open(html, "button");
        html_attribute(html, "type", "submit");
        if (is_main)
                html_attribute(html, "class", "main");
        if (name) {
                html_attribute(html, "name", name);
                html_attribute(html, "value", value);
        }
        html_words(html, say(page->language, words));
        html_close(html);
}

void page_alarm(struct page_writer *page, const char *words)
{
        html_open(&page->html, "p");
        html_attribute(&page->html, "class", "alarm");
        html_attribute(&page->html, "role", "alert");
        html_words(&page->html, say(page->language, words));
        html_close(&page->html);
}

void page_paragraph(struct page_writer *page, const char *words)
{
        html_element(&page->html, "p", say(page->language, words));
}

void page_scopes(struct page_writer *page, uint32_t scopes)
{
        const char *name;

        page_paragraph(page, "page.able-to");
        html_open(&page->html, "ul");
        for (unsigned int i = 0; (name = token_scope_name(i)); i++) {
                char key[32];

                snprintf(key, sizeof(key), "scope.%s", name);
                if (scopes & 1u << i)
                        html_element(&page->html, "li", say(page->language, key));
        }
        html_close(&page->html);
}

bool page_token_is_good(struct request *request)
{
        char expected[CREDENTIAL_STRING];
        struct text found, token;
        const char *cookie;

        if (!request->form || !cookie_find(http_header(request->x, "Cookie"), FORM_COOKIE, &found) ||
            !credential_is(found, ""))
                return false;
        cookie = arena_text(request->x->arena, found);
        if (!cookie)
                return false;
        form_token(request, cookie, expected);
        token = form_value(request->form, "form");
        return token.len == strlen(expected) && hash_equal(token.at, expected, token.len);
}

bool page_has_token(struct request *request, int *ret_r)
{
        if (page_token_is_good(request))
                return true;
        *ret_r = page_complain(request, 403, "page.once-more", "page.once-more-why");
        return false;
}

int page_send_away(struct request *request, const char *address)
{
        int r = http_add_header(request->x, "Location", address);

        if (r == 0)
                r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r == 0)
                r = http_add_header(request->x, "Referrer-Policy", "no-referrer");
        return r ? r : http_respond(request->x, 303, NULL, TEXT_OF(""));
}

int page_send_on(struct request *request, const char *path)
{
        assert(path[0] == '/' && path[1] != '/' && path[1] != '\\');
        return page_send_away(request, path);
}

int page_complain(struct request *request, int status, const char *title, const char *words)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, title);

        if (r)
                return r;
        page_alarm(&page, words);
        return page_answer(&page, status);
}

/* Its words in the catalogue; what there are none for is said in the API's. */
static const char *problem_words(enum language language, const char *code, const char *part,
                                 const char *otherwise)
{
        char key[96];
        const char *words;

        snprintf(key, sizeof(key), "problem.%s.%s", code, part);
        words = say(language, key);
        return words == key ? otherwise : words;
}

const char *page_problem_title(enum language language, const struct problem *problem)
{
        return problem_words(language, problem->code, "title", problem->title);
}

int page_problem(struct request *request, const struct problem *problem)
{
        enum language language = page_language(request);

        return page_complain(request, problem->status, page_problem_title(language, problem),
                             problem_words(language, problem->code, "detail", problem->detail));
}

bool page_is_wanted(const struct request *request)
{
        struct text accept = http_header(request->x, "Accept"), path = request->x->path;

        return accept.len && memmem(accept.at, accept.len, "text/html", 9) &&
               (!text_starts_with(path, "/v1/") || text_starts_with(path, "/v1/sign-in/oidc/"));
}

int page_refuse(struct request *request, int r)
{
        return r <= 0 ? r : page_problem(request, problem_of_refusal(r));
}

bool page_next_is_good(struct text next)
{
        static const char *const pages[] = { "/account", "/device", "/oauth/authorize" };

        if (next.len >= PAGE_NEXT_MAX)
                return false;
        for (size_t i = 0; i < next.len; i++)
                if (next.at[i] <= ' ' || next.at[i] >= 0x7f || strchr("\"\\<>", next.at[i]))
                        return false;
        for (size_t i = 0; i < ARRAY_LENGTH(pages); i++)
                if (text_starts_with(next, pages[i]) &&
                    (next.len == strlen(pages[i]) || next.at[strlen(pages[i])] == '?'))
                        return true;
        return app_has_page(next);
}

int page_ask_sign_in(struct request *request, struct text next)
{
        SCOPED(buffer_done) struct buffer path = BUFFER(4 * PAGE_NEXT_MAX);

        if (!page_next_is_good(next))
                return page_complain(request, 414, "page.too-long", "page.too-long-why");
        buffer_add_string(&path, "/sign-in?next=");
        percent_format(next, &path);
        return path.failure ? path.failure : page_send_on(request, buffer_string(&path));
}

int page_go_on(struct request *request, struct text next)
{
        char path[PAGE_NEXT_MAX];

        return page_send_on(request, next.len && text_copy(next, path, sizeof(path)) ? path : "/sign-in");
}
