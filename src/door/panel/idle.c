// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A panel at which nobody is signed in: the ways to do so, and how it becomes one in the first place. */

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scope.h"
#include "core/panel/panel-code.h"
#include "core/panel/panel-notice.h"
#include "core/release/release.h"
#include "core/sign-in/sign-in.h"
#include "door/panel/panel.h"

static void write_heading(struct panel_view *view, const char *key)
{
        html_element(&view->page.html, "h2", panel_say(view, key));
}

static void write_field(struct panel_view *view, const char *name, const char *key, const char *type,
                        const char *mode, bool is_optional)
{
        struct html *html = &view->page.html;

        html_open(html, "p");
        html_open(html, "label");
        html_attribute(html, "for", name);
        html_words(html, panel_say(view, key));
        html_close(html);
        html_empty(html, "input");
        html_attribute(html, "id", name);
        html_attribute(html, "name", name);
        html_attribute(html, "type", type);
        html_attribute(html, "inputmode", mode);
        html_attribute(html, "autocomplete", "off");
        html_attribute(html, "autocapitalize", "none");
        html_attribute(html, "spellcheck", "false");
        if (!is_optional)
                html_flag(html, "required");
        html_close(html);
}

/* has_new: a badge was held to the reader that whoever signs in may make his, in the same press. */
static void write_by_hand(struct panel_view *view, bool has_new)
{
        struct html *html = &view->page.html;

        panel_form(view, "sign-in");
        write_field(view, "email", "panel.email", "text", "email", false);
        write_field(view, "pin", "panel.pin", "password", "numeric", false);
        html_open(html, "div");
        html_attribute(html, "class", "keypad");
        html_attribute(html, "data-keypad", "pin");
        html_flag(html, "hidden");
        html_close(html);
        panel_button(view, "panel.sign-in", NULL, NULL, true);
        if (has_new)
                panel_button(view, "panel.badge-mine-in", "mine", "yes", false);
        html_close(html);
        panel_form(view, "sign-in");
        write_field(view, "code", "panel.one-time-code", "text", "text", false);
        panel_button(view, "panel.sign-in", NULL, NULL, false);
        html_close(html);
}

/* The name of the service without "https://", for who types it. */
static void write_code(struct panel_view *view, const char *code, const char *origin)
{
        struct html *html = &view->page.html;
        const char *path, *address = arena_format(view->request->x->arena, "%s/device", origin);

        write_heading(view, "panel.phone");
        html_open(html, "p");
        html_attribute(html, "class", "hint");
        html_words(html, panel_say(view, "panel.phone-hint"));
        html_close(html);
        path = panel_path(view, "/code?code=%s", code);
        html_open(html, "p");
        html_attribute(html, "class", "qr");
        html_empty(html, "img");
        if (path)
                html_path(html, "src", path);
        html_attribute(html, "width", "200");
        html_attribute(html, "height", "200");
        html_attribute(html, "alt", "QR");
        html_close(html);
        html_open(html, "p");
        html_attribute(html, "class", "small");
        if (address)
                say_with(html, view->page.language, "panel.code-hint",
                         text_starts_with(text_from(address), "https://") ? address + 8 : address);
        html_close(html);
        html_open(html, "p");
        html_attribute(html, "class", "shown");
        html_words(html, code);
        html_close(html);
}

/* What the house wants said, this panel or all of them. */
static int write_words(struct panel_view *view)
{
        struct html *html = &view->page.html;
        char words[PANEL_WORDS] = "";
        int r = panel_is_bound(view) ? panel_words_look(view->request->core, &view->place, words) : 0;

        if (r)
                return r;
        if (!words[0])
                memcpy(words, view->policy.words, sizeof(words));
        if (!words[0])
                return 0;
        html_open(html, "p");
        html_attribute(html, "class", "words");
        html_element(html, "bdi", words);
        html_close(html);
        return 0;
}

/* A badge was held to the reader, and opened nothing. */
static void note_badge(struct panel_view *view, const struct panel_notice *notice)
{
        static const char *const keys[] = {
                [PANEL_NOTICE_UNKNOWN] = "panel.badge-unknown",
                [PANEL_NOTICE_NEW] = "panel.badge-new",
                [PANEL_NOTICE_REFUSED] = "panel.badge-refused",
        };

        if (view->alarm || notice->kind == PANEL_NOTICE_NONE)
                return;
        view->alarm = keys[notice->kind];
        view->alarm_value = notice->tail;
}

/* A page that loads itself at the end of its minute: whoever chose its language has gone. */
static int forget_language(struct panel_view *view)
{
        struct text word;

        return http_query(view->request->x, "auto", &word) ? page_forget_language(view->request) : 0;
}

static int begin_idle(struct panel_view *view, const struct panel_notice *notice, uint32_t code_left_s)
{
        int r;

        if (!panel_is_bound(view))
                return panel_begin(view, "panel.sign-in", 0, NULL);
        note_badge(view, notice);
        r = forget_language(view);
        return r ? r : panel_begin(view, "panel.sign-in", code_left_s, panel_path(view, "?auto=1"));
}

int panel_show_idle(struct panel_view *view, int status)
{
        struct html *html = &view->page.html;
        struct panel_notice notice = { .kind = PANEL_NOTICE_NONE };
        char code[PANEL_CODE], origin[ORIGIN_STRING];
        int64_t left_ms;
        int r;

        if (panel_is_bound(view) && !request_origin(view->request, origin, &r))
                return r;
        r = panel_code_make(view->request->core, &view->place, clock_unix_ms(), code, &left_ms);
        if (r == 0 && panel_is_bound(view))
                r = panel_notice_look(view->request->core, &view->place, &notice);
        if (r == 0)
                r = begin_idle(view, &notice, (uint32_t)(left_ms / 1000) + 1);
        if (r)
                return r;
        r = write_words(view);
        if (r) {
                page_done(&view->page);
                return r;
        }
        html_open(html, "div");
        html_attribute(html, "class", panel_is_bound(view) ? "half" : "whole");
        if (view->printer.badges && panel_is_bound(view)) {
                html_open(html, "p");
                html_attribute(html, "class", "badge");
                html_words(html, panel_say(view, "panel.badge-hint"));
                html_close(html);
        }
        write_by_hand(view, notice.kind == PANEL_NOTICE_NEW);
        html_close(html);
        if (panel_is_bound(view)) {
                html_open(html, "div");
                html_attribute(html, "class", "half");
                write_code(view, code, origin);
                html_close(html);
        }
        return panel_answer(view, status);
}

/* ---- signing in ---- */

static void wipe_secret(char (*secret)[SESSION_STRING])
{
        explicit_bzero(*secret, sizeof(*secret));
}

static void act_as(struct request *request, const struct actor *person, struct id session)
{
        request->actor = *person;
        request->actor.session = session;
        actor_came(&request->actor, VIA_PANEL, text_from(request->x->peer));
}

/* He who signs in has everything printed: only where the tenant wants that. */
static int print_at_once(struct panel_view *view)
{
        struct release_order order = { .method = RELEASE_API, .selection = RELEASE_ALL, .adapts = true };

        return panel_release(view, &order);
}

/* He has said so in the press with which he signed in. */
static bool claims_badge(const struct request *request)
{
        return request->form && text_equal_string(form_value(request->form, "mine"), "yes");
}

int panel_open(struct panel_view *view, const struct actor *person, const char *method)
{
        SCOPED(wipe_secret) char secret[SESSION_STRING];
        struct request *request = view->request;
        struct session_request wanted = { .tenant = view->place.tenant,
                                          .person = person->id,
                                          .kind = SESSION_PANEL,
                                          .method = method,
                                          .source = text_from(request->x->peer),
                                          .label = text_from(view->printer.name) };
        struct session session;
        int r = session_open(request->core, &wanted, &session, secret);

        if (r == 0 && panel_is_bound(view))
                r = panel_note_session(request->core, &view->place, session.id);
        if (r == 0)
                r = panel_set_session(request, secret);
        if (r)
                return r;
        view->left_ms = core_settings(request->core)->session_panel_idle_ms;
        if (!claims_badge(request) && !view->policy.prints_at_once)
                return panel_send_on(view, "");
        act_as(request, person, session.id);
        return claims_badge(request) ? panel_take_card(view) : print_at_once(view);
}

int panel_take_sign_in(struct panel_view *view)
{
        const struct form *form = view->request->form;
        struct request *request = view->request;
        struct text email = text_trim(form_value(form, "email")), code = text_trim(form_value(form, "code")),
                    source = text_from(request->x->peer);
        struct sign_in in = { .actor.via = VIA_PANEL };
        int r;

        r = code.len ? sign_in_by_code(request->core, view->place.tenant, code, source, &in)
                     : sign_in_by_pin(request->core, &view->place.tenant, email, form_value(form, "pin"),
                                      source, &in);
        if (r == 0)
                r = panel_open(view, &in.actor, in.method);
        if (r <= 0)
                return r;
        panel_note_refusal(view, r);
        return panel_show_idle(view, r == CORE_LOCKED ? 429 : 403);
}

/* ---- becoming a panel ---- */

static int ask_code(struct panel_view *view, const char *title, const char *words, const char *value,
                    struct text code, int status)
{
        SCOPED(page_done) struct page_writer page;
        enum language language = page_language(view->request);
        char typed[OUTPOST_CODE + 8] = "";
        int r = page_begin_panel(&page, view->request, &(struct page_look){ say(language, title), 0, NULL });

        if (r)
                return r;
        html_open(&page.html, "div");
        html_attribute(&page.html, "class", "main");
        html_element(&page.html, "h1", say(language, title));
        if (view->alarm)
                page_alarm(&page, say(language, view->alarm));
        html_open(&page.html, "p");
        say_with(&page.html, language, words, value);
        html_close(&page.html);
        if (code.len >= sizeof(typed) || !text_copy(code, typed, sizeof(typed)))
                typed[0] = 0;
        /* The one form that needs no panel yet: any address of one takes it. */
        page_form(&page, "/panel/new");
        page_hidden(&page, "do", TEXT_OF("bind"));
        page_field(&page, &(struct page_field){ .name = "code",
                                                .label = say(language, "panel.bind-code"),
                                                .type = "text",
                                                .autocomplete = "off",
                                                .value = typed,
                                                .hint = say(language, "panel.bind-code-hint") });
        page_button(&page, say(language, typed[0] ? "panel.bind" : "panel.bind-now"), NULL, NULL, true);
        html_close(&page.html);
        return page_answer(&page, status);
}

int panel_show_binding(struct panel_view *view, struct text code, int status)
{
        return ask_code(view, "panel.ask-bind", "panel.ask-bind-hint", "", code, status);
}

int panel_show_no_panel(struct panel_view *view)
{
        return ask_code(view, "panel.no-panel", "panel.no-panel-hint", "", TEXT_OF(""), 404);
}
