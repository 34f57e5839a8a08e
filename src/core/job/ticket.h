// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The ticket: how a job should be printed. Intent, not printer commands: IPP's job template attributes by
 * IPP's keywords, chosen last at the printer and rendered for the printer it meets. Empty and 0 mean: as the
 * printer does.
 */

#include <stddef.h>

#include "core/core.h"

#define TICKET_KEYWORD    64
#define TICKET_FINISHINGS 8
#define TICKET_ALL_PAGES  "all" /* of page-ranges, where others were asked for before */

struct ticket {
        uint32_t copies;            /* 1 to 999; 0 is 1 */
        char sides[TICKET_KEYWORD]; /* one-sided, two-sided-long-edge, two-sided-short-edge */
        char media[TICKET_KEYWORD]; /* a PWG 5101.1 size name, such as iso_a4_210x297mm */
        char media_source[TICKET_KEYWORD];
        char media_type[TICKET_KEYWORD];
        char print_color_mode[TICKET_KEYWORD]; /* auto, color, monochrome */
        char output_bin[TICKET_KEYWORD];
        char multiple_document_handling[TICKET_KEYWORD];
        uint32_t print_quality;                 /* 3 draft, 4 normal, 5 high; 0 unset */
        uint32_t orientation_requested;         /* 3 to 7; 0 unset */
        uint32_t resolution_dpi;                /* 0 unset */
        uint32_t number_up;                     /* 1, 2, 4, 6, 9 or 16; 0 unset */
        uint32_t finishings[TICKET_FINISHINGS]; /* IPP enums: 3 none, alone; 4 staple, … 0: the end */
        char page_ranges[128];                  /* "1-3,7-7", "all" */
        char print_scaling[TICKET_KEYWORD];     /* auto, auto-fit, fill, fit, none */
        char presentation_direction_number_up[TICKET_KEYWORD]; /* toright-tobottom, … */
        char imposition_template[TICKET_KEYWORD];              /* none, signature: a booklet */
        char job_sheets[TICKET_KEYWORD];                       /* none: there are no banner pages */
        uint32_t hold; /* 1: a direct queue's job waits for Release-Job (job-hold-until) */
};

enum ticket_kind {
        TICKET_NUMBER,  /* an uint32_t */
        TICKET_NUMBERS, /* TICKET_FINISHINGS of them */
        TICKET_WORD,
};

/* One row for each member, in this one table: how IPP calls it, where it lies, and what it may be. */
struct ticket_member {
        const char *name;
        enum ticket_kind kind;
        bool is_ours; /* no option of printing: kept, and told to nobody */
        size_t offset;
        size_t size; /* of a word */
        uint32_t least, most;
        const char *const *words; /* these alone, NULL at the end; NULL: any keyword */
};
extern const struct ticket_member ticket_members[];
extern const size_t ticket_member_count;
/* NULL: none is called so. */
const struct ticket_member *ticket_member_find(struct text name);

bool ticket_has(const struct ticket *ticket, const struct ticket_member *member);
/* Its value as in the database's form: "2", "4,20", "two-sided-long-edge"; empty where it is not set. */
#define TICKET_VALUE 128
void ticket_value(const struct ticket *ticket, const struct ticket_member *member, char ret[TICKET_VALUE]);
void ticket_unset(struct ticket *ticket, const struct ticket_member *member);
/* CORE_BAD_VALUE. */
int ticket_set(struct ticket *ticket, const struct ticket_member *member, struct text value);

/*
 * What is set in over takes the place of what is in ticket. A booklet and several pages on a side exclude
 * each other: whichever over asks for stays.
 */
void ticket_overlay(struct ticket *ticket, const struct ticket *over);

/* The database's form: "copies=2;sides=two-sided-long-edge", only what is set. size TICKET_TEXT is
 * always enough. */
#define TICKET_TEXT 1536
void ticket_format(const struct ticket *ticket, char *ret, size_t size);
/* CORE_BAD_VALUE: unknown names or values out of range. */
int ticket_parse(struct text text, struct ticket *ret);
/* Whether every value is one that ticket_parse() would accept: checked before a ticket is kept. */
bool ticket_is_valid(const struct ticket *ticket);
