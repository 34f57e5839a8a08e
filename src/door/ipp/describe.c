// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <string.h>

#include "base/scope.h"
#include "core/job/document-password.h"
#include "door/ipp/media.h"
#include "door/ipp/operation.h"
#include "door/ipp/template.h"
#include "door/ipp/view.h"
#include "conversion/sniffing.h"

static void add_keywords(struct ipp_builder *b, const char *name, const char *const *keywords, size_t count)
{
        for (size_t i = 0; i < count; i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, name, keywords[i]);
}
#define ADD_KEYWORDS(b, name, ...)                                         \
        do {                                                               \
                static const char *const keywords_[] = { __VA_ARGS__ };    \
                add_keywords(b, name, keywords_, ARRAY_LENGTH(keywords_)); \
        } while (0)

static void add_all(struct ipp_builder *b, const char *name, const char *const *keywords)
{
        for (size_t i = 0; keywords[i]; i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, name, keywords[i]);
}

/* Its jobs wait for their owner at a printer. */
static bool holds(const struct ipp_view *view)
{
        return view->queue->kind != QUEUE_DIRECT;
}

static int32_t resolution_of(const struct printer *printer)
{
        return printer->resolution_dpi ? (int32_t)printer->resolution_dpi : 300;
}

/* At most 127 octets for text(127) and name(127), cut at a character. */
static void add_short(struct ipp_builder *b, uint8_t tag, const char *name, const char *string)
{
        struct text text = text_from(string);

        while (text.len > 127 ||
               (text.len && text.len < strlen(string) && ((uint8_t)string[text.len] & 0xc0) == 0x80))
                text.len--;
        ipp_add_text(b, tag, name, text);
}

static const char *title_of(const struct ipp_view *view)
{
        return view->queue->title[0] ? view->queue->title : view->queue->name;
}

/* Who it is, and where. */
static void describe_identity(struct ipp_builder *b, const struct ipp_view *view)
{
        const struct printer *printer = view->printer;
        const char *model = printer->make_and_model[0] ? printer->make_and_model : "Imprimatur Print Queue";
        const char *scheme = view->is_secure ? "https" : "http";
        char id[ID_STRING];

        id_format(view->queue->id, id);
        ipp_add_string(b, IPP_TAG_URI, "printer-uri-supported", ipp_view_uri(view, b->arena, 0));
        ipp_add_string(b, IPP_TAG_KEYWORD, "uri-security-supported", view->is_secure ? "tls" : "none");
        ipp_add_string(b, IPP_TAG_KEYWORD, "uri-authentication-supported",
                       view->address.len ? "none" : "basic");
        add_short(b, IPP_TAG_NAME, "printer-name", view->queue->name);
        add_short(b, IPP_TAG_TEXT, "printer-info", title_of(view));
        add_short(b, IPP_TAG_TEXT, "printer-location", printer->location);
        add_short(b, IPP_TAG_TEXT, "printer-make-and-model", model);
        ipp_add_out_of_band(b, IPP_TAG_UNKNOWN, "printer-geo-location");
        add_short(b, IPP_TAG_TEXT, "printer-organization",
                  view->organization[0] ? view->organization : view->queue->tenant_name);
        ipp_add_string(b, IPP_TAG_TEXT, "printer-organizational-unit", "");
        ipp_add_format(b, IPP_TAG_URI, "printer-uuid", "urn:uuid:%s", id);
        ipp_add_format(b, IPP_TAG_URI, "printer-more-info", "%s://%s/", scheme, view->host);
        ipp_add_format(b, IPP_TAG_URI, "printer-supply-info-uri", "%s://%s/", scheme, view->host);
        for (int side = 48; side <= 512; side = side == 48 ? 128 : side * 4)
                ipp_add_format(b, IPP_TAG_URI, "printer-icons", "%s://%s/ipp/icons/%d.png", scheme,
                               view->host, side);
        ADD_KEYWORDS(b, "printer-kind", "document");
}

/* IEEE 1284 (PWG 5107.2): ';' and ':' separate, so a model's name may not bring its own. */
static void describe_device_id(struct ipp_builder *b, const struct ipp_view *view)
{
        char model[128];
        size_t i;

        for (i = 0; i < sizeof(model) - 1 && view->printer->make_and_model[i]; i++) {
                char c = view->printer->make_and_model[i];

                model[i] = c == ';' || c == ':' || (uint8_t)c > 0x7e ? ' ' : c;
        }
        model[i] = '\0';
        ipp_add_format(b, IPP_TAG_TEXT, "printer-device-id",
                       "MFG:Imprimatur;MDL:%s;CMD:PDF,JPEG,PWGRaster,URF;", model[0] ? model : "Print Queue");
}

static void describe_state(struct ipp_builder *b, const struct ipp_view *view)
{
        bool accepting = view->queue->accepting && view->printer->accepting;
        bool working = !holds(view) && view->queued > 0;

        ipp_add_enum(b, "printer-state",
                     !accepting ? IPP_PRINTER_STOPPED
                     : working  ? IPP_PRINTER_PROCESSING
                                : IPP_PRINTER_IDLE);
        ipp_add_string(b, IPP_TAG_KEYWORD, "printer-state-reasons", accepting ? "none" : "paused");
        ipp_add_string(b, IPP_TAG_TEXT, "printer-state-message",
                       !accepting    ? "Switched off by an administrator."
                       : holds(view) ? view->queue->kind == QUEUE_SECURE
                                               ? "Ready. Documents wait until you identify at this printer."
                                               : "Ready. Documents wait until you identify at a printer."
                                     : "Ready.");
        ipp_add_boolean(b, "printer-is-accepting-jobs", accepting);
        ipp_add_integer(b, "queued-job-count",
                        (int32_t)(view->queued > INT32_MAX ? INT32_MAX : view->queued));
        ipp_add_string(b, IPP_TAG_OCTET_STRING, "printer-alert", "code=printerReadyToPrint;severity=other");
        ipp_add_string(b, IPP_TAG_TEXT, "printer-alert-description", "Ready to print.");
        /* Levels are the printer's to tell; -2 is "unknown" (RFC 3805, prtMarkerSuppliesLevel). */
        ipp_add_string(b, IPP_TAG_OCTET_STRING, "printer-supply",
                       "type=other;maxcapacity=-2;level=-2;class=other;unit=other;colorantname=none;");
        ipp_add_string(b, IPP_TAG_TEXT, "printer-supply-description", "See the printer's own panel.");

        ipp_add_integer(b, "printer-up-time", ipp_view_seconds(view, view->now_ms));
        ipp_add_date(b, "printer-current-time", view->now_ms);
        ipp_add_integer(b, "printer-state-change-time", ipp_view_seconds(view, view->started_ms));
        ipp_add_date(b, "printer-state-change-date-time", view->started_ms);
        ipp_add_integer(b, "printer-config-change-time", ipp_view_seconds(view, view->queue->created_ms));
        ipp_add_date(b, "printer-config-change-date-time", view->queue->created_ms);
}

static void describe_protocol(struct ipp_builder *b, const struct ipp_view *view)
{
        ADD_KEYWORDS(b, "ipp-versions-supported", "1.1", "2.0");
        ADD_KEYWORDS(b, "ipp-features-supported", "ipp-everywhere");
        if (holds(view))
                ADD_KEYWORDS(b, "ipp-features-supported", "ipp-everywhere-server", "job-release");
        for (size_t i = 0; i < ipp_handler_count(); i++)
                ipp_add_enum(b, "operations-supported", ipp_handler_at(i)->code);
        ipp_add_string(b, IPP_TAG_CHARSET, "charset-configured", "utf-8");
        ipp_add_string(b, IPP_TAG_CHARSET, "charset-supported", "utf-8");
        ipp_add_string(b, IPP_TAG_LANGUAGE, "natural-language-configured", "en");
        ipp_add_string(b, IPP_TAG_LANGUAGE, "generated-natural-language-supported", "en");
        if (view->queue->documents == DOCUMENTS_SITE)
                ADD_KEYWORDS(b, "compression-supported", "none");
        else
                ADD_KEYWORDS(b, "compression-supported", "none", "gzip", "deflate");
        ADD_KEYWORDS(b, "pdl-override-supported", "attempted");
        ADD_KEYWORDS(b, "printer-get-attributes-supported", "document-format");
        ADD_KEYWORDS(b, "which-jobs-supported", "completed", "not-completed", "all");
        ipp_add_boolean(b, "preferred-attributes-supported", false);
        ipp_add_boolean(b, "job-ids-supported", true);
        ipp_add_boolean(b, "multiple-document-jobs-supported", false);
        ipp_add_integer(b, "multiple-operation-time-out", (int32_t)(view->time_out_ms / 1000));
        ADD_KEYWORDS(b, "multiple-operation-time-out-action", "abort-job");
        ADD_KEYWORDS(b, "identify-actions-default", "display");
        ADD_KEYWORDS(b, "identify-actions-supported", "display");
        ipp_add_range(b, "job-k-octets-supported", 0,
                      (int32_t)(view->octets_max / 1024 > INT32_MAX ? INT32_MAX : view->octets_max / 1024));
        ADD_KEYWORDS(b, "job-settable-attributes-supported", "copies", "finishings", "media", "media-col",
                     "orientation-requested", "output-bin", "page-ranges", "print-color-mode",
                     "print-quality", "printer-resolution", "sides");
        for (size_t i = 0; ipp_template_name(i); i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "job-creation-attributes-supported", ipp_template_name(i));
        if (ipp_view_accounting(view) >= ACCOUNTING_ACCOUNT)
                ADD_KEYWORDS(b, "job-creation-attributes-supported", "job-account-id");
        if (ipp_view_accounting(view) >= ACCOUNTING_ACCOUNT_AND_USER)
                ADD_KEYWORDS(b, "job-creation-attributes-supported", "job-accounting-user-id");
}

static bool has_format(const struct ipp_view *view, enum format format)
{
        return ipp_view_takes(view, text_from(format_media_type(format)));
}

static void describe_formats(struct ipp_builder *b, const struct ipp_view *view)
{
        const struct printer *printer = view->printer;

        ipp_add_string(b, IPP_TAG_MIME, "document-format-default", MEDIA_TYPE_UNSAID);
        ipp_add_string(b, IPP_TAG_MIME, "document-format-supported", MEDIA_TYPE_UNSAID);
        for (int format = FORMAT_UNKNOWN + 1; format < FORMAT_COUNT; format++)
                if (has_format(view, (enum format)format))
                        ipp_add_string(b, IPP_TAG_MIME, "document-format-supported",
                                       format_media_type((enum format)format));
        /* A printer's own further ones. */
        for (size_t i = 0; i < printer->format_count; i++)
                if (!format_from_media_type(text_from(printer->formats[i])) &&
                    strcmp(printer->formats[i], MEDIA_TYPE_UNSAID) != 0)
                        ipp_add_string(b, IPP_TAG_MIME, "document-format-supported", printer->formats[i]);
        if (has_format(view, FORMAT_PDF)) {
                ipp_add_integer(b, "document-password-supported",
                                view->is_secure && view->opens_documents ? DOCUMENT_PASSWORD_OCTETS : 0);
                ADD_KEYWORDS(b, "pdf-versions-supported", "adobe-1.3", "adobe-1.4", "adobe-1.5", "adobe-1.6",
                             "adobe-1.7", "iso-32000-1_2008");
        }
}

/* PWG raster (PWG 5102.4) and Apple raster: resolutions, colours, and how the back side is turned. */
static void describe_raster(struct ipp_builder *b, const struct ipp_view *view)
{
        const struct printer *printer = view->printer;
        int32_t dpi = resolution_of(printer);

        if (has_format(view, FORMAT_PWG_RASTER)) {
                ipp_add_resolution(b, "pwg-raster-document-resolution-supported", 300, 300);
                if (dpi != 300)
                        ipp_add_resolution(b, "pwg-raster-document-resolution-supported", dpi, dpi);
                ADD_KEYWORDS(b, "pwg-raster-document-type-supported", "black_1", "sgray_8");
                if (printer->colour)
                        ADD_KEYWORDS(b, "pwg-raster-document-type-supported", "srgb_8");
                ADD_KEYWORDS(b, "pwg-raster-document-sheet-back", "normal");
        }
        if (has_format(view, FORMAT_APPLE_RASTER)) {
                ADD_KEYWORDS(b, "urf-supported", "V1.4", "CP1", "W8", "PQ3-4-5");
                ipp_add_string(b, IPP_TAG_KEYWORD, "urf-supported", dpi == 600 ? "RS300-600" : "RS300");
                if (printer->colour)
                        ADD_KEYWORDS(b, "urf-supported", "SRGB24");
                if (printer->duplex)
                        ADD_KEYWORDS(b, "urf-supported", "DM1");
        }
}

static void describe_abilities(struct ipp_builder *b, const struct ipp_view *view)
{
        const struct printer *printer = view->printer;
        int32_t pages = printer->pages_per_minute ? (int32_t)printer->pages_per_minute : 20;

        ipp_add_boolean(b, "color-supported", printer->colour);
        ipp_add_integer(b, "pages-per-minute", pages);
        if (printer->colour)
                ipp_add_integer(b, "pages-per-minute-color", pages);
        describe_formats(b, view);
        describe_raster(b, view);
}

/* What the queue usually does, or what printers do where nobody says anything. */
static void add_default(struct ipp_builder *b, const char *name, const char *usual, const char *otherwise)
{
        ipp_add_string(b, IPP_TAG_KEYWORD, name, usual[0] ? usual : otherwise);
}

static void add_default_enum(struct ipp_builder *b, const char *name, uint32_t usual, int32_t otherwise)
{
        ipp_add_enum(b, name, usual ? (int32_t)usual : otherwise);
}

static void describe_quality(struct ipp_builder *b, const struct ipp_view *view)
{
        const struct printer *printer = view->printer;
        const struct ticket *usual = &view->defaults;
        int32_t dpi = resolution_of(printer);
        int32_t usual_dpi = usual->resolution_dpi ? (int32_t)usual->resolution_dpi : dpi;

        add_default(b, "print-color-mode-default", usual->print_color_mode, "auto");
        ADD_KEYWORDS(b, "print-color-mode-supported", "auto", "monochrome");
        if (printer->colour)
                ADD_KEYWORDS(b, "print-color-mode-supported", "color");
        ADD_KEYWORDS(b, "print-content-optimize-default", "auto");
        ADD_KEYWORDS(b, "print-content-optimize-supported", "auto");
        ADD_KEYWORDS(b, "print-rendering-intent-default", "auto");
        ADD_KEYWORDS(b, "print-rendering-intent-supported", "auto");
        add_default(b, "print-scaling-default", usual->print_scaling, "auto");
        add_all(b, "print-scaling-supported", ipp_scalings);
        add_default_enum(b, "print-quality-default", usual->print_quality, IPP_QUALITY_NORMAL);
        ipp_add_enum(b, "print-quality-supported", IPP_QUALITY_DRAFT);
        ipp_add_enum(b, "print-quality-supported", IPP_QUALITY_NORMAL);
        ipp_add_enum(b, "print-quality-supported", IPP_QUALITY_HIGH);
        ipp_add_resolution(b, "printer-resolution-default", usual_dpi, usual_dpi);
        if (dpi != 300)
                ipp_add_resolution(b, "printer-resolution-supported", 300, 300);
        ipp_add_resolution(b, "printer-resolution-supported", dpi, dpi);
}

static void describe_finishings(struct ipp_builder *b, const struct printer *printer,
                                const uint32_t usual[TICKET_FINISHINGS])
{
        for (size_t i = 0; i < TICKET_FINISHINGS && usual[i]; i++)
                ipp_add_enum(b, "finishings-default", (int32_t)usual[i]);
        if (!usual[0])
                ipp_add_enum(b, "finishings-default", IPP_FINISHINGS_NONE);
        ipp_add_enum(b, "finishings-supported", IPP_FINISHINGS_NONE);
        for (size_t i = 0; i < printer->finishing_count; i++)
                if (printer->finishings[i] != IPP_FINISHINGS_NONE)
                        ipp_add_enum(b, "finishings-supported", (int32_t)printer->finishings[i]);
}

static void describe_sheets(struct ipp_builder *b, const struct ipp_view *view)
{
        const struct ticket *usual = &view->defaults;

        add_default(b, "sides-default", usual->sides, "one-sided");
        ADD_KEYWORDS(b, "sides-supported", "one-sided");
        if (view->printer->duplex)
                ADD_KEYWORDS(b, "sides-supported", "two-sided-long-edge", "two-sided-short-edge");
        ipp_add_integer(b, "copies-default", usual->copies ? (int32_t)usual->copies : 1);
        ipp_add_range(b, "copies-supported", 1, 999);
        describe_finishings(b, view->printer, usual->finishings);
        add_default(b, "multiple-document-handling-default", usual->multiple_document_handling,
                    "separate-documents-collated-copies");
        ADD_KEYWORDS(b, "multiple-document-handling-supported", "separate-documents-collated-copies",
                     "separate-documents-uncollated-copies");
        ipp_add_integer(b, "number-up-default", usual->number_up ? (int32_t)usual->number_up : 1);
        for (size_t i = 0; i < IPP_NUMBERS_UP; i++)
                ipp_add_integer(b, "number-up-supported", ipp_numbers_up[i]);
        add_default(b, "presentation-direction-number-up-default", usual->presentation_direction_number_up,
                    "toright-tobottom");
        add_all(b, "presentation-direction-number-up-supported", ipp_directions);
        add_default(b, "imposition-template-default", usual->imposition_template, "none");
        add_all(b, "imposition-template-supported", ipp_impositions);
        add_default_enum(b, "orientation-requested-default", usual->orientation_requested,
                         IPP_ORIENTATION_PORTRAIT);
        for (int32_t i = IPP_ORIENTATION_PORTRAIT; i <= IPP_ORIENTATION_REVERSE_PORTRAIT; i++)
                ipp_add_enum(b, "orientation-requested-supported", i);
        add_default(b, "output-bin-default", usual->output_bin, "auto");
        for (size_t i = 0; printer_output_bin(view->printer, i); i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "output-bin-supported",
                               printer_output_bin(view->printer, i));
        ipp_add_boolean(b, "page-ranges-supported", has_format(view, FORMAT_PDF));
        ADD_KEYWORDS(b, "overrides-supported", "document-number", "document-numbers", "pages");
}

/* How a job waits: for Release-Job on a direct queue, for its owner at a printer on the others. */
static void describe_holding(struct ipp_builder *b, const struct ipp_view *view)
{
        ipp_add_string(b, IPP_TAG_KEYWORD, "job-hold-until-default", holds(view) ? "indefinite" : "no-hold");
        ADD_KEYWORDS(b, "job-hold-until-supported", "no-hold", "indefinite");
        if (holds(view)) {
                ADD_KEYWORDS(b, "job-release-action-default", "owner-authorized");
                ADD_KEYWORDS(b, "job-release-action-supported", "owner-authorized");
        }
}

/* Who pays, where that is asked for: clients then ask people. What administrators say in their place is not
 * told. */
static void describe_accounting(struct ipp_builder *b, const struct ipp_view *view)
{
        enum accounting_needs needs = ipp_view_accounting(view);

        ipp_add_boolean(b, "job-account-id-supported", needs >= ACCOUNTING_ACCOUNT);
        if (needs >= ACCOUNTING_ACCOUNT)
                ipp_add_out_of_band(b, IPP_TAG_NO_VALUE, "job-account-id-default");
        ipp_add_boolean(b, "job-accounting-user-id-supported", needs >= ACCOUNTING_ACCOUNT_AND_USER);
        if (needs >= ACCOUNTING_ACCOUNT_AND_USER)
                ipp_add_out_of_band(b, IPP_TAG_NO_VALUE, "job-accounting-user-id-default");
}

void ipp_describe_printer(struct ipp_builder *b, const struct ipp_view *view)
{
        ipp_set_category(b, IPP_CATEGORY_DESCRIPTION);
        describe_identity(b, view);
        describe_device_id(b, view);
        describe_state(b, view);
        describe_protocol(b, view);
        describe_abilities(b, view);

        ipp_set_category(b, IPP_CATEGORY_TEMPLATE);
        describe_quality(b, view);
        describe_sheets(b, view);
        describe_holding(b, view);
        describe_accounting(b, view);
        ipp_describe_media(b, view->printer, &view->defaults);
}
