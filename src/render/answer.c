// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/answer.h"

#include <string.h>
#include <unistd.h>

#include "os/file.h"

/* One that is being gathered: Ghostscript writes a line of dots at a time. The program has one answer. */
static struct {
        uint8_t octets[FRAME_HEADER_OCTETS + FRAME_OCTETS_MAX];
        enum frame_type type;
        size_t len; /* of its contents */
} gathered;

static int write_gathered(void)
{
        size_t len = gathered.len;

        if (len == 0)
                return 0;
        frame_header(gathered.type, len, gathered.octets);
        gathered.len = 0;
        return file_write(STDOUT_FILENO, gathered.octets, FRAME_HEADER_OCTETS + len);
}

int answer_write(enum frame_type type, struct text octets)
{
        int r = type == gathered.type ? 0 : write_gathered();

        gathered.type = type;
        while (r == 0 && octets.len > 0) {
                size_t room = FRAME_OCTETS_MAX - gathered.len;
                size_t len = octets.len < room ? octets.len : room;

                memcpy(gathered.octets + FRAME_HEADER_OCTETS + gathered.len, octets.at, len);
                gathered.len += len;
                octets = text_from_octets(octets.at + len, octets.len - len);
                if (gathered.len == FRAME_OCTETS_MAX)
                        r = write_gathered();
        }
        return r == 0 && type != FRAME_DOCUMENT ? write_gathered() : r;
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
        uint8_t header[FRAME_HEADER_OCTETS];
        int r = write_gathered();

        frame_header(FRAME_END, 0, header);
        return r < 0 ? r : file_write(STDOUT_FILENO, header, sizeof(header));
}
