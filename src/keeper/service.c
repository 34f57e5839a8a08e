// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/service.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "keeper/answer.h"
#include "keeper/chain.h"
#include "os/peer.h"

#define DAY_MS 86400000

/* The first two entries of the poll list; clients follow. */
enum {
        AT_STOP,
        AT_LISTENER,
        AT_CLIENTS,
};

struct service {
        const struct service_options *options;
        struct answerer answerer;
        struct pollfd *polled;
        struct asker *askers; /* of polled[AT_CLIENTS + i] */
        size_t clients;
        int64_t next_sweep_ms;
        int64_t known_day; /* at known_boot_ms, when the clock was last looked at */
        int64_t known_boot_ms;
};

static void service_done(struct service *service)
{
        for (size_t i = 0; i < service->clients; i++)
                close(service->polled[AT_CLIENTS + i].fd);
        free(service->polled);
        free(service->askers);
}

static bool contains(const struct service_uids *uids, uid_t uid)
{
        for (size_t i = 0; i < uids->count; i++)
                if (uids->at[i] == uid)
                        return true;
        return false;
}

static void refuse(uid_t uid)
{
        char number[16];

        snprintf(number, sizeof(number), "%u", (unsigned int)uid);
        log_write(LOG_WARNING, "peer-refused", "uid", number, NULL);
}

static int take_client(struct service *service)
{
        SCOPED(closep) int fd = -1;
        bool is_user, is_maker, is_owner;
        uid_t uid;
        int r;

        r = peer_accept(service->options->listener, &fd);
        if (r < 0 || fd < 0)
                return r;
        r = peer_uid(fd, &uid);
        if (r < 0)
                return r;
        is_user = contains(&service->options->users, uid);
        is_maker = contains(&service->options->makers, uid);
        is_owner = uid == 0 || uid == service->options->owner;
        if (!is_user && !is_maker && !is_owner) {
                refuse(uid);
                return 0;
        }
        service->askers[service->clients] = (struct asker){
                .uid = uid,
                .may_only_make = !is_user && is_maker,
                .is_owner = is_owner,
                .is_owner_only = !is_user && !is_maker,
        };
        service->polled[AT_CLIENTS + service->clients] =
                (struct pollfd){ .fd = take_fd(&fd), .events = POLLIN };
        service->clients++;
        return 0;
}

/* The last one takes its place. */
static void drop_client(struct service *service, size_t i)
{
        size_t last = --service->clients;

        close(service->polled[AT_CLIENTS + i].fd);
        service->polled[AT_CLIENTS + i] = service->polled[AT_CLIENTS + last];
        service->askers[i] = service->askers[last];
}

/* False where the client is to be dropped. */
static bool serve_client(struct service *service, size_t i)
{
        int fd = service->polled[AT_CLIENTS + i].fd;
        char octets[sizeof(struct keys_request)];
        struct keys_reply reply;
        size_t len;
        bool good;
        int r;

        r = peer_receive(fd, octets, sizeof(octets), &len);
        if (r == -EAGAIN)
                return true;
        if (r)
                return false;
        good = answer(&service->answerer, &service->askers[i], text_from_octets(octets, len), &reply) &&
               peer_send(fd, &reply, sizeof(reply)) == 0;
        explicit_bzero(octets, sizeof(octets));
        explicit_bzero(&reply, sizeof(reply));
        return good;
}

/*
 * Whether the day is later than the time that has gone by allows. What is destroyed cannot be brought back,
 * so a clock that was set wrong for a moment must not destroy what is to be kept for years.
 */
static bool clock_has_jumped(struct service *service, int64_t today)
{
        int64_t now_ms = clock_boot_ms();
        int64_t latest = service->known_day + (now_ms - service->known_boot_ms) / DAY_MS + 1;

        service->known_day = today;
        service->known_boot_ms = now_ms;
        return today > latest;
}

static void sweep(struct service *service)
{
        int64_t today = clock_day(clock_unix_ms());
        char number[24];
        uint64_t count;
        int r;

        if (clock_has_jumped(service, today)) {
                log_write(LOG_WARNING, "clock-jumped", "consequence", "no day keys were swept", NULL);
                return;
        }
        r = chain_days_destroy_before(service->answerer.chain, today - service->options->grace_days, &count);
        if (r < 0) {
                log_fault("sweep-failed", r);
                return;
        }
        if (!count)
                return;
        snprintf(number, sizeof(number), "%" PRIu64, count);
        log_write(LOG_NOTICE, "day-keys-swept", "count", number, NULL);
}

static int wait_ms(struct service *service)
{
        int64_t left_ms = service->next_sweep_ms - clock_boot_ms();

        if (left_ms <= 0) {
                sweep(service);
                service->next_sweep_ms = clock_boot_ms() + service->options->sweep_ms;
                left_ms = service->options->sweep_ms;
        }
        return left_ms > 60000 ? 60000 : (int)left_ms;
}

static int take_turn(struct service *service)
{
        bool full;
        int r;

        /* When all places are taken, who comes next waits in the listener's own queue. */
        full = service->clients == service->options->clients_max;
        service->polled[AT_LISTENER].events = full ? 0 : POLLIN;
        service->polled[AT_LISTENER].revents = 0;

        r = poll(service->polled, AT_CLIENTS + service->clients, wait_ms(service));
        if (r < 0 && errno != EINTR)
                return fault(-errno);
        if (r <= 0)
                return 0;

        for (size_t i = service->clients; i-- > 0;)
                if (service->polled[AT_CLIENTS + i].revents && !serve_client(service, i))
                        drop_client(service, i);
        if (service->polled[AT_LISTENER].revents & POLLIN)
                return take_client(service);
        return 0;
}

int service_run(const struct service_options *options, const struct answerer *answerer)
{
        SCOPED(service_done)
        struct service service = {
                .options = options,
                .answerer = *answerer,
        };
        int r;

        service.polled = calloc(AT_CLIENTS + options->clients_max, sizeof(*service.polled));
        service.askers = calloc(options->clients_max, sizeof(*service.askers));
        if (!service.polled || !service.askers)
                return fault(-ENOMEM);
        /* The first sweep is due after a while: the clock may be set only after we were started. */
        service.known_day = clock_day(clock_unix_ms());
        service.known_boot_ms = clock_boot_ms();
        service.next_sweep_ms = service.known_boot_ms + options->sweep_ms;
        service.polled[AT_STOP] = (struct pollfd){ .fd = options->stop, .events = POLLIN };
        service.polled[AT_LISTENER] = (struct pollfd){ .fd = options->listener, .events = POLLIN };

        while (!service.polled[AT_STOP].revents) {
                r = take_turn(&service);
                if (r < 0)
                        return r;
        }
        return 0;
}
