// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/anchor.h"

#include <stdio.h>
#include <string.h>

#include "audit/line.h"
#include "base/scope.h"
#include "cli/command.h"
#include "cli/profile.h"
#include "os/file.h"

bool anchor_path(const char *named, struct id tenant, char *ret, size_t size)
{
        char id[ID_STRING], name[64];

        if (named)
                return text_copy(text_from(named), ret, size);
        id_format(tenant, id);
        snprintf(name, sizeof(name), "anchor-%s", id);
        return profile_path_beside(name, ret, size);
}

int anchor_read(const char *path, struct audit_checkpoint *ret, bool *ret_found)
{
        SCOPED(buffer_done) struct buffer file = BUFFER(AUDIT_LINE_MAX + 1);
        struct audit_line line;
        struct text text;
        int r = file_read(path, AUDIT_LINE_MAX, &file);

        *ret_found = false;
        if (r == FILE_NOT_FOUND)
                return EXIT_DONE;
        if (r < 0)
                return complain("%s: cannot be read: %s", path, strerror(-r));
        text = text_trim(buffer_text(&file));
        if (r > 0 || !audit_line_parse(text, &line) || line.type != AUDIT_THROUGH ||
            !audit_checkpoint_is_signed(&line.checkpoint))
                return complain("%s: not an anchor. It is the first line of an export.", path);
        *ret = line.checkpoint;
        *ret_found = true;
        return EXIT_DONE;
}

int anchor_write(const char *path, const struct audit_checkpoint *checkpoint)
{
        SCOPED(buffer_done) struct buffer line = BUFFER(AUDIT_LINE_MAX);
        int r;

        audit_checkpoint_line(AUDIT_THROUGH, checkpoint, &line);
        r = line.failure ? line.failure : file_replace(path, 0644, buffer_text(&line));
        return r ? complain("%s: cannot be written: %s", path, strerror(r < 0 ? -r : 0)) : EXIT_DONE;
}
