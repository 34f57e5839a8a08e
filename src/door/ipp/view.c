// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/view.h"

#include "conversion/sniffing.h"

/*
 * Options of a pull queue: what offices print on, by any kind of printer. What a given printer lacks is
 * settled when the job meets it.
 */
static const struct printer pull_printer = {
        .make_and_model = "Imprimatur Follow-Me Queue",
        .location = "At every printer",
        .accepting = true,
        .colour = true,
        .duplex = true,
        .resolution_dpi = 600,
        .pages_per_minute = 30,
        .formats = { "application/pdf", "image/jpeg", "image/pwg-raster", "image/urf", "text/plain" },
        .format_count = 5,
        .media = { "iso_a4_210x297mm", "na_letter_8.5x11in", "iso_a3_297x420mm", "iso_a5_148x210mm",
                   "iso_a6_105x148mm", "na_legal_8.5x14in", "na_ledger_11x17in", "na_index-4x6_4x6in",
                   "iso_b5_176x250mm", "iso_c5_162x229mm", "iso_dl_110x220mm", "na_number-10_4.125x9.5in" },
        .media_count = 12,
        .trays = 1,
        .output_bins = { "auto", "face-down", "face-up" },
        .output_bin_count = 3,
        .media_types = { "auto", "stationery", "stationery-letterhead", "transparency", "labels",
                         "envelope" },
        .media_type_count = 6,
        .media_sources = { "auto", "tray-1" },
        .media_source_count = 2,
};

const struct printer *ipp_view_pull_printer(void)
{
        return &pull_printer;
}

/*
 * The client's Host header becomes part of the URIs it reads, so only what can stand in a URI's authority is
 * taken over.
 */
static bool host_is_good(struct text host)
{
        for (size_t i = 0; i < host.len; i++) {
                char c = host.at[i];

                if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
                    c != '.' && c != '-' && c != ':' && c != '[' && c != ']' && c != '_')
                        return false;
        }
        return host.len > 0;
}

void ipp_view_set_host(struct ipp_view *view, struct text host)
{
        if (!host_is_good(host) || !text_copy(host, view->host, sizeof(view->host)))
                text_copy(TEXT_OF("localhost"), view->host, sizeof(view->host));
}

const char *ipp_view_uri(const struct ipp_view *view, struct arena *arena, uint32_t number)
{
        const char *scheme = view->is_secure ? "ipps" : "ipp", *slash = view->address.len ? "/" : "";
        int length = (int)view->address.len;

        if (number)
                return arena_format(arena, "%s://%s/ipp/print/%s/%s%s%.*s/%u", scheme, view->host,
                                    view->queue->tenant_name, view->queue->name, slash, length,
                                    length ? view->address.at : "", number);
        return arena_format(arena, "%s://%s/ipp/print/%s/%s%s%.*s", scheme, view->host,
                            view->queue->tenant_name, view->queue->name, slash, length,
                            length ? view->address.at : "");
}

int32_t ipp_view_seconds(const struct ipp_view *view, int64_t unix_ms)
{
        int64_t seconds = (unix_ms - view->queue->created_ms) / 1000 + 1;

        if (seconds < 1)
                return 1;
        return seconds > INT32_MAX ? INT32_MAX : (int32_t)seconds;
}

enum accounting_needs ipp_view_accounting(const struct ipp_view *view)
{
        enum accounting_needs of_queue = view->queue->accounting, of_printer = view->printer->accounting;

        return of_printer > of_queue ? of_printer : of_queue;
}

bool ipp_view_takes(const struct ipp_view *view, struct text format)
{
        if (text_equal_string(format, MEDIA_TYPE_UNSAID))
                return true;
        /* What stays is printed as it is. */
        if (view->queue->documents == DOCUMENTS_SITE)
                return (view->queue->takes_raw || !format_is_raw(format_from_media_type(format))) &&
                       printer_takes(view->printer, format);
        return queue_takes(view->queue, view->queue->kind == QUEUE_PULL ? NULL : view->printer, format);
}
