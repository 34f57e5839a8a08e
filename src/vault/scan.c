// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "vault/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "vault/name.h"

static void closedirp(DIR **directory)
{
        if (*directory)
                closedir(*directory);
}

static int open_folder(int directory, const char *folder, DIR **ret)
{
        int fd = openat(directory, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

        if (fd < 0)
                return fault(-errno);
        *ret = fdopendir(fd);
        if (!*ret) {
                close(fd);
                return fault(-ENOMEM);
        }
        return 0;
}

int scan_folder(int directory, const char *folder, scan_found found, void *context)
{
        SCOPED(closedirp) DIR *entries = NULL;
        uint8_t name[VAULT_NAME_OCTETS];
        struct dirent *entry;
        int r;

        r = open_folder(directory, folder, &entries);
        while (r == 0) {
                errno = 0;
                entry = readdir(entries);
                if (!entry)
                        return errno ? fault(-errno) : 0;
                if (name_parse(entry->d_name, name))
                        r = found(context, name);
        }
        return r;
}
