// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * /panel/PRINTER: what the browser in a printer, or on a tablet beside it, is shown. Plain pages
 * (door/page/page.h) of marks and styles that browsers of ten years ago know; our script only makes them
 * livelier.
 *
 *      idle --- PIN, code, phone, badge ---> documents ---> one of them, what becomes of it
 *        ^                                       |
 *        '--- sign out, leaving, five minutes ---'
 *
 *   1. Which panel it is tells a cookie of its own (core/panel/panel.h); a browser without one is a panel
 * only where the tenant lets any be one.
 *   2. Who is signed in tells another cookie, which no other page looks at, and which dies with the browser.
 *   3. A page that the browser loads by itself does not keep the session alive.
 *   4. Nothing of it is kept in any cache, and no field is remembered.
 */

#include "core/job/job.h"
#include "core/panel/panel.h"
#include "core/printer/printer.h"
#include "core/sign-in/session.h"
#include "core/tenant/tenant.h"
#include "door/page/page.h"

#define PANEL_COOKIE         "__Host-imprimatur-panel"
#define PANEL_SESSION_COOKIE "__Host-imprimatur-at-panel"
#define PANEL_JOBS_MAX       20 /* on a page: a form holds 32 fields */
#define PANEL_PATH           192

struct panel_view {
        struct request *request;
        struct page_writer page;
        struct panel_place place; /* panel zero: any browser */
        struct printer printer;
        struct panel_policy policy;
        char base[64];   /* "/panel/<the printer's id>" */
        int64_t left_ms; /* until whoever is signed in is not any more */
        struct page_look look;
        const char *alarm; /* words to be seen first; NULL: none */
        const char *alarm_value;
};

static inline bool panel_is_bound(const struct panel_view *view)
{
        return !id_is_zero(view->place.panel);
}

/* Which panel, and who is signed in there (request->actor); is_used: somebody pressed something, so that his
 * time begins anew. False after an answer. */
bool panel_find_view(struct panel_view *view, struct request *request, bool is_used, int *ret_r);
/* Begins a page with the printer's name above it; where somebody is signed in, with who it is and the way
 * out, and asks whether he is still there before his time is over. Nothing is left
 * over where it fails, and panel_answer() follows. title is a key of words. refresh_to NULL: as said. */
int panel_begin(struct panel_view *view, const char *title, uint32_t refresh_s, const char *refresh_to);
int panel_answer(struct panel_view *view, int status);
/* base with a query, in the arena. NULL: no memory. */
const char *panel_path(struct panel_view *view, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
int panel_send_on(struct panel_view *view, const char *query);
/* Words by key. */
const char *panel_say(const struct panel_view *view, const char *key);
/* A link that looks like a button. */
void panel_link(struct panel_view *view, const char *path, const char *key, bool is_main);
/* A form that does something: do is what. */
void panel_form(struct panel_view *view, const char *what);
void panel_button(struct panel_view *view, const char *key, const char *name, const char *value,
                  bool is_main);
void panel_write_alarm(struct panel_view *view);
/* Why core refused, as a key of words, and its value. */
void panel_note_refusal(struct panel_view *view, int refusal);

/* Nobody is signed in: door/panel/idle.c. */
int panel_show_idle(struct panel_view *view, int status);
int panel_show_binding(struct panel_view *view, struct text code, int status);
int panel_show_no_panel(struct panel_view *view);
int panel_take_sign_in(struct panel_view *view);
/* Somebody has shown who he is: a session in the cookie, and on to his documents. Core's refusals. */
int panel_open(struct panel_view *view, const struct actor *person, const char *method);
int panel_set_session(struct request *request, const char *secret);

/* Documents: door/panel/jobs.c. */
int panel_show_jobs(struct panel_view *view, int status);
int panel_take_print(struct panel_view *view, bool all);
int panel_take_delete(struct panel_view *view, bool is_sure);
/* One of them: door/panel/job.c. */
int panel_show_job(struct panel_view *view, struct text job);
int panel_take_print_one(struct panel_view *view);
/* How it shall be printed, door/panel/options.c: the form, and what was chosen in it; what was not stays as
 * the document came. False: that is no choice of ours. */
void panel_write_options(struct panel_view *view, const struct job *job);
bool panel_read_options(const struct panel_view *view, const struct job *job, struct ticket *ret);
/* What becomes of a release: door/panel/progress.c. */
int panel_show_progress(struct panel_view *view, struct text release);
int panel_take_again(struct panel_view *view);
int panel_take_settled(struct panel_view *view);
/* Releases for whoever is signed in, and sends him to what becomes of it; or notes why not, with the
 * documents. */
struct release_order;
int panel_release(struct panel_view *view, struct release_order *order);
/* What a job is called here. */
void panel_write_title(struct panel_view *view, const struct job *job);
/* The badge that nobody knew: door/panel/card.c. */
int panel_take_card(struct panel_view *view);
int panel_show_card(struct panel_view *view, struct text enrolment);
