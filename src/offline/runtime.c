// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "offline/runtime.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include "base/log.h"
#include "base/scope.h"
#include "os/file.h"

int runtime_open(const char *path)
{
        SCOPED(closep) int fd = -1;
        struct statfs fs;

        if (path[0] && directory_open(path, &fd) == 0 && fstatfs(fd, &fs) == 0 && fs.f_type == TMPFS_MAGIC)
                return take_fd(&fd);
        log_write(LOG_WARNING, "runtime-folder-is-no-tmpfs", "path", path, NULL);
        return -1;
}
