// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The little HTTP client of the benchmarks: one blocking TLS connection, no more work than a request needs.
 */

#include <stdbool.h>
#include <stddef.h>
#include <openssl/ssl.h>

struct wire {
        SSL *ssl;
        int fd;
        char in[65536];
        size_t in_at, in_len;
        bool is_closing; /* the last answer said so */
};

struct wire_address {
        char host[256];
        char port[8];
        char path[1024];
};

/* "https://host:port/path"; the path may be missing. */
bool wire_address_parse(const char *url, struct wire_address *ret);

/* Ends the program with a message where it fails: a benchmark without its server has nothing to say. */
void wire_open(struct wire *wire, SSL_CTX *context, const struct wire_address *address);
void wire_close(struct wire *wire);
void wire_write(struct wire *wire, const void *octets, size_t len);
/* Reads one answer to its end. Returns its status; the first octets of its body go to body. */
int wire_read_answer(struct wire *wire, char *body, size_t size, size_t *ret_length);
/* Reads only the head of an answer that does not end. */
int wire_read_head(struct wire *wire);

double wire_now(void); /* seconds */
