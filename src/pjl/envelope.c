// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "pjl/envelope.h"

#include "base/scope.h"

struct pair {
        struct text from;
        const char *to;
};

static const struct pair languages[] = {
        { TEXT("application/vnd.hp-pclxl"), "PCLXL" },
        { TEXT("application/vnd.hp-pcl"), "PCL" },
        { TEXT("application/pclm"), "PCLM" },
        { TEXT("application/postscript"), "POSTSCRIPT" },
        { TEXT("application/pdf"), "PDF" },
        { TEXT("image/pwg-raster"), "PWGRASTER" },
        { TEXT("image/urf"), "URF" },
};

static const struct pair papers[] = {
        { TEXT("iso_a3_297x420mm"), "A3" },
        { TEXT("iso_a4_210x297mm"), "A4" },
        { TEXT("iso_a5_148x210mm"), "A5" },
        { TEXT("na_letter_8.5x11in"), "LETTER" },
        { TEXT("na_legal_8.5x14in"), "LEGAL" },
        { TEXT("na_ledger_11x17in"), "LEDGER" },
        { TEXT("na_executive_7.25x10.5in"), "EXECUTIVE" },
};

static const char *find(const struct pair *pairs, size_t count, struct text from)
{
        for (size_t i = 0; i < count; i++)
                if (text_equal_nocase(pairs[i].from, from))
                        return pairs[i].to;
        return NULL;
}

static bool name_is_valid(struct text name)
{
        for (size_t i = 0; i < name.len; i++)
                if (name.at[i] < 0x20 || name.at[i] > 0x7e || name.at[i] == '"')
                        return false;
        return name.len > 0 && name.len <= PJL_NAME_MAX;
}

static bool nonce_is_valid(struct text nonce)
{
        for (size_t i = 0; i < nonce.len; i++) {
                char c = nonce.at[i];

                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
                        return false;
        }
        return nonce.len > 0 && nonce.len <= PJL_NONCE_MAX;
}

static bool hold_key_is_valid(struct text key)
{
        for (size_t i = 0; i < key.len; i++)
                if (key.at[i] < '0' || key.at[i] > '9')
                        return false;
        return key.len <= PJL_HOLD_KEY_MAX;
}

static int check(const struct pjl_job *job)
{
        if (!name_is_valid(job->name))
                return PJL_BAD_NAME;
        if (!nonce_is_valid(job->nonce))
                return PJL_BAD_NONCE;
        if (job->copies > PJL_COPIES_MAX)
                return PJL_BAD_COPIES;
        if (!hold_key_is_valid(job->hold_key))
                return PJL_BAD_HOLD_KEY;
        return 0;
}

static void add_settings(const struct pjl_job *job, struct buffer *to)
{
        static const char *const duplex[] = {
                [PJL_ONE_SIDED] = "@PJL SET DUPLEX=OFF\r\n",
                [PJL_LONG_EDGE] = "@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=LONGEDGE\r\n",
                [PJL_SHORT_EDGE] = "@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=SHORTEDGE\r\n",
        };
        const char *paper = find(papers, ARRAY_LENGTH(papers), job->media);

        if (job->hold_key.len)
                buffer_format(
                        to, "@PJL SET HOLD=ON\r\n@PJL SET HOLDTYPE=PRIVATE\r\n@PJL SET HOLDKEY=\"%.*s\"\r\n",
                        TEXT_ARGS(job->hold_key));
        if (job->copies > 1)
                buffer_format(to, "@PJL SET COPIES=%u\r\n", job->copies);
        if (job->sides != PJL_SIDES_DEFAULT)
                buffer_add_string(to, duplex[job->sides]);
        if (job->colour != PJL_COLOUR_DEFAULT)
                buffer_format(to, "@PJL SET RENDERMODE=%s\r\n",
                              job->colour == PJL_COLOUR ? "COLOR" : "GRAYSCALE");
        if (paper)
                buffer_format(to, "@PJL SET PAPER=%s\r\n", paper);
}

int pjl_begin_format(const struct pjl_job *job, struct buffer *to)
{
        const char *language = find(languages, ARRAY_LENGTH(languages), job->format);
        int r = check(job);

        if (r)
                return r;
        buffer_format(to, "%s@PJL\r\n@PJL ECHO %.*s\r\n@PJL USTATUS JOB=ON\r\n@PJL USTATUS DEVICE=ON\r\n",
                      PJL_UEL, TEXT_ARGS(job->nonce));
        buffer_format(to, "@PJL JOB NAME=\"%.*s\"\r\n", TEXT_ARGS(job->name));
        add_settings(job, to);
        if (language)
                buffer_format(to, "@PJL ENTER LANGUAGE=%s\r\n", language);
        return 0;
}

int pjl_end_format(const struct pjl_job *job, struct buffer *to)
{
        int r = check(job);

        if (r)
                return r;
        buffer_format(to, "%s@PJL\r\n@PJL EOJ NAME=\"%.*s\"\r\n%s", PJL_UEL, TEXT_ARGS(job->name), PJL_UEL);
        return 0;
}
