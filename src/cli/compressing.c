// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/compressing.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/outcome.h"

#define GZIP       (15 + 16) /* in zlib's manner of asking for it */
#define LEVEL      6
#define MEMORY     8
#define LEAST      1024 /* octets for which it is worth it */
#define SHRINKS_TO 0.8

static int read_some(int fd, void *to, size_t size, size_t *ret)
{
        ssize_t n;

        do
                n = read(fd, to, size);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return fault(-errno);
        *ret = (size_t)n;
        return 0;
}

static int read_sample(struct compressing *compressing)
{
        while (compressing->sample_len < sizeof(compressing->sample)) {
                size_t n;
                int r = read_some(compressing->fd, compressing->sample + compressing->sample_len,
                                  sizeof(compressing->sample) - compressing->sample_len, &n);

                if (r < 0)
                        return r;
                if (n == 0)
                        return 0;
                compressing->sample_len += n;
        }
        return 0;
}

static bool shrinks(const struct compressing *compressing)
{
        unsigned char tried[COMPRESSING_SAMPLE];
        uLongf len = sizeof(tried);

        if (compressing->sample_len < LEAST)
                return false;
        return compress2(tried, &len, compressing->sample, compressing->sample_len, 1) == Z_OK &&
               (double)len < SHRINKS_TO * (double)compressing->sample_len;
}

int compressing_begin(struct compressing *compressing, int fd)
{
        int r;

        memset(compressing, 0, sizeof(*compressing));
        compressing->fd = fd;
        r = read_sample(compressing);
        if (r < 0 || !shrinks(compressing))
                return r;
        if (deflateInit2(&compressing->z, LEVEL, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
                return fault(-ENOMEM);
        compressing->is_gzip = true;
        return 0;
}

/* Octets of the document: first those that were looked at. */
static int pull_plain(struct compressing *compressing, void *to, size_t size, size_t *ret_length)
{
        size_t left = compressing->sample_len - compressing->sample_at;

        if (left == 0)
                return read_some(compressing->fd, to, size, ret_length);
        if (size > left)
                size = left;
        memcpy(to, compressing->sample + compressing->sample_at, size);
        compressing->sample_at += size;
        *ret_length = size;
        return 0;
}

static int refill(struct compressing *compressing)
{
        size_t len;
        int r = pull_plain(compressing, compressing->piece, sizeof(compressing->piece), &len);

        if (r < 0)
                return r;
        compressing->has_ended = len == 0;
        compressing->z.next_in = compressing->piece;
        compressing->z.avail_in = (uInt)len;
        return 0;
}

static int pull_gzip(struct compressing *compressing, char *to, size_t size, size_t *ret_length)
{
        z_stream *z = &compressing->z;

        z->next_out = (Bytef *)to;
        z->avail_out = (uInt)size;
        while (!compressing->is_complete && z->avail_out == size) {
                int r = z->avail_in || compressing->has_ended ? 0 : refill(compressing);

                if (r < 0)
                        return r;
                compressing->is_complete =
                        deflate(z, compressing->has_ended ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END;
        }
        *ret_length = size - z->avail_out;
        return 0;
}

int compressing_pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct compressing *compressing = context;

        return compressing->is_gzip ? pull_gzip(compressing, to, size, ret_length)
                                    : pull_plain(compressing, to, size, ret_length);
}

void compressing_done(struct compressing *compressing)
{
        if (compressing->is_gzip)
                deflateEnd(&compressing->z);
        compressing->is_gzip = false;
}
