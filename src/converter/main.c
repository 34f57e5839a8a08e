// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "cells/cells.h"
#include "cells/formats.h"
#include "converter/settings.h"
#include "converter/works.h"
#include "os/file.h"
#include "os/process.h"
#include "os/wipe.h"
#include "outpost/stream.h"

WIPE_WHAT_IS_FREED

static const struct program program = {
        .name = "imprimatur-converter",
        .usage =
                "imprimatur-converter --config FILE [--set SECTION.NAME=VALUE]...\n"
                "imprimatur-converter --config FILE --enrol [CODE-FILE]\n"
                "\n"
                "A conversion server: renders documents for a service on another machine, each in a cell of its\n"
                "own, and keeps nothing of them.\n"
                "\n"
                "  --config FILE    settings; see imprimatur-converter(8)\n"
                "  --set S.N=V      a setting that takes the place of the file's\n"
                "  --enrol [FILE]   makes this machine the converter that a one-time code was made for; the code\n"
                "                   is read from the file, or from standard input\n"
                "  --settings       print every setting with the value in force, and end\n"
                "  --version, --help\n",
        .prefix = "/v1/converter",
        .file = "converter.json",
};

static int complain(const char *what, const char *why)
{
        return program_complain(&program, what, why);
}

/* Everything that runs; none of it ends before the process does. */
struct converter {
        struct service *service;
        struct works *works;
        struct cells *cells;
        struct format_set formats;
        struct stream stream;
};

static int introduce(void *context)
{
        struct converter *converter = context;
        int r = works_tell_formats(converter->service, converter->formats);

        /* There may be work that only we can do. */
        if (r == 0)
                cells_wake(converter->cells);
        return r;
}

static bool on_event(void *context, struct text name, struct text data)
{
        struct converter *converter = context;

        if (text_equal_string(name, "work"))
                cells_wake(converter->cells);
        return true;
}

static int make_parts(struct converter *converter, const struct converter_settings *s,
                      const struct identity_place *place)
{
        char path[IDENTITY_PATH];
        int r;

        r = identity_service(place, path, &converter->service);
        if (r == 0)
                r = works_new(converter->service, &converter->works);
        if (r == 0)
                r = cells_new(&s->cells, &converter->cells);
        return r;
}

static int start_parts(struct converter *converter)
{
        int r;

        converter->stream = (struct stream){ .service = converter->service,
                                             .path = "/v1/converter/events",
                                             .introduce = introduce,
                                             .event = on_event,
                                             .context = converter };
        r = stream_start(&converter->stream);
        if (r == 0)
                r = cells_start(converter->cells, works_source(converter->works));
        return r;
}

static int run(const struct converter_settings *s, int directory)
{
        struct identity_place place = program_place(&program, &s->program, directory);
        struct converter converter = { .service = NULL };
        int stop = -1, r;

        if (s->cells.cells == 0)
                return complain("[render] cells is 0: this machine would do nothing", NULL);
        r = identity_check(&place);
        if (r == IDENTITY_NOT_ENROLLED)
                return complain(
                        "this converter is not enrolled: make a one-time code (imprimatur converter add "
                        "NAME), and run it with --enrol",
                        NULL);
        if (r == 0)
                r = process_stop_open(&stop);
        if (r)
                return complain("cannot start", strerror(r < 0 ? -r : EPROTO));
        r = cells_learn_formats(&s->cells, &converter.formats);
        if (r)
                return complain("the renderer does not say what it can read", s->cells.program);
        r = make_parts(&converter, s, &place);
        if (r == 0)
                r = start_parts(&converter);
        if (r)
                return complain("cannot start", strerror(-r));
        log_write(LOG_NOTICE, "converter-started", "version", IMPRIMATUR_VERSION, NULL);
        program_wait(&place, converter.service, stop);
        cells_stop(converter.cells);
        log_write(LOG_NOTICE, "converter-stopped", NULL);
        /* The channel's thread must not see what it uses vanish. */
        _exit(0);
}

int main(int argc, char **argv)
{
        SCOPED(config_closep) struct config *config = NULL;
        struct program_words words = { .config = NULL };
        static struct converter_settings settings;
        int directory, r;

        r = program_read_words(&program, argc, argv, &words);
        if (r >= 0)
                return r;
        r = process_harden();
        if (r)
                return complain("cannot harden the process", strerror(-r));
        if (!program_open_config(&program, &words, &config))
                return 1;
        r = converter_settings_read(config, &settings);
        if (!program_settings_are_good(&program, &words, &settings.program, config, r))
                return 1;
        if (words.print_settings) {
                config_print(config, stdout);
                return 0;
        }
        log_init("imprimatur-converter", settings.program.level);
        r = directory_open(settings.program.state, &directory);
        if (r)
                return complain(settings.program.state, strerror(r < 0 ? -r : EPROTO));
        return words.enrol ? program_enrol(&program, &settings.program, directory, words.enrol)
                           : run(&settings, directory);
}
