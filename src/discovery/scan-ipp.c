// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Whether IPP listens at an address, by opening a connection, and the workers that speak it. */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "discovery/ipp-facts.h"
#include "discovery/scan-host.h"
#include "discovery/web-page.h"
#include "os/process.h"

#define WORKERS       8
#define WORKER_OCTETS ((size_t)256 << 10)
#define IPP_TIMES     4 /* as long as for a datagram: a connection, a handshake, a question */
#define IPP_LEAST_MS  2000

/* A second after it the kernel would send the packet again, whatever our cap (RFC 6298, section 2): a
 * connection that nobody has answered by then is given up, and begun anew with a token of its own. */
#define SYN_MS 800

/* ---- who listens ---- */

static void queue_tcp(struct scan *scan, struct host *host)
{
        host->is_tcp_waiting = true;
        host->next_tcp = NULL;
        if (scan->tcp_last)
                scan->tcp_last->next_tcp = host;
        else
                scan->tcp_waiting = host;
        scan->tcp_last = host;
}

void scan_tcp_want(struct scan *scan, struct host *host)
{
        host->tcp_wanted = true;
        scan_note(host, WAY_IPP, TRIED_SILENT);
        queue_tcp(scan, host);
}

void scan_tcp_close(struct scan *scan, struct host *host)
{
        wheel_clear(&scan->tcp_wheel, &host->tcp_timer);
        if (host->tcp < 0)
                return;
        close(host->tcp);
        host->tcp = -1;
        scan->tcp_count--;
}

static void end_tcp(struct scan *scan, struct host *host, bool is_open)
{
        scan_tcp_close(scan, host);
        host->tcp_wanted = false;
        host->is_ipp_open = is_open;
        scan_advance(scan, host);
}

static int open_to(const struct scan *scan, const struct host *host, int *ret_fd)
{
        struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons(scan->order->ipp_port),
                                  .sin_addr = { htonl(host->address) } };
        SCOPED(closep) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        struct linger linger = { .l_onoff = 1, .l_linger = 0 };

        if (fd < 0)
                return -errno;
        /* No connection lingers, which would tie up ports. */
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
        if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS)
                return -errno;
        *ret_fd = take_fd(&fd);
        return 0;
}

static void count_tcp(struct scan *scan, struct host *host, uint32_t packets)
{
        scan->counts.packets += packets;
        host->packets += packets;
}

/* There is no descriptor, port or memory now. */
static bool is_without_room(int r)
{
        return r == -EMFILE || r == -ENFILE || r == -ENOBUFS || r == -ENOMEM || r == -EADDRNOTAVAIL ||
               r == -EAGAIN;
}

/* False where that has to wait for another one's end. */
static bool begin_tcp(struct scan *scan, struct host *host)
{
        struct epoll_event event = { .events = EPOLLOUT, .data.ptr = host };
        int64_t wait_ms = scan->order->timeout_ms < SYN_MS ? scan->order->timeout_ms : SYN_MS;
        int fd, r = open_to(scan, host, &fd);

        if (is_without_room(r) && scan->tcp_count > 0) {
                scan->tcp_max = scan->tcp_count;
                return false;
        }
        count_tcp(scan, host, 1);
        host->tcp_tries++;
        if (r < 0) {
                host->was_heard = host->was_heard || r == -ECONNREFUSED;
                if (r == -ECONNREFUSED)
                        scan_note(host, WAY_IPP, TRIED_REFUSED);
                end_tcp(scan, host, false);
                return true;
        }
        host->tcp = fd;
        scan->tcp_count++;
        if (scan->tcp_count > scan->counts.opening)
                scan->counts.opening = scan->tcp_count;
        wheel_set(&scan->tcp_wheel, &host->tcp_timer, clock_monotonic_ms() + wait_ms);
        if (epoll_ctl(scan->epoll, EPOLL_CTL_ADD, host->tcp, &event) < 0)
                end_tcp(scan, host, false);
        return true;
}

void scan_tcp_go(struct scan *scan)
{
        while (scan->tcp_waiting && scan->tcp_count < scan->tcp_max &&
               pace_take(&scan->pace, clock_monotonic_us())) {
                struct host *host = scan->tcp_waiting;

                scan->tcp_waiting = host->next_tcp;
                if (!scan->tcp_waiting)
                        scan->tcp_last = NULL;
                host->is_tcp_waiting = false;
                if (begin_tcp(scan, host))
                        continue;
                queue_tcp(scan, host);
                return;
        }
}

/* Nobody has answered yet: again after the order's time, counted from the packet before. */
void scan_tcp_due(struct scan *scan, struct host *host)
{
        int64_t left_ms = scan->order->timeout_ms - SYN_MS;

        if (host->tcp_tries > scan->order->retries) {
                end_tcp(scan, host, false);
        } else if (host->tcp < 0 || left_ms <= 0) {
                scan_tcp_close(scan, host);
                queue_tcp(scan, host);
        } else {
                scan_tcp_close(scan, host);
                wheel_set(&scan->tcp_wheel, &host->tcp_timer, clock_monotonic_ms() + left_ms);
        }
}

void scan_tcp_event(struct scan *scan, struct host *host)
{
        socklen_t len = sizeof(int);
        int error = 0;

        if (host->tcp < 0)
                return;
        if (getsockopt(host->tcp, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
                error = errno;
        if (error == 0 || error == ECONNREFUSED)
                host->was_heard = true;
        if (error == 0) {
                /* It was said yes to, and is closed. */
                count_tcp(scan, host, 2);
                pace_charge(&scan->pace, 2);
        }
        if (error == ECONNREFUSED)
                scan_note(host, WAY_IPP, TRIED_REFUSED);
        end_tcp(scan, host, error == 0);
}

/* ---- who speaks it ---- */

static bool address_of(const struct scan *scan, const struct host *host, const char *scheme, const char *path,
                       struct courier_address *ret)
{
        char uri[128], address[RANGE_ADDRESS];

        range_address_format(host->address, address);
        snprintf(uri, sizeof(uri), "%s://%s:%u/%s", scheme, address, scan->order->ipp_port, path);
        return courier_address_parse(text_from(uri), ret) == 0;
}

/* One way after the other, until one answers. What was announced goes first. */
static int ask_host(const struct scan *scan, struct host *host, uint64_t *ret_octets)
{
        static const char *const schemes[] = { "ipps", "ipp" };
        static const char *const paths[] = { "ipp/print", "ipp", "" };
        int64_t limit_ms = scan->order->timeout_ms * IPP_TIMES, until_ms;
        struct device *device = &host->found->sighting.device;
        struct courier_address address;
        int r = IPP_FACTS_SILENT;

        if (limit_ms < IPP_LEAST_MS)
                limit_ms = IPP_LEAST_MS;
        until_ms = clock_monotonic_ms() + 2 * limit_ms;
        if (host->service)
                r = device_ask_ipp(&host->service->at, scan->options->purpose, limit_ms, device, ret_octets);
        for (size_t path = 0; r != 0 && path < ARRAY_LENGTH(paths); path++)
                for (size_t i = 0; r != 0 && i < ARRAY_LENGTH(schemes); i++) {
                        int64_t left_ms = until_ms - clock_monotonic_ms();

                        if (r < 0 || left_ms <= 0)
                                return r;
                        if (address_of(scan, host, schemes[i], paths[path], &address))
                                r = device_ask_ipp(&address, scan->options->purpose,
                                                   left_ms < limit_ms ? left_ms : limit_ms, device,
                                                   ret_octets);
                        /* Nobody there, or somebody slow: another path helps nothing. */
                        if (r == IPP_FACTS_SILENT && i == 1)
                                return r;
                }
        return r;
}

static void read_pages(const struct scan *scan, struct host *host)
{
        const struct web_page *pages[WEB_PAGES_MAX + 1];
        struct sighting *sighting = &host->found->sighting;
        int64_t limit_ms = scan->order->timeout_ms * IPP_TIMES;

        web_pages_find(&sighting->device, pages);
        web_pages_ask(pages, sighting->address, scan->order->http_port,
                      limit_ms < IPP_LEAST_MS ? IPP_LEAST_MS : limit_ms, &sighting->device,
                      &sighting->octets);
}

static void work_at(struct scan *scan, struct host *host)
{
        static const enum tried outcomes[] = { [0] = TRIED_ANSWERED,
                                               [IPP_FACTS_SILENT] = TRIED_SILENT,
                                               [IPP_FACTS_REFUSED] = TRIED_REFUSED,
                                               [IPP_FACTS_NOT_UNDERSTOOD] = TRIED_NOT_UNDERSTOOD };
        uint64_t octets = 0;
        int r = ask_host(scan, host, &octets);

        host->found->sighting.octets += octets;
        if (r >= 0)
                scan_note(host, WAY_IPP, outcomes[r]);
}

static struct host *wait_for_work(struct scan *scan)
{
        struct host *host;

        pthread_mutex_lock(&scan->lock);
        while (!scan->ipp_first && !scan->is_ending)
                pthread_cond_wait(&scan->work, &scan->lock);
        host = scan->is_ending ? NULL : scan->ipp_first;
        if (host) {
                scan->ipp_first = host->next_done;
                if (!scan->ipp_first)
                        scan->ipp_last = NULL;
        }
        pthread_mutex_unlock(&scan->lock);
        return host;
}

static void *run(void *context)
{
        static const uint64_t one = 1;
        struct scan *scan = context;
        struct host *host;

        while ((host = wait_for_work(scan))) {
                if (host->stage == STAGE_PAGES)
                        read_pages(scan, host);
                else
                        work_at(scan, host);
                pthread_mutex_lock(&scan->lock);
                host->next_done = scan->done;
                scan->done = host;
                pthread_mutex_unlock(&scan->lock);
                (void)!write(scan->woken, &one, sizeof(one));
        }
        return NULL;
}

void scan_ipp_give(struct scan *scan, struct host *host, uint32_t packets)
{
        pace_charge(&scan->pace, packets);
        scan->counts.packets += packets;
        host->packets += packets;
        pthread_mutex_lock(&scan->lock);
        host->next_done = NULL;
        if (scan->ipp_last)
                scan->ipp_last->next_done = host;
        else
                scan->ipp_first = host;
        scan->ipp_last = host;
        pthread_cond_signal(&scan->work);
        pthread_mutex_unlock(&scan->lock);
}

void scan_ipp_collect(struct scan *scan)
{
        struct host *host;
        uint64_t count;

        (void)!read(scan->woken, &count, sizeof(count));
        pthread_mutex_lock(&scan->lock);
        host = scan->done;
        scan->done = NULL;
        pthread_mutex_unlock(&scan->lock);
        while (host) {
                struct host *next = host->next_done;

                scan->counts.octets += host->found->sighting.octets - host->worker_octets;
                host->worker_octets = host->found->sighting.octets;
                scan_advance(scan, host);
                host = next;
        }
}

int scan_ipp_start(struct scan *scan)
{
        size_t files = process_raise_files(TCP_KEPT + scan->order->window);
        pthread_attr_t attributes;
        int r = 0;

        scan->tcp_max = files > 2 * TCP_KEPT ? files - TCP_KEPT : files / 2 + 1;
        pthread_mutex_init(&scan->lock, NULL);
        pthread_cond_init(&scan->work, NULL);
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, WORKER_OCTETS);
        while (r == 0 && (scan->order->ways[WAY_IPP] || scan->order->pages) && scan->worker_count < WORKERS) {
                r = pthread_create(&scan->workers[scan->worker_count], &attributes, run, scan);
                if (r == 0)
                        scan->worker_count++;
        }
        pthread_attr_destroy(&attributes);
        return r ? fault(-r) : 0;
}

/* What workers are at now ends within its limit. */
void scan_ipp_end(struct scan *scan)
{
        pthread_mutex_lock(&scan->lock);
        scan->is_ending = true;
        pthread_cond_broadcast(&scan->work);
        pthread_mutex_unlock(&scan->lock);
        for (size_t i = 0; i < scan->worker_count; i++)
                pthread_join(scan->workers[i], NULL);
        pthread_cond_destroy(&scan->work);
        pthread_mutex_destroy(&scan->lock);
}
