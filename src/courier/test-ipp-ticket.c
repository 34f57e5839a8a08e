// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a printer is asked for by what it says it can, and what of the ticket is then missing. */

#include "courier/ipp-ticket.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/scope.h"
#include "ipp/get.h"
#include "ipp/message.h"

#define A4     "iso_a4_210x297mm"
#define LETTER "na_letter_8.5x11in"

static const struct {
        const char *name;
        struct courier_ticket ticket;
        bool has_columns;                  /* the printer knows media-col */
        const char *media, *source, *type; /* what it is asked for; NULL: not */
        int32_t width, height;
} rows[] = {
        { "a medium", { .media = A4 }, true, A4, NULL, NULL, 0, 0 },
        { "a tray", { .media = A4, .media_source = "tray-2" }, true, NULL, "tray-2", NULL, 21000, 29700 },
        { "a type", { .media = LETTER, .media_type = "labels" }, true, NULL, NULL, "labels", 21590, 27940 },
        { "a tray alone", { .media_source = "tray-2" }, true, NULL, "tray-2", NULL, 0, 0 },
        { "a tray that is not there", { .media = A4, .media_source = "tray-9" }, true, A4, NULL, NULL, 0, 0 },
        { "no media-col", { .media = A4, .media_source = "tray-2" }, false, A4, NULL, NULL, 0, 0 },
        { "a medium that is not there",
          { .media = "iso_a0_841x1189mm", .media_source = "tray-2" },
          true,
          NULL,
          "tray-2",
          NULL,
          0,
          0 },
        { "nothing", { .copies = 1 }, true, NULL, NULL, NULL, 0, 0 },
};

static const struct ipp_attribute *describe(struct ipp_builder *b, bool has_columns)
{
        ipp_begin_group(b, IPP_TAG_PRINTER);
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-supported", A4);
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-supported", LETTER);
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-source-supported", "tray-1");
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-source-supported", "tray-2");
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-type-supported", "labels");
        if (has_columns) {
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-col-supported", "media-size");
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-col-supported", "media-source");
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-col-supported", "media-type");
        }
        return b->group->attributes;
}

static bool says(const struct ipp_attribute *attributes, const char *name, const char *value)
{
        return value ? ipp_has_string(attributes, name, value) : !ipp_find(attributes, name);
}

static void try(size_t i)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_builder printer = ipp_answer(arena, 0, 1), job = ipp_request(arena, IPP_CREATE_JOB, 1);
        const struct ipp_attribute *members = NULL, *size = NULL;
        bool has_columns = rows[i].source || rows[i].type;
        struct courier_ticket ticket;
        int32_t width = 0, height = 0;

        ipp_ticket_select(&rows[i].ticket, describe(&printer, rows[i].has_columns), &ticket);
        ipp_ticket_add(&ticket, &job);
        assert(says(job.group->attributes, "media", rows[i].media));
        assert((ipp_get_collection(job.group->attributes, "media-col", &members) == 0) == has_columns);
        if (!has_columns)
                return;
        assert(says(members, "media-source", rows[i].source) && says(members, "media-type", rows[i].type));
        if (ipp_get_collection(members, "media-size", &size) == 0) {
                assert(ipp_get_integer(size, "x-dimension", 1, INT32_MAX, &width) == 0);
                assert(ipp_get_integer(size, "y-dimension", 1, INT32_MAX, &height) == 0);
        }
        assert(width == rows[i].width && height == rows[i].height);
}

/* By a printer of the kind that describe() makes, which prints one-sided and in grey. */
static const struct {
        struct courier_ticket ticket;
        const char *left_out;
} missing[] = {
        { { .sides = "one-sided", .print_color_mode = "monochrome", .copies = 1 }, "" },
        { { .output_bin = "auto", .media_source = "auto", .print_quality = 4, .number_up = 1 }, "" },
        { { .media = A4, .orientation_requested = 3, .multiple_document_handling = "single-document" }, "" },
        { { .sides = "two-sided-long-edge", .media = "iso_a0_841x1189mm" }, "sides-and-media" },
        { { .print_color_mode = "color", .copies = 2 }, "print-color-mode-and-copies" },
        { { .finishings = { 4, 5 }, .page_ranges = "2-3" }, "finishings-and-page-ranges" },
        { { .output_bin = "tray-9", .media_type = "x", .media_source = "y", .print_quality = 5 },
          "media-source-and-media-type-and-output-bin" },
};

static void miss(size_t i)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_builder printer = ipp_answer(arena, 0, 1);
        const struct ipp_attribute *attributes = describe(&printer, true);
        struct courier_ticket can;
        char words[46];

        ipp_add_boolean(&printer, "color-supported", false);
        ipp_ticket_select(&missing[i].ticket, attributes, &can);
        ipp_ticket_left_out(&missing[i].ticket, &can, attributes, words, sizeof(words));
        printf("without %s\n", words);
        assert(strcmp(words, missing[i].left_out) == 0);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                fflush(stdout);
                try(i);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(missing); i++)
                miss(i);
        return 0;
}
