// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * load: a number of clients that each send one request after the other over a TLS connection of their own,
 * for a given time, and what came of it as one line of JSON.
 *
 *      load ipp  URL CLIENTS SECONDS OCTETS [USER:SECRET] [hold]   Print-Job with a document of that size
 *      load put  URL CLIENTS SECONDS OCTETS                       HTTP PUT of such a document
 *      load get  URL CLIENTS SECONDS 0 [USER:SECRET]              HTTP GET
 *
 * The secret may stand in the environment as LOAD_USER instead.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire.h"

#define CLIENTS_MAX 256
#define TIMES_MAX   200000

static struct {
        char mode;
        struct wire_address address;
        int clients;
        double seconds;
        size_t octets;
        char authorization[512];
        int hold;
        SSL_CTX *context;
        pthread_barrier_t start;
} load;

struct client {
        pthread_t thread;
        int number;
        unsigned long requests, refused;
        float *times;
        size_t time_count;
        double until;
};

static void base64(const char *from, char *to)
{
        EVP_EncodeBlock((unsigned char *)to, (const unsigned char *)from, (int)strlen(from));
}

static size_t add_attribute(char *at, int tag, const char *name, const char *value)
{
        size_t n = strlen(name), v = strlen(value), o = 0;

        at[o++] = (char)tag;
        at[o++] = (char)(n >> 8);
        at[o++] = (char)n;
        memcpy(at + o, name, n);
        o += n;
        at[o++] = (char)(v >> 8);
        at[o++] = (char)v;
        memcpy(at + o, value, v);
        return o + v;
}

/* RFC 8010: version 2.0, Print-Job, request-id 1, operation attributes, and for a peer that holds only when
 * asked, a job attribute. */
static size_t format_print_job(char *to, const char *job_name)
{
        char uri[1400];
        size_t o = 8;

        memcpy(to, "\2\0\0\2\0\0\0\1", 8);
        to[o++] = 1;
        o += add_attribute(to + o, 0x47, "attributes-charset", "utf-8");
        o += add_attribute(to + o, 0x48, "attributes-natural-language", "en");
        snprintf(uri, sizeof(uri), "ipps://%s:%s%s", load.address.host, load.address.port, load.address.path);
        o += add_attribute(to + o, 0x45, "printer-uri", uri);
        o += add_attribute(to + o, 0x42, "requesting-user-name", "bench");
        o += add_attribute(to + o, 0x42, "job-name", job_name);
        o += add_attribute(to + o, 0x49, "document-format", "application/pdf");
        if (load.hold) {
                to[o++] = 2;
                o += add_attribute(to + o, 0x44, "job-hold-until", "indefinite");
        }
        to[o++] = 3;
        return o;
}

static size_t format_request(char *to, size_t size, const struct client *client, const char *document)
{
        char ipp[4096], name[64], path[1200];
        size_t ipp_len = 0;
        int len;

        snprintf(name, sizeof(name), "bench-%d-%d-%lu", getpid(), client->number, client->requests);
        snprintf(path, sizeof(path), "%s%s%s", load.address.path, load.mode == 'p' ? "/" : "",
                 load.mode == 'p' ? name : "");
        if (load.mode == 'i')
                ipp_len = format_print_job(ipp, name);
        len = snprintf(to, size, "%s %s HTTP/1.1\r\nHost: %s:%s\r\n%s%s",
                       load.mode == 'i'   ? "POST"
                       : load.mode == 'p' ? "PUT"
                                          : "GET",
                       path, load.address.host, load.address.port, load.authorization,
                       load.mode == 'i' ? "Content-Type: application/ipp\r\n" : "");
        if (load.mode != 'g')
                len += snprintf(to + len, size - (size_t)len, "Content-Length: %zu\r\n",
                                ipp_len + load.octets);
        len += snprintf(to + len, size - (size_t)len, "\r\n");
        memcpy(to + len, ipp, ipp_len);
        len += (int)ipp_len;
        /* A small document goes in the same write, as a client with a buffer sends it. */
        if (load.mode != 'g' && load.octets <= size - (size_t)len) {
                memcpy(to + len, document, load.octets);
                len += (int)load.octets;
        }
        return (size_t)len;
}

static int is_good(int status, const char *body, size_t len)
{
        if (status < 200 || status > 299)
                return 0;
        return load.mode != 'i' || (len >= 4 && body[2] == 0);
}

static void *run(void *context)
{
        struct client *client = context;
        size_t head_size = 16384 + (load.octets <= (1 << 20) ? load.octets : 0);
        char *document = malloc(load.octets + 1), *head = malloc(head_size);
        char body[4096];
        struct wire wire;

        memset(document, 'x', load.octets);
        if (load.octets >= 9)
                memcpy(document, "%PDF-1.7\n", 9);
        wire_open(&wire, load.context, &load.address);
        pthread_barrier_wait(&load.start);
        client->until = wire_now() + load.seconds;
        while (wire_now() < client->until) {
                double begun = wire_now();
                size_t len = format_request(head, head_size, client, document), got;
                int status;

                wire_write(&wire, head, len);
                if (load.mode != 'g' && load.octets > (1 << 20))
                        wire_write(&wire, document, load.octets);
                status = wire_read_answer(&wire, body, sizeof(body), &got);
                if (wire.is_closing) {
                        /* Servers end a connection after some number of requests: a real client opens
                         * another. */
                        wire_close(&wire);
                        wire_open(&wire, load.context, &load.address);
                }
                client->requests++;
                if (!is_good(status, body, got) && client->refused++ == 0)
                        fprintf(stderr, "bench: refused: %d %.*s\n", status, got > 300 ? 300 : (int)got,
                                body);
                if (client->time_count < TIMES_MAX)
                        client->times[client->time_count++] = (float)(wire_now() - begun);
        }
        wire_close(&wire);
        free(document);
        free(head);
        return NULL;
}

static int by_value(const void *a, const void *b)
{
        float x = *(const float *)a, y = *(const float *)b;

        return x < y ? -1 : x > y;
}

static void print(struct client *clients, double seconds)
{
        unsigned long requests = 0, refused = 0;
        size_t count = 0;
        float *all;

        for (int i = 0; i < load.clients; i++) {
                requests += clients[i].requests;
                refused += clients[i].refused;
                count += clients[i].time_count;
        }
        all = malloc(count * sizeof(*all) + 1);
        count = 0;
        for (int i = 0; i < load.clients; i++) {
                memcpy(all + count, clients[i].times, clients[i].time_count * sizeof(*all));
                count += clients[i].time_count;
        }
        qsort(all, count, sizeof(*all), by_value);
        printf("{\"requests\":%lu,\"refused\":%lu,\"seconds\":%.4f,\"per_second\":%.2f,\"megabytes_per_second\":%.2f,"
               "\"median_ms\":%.4f,\"p99_ms\":%.4f}\n",
               requests, refused, seconds, (double)requests / seconds,
               (double)requests * (double)load.octets / 1e6 / seconds,
               count ? (double)all[count / 2] * 1e3 : 0, count ? (double)all[count * 99 / 100] * 1e3 : 0);
        free(all);
}

int main(int argc, char **argv)
{
        static struct client clients[CLIENTS_MAX];
        const char *user = getenv("LOAD_USER");
        char encoded[400];
        double begun;

        if (argc < 6 || !wire_address_parse(argv[2], &load.address)) {
                fprintf(stderr,
                        "usage: load ipp|put|get https://HOST:PORT/PATH CLIENTS SECONDS OCTETS [USER:SECRET] [hold]\n");
                return 2;
        }
        load.mode = argv[1][0];
        load.clients = atoi(argv[3]);
        load.seconds = atof(argv[4]);
        load.octets = strtoul(argv[5], NULL, 10);
        if (argc > 6 && strchr(argv[6], ':'))
                user = argv[6];
        load.hold = argc > 6 && strcmp(argv[argc - 1], "hold") == 0;
        if (load.clients < 1 || load.clients > CLIENTS_MAX || load.seconds <= 0 || load.seconds > 600)
                return 2;
        if (user && strlen(user) < 250) {
                base64(user, encoded);
                snprintf(load.authorization, sizeof(load.authorization), "Authorization: Basic %s\r\n",
                         encoded);
        }
        load.context = SSL_CTX_new(TLS_client_method());
        pthread_barrier_init(&load.start, NULL, (unsigned)load.clients + 1);
        for (int i = 0; i < load.clients; i++) {
                clients[i].number = i;
                clients[i].times = malloc(TIMES_MAX * sizeof(float));
                pthread_create(&clients[i].thread, NULL, run, &clients[i]);
        }
        pthread_barrier_wait(&load.start);
        begun = wire_now();
        for (int i = 0; i < load.clients; i++)
                pthread_join(clients[i].thread, NULL);
        print(clients, wire_now() - begun);
        return 0;
}
