// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Programs on the same machine that talk to each other: messages over Unix sockets (SOCK_SEQPACKET), whose
 * other end the kernel names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum peer_refusal {
        PEER_IN_USE = 1, /* somebody listens there already */
        PEER_CLOSED,     /* the other end is gone */
        PEER_WRONG_SIZE, /* a message of another size than this */
};

/* Takes the place of a socket that was left behind. Non-blocking. */
int peer_listen(const char *path, mode_t mode, int *ret_fd);
/* *ret_fd is -1 where nobody waits. Non-blocking. */
int peer_accept(int listener, int *ret_fd);
/* Blocking, with a limit on each later send and receive (fault -ETIMEDOUT). */
int peer_connect(const char *path, unsigned int timeout_ms, int *ret_fd);

/* Who is at the other end. */
int peer_uid(int fd, uid_t *ret);

/* One whole message, or a fault. -EAGAIN where it would block. */
int peer_send(int fd, const void *message, size_t len);
/* One message of at most size octets. */
int peer_receive(int fd, void *ret, size_t size, size_t *ret_length);
