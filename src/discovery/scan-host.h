// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the files of a scan share: an address that is being asked, and everything around it. scan.h is for
 * everybody else. */

#include <pthread.h>

#include "discovery/dns-sd.h"
#include "discovery/mib.h"
#include "discovery/pace.h"
#include "discovery/scan.h"
#include "discovery/wheel.h"
#include "snmp/secure.h"

#define HEAD_OCTETS  28  /* of IPv4 and UDP */
#define TCP_KEPT     512 /* descriptors that opening connections leaves to the rest of the process */
#define PAGE_PACKETS 12  /* the same, of HTTP */
#define IPP_PACKETS  12  /* that an exchange of IPP takes of ours, about */

/* Of SNMP, for one device: DISC-SIZE. */
#define BUDGET_DISCOVERY_OCTETS 15800
#define BUDGET_STATUS_OCTETS    16600
#define WALK_LIMIT_MS           30000

enum stage {
        STAGE_PROBE, /* is it a printer, and does IPP listen? */
        STAGE_IPP,   /* a worker has it; nobody else touches it */
        STAGE_WALK,
        STAGE_PAGES, /* a worker has it again */
};

enum probe { /* the conversation by SNMP */
        PROBE_NONE,
        PROBE_ENGINE, /* SNMPv3: which engine is it? */
        PROBE_KIND,   /* is it a printer? */
        PROBE_WALK,
};

/* Only of somebody who answered. */
struct found {
        struct sighting sighting;
        struct mib_walk walk;
        int64_t until_ms;
};

struct host {
        struct wheel_timer timer; /* of SNMP; first, so that it is the host */
        struct wheel_timer tcp_timer;
        struct host *next_ready, *next_tcp, *next_of_hash, *next_done;
        bool is_ready, is_tcp_waiting, is_hashed, is_asked;
        uint32_t address;
        const struct target *target;          /* NULL: a range is looked through */
        const struct dns_sd_service *service; /* NULL: not announced */
        enum stage stage;

        enum probe probe;
        uint8_t credential; /* which one is tried */
        uint8_t tries;      /* of the last question */
        uint8_t step;       /* of the probe of SNMPv1 */
        uint8_t clocks;     /* how often the device corrected ours */
        bool is_snmp_printer, has_engine, was_heard;
        int32_t id;
        struct snmp_engine engine;

        int tcp;           /* -1: none */
        uint8_t tcp_tries; /* packets that asked for a connection */
        bool tcp_wanted, is_ipp_open;
        enum tried tried[WAYS];
        uint32_t packets;
        uint64_t octets;
        uint64_t worker_octets; /* of what workers did, that are counted already */
        struct found *found;
};

#define HASH_SLOTS 4096

struct scan {
        const struct scan_options *options;
        const struct order *order;
        const struct secrets *secrets;
        const struct scan_observer *observer;
        struct scan_counts counts;
        struct pace pace;
        struct wheel wheel, tcp_wheel;
        int epoll, udp, woken;
        struct host *hosts; /* order->window of them */
        struct host *free;  /* by next_ready */
        size_t busy;
        struct host *hash[HASH_SLOTS];
        struct host *ready, *ready_last; /* have something to send, and wait for a token */
        struct host *tcp_waiting, *tcp_last;
        size_t tcp_count, tcp_max; /* being opened: as many as the window, where there are descriptors */
        uint64_t next;             /* number of the next address */
        struct dns_sd_services services;
        size_t next_service;
        uint64_t salt;
        int fault;
        bool is_stopped;
        bool is_blocked; /* the next address is busy */

        /* Workers of IPP. */
        pthread_mutex_t lock;
        pthread_cond_t work;
        struct host *ipp_first, *ipp_last; /* by next_done; waiting for a worker */
        struct host *done;                 /* by next_done; back from one */
        pthread_t workers[16];
        size_t worker_count;
        bool is_ending;

        struct snmp_answer answer;
        uint8_t datagram[SNMP_MESSAGE_MAX];
        uint8_t room[SNMP_MESSAGE_MAX];
};

/* scan.c */
void scan_want_to_send(struct scan *scan, struct host *host);
struct found *scan_found(struct scan *scan, struct host *host);
/* A part of a host's stage has ended; the next one begins where all have. */
void scan_advance(struct scan *scan, struct host *host);
void scan_note(struct host *host, enum way way, enum tried tried);

/* scan-snmp.c */
void scan_snmp_begin(struct scan *scan, struct host *host);
void scan_snmp_walk(struct scan *scan, struct host *host);
void scan_snmp_send(struct scan *scan, struct host *host);
void scan_snmp_due(struct scan *scan, struct host *host);
void scan_snmp_receive(struct scan *scan);

/* scan-ipp.c */
int scan_ipp_start(struct scan *scan);
void scan_ipp_end(struct scan *scan);
void scan_tcp_want(struct scan *scan, struct host *host);
/* Starts those that may, one token each. */
void scan_tcp_go(struct scan *scan);
void scan_tcp_event(struct scan *scan, struct host *host);
void scan_tcp_due(struct scan *scan, struct host *host);
void scan_tcp_close(struct scan *scan, struct host *host);
/* To a worker, which does what its stage says; so many packets of ours that takes. */
void scan_ipp_give(struct scan *scan, struct host *host, uint32_t packets);
/* Those that came back from workers. */
void scan_ipp_collect(struct scan *scan);
