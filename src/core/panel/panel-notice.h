// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a printer's panels tell of a badge that opened nothing: it was held to a reader there just now.
 *
 * It stands on their screens for some minutes, until another one comes, or somebody signs out there. Who held
 * it is not known, and so nothing follows from it by itself: that a badge is somebody's he says by pressing a
 * button once he is signed in, and by holding it to the reader once more (core/person/enrolment.h).
 */

#include "core/person/badge.h"
#include "core/panel/panel.h"

#define PANEL_NOTICE_MS (2 * 60000)

enum panel_notice_kind {
        PANEL_NOTICE_NONE,
        PANEL_NOTICE_UNKNOWN, /* nobody has it */
        PANEL_NOTICE_NEW,     /* nobody has it, and its holder can make it his */
        PANEL_NOTICE_REFUSED, /* its holder may not print here */
};

struct panel_notice {
        enum panel_notice_kind kind;
        char tail[BADGE_TAIL]; /* of its number; empty where it is not said */
};

/* For all panels of the printer, which are woken. Faults only. */
int panel_notice_put(struct core *core, struct id tenant, struct id printer,
                     const struct panel_notice *notice);
/* PANEL_NOTICE_NONE where there is none any more. Faults only. */
int panel_notice_look(struct core *core, const struct panel_place *place, struct panel_notice *ret);
int panel_notice_clear(struct core *core, const struct panel_place *place);
