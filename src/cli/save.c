// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/save.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"
#include "cli/command.h"

static void file_closep(FILE **file)
{
        if (*file)
                fclose(*file);
}

int save_file(const char *name, int (*write)(void *context, FILE *to), void *context)
{
        SCOPED(file_closep) FILE *file = NULL;
        char part[4096];
        int status;

        if ((size_t)snprintf(part, sizeof(part), "%s.part", name) >= sizeof(part))
                return complain("%s: the name is too long.", name);
        file = fopen(part, "we");
        if (!file)
                return complain("%s: cannot be written: %s", part, strerror(errno));
        status = write(context, file);
        if (status == 0 && (fflush(file) || fsync(fileno(file)) || rename(part, name)))
                status = complain("%s: cannot be written: %s", name, strerror(errno));
        if (status)
                unlink(part);
        return status;
}
