// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "pjl/readback.h"

#define FORM_FEED '\f'

static struct text next_line(struct text *rest)
{
        struct text line;

        (void)text_cut(*rest, '\n', &line, rest);
        return text_trim(line);
}

static struct text unquote(struct text value)
{
        value = text_trim(value);
        if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
                return (struct text){ value.at + 1, value.len - 2 };
        return value;
}

/* NAME = value; the value with or without quotation marks. */
static void read_pair(struct text key, struct text value, struct pjl_report *report)
{
        uint64_t number;

        key = text_trim(key);
        value = unquote(value);
        if (text_equal_nocase(key, TEXT_OF("NAME"))) {
                report->name = value;
        } else if (text_equal_nocase(key, TEXT_OF("RESULT"))) {
                report->result = value;
        } else if (text_equal_nocase(key, TEXT_OF("PAGES")) && text_number(value, UINT32_MAX, &number)) {
                report->has_pages = true;
                report->pages = (uint32_t)number;
        } else if (text_equal_nocase(key, TEXT_OF("CODE")) && text_number(value, UINT32_MAX, &number)) {
                report->code = (uint32_t)number;
        } else if (text_equal_nocase(key, TEXT_OF("DISPLAY"))) {
                report->words = value;
        } else if (text_equal_nocase(key, TEXT_OF("ONLINE"))) {
                report->online = text_equal_nocase(value, TEXT_OF("TRUE"));
        }
}

static enum pjl_report_kind job_event(struct text line)
{
        if (text_equal_nocase(line, TEXT_OF("START")))
                return PJL_JOB_START;
        if (text_equal_nocase(line, TEXT_OF("END")))
                return PJL_JOB_END;
        if (text_equal_nocase(line, TEXT_OF("CANCELED")) || text_equal_nocase(line, TEXT_OF("CANCELLED")) ||
            text_equal_nocase(line, TEXT_OF("CANCEL")))
                return PJL_JOB_CANCELED;
        return PJL_OTHER;
}

/* The first word that is an event names the message; pairs stand on lines of their own. */
static void read_lines(struct text rest, bool of_job, struct pjl_report *report)
{
        while (rest.len > 0) {
                struct text line = next_line(&rest), key, value;

                if (text_cut(line, '=', &key, &value))
                        read_pair(key, value, report);
                else if (of_job && report->kind == PJL_OTHER)
                        report->kind = job_event(line);
        }
}

static bool take_word(struct text *line, const char *word)
{
        struct text head, tail;

        (void)text_cut(*line, ' ', &head, &tail);
        if (!text_equal_nocase(head, text_from(word)))
                return false;
        *line = text_trim(tail);
        return true;
}

struct pjl_report pjl_report_parse(struct text message)
{
        struct pjl_report report = { .kind = PJL_OTHER };
        struct text line = next_line(&message);

        if (!take_word(&line, "@PJL"))
                return report;
        if (take_word(&line, "ECHO")) {
                report.kind = PJL_ECHO;
                report.words = line;
        } else if (take_word(&line, "INFO")) {
                report.kind = PJL_INFO;
                report.words = line;
                report.body = message;
                read_lines(message, false, &report);
                report.words = line;
        } else if (take_word(&line, "USTATUS") && take_word(&line, "JOB")) {
                read_lines(message, true, &report);
        } else if (take_word(&line, "DEVICE") || take_word(&line, "TIMED")) {
                report.kind = PJL_DEVICE;
                read_lines(message, false, &report);
        }
        return report;
}

void pjl_reader_init(struct pjl_reader *reader)
{
        reader->len = 0;
        reader->overlong = false;
        reader->given = false;
}

/* A message starts at its "@PJL"; what a printer said to somebody else before it is cut off by the caller's
 * nonce. */
static struct text message_of(struct pjl_reader *reader)
{
        return text_trim((struct text){ reader->octets, reader->len });
}

static void add(struct pjl_reader *reader, char octet)
{
        if (reader->len == PJL_MESSAGE_MAX)
                reader->overlong = true;
        else
                reader->octets[reader->len++] = octet;
}

bool pjl_reader_next(struct pjl_reader *reader, struct text *octets, struct pjl_report *ret)
{
        if (reader->given)
                pjl_reader_init(reader);
        while (octets->len > 0) {
                char octet = *octets->at;

                octets->at++;
                octets->len--;
                if (octet != FORM_FEED) {
                        add(reader, octet);
                } else if (reader->overlong || reader->len == 0) {
                        pjl_reader_init(reader);
                } else {
                        reader->given = true;
                        *ret = pjl_report_parse(message_of(reader));
                        return true;
                }
        }
        return false;
}
