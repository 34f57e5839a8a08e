// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/template.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/media.h"
#include "door/ipp/media.h"
#include "door/ipp/view.h"
#include "ipp/get.h"

/*
 * Each reader takes one attribute over into the template and says whether it could. list is the list the
 * attribute stands in, for the getters.
 */
typedef bool template_read(const struct ipp_attribute *list, const struct ipp_view *view,
                           struct ipp_template *ret);

static bool read_copies(const struct ipp_attribute *list, const struct ipp_view *view,
                        struct ipp_template *ret)
{
        int32_t copies;

        if (ipp_get_integer(list, "copies", 1, 999, &copies))
                return false;
        ret->ticket.copies = (uint32_t)copies;
        return true;
}

/* Copies a keyword that is one of the list; NULL ends it. */
static bool read_keyword(const struct ipp_attribute *list, const char *name, const char *const *allowed,
                         char *ret)
{
        struct text value;

        if (ipp_get_keyword(list, name, TICKET_KEYWORD - 1, &value))
                return false;
        for (; *allowed; allowed++)
                if (text_equal_string(value, *allowed))
                        return !ret || text_copy(value, ret, TICKET_KEYWORD);

        return false;
}

static bool read_sides(const struct ipp_attribute *list, const struct ipp_view *view,
                       struct ipp_template *ret)
{
        static const char *const both[] = { "one-sided", "two-sided-long-edge", "two-sided-short-edge",
                                            NULL };
        static const char *const one[] = { "one-sided", NULL };

        return read_keyword(list, "sides", view->printer->duplex ? both : one, ret->ticket.sides);
}

static bool read_media(const struct ipp_attribute *list, const struct ipp_view *view,
                       struct ipp_template *ret)
{
        struct text value;

        if (ipp_get_keyword(list, "media", TICKET_KEYWORD - 1, &value))
                return false;
        for (size_t i = 0; i < view->printer->media_count; i++)
                if (text_equal_string(value, view->printer->media[i]))
                        return text_copy(value, ret->ticket.media, TICKET_KEYWORD);

        return false;
}

static bool read_media_size(const struct ipp_attribute *members, const struct ipp_view *view,
                            struct ipp_template *ret)
{
        const struct ipp_attribute *dimensions;
        struct ipp_media_size size;
        const char *medium;
        int r = ipp_get_collection(members, "media-size", &dimensions);

        if (r == IPP_ABSENT) {
                if (!ipp_find(members, "media-size-name"))
                        return true;
                for (size_t i = 0; i < view->printer->media_count; i++)
                        if (ipp_has_string(members, "media-size-name", view->printer->media[i]))
                                return text_copy(text_from(view->printer->media[i]), ret->ticket.media,
                                                 TICKET_KEYWORD);
                return false;
        }
        if (r || ipp_get_integer(dimensions, "x-dimension", 1, 1000000, &size.width) ||
            ipp_get_integer(dimensions, "y-dimension", 1, 1000000, &size.height))
                return false;
        medium = ipp_media_find(view->printer, size);
        return medium && text_copy(text_from(medium), ret->ticket.media, TICKET_KEYWORD);
}

/* Copies a keyword that the printer names. */
static bool read_ability(const struct ipp_attribute *list, const char *name, const struct printer *printer,
                         const char *(*ability)(const struct printer *printer, size_t i), char *ret)
{
        struct text value;

        if (ipp_get_keyword(list, name, TICKET_KEYWORD - 1, &value))
                return false;
        for (size_t i = 0; ability(printer, i); i++)
                if (text_equal_string(value, ability(printer, i)))
                        return text_copy(value, ret, TICKET_KEYWORD);

        return false;
}

static bool read_media_col(const struct ipp_attribute *list, const struct ipp_view *view,
                           struct ipp_template *ret)
{
        const struct ipp_attribute *members;

        if (ipp_get_collection(list, "media-col", &members))
                return false;
        return read_media_size(members, view, ret) &&
               (!ipp_find(members, "media-source") ||
                read_ability(members, "media-source", view->printer, printer_media_source,
                             ret->ticket.media_source)) &&
               (!ipp_find(members, "media-type") || read_ability(members, "media-type", view->printer,
                                                                 printer_media_type, ret->ticket.media_type));
}

static bool read_color_mode(const struct ipp_attribute *list, const struct ipp_view *view,
                            struct ipp_template *ret)
{
        static const char *const colour[] = { "auto", "monochrome", "color", NULL };
        static const char *const grey[] = { "auto", "monochrome", NULL };

        return read_keyword(list, "print-color-mode", view->printer->colour ? colour : grey,
                            ret->ticket.print_color_mode);
}

static bool read_output_bin(const struct ipp_attribute *list, const struct ipp_view *view,
                            struct ipp_template *ret)
{
        return read_ability(list, "output-bin", view->printer, printer_output_bin, ret->ticket.output_bin);
}

static bool read_handling(const struct ipp_attribute *list, const struct ipp_view *view,
                          struct ipp_template *ret)
{
        static const char *const handlings[] = { "separate-documents-collated-copies",
                                                 "separate-documents-uncollated-copies", NULL };

        return read_keyword(list, "multiple-document-handling", handlings,
                            ret->ticket.multiple_document_handling);
}

static bool read_quality(const struct ipp_attribute *list, const struct ipp_view *view,
                         struct ipp_template *ret)
{
        int32_t quality;

        if (ipp_get_integer(list, "print-quality", IPP_QUALITY_DRAFT, IPP_QUALITY_HIGH, &quality))
                return false;
        ret->ticket.print_quality = (uint32_t)quality;
        return true;
}

static bool read_orientation(const struct ipp_attribute *list, const struct ipp_view *view,
                             struct ipp_template *ret)
{
        int32_t orientation;

        if (ipp_get_integer(list, "orientation-requested", IPP_ORIENTATION_PORTRAIT,
                            IPP_ORIENTATION_REVERSE_PORTRAIT, &orientation))
                return false;
        ret->ticket.orientation_requested = (uint32_t)orientation;
        return true;
}

static bool read_resolution(const struct ipp_attribute *list, const struct ipp_view *view,
                            struct ipp_template *ret)
{
        int32_t own = view->printer->resolution_dpi ? (int32_t)view->printer->resolution_dpi : 300;
        struct ipp_resolution resolution;

        if (ipp_get_resolution(list, "printer-resolution", &resolution) ||
            resolution.units != IPP_RESOLUTION_PER_INCH || resolution.across != resolution.along ||
            (resolution.across != own && resolution.across != 300))
                return false;
        ret->ticket.resolution_dpi = (uint32_t)resolution.across;
        return true;
}

const int32_t ipp_numbers_up[IPP_NUMBERS_UP] = { 1, 2, 4, 6, 9, 16 };
const char *const ipp_directions[] = { "toright-tobottom", "tobottom-toright", "toleft-tobottom",
                                       "tobottom-toleft",  "toright-totop",    "totop-toright",
                                       "toleft-totop",     "totop-toleft",     NULL };
const char *const ipp_scalings[] = { "auto", "auto-fit", "fill", "fit", "none", NULL };
const char *const ipp_impositions[] = { "none", "signature", NULL };

static bool read_direction(const struct ipp_attribute *list, const struct ipp_view *view,
                           struct ipp_template *ret)
{
        return read_keyword(list, "presentation-direction-number-up", ipp_directions,
                            ret->ticket.presentation_direction_number_up);
}

/* A booklet is two pages on a side by itself; number-up may come before it or after it. */
static bool read_imposition(const struct ipp_attribute *list, const struct ipp_view *view,
                            struct ipp_template *ret)
{
        char word[TICKET_KEYWORD];
        int32_t number;

        if (!read_keyword(list, "imposition-template", ipp_impositions, word))
                return false;
        if (strcmp(word, "none") != 0 &&
            (ret->ticket.number_up > 1 ||
             (ipp_find(list, "number-up") && ipp_get_integer(list, "number-up", 1, 1, &number))))
                return false;
        return text_copy(text_from(word), ret->ticket.imposition_template, TICKET_KEYWORD);
}

static bool read_number_up(const struct ipp_attribute *list, const struct ipp_view *view,
                           struct ipp_template *ret)
{
        int32_t number;

        if (ipp_get_integer(list, "number-up", 1, 16, &number))
                return false;
        for (size_t i = 0; i < IPP_NUMBERS_UP; i++)
                if (ipp_numbers_up[i] == number)
                        ret->ticket.number_up = (uint32_t)number;
        return ret->ticket.number_up == (uint32_t)number;
}

/* "None" beside others says nothing. */
static bool read_finishings(const struct ipp_attribute *list, const struct ipp_view *view,
                            struct ipp_template *ret)
{
        const struct ipp_value *value;
        char words[TICKET_VALUE] = "3";
        size_t at = 0;

        for (value = ipp_find(list, "finishings")->values; value; value = value->next) {
                if ((value->tag != IPP_TAG_ENUM && value->tag != IPP_TAG_INTEGER) || value->integer < 0 ||
                    !printer_finishes(view->printer, (uint32_t)value->integer))
                        return false;
                if (value->integer != IPP_FINISHINGS_NONE && at < sizeof(words))
                        at += (size_t)snprintf(words + at, sizeof(words) - at, "%s%d", at ? "," : "",
                                               value->integer);
        }
        return ticket_set(&ret->ticket, ticket_member_find(TEXT_OF("finishings")), text_from(words)) == 0;
}

/* Ascending and apart, as RFC 8011, section 5.2.7 asks for. Many clients say "to the end" with a number that
 * no document has pages for. */
static bool read_page_ranges(const struct ipp_attribute *list, const struct ipp_view *view,
                             struct ipp_template *ret)
{
        char ranges[sizeof(ret->ticket.page_ranges)];
        const struct ipp_value *value;
        int32_t last = 0;
        size_t at = 0;
        int len;

        for (value = ipp_find(list, "page-ranges")->values; value; value = value->next) {
                if (value->tag != IPP_TAG_RANGE || value->range.least <= last ||
                    value->range.least > PAGES_MOST || value->range.most < value->range.least)
                        return false;
                last = value->range.most < PAGES_MOST ? value->range.most : PAGES_MOST;
                len = snprintf(ranges + at, sizeof(ranges) - at, "%s%d-%d", at ? "," : "", value->range.least,
                               last);
                if (len < 0 || (size_t)len >= sizeof(ranges) - at)
                        return false;
                at += (size_t)len;
        }
        return text_copy(text_from(ranges), ret->ticket.page_ranges, sizeof(ret->ticket.page_ranges));
}

static bool read_hold(const struct ipp_attribute *list, const struct ipp_view *view, struct ipp_template *ret)
{
        struct text until;

        if (ipp_get_keyword(list, "job-hold-until", 255, &until))
                return false;
        if (!text_equal_string(until, "no-hold") && !text_equal_string(until, "indefinite"))
                return false;
        ret->ticket.hold = text_equal_string(until, "indefinite");
        return true;
}

static bool read_release_action(const struct ipp_attribute *list, const struct ipp_view *view,
                                struct ipp_template *ret)
{
        static const char *const actions[] = { "owner-authorized", NULL };

        return view->queue->kind != QUEUE_DIRECT && read_keyword(list, "job-release-action", actions, NULL);
}

static bool read_only_auto(const struct ipp_attribute *list, const char *name)
{
        static const char *const values[] = { "auto", NULL };

        return read_keyword(list, name, values, NULL);
}

static bool read_optimize(const struct ipp_attribute *list, const struct ipp_view *view,
                          struct ipp_template *ret)
{
        return read_only_auto(list, "print-content-optimize");
}

static bool read_intent(const struct ipp_attribute *list, const struct ipp_view *view,
                        struct ipp_template *ret)
{
        return read_only_auto(list, "print-rendering-intent");
}

static bool read_scaling(const struct ipp_attribute *list, const struct ipp_view *view,
                         struct ipp_template *ret)
{
        return read_keyword(list, "print-scaling", ipp_scalings, ret->ticket.print_scaling);
}

/* Not offered, but many clients ask for no banner page, which is what they get. */
static bool read_sheets(const struct ipp_attribute *list, const struct ipp_view *view,
                        struct ipp_template *ret)
{
        const struct ipp_value *value;

        for (value = ipp_find(list, "job-sheets")->values; value; value = value->next)
                if (!ipp_tag_is_string(value->tag) || !text_equal_string(value->text, "none"))
                        return false;

        return true;
}

/* PWG 5100.7, sections 6.8.1 and 6.8.2. */
static bool read_account(const struct ipp_attribute *list, const struct ipp_view *view,
                         struct ipp_template *ret)
{
        struct text name;

        return ipp_view_accounting(view) >= ACCOUNTING_ACCOUNT &&
               ipp_get_name(list, "job-account-id", ACCOUNTING_NAME - 1, &name) == 0 &&
               text_copy(name, ret->accounting.account, ACCOUNTING_NAME);
}

static bool read_accounting_user(const struct ipp_attribute *list, const struct ipp_view *view,
                                 struct ipp_template *ret)
{
        struct text name;

        return ipp_view_accounting(view) >= ACCOUNTING_ACCOUNT_AND_USER &&
               ipp_get_name(list, "job-accounting-user-id", ACCOUNTING_NAME - 1, &name) == 0 &&
               text_copy(name, ret->accounting.user, ACCOUNTING_NAME);
}

static const struct {
        const char *name;
        template_read *read;
} rows[] = {
        { "copies", read_copies },
        { "finishings", read_finishings },
        { "imposition-template", read_imposition },
        { "job-hold-until", read_hold },
        { "job-release-action", read_release_action },
        { "media", read_media },
        { "media-col", read_media_col },
        { "multiple-document-handling", read_handling },
        { "number-up", read_number_up },
        { "orientation-requested", read_orientation },
        { "output-bin", read_output_bin },
        { "page-ranges", read_page_ranges },
        { "presentation-direction-number-up", read_direction },
        { "print-color-mode", read_color_mode },
        { "print-content-optimize", read_optimize },
        { "print-quality", read_quality },
        { "print-rendering-intent", read_intent },
        { "print-scaling", read_scaling },
        { "printer-resolution", read_resolution },
        { "sides", read_sides },
        { "job-sheets", read_sheets },
        { "job-account-id", read_account },
        { "job-accounting-user-id", read_accounting_user },
};

/* The last are not offered everywhere: banner pages are borne, who pays is asked for at some queues. */
#define ROWS_OFFERED (ARRAY_LENGTH(rows) - 3)

const char *ipp_template_name(size_t i)
{
        return i < ROWS_OFFERED ? rows[i].name : NULL;
}

static int note_unsupported(struct ipp_template *ret, struct arena *arena,
                            const struct ipp_attribute *attribute, bool is_value)
{
        struct ipp_unsupported *unsupported = arena_alloc(arena, sizeof(*unsupported));

        if (!unsupported)
                return fault(-ENOMEM);
        *unsupported = (struct ipp_unsupported){ ret->unsupported, attribute, is_value };
        ret->unsupported = unsupported;
        return 0;
}

static int read_one(const struct ipp_attribute *attribute, const struct ipp_view *view, struct arena *arena,
                    struct ipp_template *ret)
{
        struct ipp_template changed = *ret;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                if (!text_equal_string(attribute->name, rows[i].name))
                        continue;
                /* The list from here on starts with this very attribute. */
                if (!rows[i].read(attribute, view, &changed))
                        return note_unsupported(ret, arena, attribute, true);
                *ret = changed;
                return 0;
        }
        return note_unsupported(ret, arena, attribute, false);
}

/* Whether the client would rather have no job than one without its wishes. */
static bool is_insisting(const struct ipp_attribute *operation, const struct ipp_template *template)
{
        const struct ipp_attribute *mandatory = ipp_find(operation, "job-mandatory-attributes");
        const struct ipp_unsupported *unsupported = template->unsupported;
        const struct ipp_value *value;
        bool fidelity = false;

        if (ipp_get_boolean(operation, "ipp-attribute-fidelity", &fidelity) == 0 && fidelity)
                return unsupported;
        for (; mandatory && unsupported; unsupported = unsupported->next)
                for (value = mandatory->values; value; value = value->next)
                        if (ipp_tag_is_string(value->tag) &&
                            text_equal(value->text, unsupported->attribute->name))
                                return true;

        return false;
}

int ipp_template_parse(const struct ipp_attribute *operation, const struct ipp_attribute *job,
                       const struct ipp_view *view, struct arena *arena, struct ipp_template *ret)
{
        static const char *const strays[] = { "job-hold-until", "job-release-action" };
        const struct ipp_attribute *attribute;
        int r;

        for (attribute = job; attribute; attribute = attribute->next) {
                r = read_one(attribute, view, arena, ret);
                if (r < 0)
                        return r;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(strays); i++) {
                attribute = ipp_find(operation, strays[i]);
                r = attribute ? read_one(attribute, view, arena, ret) : 0;
                if (r < 0)
                        return r;
        }
        ret->is_refused = is_insisting(operation, ret);
        return 0;
}

void ipp_template_report(struct ipp_builder *b, const struct ipp_template *template)
{
        const struct ipp_unsupported *unsupported;
        struct ipp_value none = { .tag = IPP_TAG_UNSUPPORTED };

        if (!template->unsupported)
                return;
        ipp_begin_group(b, IPP_TAG_UNSUPPORTED_GROUP);
        for (unsupported = template->unsupported; unsupported; unsupported = unsupported->next) {
                if (unsupported->is_value)
                        ipp_add_attribute(b, unsupported->attribute);
                else
                        ipp_add_value(b, unsupported->attribute->name, &none);
        }
}

static void add_keyword(struct ipp_builder *b, const char *name, const char *value)
{
        if (value[0])
                ipp_add_string(b, IPP_TAG_KEYWORD, name, value);
}

static void describe_ranges(struct ipp_builder *b, const char *ranges)
{
        struct text rest = text_from(ranges), one, least, most;
        uint64_t from, to;

        while (rest.len) {
                text_cut(rest, ',', &one, &rest);
                if (!text_cut(one, '-', &least, &most))
                        most = least = one;
                if (text_number(least, INT32_MAX, &from) && text_number(most, INT32_MAX, &to))
                        ipp_add_range(b, "page-ranges", (int32_t)from, (int32_t)to);
        }
}

static void describe_media_col(struct ipp_builder *b, const struct ticket *ticket)
{
        struct ipp_media_size size;

        if (!ticket->media_source[0] && !ticket->media_type[0])
                return;
        ipp_begin_collection(b, "media-col");
        if (ipp_media_size_parse(text_from(ticket->media), &size)) {
                ipp_begin_collection(b, "media-size");
                ipp_add_integer(b, "x-dimension", size.width);
                ipp_add_integer(b, "y-dimension", size.height);
                ipp_end_collection(b);
        }
        add_keyword(b, "media-source", ticket->media_source);
        add_keyword(b, "media-type", ticket->media_type);
        ipp_end_collection(b);
}

void ipp_describe_ticket(struct ipp_builder *b, const struct ticket *ticket)
{
        ipp_set_category(b, IPP_CATEGORY_TEMPLATE);
        if (ticket->copies)
                ipp_add_integer(b, "copies", (int32_t)ticket->copies);
        for (size_t i = 0; i < TICKET_FINISHINGS && ticket->finishings[i]; i++)
                ipp_add_enum(b, "finishings", (int32_t)ticket->finishings[i]);
        add_keyword(b, "imposition-template", ticket->imposition_template);
        add_keyword(b, "media", ticket->media);
        describe_media_col(b, ticket);
        add_keyword(b, "multiple-document-handling", ticket->multiple_document_handling);
        if (ticket->number_up)
                ipp_add_integer(b, "number-up", (int32_t)ticket->number_up);
        if (ticket->orientation_requested)
                ipp_add_enum(b, "orientation-requested", (int32_t)ticket->orientation_requested);
        add_keyword(b, "output-bin", ticket->output_bin);
        describe_ranges(b, ticket->page_ranges);
        add_keyword(b, "presentation-direction-number-up", ticket->presentation_direction_number_up);
        add_keyword(b, "print-color-mode", ticket->print_color_mode);
        add_keyword(b, "print-scaling", ticket->print_scaling);
        if (ticket->print_quality)
                ipp_add_enum(b, "print-quality", (int32_t)ticket->print_quality);
        if (ticket->resolution_dpi)
                ipp_add_resolution(b, "printer-resolution", (int32_t)ticket->resolution_dpi,
                                   (int32_t)ticket->resolution_dpi);
        add_keyword(b, "sides", ticket->sides);
}
