// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What becomes of a release, at a panel: until each document is out, or it is not known and is asked. */

#include <errno.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/job.h"
#include "core/release/release.h"
#include "door/panel/panel.h"

#define ARENA_OCTETS (1024 * 1024)
#define LOOK_S       3
#define SHOWN_MAX    50 /* more would not fit on a page */

static bool is_open(const struct release *release)
{
        for (size_t i = 0; i < release->item_count; i++)
                if (delivery_is_open(release->items[i].state))
                        return true;
        return false;
}

static const char *words_of(enum delivery_state state)
{
        switch (state) {
        case DELIVERY_PRINTED: return "panel.told-printed";
        case DELIVERY_SENT: return "panel.told-sent";
        case DELIVERY_NOT_PRINTED: return "panel.told-not-printed";
        case DELIVERY_CANCELLED:
        case DELIVERY_CLOSED: return "panel.told-cancelled";
        case DELIVERY_UNCERTAIN: return "panel.not-known";
        default: return "panel.told-on-its-way";
        }
}

/* The two answers of whoever stands before it. */
static void ask(struct panel_view *view, struct id job)
{
        static const struct {
                const char *what, *key;
        } answers[] = { { "settled", "panel.not-known-yes" }, { "again", "panel.not-known-no" } };
        char id[ID_STRING], release[ID_STRING];

        for (size_t i = 0; i < ARRAY_LENGTH(answers); i++) {
                panel_form(view, answers[i].what);
                id_format(job, id);
                page_hidden(&view->page, "job", text_from(id));
                id_format(id_new(), release);
                page_hidden(&view->page, "release", text_from(release));
                panel_button(view, answers[i].key, NULL, NULL, false);
                html_close(&view->page.html);
        }
}

static void write_item(struct panel_view *view, const struct release_item *item)
{
        struct html *html = &view->page.html;
        struct job job;

        if (job_find(view->request->core, &view->request->actor, item->job, &job))
                job = (struct job){ .id = item->job };
        html_open(html, "tr");
        html_open(html, "td");
        html_open(html, "div");
        if (job.number)
                panel_write_title(view, &job);
        html_close(html);
        html_close(html);
        html_open(html, "td");
        html_attribute(html, "class", delivery_state_name(item->state));
        html_words(html, panel_say(view, words_of(item->state)));
        if (item->state == DELIVERY_UNCERTAIN && job.number && id_equal(job.delivery, item->delivery))
                ask(view, item->job);
        html_close(html);
        html_close(html);
}

static int write_release(struct panel_view *view, const struct release *release, const char *name)
{
        struct html *html = &view->page.html;
        bool goes_on = is_open(release);
        int r = panel_begin(view, goes_on ? "panel.printing" : "panel.progress", LOOK_S,
                            goes_on ? panel_path(view, "?auto=1&release=%s", name) : NULL);

        if (r)
                return r;
        html_open(html, "div");
        html_attribute(html, "role", "status");
        html_open(html, "table");
        html_attribute(html, "class", "jobs");
        for (size_t i = 0; i < release->item_count && i < SHOWN_MAX; i++)
                write_item(view, &release->items[i]);
        html_close(html);
        html_close(html);
        if (!goes_on)
                page_paragraph(&view->page, panel_say(view, "panel.sign-out-first"));
        panel_form(view, "sign-out");
        panel_button(view, "panel.sign-out", NULL, NULL, !goes_on);
        html_close(html);
        panel_link(view, view->base, "panel.back", false);
        return panel_answer(view, 200);
}

int panel_show_progress(struct panel_view *view, struct text name)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct request *request = view->request;
        struct release found;
        char string[ID_STRING];
        struct id id;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        r = id_parse(name, &id) ? release_find(request->core, &request->actor, id, arena, &found)
                                : CORE_NOT_FOUND;
        if (r < 0)
                return r;
        if (r)
                return panel_show_jobs(view, 200);
        id_format(id, string);
        return write_release(view, &found, string);
}

/* ---- what was answered ---- */

int panel_take_again(struct panel_view *view)
{
        const struct form *form = view->request->form;
        struct release_order order = { .method = RELEASE_API,
                                       .selection = RELEASE_LISTED,
                                       .job_count = 1,
                                       .again = true,
                                       .adapts = true };
        struct id job;

        if (!id_parse(form_value(form, "job"), &job))
                return panel_send_on(view, "");
        (void)id_parse(form_value(form, "release"), &order.id);
        order.jobs = &job;
        return panel_release(view, &order);
}

int panel_take_settled(struct panel_view *view)
{
        struct request *request = view->request;
        struct id job;
        int r = id_parse(form_value(request->form, "job"), &job)
                        ? job_settle(request->core, &request->actor, job)
                        : CORE_NOT_FOUND;

        return r < 0 ? r : panel_send_on(view, "");
}
