// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/notice/mail-words.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

/* Every mail can be said in every language, and nothing of the table's own marks is left in it. */
static void test_whole(void)
{
        const struct mail_values values = { "Acme & Söhne {code}", "ABCD-EFGH",
                                            "https://x.example/register" };
        char text[MAIL_WORDS_MAX];

        for (enum mail_kind kind = 0; kind < MAIL_KINDS; kind++)
                for (enum language language = 0; language < LANGUAGES; language++) {
                        const char *subject = mail_subject(kind, language);

                        assert(subject && text_is_printable(text_from(subject)));
                        assert(mail_text(kind, language, &values, text, sizeof(text)));
                        assert(text[0] && text[strlen(text) - 1] == '\n');
                        assert(!strstr(text, "{organisation}") && !strstr(text, "{link}"));
                        if (language != LANGUAGE_ENGLISH)
                                assert(strcmp(subject, mail_subject(kind, LANGUAGE_ENGLISH)) != 0);
                }
}

static void test_values(void)
{
        const struct mail_values values = { "Acme {code}", "ABCD-EFGH", "https://x.example/register" };
        char text[MAIL_WORDS_MAX], small[64];

        assert(mail_text(MAIL_REGISTRATION, LANGUAGE_ENGLISH, &values, text, sizeof(text)));
        assert(strstr(text, "print at\nAcme {code}.\n")); /* what is put in is not looked at again */
        assert(strstr(text, "Your code: ABCD-EFGH\n"));
        assert(mail_text(MAIL_INVITATION, LANGUAGE_ENGLISH, &values, text, sizeof(text)));
        assert(strstr(text, "Register here: https://x.example/register\n"));
        assert(mail_text(MAIL_CODE, LANGUAGE_GERMAN, &(struct mail_values){ .code = "X" }, text,
                         sizeof(text)));
        assert(strstr(text, "\n    X\n"));
        assert(!mail_text(MAIL_REGISTRATION, LANGUAGE_ENGLISH, &values, small, sizeof(small)));
}

int main(void)
{
        for (size_t i = 0; i < LANGUAGES; i++)
                assert(language_names[i]);
        assert(!language_names[LANGUAGES]);
        test_whole();
        test_values();
        return 0;
}
