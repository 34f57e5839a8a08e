// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/release/settle.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/media.h"
#include "core/printer/printer.h"

const char *settled_reason(enum settled_kind kind)
{
        static const char *const reasons[] = {
                [SETTLED_FORCED] = "policy",
                [SETTLED_CONFLICT] = "printer-cannot",
                [SETTLED_NOT_LOADED] = "media-not-loaded",
                [SETTLED_LEFT_OUT] = "printer-cannot",
                [SETTLED_SUBSTITUTED] = "media-substituted",
                [SETTLED_TOO_MANY_PAGES] = "too-many-pages",
                [SETTLED_PAGES_UNKNOWN] = "pages-unknown",
                [SETTLED_NO_SUCH_PAGES] = "no-such-pages",
        };

        return reasons[kind];
}

bool settled_is_conflict(const struct settled_note *note)
{
        return note->kind == SETTLED_CONFLICT || note->kind == SETTLED_NOT_LOADED;
}

bool settled_conflicts(const struct settled *settled)
{
        for (size_t i = 0; i < settled->note_count; i++)
                if (settled_is_conflict(&settled->notes[i]))
                        return true;
        return false;
}

bool settled_refuses(const struct settled *settled)
{
        for (size_t i = 0; i < settled->note_count; i++)
                if (settled->notes[i].kind >= SETTLED_TOO_MANY_PAGES)
                        return true;
        return false;
}

struct settled_note *settled_add(struct settled *settled, enum settled_kind kind, const char *option)
{
        struct settled_note *note = &settled->notes[settled->note_count++];

        assert(settled->note_count <= SETTLED_NOTES);
        *note = (struct settled_note){ .kind = kind, .option = ticket_member_find(text_from(option)) };
        assert(note->option);
        return note;
}

static bool is(const char *field, const char *word)
{
        return strcmp(field, word) == 0;
}

static void put(char field[TICKET_KEYWORD], const char *word)
{
        text_copy(text_from(word), field, TICKET_KEYWORD);
}

/* Ranges from a page on: "1-3,7-9" from 8 is "8-9". No range is left: empty. */
static void cut_pages(const char *pages, uint32_t from_page,
                      char ret[sizeof(((struct ticket *)0)->page_ranges)])
{
        struct text rest = text_from(pages[0] ? pages : "1-"), range, head, tail;
        const size_t size = sizeof(((struct ticket *)0)->page_ranges);
        size_t at = 0;
        bool more = true;

        ret[0] = 0;
        while (more) {
                uint64_t from = 0, to;
                bool is_range, is_open;

                more = text_cut(rest, ',', &range, &rest);
                is_range = text_cut(range, '-', &head, &tail);
                is_open = is_range && tail.len == 0;
                text_number(head, UINT32_MAX, &from);
                to = from;
                if (is_open)
                        to = UINT32_MAX;
                else if (is_range)
                        text_number(tail, UINT32_MAX, &to);
                if (to < from_page)
                        continue;
                if (from < from_page)
                        from = from_page;
                at += (size_t)snprintf(ret + at, size - at, is_open ? "%s%llu-" : "%s%llu-%llu",
                                       at ? "," : "", (unsigned long long)from, (unsigned long long)to);
                if (at >= size) {
                        /* Cut pages are never longer than they were by more than a digit or two of one. */
                        ret[0] = 0;
                        return;
                }
        }
}

static uint32_t count_pages(const char *ranges, uint32_t pages)
{
        uint32_t count = 0;

        if (!ranges[0])
                return pages;
        for (uint32_t page = 1; page <= pages; page++)
                count += pages_have(ranges, page);
        return count;
}

/* Which pages; false where none of them is there. */
static bool choose_pages(const struct settle_question *q, struct settled *ret)
{
        struct ticket *ticket = &ret->ticket;
        char cut[sizeof(ticket->page_ranges)];

        if (is(ticket->page_ranges, TICKET_ALL_PAGES))
                ticket->page_ranges[0] = 0;
        if (q->from_page > 1) {
                cut_pages(ticket->page_ranges, q->from_page, cut);
                if (!cut[0])
                        return false;
                memcpy(ticket->page_ranges, cut, sizeof(cut));
        }
        ret->pages = count_pages(ticket->page_ranges, q->pages);
        return !q->pages || ret->pages;
}

static void force(struct settled *settled, const struct policy *policy, const char *option, const char *value)
{
        struct settled_note *note = settled_add(settled, SETTLED_FORCED, option);

        ticket_value(&settled->ticket, note->option, note->asked);
        text_copy(text_from(value), note->value, sizeof(note->value));
        memcpy(note->title, policy->title, sizeof(note->title));
        (void)ticket_set(&settled->ticket, note->option, text_from(value));
}

static bool is_two_sided(const char *sides)
{
        return strncmp(sides, "two-sided", strlen("two-sided")) == 0;
}

/* One page has no back; a booklet has two sides by itself; and a printer that cannot turn paper is not asked
 * to. */
static bool may_force_sides(const struct settle_question *q, const struct settled *settled,
                            const struct policy *policy)
{
        const struct ticket *ticket = &settled->ticket;

        if (is(ticket->sides, policy->sides) || is(ticket->imposition_template, "signature"))
                return false;
        if (!is_two_sided(policy->sides))
                return is_two_sided(ticket->sides);
        return q->printer->duplex && !is_two_sided(ticket->sides) && settled->pages != 1;
}

static void force_sides(const struct settle_question *q, struct settled *settled)
{
        for (size_t i = 0; i < q->policy_count; i++) {
                const struct policy *policy = &q->policies[i];

                if (!policy->sides[0])
                        continue;
                if (may_force_sides(q, settled, policy))
                        force(settled, policy, "sides", policy->sides);
                return; /* the oldest that wants some */
        }
}

static void force_job_password(const struct settle_question *q, struct settled *settled)
{
        for (size_t i = 0; i < q->policy_count; i++)
                settled->needs_job_password |= q->policies[i].job_password;
}

static void force_monochrome(const struct settle_question *q, struct settled *settled)
{
        for (size_t i = 0; i < q->policy_count; i++) {
                if (!q->policies[i].monochrome || is(settled->ticket.print_color_mode, "monochrome"))
                        continue;
                /* Where there is no colour, nothing is taken from anybody. */
                if (q->printer->colour && !q->is_grey)
                        force(settled, &q->policies[i], "print-color-mode", "monochrome");
                else
                        put(settled->ticket.print_color_mode, "monochrome");
                return;
        }
}

/* The smallest of what policies say; NULL: none says anything. */
static const struct policy *strictest(const struct settle_question *q, size_t offset, uint32_t *ret_most)
{
        const struct policy *found = NULL;

        for (size_t i = 0; i < q->policy_count; i++) {
                uint32_t most;

                memcpy(&most, (const char *)&q->policies[i] + offset, sizeof(most));
                if (most && (!found || most < *ret_most)) {
                        found = &q->policies[i];
                        *ret_most = most;
                }
        }
        return found;
}

static void force_copies(const struct settle_question *q, struct settled *settled)
{
        uint32_t most = 0;
        const struct policy *policy = strictest(q, offsetof(struct policy, copies_max), &most);
        char value[16];

        if (!policy || settled->ticket.copies <= most)
                return;
        snprintf(value, sizeof(value), "%u", most);
        force(settled, policy, "copies", value);
}

static void judge_pages(const struct settle_question *q, struct settled *settled)
{
        uint64_t copies = settled->ticket.copies ? settled->ticket.copies : 1;
        uint32_t most = 0;
        const struct policy *policy = strictest(q, offsetof(struct policy, pages_max), &most);
        struct settled_note *note;

        if (!policy || (settled->pages ? settled->pages * copies <= most : !q->pages_come))
                return;
        note = settled_add(settled, settled->pages ? SETTLED_TOO_MANY_PAGES : SETTLED_PAGES_UNKNOWN,
                           "page-ranges");
        if (settled->pages)
                snprintf(note->asked, sizeof(note->asked), "%llu",
                         (unsigned long long)(settled->pages * copies));
        snprintf(note->value, sizeof(note->value), "%u", most);
        memcpy(note->title, policy->title, sizeof(note->title));
}

/*
 * What a printer can or cannot do. can: with this ticket; instead: what it does then, written to ret (which
 * is empty), empty being "as the printer does"; choices: what it can do, likewise, with commas between.
 */
struct ability {
        const char *option;
        bool (*can)(const struct settle_question *q, const struct settled *settled);
        void (*instead)(const struct settle_question *q, const struct settled *settled,
                        char ret[TICKET_VALUE]);
        void (*choices)(const struct printer *printer, char ret[SETTLED_CHOICES]);
};

static void add_choice(char choices[SETTLED_CHOICES], const char *word)
{
        size_t at = strlen(choices);

        if (at + strlen(word) + 2 <= SETTLED_CHOICES)
                snprintf(choices + at, SETTLED_CHOICES - at, "%s%s", at ? "," : "", word);
}

static bool can_turn(const struct settle_question *q, const struct settled *settled)
{
        return q->printer->duplex || !is_two_sided(settled->ticket.sides) || settled->pages == 1;
}

static void one_sided(const struct settle_question *q, const struct settled *settled, char ret[TICKET_VALUE])
{
        text_copy(TEXT_OF("one-sided"), ret, TICKET_VALUE);
}

static void sides_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        add_choice(ret, "one-sided");
}

static bool can_bind(const struct settle_question *q, const struct settled *settled)
{
        return q->printer->duplex || !is(settled->ticket.imposition_template, "signature");
}

static void unbound(const struct settle_question *q, const struct settled *settled, char ret[TICKET_VALUE])
{
        text_copy(TEXT_OF("none"), ret, TICKET_VALUE);
}

static void impositions_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        add_choice(ret, "none");
}

static bool can_colour(const struct settle_question *q, const struct settled *settled)
{
        return q->printer->colour || q->is_grey || !is(settled->ticket.print_color_mode, "color");
}

static void in_grey(const struct settle_question *q, const struct settled *settled, char ret[TICKET_VALUE])
{
        text_copy(TEXT_OF("monochrome"), ret, TICKET_VALUE);
}

static void colours_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        add_choice(ret, "auto");
        add_choice(ret, "monochrome");
}

/* A printer that names no media may have any. */
static bool can_load(const struct settle_question *q, const struct settled *settled)
{
        for (size_t i = 0; i < q->printer->media_count; i++)
                if (is(settled->ticket.media, q->printer->media[i]))
                        return true;
        return !q->printer->media_count || !settled->ticket.media[0];
}

static void media_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        for (size_t i = 0; i < printer->media_count; i++)
                add_choice(ret, printer->media[i]);
}

typedef const char *names_of(const struct printer *printer, size_t i);

static bool has_name(const struct printer *printer, names_of *names, const char *word)
{
        for (size_t i = 0; names(printer, i); i++)
                if (is(names(printer, i), word))
                        return true;
        return !word[0] || is(word, "auto");
}

static void add_names(const struct printer *printer, names_of *names, char ret[SETTLED_CHOICES])
{
        for (size_t i = 0; names(printer, i); i++)
                add_choice(ret, names(printer, i));
}

static bool can_source(const struct settle_question *q, const struct settled *settled)
{
        return has_name(q->printer, printer_media_source, settled->ticket.media_source);
}

static void sources_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        add_names(printer, printer_media_source, ret);
}

static bool can_type(const struct settle_question *q, const struct settled *settled)
{
        return has_name(q->printer, printer_media_type, settled->ticket.media_type);
}

static void types_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        add_names(printer, printer_media_type, ret);
}

static bool can_stack(const struct settle_question *q, const struct settled *settled)
{
        return has_name(q->printer, printer_output_bin, settled->ticket.output_bin);
}

static void bins_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        add_names(printer, printer_output_bin, ret);
}

static bool can_finish(const struct settle_question *q, const struct settled *settled)
{
        for (size_t i = 0; i < TICKET_FINISHINGS && settled->ticket.finishings[i]; i++)
                if (!printer_finishes(q->printer, settled->ticket.finishings[i]))
                        return false;
        return true;
}

/* Those of them that it can; none is what every printer can. */
static void finishings_left(const struct settle_question *q, const struct settled *settled,
                            char ret[TICKET_VALUE])
{
        size_t at = 0;

        for (size_t i = 0; i < TICKET_FINISHINGS && settled->ticket.finishings[i]; i++)
                if (printer_finishes(q->printer, settled->ticket.finishings[i]))
                        at += (size_t)snprintf(ret + at, TICKET_VALUE - at, "%s%u", at ? "," : "",
                                               settled->ticket.finishings[i]);
        if (!at)
                text_copy(TEXT_OF("3"), ret, TICKET_VALUE);
}

static void finishings_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        char number[16];

        add_choice(ret, "3");
        for (size_t i = 0; i < printer->finishing_count; i++) {
                snprintf(number, sizeof(number), "%u", printer->finishings[i]);
                if (printer->finishings[i] != 3)
                        add_choice(ret, number);
        }
}

static uint32_t resolution_of(const struct printer *printer)
{
        return printer->resolution_dpi ? printer->resolution_dpi : 300;
}

static bool can_resolve(const struct settle_question *q, const struct settled *settled)
{
        uint32_t asked = settled->ticket.resolution_dpi;

        return !asked || asked == 300 || asked == resolution_of(q->printer);
}

static void resolutions_there_are(const struct printer *printer, char ret[SETTLED_CHOICES])
{
        char number[16];

        add_choice(ret, "300");
        snprintf(number, sizeof(number), "%u", resolution_of(printer));
        if (resolution_of(printer) != 300)
                add_choice(ret, number);
}

static void as_printer_does(const struct settle_question *q, const struct settled *settled,
                            char ret[TICKET_VALUE])
{
}

static const struct ability abilities[] = {
        { "sides", can_turn, one_sided, sides_there_are },
        { "imposition-template", can_bind, unbound, impositions_there_are },
        { "print-color-mode", can_colour, in_grey, colours_there_are },
        { "media", can_load, as_printer_does, media_there_are },
        { "media-source", can_source, as_printer_does, sources_there_are },
        { "media-type", can_type, as_printer_does, types_there_are },
        { "output-bin", can_stack, as_printer_does, bins_there_are },
        { "finishings", can_finish, finishings_left, finishings_there_are },
        { "resolution-dpi", can_resolve, as_printer_does, resolutions_there_are },
};

/* asked: what somebody asked for, beside defaults. */
static void meet_printer(const struct settle_question *q, const struct ticket *asked, struct settled *settled)
{
        for (size_t i = 0; i < ARRAY_LENGTH(abilities); i++) {
                const struct ability *ability = &abilities[i];
                struct settled_note *note;
                bool was_asked;

                if (ability->can(q, settled))
                        continue;
                was_asked = ticket_has(asked, ticket_member_find(text_from(ability->option)));
                note = settled_add(settled, was_asked ? SETTLED_CONFLICT : SETTLED_LEFT_OUT, ability->option);
                ticket_value(&settled->ticket, note->option, note->asked);
                ability->instead(q, settled, note->value);
                ability->choices(q->printer, note->choices);
                ticket_unset(&settled->ticket, note->option);
                if (note->value[0])
                        (void)ticket_set(&settled->ticket, note->option, text_from(note->value));
        }
}

void settle(const struct settle_question *q, struct settled *ret)
{
        struct ticket asked = *q->sent;

        *ret = (struct settled){ .note_count = 0 };
        if (q->chosen)
                ticket_overlay(&asked, q->chosen);
        for (size_t i = q->default_count; i > 0; i--)
                ticket_overlay(&ret->ticket, &q->defaults[i - 1]);
        ticket_overlay(&ret->ticket, &asked);
        if (!choose_pages(q, ret))
                ticket_value(&asked, ticket_member_find(TEXT_OF("page-ranges")),
                             settled_add(ret, SETTLED_NO_SUCH_PAGES, "page-ranges")->asked);
        force_sides(q, ret);
        force_monochrome(q, ret);
        force_job_password(q, ret);
        force_copies(q, ret);
        judge_pages(q, ret);
        meet_printer(q, &asked, ret);
}
