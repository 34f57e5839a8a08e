// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/answer.h"

#include <unistd.h>

#include "os/file.h"

static int write_frame(enum frame_type type, const char *octets, size_t len)
{
        uint8_t header[FRAME_HEADER_OCTETS];
        int r;

        frame_header(type, len, header);
        r = file_write(STDOUT_FILENO, header, sizeof(header));
        return r < 0 || len == 0 ? r : file_write(STDOUT_FILENO, octets, len);
}

int answer_write(enum frame_type type, struct text octets)
{
        while (octets.len > 0) {
                size_t len = octets.len < FRAME_OCTETS_MAX ? octets.len : FRAME_OCTETS_MAX;
                int r = write_frame(type, octets.at, len);

                if (r < 0)
                        return r;
                octets = text_from_octets(octets.at + len, octets.len - len);
        }
        return 0;
}

int answer_document(void *context, struct text octets)
{
        (void)context;
        return answer_write(FRAME_DOCUMENT, octets);
}

int answer_facts(const struct facts *facts)
{
        char lines[FACTS_OCTETS_MAX];

        facts_format(facts, lines, sizeof(lines));
        return answer_write(FRAME_FACTS, text_from(lines));
}

int answer_end(void)
{
        return write_frame(FRAME_END, NULL, 0);
}
