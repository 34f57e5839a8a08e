// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/markup.h"

#include <errno.h>
#include <md4c-html.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/charset.h"
#include "os/file.h"
#include "render/outcome.h"
#include "render/wrap.h"

#define MARK         "\xef\xbb\xbf"
#define REPLACEMENT  "\xef\xbf\xbd"
#define PIECE_OCTETS 32768
#define PAGE         "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><style>"

/* Octets on their way to a descriptor; a failure is sticky. */
struct output {
        int fd;
        int failure;
        uint64_t left;
        char piece[PIECE_OCTETS];
        size_t len;
};

static void flush(struct output *output)
{
        int r = output->failure ? 0 : file_write(output->fd, output->piece, output->len);

        if (r < 0)
                output->failure = r;
        output->len = 0;
}

static void add(struct output *output, const char *octets, size_t len)
{
        if (len > output->left)
                output->failure = output->failure ? output->failure : RENDER_LIMIT;
        if (output->failure)
                return;
        output->left -= len;
        while (len) {
                size_t room = sizeof(output->piece) - output->len;
                size_t part = len < room ? len : room;

                memcpy(output->piece + output->len, octets, part);
                output->len += part;
                octets += part;
                len -= part;
                if (output->len == sizeof(output->piece))
                        flush(output);
        }
}

static void add_string(struct output *output, const char *string)
{
        add(output, string, strlen(string));
}

static int finish(struct output *output)
{
        flush(output);
        return output->failure;
}

static struct text without_mark(struct text text)
{
        if (text_starts_with(text, MARK))
                return text_from_octets(text.at + strlen(MARK), text.len - strlen(MARK));
        return text;
}

int markup_decode(iconv_t converter, struct text octets, uint64_t octets_max, int to)
{
        struct output output = { .fd = to, .left = octets_max };
        char *from = (char *)(uintptr_t)octets.at;
        size_t left = octets.len;
        char room[4096];

        add_string(&output, MARK);
        while (left && !output.failure) {
                char *at = room;
                size_t free = sizeof(room);
                size_t r = iconv(converter, &from, &left, &at, &free);

                add(&output, room, (size_t)(at - room));
                if (r != (size_t)-1 || errno == E2BIG)
                        continue;
                add_string(&output, REPLACEMENT);
                from++;
                left--;
        }
        return finish(&output);
}

bool markup_is_plain(struct text text)
{
        for (size_t at = 0; at < text.len;) {
                uint32_t code = text.at[at] ? utf8_next(text, &at) : 0;

                if (!code && text.at[at++])
                        return true; /* no UTF-8: taken for Latin-1 there */
                if (!wrap_text_has(code))
                        return false;
        }
        return true;
}

static void take_html(const MD_CHAR *html, MD_SIZE len, void *context)
{
        add(context, html, len);
}

int markup_from_markdown(struct text text, uint64_t octets_max, int to)
{
        struct output output = { .fd = to, .left = octets_max };

        text = without_mark(text);
        add_string(
                &output, PAGE
                "body { font: 11pt/1.4 sans-serif } pre, code { font: 9.5pt monospace }"
                " pre { white-space: pre-wrap; background: #f4f4f4; padding: 6pt }"
                " table { border-collapse: collapse } th, td { border: 0.5pt solid #888; padding: 3pt 6pt }"
                " blockquote { border-left: 2pt solid #aaa; margin-left: 0; padding-left: 10pt }"
                " h1, h2, h3 { break-after: avoid }</style></head><body>\n");
        if (text.len > UINT32_MAX)
                return RENDER_LIMIT;
        if (md_html(text.at, (MD_SIZE)text.len, take_html, &output, MD_DIALECT_GITHUB | MD_FLAG_NOHTML,
                    MD_HTML_FLAG_SKIP_UTF8_BOM))
                return fault(-ENOMEM);
        add_string(&output, "</body></html>\n");
        return finish(&output);
}
