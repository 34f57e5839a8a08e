// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What becomes of a ticket by what lies in the trays. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/printer/printer-state.h"
#include "core/release/settle.h"
#include "core/job/substitution.h"

#define A4     "iso_a4_210x297mm"
#define A3     "iso_a3_297x420mm"
#define LETTER "na_letter_8.5x11in"
#define OFF    SUBSTITUTION_OFF
#define ASK    SUBSTITUTION_ASK
#define CHOOSE SUBSTITUTION_CHOOSE

static const struct {
        const char *name, *ticket, *trays;
        enum substitution substitution;
        bool is_fixed; /* the pages cannot be made to fit */
        const char *becomes, *note;
} rows[] = {
        { "loaded", "media=" A4, "tray-1 " A4 " - 50 1", CHOOSE, false, "media=" A4, "" },
        { "loaded the other way round", "media=" A4, "tray-1 custom_297x210mm_297x210mm - 50 1", ASK, false,
          "media=" A4, "" },
        { "off", "media=" A4, "tray-1 " LETTER " - 50 1", OFF, false, "media=" A4, "" },
        { "nobody said", "media=" A4, "tray-1 " LETTER " - 50 1", SUBSTITUTION_UNSAID, false, "media=" A4,
          "" },
        { "chosen", "media=" A4, "tray-1 " LETTER " - 50 1;tray-2 " A3 " - 50 1", CHOOSE, false,
          "media=" LETTER ";print-scaling=auto-fit",
          "media-substituted " A4 ">" LETTER " [" LETTER "," A3 "]" },
        { "asked", "media=" A4, "tray-1 " LETTER " - 50 1;tray-2 " A3 " - 50 1", ASK, false,
          "media=" LETTER ";print-scaling=auto-fit",
          "media-not-loaded " A4 ">" LETTER " [" LETTER "," A3 "]" },
        { "his own scaling stays", "media=" A4 ";print-scaling=fill", "tray-1 " LETTER " - 50 1", CHOOSE,
          false, "media=" LETTER ";print-scaling=fill", "media-substituted " A4 ">" LETTER " [" LETTER "]" },
        { "an empty tray is none", "media=" A4, "tray-1 " A4 " - 0 0;tray-2 " A3 " - 50 1", CHOOSE, false,
          "media=" A3 ";print-scaling=auto-fit", "media-substituted " A4 ">" A3 " [" A3 "]" },
        { "too small is none", "media=" A3, "tray-1 " A4 " - 50 1", CHOOSE, false, "media=" A3, "" },
        { "too small is told", "media=" A3, "tray-1 " A4 " - 50 1", ASK, false, "media=" A3,
          "media-not-loaded " A3 ">" A3 " [" A4 "]" },
        { "pages that cannot be made to fit", "media=" A4, "tray-1 " LETTER " - 50 1", CHOOSE, true,
          "media=" A4, "" },
        { "only from the tray that was asked for", "media=" A4 ";media-source=tray-2",
          "tray-1 " A4 " - 50 1;tray-2 " LETTER " - 50 1", CHOOSE, false,
          "media=" LETTER ";media-source=tray-2;print-scaling=auto-fit",
          "media-substituted " A4 ">" LETTER " [" LETTER "]" },
        { "not from other stock", "media=" A4 ";media-type=stationery",
          "tray-1 " A4 " labels 50 1;tray-2 " LETTER " stationery 50 1", CHOOSE, false,
          "media=" LETTER ";media-type=stationery;print-scaling=auto-fit",
          "media-substituted " A4 ">" LETTER " [" LETTER "]" },
        { "nothing is known", "media=" A4, "", ASK, false, "media=" A4, "" },
        { "trays that do not tell", "media=" A4, "tray-1 - - 50 1", ASK, false, "media=" A4, "" },
        { "no medium", "copies=2", "tray-1 " LETTER " - 50 1", CHOOSE, false, "copies=2", "" },
        { "a medium without a size", "media=choice", "tray-1 " LETTER " - 50 1", CHOOSE, false,
          "media=choice", "" },
};

static void describe(const struct settled *settled, char ret[1024])
{
        const struct settled_note *note = &settled->notes[0];

        ret[0] = 0;
        if (settled->note_count)
                snprintf(ret, 1024, "%s %s>%s [%s]", settled_reason(note->kind), note->asked, note->value,
                         note->choices);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct printer_state state = { .seen_ms = 1 };
                struct settled settled = { .note_count = 0 };
                struct ticket wanted;
                char note[1024], words[TICKET_TEXT], due[TICKET_TEXT];

                printf("%s\n", rows[i].name);
                assert(printer_trays_parse(text_from(rows[i].trays), &state));
                assert(ticket_parse(text_from(rows[i].ticket), &settled.ticket) == 0);
                assert(ticket_parse(text_from(rows[i].becomes), &wanted) == 0);
                substitution_apply(rows[i].substitution, &state, !rows[i].is_fixed, &settled);
                ticket_format(&settled.ticket, words, sizeof(words));
                ticket_format(&wanted, due, sizeof(due));
                describe(&settled, note);
                printf("  %s\n  %s\n", words, note);
                fflush(stdout);
                assert(strcmp(words, due) == 0 && strcmp(note, rows[i].note) == 0);
                assert(settled_conflicts(&settled) == (strncmp(note, "media-not-loaded", 16) == 0));
        }
        return 0;
}
