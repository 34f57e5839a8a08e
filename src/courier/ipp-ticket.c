// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/ipp-ticket.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "ipp/get.h"

static const struct {
        const char *name;
        const char *supported;
        size_t offset; /* of a keyword */
} keywords[] = {
        { "sides", "sides-supported", offsetof(struct courier_ticket, sides) },
        { "media", "media-supported", offsetof(struct courier_ticket, media) },
        { "media-source", "media-source-supported", offsetof(struct courier_ticket, media_source) },
        { "media-type", "media-type-supported", offsetof(struct courier_ticket, media_type) },
        { "output-bin", "output-bin-supported", offsetof(struct courier_ticket, output_bin) },
        { "print-color-mode", "print-color-mode-supported",
          offsetof(struct courier_ticket, print_color_mode) },
        { "multiple-document-handling", "multiple-document-handling-supported",
          offsetof(struct courier_ticket, multiple_document_handling) },
};

static const struct {
        const char *name;
        const char *supported;
        size_t offset; /* of a number */
        bool is_enum;
} numbers[] = {
        { "copies", "copies-supported", offsetof(struct courier_ticket, copies), false },
        { "number-up", "number-up-supported", offsetof(struct courier_ticket, number_up), false },
        { "print-quality", "print-quality-supported", offsetof(struct courier_ticket, print_quality), true },
        { "orientation-requested", "orientation-requested-supported",
          offsetof(struct courier_ticket, orientation_requested), true },
};

static const char *keyword_of(const struct courier_ticket *ticket, size_t offset)
{
        return (const char *)ticket + offset;
}

static uint32_t *number_of(struct courier_ticket *ticket, size_t offset)
{
        return (uint32_t *)((char *)ticket + offset);
}

/* Those that the printer knows; one that is none of them is left out alone. */
static void select_finishings(const struct ipp_attribute *printer, uint32_t finishings[COURIER_FINISHINGS])
{
        size_t count = 0;

        for (size_t i = 0; i < COURIER_FINISHINGS && finishings[i]; i++)
                if (finishings[i] <= INT32_MAX &&
                    ipp_has_integer(printer, "finishings-supported", (int32_t)finishings[i]))
                        finishings[count++] = finishings[i];
        for (; count < COURIER_FINISHINGS; count++)
                finishings[count] = 0;
}

/* Members of a collection; a printer without it is asked for the medium alone. */
static void select_media(const struct ipp_attribute *printer, struct courier_ticket *ticket)
{
        if (!ipp_has_string(printer, "media-col-supported", "media-source"))
                ticket->media_source[0] = 0;
        if (!ipp_has_string(printer, "media-col-supported", "media-type"))
                ticket->media_type[0] = 0;
}

/* "210" or "8.5" of so many hundredths of a millimetre each; cut off *text. */
static bool side_parse(struct text *text, char after, uint32_t unit, int32_t *ret)
{
        uint64_t whole = 0, part = 0, scale = 1;
        bool fraction = false;
        size_t i;

        for (i = 0; i < text->len && i < 10 && text->at[i] != after; i++) {
                char c = text->at[i];

                if (c == '.' && !fraction && i > 0) {
                        fraction = true;
                } else if (c >= '0' && c <= '9') {
                        if (fraction)
                                scale *= 10;
                        if (fraction)
                                part = part * 10 + (uint64_t)(c - '0');
                        else
                                whole = whole * 10 + (uint64_t)(c - '0');
                } else {
                        break;
                }
        }
        *ret = (int32_t)((whole * unit + (part * unit + scale / 2) / scale) % INT32_MAX);
        *text = (struct text){ text->at + i, text->len - i };
        return i > 0 && *ret > 0;
}

/* The size that a name describes (PWG 5101.1, section 5): "iso_a4_210x297mm". */
static bool size_parse(const char *media, int32_t *ret_width, int32_t *ret_height)
{
        const char *at = strrchr(media, '_');
        struct text rest = text_from(at ? at + 1 : "");
        uint32_t unit = text_ends_with(rest, "mm") ? 100 : text_ends_with(rest, "in") ? 2540 : 0;
        char last = unit == 100 ? 'm' : 'i';

        if (!unit || !side_parse(&rest, 'x', unit, ret_width) || rest.len == 0 || rest.at[0] != 'x')
                return false;
        rest = (struct text){ rest.at + 1, rest.len - 1 };
        return side_parse(&rest, last, unit, ret_height) && rest.len == 2;
}

/* media, or media-col where it is to come from a tray or be of a type; never both (PWG 5100.7, section 6.3).
 */
static void add_media(const struct courier_ticket *ticket, struct ipp_builder *b)
{
        int32_t width, height;

        if (!ticket->media_source[0] && !ticket->media_type[0]) {
                if (ticket->media[0])
                        ipp_add_string(b, IPP_TAG_KEYWORD, "media", ticket->media);
                return;
        }
        ipp_begin_collection(b, "media-col");
        if (size_parse(ticket->media, &width, &height)) {
                ipp_begin_collection(b, "media-size");
                ipp_add_integer(b, "x-dimension", width);
                ipp_add_integer(b, "y-dimension", height);
                ipp_end_collection(b);
        }
        if (ticket->media_source[0])
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-source", ticket->media_source);
        if (ticket->media_type[0])
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-type", ticket->media_type);
        ipp_end_collection(b);
}

void ipp_ticket_select(const struct courier_ticket *ticket, const struct ipp_attribute *printer,
                       struct courier_ticket *ret)
{
        bool ranges = false;

        *ret = *ticket;
        for (size_t i = 0; i < ARRAY_LENGTH(keywords); i++)
                if (!ipp_has_string(printer, keywords[i].supported, keyword_of(ticket, keywords[i].offset)))
                        ((char *)ret)[keywords[i].offset] = 0;
        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
                uint32_t *number = number_of(ret, numbers[i].offset);

                if (*number > INT32_MAX || !ipp_has_integer(printer, numbers[i].supported, (int32_t)*number))
                        *number = 0;
        }
        select_finishings(printer, ret->finishings);
        select_media(printer, ret);
        if (ipp_get_boolean(printer, "page-ranges-supported", &ranges) != 0 || !ranges)
                ret->page_ranges[0] = 0;
}

/* What every printer does anyway, or cannot do otherwise. */
static bool is_usual(const struct courier_ticket *ticket, const char *name,
                     const struct ipp_attribute *printer)
{
        bool colour = true;

        if (strcmp(name, "sides") == 0)
                return strcmp(ticket->sides, "one-sided") == 0;
        if (strcmp(name, "print-color-mode") == 0) {
                (void)ipp_get_boolean(printer, "color-supported", &colour);
                return strcmp(ticket->print_color_mode, "auto") == 0 ||
                       (!colour && strcmp(ticket->print_color_mode, "monochrome") == 0);
        }
        if (strcmp(name, "media-source") == 0)
                return strcmp(ticket->media_source, "auto") == 0;
        if (strcmp(name, "output-bin") == 0)
                return strcmp(ticket->output_bin, "auto") == 0;
        if (strcmp(name, "multiple-document-handling") == 0 || strcmp(name, "copies") == 0)
                return ticket->copies <= 1;
        if (strcmp(name, "number-up") == 0)
                return ticket->number_up <= 1;
        if (strcmp(name, "print-quality") == 0)
                return ticket->print_quality == IPP_QUALITY_NORMAL;
        return strcmp(name, "orientation-requested") == 0 &&
               ticket->orientation_requested == IPP_ORIENTATION_PORTRAIT;
}

static void add_word(const char *name, char *ret, size_t size)
{
        static const char and[] = "-and-";
        size_t at = strlen(ret), more = (at ? strlen(and) : 0) + strlen(name);

        if (at + more < size)
                snprintf(ret + at, size - at, "%s%s", at ? and : "", name);
}

static size_t count_finishings(const uint32_t finishings[COURIER_FINISHINGS])
{
        size_t count = 0;

        while (count < COURIER_FINISHINGS && finishings[count])
                count++;
        return count;
}

void ipp_ticket_left_out(const struct courier_ticket *asked, const struct courier_ticket *can,
                         const struct ipp_attribute *printer, char *ret, size_t size)
{
        struct courier_ticket a = *asked, c = *can;

        ret[0] = 0;
        for (size_t i = 0; i < ARRAY_LENGTH(keywords); i++)
                if (keyword_of(asked, keywords[i].offset)[0] && !keyword_of(can, keywords[i].offset)[0] &&
                    !is_usual(asked, keywords[i].name, printer))
                        add_word(keywords[i].name, ret, size);
        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
                if (*number_of(&a, numbers[i].offset) && !*number_of(&c, numbers[i].offset) &&
                    !is_usual(asked, numbers[i].name, printer))
                        add_word(numbers[i].name, ret, size);
        if (count_finishings(asked->finishings) > count_finishings(can->finishings))
                add_word("finishings", ret, size);
        if (asked->page_ranges[0] && !can->page_ranges[0])
                add_word("page-ranges", ret, size);
}

/* "1-3,7-7" or "1-3,7". */
static void add_ranges(struct ipp_builder *b, const char *string)
{
        struct text rest = text_from(string), part, first, last;
        uint64_t least, most;

        for (int i = 0; rest.len > 0 && i < IPP_TICKET_RANGES; i++) {
                (void)text_cut(rest, ',', &part, &rest);
                if (!text_cut(part, '-', &first, &last))
                        last = first;
                if (text_number(first, INT32_MAX, &least) && text_number(last, INT32_MAX, &most) &&
                    least > 0 && least <= most)
                        ipp_add_range(b, "page-ranges", (int32_t)least, (int32_t)most);
        }
}

void ipp_ticket_add(const struct courier_ticket *ticket, struct ipp_builder *b)
{
        struct courier_ticket copy = *ticket;

        ipp_begin_group(b, IPP_TAG_JOB);
        for (size_t i = 0; i < ARRAY_LENGTH(keywords); i++) {
                const char *keyword = keyword_of(ticket, keywords[i].offset);

                if (keyword[0] && strncmp(keywords[i].name, "media", strlen("media")) != 0)
                        ipp_add_string(b, IPP_TAG_KEYWORD, keywords[i].name, keyword);
        }
        add_media(ticket, b);
        for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
                uint32_t number = *number_of(&copy, numbers[i].offset);

                if (number > 0 && numbers[i].is_enum)
                        ipp_add_enum(b, numbers[i].name, (int32_t)number);
                else if (number > 0)
                        ipp_add_integer(b, numbers[i].name, (int32_t)number);
        }
        for (size_t i = 0; i < COURIER_FINISHINGS && ticket->finishings[i]; i++)
                ipp_add_enum(b, "finishings", (int32_t)ticket->finishings[i]);
        add_ranges(b, ticket->page_ranges);
}
