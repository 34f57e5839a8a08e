// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/panel/panel.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/panel/panel-code.h"
#include "core/panel/panel-notice.h"
#include "core/printer/printer-state.h"
#include "door/agent/channel.h"
#include "door/api/api.h"
#include "door/app.h"
#include "door/cookie.h"

#define WARN_MS 60000 /* before the time is over */

const char *panel_say(const struct panel_view *view, const char *key)
{
        return say(page_language(view->request), key);
}

const char *panel_path(struct panel_view *view, const char *format, ...)
{
        char query[PANEL_PATH];
        va_list args;

        va_start(args, format);
        vsnprintf(query, sizeof(query), format, args);
        va_end(args);
        return arena_format(view->request->x->arena, "%s%s", view->base, query);
}

int panel_send_on(struct panel_view *view, const char *query)
{
        const char *path = panel_path(view, "%s", query);

        return path ? page_send_on(view->request, path) : fault(-ENOMEM);
}

/* ---- the frame ---- */

static const char *title_of(const struct printer *printer)
{
        return printer->title[0] ? printer->title : printer->name;
}

static void write_whose(struct panel_view *view)
{
        struct html *html = &view->page.html;

        html_open(html, "div");
        html_attribute(html, "class", "whose");
        html_element(html, "bdi", view->request->actor.name);
        html_words(html, " ");
        panel_form(view, "sign-out");
        panel_button(view, "panel.sign-out", NULL, NULL, false);
        html_close(html);
        html_close(html);
}

static void write_header(struct panel_view *view)
{
        struct printer_state state = { 0 };
        struct html *html = &view->page.html;
        char key[64];

        html_open(html, "div");
        html_attribute(html, "class", "head");
        if (view->request->actor.kind == ACTOR_PERSON)
                write_whose(view);
        else
                page_write_languages(&view->page);
        html_open(html, "div");
        html_attribute(html, "class", "name");
        html_element(html, "bdi", title_of(&view->printer));
        if (printer_state_find(view->request->core, view->place.tenant, view->printer.id, &state) == 0) {
                snprintf(key, sizeof(key), "panel.state-%s", printer_condition_name(state.condition));
                html_open(html, "small");
                html_attribute(html, "class", printer_condition_name(state.condition));
                html_words(html, panel_say(view, key));
                html_close(html);
        }
        html_close(html);
        html_close(html);
}

void panel_write_alarm(struct panel_view *view)
{
        struct html *html = &view->page.html;

        if (!view->alarm)
                return;
        html_open(html, "p");
        html_attribute(html, "class", "alarm");
        html_attribute(html, "role", "alert");
        say_with(html, view->page.language, view->alarm, view->alarm_value ? view->alarm_value : "");
        html_close(html);
}

/* What the script needs to know: when the session is over, and what to tell the service when the page is
 * left. */
static void write_script(struct panel_view *view)
{
        struct html *html = &view->page.html;
        char left[24];

        html_open(html, "script");
        html_path(html, "src", app_path_of("panel.js"));
        html_flag(html, "defer");
        html_attribute(html, "data-base", view->base);
        if (view->look.refresh_to) {
                snprintf(left, sizeof(left), "%u", view->look.refresh_s);
                html_attribute(html, "data-refresh", left);
                html_path(html, "data-refresh-to", view->look.refresh_to);
        }
        if (view->request->actor.kind == ACTOR_PERSON) {
                snprintf(left, sizeof(left), "%d", (int)(view->left_ms / 1000));
                html_attribute(html, "data-left", left);
                html_attribute(html, "data-left-words", panel_say(view, "panel.left"));
        } else if (panel_is_bound(view)) {
                html_flag(html, "data-waits");
        }
        html_close(html);
        view->page.has_script = true;
}

int panel_begin(struct panel_view *view, const char *title, uint32_t refresh_s, const char *refresh_to)
{
        struct page_look look = { panel_say(view, title), refresh_s, refresh_to };
        struct html *html = &view->page.html;
        int64_t quiet_ms = view->left_ms - WARN_MS;
        int r;

        if (!refresh_to && view->request->actor.kind == ACTOR_PERSON) {
                look.refresh_s = quiet_ms > 0 ? (uint32_t)(quiet_ms / 1000) : 0;
                look.refresh_to = panel_path(view, "?still=1");
        }
        view->look = look;
        r = page_begin_panel(&view->page, view->request, &look);
        if (r) {
                page_done(&view->page);
                return r;
        }
        write_header(view);
        html_open(html, "div");
        html_attribute(html, "class", "main");
        html_attribute(html, "role", "main");
        html_element(html, "h1", look.title);
        panel_write_alarm(view);
        return 0;
}

int panel_answer(struct panel_view *view, int status)
{
        int r;

        write_script(view);
        r = page_answer(&view->page, status);
        page_done(&view->page);
        return r;
}

void panel_form(struct panel_view *view, const char *what)
{
        page_form(&view->page, view->base);
        page_hidden(&view->page, "do", text_from(what));
}

void panel_button(struct panel_view *view, const char *key, const char *name, const char *value, bool is_main)
{
        page_button(&view->page, panel_say(view, key), name, value, is_main);
}

void panel_link(struct panel_view *view, const char *path, const char *key, bool is_main)
{
        struct html *html = &view->page.html;

        html_open(html, "a");
        html_attribute(html, "class", is_main ? "button main" : "button");
        html_path(html, "href", path);
        html_words(html, panel_say(view, key));
        html_close(html);
}

void panel_note_refusal(struct panel_view *view, int refusal)
{
        static const struct {
                int refusal;
                const char *key;
        } rows[] = {
                { CORE_BUSY, "panel.refused-busy" },
                { CORE_BAD_FORMAT, "panel.refused-format" },
                { CORE_FORBIDDEN, "panel.refused-forbidden" },
                { CORE_NOT_FOUND, "panel.refused-gone" },
                { CORE_NOT_HELD, "panel.refused-gone" },
                { CORE_NOTHING_HELD, "panel.nothing-held" },
                { CORE_NOT_ACCEPTING, "panel.refused-off" },
                { CORE_OTHER_PRINTER, "panel.refused-other-printer" },
                { CORE_UNSUPPORTED, "panel.refused-unsupported" },
                { CORE_WRONG_CREDENTIALS, "panel.wrong" },
                { CORE_LOCKED, "panel.wrong-locked" },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                if (rows[i].refusal == refusal) {
                        view->alarm = rows[i].key;
                        return;
                }
        view->alarm = "panel.refused-needs";
        view->alarm_value = page_problem_title(page_language(view->request), problem_of_refusal(refusal));
}

/* ---- which panel, and who ---- */

/* By its cookie. CORE_NOT_FOUND. */
static int find_bound(struct panel_view *view)
{
        struct text secret;
        int r = CORE_WRONG_CREDENTIALS;

        if (cookie_find(http_header(view->request->x, "Cookie"), PANEL_COOKIE, &secret))
                r = panel_recognise(view->request->core, secret, &view->place);
        return r == CORE_WRONG_CREDENTIALS ? CORE_NOT_FOUND : r;
}

/* By an id, or a name and the company's code. */
static int find_unbound(struct panel_view *view)
{
        struct request *request = view->request;
        struct text name = request->arguments[0], company;
        struct tenant tenant;
        struct id printer;
        int r = 0;

        if (!id_parse(name, &printer)) {
                if (!http_query(request->x, "company", &company) || !company.len)
                        return CORE_NOT_FOUND;
                r = tenant_find_for(request->core, TEXT_OF(""), company, text_from(request->x->peer),
                                    &tenant);
                if (r == 0)
                        r = printer_find_by_name(request->core, tenant.id, name, &view->printer);
                printer = view->printer.id;
        }
        return r ? r : panel_place_unbound(request->core, printer, &view->place);
}

/* CORE_NOT_FOUND: this is nobody's panel. */
static int find_place(struct panel_view *view, struct request *request)
{
        int r;

        *view = (struct panel_view){ .request = request };
        actor_came(&request->actor, VIA_PANEL, text_from(request->x->peer));
        r = find_bound(view);
        if (r == CORE_NOT_FOUND)
                r = find_unbound(view);
        if (r == 0)
                r = panel_policy_look(request->core, view->place.tenant, &view->policy);
        if (r == 0)
                r = printer_find(request->core, view->place.tenant, view->place.printer, &view->printer);
        if (r == 0) {
                snprintf(view->base, sizeof(view->base), "/panel/");
                id_format(view->printer.id, view->base + strlen(view->base));
        }
        return r;
}

int panel_set_session(struct request *request, const char *secret)
{
        char cookie[160];
        int r;

        snprintf(cookie, sizeof(cookie), PANEL_SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax%s",
                 secret, secret[0] ? "" : "; Max-Age=0");
        r = http_add_header(request->x, "Set-Cookie", cookie);
        explicit_bzero(cookie, sizeof(cookie));
        return r;
}

/* Whoever is signed in there, if somebody is; is_used: somebody pressed something. */
static int find_person(struct panel_view *view, bool is_used)
{
        struct request *request = view->request;
        struct text secret, source = text_from(request->x->peer);
        struct actor actor = { .kind = ACTOR_NOBODY };
        int r;

        if (!cookie_find(http_header(request->x, "Cookie"), PANEL_SESSION_COOKIE, &secret))
                return 0;
        r = session_glance(request->core, secret, source, &actor, &view->left_ms);
        if (r == 0 && is_used)
                r = authenticate_session(request->core, secret, source, &actor);
        if (r == 0 && (actor.via != VIA_PANEL || !id_equal(actor.tenant, view->place.tenant)))
                r = CORE_WRONG_CREDENTIALS;
        if (r == 0)
                r = tenant_admits(request->core, actor.tenant, ACCESS_GO_ON, source);
        if (r)
                return r < 0 ? r : panel_set_session(request, "");
        if (is_used)
                view->left_ms = core_settings(request->core)->session_panel_idle_ms;
        request->actor = actor;
        return 0;
}

/* ---- what is asked for ---- */

/* Somebody whom the panel does not see: he came by phone or badge, or the device knows him. */
static int take_guest(struct panel_view *view, struct text token)
{
        char method[PANEL_GUEST_WAY];
        struct actor person;
        int r = panel_is_bound(view)
                        ? panel_take_guest(view->request->core, &view->place, token, &person, method)
                        : CORE_NOTHING_HELD;

        return r ? r : panel_open(view, &person, method);
}

static int show_nobodys(struct panel_view *view)
{
        struct text token = { "", 0 };
        int r;

        (void)http_query(view->request->x, "guest", &token);
        r = take_guest(view, token);
        if (r == CORE_NOTHING_HELD)
                return panel_show_idle(view, 200);
        if (r <= 0)
                return r;
        panel_note_refusal(view, r);
        return panel_show_idle(view, 403);
}

static int ask_still_there(struct panel_view *view)
{
        struct page_writer *page = &view->page;
        char seconds[24];
        int r = panel_begin(view, "panel.still-there", (uint32_t)(view->left_ms / 1000) + 1,
                            panel_path(view, "?still=1"));

        if (r)
                return r;
        snprintf(seconds, sizeof(seconds), "%d", (int)(view->left_ms / 1000));
        html_open(&page->html, "p");
        html_attribute(&page->html, "class", "countdown");
        say_with(&page->html, page->language, "panel.left", seconds);
        html_close(&page->html);
        panel_link(view, view->base, "panel.still-there-yes", true);
        return panel_answer(view, 200);
}

static int show_his(struct panel_view *view)
{
        const struct http_exchange *x = view->request->x;
        struct text value;

        if (http_query(x, "job", &value))
                return panel_show_job(view, value);
        if (http_query(x, "release", &value))
                return panel_show_progress(view, value);
        if (http_query(x, "card", &value))
                return panel_show_card(view, value);
        return panel_show_jobs(view, 200);
}

/* False after an answer. */
bool panel_find_view(struct panel_view *view, struct request *request, bool is_used, int *ret_r)
{
        int r = find_place(view, request);

        if (r == 0)
                r = find_person(view, is_used);
        if (r == 0)
                return true;
        *ret_r = r == CORE_NOT_FOUND ? panel_show_no_panel(view) : page_refuse(request, r);
        return false;
}

int panel_page_answer(struct request *request)
{
        struct panel_view view;
        struct text code, word;
        bool is_quiet = http_query(request->x, "still", &word) || http_query(request->x, "auto", &word);
        int r;

        if (http_query(request->x, "code", &code)) {
                view = (struct panel_view){ .request = request };
                return panel_show_binding(&view, code, 200);
        }
        if (!panel_find_view(&view, request, !is_quiet, &r))
                return r;
        if (request->actor.kind != ACTOR_PERSON)
                return show_nobodys(&view);
        if (http_query(request->x, "still", &word))
                return ask_still_there(&view);
        return show_his(&view);
}

static int sign_out(struct panel_view *view)
{
        struct request *request = view->request;
        int r = session_end(request->core, &request->actor, request->actor.session);

        if (r < 0)
                return r;
        r = panel_is_bound(view) ? panel_notice_clear(request->core, &view->place) : 0;
        if (r == 0)
                r = panel_set_session(request, "");
        if (r == 0)
                r = page_forget_language(request);
        return r ? r : panel_send_on(view, "");
}

/* ---- becoming one ---- */

static int bind(struct request *request)
{
        struct panel_view view = { .request = request };
        char secret[CREDENTIAL_STRING], cookie[200], id[ID_STRING];
        struct panel_place place;
        int r;

        actor_came(&request->actor, VIA_PANEL, text_from(request->x->peer));
        if (!page_has_token(request, &r))
                return r;
        r = panel_bind(request->core, text_trim(form_value(request->form, "code")),
                       text_from(request->x->peer), &place, secret);
        if (r > 0) {
                view.alarm = r == CORE_LOCKED ? "panel.wrong-locked" : "panel.bind-wrong";
                return panel_show_binding(&view, (struct text)TEXT(""), r == CORE_LOCKED ? 429 : 403);
        }
        if (r)
                return r;
        snprintf(cookie, sizeof(cookie),
                 PANEL_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000", secret);
        r = http_add_header(request->x, "Set-Cookie", cookie);
        explicit_bzero(cookie, sizeof(cookie));
        explicit_bzero(secret, sizeof(secret));
        snprintf(view.base, sizeof(view.base), "/panel/");
        id_format(place.printer, id);
        memcpy(view.base + 7, id, ID_STRING);
        return r ? r : panel_send_on(&view, "");
}

/* A page that was too old: nothing was done, and it is shown once more. */
static int refuse_old(struct panel_view *view)
{
        view->alarm = http_header(view->request->x, "Cookie").len ? "panel.refused-old-form"
                                                                  : "panel.refused-no-cookies";
        return view->request->actor.kind == ACTOR_PERSON ? panel_show_jobs(view, 403)
                                                         : panel_show_idle(view, 403);
}

int panel_form_answer(struct request *request)
{
        static const struct {
                const char *what;
                int (*act)(struct panel_view *view);
        } deeds[] = {
                { "sign-out", sign_out },
                { "leave", sign_out },
                { "print-one", panel_take_print_one },
                { "again", panel_take_again },
                { "settled", panel_take_settled },
                { "card", panel_take_card },
        };
        struct panel_view view;
        struct text what = request->form ? form_value(request->form, "do") : (struct text){ "", 0 };
        int r;

        if (text_equal_string(what, "bind"))
                return bind(request);
        if (!panel_find_view(&view, request, true, &r))
                return r;
        if (!page_token_is_good(request))
                return refuse_old(&view);
        if (request->actor.kind != ACTOR_PERSON)
                return text_equal_string(what, "sign-in") ? panel_take_sign_in(&view)
                                                          : panel_show_idle(&view, 200);
        for (size_t i = 0; i < ARRAY_LENGTH(deeds); i++)
                if (text_equal_string(what, deeds[i].what))
                        return deeds[i].act(&view);
        if (text_equal_string(what, "chosen")) {
                struct text press = form_value(request->form, "press");

                if (text_equal_string(press, "all") || text_equal_string(press, "print"))
                        return panel_take_print(&view, text_equal_string(press, "all"));
                return panel_take_delete(&view, text_equal_string(press, "sure"));
        }
        return panel_send_on(&view, "");
}

/* The idle screen's stream: it is told when a guest has come. */
int panel_events_answer(struct request *request)
{
        static const char *const none[] = { NULL };
        struct panel_view view;
        int r = find_place(&view, request);

        if (r == 0 && !panel_is_bound(&view))
                r = CORE_NOT_FOUND;
        if (r)
                return request_refuse(request, r);
        return agent_channel_open(request->door->panels, request->x, view.place.tenant, view.place.panel,
                                  none);
}
