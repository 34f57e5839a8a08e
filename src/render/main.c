// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdbool.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "base/text.h"
#include "conversion/sniff.h"
#include "os/file.h"
#include "os/process.h"
#include "render/answer.h"
#include "render/convert.h"
#include "render/inspect.h"
#include "render/office-inside.h"
#include "render/outcome.h"
#include "render/password.h"
#include "render/preview.h"
#include "render/structure.h"
#include "render/view.h"

#define EXIT_FAULT   1
#define PIECE_OCTETS 65536

/* In memory, since the plain text of a document is never on a disk. */
static int memory_open(const char *name, int *ret_fd)
{
        int fd = memfd_create(name, MFD_CLOEXEC);

        if (fd < 0)
                return fault(-errno);
        *ret_fd = fd;
        return 0;
}

static int read_input(uint64_t octets_max, int to)
{
        char piece[PIECE_OCTETS];
        uint64_t octets = 0;

        for (;;) {
                ssize_t len = read(STDIN_FILENO, piece, sizeof(piece));
                int r;

                if (len < 0 && errno == EINTR)
                        continue;
                if (len < 0)
                        return fault(-errno);
                if (len == 0)
                        return 0;
                octets += (uint64_t)len;
                if (octets > octets_max)
                        return RENDER_LIMIT;
                r = file_write(to, piece, (size_t)len);
                if (r < 0)
                        return r;
        }
}

static int act(const struct order *order, const struct source *source)
{
        switch (order->act) {
        case ORDER_INSPECT: return inspect(order, source);
        case ORDER_PREVIEW: return preview(order, source);
        default: return convert(order, source);
        }
}

/* *document becomes another one where it was encrypted. */
static int unlock(const struct order *order, const struct password *password, int *document, bool *ret)
{
        SCOPED(view_done) struct view view = { .octets = { NULL, 0 } };
        SCOPED(closep) int unlocked = -1;
        int r;

        if (order->from != FORMAT_PDF)
                return RENDER_UNSUPPORTED;
        r = view_init(&view, *document);
        if (r == 0)
                r = memory_open("unlocked", &unlocked);
        if (r == 0)
                r = structure_unlock(&order->limits, sniff_body(view.octets, FORMAT_PDF), password, unlocked);
        if (r)
                return r;
        *ret = lseek(unlocked, 0, SEEK_END) > 0;
        if (!*ret)
                return 0;
        close(*document);
        *document = take_fd(&unlocked);
        return 0;
}

static int answer_with(const struct order *order, const struct password *password, int *document)
{
        SCOPED(view_done) struct view view = { .octets = { NULL, 0 } };
        struct source source = { .deadline_ms = clock_monotonic_ms() + (int64_t)order->limits.wall_s * 1000 };
        int r;

        r = read_input(order->limits.input_octets, *document);
        if (r == 0 && order->has_secret)
                r = unlock(order, password, document, &source.is_unlocked);
        if (r == 0)
                r = view_init(&view, *document);
        if (r)
                return r;
        source.document = *document;
        source.octets = view.octets;
        if (!source_is_what_it_says(order->from, source.octets))
                return RENDER_DAMAGED;
        r = act(order, &source);
        return r ? r : answer_end();
}

static int answer(const struct order *order)
{
        SCOPED(password_done) struct password password = { .octets = "" };
        SCOPED(closep) int document = -1;
        int r;

        r = memory_open("document", &document);
        if (r == 0 && order->has_secret)
                r = password_read(STDIN_FILENO, &password);
        return r ? r : answer_with(order, &password, &document);
}

/* Whoever breaks out of the cell should be nobody outside of it, too. */
static int give_up_rights(void)
{
        int r;

        if (geteuid() == 0) {
                r = process_become("nobody");
                if (r)
                        return fold(r);
        }
        r = process_harden();
        if (r)
                return r;
        /* Whoever asked has died: nobody waits for an answer, and the document is not to stay for one. */
        return prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ? fault(-errno) : 0;
}

static int usage(FILE *to, int status)
{
        fprintf(to,
                "imprimatur-render --from TYPE --to TYPE [OPTION VALUE]...\n"
                "\n"
                "Converts one document from standard input, in a cell of its own, and answers on standard\n"
                "output with frames (imprimatur-render(8)). It reads all of its input before it writes the\n"
                "first octet. One line on standard error (JSON) says how it went; exit status 0: converted,\n"
                "1: fault, 2: usage, 3: unsupported, 4: damaged, 5: password, 6: limit. What was written is\n"
                "worth nothing unless it is 0.\n"
                "\n"
                "%s"
                "  --formats          the media types of documents that can be read here, one a line\n"
                "  --version, --help\n",
                order_options());
        return status;
}

static bool is_word(int argc, char **argv, const char *word)
{
        return argc == 2 && strcmp(argv[1], word) == 0;
}

/* The service asks this once, and tells its clients of no other formats. */
static int print_formats(void)
{
        for (int format = FORMAT_UNKNOWN + 1; format < FORMAT_COUNT; format++)
                if (source_is_readable((enum format)format))
                        printf("%s\n", format_media_type((enum format)format));
        return fflush(stdout) ? EXIT_FAULT : 0;
}

/* -1: go on; otherwise the exit status, and what there was to say has been said. */
static int read_words(int argc, char **argv, struct order *ret)
{
        const char *word;
        int r;

        if (is_word(argc, argv, "--help"))
                return usage(stdout, 0);
        if (is_word(argc, argv, "--version"))
                return printf("imprimatur-render %s\n", IMPRIMATUR_VERSION) < 0;
        if (is_word(argc, argv, "--formats"))
                return print_formats();
        r = order_parse(argv + 1, argc > 0 ? (size_t)(argc - 1) : 0, ret, &word);
        if (r == 0)
                return -1;
        if (r == ORDER_INCOMPLETE)
                fprintf(stderr, "imprimatur-render: --from and --to must both be there\n");
        else
                fprintf(stderr, "imprimatur-render: %s: %s\n", word,
                        r == ORDER_UNKNOWN ? "no such option, or nothing after it" : "not such a value");
        return usage(stderr, 2);
}

int main(int argc, char **argv)
{
        struct order order;
        int r;

        if (argc > 1 && strcmp(argv[1], OFFICE_INSIDE) == 0)
                _exit(office_inside(argc, argv));
        r = read_words(argc, argv, &order);
        if (r >= 0)
                return r;
        log_init("imprimatur-render", LOG_NOTICE);
        r = give_up_rights();
        if (r == 0)
                r = answer(&order);
        if (r < 0) {
                log_fault("not-converted", r);
                return EXIT_FAULT;
        }
        if (r > 0) {
                log_write(LOG_NOTICE, "not-converted", "reason", render_refusal_name(r), NULL);
                return r;
        }
        log_write(LOG_NOTICE, "converted", NULL);
        return 0;
}
