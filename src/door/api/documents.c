// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The document of a job itself, for its owner to look at where images of its pages do not do. */

#include "base/outcome.h"
#include "conversion/format.h"
#include "core/job/preview.h"
#include "core/trail/watch.h"
#include "door/api/api.h"
#include "door/disposition.h"

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        return fold(preview_read(context, to, size, ret_length));
}

static void close_document(void *context)
{
        preview_close(context);
}

/* It was made by anybody: no browser runs it as a page of ours, guesses what it is, or keeps it. */
static int add_headers(struct http_exchange *x, const struct job *job)
{
        const char *extension = format_extension(format_from_media_type(text_from(job->format)));
        char disposition[DISPOSITION_OCTETS];
        int r;

        disposition_format(text_from(job->title), extension, disposition);
        r = http_add_header(x, "Content-Disposition", disposition);
        if (r == 0)
                r = http_add_header(x, "Cache-Control", "no-store");
        if (r == 0)
                r = http_add_header(x, "Content-Security-Policy", "default-src 'none'; sandbox");
        return r ? r : http_add_header(x, "X-Content-Type-Options", "nosniff");
}

int job_document_answer(struct request *request)
{
        struct http_source source = { .pull = pull, .close = close_document };
        struct preview *document;
        struct job job;
        int r = request_find_job(request, &job);

        if (r)
                return request_refuse(request, r);
        r = preview_open_document(request->core, &request->actor, job.id, &document);
        if (r)
                return request_refuse(request, r);
        r = watch_look(request->core, &request->actor, "document-viewed", "", job.id);
        if (r == 0)
                r = add_headers(request->x, &job);
        if (r) {
                preview_close(document);
                return request_refuse(request, r);
        }
        source.context = document;
        return http_respond_stream(request->x, 200, job.format, (int64_t)preview_size_octets(document),
                                   &source);
}
