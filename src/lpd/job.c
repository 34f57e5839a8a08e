// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "lpd/job.h"

static bool host_is_valid(struct text host)
{
        for (size_t i = 0; i < host.len; i++) {
                char c = host.at[i];

                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.'))
                        return false;
        }
        return host.len > 0 && host.len <= LPD_HOST_MAX;
}

/* One line of the control file: a line feed in a title would be a line of its own. */
static bool line_is_valid(struct text line, size_t max)
{
        for (size_t i = 0; i < line.len; i++)
                if (line.at[i] < 0x20 || line.at[i] > 0x7e)
                        return false;
        return line.len > 0 && line.len <= max;
}

static int check(const struct lpd_job *job)
{
        if (job->number > LPD_NUMBER_MAX)
                return LPD_BAD_NUMBER;
        if (!host_is_valid(job->host) || !line_is_valid(job->user, LPD_USER_MAX) ||
            !line_is_valid(job->title, LPD_TITLE_MAX))
                return LPD_BAD_NAME;
        return 0;
}

static void add_file_name(char kind, const struct lpd_job *job, struct buffer *to)
{
        buffer_format(to, "%cfA%03u%.*s", kind, job->number, TEXT_ARGS(job->host));
}

int lpd_control_format(const struct lpd_job *job, struct buffer *to)
{
        int r = check(job);

        if (r)
                return r;
        buffer_format(to, "H%.*s\nP%.*s\nJ%.*s\n", TEXT_ARGS(job->host), TEXT_ARGS(job->user),
                      TEXT_ARGS(job->title));
        for (unsigned copy = 0; copy < (job->copies ? job->copies : 1) && copy < LPD_COPIES_MAX; copy++) {
                buffer_add_octet(to, 'l');
                add_file_name('d', job, to);
                buffer_add_octet(to, '\n');
        }
        buffer_add_octet(to, 'U');
        add_file_name('d', job, to);
        buffer_format(to, "\nN%.*s\n", TEXT_ARGS(job->title));
        return 0;
}

int lpd_subcommand_format(const struct lpd_job *job, enum lpd_file file, uint64_t octets, struct buffer *to)
{
        int r = check(job);

        if (r)
                return r;
        buffer_format(to, "%c%llu ", (char)file, (unsigned long long)octets);
        add_file_name(file == LPD_DATA_FILE ? 'd' : 'c', job, to);
        buffer_add_octet(to, '\n');
        return 0;
}

int lpd_subcommand_parse(struct text line, struct lpd_subcommand *ret)
{
        struct lpd_subcommand subcommand;
        struct text octets, name;
        uint64_t number;

        if (line.len == 0 || (line.at[0] != LPD_CONTROL_FILE && line.at[0] != LPD_DATA_FILE))
                return LPD_BAD_SUBCOMMAND;
        subcommand.file = (enum lpd_file)line.at[0];
        if (!text_cut((struct text){ line.at + 1, line.len - 1 }, ' ', &octets, &name) ||
            !text_number(octets, INT64_MAX, &subcommand.octets) || name.len < 7 ||
            name.at[0] != (subcommand.file == LPD_DATA_FILE ? 'd' : 'c') || name.at[1] != 'f' ||
            !((name.at[2] >= 'A' && name.at[2] <= 'Z') || (name.at[2] >= 'a' && name.at[2] <= 'z')))
                return LPD_BAD_SUBCOMMAND;
        if (!text_number((struct text){ name.at + 3, 3 }, LPD_NUMBER_MAX, &number))
                return LPD_BAD_NUMBER;
        subcommand.number = (unsigned)number;
        subcommand.host = (struct text){ name.at + 6, name.len - 6 };
        if (!host_is_valid(subcommand.host))
                return LPD_BAD_NAME;

        *ret = subcommand;
        return 0;
}
