// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* /device: somebody types the code that a device shows, sees what it asks for, and says yes or no. */

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/grant.h"
#include "core/panel/panel-code.h"
#include "core/printer/printer.h"
#include "door/api/api.h"
#include "door/page/page.h"
#include "door/words.h"

static int ask_code(struct request *request, int status, const char *alarm)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "device.title");

        if (r)
                return r;
        if (alarm)
                page_alarm(&page, alarm);
        page_form(&page, "/device");
        page_field(&page, &(struct page_field){ .name = "user_code",
                                                .label = "page.code",
                                                .type = "text",
                                                .autocomplete = "off",
                                                .hint = "device.code-hint",
                                                .is_code = true,
                                                .is_first = true });
        page_button(&page, "page.go-on", NULL, NULL, true);
        html_close(&page.html);
        return page_answer(&page, status);
}

static void write_row(struct page_writer *page, const char *name, const char *value)
{
        html_element(&page->html, "dt", say(page->language, name));
        html_element(&page->html, "dd", value);
}

static void write_age(struct page_writer *page, int64_t created_ms)
{
        int64_t minutes = (clock_unix_ms() - created_ms) / 60000;

        html_element(&page->html, "dt", say(page->language, "device.asked"));
        html_open(&page->html, "dd");
        if (minutes < 1)
                html_words(&page->html, say(page->language, "device.just-now"));
        else
                say_count(&page->html, page->language, "device.minutes-ago", (uint64_t)minutes);
        html_close(&page->html);
}

static int ask_decision(struct request *request, const char *code, const struct device_request *device)
{
        SCOPED(page_done) struct page_writer page;
        int r = page_begin(&page, request, "device.ask");

        if (r)
                return r;
        page_paragraph(&page, "device.only-if");
        html_open(&page.html, "p");
        html_attribute(&page.html, "class", "shown");
        html_words(&page.html, code);
        html_close(&page.html);
        html_open(&page.html, "dl");
        write_row(&page, "device.who", device->client.title);
        if (device->label[0])
                write_row(&page, "device.calls-itself", device->label);
        write_row(&page, "device.from", device->source);
        write_age(&page, device->created_ms);
        html_close(&page.html);
        page_scopes(&page, device->scopes);
        page_form(&page, "/device");
        page_hidden(&page, "user_code", text_from(code));
        page_button(&page, "device.let-in", "decision", "allow", true);
        page_button(&page, "page.no", "decision", "deny", false);
        html_close(&page.html);
        return page_answer(&page, 200);
}

static int refuse(struct request *request, int r)
{
        switch (r) {
        case CORE_NOT_FOUND: return ask_code(request, 404, "device.none-waits");
        case CORE_LOCKED: return page_complain(request, 429, "page.too-many-codes", "page.wait-an-hour");
        case CORE_FORBIDDEN: return page_complain(request, 403, "device.not-yours", "device.cannot");
        }
        return page_refuse(request, r);
}

/* ---- the code of a printer's panel ---- */

static int refuse_guest(struct request *request, int r)
{
        SCOPED(page_done) struct page_writer page;
        const char *words = r == CORE_CODE_OLD ? "panel.code-old"
                            : r == CORE_BUSY   ? "panel.guest-in-use"
                                               : NULL;

        if (!words)
                return refuse(request, r);
        r = page_begin(&page, request, "panel.guest-asked");
        if (r)
                return r;
        page_alarm(&page, say(page.language, words));
        return page_answer(&page, 403);
}

static int ask_guest(struct request *request, struct text code, const struct printer *printer)
{
        SCOPED(page_done) struct page_writer page;
        char id[ID_STRING];
        const char *path;
        int r = page_begin(&page, request, "panel.guest-asked");

        if (r)
                return r;
        html_open(&page.html, "p");
        html_attribute(&page.html, "class", "shown");
        html_element(&page.html, "bdi", printer->title[0] ? printer->title : printer->name);
        html_close(&page.html);
        if (printer->location[0])
                page_paragraph(&page, printer->location);
        page_paragraph(&page, say(page.language, "panel.guest-warning"));
        page_form(&page, "/device");
        page_hidden(&page, "user_code", code);
        page_button(&page, say(page.language, "panel.guest-yes"), "decision", "allow", true);
        html_close(&page.html);
        id_format(printer->id, id);
        path = arena_format(request->x->arena, "/printers/%s?code=%.*s", id, TEXT_ARGS(code));
        if (path) {
                html_open(&page.html, "a");
                html_attribute(&page.html, "class", "button");
                html_path(&page.html, "href", path);
                html_words(&page.html, say(page.language, "panel.guest-here"));
                html_close(&page.html);
        }
        return page_answer(&page, 200);
}

static int show_guest(struct request *request, struct text code)
{
        struct panel_place place;
        struct printer printer;
        int r = panel_code_look(request->core, &request->actor, code, &place);

        if (r == 0)
                r = printer_find(request->core, place.tenant, place.printer, &printer);
        if (r)
                return r < 0 ? r : refuse_guest(request, r);
        return ask_guest(request, code, &printer);
}

static int let_guest_in(struct request *request, struct text code)
{
        SCOPED(page_done) struct page_writer page;
        struct panel_place place;
        int r = panel_invite(request->core, &request->actor, code, &place);

        if (r)
                return r < 0 ? r : refuse_guest(request, r);
        r = page_begin(&page, request, "panel.guest-come");
        if (r)
                return r;
        page_paragraph(&page, say(page.language, "panel.guest-come-hint"));
        return page_answer(&page, 200);
}

/* ---- a device's ---- */

static int show(struct request *request, struct text typed)
{
        struct device_request device;
        char code[DEVICE_USER_CODE], spaced[DEVICE_USER_CODE];
        bool is_panel;
        int r = panel_code_is_known(request->core, &request->actor, typed, &is_panel);

        if (r)
                return r;
        if (is_panel)
                return show_guest(request, typed);
        r = device_look(request->core, &request->actor, typed, &device);
        if (r)
                return r < 0 ? r : refuse(request, r);
        device_user_code_fold(typed, code);
        snprintf(spaced, sizeof(spaced), "%.4s-%.4s", code, code + 4);
        return ask_decision(request, spaced, &device);
}

int device_page_answer(struct request *request)
{
        char *path = arena_format(request->x->arena, "/device%s%.*s", request->x->query.len ? "?" : "",
                                  TEXT_ARGS(request->x->query));
        struct text code;
        int r;

        if (!path)
                return page_complain(request, 414, "page.too-long", "page.too-long-why");
        r = page_sign_in(request, NULL);
        if (r)
                return r;
        if (request->actor.kind != ACTOR_PERSON)
                return page_ask_sign_in(request, text_from(path));
        if (http_query(request->x, "user_code", &code) && code.len)
                return show(request, code);
        return ask_code(request, 200, NULL);
}

static int decide(struct request *request, struct text code, bool is_yes)
{
        SCOPED(page_done) struct page_writer page;
        bool is_panel;
        int r = panel_code_is_known(request->core, &request->actor, code, &is_panel);

        if (r)
                return r;
        if (is_panel && is_yes)
                return let_guest_in(request, code);
        r = device_decide(request->core, &request->actor, code, is_yes);
        if (r)
                return r < 0 ? r : refuse(request, r);
        r = page_begin(&page, request, is_yes ? "device.is-in" : "device.is-out");
        if (r)
                return r;
        page_paragraph(&page, is_yes ? "device.goes-on" : "device.was-told");
        return page_answer(&page, 200);
}

int device_form_answer(struct request *request)
{
        struct text code, decision;
        int r = page_sign_in(request, NULL);

        if (r)
                return r;
        if (request->actor.kind != ACTOR_PERSON)
                return page_ask_sign_in(request, TEXT_OF("/device"));
        if (!page_has_token(request, &r))
                return r;
        code = form_value(request->form, "user_code");
        decision = form_value(request->form, "decision");
        if (!decision.len)
                return show(request, code);
        if (!text_equal_string(decision, "allow") && !text_equal_string(decision, "deny"))
                return page_complain(request, 400, "device.no-answer", "device.yes-or-no");
        return decide(request, code, text_equal_string(decision, "allow"));
}
