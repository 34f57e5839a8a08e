// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scope.h"
#include "os/file.h"

static int folder = -1;

static void a_file_is_read_up_to_its_limit(void)
{
        struct buffer content = BUFFER(10000);

        assert(file_read_at(folder, "missing", 10, &content) == FILE_NOT_FOUND);
        assert(file_replace_at(folder, "ten", 0600, TEXT_OF("0123456789")) == 0);
        assert(file_read_at(folder, "ten", 10, &content) == 0);
        assert(text_equal_string(buffer_text(&content), "0123456789"));
        assert(file_read_at(folder, "ten", 9, &content) == FILE_TOO_LARGE);
        assert(content.len == 10);

        /* Files of the kernel say that they are empty, and are not. */
        assert(file_read("/proc/self/status", 10, &content) == FILE_TOO_LARGE && content.len == 10);
        buffer_done(&content);
}

static void a_replaced_file_is_whole_and_private(void)
{
        struct buffer content = BUFFER(100);
        struct stat st;

        assert(file_replace_at(folder, "a", 0600, TEXT_OF("old and longer")) == 0);
        assert(file_replace_at(folder, "a", 0400, TEXT_OF("new")) == 0);
        assert(file_read_at(folder, "a", 100, &content) == 0);
        assert(text_equal_string(buffer_text(&content), "new"));
        assert(fstatat(folder, "a", &st, 0) == 0 && (st.st_mode & 0777) == 0400);
        assert(fstatat(folder, ".a.new", &st, 0) < 0 && errno == ENOENT);
        assert(file_replace_at(folder, "b/c", 0600, TEXT_OF("")) == -EINVAL);
        buffer_done(&content);
}

static void a_link_laid_in_the_way_is_not_followed(void)
{
        struct buffer content = BUFFER(100);

        assert(file_replace_at(folder, "victim", 0600, TEXT_OF("safe")) == 0);
        assert(symlinkat("victim", folder, ".d.new") == 0);
        assert(file_replace_at(folder, "d", 0600, TEXT_OF("evil")) == -ELOOP);
        assert(file_read_at(folder, "victim", 100, &content) == 0);
        assert(text_equal_string(buffer_text(&content), "safe"));
        buffer_done(&content);
}

static void a_created_file_is_new(void)
{
        SCOPED(closep) int fd = -1;
        int again = -1;
        char octets[4];
        struct stat st;

        assert(file_create(folder, "new", &fd) == 0);
        assert(file_create(folder, "new", &again) == FILE_EXISTS && again == -1);
        assert(fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0600);
        assert(file_write(fd, "abcd", 4) == 0 && file_write_at(fd, "X", 1, 2) == 0);
        assert(file_read_exactly_at(fd, octets, 4, 0) == 0 && memcmp(octets, "abXd", 4) == 0);
        assert(file_read_exactly_at(fd, octets, 4, 1) == -ENODATA);
        file_sync_data(fd);
        file_sync(fd);
        directory_sync(folder);
        assert(file_remove(folder, "new") == 0 && file_remove(folder, "new") == FILE_NOT_FOUND);
}

/* Whoever still has it open, or finds its blocks, reads zeros. */
static void a_destroyed_file_is_overwritten(void)
{
        SCOPED(closep) int fd = -1;
        char octets[6];

        assert(file_replace_at(folder, "key", 0600, TEXT_OF("secret")) == 0);
        fd = openat(folder, "key", O_RDONLY | O_CLOEXEC);
        assert(fd >= 0);
        assert(file_destroy(folder, "key") == 0);
        assert(file_read_exactly_at(fd, octets, 6, 0) == 0 && memcmp(octets, "\0\0\0\0\0\0", 6) == 0);
        assert(file_destroy(folder, "key") == FILE_NOT_FOUND);
}

/* A descriptor that cannot be synced stands for a disk that failed to. */
static void a_failed_sync_stops_the_process(void)
{
        int status;
        pid_t pid = fork();

        assert(pid >= 0);
        if (pid == 0) {
                int ends[2];

                if (pipe(ends) < 0)
                        _exit(1);
                file_sync_data(ends[1]);
                _exit(0);
        }
        assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 74);
}

int main(void)
{
        char path[] = "/tmp/imprimatur-file-XXXXXX";
        SCOPED(closep) int inner = -1;
        uint64_t left, total;

        assert(mkdtemp(path) && directory_open(path, &folder) == 0);
        assert(directory_open_at(folder, "inner", &inner) == 0);
        assert(directory_space(folder, &left, &total) == 0 && left <= total && total > 0);

        a_file_is_read_up_to_its_limit();
        a_replaced_file_is_whole_and_private();
        a_link_laid_in_the_way_is_not_followed();
        a_created_file_is_new();
        a_destroyed_file_is_overwritten();
        a_failed_sync_stops_the_process();

        for (const char **name = (const char *[]){ "ten", "a", "victim", ".d.new", NULL }; *name; name++)
                unlinkat(folder, *name, 0);
        assert(unlinkat(folder, "inner", AT_REMOVEDIR) == 0);
        close(folder);
        assert(rmdir(path) == 0);
        return 0;
}
