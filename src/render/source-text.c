// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/source-text.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/charset.h"
#include "conversion/sniff.h"
#include "render/confine.h"
#include "render/markup.h"
#include "render/outcome.h"
#include "render/tool.h"
#include "render/typeset.h"
#include "render/wrap.h"

/* A text on its way: what it was, and what has been made of it so far. */
struct making {
        const struct order *order;
        struct text text; /* mapped, where it is not the document's own */
        bool is_mapped;
        int fd; /* -1: it is the document's own */
        iconv_t converter;
        int (*make)(struct text text, uint64_t octets_max, int to);
        int to;
};

static void unmap(struct making *making)
{
        if (making->is_mapped)
                munmap((void *)(uintptr_t)making->text.at, making->text.len);
        making->is_mapped = false;
}

static void making_done(struct making *making)
{
        unmap(making);
        closep(&making->fd);
        if (making->converter != (iconv_t)-1)
                iconv_close(making->converter);
}

static int decode(void *context)
{
        const struct making *making = context;

        return markup_decode(making->converter, making->text, making->order->limits.output_octets,
                             making->to);
}

static int make(void *context)
{
        const struct making *making = context;

        return making->make(making->text, making->order->limits.output_octets, making->to);
}

static int map(struct making *making)
{
        struct stat stat;
        void *at;

        if (fstat(making->fd, &stat) < 0)
                return fault(-errno);
        if (stat.st_size == 0)
                return RENDER_DAMAGED;
        at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, making->fd, 0);
        if (at == MAP_FAILED)
                return fault(-errno);
        making->text = text_from_octets(at, (size_t)stat.st_size);
        making->is_mapped = true;
        return 0;
}

/* One step: work() writes the text anew. */
static int step(struct making *making, int (*work)(void *context))
{
        SCOPED(closep) int made = memfd_create("text", MFD_CLOEXEC);
        int r;

        if (made < 0)
                return fault(-errno);
        making->to = made;
        r = confine_run(&making->order->limits, making->to, work, making);
        if (r)
                return r;
        unmap(making);
        closep(&making->fd);
        making->fd = take_fd(&made);
        return map(making);
}

/* The encoding, as iconv calls it; NULL where it is UTF-8 already. */
static const char *charset_of(const struct order *order, struct text octets)
{
        enum charset guess = charset_guess(octets, true);

        /* A mark is surer than what was said of it. */
        if (guess == CHARSET_UTF_8 || guess == CHARSET_NONE)
                return order->charset[0] && guess == CHARSET_NONE ? order->charset : NULL;
        if (order->charset[0] && guess >= CHARSET_WINDOWS_1252)
                return order->charset;
        return charset_name(guess);
}

static int begin(const struct order *order, const struct source *source, struct making *ret)
{
        const char *charset = charset_of(order, source->octets);

        *ret = (struct making){ .order = order, .text = source->octets, .fd = -1, .converter = (iconv_t)-1 };
        if (!charset)
                return 0;
        /* Its tables are files, which are read now. */
        ret->converter = iconv_open("UTF-8", charset);
        if (ret->converter == (iconv_t)-1)
                return RENDER_UNSUPPORTED;
        return step(ret, decode);
}

static int lay_out(const struct making *making, const struct source *source, int *ret)
{
        int document = making->fd < 0 ? source->document : making->fd;

        return tool_run(&tool_html, making->order, document, source->deadline_ms, ret);
}

static int wrap(const struct making *making, int *ret)
{
        SCOPED(closep) int pdf = memfd_create("pdf", MFD_CLOEXEC);
        int r;

        if (pdf < 0)
                return fault(-errno);
        r = wrap_document(making->order, making->text, pdf);
        if (r == 0)
                *ret = take_fd(&pdf);
        return r;
}

int source_text(const struct order *order, const struct source *source, int *ret)
{
        SCOPED(making_done) struct making making;
        int r;

        r = begin(order, source, &making);
        if (r)
                return r;
        if (markup_is_plain(making.text) || !typeset_is_there())
                return wrap(&making, ret);
        return typeset_run(order, making.fd < 0 ? source->document : making.fd, source->deadline_ms, ret);
}

int source_markdown(const struct order *order, const struct source *source, int *ret)
{
        SCOPED(making_done) struct making making;
        int r;

        r = begin(order, source, &making);
        if (r)
                return r;
        making.make = markup_from_markdown;
        r = step(&making, make);
        return r ? r : lay_out(&making, source, ret);
}

/* What an HTML document says of its own encoding is between it and its reader. */
int source_html(const struct order *order, const struct source *source, int *ret)
{
        SCOPED(making_done)
        struct making making = { .order = order, .text = source->octets, .fd = -1, .converter = (iconv_t)-1 };
        int r = 0;

        if (order->charset[0])
                r = begin(order, source, &making);
        return r ? r : lay_out(&making, source, ret);
}
