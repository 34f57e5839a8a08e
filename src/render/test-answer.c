// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What is written a line at a time leaves in whole frames; what somebody waits for leaves at once. */
#include <assert.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/scope.h"
#include "render/answer.h"

#define LINES 10000
#define LINE  "a line of dots that is not long"

static off_t written(void)
{
        return lseek(STDOUT_FILENO, 0, SEEK_END);
}

/* The octets that all frames of the answer have, and how many of each kind there are. */
static size_t read_frames(unsigned int *ret_documents, unsigned int *ret_images)
{
        static uint8_t octets[1 << 20];
        ssize_t len = pread(STDOUT_FILENO, octets, sizeof(octets), 0);
        size_t document = 0;

        assert(len > 0);
        *ret_documents = *ret_images = 0;
        for (ssize_t at = 0; at < len;) {
                size_t size = (size_t)octets[at + 1] << 24 | (size_t)octets[at + 2] << 16 |
                              (size_t)octets[at + 3] << 8 | octets[at + 4];

                *ret_documents += octets[at] == FRAME_DOCUMENT;
                *ret_images += octets[at] == FRAME_IMAGE;
                document += octets[at] == FRAME_DOCUMENT ? size : 0;
                at += FRAME_HEADER_OCTETS + (ssize_t)size;
                assert((at == len) == (octets[at - FRAME_HEADER_OCTETS - (ssize_t)size] == FRAME_END));
        }
        return document;
}

int main(void)
{
        SCOPED(closep) int answer = memfd_create("answer", MFD_CLOEXEC);
        unsigned int documents, images;
        off_t before;

        assert(answer >= 0 && dup2(answer, STDOUT_FILENO) == STDOUT_FILENO);
        for (unsigned int i = 0; i < LINES; i++)
                assert(answer_document(NULL, TEXT_OF(LINE)) == 0);
        before = written();
        assert(answer_write(FRAME_IMAGE, TEXT_OF("an image")) == 0);
        assert(written() > before);
        assert(answer_document(NULL, TEXT_OF("the last line")) == 0 && answer_end() == 0);

        assert(read_frames(&documents, &images) == LINES * strlen(LINE) + strlen("the last line"));
        assert(documents == LINES * strlen(LINE) / FRAME_OCTETS_MAX + 2 && images == 1);
        return 0;
}
