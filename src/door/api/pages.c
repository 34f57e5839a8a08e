// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a document looks like: images of its pages, for its owner. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/preview.h"
#include "core/job/recipe.h"
#include "core/trail/watch.h"
#include "door/api/api.h"

#define WAIT_MS 2000 /* for an image that is not made yet */

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        return fold(preview_read(context, to, size, ret_length));
}

static void close_preview(void *context)
{
        preview_close(context);
}

static int answer_image(struct request *request, struct preview *preview)
{
        struct http_source source = { .pull = pull, .close = close_preview, .context = preview };
        int r;

        /* Plain text must not lie in a cache of anybody's. */
        r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r) {
                preview_close(preview);
                return r;
        }
        return http_respond_stream(request->x, 200, "image/jpeg", (int64_t)preview_size_octets(preview),
                                   &source);
}

static int refuse(struct request *request, int r, const char *reason)
{
        if (r == CORE_BAD_FORMAT)
                return request_problem(request, &problem_no_image, conversion_sentence(reason));
        return r == CORE_BUSY ? request_problem(request, &problem_not_ready, NULL)
                              : request_refuse(request, r);
}

static bool read_width(struct request *request, uint32_t *ret)
{
        uint64_t width = RECIPE_PREVIEW_WIDTH;
        struct text word;

        if (http_query(request->x, "width", &word) && !text_number(word, UINT32_MAX, &width))
                return false;
        *ret = (uint32_t)width;
        return recipe_has_width(*ret);
}

int job_page_answer(struct request *request)
{
        char reason[CORE_WORDS] = "";
        struct preview *preview;
        struct job job;
        uint64_t page;
        uint32_t width;
        int r = request_find_job(request, &job);

        if (r)
                return request_refuse(request, r);
        if (!text_number(request->arguments[1], UINT32_MAX, &page) || page == 0)
                return request_refuse(request, CORE_NOT_FOUND);
        if (!read_width(request, &width))
                return request_bad(request, "\"width\" is 240, 800 or 1600 (pixels).");
        r = preview_open(request->core, &request->actor, job.id, (uint32_t)page, width, WAIT_MS, reason,
                         &preview);
        if (r)
                return refuse(request, r, reason);
        r = watch_look(request->core, &request->actor, "page-viewed", "", job.id);
        if (r) {
                preview_close(preview);
                return request_refuse(request, r);
        }
        return answer_image(request, preview);
}
