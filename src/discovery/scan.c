// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/scan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "discovery/scan-host.h"
#include "discovery/web-page.h"

#define EVENTS         64
#define WAIT_MS        100
#define GO_ON_MS       500
#define RECEIVE_OCTETS (4 << 20)
#define BROWSE_MS      3000

void scan_note(struct host *host, enum way way, enum tried tried)
{
        if (tried > host->tried[way])
                host->tried[way] = tried;
}

void scan_want_to_send(struct scan *scan, struct host *host)
{
        if (host->is_ready)
                return;
        host->is_ready = true;
        host->next_ready = NULL;
        if (scan->ready_last)
                scan->ready_last->next_ready = host;
        else
                scan->ready = host;
        scan->ready_last = host;
}

/* An answer came before the question could be sent again. */
static void forget_ready(struct scan *scan, struct host *host)
{
        struct host *before = NULL;

        if (!host->is_ready)
                return;
        for (struct host *at = scan->ready; at != host; at = at->next_ready)
                before = at;
        if (before)
                before->next_ready = host->next_ready;
        else
                scan->ready = host->next_ready;
        if (scan->ready_last == host)
                scan->ready_last = before;
        host->is_ready = false;
}

struct found *scan_found(struct scan *scan, struct host *host)
{
        if (host->found)
                return host->found;
        host->found = malloc(sizeof(*host->found));
        if (!host->found) {
                scan->fault = fault(-ENOMEM);
                return NULL;
        }
        sighting_init(&host->found->sighting, host->address, scan->options->purpose);
        return host->found;
}

/* ---- a host's life ---- */

static uint64_t targets_of(const struct scan *scan)
{
        return scan->options->purpose == PURPOSE_DISCOVERY ? ranges_count(&scan->order->ranges)
                                                           : scan->secrets->target_count;
}

static void hash_add(struct scan *scan, struct host *host)
{
        struct host **slot = &scan->hash[host->address % HASH_SLOTS];

        host->next_of_hash = *slot;
        *slot = host;
        host->is_hashed = true;
}

static void hash_remove(struct scan *scan, struct host *host)
{
        struct host **at = &scan->hash[host->address % HASH_SLOTS];

        while (host->is_hashed && *at != host)
                at = &(*at)->next_of_hash;
        if (host->is_hashed)
                *at = host->next_of_hash;
        host->is_hashed = false;
}

static bool is_busy_at(const struct scan *scan, uint32_t address)
{
        const struct host *host = scan->hash[address % HASH_SLOTS];

        while (host && host->address != address)
                host = host->next_of_hash;
        return host;
}

static struct host *host_new(struct scan *scan, uint32_t address)
{
        struct host *host = scan->free;

        scan->free = host->next_ready;
        *host = (struct host){ .address = address, .tcp = -1 };
        scan->busy++;
        return host;
}

/* Tells what there is to tell, and the place is free. A known printer that is silent is told, too. */
static void host_end(struct scan *scan, struct host *host)
{
        bool is_told = host->target || (host->found && (host->tried[WAY_IPP] == TRIED_ANSWERED ||
                                                        host->tried[WAY_SNMP] == TRIED_ANSWERED));
        struct found *found = is_told && !scan->is_stopped ? scan_found(scan, host) : NULL;

        if (found) {
                struct sighting *sighting = &found->sighting;

                memcpy(sighting->tried, host->tried, sizeof(sighting->tried));
                if (host->target) {
                        sighting->printer = host->target->printer;
                        sighting->counters = host->target->counters;
                }
                sighting->octets += host->octets;
                sighting->packets = host->packets;
                scan->counts.found += sighting_is_printer(sighting);
                if (scan->observer->see(scan->observer->context, sighting) != 0)
                        scan->is_stopped = true;
        }
        scan->counts.answered += host->was_heard || host->found;
        scan->counts.asked += host->is_asked;
        wheel_clear(&scan->wheel, &host->timer);
        scan_tcp_close(scan, host);
        hash_remove(scan, host);
        forget_ready(scan, host);
        free(take(host->found));
        host->next_ready = scan->free;
        scan->free = host;
        scan->busy--;
}

static bool is_probed(const struct host *host)
{
        return host->probe == PROBE_NONE && !host->tcp_wanted;
}

/* Of a printer whose model is known to say on pages what it does not say otherwise. */
static bool wants_pages(const struct scan *scan, const struct host *host)
{
        const struct web_page *pages[WEB_PAGES_MAX + 1];
        enum purpose purpose = scan->options->purpose;

        if (!scan->order->pages || !host->found ||
            (purpose != PURPOSE_DISCOVERY && purpose != PURPOSE_METERS))
                return false;
        web_pages_find(&host->found->sighting.device, pages);
        return pages[0];
}

void scan_advance(struct scan *scan, struct host *host)
{
        if (host->stage == STAGE_PROBE) {
                if (!is_probed(host))
                        return;
                host->stage = STAGE_IPP;
                if ((host->is_ipp_open || (host->service && !host->is_hashed)) && scan_found(scan, host)) {
                        scan_ipp_give(scan, host, IPP_PACKETS);
                        return;
                }
        }
        if (host->stage == STAGE_IPP) {
                host->stage = STAGE_WALK;
                if (host->is_snmp_printer) {
                        scan_snmp_walk(scan, host);
                        return;
                }
        }
        if (host->stage == STAGE_WALK) {
                host->stage = STAGE_PAGES;
                if (wants_pages(scan, host)) {
                        scan_ipp_give(scan, host, PAGE_PACKETS);
                        return;
                }
        }
        host_end(scan, host);
}

static struct dns_sd_service *service_at(const struct scan *scan, uint32_t address)
{
        for (size_t i = 0; i < scan->services.count; i++)
                if (scan->services.at[i].address == address &&
                    scan->services.at[i].at.port == scan->order->ipp_port)
                        return &scan->services.at[i];
        return NULL;
}

static void begin_address(struct scan *scan, uint32_t address, const struct target *target)
{
        struct host *host = host_new(scan, address);
        struct dns_sd_service *service = service_at(scan, address);

        host->target = target;
        host->is_asked = true;
        hash_add(scan, host);
        if (service && !service->is_taken) {
                service->is_taken = true;
                host->service = service;
                scan_note(host, WAY_DNS_SD, TRIED_ANSWERED);
        }
        if (scan->order->ways[WAY_IPP])
                scan_tcp_want(scan, host);
        if (scan->order->ways[WAY_SNMP] && scan->secrets->credential_count > 0)
                scan_snmp_begin(scan, host);
        else
                scan_advance(scan, host);
}

/* What announces itself elsewhere than where was looked: by IPP alone, at the port it says. */
static void begin_service(struct scan *scan, struct dns_sd_service *service)
{
        struct host *host;

        if (service->is_taken || !scan->order->ways[WAY_IPP] ||
            ranges_has(&scan->order->excluded, service->address))
                return;
        service->is_taken = true;
        host = host_new(scan, service->address);
        host->service = service;
        scan_note(host, WAY_DNS_SD, TRIED_ANSWERED);
        scan_note(host, WAY_IPP, TRIED_SILENT);
        scan_advance(scan, host);
}

/* The next address, where there is room and a token for it. What is being asked goes before what is not. */
static void begin_next(struct scan *scan)
{
        scan->is_blocked = false;
        if (!scan->free || scan->ready || scan->tcp_waiting ||
            pace_wait_us(&scan->pace, clock_monotonic_us()) > 0)
                return;
        if (scan->next < targets_of(scan)) {
                bool is_range = scan->options->purpose == PURPOSE_DISCOVERY;
                const struct target *target = is_range ? NULL : &scan->secrets->targets[scan->next];
                uint32_t address = is_range ? ranges_get(&scan->order->ranges, scan->next) : target->address;

                /* Two printers behind one address wait for one another. */
                scan->is_blocked = is_busy_at(scan, address);
                if (scan->is_blocked)
                        return;
                scan->next++;
                begin_address(scan, address, target);
        } else if (scan->next_service < scan->services.count) {
                begin_service(scan, &scan->services.at[scan->next_service++]);
        }
}

/* ---- the loop ---- */

static void send_ready(struct scan *scan)
{
        while (scan->ready && pace_take(&scan->pace, clock_monotonic_us())) {
                struct host *host = scan->ready;

                scan->ready = host->next_ready;
                if (!scan->ready)
                        scan->ready_last = NULL;
                host->is_ready = false;
                scan_snmp_send(scan, host);
        }
}

static void take_due(struct scan *scan)
{
        int64_t now_ms = clock_monotonic_ms();
        struct wheel_timer *timer;

        while ((timer = wheel_next(&scan->wheel, now_ms)))
                scan_snmp_due(scan, (struct host *)timer);
        while ((timer = wheel_next(&scan->tcp_wheel, now_ms))) {
                struct host *host = (struct host *)((char *)timer - offsetof(struct host, tcp_timer));

                scan_tcp_due(scan, host);
        }
}

static bool has_more(const struct scan *scan)
{
        return scan->busy > 0 || scan->next < targets_of(scan) || scan->next_service < scan->services.count;
}

/* Until something comes, a timer's tick, or a token. */
static int wait_ms(const struct scan *scan)
{
        bool wants = scan->ready || (scan->tcp_waiting && scan->tcp_count < scan->tcp_max) ||
                     (scan->free && !scan->is_blocked && scan->next < targets_of(scan));
        int64_t wait_us = wants ? pace_wait_us(&scan->pace, clock_monotonic_us()) : WAIT_MS * 1000,
                ticks = scan->wheel.count + scan->tcp_wheel.count > 0 ? WHEEL_TICK_MS : WAIT_MS;

        wait_us = wait_us / 1000 < ticks ? wait_us : ticks * 1000;
        return (int)((wait_us + 999) / 1000);
}

static void take_events(struct scan *scan)
{
        struct epoll_event events[EVENTS];
        int count = epoll_wait(scan->epoll, events, EVENTS, wait_ms(scan));

        for (int i = 0; i < count; i++) {
                if (events[i].data.ptr == &scan->udp)
                        scan_snmp_receive(scan);
                else if (events[i].data.ptr == &scan->woken)
                        scan_ipp_collect(scan);
                else
                        scan_tcp_event(scan, events[i].data.ptr);
        }
}

static bool goes_on(struct scan *scan)
{
        if (scan->options->stop && atomic_load(scan->options->stop))
                scan->is_stopped = true;
        return has_more(scan) && !scan->is_stopped && !scan->fault;
}

static void loop(struct scan *scan)
{
        int64_t asked_ms = clock_monotonic_ms();

        while (goes_on(scan)) {
                int64_t now_ms = clock_monotonic_ms();

                send_ready(scan);
                scan_tcp_go(scan);
                begin_next(scan);
                take_due(scan);
                take_events(scan);
                if (now_ms - asked_ms < GO_ON_MS)
                        continue;
                asked_ms = now_ms;
                if (!scan->observer->go_on(scan->observer->context, &scan->counts))
                        scan->is_stopped = true;
        }
}

/* ---- begin and end ---- */

static int add_event(struct scan *scan, int fd, void *which)
{
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = which };

        return epoll_ctl(scan->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? fault(-errno) : 0;
}

static int open_all(struct scan *scan)
{
        struct sockaddr_in any = { .sin_family = AF_INET };
        int octets = RECEIVE_OCTETS, r;

        scan->epoll = epoll_create1(EPOLL_CLOEXEC);
        scan->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        scan->woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (scan->epoll < 0 || scan->udp < 0 || scan->woken < 0 ||
            bind(scan->udp, (struct sockaddr *)&any, sizeof(any)) < 0)
                return fault(-errno);
        (void)setsockopt(scan->udp, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
        r = add_event(scan, scan->udp, &scan->udp);
        return r ? r : add_event(scan, scan->woken, &scan->woken);
}

static int make_hosts(struct scan *scan)
{
        scan->hosts = calloc(scan->order->window, sizeof(*scan->hosts));
        if (!scan->hosts)
                return fault(-ENOMEM);
        for (uint32_t i = scan->order->window; i-- > 0;) {
                scan->hosts[i].tcp = -1;
                scan->hosts[i].next_ready = scan->free;
                scan->free = &scan->hosts[i];
        }
        return 0;
}

static void scan_free(struct scan *scan)
{
        for (uint32_t i = 0; scan->hosts && i < scan->order->window; i++) {
                closep(&scan->hosts[i].tcp);
                free(scan->hosts[i].found);
        }
        free(scan->hosts);
        dns_sd_done(&scan->services);
        closep(&scan->epoll);
        closep(&scan->udp);
        closep(&scan->woken);
        explicit_bzero(scan, sizeof(*scan));
        free(scan);
}

static void scan_freep(struct scan **scan)
{
        if (*scan)
                scan_free(*scan);
}

int scan_run(const struct scan_options *options, const struct scan_observer *observer,
             struct scan_counts *ret)
{
        SCOPED(scan_freep) struct scan *scan = calloc(1, sizeof(*scan));
        int64_t now_ms = clock_monotonic_ms();
        int r;

        *ret = (struct scan_counts){ .addresses = 0 };
        if (!scan)
                return fault(-ENOMEM);
        scan->options = options;
        scan->order = options->order;
        scan->secrets = options->secrets;
        scan->observer = observer;
        scan->epoll = scan->udp = scan->woken = -1;
        scan->salt = random_u64();
        wheel_init(&scan->wheel, now_ms);
        wheel_init(&scan->tcp_wheel, now_ms);
        pace_init(&scan->pace, options->order->packets_per_second, clock_monotonic_us());
        if (options->purpose == PURPOSE_DISCOVERY && options->order->ways[WAY_DNS_SD] &&
            dns_sd_browse(BROWSE_MS, &scan->services) < 0)
                scan->services.count = 0;
        scan->counts.addresses = targets_of(scan) + scan->services.count;
        r = open_all(scan);
        if (r == 0)
                r = make_hosts(scan);
        if (r == 0)
                r = scan_ipp_start(scan);
        if (r)
                return r;
        loop(scan);
        scan_ipp_end(scan);
        *ret = scan->counts;
        return scan->fault ? scan->fault : scan->is_stopped ? SCAN_STOPPED : 0;
}
