// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "os/peer.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "base/text.h"

#define BACKLOG 64

static int address_from(const char *path, struct sockaddr_un *ret)
{
        *ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
        if (!text_copy(text_from(path), ret->sun_path, sizeof(ret->sun_path)))
                return fault(-ENAMETOOLONG);
        return 0;
}

/* A socket file outlives its process. It is ours to take away when nobody answers behind it. */
static int remove_stale(const struct sockaddr_un *address)
{
        SCOPED(closep) int fd = -1;
        struct stat st;

        if (lstat(address->sun_path, &st) < 0)
                return errno == ENOENT ? 0 : fault(-errno);
        if (!S_ISSOCK(st.st_mode))
                return fault(-EEXIST);
        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return fault(-errno);
        if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 || errno == EAGAIN)
                return PEER_IN_USE;
        if (unlink(address->sun_path) < 0 && errno != ENOENT)
                return fault(-errno);
        return 0;
}

int peer_listen(const char *path, mode_t mode, int *ret_fd)
{
        SCOPED(closep) int fd = -1;
        struct sockaddr_un address;
        int r;

        r = address_from(path, &address);
        if (r < 0)
                return r;
        r = remove_stale(&address);
        if (r)
                return r;

        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return fault(-errno);
        if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
                return fault(-errno);
        /* Nobody can connect before listen(), so the mode is right from the first moment. */
        if (chmod(path, mode) < 0 || listen(fd, BACKLOG) < 0)
                return fault(-errno);

        *ret_fd = take_fd(&fd);
        return 0;
}

int peer_accept(int listener, int *ret_fd)
{
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd < 0 && errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
                return fault(-errno);
        *ret_fd = fd;
        return 0;
}

int peer_connect(const char *path, unsigned int timeout_ms, int *ret_fd)
{
        struct timeval limit = { timeout_ms / 1000, (suseconds_t)(timeout_ms % 1000) * 1000 };
        SCOPED(closep) int fd = -1;
        struct sockaddr_un address;
        int r;

        r = address_from(path, &address);
        if (r < 0)
                return r;
        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return fault(-errno);
        if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0 ||
            setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0)
                return fault(-errno);
        if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
                return fault(errno == EAGAIN ? -ETIMEDOUT : -errno);
        *ret_fd = take_fd(&fd);
        return 0;
}

int peer_uid(int fd, uid_t *ret)
{
        struct ucred other;
        socklen_t len = sizeof(other);

        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &other, &len) < 0)
                return fault(-errno);
        *ret = other.uid;
        return 0;
}

int peer_send(int fd, const void *message, size_t len)
{
        ssize_t r;

        do
                r = send(fd, message, len, MSG_NOSIGNAL);
        while (r < 0 && errno == EINTR);

        if (r < 0 && (errno == EPIPE || errno == ECONNRESET))
                return PEER_CLOSED;
        return r < 0 ? fault(-errno) : 0;
}

int peer_receive(int fd, void *ret, size_t size, size_t *ret_length)
{
        ssize_t r;

        /* MSG_TRUNC: the true length, so that too long a message is refused rather than cut. */
        do
                r = recv(fd, ret, size, MSG_TRUNC);
        while (r < 0 && errno == EINTR);

        if (r < 0 && errno == ECONNRESET)
                return PEER_CLOSED;
        if (r < 0)
                return errno == EAGAIN ? -EAGAIN : fault(-errno);
        if (r == 0)
                return PEER_CLOSED;
        if ((size_t)r > size)
                return PEER_WRONG_SIZE;
        *ret_length = (size_t)r;
        return 0;
}
