// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/terms.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/encoding.h"
#include "base/scope.h"
#include "ipp/build.h"
#include "ipp/names.h"

#define PRINTER "01a1fc48-676c-7488-a6bb-ee80369fa8c0"
#define OTHER   "01a1fc48-676c-7488-a6bb-ee80369fa8c1"
#define OWN     "01a1fc48-676c-7488-a6bb-ee80369fa8c2"
#define ADA     "01a1fc48-676c-7488-a6bb-ee80369fa8c3"
#define OFFER                                                                                                         \
        "{\"delivery\":\"00000000-0000-0000-0000-000000000000\",\"epoch\":1,\"name\":\"imprimatur\",\"document\":"    \
        "{\"size\":0,\"sealed_size\":1,\"format\":\"\",\"seal_id\":\"\"},\"printer\":{\"id\":\"" PRINTER              \
        "\",\"addresses\":[\"ipps://p\"],\"formats\":[\"application/pdf\"],\"identity\":null},\"ticket\":{\"sides\":" \
        "\"two-sided-long-edge\"},\"lease_ms\":1,\"grant_ms\":1,\"stall_ms\":1}"
#define TERMS                                                                                                  \
        "{\"people\":[\"" OWN "\"],\"pairs\":[{\"queue\":\"pull\",\"deliveries\":[" OFFER                      \
        "],\"can\":{\"copies\":true,\"sides\":[\"one-sided\"],\"print_color_mode\":[\"auto\",\"monochrome\"]," \
        "\"print_quality\":[4],\"media\":[\"na_letter_8.5x11in\",\"iso_a4_210x297mm\"]}}]}"

static struct id id(const char *string)
{
        struct id ret;

        assert(id_parse(text_from(string), &ret));
        return ret;
}

static int ask(const char *terms, const char *metadata, const char *person, const char *printer,
               const char *format, struct offer *ret)
{
        return terms_offer(text_from(terms), text_from(metadata), id(person), id(printer), format, ret);
}

static void it_is_for_a_queue_a_printer_a_person_and_a_format(void)
{
        static const struct {
                const char *terms, *metadata, *person, *printer, *format;
                int r;
        } rows[] = {
                { TERMS, "{\"queue\":\"pull\"}", ADA, PRINTER, "application/pdf", 0 },
                { TERMS, "{\"queue\":\"pull\",\"ticket\":{}}", ADA, PRINTER, "application/pdf", 0 },
                { TERMS, "{\"queue\":\"pull\"}", OWN, PRINTER, "application/pdf", TERMS_NEEDS_SERVICE },
                { TERMS, "{\"queue\":\"push\"}", ADA, PRINTER, "application/pdf", TERMS_NEEDS_SERVICE },
                { TERMS, "{\"queue\":\"pull\"}", ADA, OTHER, "application/pdf", TERMS_NEEDS_SERVICE },
                { TERMS, "{\"queue\":\"pull\"}", ADA, PRINTER, "image/png", TERMS_OTHER_FORMAT },
                { TERMS, "{\"queue\":7}", ADA, PRINTER, "application/pdf", TERMS_NEEDS_SERVICE },
                { TERMS, "{}", ADA, PRINTER, "application/pdf", TERMS_NEEDS_SERVICE },
                { TERMS, "", ADA, PRINTER, "application/pdf", TERMS_NEEDS_SERVICE },
                { "", "{\"queue\":\"pull\"}", ADA, PRINTER, "application/pdf", TERMS_NEEDS_SERVICE },
                { "{\"pairs\":[7,{\"queue\":\"pull\",\"deliveries\":[{}]}]}", "{\"queue\":\"pull\"}", ADA,
                  PRINTER, "application/pdf", TERMS_NEEDS_SERVICE },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct offer offer = { .epoch = 0 };
                int r = ask(rows[i].terms, rows[i].metadata, rows[i].person, rows[i].printer, rows[i].format,
                            &offer);

                if (r != rows[i].r)
                        fprintf(stderr, "row %zu: %d\n", i, r);
                assert(r == rows[i].r);
                assert(r || (strcmp(offer.order.format, "application/pdf") == 0 &&
                             offer.order.address_count == 1 &&
                             strcmp(offer.order.ticket.sides, "two-sided-long-edge") == 0));
        }
}

static void by_lpd_there_are_copies(void)
{
        static const struct {
                const char *metadata;
                int r;
                uint32_t copies;
        } rows[] = {
                { "{\"queue\":\"pull\",\"ticket\":{\"copies\":3}}", 0, 3 },
                { "{\"queue\":\"pull\",\"ticket\":{\"copies\":0}}", TERMS_NEEDS_SERVICE, 0 },
                { "{\"queue\":\"pull\",\"ticket\":{\"copies\":1000}}", TERMS_NEEDS_SERVICE, 0 },
                { "{\"queue\":\"pull\",\"ticket\":{\"copies\":\"3\"}}", TERMS_NEEDS_SERVICE, 0 },
                { "{\"queue\":\"pull\",\"ticket\":{\"number_up\":2}}", TERMS_NEEDS_SERVICE, 0 },
                { "{\"queue\":\"pull\",\"ticket\":{\"copies\":2,\"number_up\":2}}", TERMS_NEEDS_SERVICE, 0 },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct offer offer = { .epoch = 0 };

                assert(ask(TERMS, rows[i].metadata, ADA, PRINTER, "application/pdf", &offer) == rows[i].r);
                assert(rows[i].r || offer.order.ticket.copies == rows[i].copies);
        }
}

/* A request with what add() adds to it. */
static int ask_ipp(void (*add)(struct ipp_builder *b), struct offer *ret)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        SCOPED(buffer_done) struct buffer octets = BUFFER(65536), metadata = BUFFER(65536);
        struct ipp_builder b = ipp_request(arena, IPP_PRINT_JOB, 1);

        ipp_add_string(&b, IPP_TAG_URI, "printer-uri", "ipps://x/ipp/print/demo/pull");
        ipp_add_string(&b, IPP_TAG_NAME, "job-name", "x");
        ipp_begin_group(&b, IPP_TAG_JOB);
        add(&b);
        assert(ipp_builder_format(&b, &octets) == 0);
        buffer_add_string(&metadata, "{\"queue\":\"pull\",\"ipp\":{\"message\":\"");
        base64_format(octets.at, octets.len, &metadata);
        buffer_add_string(&metadata, "\"}}");
        return ask(TERMS, buffer_string(&metadata), ADA, PRINTER, "application/pdf", ret);
}

static void add_usual(struct ipp_builder *b)
{
        ipp_add_integer(b, "copies", 2);
        ipp_add_string(b, IPP_TAG_KEYWORD, "sides", "one-sided");
        ipp_add_string(b, IPP_TAG_KEYWORD, "print-color-mode", "monochrome");
        ipp_add_enum(b, "print-quality", 4);
        ipp_add_enum(b, "finishings", 3);
        ipp_add_enum(b, "orientation-requested", 3);
        ipp_add_string(b, IPP_TAG_KEYWORD, "job-sheets", "none");
        ipp_begin_collection(b, "media-col");
        ipp_begin_collection(b, "media-size");
        ipp_add_integer(b, "x-dimension", 21000);
        ipp_add_integer(b, "y-dimension", 29700);
        ipp_end_collection(b);
        ipp_add_integer(b, "media-top-margin", 300);
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-type", "stationery");
        ipp_end_collection(b);
}

static void add_other_sides(struct ipp_builder *b)
{
        ipp_add_string(b, IPP_TAG_KEYWORD, "sides", "two-sided-short-edge");
}

static void add_staples(struct ipp_builder *b)
{
        ipp_add_enum(b, "finishings", 4);
}

static void add_none_and_staples(struct ipp_builder *b)
{
        ipp_add_enum(b, "finishings", 3);
        ipp_add_enum(b, "finishings", 4);
}

static void add_ranges(struct ipp_builder *b)
{
        ipp_add_range(b, "page-ranges", 1, 2);
}

static void add_digits(struct ipp_builder *b)
{
        ipp_add_string(b, IPP_TAG_OCTET_STRING, "job-password", "1234");
}

static void add_account(struct ipp_builder *b)
{
        ipp_add_string(b, IPP_TAG_NAME, "job-account-id", "4711");
}

static void add_large_paper(struct ipp_builder *b)
{
        ipp_begin_collection(b, "media-col");
        ipp_begin_collection(b, "media-size");
        ipp_add_integer(b, "x-dimension", 29700);
        ipp_add_integer(b, "y-dimension", 42000);
        ipp_end_collection(b);
        ipp_end_collection(b);
}

static void add_tray(struct ipp_builder *b)
{
        ipp_begin_collection(b, "media-col");
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-source", "tray-2");
        ipp_end_collection(b);
}

static void by_ipp_what_is_not_granted_waits(void)
{
        static void (*const waiting[])(struct ipp_builder *
                                       b) = { add_other_sides, add_staples, add_none_and_staples, add_ranges,
                                              add_digits,      add_account, add_large_paper,      add_tray };
        struct offer offer = { .epoch = 0 };
        const struct courier_ticket *ticket = &offer.order.ticket;

        assert(ask_ipp(add_usual, &offer) == 0);
        assert(ticket->copies == 2 && strcmp(ticket->sides, "one-sided") == 0 && ticket->print_quality == 4 &&
               strcmp(ticket->print_color_mode, "monochrome") == 0 &&
               strcmp(ticket->media, "iso_a4_210x297mm") == 0);
        for (size_t i = 0; i < ARRAY_LENGTH(waiting); i++)
                assert(ask_ipp(waiting[i], &offer) == TERMS_NEEDS_SERVICE);
        assert(ask(TERMS, "{\"queue\":\"pull\",\"ipp\":{\"message\":\"AQ==\"}}", ADA, PRINTER,
                   "application/pdf", &offer) == TERMS_NEEDS_SERVICE);
        assert(ask(TERMS, "{\"queue\":\"pull\",\"ipp\":{}}", ADA, PRINTER, "application/pdf", &offer) ==
               TERMS_NEEDS_SERVICE);
}

int main(void)
{
        it_is_for_a_queue_a_printer_a_person_and_a_format();
        by_lpd_there_are_copies();
        by_ipp_what_is_not_granted_waits();
        return 0;
}
