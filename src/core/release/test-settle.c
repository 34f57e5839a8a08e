// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/printer/printer.h"
#include "core/release/settle.h"

/* It can do everything, and the other one only what any printer can. */
static const struct printer large = {
        .colour = true,
        .duplex = true,
        .resolution_dpi = 600,
        .media = { "iso_a4_210x297mm", "iso_a3_297x420mm" },
        .media_count = 2,
        .finishings = { 3, 4, 5 },
        .finishing_count = 3,
        .output_bins = { "stacker-1", "auto" },
        .output_bin_count = 2,
};
static const struct printer small = { .media = { "iso_a4_210x297mm" }, .media_count = 1 };
static const struct printer unsaid = { .colour = false };

static const struct policy paper = { .title = "Paper", .sides = "two-sided-long-edge" };
static const struct policy single = { .title = "Single", .sides = "one-sided" };
static const struct policy grey = { .title = "Interns", .monochrome = true };
static const struct policy few = { .title = "Few", .copies_max = 3 };
static const struct policy fewer = { .title = "Fewer", .copies_max = 2 };
static const struct policy short_ones = { .title = "Short", .pages_max = 10 };

#define POLICIES 3

struct row {
        const char *name;
        const char *defaults[2]; /* the nearest first */
        const char *sent, *chosen;
        const struct policy *policies[POLICIES];
        const struct printer *printer;
        uint32_t pages, from_page;
        bool is_grey, pages_come;
        const char *wanted;
        const char *notes; /* "reason:option asked>value" and the policy's title, the choices; ends with ; */
};

#define LONG  "sides=two-sided-long-edge"
#define SHORT "sides=two-sided-short-edge"

static const struct row rows[] = {
        { .name = "nothing", .printer = &large, .wanted = "", .notes = "" },
        { .name = "sent",
          .sent = "copies=2;" LONG,
          .printer = &large,
          .wanted = "copies=2;" LONG,
          .notes = "" },
        { .name = "chosen over sent",
          .sent = "copies=2;" LONG,
          .chosen = "sides=one-sided",
          .printer = &large,
          .wanted = "copies=2;sides=one-sided",
          .notes = "" },
        { .name = "ranges back to all",
          .sent = "page-ranges=1-3",
          .chosen = "page-ranges=all",
          .printer = &large,
          .wanted = "",
          .notes = "" },
        { .name = "defaults fill what is open, the nearest first",
          .defaults = { "copies=3", "copies=4;" LONG },
          .sent = "number-up=2",
          .printer = &large,
          .wanted = "copies=3;" LONG ";number-up=2",
          .notes = "" },
        { .name = "sent over defaults",
          .defaults = { LONG },
          .sent = "sides=one-sided",
          .printer = &large,
          .wanted = "sides=one-sided",
          .notes = "" },
        { .name = "a booklet over a default of two up",
          .defaults = { "number-up=2" },
          .sent = "imposition-template=signature",
          .printer = &large,
          .wanted = "imposition-template=signature",
          .notes = "" },

        { .name = "two sides are forced",
          .policies = { &paper },
          .printer = &large,
          .wanted = LONG,
          .notes = "policy:sides >two-sided-long-edge Paper;" },
        { .name = "two sides over one",
          .sent = "sides=one-sided",
          .policies = { &paper },
          .printer = &large,
          .wanted = LONG,
          .notes = "policy:sides one-sided>two-sided-long-edge Paper;" },
        { .name = "two sides are two sides",
          .sent = SHORT,
          .policies = { &paper },
          .printer = &large,
          .wanted = SHORT,
          .notes = "" },
        { .name = "one page has no back",
          .policies = { &paper },
          .printer = &large,
          .pages = 1,
          .wanted = "",
          .notes = "" },
        { .name = "one page of many has none either",
          .sent = "page-ranges=4",
          .policies = { &paper },
          .printer = &large,
          .pages = 9,
          .wanted = "page-ranges=4",
          .notes = "" },
        { .name = "nobody is forced to what the printer cannot",
          .policies = { &paper },
          .printer = &small,
          .wanted = "",
          .notes = "" },
        { .name = "the older of two policies",
          .sent = LONG,
          .policies = { &single, &paper },
          .printer = &large,
          .wanted = "sides=one-sided",
          .notes = "policy:sides two-sided-long-edge>one-sided Single;" },
        { .name = "no colour",
          .sent = "print-color-mode=color",
          .policies = { &grey },
          .printer = &large,
          .wanted = "print-color-mode=monochrome",
          .notes = "policy:print-color-mode color>monochrome Interns;" },
        { .name = "no colour of what has none",
          .policies = { &grey },
          .printer = &large,
          .is_grey = true,
          .wanted = "print-color-mode=monochrome",
          .notes = "" },
        { .name = "no colour where there is none",
          .sent = "print-color-mode=color",
          .policies = { &grey },
          .printer = &small,
          .wanted = "print-color-mode=monochrome",
          .notes = "" },
        { .name = "the fewest copies",
          .sent = "copies=9",
          .policies = { &few, &fewer },
          .printer = &large,
          .wanted = "copies=2",
          .notes = "policy:copies 9>2 Fewer;" },
        { .name = "as many copies as are allowed",
          .sent = "copies=3",
          .policies = { &few },
          .printer = &large,
          .wanted = "copies=3",
          .notes = "" },
        { .name = "too many pages",
          .policies = { &short_ones },
          .printer = &large,
          .pages = 11,
          .wanted = "",
          .notes = "too-many-pages:page-ranges 11>10 Short;" },
        { .name = "not too many of them",
          .sent = "page-ranges=2-5,9-",
          .policies = { &short_ones },
          .printer = &large,
          .pages = 14,
          .wanted = "page-ranges=2-5,9-",
          .notes = "" },
        { .name = "too many with all copies",
          .sent = "copies=2;page-ranges=1-6",
          .policies = { &short_ones },
          .printer = &large,
          .pages = 30,
          .wanted = "copies=2;page-ranges=1-6",
          .notes = "too-many-pages:page-ranges 12>10 Short;" },
        { .name = "fewer copies are fewer pages",
          .sent = "copies=9",
          .policies = { &fewer, &short_ones },
          .printer = &large,
          .pages = 5,
          .wanted = "copies=2",
          .notes = "policy:copies 9>2 Fewer;" },
        { .name = "pages are being counted",
          .policies = { &short_ones },
          .printer = &large,
          .pages_come = true,
          .wanted = "",
          .notes = "pages-unknown:page-ranges >10 Short;" },
        { .name = "pages cannot be counted",
          .policies = { &short_ones },
          .printer = &large,
          .wanted = "",
          .notes = "" },

        { .name = "one side alone",
          .sent = LONG,
          .printer = &small,
          .wanted = "sides=one-sided",
          .notes = "printer-cannot:sides two-sided-long-edge>one-sided [one-sided];" },
        { .name = "one side is enough for a page",
          .sent = LONG,
          .printer = &small,
          .pages = 1,
          .wanted = LONG,
          .notes = "" },
        { .name = "colour of grey pages",
          .sent = "print-color-mode=color",
          .printer = &small,
          .is_grey = true,
          .wanted = "print-color-mode=color",
          .notes = "" },
        { .name = "colour of others",
          .sent = "print-color-mode=color",
          .printer = &small,
          .wanted = "print-color-mode=monochrome",
          .notes = "printer-cannot:print-color-mode color>monochrome [auto,monochrome];" },
        { .name = "other paper",
          .sent = "media=iso_a3_297x420mm",
          .printer = &small,
          .wanted = "",
          .notes = "printer-cannot:media iso_a3_297x420mm> [iso_a4_210x297mm];" },
        { .name = "paper that nobody knows of",
          .sent = "media=iso_a3_297x420mm",
          .printer = &unsaid,
          .wanted = "media=iso_a3_297x420mm",
          .notes = "" },
        { .name = "a booklet without backs",
          .sent = "imposition-template=signature",
          .printer = &small,
          .wanted = "imposition-template=none",
          .notes = "printer-cannot:imposition-template signature>none [none];" },
        { .name = "finishings",
          .sent = "output-bin=stacker-1;finishings=4,5",
          .printer = &large,
          .wanted = "output-bin=stacker-1;finishings=4,5",
          .notes = "" },
        { .name = "some of the finishings",
          .sent = "finishings=4,10",
          .printer = &large,
          .wanted = "finishings=4",
          .notes = "printer-cannot:finishings 4,10>4 [3,4,5];" },
        { .name = "no finishing",
          .sent = "finishings=4",
          .printer = &small,
          .wanted = "finishings=3",
          .notes = "printer-cannot:finishings 4>3 [3];" },
        { .name = "another bin",
          .sent = "output-bin=stacker-1",
          .printer = &small,
          .wanted = "",
          .notes = "printer-cannot:output-bin stacker-1> [auto,face-down,face-up];" },
        { .name = "paper of its own",
          .sent = "media-type=photographic-glossy",
          .printer = &small,
          .wanted = "",
          .notes = "printer-cannot:media-type photographic-glossy> "
                   "[auto,stationery,stationery-letterhead,transparency,labels,envelope];" },
        { .name = "a tray that is not there",
          .sent = "media-source=tray-2",
          .printer = &small,
          .wanted = "",
          .notes = "printer-cannot:media-source tray-2> [auto,tray-1];" },
        { .name = "any tray",
          .sent = "media-source=auto",
          .printer = &small,
          .wanted = "media-source=auto",
          .notes = "" },
        { .name = "too fine",
          .sent = "resolution-dpi=1200",
          .printer = &large,
          .wanted = "",
          .notes = "printer-cannot:resolution-dpi 1200> [300,600];" },
        { .name = "a default that the printer cannot",
          .defaults = { LONG },
          .printer = &small,
          .wanted = "sides=one-sided",
          .notes = "(printer-cannot):sides two-sided-long-edge>one-sided [one-sided];" },
        { .name = "chosen for the printer",
          .sent = LONG,
          .chosen = "sides=one-sided",
          .printer = &small,
          .wanted = "sides=one-sided",
          .notes = "" },

        { .name = "from a page on",
          .printer = &large,
          .pages = 9,
          .from_page = 4,
          .wanted = "page-ranges=4-",
          .notes = "" },
        { .name = "within a range",
          .sent = "page-ranges=1-3,5-8,12",
          .printer = &large,
          .pages = 20,
          .from_page = 6,
          .wanted = "page-ranges=6-8,12-12",
          .notes = "" },
        { .name = "from the first",
          .sent = "page-ranges=1-3",
          .printer = &large,
          .from_page = 1,
          .wanted = "page-ranges=1-3",
          .notes = "" },
        { .name = "after the last",
          .sent = "page-ranges=1-3",
          .printer = &large,
          .pages = 9,
          .from_page = 4,
          .wanted = "page-ranges=1-3",
          .notes = "no-such-pages:page-ranges 1-3>;" },
        { .name = "pages that are not there",
          .sent = "page-ranges=4-",
          .printer = &large,
          .pages = 3,
          .wanted = "page-ranges=4-",
          .notes = "no-such-pages:page-ranges 4->;" },
};

static void parse(const char *text, struct ticket *ret)
{
        assert(ticket_parse(text_from(text ? text : ""), ret) == 0);
}

static void describe(const struct settled *settled, char *to, size_t size)
{
        size_t at = 0;

        to[0] = 0;
        for (size_t i = 0; i < settled->note_count; i++) {
                const struct settled_note *note = &settled->notes[i];
                bool is_soft = note->kind == SETTLED_LEFT_OUT;

                at += (size_t)snprintf(to + at, size - at, "%s%s%s:%s %s>%s%s%s%s%s%s;", is_soft ? "(" : "",
                                       settled_reason(note->kind), is_soft ? ")" : "", note->option->name,
                                       note->asked, note->value, note->title[0] ? " " : "", note->title,
                                       note->choices[0] ? " [" : "", note->choices,
                                       note->choices[0] ? "]" : "");
        }
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                const struct row *row = &rows[i];
                struct ticket sent, chosen, defaults[2];
                struct policy policies[POLICIES];
                char text[TICKET_TEXT], notes[1024];
                struct settle_question question = { .sent = &sent,
                                                    .chosen = row->chosen ? &chosen : NULL,
                                                    .defaults = defaults,
                                                    .policies = policies,
                                                    .printer = row->printer,
                                                    .pages = row->pages,
                                                    .from_page = row->from_page,
                                                    .is_grey = row->is_grey,
                                                    .pages_come = row->pages_come };
                struct settled settled;

                printf("%s\n", row->name);
                parse(row->sent, &sent);
                parse(row->chosen, &chosen);
                while (question.default_count < 2 && row->defaults[question.default_count]) {
                        parse(row->defaults[question.default_count], &defaults[question.default_count]);
                        question.default_count++;
                }
                while (question.policy_count < POLICIES && row->policies[question.policy_count]) {
                        policies[question.policy_count] = *row->policies[question.policy_count];
                        question.policy_count++;
                }
                settle(&question, &settled);
                ticket_format(&settled.ticket, text, sizeof(text));
                describe(&settled, notes, sizeof(notes));
                if (strcmp(text, row->wanted) != 0 || strcmp(notes, row->notes) != 0)
                        fprintf(stderr, "is %s, %s\n", text, notes);
                assert(strcmp(text, row->wanted) == 0 && strcmp(notes, row->notes) == 0);
                assert(ticket_is_valid(&settled.ticket));
                assert(settled_conflicts(&settled) == (strncmp(notes, "printer-cannot", 14) == 0));
        }
        return 0;
}
