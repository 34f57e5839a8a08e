// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The documents that wait for whoever is signed in at a panel, or for somebody who let him act. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/delegate.h"
#include "core/job/inspection.h"
#include "core/job/job.h"
#include "core/panel/panel-notice.h"
#include "core/release/release.h"
#include "door/money.h"
#include "door/panel/panel.h"

#define ARENA_OCTETS (1024 * 1024)

struct list {
        struct id owner; /* zero: the actor himself */
        char email[CORE_EMAIL];
        struct job jobs[PANEL_JOBS_MAX + 1];
        size_t count;
        struct delegate owners[DELEGATES_MAX];
        size_t owner_count;
};

/* Whom he may act for is his to know; a panel's session is narrower than that. */
static struct actor himself(const struct panel_view *view)
{
        struct actor actor = view->request->actor;

        actor.scopes = 0;
        return actor;
}

/* Of a query or a form: whose documents. */
static int find_owner(struct panel_view *view, struct list *list)
{
        struct request *request = view->request;
        struct actor actor = himself(view);
        struct text email = { "", 0 };
        int r;

        if (request->form)
                email = form_value(request->form, "for");
        else
                (void)http_query(request->x, "for", &email);
        if (!email.len || !text_copy(email, list->email, sizeof(list->email)))
                return 0;
        r = delegate_find_owner(request->core, &actor, email, &list->owner);
        if (r)
                list->email[0] = 0;
        return r == CORE_NOT_FOUND || r == CORE_FORBIDDEN || r == CORE_BAD_VALUE ? 0 : r;
}

static int find(struct panel_view *view, struct list *list)
{
        static const enum job_state held[] = { JOB_HELD };
        struct request *request = view->request;
        struct job_filter filter = { .states = held, .state_count = 1, .newest_first = true };
        struct actor actor = himself(view);
        struct text after;
        int r;

        if (http_query(request->x, "after", &after))
                (void)id_parse(after, &filter.after);
        if (!id_is_zero(list->owner))
                filter.person = &list->owner;
        r = job_list(request->core, &request->actor, &filter, list->jobs, PANEL_JOBS_MAX + 1, &list->count);
        if (r == 0)
                r = delegate_list_owners(request->core, &actor, actor.id, (struct id){ { 0 } }, list->owners,
                                         DELEGATES_MAX, &list->owner_count);
        return r == CORE_FORBIDDEN ? 0 : r;
}

void panel_write_title(struct panel_view *view, const struct job *job)
{
        struct html *html = &view->page.html;
        char number[24];

        snprintf(number, sizeof(number), "%u", job->number);
        if (view->policy.hides_titles || !job->title[0])
                say_with(html, view->page.language, "panel.document", number);
        else
                html_element(html, "bdi", job->title);
}

static void write_facts(struct panel_view *view, const struct job *job)
{
        struct inspection inspection = { .state = INSPECTION_NONE };
        struct html *html = &view->page.html;
        char at[25];

        clock_format(job->created_ms, at);
        at[10] = ' ';
        html_open(html, "small");
        html_text(html, text_from_octets(at, 16));
        html_words(html, " UTC");
        if (job->cost.currency[0]) {
                char amount[MONEY_STRING];

                money_format(job->cost.amount, job->cost.currency, view->page.language, amount);
                html_words(html, " \xc2\xb7 ");
                say_with(html, view->page.language, "panel.cost", amount);
        }
        if (inspection_find(view->request->core, &view->request->actor, job->id, &inspection) == 0 &&
            inspection.facts.pages) {
                html_words(html, " \xc2\xb7 ");
                say_count(html, view->page.language, "panel.pages", inspection.facts.pages);
                if (inspection.facts.has_colour_pages && inspection.facts.colour_pages) {
                        html_words(html, " \xc2\xb7 ");
                        html_words(html, panel_say(view, "panel.colour-all"));
                }
        }
        html_close(html);
}

static void write_job(struct panel_view *view, const struct job *job)
{
        struct html *html = &view->page.html;
        char id[ID_STRING], name[ID_STRING + 8];
        const char *path;

        id_format(job->id, id);
        snprintf(name, sizeof(name), "job-%s", id);
        path = panel_path(view, "?job=%s", id);
        html_open(html, "tr");
        html_open(html, "td");
        html_attribute(html, "class", "pick");
        html_empty(html, "input");
        html_attribute(html, "type", "checkbox");
        html_attribute(html, "id", name);
        html_attribute(html, "name", name);
        html_attribute(html, "value", "1");
        html_close(html);
        html_open(html, "td");
        html_open(html, "label");
        html_attribute(html, "for", name);
        panel_write_title(view, job);
        html_close(html);
        write_facts(view, job);
        html_close(html);
        html_open(html, "td");
        html_attribute(html, "class", "open");
        if (path)
                panel_link(view, path, "panel.open", false);
        html_close(html);
        html_close(html);
}

/* For pressing a button twice: the same release. */
static void write_press(struct panel_view *view)
{
        char id[ID_STRING];

        id_format(id_new(), id);
        page_hidden(&view->page, "release", text_from(id));
}

static void write_jobs(struct panel_view *view, const struct list *list)
{
        struct html *html = &view->page.html;
        size_t shown = list->count < PANEL_JOBS_MAX ? list->count : PANEL_JOBS_MAX;

        panel_form(view, "chosen");
        write_press(view);
        if (list->email[0])
                page_hidden(&view->page, "for", text_from(list->email));
        html_open(html, "p");
        html_attribute(html, "class", "bar");
        panel_button(view, "panel.print-all", "press", "all", true);
        panel_button(view, "panel.print-chosen", "press", "print", false);
        panel_button(view, "panel.delete", "press", "delete", false);
        html_close(html);
        html_open(html, "table");
        html_attribute(html, "class", "jobs");
        for (size_t i = 0; i < shown; i++)
                write_job(view, &list->jobs[i]);
        html_close(html);
        html_close(html);
        if (list->count > PANEL_JOBS_MAX) {
                char id[ID_STRING];
                const char *path;

                id_format(list->jobs[PANEL_JOBS_MAX - 1].id, id);
                path = panel_path(view, "?after=%s", id);
                if (path)
                        panel_link(view, path, "panel.more", false);
        }
}

static void write_owner_link(struct panel_view *view, const char *email)
{
        SCOPED(buffer_done) struct buffer path = BUFFER(1024);
        struct html *html = &view->page.html;

        buffer_format(&path, "%s?for=", view->base);
        percent_format(text_from(email), &path);
        if (!buffer_string(&path))
                return;
        html_open(html, "a");
        html_attribute(html, "class", "button");
        html_path(html, "href", buffer_string(&path));
        say_with(html, view->page.language, "panel.of", email);
        html_close(html);
}

static void write_others(struct panel_view *view, const struct list *list)
{
        for (size_t i = 0; i < list->owner_count; i++)
                if (strcmp(list->owners[i].owner_email, list->email) != 0)
                        write_owner_link(view, list->owners[i].owner_email);
        if (list->email[0])
                panel_link(view, view->base, "panel.my-own", false);
}

/* A badge that nobody knows was held to the reader before somebody signed in: most likely by him. */
static int offer_card(struct panel_view *view, bool *ret_offered)
{
        struct html *html = &view->page.html;
        struct panel_notice notice = { .kind = PANEL_NOTICE_NONE };
        int r = panel_is_bound(view) ? panel_notice_look(view->request->core, &view->place, &notice) : 0;

        *ret_offered = r == 0 && notice.kind == PANEL_NOTICE_NEW;
        if (!*ret_offered)
                return r;
        panel_form(view, "card");
        html_open(html, "p");
        html_attribute(html, "class", "badge");
        say_with(html, view->page.language, "panel.badge-yours", notice.tail);
        html_words(html, " ");
        panel_button(view, "panel.badge-mine", NULL, NULL, false);
        html_close(html);
        html_close(html);
        return 0;
}

/* Whether the tenant lets people bind one, the button tells. */
static void write_card(struct panel_view *view)
{
        if (!view->printer.badges)
                return;
        panel_form(view, "card");
        panel_button(view, "panel.bind-card", NULL, NULL, false);
        html_close(&view->page.html);
}

static void write_count(struct panel_view *view, const struct list *list)
{
        struct html *html = &view->page.html;
        char most[16];

        html_open(html, "p");
        if (list->email[0]) {
                say_with(html, view->page.language, "panel.of", list->email);
                html_words(html, ": ");
        }
        snprintf(most, sizeof(most), "%d", PANEL_JOBS_MAX);
        if (!list->count)
                html_words(html, panel_say(view, "panel.nothing-held"));
        else if (list->count > PANEL_JOBS_MAX)
                say_with(html, view->page.language, "panel.held-more", most);
        else
                say_count(html, view->page.language, "panel.held", list->count);
        html_close(html);
}

int panel_show_jobs(struct panel_view *view, int status)
{
        SCOPED(freep) struct list *list = calloc(1, sizeof(*list));
        struct text deleted;
        uint64_t count;
        bool offered;
        int r = list ? find_owner(view, list) : fault(-ENOMEM);

        if (r == 0)
                r = find(view, list);
        if (r)
                return page_refuse(view->request, r);
        r = panel_begin(view, "panel.print", 0, NULL);
        if (r)
                return r;
        if (http_query(view->request->x, "deleted", &deleted) &&
            text_number(deleted, PANEL_JOBS_MAX, &count)) {
                html_open(&view->page.html, "p");
                html_attribute(&view->page.html, "role", "status");
                say_count(&view->page.html, view->page.language, "panel.deleted", count);
                html_close(&view->page.html);
        }
        r = offer_card(view, &offered);
        if (r) {
                page_done(&view->page);
                return r;
        }
        write_count(view, list);
        if (list->count)
                write_jobs(view, list);
        write_others(view, list);
        if (!offered)
                write_card(view);
        return panel_answer(view, status);
}

/* ---- deeds ---- */

/* The jobs whose boxes are ticked. */
static size_t read_chosen(const struct form *form, struct id ret[PANEL_JOBS_MAX])
{
        size_t count = 0;

        for (size_t i = 0; i < form->count && count < PANEL_JOBS_MAX; i++) {
                struct text name = form->fields[i].name;

                if (!text_starts_with(name, "job-"))
                        continue;
                name.at += 4;
                name.len -= 4;
                if (id_parse(name, &ret[count]))
                        count++;
        }
        return count;
}

static int go_on_without(struct panel_view *view, const char *alarm)
{
        view->alarm = alarm;
        return panel_show_jobs(view, 200);
}

int panel_release(struct panel_view *view, struct release_order *order)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct request *request = view->request;
        char id[ID_STRING], query[ID_STRING + 16];
        struct release made;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        order->printer = view->printer.id;
        r = release(request->core, &request->actor, order, arena, &made);
        if (r < 0)
                return r;
        if (r) {
                panel_note_refusal(view, r);
                return panel_show_jobs(view, 200);
        }
        id_format(made.id, id);
        snprintf(query, sizeof(query), "?release=%s", id);
        return panel_send_on(view, query);
}

int panel_take_print(struct panel_view *view, bool all)
{
        SCOPED(freep) struct list *list = calloc(1, sizeof(*list));
        const struct form *form = view->request->form;
        struct release_order order = { .method = RELEASE_API,
                                       .selection = all ? RELEASE_ALL : RELEASE_LISTED,
                                       .adapts = true };
        struct id jobs[PANEL_JOBS_MAX];
        int r = list ? find_owner(view, list) : fault(-ENOMEM);

        if (r)
                return page_refuse(view->request, r);
        (void)id_parse(form_value(form, "release"), &order.id);
        if (all) {
                order.owner = list->owner;
        } else {
                order.jobs = jobs;
                order.job_count = read_chosen(form, jobs);
                if (!order.job_count)
                        return go_on_without(view, "panel.nothing-chosen");
        }
        return panel_release(view, &order);
}

static int ask_delete(struct panel_view *view, const struct id *jobs, size_t count)
{
        struct html *html = &view->page.html;
        int r = panel_begin(view, "panel.delete-ask", 0, NULL);

        if (r)
                return r;
        panel_form(view, "chosen");
        html_open(html, "ul");
        for (size_t i = 0; i < count; i++) {
                char name[ID_STRING + 8] = "job-";
                struct job job;

                if (job_find(view->request->core, &view->request->actor, jobs[i], &job))
                        continue;
                id_format(jobs[i], name + 4);
                page_hidden(&view->page, name, TEXT_OF("1"));
                html_open(html, "li");
                panel_write_title(view, &job);
                html_close(html);
        }
        html_close(html);
        panel_button(view, "panel.delete-yes", "press", "sure", true);
        html_close(html);
        panel_link(view, view->base, "panel.delete-keep", false);
        return panel_answer(view, 200);
}

int panel_take_delete(struct panel_view *view, bool is_sure)
{
        struct id jobs[PANEL_JOBS_MAX];
        size_t count = read_chosen(view->request->form, jobs), deleted = 0;
        char query[32];

        if (!count)
                return go_on_without(view, "panel.nothing-chosen");
        if (!is_sure)
                return ask_delete(view, jobs, count);
        for (size_t i = 0; i < count; i++) {
                int r = job_delete(view->request->core, &view->request->actor, jobs[i]);

                if (r < 0)
                        return r;
                deleted += r == 0;
        }
        snprintf(query, sizeof(query), "?deleted=%zu", deleted);
        return panel_send_on(view, query);
}
