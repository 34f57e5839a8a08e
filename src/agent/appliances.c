// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/appliances.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "badge/frame.h"
#include "base/clock.h"
#include "base/log.h"
#include "outpost/thread.h"

#define PROBE_MS 30000

/* What happens after a time, unless something else does before. */
enum due {
        DUE_PAUSE,   /* no end came: the pause is one */
        DUE_FRAME,   /* a frame that takes so long is none */
        DUE_POLL,    /* ask for a card */
        DUE_SILENCE, /* who is asked and does not answer is gone */
        DUE_DARK,    /* the light goes out */
        DUE_UNKNOWN, /* nobody has bound it by now */
        DUE_PROBE,
        DUES
};

struct appliance {
        struct appliance_call call;
        char address[READER_ADDRESS];
        enum reader_feedback feedback;
        bool is_known, is_pinned; /* when it came */
        bool has_version;         /* it was asked for it */
        bool is_too_fast;
        bool is_closed; /* by us; under the lock */
        int64_t heard_ms;
        int64_t due_ms[DUES]; /* 0: never */
        struct badge_splitter splitter;
        struct appliance *next, **link;
};

/* Who is connected, the newest first. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct appliance *connected;
static unsigned count;
static bool is_open;

static const struct agent_settings *settings_of(const struct appliance *appliance)
{
        return appliance->call.swipes->settings;
}

static bool is_dialled(const struct appliance *appliance)
{
        return !id_is_zero(appliance->call.peer.dialled);
}

static void set_due(struct appliance *appliance, enum due due, int64_t in_ms)
{
        appliance->due_ms[due] = clock_monotonic_ms() + in_ms;
}

/* One that does not read is not waited for. */
static void say(const struct appliance *appliance, struct text octets)
{
        if (octets.len > 0)
                (void)send(appliance->call.fd, octets.at, octets.len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* ---- what it sends ---- */

static void show(struct appliance *appliance, enum reader_sign sign)
{
        say(appliance, reader_sign_format(appliance->feedback, sign));
        if (reader_dark_format(appliance->feedback).len > 0)
                set_due(appliance, DUE_DARK, settings_of(appliance)->light_ms);
}

static void take_frame(struct appliance *appliance, struct text frame)
{
        struct swipe_frame told = { .octets = frame,
                                    .peer = appliance->call.peer,
                                    .may_be_version = appliance->has_version };
        enum reader_sign sign;

        /* Whatever it was, the version has been told. */
        appliance->has_version = false;
        switch (swipes_take(appliance->call.swipes, &told, &appliance->feedback, &sign)) {
        case 0: show(appliance, sign); break;
        case SWIPE_TOO_OFTEN: appliance->is_too_fast = true; break;
        default: break;
        }
}

static void take_octets(struct appliance *appliance, struct text octets)
{
        struct text frame;

        appliance->heard_ms = clock_monotonic_ms();
        if (appliance->due_ms[DUE_SILENCE])
                set_due(appliance, DUE_SILENCE, settings_of(appliance)->silence_ms);
        while (!appliance->is_too_fast && badge_splitter_next(&appliance->splitter, &octets, &frame)) {
                appliance->due_ms[DUE_FRAME] = 0;
                take_frame(appliance, frame);
        }
        if (!badge_splitter_is_open(&appliance->splitter)) {
                appliance->due_ms[DUE_PAUSE] = appliance->due_ms[DUE_FRAME] = 0;
                return;
        }
        set_due(appliance, DUE_PAUSE, settings_of(appliance)->pause_ms);
        if (!appliance->due_ms[DUE_FRAME])
                set_due(appliance, DUE_FRAME, settings_of(appliance)->line_ms);
}

/* ---- time ---- */

static void end_frame(struct appliance *appliance)
{
        struct text frame;

        appliance->due_ms[DUE_FRAME] = 0;
        if (badge_splitter_flush(&appliance->splitter, &frame))
                take_frame(appliance, frame);
}

static void drop_frame(struct appliance *appliance)
{
        badge_splitter_done(&appliance->splitter);
        badge_splitter_init(&appliance->splitter);
        appliance->due_ms[DUE_PAUSE] = 0;
}

/* It may have been bound meanwhile. */
static bool is_bound(struct appliance *appliance)
{
        struct reader_binding binding;

        return readers_find(appliance->call.swipes->readers, &appliance->call.peer, 0, &binding) == 0;
}

/* False: hang up. */
static bool do_due(struct appliance *appliance, enum due due)
{
        switch (due) {
        case DUE_PAUSE: end_frame(appliance); return true;
        case DUE_FRAME: drop_frame(appliance); return true;
        case DUE_POLL:
                say(appliance, reader_poll_format(appliance->feedback));
                set_due(appliance, DUE_POLL, settings_of(appliance)->poll_ms);
                return true;
        case DUE_SILENCE:
                log_write(LOG_WARNING, "reader-silent", "address", appliance->address, NULL);
                return false;
        case DUE_DARK: say(appliance, reader_dark_format(appliance->feedback)); return true;
        case DUE_UNKNOWN: return is_bound(appliance);
        case DUE_PROBE:
                say(appliance, reader_probe_format(appliance->feedback));
                set_due(appliance, DUE_PROBE, PROBE_MS);
                return true;
        default: return true;
        }
}

static bool keep_up(struct appliance *appliance, int64_t now_ms)
{
        for (int due = 0; due < DUES; due++) {
                if (!appliance->due_ms[due] || appliance->due_ms[due] > now_ms)
                        continue;
                appliance->due_ms[due] = 0;
                if (!do_due(appliance, (enum due)due))
                        return false;
        }
        return true;
}

static int wait_ms(const struct appliance *appliance, int64_t now_ms)
{
        int64_t next_ms = 0;

        for (int due = 0; due < DUES; due++)
                if (appliance->due_ms[due] && (!next_ms || appliance->due_ms[due] < next_ms))
                        next_ms = appliance->due_ms[due];
        return !next_ms ? -1 : next_ms <= now_ms ? 0 : (int)(next_ms - now_ms);
}

/* ---- a connection's life ---- */

static void greet(struct appliance *appliance)
{
        struct reader_binding binding;
        bool dialled = is_dialled(appliance);

        appliance->is_known = is_bound(appliance) && readers_find(appliance->call.swipes->readers,
                                                                  &appliance->call.peer, 0, &binding) == 0;
        appliance->feedback = appliance->is_known
                                      ? binding.feedback
                                      : reader_model_feedback(appliance->call.peer.model, dialled);
        appliance->has_version = reader_greeting_asks(appliance->feedback, dialled);
        say(appliance, reader_greeting_format(appliance->feedback, dialled));
        if (reader_poll_format(appliance->feedback).len > 0) {
                set_due(appliance, DUE_POLL, settings_of(appliance)->poll_ms);
                set_due(appliance, DUE_SILENCE, settings_of(appliance)->silence_ms);
        }
        if (dialled && reader_probe_format(appliance->feedback).len > 0)
                set_due(appliance, DUE_PROBE, PROBE_MS);
        if (!appliance->is_known)
                set_due(appliance, DUE_UNKNOWN, settings_of(appliance)->unbound_ms);
}

static bool is_closed(struct appliance *appliance)
{
        bool closed;

        pthread_mutex_lock(&lock);
        closed = appliance->is_closed;
        pthread_mutex_unlock(&lock);
        return closed;
}

static void listen_to(struct appliance *appliance)
{
        struct pollfd pollfd = { .fd = appliance->call.fd, .events = POLLIN };
        char octets[1024];

        greet(appliance);
        for (;;) {
                int64_t now_ms = clock_monotonic_ms();
                ssize_t n;
                int r;

                if (!keep_up(appliance, now_ms) || appliance->is_too_fast)
                        break;
                r = poll(&pollfd, 1, wait_ms(appliance, clock_monotonic_ms()));
                if (r < 0 && errno != EINTR)
                        break;
                if (r <= 0)
                        continue;
                n = recv(appliance->call.fd, octets, sizeof(octets), 0);
                if (n <= 0)
                        break;
                take_octets(appliance, (struct text){ octets, (size_t)n });
                explicit_bzero(octets, (size_t)n);
        }
        /* What came before it hung up is a swipe as well; not where it is we who hung up. */
        if (!is_closed(appliance) && !appliance->is_too_fast)
                end_frame(appliance);
        explicit_bzero(octets, sizeof(octets));
}

/* An appliance that was switched off does not hang up: the kernel finds out. */
static void watch(int fd)
{
        int on = 1, idle_s = 60, every_s = 20, times = 3, unheard_ms = 20000;

        (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof(every_s));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof(times));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard_ms, sizeof(unheard_ms));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* ---- who may stay; all under the lock ---- */

static void give_way(struct appliance *appliance)
{
        appliance->is_closed = true;
        (void)shutdown(appliance->call.fd, SHUT_RDWR);
}

static bool is_same(const struct appliance *a, const struct appliance *b)
{
        return !a->is_closed && a->call.peer.model == b->call.peer.model &&
               strcmp(a->address, b->address) == 0 && id_equal(a->call.peer.dialled, b->call.peer.dialled);
}

/* The list is newest first, so that the last one found is there the longest. */
static void make_room_of_address(const struct appliance *newest)
{
        struct appliance *oldest = NULL;
        unsigned same = 0;

        for (struct appliance *a = connected; a; a = a->next)
                if (is_same(a, newest)) {
                        oldest = a;
                        same++;
                }
        if (same >= settings_of(newest)->per_address || (same > 0 && is_dialled(newest)))
                give_way(oldest);
}

static void make_room_for_unknown(unsigned most)
{
        struct appliance *oldest = NULL;
        unsigned unknown = 0;

        for (struct appliance *a = connected; a; a = a->next)
                if (!a->is_closed && !a->is_known) {
                        oldest = a;
                        unknown++;
                }
        if (unknown >= most)
                give_way(oldest);
}

static bool make_room(unsigned most)
{
        struct appliance *silent = NULL;
        unsigned there = 0;

        for (struct appliance *a = connected; a; a = a->next) {
                if (a->is_closed)
                        continue;
                there++;
                if (!a->is_pinned && (!silent || a->heard_ms < silent->heard_ms))
                        silent = a;
        }
        if (there < most)
                return true;
        if (silent)
                give_way(silent);
        return silent;
}

/* Those that give way are there for a moment longer. */
static bool enter(struct appliance *appliance)
{
        unsigned most = settings_of(appliance)->connections;
        bool entered;

        pthread_mutex_lock(&lock);
        make_room_of_address(appliance);
        if (!appliance->is_known)
                make_room_for_unknown(settings_of(appliance)->unbound);
        entered = is_open && count < 2 * most && make_room(most);
        if (entered) {
                count++;
                appliance->link = &connected;
                appliance->next = connected;
                if (connected)
                        connected->link = &appliance->next;
                connected = appliance;
        }
        pthread_mutex_unlock(&lock);
        if (!entered && swipes_may_complain(appliance->call.swipes, SWIPES_TOO_MANY))
                log_write(LOG_WARNING, "too-many-readers", NULL);
        return entered;
}

static void leave(struct appliance *appliance)
{
        pthread_mutex_lock(&lock);
        *appliance->link = appliance->next;
        if (appliance->next)
                appliance->next->link = appliance->link;
        count--;
        pthread_mutex_unlock(&lock);
}

static void *run(void *context)
{
        struct appliance *appliance = context;

        badge_splitter_init(&appliance->splitter);
        listen_to(appliance);
        badge_splitter_done(&appliance->splitter);
        leave(appliance);
        close(appliance->call.fd);
        free(appliance);
        return NULL;
}

/* NULL where it cannot stay; its socket is closed then. */
static struct appliance *begin(const struct appliance_call *call)
{
        struct appliance *appliance = calloc(1, sizeof(*appliance));
        struct reader_binding binding;
        int r;

        if (appliance) {
                appliance->call = *call;
                (void)text_copy(text_from(call->peer.address), appliance->address,
                                sizeof(appliance->address));
                appliance->call.peer.address = appliance->address;
                appliance->heard_ms = clock_monotonic_ms();
                r = readers_find(call->swipes->readers, &appliance->call.peer, 0, &binding);
                appliance->is_known = r != READERS_UNKNOWN;
                appliance->is_pinned = r == 0 && binding.address[0];
                if (r == READERS_UNKNOWN)
                        swipes_tell_unknown(call->swipes, &appliance->call.peer);
                if (enter(appliance)) {
                        watch(call->fd);
                        return appliance;
                }
        }
        close(call->fd);
        free(appliance);
        return NULL;
}

void appliances_take(const struct appliance_call *call)
{
        struct appliance *appliance = begin(call);

        if (appliance && thread_start(run, appliance) != 0) {
                leave(appliance);
                close(call->fd);
                free(appliance);
        }
}

void appliances_serve(const struct appliance_call *call)
{
        struct appliance *appliance = begin(call);

        if (appliance)
                (void)run(appliance);
}

void appliances_hang_up(bool (*answer)(const void *context, const struct reader_peer *peer),
                        const void *context)
{
        pthread_mutex_lock(&lock);
        for (struct appliance *a = connected; a; a = a->next)
                if (answer(context, &a->call.peer))
                        give_way(a);
        pthread_mutex_unlock(&lock);
}

void appliances_open(bool open)
{
        pthread_mutex_lock(&lock);
        is_open = open;
        for (struct appliance *a = connected; a && !open; a = a->next)
                give_way(a);
        pthread_mutex_unlock(&lock);
}

struct appliances_count appliances_count(void)
{
        struct appliances_count found = { 0 };

        pthread_mutex_lock(&lock);
        for (struct appliance *a = connected; a; a = a->next) {
                if (a->is_closed)
                        continue;
                if (is_dialled(a))
                        found.dialled++;
                else if (a->is_known)
                        found.dialling_us++;
                else
                        found.unknown++;
        }
        pthread_mutex_unlock(&lock);
        return found;
}
