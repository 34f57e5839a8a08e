// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/mail-message.h"

#include <assert.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        const char *address;
        bool is_plain;
} addresses[] = {
        { "ada@demo.example", true },
        { "a.b+c@x.org", true },
        { "jürgen@demo.example", true },
        { "", false },
        { "ada", false },
        { "@x.org", false },
        { "ada@", false },
        { "ada@x@y", false },
        { "ada @x.org", false },
        { "ada@x.org, eve@y.org", false },
        { "ada@x.org>", false },
        { "<ada@x.org", false },
        { "\"a b\"@x.org", false },
        { "ada@x.org\r\nBcc: eve@y.org", false },
        { "ada@x.org\nRCPT TO:<eve@y.org>", false },
        { "ada@x.org\r", false },
        { "a\tb@x.org", false },
        { "a;b@x.org", false },
        { "a(b)@x.org", false },
};

static const struct {
        const char *subject;
        const char *line; /* NULL: refused */
} subjects[] = {
        { "Your code", "Subject: =?utf-8?b?WW91ciBjb2Rl?=\r\n" },
        { "x\r\nBcc: eve@y.org", NULL },
        { "x\nBcc: eve@y.org", NULL },
        { "", NULL },
        /* 41 octets, then one of two: it goes to the second word whole. */
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé.",
          "Subject: =?utf-8?b?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=\r\n"
          " =?utf-8?b?w6ku?=\r\n" },
};

static bool format(const char *to, const char *subject, const char *text, struct buffer *ret)
{
        struct mail_message message = { .from = "print@demo.example",
                                        .to = to,
                                        .subject = subject,
                                        .text = text_from(text),
                                        .created_ms = 1795242600000 };

        buffer_init(ret, 65536);
        return mail_message_format(&message, ret);
}

static const struct {
        const char *name, *type;
        bool is_plain;
} files[] = {
        { "pages.csv", "text/csv; charset=utf-8; header=present", true },
        { "pages.pdf", "application/pdf", true },
        { "", "application/pdf", false },
        { "a\".pdf", "application/pdf", false },
        { "a b.pdf", "application/pdf", false },
        { "a\r\nBcc: eve@y.org", "application/pdf", false },
        { "a.pdf", "application/pdf\r\nBcc: eve@y.org", false },
        { "a.pdf", "", false },
};

static void files_stand_beside_the_text(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
                SCOPED(buffer_done) struct buffer buffer = BUFFER(65536);
                const struct mail_file file = { files[i].name, files[i].type, TEXT_OF("--=_\r\n.\r\n") };
                const struct mail_message message = { .from = "print@demo.example",
                                                      .to = "ada@demo.example",
                                                      .subject = "x",
                                                      .text = TEXT_OF("words\n"),
                                                      .files = &file,
                                                      .file_count = 1 };
                const char *string;

                assert(mail_message_format(&message, &buffer) == files[i].is_plain);
                if (!files[i].is_plain) {
                        assert(buffer.len == 0);
                        continue;
                }
                string = buffer_string(&buffer);
                assert(strstr(string, "Content-Type: multipart/mixed; boundary=\"=_00000000-"));
                assert(strstr(string, "d29yZHMNCg==\r\n--=_00000000-")); /* the text, and then its boundary */
                assert(strstr(string, "LS09Xw0KLg0K\r\n--=_00000000-"));
                assert(strstr(string, "--\r\n") == string + buffer.len - 4);
        }
}

/* Every line ends with CRLF, is not too long, none begins with a dot, and the headers are ours alone. */
static void check_shape(struct buffer *message)
{
        struct text rest = buffer_text(message), line;
        int headers = 0;
        bool in_headers = true;

        while (text_cut(rest, '\n', &line, &rest)) {
                assert(line.len >= 1 && line.len <= 79 && line.at[line.len - 1] == '\r');
                assert(memchr(line.at, '\r', line.len - 1) == NULL && line.at[0] != '.');
                if (line.len == 1)
                        in_headers = false;
                else if (in_headers && line.at[0] != ' ')
                        headers++;
        }
        assert(rest.len == 0 && !in_headers && headers == 9);
}

int main(void)
{
        files_stand_beside_the_text();
        struct buffer message;

        for (size_t i = 0; i < ARRAY_LENGTH(addresses); i++) {
                assert(mail_address_is_plain(text_from(addresses[i].address)) == addresses[i].is_plain);
                assert(format(addresses[i].address, "x", "y", &message) == addresses[i].is_plain);
                assert(addresses[i].is_plain || message.len == 0);
                buffer_done(&message);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(subjects); i++) {
                assert(format("ada@demo.example", subjects[i].subject, "y", &message) ==
                       (subjects[i].line != NULL));
                if (subjects[i].line) {
                        assert(strstr(buffer_string(&message), subjects[i].line));
                        check_shape(&message);
                }
                buffer_done(&message);
        }
        assert(format("ada@demo.example", "x", "one\n.\nQUIT\r\n.\r\nMAIL FROM:<eve@y.org>\n", &message));
        check_shape(&message);
        assert(strstr(buffer_string(&message), "Date: Sat, 21 Nov 2026 06:30:00 +0000\r\n"));
        buffer_done(&message);
        return 0;
}
