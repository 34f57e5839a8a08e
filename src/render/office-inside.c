// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/office-inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "render/office-locked.h"

#define PROFILE       "/tmp/profile"
#define SETTINGS      PROFILE "/user/registrymodifications.xcu"
#define EXTENSIONS    PROFILE "/user/extensions"
#define BUILD         EXTENSIONS "/buildid"
#define VERSION       "/usr/lib/libreoffice/program/versionrc"
#define BUILD_WORD    "buildid="
#define WORDS         "/tmp/words"
#define MADE          "/tmp/made"
#define PIECE_OCTETS  65536
#define ARGUMENTS_MAX 24
#define STARTS_MAX    3
#define START_AGAIN   81 /* LibreOffice has set up its profile, and wants to be started with it */
#define VERSION_MAX   8192
#define SIGNAL_STATUS 128

/* No macro runs, whoever signed it; nothing that a document names is fetched or brought up to date; no Java.
 * A profile that was last used by an older version, or by none, has LibreOffice try its drawing at every
 * start, in pictures of 64 MiB: two thirds of all its time. This one was last used by a later version. */
#define ITEM(path, name, value)                                              \
        "<item oor:path=\"/org.openoffice." path "\"><prop oor:name=\"" name \
        "\" oor:op=\"fuse\"><value>" value "</value></prop></item>\n"
static const char settings[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\""
        " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\""
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n" ITEM("Office.Common/Security/Scripting",
                                                                           "MacroSecurityLevel", "3")
                ITEM("Office.Common/Security/Scripting", "DisableMacrosExecution",
                     "true") ITEM("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks",
                                  "true") ITEM("Office.Writer/Content/Update", "Link", "0")
                        ITEM("Office.Calc/Content/Update", "Link", "2") ITEM("Office.Java/VirtualMachine",
                                                                             "Enable", "false")
                                ITEM("Office.Common/Save/ExportEmbeddedContent", "EmbedFonts", "false")
                                        ITEM("Setup/Product", "ooSetupLastVersion", "99.9") "</oor:items>\n";

static bool is_locked(const char *path)
{
        SCOPED(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct text octets;
        struct stat stat;
        void *at;
        bool is;

        if (fd < 0 || fstat(fd, &stat) < 0 || stat.st_size == 0)
                return false;
        at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED)
                return false;
        octets = text_from_octets(at, (size_t)stat.st_size);
        is = office_is_locked(octets);
        munmap(at, octets.len);
        return is;
}

static int make_file(const char *path, const char *octets, size_t len)
{
        SCOPED(closep) int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        return fd < 0 ? fault(-errno) : file_write(fd, octets, len);
}

/* Whose extensions the profile has, by the name that this LibreOffice has for itself: otherwise it takes them
 * for those of another, sets up their folder anew, and wants to be started once more. */
static int make_build(void)
{
        SCOPED(closep) int fd = open(VERSION, O_RDONLY | O_CLOEXEC);
        char lines[VERSION_MAX];
        const char *build;
        ssize_t len;

        len = fd < 0 ? 0 : read(fd, lines, sizeof(lines) - 1);
        lines[len < 0 ? 0 : len] = 0;
        build = strstr(lines, BUILD_WORD);
        if (!build)
                return 0;
        build += strlen(BUILD_WORD);
        return make_file(BUILD, build, strcspn(build, "\r\n"));
}

static int make_profile(void)
{
        int r;

        if (mkdir(PROFILE, 0700) < 0 || mkdir(PROFILE "/user", 0700) < 0 || mkdir(EXTENSIONS, 0700) < 0)
                return fault(-errno);
        r = make_file(SETTINGS, settings, sizeof(settings) - 1);
        return r < 0 ? r : make_build();
}

/* What it says goes to a file that nobody reads: there is no /dev/null here. */
static int redirect(void)
{
        int in = open(WORDS, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
        int out = open(WORDS, O_WRONLY | O_TRUNC | O_CLOEXEC);

        if (in < 0 || out < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
            dup2(out, STDERR_FILENO) < 0)
                return fault(-errno);
        return 0;
}

/* One process, whose limits of memory are then those of all of LibreOffice. */
static _Noreturn void become(const char *const *argv)
{
        static const char *const environment[] = { "PATH=/usr/bin", "HOME=/tmp", "LC_ALL=C.UTF-8",
                                                   "MALLOC_ARENA_MAX=2", NULL };

        if (redirect() == 0 && process_deny_processes() == 0)
                execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
        _exit(OFFICE_BROKEN);
}

/* *ret is its exit status, or one that says a signal ended it, as bubblewrap would. */
static int run(const char *const *argv, int *ret)
{
        int status = 0;
        pid_t pid = fork();

        if (pid < 0)
                return fault(-errno);
        if (pid == 0)
                become(argv);
        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return fault(-errno);
        *ret = WIFSIGNALED(status) ? SIGNAL_STATUS + WTERMSIG(status) : WEXITSTATUS(status);
        return 0;
}

static int copy_out(const char *path)
{
        SCOPED(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        char piece[PIECE_OCTETS];
        ssize_t len;

        if (fd < 0)
                return fault(-errno);
        while ((len = read(fd, piece, sizeof(piece))) > 0) {
                int r = file_write(STDOUT_FILENO, piece, (size_t)len);

                if (r < 0)
                        return r;
        }
        return len < 0 ? fault(-errno) : 0;
}

static int convert(const char *memory, const char *document, char **filter)
{
        const char *argv[ARGUMENTS_MAX] = {
                "/usr/bin/prlimit",
                memory,
                "--",
                OFFICE_PROGRAM,
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                "--nolockcheck",
                "--nofirststartwizard",
                "-env:UserInstallation=file://" PROFILE,
                "--convert-to",
                "pdf",
                "--outdir",
                MADE,
                document,
        };
        int status = START_AGAIN;
        int r;

        for (size_t i = 16; *filter && i < ARRAY_LENGTH(argv) - 1; i++)
                argv[i] = *filter++;
        r = make_profile();
        for (int i = 0; r == 0 && status == START_AGAIN && i < STARTS_MAX; i++)
                r = run(argv, &status);
        if (r < 0)
                return OFFICE_BROKEN;
        if (status > SIGNAL_STATUS)
                return status;
        return copy_out(MADE "/document.pdf") < 0 ? OFFICE_BROKEN : 0;
}

int office_inside(int argc, char **argv)
{
        int status;

        /* LibreOffice runs beside us, as the same user, and has a limit of memory that we have not. */
        if (argc < 4 || prctl(PR_SET_DUMPABLE, 0) < 0)
                return OFFICE_BROKEN;
        status = convert(argv[2], argv[3], argv + 4);
        if (status == OFFICE_BROKEN && is_locked(argv[3]))
                dprintf(STDERR_FILENO, "%s\n", OFFICE_LOCKED);
        return status;
}
