// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/office-inside.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "base/text.h"
#include "os/file.h"

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

#define SECTOR        512

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

static uint16_t little_u16(struct text octets, size_t at)
{
        if (at + 2 > octets.len)
                return 0;
        return (uint16_t)((uint8_t)octets.at[at] | (uint8_t)octets.at[at + 1] << 8);
}

/* In UTF-16, as compound files name what is in them. */
static bool names(struct text octets, const char *name)
{
        char wide[64];
        size_t len = strlen(name);

        for (size_t i = 0; i < len && 2 * i + 1 < sizeof(wide); i++) {
                wide[2 * i] = name[i];
                wide[2 * i + 1] = 0;
        }
        return memmem(octets.at, octets.len, wide, 2 * len) != NULL;
}

/* MS-XLS, section 2.4.117: FilePass is one of the first records behind BOF. */
static bool has_file_pass(struct text octets, size_t at)
{
        for (unsigned int i = 0; i < 16; i++) {
                if (little_u16(octets, at) == 0x2f)
                        return true;
                at += 4u + little_u16(octets, at + 2);
        }
        return false;
}

/* MS-OFFCRYPTO, section 2.3.4.4; MS-PPT, 2.3.7; MS-DOC, 2.5.1 (fEncrypted); MS-XLS. */
static bool is_compound_locked(struct text octets)
{
        if (names(octets, "EncryptedPackage") || names(octets, "EncryptedSummary"))
                return true;
        for (size_t at = SECTOR; at + SECTOR <= octets.len; at += SECTOR) {
                if (little_u16(octets, at) == 0xa5ec && (little_u16(octets, at + 10) & 0x100))
                        return true;
                if (little_u16(octets, at) == 0x809 && little_u16(octets, at + 2) == 16 &&
                    has_file_pass(octets, at))
                        return true;
        }
        return false;
}

/* OpenDocument 1.2, part 3, section 4.3: what is encrypted is in the archive as if it were not compressed. */
static bool is_open_document_locked(struct text octets)
{
        static const char name[] = "content.xml";
        const char *at = octets.at, *end = octets.at + octets.len;

        for (;;) {
                struct text header;
                size_t content;

                at = memmem(at, (size_t)(end - at), "PK\3\4", 4);
                if (!at)
                        return false;
                header = (struct text){ at, (size_t)(end - at) };
                content = 30u + little_u16(header, 26) + little_u16(header, 28);
                if (little_u16(header, 26) == strlen(name) && content < header.len &&
                    memcmp(at + 30, name, strlen(name)) == 0)
                        return little_u16(header, 8) == 0 && header.at[content] != '<';
                at += 4;
        }
}

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
        is = text_starts_with(octets, "PK\3\4") ? is_open_document_locked(octets)
                                                : is_compound_locked(octets);
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
static int start(const char *const *argv, pid_t *ret)
{
        static const char *const environment[] = { "PATH=/usr/bin", "HOME=/tmp", "LC_ALL=C.UTF-8",
                                                   "MALLOC_ARENA_MAX=2", NULL };
        posix_spawn_file_actions_t files;
        int r;

        r = posix_spawn_file_actions_init(&files);
        if (r)
                return fault(-r);
        r = posix_spawn_file_actions_addopen(&files, 0, WORDS, O_RDONLY | O_CREAT, 0600);
        if (r == 0)
                r = posix_spawn_file_actions_addopen(&files, 1, WORDS, O_WRONLY | O_TRUNC, 0600);
        if (r == 0)
                r = posix_spawn_file_actions_adddup2(&files, 1, 2);
        if (r == 0)
                r = posix_spawn(ret, argv[0], &files, NULL, (char *const *)(uintptr_t)argv,
                                (char *const *)(uintptr_t)environment);
        posix_spawn_file_actions_destroy(&files);
        return r ? fault(-r) : 0;
}

/* *ret is its exit status, or one that says a signal ended it, as bubblewrap would. */
static int run(const char *const *argv, int *ret)
{
        int status = 0;
        pid_t pid;
        int r;

        r = start(argv, &pid);
        if (r)
                return r;
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

        if (argc < 4)
                return OFFICE_BROKEN;
        status = convert(argv[2], argv[3], argv + 4);
        if (status == OFFICE_BROKEN && is_locked(argv[3]))
                dprintf(STDERR_FILENO, "%s\n", OFFICE_LOCKED);
        return status;
}
