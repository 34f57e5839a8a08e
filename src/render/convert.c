// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/convert.h"

#include <errno.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/answer.h"
#include "render/ghostscript.h"
#include "render/outcome.h"

#define PIECE_OCTETS 65536

static int answer_copy(int from, uint64_t octets_max)
{
        char piece[PIECE_OCTETS];
        uint64_t offset = 0;

        for (;;) {
                ssize_t len = pread(from, piece, sizeof(piece), (off_t)offset);
                int r;

                if (len < 0 && errno == EINTR)
                        continue;
                if (len < 0)
                        return fault(-errno);
                if (len == 0)
                        return 0;
                offset += (uint64_t)len;
                if (offset > octets_max)
                        return RENDER_LIMIT;
                r = answer_document(NULL, text_from_octets(piece, (size_t)len));
                if (r < 0)
                        return r;
        }
}

int convert(const struct order *order, const struct source *source)
{
        SCOPED(closep) int pdf = -1;
        struct facts facts = { 0 };
        bool is_ready = false;
        int r;

        if (!format_is_target(order->to))
                return RENDER_UNSUPPORTED;
        r = source_to_pdf(order, source, &pdf, &is_ready);
        if (r)
                return r;
        if (is_ready && order->to == FORMAT_PDF && !order->grey && !order->pages[0])
                return answer_copy(pdf, order->limits.output_octets);
        r = ghostscript_run(order, pdf, source->deadline_ms, answer_document, NULL, &facts.pages);
        return r ? r : answer_facts(&facts);
}
