// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/frame.h"

static const struct {
        const char *name;
        struct text stream;
        int outcome; /* of the last frame_take() */
        bool has_ended;
        const char *document;
} rows[] = {
        { "nothing", TEXT(""), FRAME_MORE, false, "" },
        { "a document", TEXT("D\0\0\0\3abcE\0\0\0\0"), FRAME_MORE, true, "abc" },
        { "in two frames", TEXT("D\0\0\0\1aD\0\0\0\2bcE\0\0\0\0"), FRAME_MORE, true, "abc" },
        { "cut in the contents", TEXT("D\0\0\0\3ab"), FRAME_MORE, false, "ab" },
        { "cut in the header", TEXT("D\0\0\0\1aE\0\0"), FRAME_MORE, false, "a" },
        { "longer than a frame may be", TEXT("D\0\1\0\1a"), FRAME_BAD, false, "" },
        { "longer than memory", TEXT("D\377\377\377\377a"), FRAME_BAD, false, "" },
        { "no such type", TEXT("Z\0\0\0\1a"), FRAME_BAD, false, "" },
        { "empty", TEXT("D\0\0\0\0"), FRAME_BAD, false, "" },
        { "an end with contents", TEXT("E\0\0\0\1a"), FRAME_BAD, false, "" },
        { "more after the end", TEXT("E\0\0\0\0a"), FRAME_BAD, true, "" },
};

/* Whatever the pieces it comes in, the answer is the same. */
static void try_in_pieces_of(size_t i, size_t size)
{
        struct frame_reader reader = { .left = 0 };
        char document[16] = "";
        size_t length = 0, at = 0;
        int r = FRAME_MORE;

        while (at < rows[i].stream.len && r == FRAME_MORE) {
                size_t left = rows[i].stream.len - at;
                struct text piece = { rows[i].stream.at + at, left < size ? left : size };
                struct frame frame;

                at += piece.len;
                while ((r = frame_take(&reader, &piece, &frame)) == 0) {
                        if (frame.type != FRAME_DOCUMENT)
                                continue;
                        memcpy(document + length, frame.octets.at, frame.octets.len);
                        length += frame.octets.len;
                }
        }
        assert(r == rows[i].outcome && frame_has_ended(&reader) == rows[i].has_ended);
        assert(strcmp(document, rows[i].document) == 0);
}

int main(void)
{
        uint8_t header[FRAME_HEADER_OCTETS];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                for (size_t size = 1; size <= rows[i].stream.len; size++)
                        try_in_pieces_of(i, size);
        }
        frame_header(FRAME_FACTS, 65536, header);
        assert(memcmp(header, "F\0\1\0\0", sizeof(header)) == 0);
        return 0;
}
