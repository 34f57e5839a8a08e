// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "lpd/control.h"

static const struct {
        const char *name;
        struct text octets;
        int outcome;
        const char *user, *title;
        size_t files;
        unsigned copies;
} rows[] = {
        { "RFC 1179", TEXT("Hhost\nPmara\nJletter\nldfA001host\nUdfA001host\nNletter.txt\n"), 0, "mara",
          "letter", 1, 1 },
        { "CUPS", TEXT("Hdesk\nPmara\nJLetter to Bob\nldfA007desk\nUdfA007desk\nNLetter to Bob\n"), 0, "mara",
          "Letter to Bob", 1, 1 },
        { "LPRng",
          TEXT("Hdesk.example.org\nPmara\nJa.txt\nCA\nLmara\nAmara@desk+123\nD2026-11-21-16:00:00.000\nQpull\n"
               "Na.txt\nfdfA123desk.example.org\nUdfA123desk.example.org\n"),
          0, "mara", "a.txt", 1, 1 },
        { "a mainframe", TEXT("HMVS1\nPMAINUSR1\nJPAYROLL\nfdfA012MVS1\nUdfA012MVS1\nW132\n"), 0, "MAINUSR1",
          "PAYROLL", 1, 1 },
        { "three copies", TEXT("Pm\nldfA001h\nldfA001h\nldfA001h\n"), 0, "m", "", 1, 3 },
        { "two files", TEXT("Pm\nldfA001h\nNa\nldfB001h\nNb\n"), 0, "m", "", 2, 1 },
        { "without its last end", TEXT("Pm\nldfA001h"), 0, "m", "", 1, 1 },
        { "Latin-1",
          TEXT("Pm\nJGr\xfc\xdf"
               "e\nldfA001h\n"),
          0, "m",
          "Gr\xfc\xdf"
          "e",
          1, 1 },
        { "empty", TEXT(""), LPD_CONTROL_INCOMPLETE, "", "", 0, 0 },
        { "nobody's", TEXT("Hh\nldfA001h\n"), LPD_CONTROL_INCOMPLETE, "", "", 0, 0 },
        { "nothing", TEXT("Hh\nPm\n"), LPD_CONTROL_INCOMPLETE, "", "", 0, 0 },
        { "a path", TEXT("Pm\nl/etc/shadow\n"), LPD_CONTROL_BAD_NAME, "", "", 0, 0 },
        { "a path behind", TEXT("Pm\nldfA001../../etc/shadow\n"), LPD_CONTROL_BAD_NAME, "", "", 0, 0 },
        { "a path to be removed", TEXT("Pm\nldfA001h\nU/etc/shadow\n"), LPD_CONTROL_BAD_NAME, "", "", 0, 0 },
        { "a link", TEXT("Pm\nS64769 131\nldfA001h\n"), LPD_CONTROL_BAD_NAME, "", "", 0, 0 },
        { "a NUL", TEXT("Pm\0x\nldfA001h\n"), LPD_CONTROL_BAD_LINE, "", "", 0, 0 },
        { "a carriage return", TEXT("Pm\r\nldfA001h\n"), LPD_CONTROL_BAD_LINE, "", "", 0, 0 },
        { "an empty line", TEXT("Pm\n\nldfA001h\n"), LPD_CONTROL_BAD_LINE, "", "", 0, 0 },
        { "a user of two words", TEXT("Pm a\nldfA001h\n"), LPD_CONTROL_BAD_NAME, "", "", 0, 0 },
        { "a user like a word of ours", TEXT("Pm=a\nldfA001h\n"), LPD_CONTROL_BAD_NAME, "", "", 0, 0 },
        { "a plotter's", TEXT("Pm\ngdfA001h\n"), LPD_CONTROL_BAD_FORMAT, "", "", 0, 0 },
        { "no letter", TEXT("Pm\n\x80x\nldfA001h\n"), LPD_CONTROL_BAD_LINE, "", "", 0, 0 },
};

static void control_files_are_read_or_refused(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct lpd_control control;
                int r = lpd_control_parse(rows[i].octets, &control);

                puts(rows[i].name);
                assert(r == rows[i].outcome);
                if (r)
                        continue;
                assert(text_equal_string(control.user, rows[i].user));
                assert(text_equal_string(control.title, rows[i].title));
                assert(control.file_count == rows[i].files && control.files[0].copies == rows[i].copies);
        }
}

static void too_much_is_refused(void)
{
        static char octets[LPD_CONTROL_MAX + 1] = "Pm\n";
        struct lpd_control control;
        size_t at = 3;

        memset(octets + 3, 'C', sizeof(octets) - 3);
        assert(lpd_control_parse(text_from_octets(octets, sizeof(octets)), &control) ==
               LPD_CONTROL_TOO_LARGE);
        assert(lpd_control_parse(text_from_octets(octets, 1500), &control) == LPD_CONTROL_BAD_LINE);
        for (int i = 0; i <= LPD_READ_COPIES_MAX; i++, at += 10)
                memcpy(octets + at, "ldfA001ho\n", 10);
        assert(lpd_control_parse(text_from_octets(octets, at), &control) == LPD_CONTROL_TOO_LARGE);
        assert(lpd_control_parse(text_from_octets(octets, at - 10), &control) == 0 &&
               control.files[0].copies == LPD_READ_COPIES_MAX);
        at = 3;
        for (int i = 0; i <= LPD_FILES_MAX; i++, at += 10) {
                memcpy(octets + at, "ldfA001ho\n", 10);
                octets[at + 3] = (char)(i < 26 ? 'A' + i : 'a');
        }
        assert(lpd_control_parse(text_from_octets(octets, at), &control) == LPD_CONTROL_TOO_LARGE);
        assert(lpd_control_parse(text_from_octets(octets, at - 10), &control) == 0);
}

static const struct {
        struct text line;
        int outcome;
        uint64_t octets;
} receives[] = {
        { TEXT("\001"), 0, 0 },
        { TEXT("\0025 cfA001host"), 0, 5 },
        { TEXT("\003123456789 dfA001host.example.org"), 0, 123456789 },
        { TEXT("\0030 dfA001a_b"), 0, 0 },
        { TEXT("\0035 dfA001fe80::1"), 0, 5 },
        { TEXT("\0035 cfA001host"), LPD_RECEIVE_BAD_NAME, 0 },
        { TEXT("\0035 dfA001"), LPD_RECEIVE_BAD_NAME, 0 },
        { TEXT("\0035 dfA01host"), LPD_RECEIVE_BAD_NAME, 0 },
        { TEXT("\0035 dfA001../x"), LPD_RECEIVE_BAD_NAME, 0 },
        { TEXT("\0035 dfA001ho st"), LPD_RECEIVE_BAD_NAME, 0 },
        { TEXT("\0035"), LPD_RECEIVE_BAD_NAME, 0 },
        { TEXT("\003-5 dfA001host"), LPD_RECEIVE_BAD_COUNT, 0 },
        { TEXT("\00399999999999999999999 dfA001host"), LPD_RECEIVE_BAD_COUNT, 0 },
        { TEXT("\003140737488355329 dfA001host"), LPD_RECEIVE_BAD_COUNT, 0 },
        { TEXT("\003 dfA001host"), LPD_RECEIVE_BAD_COUNT, 0 },
        { TEXT("\0045 dfA001host"), LPD_RECEIVE_UNKNOWN, 0 },
        { TEXT(""), LPD_RECEIVE_UNKNOWN, 0 },
};

static void subcommands_are_read_or_refused(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(receives); i++) {
                struct lpd_receive receive;

                assert(lpd_receive_parse(receives[i].line, &receive) == receives[i].outcome);
                assert(receives[i].outcome || receive.octets == receives[i].octets);
        }
}

int main(void)
{
        control_files_are_read_or_refused();
        too_much_is_refused();
        subcommands_are_read_or_refused();
        return 0;
}
