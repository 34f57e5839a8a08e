// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope.h"
#include "os/peer.h"

int main(void)
{
        char folder[] = "/tmp/imprimatur-peer-XXXXXX", path[64], message[16], long_path[200];
        SCOPED(closep) int listener = -1, client = -1, served = -1;
        struct stat st;
        size_t len;
        uid_t uid;

        assert(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/socket", folder);
        memset(long_path, 'a', sizeof(long_path) - 1);
        long_path[sizeof(long_path) - 1] = 0;

        assert(peer_listen(long_path, 0660, &listener) == -ENAMETOOLONG);
        assert(peer_connect(path, 1000, &client) == -ENOENT);
        assert(peer_listen(path, 0660, &listener) == 0);
        assert(stat(path, &st) == 0 && (st.st_mode & 0777) == 0660);
        assert(peer_listen(path, 0660, &served) == PEER_IN_USE);
        assert(peer_connect(path, 50, &client) == 0);

        /* The attempt above left a connection that is already closed. */
        assert(peer_accept(listener, &served) == 0 && served >= 0);
        assert(peer_receive(served, message, sizeof(message), &len) == PEER_CLOSED);
        close(take_fd(&served));
        assert(peer_accept(listener, &served) == 0 && served >= 0);
        assert(peer_uid(served, &uid) == 0 && uid == getuid());
        assert(peer_uid(client, &uid) == 0 && uid == getuid());

        assert(peer_receive(served, message, sizeof(message), &len) == -EAGAIN);
        assert(peer_send(client, "hello", 5) == 0);
        assert(peer_receive(served, message, sizeof(message), &len) == 0 && len == 5);
        assert(peer_send(client, "longer than sixteen", 19) == 0);
        assert(peer_receive(served, message, sizeof(message), &len) == PEER_WRONG_SIZE);

        /* Nobody answers: the client's own limit ends its wait. */
        assert(peer_receive(client, message, sizeof(message), &len) == -EAGAIN);

        close(take_fd(&served));
        assert(peer_receive(client, message, sizeof(message), &len) == PEER_CLOSED);
        assert(peer_send(client, "hello", 5) == PEER_CLOSED);

        /* What a killed process left behind does not keep the next one from starting. */
        close(take_fd(&listener));
        assert(access(path, F_OK) == 0 && peer_listen(path, 0600, &listener) == 0);

        unlink(path);
        assert(rmdir(folder) == 0);
        return 0;
}
