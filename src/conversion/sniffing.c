// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/sniffing.h"

#include <stdio.h>

#include "base/outcome.h"
#include "conversion/charset.h"
#include "conversion/order.h"

_Static_assert(SNIFFING_CHARSET == ORDER_CHARSET, "a charset that was found fits into an order");

/* UTF-8 is what a text is without a word, where its octets are that. */
static void keep_charset(struct sniffing *sniffing, struct text charset)
{
        if (!text_equal_nocase(charset, TEXT_OF("utf-8")) && !text_equal_nocase(charset, TEXT_OF("us-ascii")))
                text_copy(charset, sniffing->charset, sizeof(sniffing->charset));
}

void sniffing_init(struct sniffing *sniffing, struct text media_type, struct text name)
{
        struct text type, parameters;
        bool is_unsaid;

        text_cut(media_type, ';', &type, &parameters);
        type = text_trim(type);
        is_unsaid = type.len == 0 || text_equal_nocase(type, text_from(MEDIA_TYPE_UNSAID));
        *sniffing = (struct sniffing){ .declared = is_unsaid ? format_from_name(name)
                                                             : format_from_media_type(type) };
        sniffing->is_foreign = !is_unsaid && !sniffing->declared;
        keep_charset(sniffing, charset_of_media_type(media_type));
        buffer_init(&sniffing->beginning, SNIFF_OCTETS_MAX);
}

void sniffing_done(struct sniffing *sniffing)
{
        buffer_done(&sniffing->beginning);
}

static void settle(struct sniffing *sniffing, enum format format)
{
        sniffing->is_settled = true;
        sniffing->format = format;
        buffer_done(&sniffing->beginning);
}

static void look(struct sniffing *sniffing, bool is_whole)
{
        struct text beginning = buffer_text(&sniffing->beginning);
        struct sniffed found = sniff(beginning, is_whole, sniffing->declared);

        if (is_whole || !found.wants_more)
                settle(sniffing, found.format);
}

/* Looks once when the usual number is there, and for the containers that want more of it once at the end. */
int sniffing_push(struct sniffing *sniffing, struct text octets)
{
        struct buffer *beginning = &sniffing->beginning;

        while (!sniffing->is_settled && octets.len) {
                size_t limit = beginning->len < SNIFF_OCTETS ? SNIFF_OCTETS : SNIFF_OCTETS_MAX;
                size_t room = limit - beginning->len;
                size_t part = octets.len < room ? octets.len : room;

                buffer_add(beginning, octets.at, part);
                if (beginning->failure)
                        return fault(beginning->failure);
                octets = (struct text){ octets.at + part, octets.len - part };
                if (beginning->len == limit)
                        look(sniffing, false);
        }
        return 0;
}

void sniffing_finish(struct sniffing *sniffing)
{
        if (!sniffing->is_settled)
                look(sniffing, true);
}

static bool is_text(enum format format)
{
        return format == FORMAT_TEXT || format == FORMAT_MARKDOWN || format == FORMAT_CSV ||
               format == FORMAT_HTML;
}

const char *sniffing_media_type(struct sniffing *sniffing)
{
        const char *type = format_media_type(sniffing->format);

        if (sniffing->is_foreign && (!sniffing->format || sniffing->format == FORMAT_TEXT))
                return "";
        if (!sniffing->charset[0] || !is_text(sniffing->format))
                return type;
        snprintf(sniffing->media_type, sizeof(sniffing->media_type), "%s; charset=%s", type,
                 sniffing->charset);
        return sniffing->media_type;
}
