// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "lpd/control.h"

#include <string.h>

#define VALUE_MAX 1023

static bool has_control_character(struct text line)
{
        for (size_t i = 0; i < line.len; i++)
                if ((unsigned char)line.at[i] < 0x20 || line.at[i] == 0x7f)
                        return true;
        return false;
}

/* A name goes into rules and events: visible ASCII. */
static bool user_is_valid(struct text user)
{
        for (size_t i = 0; i < user.len; i++)
                if (user.at[i] <= 0x20 || user.at[i] >= 0x7f || user.at[i] == '=')
                        return false;
        return user.len > 0 && user.len <= LPD_USER_READ_MAX;
}

static struct lpd_file_order *find(struct lpd_control *control, struct text name)
{
        for (size_t i = 0; i < control->file_count; i++)
                if (text_equal(control->files[i].name, name))
                        return &control->files[i];
        return NULL;
}

const struct lpd_file_order *lpd_control_find(const struct lpd_control *control, struct text name)
{
        return find((struct lpd_control *)control, name);
}

/* Named again it is another copy. */
static int add_file(struct lpd_control *control, char format, struct text name)
{
        struct lpd_file_order *file;

        if (!lpd_name_is_valid(name, 'd'))
                return LPD_CONTROL_BAD_NAME;
        file = find(control, name);
        if (!file && control->file_count == LPD_FILES_MAX)
                return LPD_CONTROL_TOO_LARGE;
        if (!file) {
                file = &control->files[control->file_count++];
                *file = (struct lpd_file_order){ .name = name, .format = format, .source = TEXT("") };
        }
        if (file->copies == LPD_READ_COPIES_MAX)
                return LPD_CONTROL_TOO_LARGE;
        file->copies++;
        return 0;
}

/* N tells of the file that was named before it (LPRng has it so; RFC 1179 has one file). */
static int set_source(struct lpd_control *control, struct text source)
{
        if (control->file_count && control->files[control->file_count - 1].source.len == 0)
                control->files[control->file_count - 1].source = source;
        return 0;
}

static int read_line(struct lpd_control *control, char letter, struct text value)
{
        switch (letter) {
        case 'H': control->host = value; return 0;
        case 'P': control->user = value; return user_is_valid(value) ? 0 : LPD_CONTROL_BAD_NAME;
        case 'J': control->title = value; return 0;
        case 'N': return set_source(control, value);
        case 'f':
        case 'l':
        case 'o':
        case 'p': return add_file(control, letter, value);
        case 'U': return lpd_name_is_valid(value, 'd') ? 0 : LPD_CONTROL_BAD_NAME;
        /* A symbolic link to be followed instead of the file (7.9): of no use but to reach other files. */
        case 'S': return LPD_CONTROL_BAD_NAME;
        case 'c':
        case 'd':
        case 'g':
        case 'k':
        case 'n':
        case 'r':
        case 't':
        case 'v':
        case 'z': return LPD_CONTROL_BAD_FORMAT;
        default: return 0;
        }
}

static bool is_letter_of_a_line(char c)
{
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '1' && c <= '4');
}

/* The last line's end may be missing. */
int lpd_control_parse(struct text octets, struct lpd_control *ret)
{
        struct lpd_control control = { .host = TEXT(""), .user = TEXT(""), .title = TEXT("") };
        struct text line;
        int r;

        if (octets.len > LPD_CONTROL_MAX)
                return LPD_CONTROL_TOO_LARGE;
        while (octets.len) {
                (void)text_cut(octets, '\n', &line, &octets);
                if (line.len == 0 || line.len > VALUE_MAX || has_control_character(line) ||
                    !is_letter_of_a_line(line.at[0]))
                        return LPD_CONTROL_BAD_LINE;
                r = read_line(&control, line.at[0], (struct text){ line.at + 1, line.len - 1 });
                if (r)
                        return r;
        }
        if (control.user.len == 0 || control.file_count == 0)
                return LPD_CONTROL_INCOMPLETE;
        *ret = control;
        return 0;
}
