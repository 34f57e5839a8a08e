// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "vault/flush.h"

#include "os/file.h"

void flush_init(struct flush *flush)
{
        *flush = (struct flush){ 0 };
        pthread_mutex_init(&flush->lock, NULL);
        pthread_cond_init(&flush->ended, NULL);
}

void flush_done(struct flush *flush)
{
        pthread_cond_destroy(&flush->ended);
        pthread_mutex_destroy(&flush->lock);
}

static void lead(struct flush *flush, int fd)
{
        uint64_t number = ++flush->started;

        flush->is_running = true;
        pthread_mutex_unlock(&flush->lock);
        file_sync_data(fd);
        pthread_mutex_lock(&flush->lock);
        flush->is_running = false;
        flush->done = number;
        pthread_cond_broadcast(&flush->ended);
}

bool flush_join(struct flush *flush, int fd)
{
        bool has_led = false;
        uint64_t number;

        pthread_mutex_lock(&flush->lock);
        number = flush->started + 1;
        while (flush->done < number) {
                if (flush->is_running) {
                        pthread_cond_wait(&flush->ended, &flush->lock);
                } else {
                        lead(flush, fd);
                        has_led = true;
                }
        }
        pthread_mutex_unlock(&flush->lock);
        return has_led;
}
