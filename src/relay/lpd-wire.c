// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Octets from and to a client, with limits in time and length. */

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "lpd/command.h"
#include "relay/lpd.h"

/* Until there is something to do; LPD_WIRE_BROKEN when it takes too long. */
static int wait_for(struct lpd_connection *connection, short events)
{
        struct pollfd pollfd = { .fd = connection->fd, .events = events };
        int64_t left_ms = connection->until_ms - clock_monotonic_ms();
        int64_t idle_ms = connection->lpd->settings->idle_ms;
        int r;

        do {
                r = left_ms <= 0 ? 0 : poll(&pollfd, 1, (int)(left_ms < idle_ms ? left_ms : idle_ms));
        } while (r < 0 && errno == EINTR);
        return r > 0 ? 0 : LPD_WIRE_BROKEN;
}

/* What was used makes room. */
static int fill(struct lpd_connection *connection)
{
        ssize_t n;

        if (connection->start) {
                memmove(connection->octets, connection->octets + connection->start,
                        connection->end - connection->start);
                connection->end -= connection->start;
                connection->start = 0;
        }
        if (wait_for(connection, POLLIN))
                return LPD_WIRE_BROKEN;
        n = recv(connection->fd, connection->octets + connection->end,
                 sizeof(connection->octets) - connection->end, 0);
        if (n <= 0)
                return n == 0 ? LPD_WIRE_ENDED : LPD_WIRE_BROKEN;
        connection->end += (size_t)n;
        return 0;
}

int lpd_read_line(struct lpd_connection *connection, struct text *ret)
{
        int r;

        for (;;) {
                const char *start = connection->octets + connection->start;
                size_t length = connection->end - connection->start;
                const char *end = memchr(start, '\n', length < LPD_LINE_MAX + 1 ? length : LPD_LINE_MAX + 1);

                if (end) {
                        *ret = (struct text){ start, (size_t)(end - start) };
                        connection->start += ret->len + 1;
                        return 0;
                }
                if (length > LPD_LINE_MAX)
                        return LPD_WIRE_TOO_LONG;
                r = fill(connection);
                if (r)
                        return r;
        }
}

int lpd_read_some(struct lpd_connection *connection, size_t max, struct text *ret)
{
        size_t length;
        int r = connection->start == connection->end ? fill(connection) : 0;

        if (r)
                return r;
        length = connection->end - connection->start;
        *ret = (struct text){ connection->octets + connection->start, length < max ? length : max };
        connection->start += ret->len;
        return 0;
}

int lpd_write(struct lpd_connection *connection, struct text octets)
{
        while (octets.len) {
                ssize_t n;

                if (wait_for(connection, POLLOUT))
                        return LPD_WIRE_BROKEN;
                n = send(connection->fd, octets.at, octets.len, MSG_NOSIGNAL | MSG_DONTWAIT);
                if (n < 0 && errno != EAGAIN && errno != EINTR)
                        return LPD_WIRE_BROKEN;
                if (n > 0) {
                        octets.at += n;
                        octets.len -= (size_t)n;
                }
        }
        return 0;
}

int lpd_write_octet(struct lpd_connection *connection, uint8_t octet)
{
        return lpd_write(connection, text_from_octets(&octet, 1));
}
