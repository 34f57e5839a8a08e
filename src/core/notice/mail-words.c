// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/notice/mail-words.h"

#include <string.h>

const char *const language_names[] = {
        [LANGUAGE_ENGLISH] = "en",
        [LANGUAGE_GERMAN] = "de",
        [LANGUAGES] = NULL,
};

struct words {
        const char *subject;
        const char *text; /* "{organisation}", "{code}" and "{link}" are replaced */
};

/* clang-format off */
static const struct words table[MAIL_KINDS][LANGUAGES] = {
        [MAIL_REGISTRATION] = {
                [LANGUAGE_ENGLISH] = {
                        "Your code to register",
                        "Somebody, most likely you, asked for an account with this address to print at\n"
                        "{organisation}.\n\n"
                        "Your code: {code}\n\n"
                        "It works once, for an hour. If it was not you, do nothing: without the code\n"
                        "there is no account.\n" },
                [LANGUAGE_GERMAN] = {
                        "Ihr Code zur Anmeldung eines Kontos",
                        "Jemand, vermutlich Sie, möchte mit dieser Adresse ein Konto zum Drucken bei\n"
                        "{organisation}.\n\n"
                        "Ihr Code: {code}\n\n"
                        "Er gilt einmal, eine Stunde lang. Waren Sie es nicht, ist nichts zu tun: ohne den\n"
                        "Code entsteht kein Konto.\n" },
        },
        [MAIL_REGISTERED_ALREADY] = {
                [LANGUAGE_ENGLISH] = {
                        "You have an account already",
                        "Somebody, most likely you, asked for an account with this address to print at\n"
                        "{organisation}.\n\n"
                        "There is one already, or it waits for an administrator. Sign in with it, or ask your\n"
                        "administrator. If it was not you, there is nothing to do.\n" },
                [LANGUAGE_GERMAN] = {
                        "Sie haben schon ein Konto",
                        "Jemand, vermutlich Sie, möchte mit dieser Adresse ein Konto zum Drucken bei\n"
                        "{organisation}.\n\n"
                        "Es gibt schon eines, oder es wartet auf die Verwaltung. Melden Sie sich damit an,\n"
                        "oder fragen Sie Ihre Verwaltung. Waren Sie es nicht, ist nichts zu tun.\n" },
        },
        [MAIL_INVITATION] = {
                [LANGUAGE_ENGLISH] = {
                        "Register before you print",
                        "Somebody, most likely you, sent a document to print at\n"
                        "{organisation}, and named this address. There is no account for it, so nothing was\n"
                        "kept.\n\n"
                        "Register here: {link}\n\n"
                        "Then print once more, or let your computer send the document again. If it was not\n"
                        "you, do nothing. There is no such mail again before tomorrow.\n" },
                [LANGUAGE_GERMAN] = {
                        "Vor dem Drucken bitte ein Konto anlegen",
                        "Jemand, vermutlich Sie, hat mit dieser Adresse ein Dokument zum Drucken geschickt an\n"
                        "{organisation}. Es gibt dafür kein Konto, daher wurde nichts behalten.\n\n"
                        "Hier legen Sie eines an: {link}\n\n"
                        "Drucken Sie dann noch einmal, oder lassen Sie Ihren Computer das Dokument noch einmal\n"
                        "senden. Waren Sie es nicht, ist nichts zu tun. Vor morgen kommt keine solche Mail mehr.\n" },
        },
        [MAIL_LET_IN] = {
                [LANGUAGE_ENGLISH] = {
                        "You may print now",
                        "An administrator let you in: sign in with your address and the\n"
                        "password that you chose.\n" },
                [LANGUAGE_GERMAN] = {
                        "Sie können jetzt drucken",
                        "Die Verwaltung hat Ihr Konto freigegeben: melden Sie sich mit Ihrer Adresse und\n"
                        "dem Passwort an, das Sie gewählt haben.\n" },
        },
        [MAIL_CODE] = {
                [LANGUAGE_ENGLISH] = {
                        "A one-time code for printing",
                        "Your one-time code is\n\n"
                        "    {code}\n\n"
                        "Use it once, to sign in or at a printer. If you did not ask for it, tell your administrator.\n" },
                [LANGUAGE_GERMAN] = {
                        "Ein Einmalcode zum Drucken",
                        "Ihr Einmalcode ist\n\n"
                        "    {code}\n\n"
                        "Er gilt einmal, zum Anmelden oder am Drucker. Haben Sie ihn nicht verlangt, sagen Sie es\n"
                        "Ihrer Verwaltung.\n" },
        },
        [MAIL_PASSWORD_FORGOTTEN] = {
                [LANGUAGE_ENGLISH] = {
                        "Your code to set another password",
                        "Somebody, most likely you, forgot the password with which you print at\n"
                        "{organisation}.\n\n"
                        "Your code: {code}\n\n"
                        "Sign in with it once, within ten minutes, and set another password. If it was\n"
                        "not you, do nothing: your password stays as it is.\n" },
                [LANGUAGE_GERMAN] = {
                        "Ihr Code für ein neues Passwort",
                        "Jemand, vermutlich Sie, hat das Passwort vergessen, mit dem Sie drucken bei\n"
                        "{organisation}.\n\n"
                        "Ihr Code: {code}\n\n"
                        "Melden Sie sich damit einmal an, innerhalb von zehn Minuten, und setzen Sie ein neues\n"
                        "Passwort. Waren Sie es nicht, ist nichts zu tun: Ihr Passwort bleibt, wie es ist.\n" },
        },
        [MAIL_MOVE] = {
                [LANGUAGE_ENGLISH] = {
                        "Your code to move a device",
                        "Somebody, most likely you, wants a device to print at\n"
                        "{organisation} with this address.\n\n"
                        "The code: {code}\n\n"
                        "Type it on that device within an hour. If it was not you, do nothing:\n"
                        "without the code nothing changes.\n" },
                [LANGUAGE_GERMAN] = {
                        "Ihr Code für den Umzug eines Geräts",
                        "Jemand, vermutlich Sie, möchte, dass ein Gerät mit dieser Adresse druckt bei\n"
                        "{organisation}.\n\n"
                        "Der Code: {code}\n\n"
                        "Tippen Sie ihn innerhalb einer Stunde an diesem Gerät ein. Waren Sie es nicht, ist\n"
                        "nichts zu tun: ohne den Code ändert sich nichts.\n" },
        },
};
/* clang-format on */

const char *mail_subject(enum mail_kind kind, enum language language)
{
        return table[kind][language].subject;
}

/* What stands for the placeholder at the beginning of words, and how long that is; NULL where there is none.
 */
static const char *value_at(const char *words, const struct mail_values *values, size_t *ret_length)
{
        static const char organisation[] = "{organisation}", code[] = "{code}", link[] = "{link}";

        if (strncmp(words, organisation, sizeof(organisation) - 1) == 0) {
                *ret_length = sizeof(organisation) - 1;
                return values->organisation ? values->organisation : "";
        }
        if (strncmp(words, code, sizeof(code) - 1) == 0) {
                *ret_length = sizeof(code) - 1;
                return values->code ? values->code : "";
        }
        if (strncmp(words, link, sizeof(link) - 1) == 0) {
                *ret_length = sizeof(link) - 1;
                return values->link ? values->link : "";
        }
        return NULL;
}

bool mail_text(enum mail_kind kind, enum language language, const struct mail_values *values, char *ret,
               size_t size)
{
        const char *words = table[kind][language].text;
        size_t used = 0;

        while (*words) {
                size_t length = 1, added = 1;
                const char *from = value_at(words, values, &length);

                if (from)
                        added = strlen(from);
                if (used + added >= size)
                        return false;
                memcpy(ret + used, from ? from : words, added);
                used += added;
                words += length;
        }
        ret[used] = '\0';
        return true;
}
