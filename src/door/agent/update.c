// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The manifest of an update, as its maker signed it: the service hands it on, and need not be believed. */

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"
#include "os/file.h"

#define MANIFEST_OCTETS_MAX 8192

int update_answer(struct request *request)
{
        const char *path = request->door->settings.update_manifest;
        SCOPED(buffer_done) struct buffer manifest = BUFFER(MANIFEST_OCTETS_MAX);
        int r = path[0] ? file_read(path, manifest.max, &manifest) : FILE_NOT_FOUND;

        if (r == FILE_NOT_FOUND)
                return request_answer_nothing(request);
        if (r)
                return fold(r);
        return http_respond(request->x, 200, "text/plain; charset=us-ascii", buffer_text(&manifest));
}
