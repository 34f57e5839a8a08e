// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A badge that nobody knows becomes that of whoever is signed in at the panel (core/person/enrolment.h). */

#include <stdio.h>

#include "core/person/enrolment.h"
#include "door/panel/panel.h"

#define LOOK_S 2

int panel_take_card(struct panel_view *view)
{
        struct request *request = view->request;
        struct enrolment enrolment;
        char id[ID_STRING], query[ID_STRING + 16];
        int r = enrolment_claim(request->core, &request->actor, view->printer.id, &enrolment);

        if (r < 0)
                return r;
        if (r) {
                panel_note_refusal(view, r);
                if (r == CORE_NOT_FOUND)
                        view->alarm = "panel.bind-card-first";
                else if (r == CORE_AMBIGUOUS)
                        view->alarm = "panel.bind-card-unclear";
                return panel_show_jobs(view, 200);
        }
        id_format(enrolment.id, id);
        snprintf(query, sizeof(query), "?card=%s", id);
        return panel_send_on(view, query);
}

int panel_show_card(struct panel_view *view, struct text name)
{
        struct request *request = view->request;
        struct html *html = &view->page.html;
        struct enrolment enrolment;
        char string[ID_STRING];
        struct id id;
        bool waits;
        int r = id_parse(name, &id) ? enrolment_find(request->core, &request->actor, id, &enrolment)
                                    : CORE_NOT_FOUND;

        if (r < 0)
                return r;
        if (r)
                return panel_show_jobs(view, 200);
        id_format(id, string);
        waits = enrolment.state == ENROLMENT_CLAIMED;
        r = panel_begin(view, "panel.bind-card", LOOK_S,
                        waits ? panel_path(view, "?auto=1&card=%s", string) : NULL);
        if (r)
                return r;
        html_open(html, "p");
        html_attribute(html, "role", "status");
        if (waits)
                say_with(html, view->page.language, "panel.bind-card-again", enrolment.tail);
        else
                html_words(html,
                           panel_say(view, enrolment.state == ENROLMENT_BOUND ? "panel.bind-card-bound"
                                                                              : "panel.bind-card-over"));
        html_close(html);
        panel_link(view, view->base, "panel.back", !waits);
        return panel_answer(view, 200);
}
