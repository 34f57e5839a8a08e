// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stddef.h>

#include "render/ghostscript.h"
#include "render/tool.h"

#define MIB UINT64_C(1048576)

static const char *const nothing[] = { NULL };
static const char *const fonts[] = { "/etc/fonts", "/var/cache/fontconfig", NULL };

/* heif-convert writes to a named file, and a second picture of the document to another one: only the first
 * goes on. */
static const char *const heif_argv[] = { "/usr/bin/heif-convert", "-q",         "95",
                                         "/document.heic",        "/tmp/1.jpg", NULL };
static const char *const heif_links[] = { "/proc/self/fd/1", "/tmp/1.jpg", "/proc/self/fd/1", "/tmp/1-1.jpg",
                                          NULL };
static const struct cell_profile heif_profile = {
        .folders = nothing,
        .environment = nothing,
        .calls = tool_calls,
        .links = heif_links,
        .has_proc = true,
        .tmp_octets = 256 * MIB,
        .files = 64,
        .processes = 64,
};
const struct tool tool_heif = { "/usr/bin/heif-convert", heif_argv, "/document.heic", &heif_profile };

/* librsvg reads what a document names beside itself; so it lies alone in its folder. */
static const char *const svg_argv[] = { "/usr/bin/rsvg-convert", "--format=pdf", "/alone/document.svg",
                                        NULL };
static const struct cell_profile svg_profile = {
        .folders = fonts,
        .environment = nothing,
        .calls = tool_calls,
        .tmp_octets = 64 * MIB,
        .files = 256,
        .processes = 64,
};
const struct tool tool_svg = { "/usr/bin/rsvg-convert", svg_argv, "/alone/document.svg", &svg_profile };

/* WeasyPrint as a module, since its command would fetch whatever is named: here only what stands in the
 * document itself ("data:") is found. It knows no scripts. */
#define HTML_PROGRAM                                                                            \
        "import sys, logging\n"                                                                 \
        "logging.disable(logging.CRITICAL)\n"                                                   \
        "from weasyprint import CSS, HTML, default_url_fetcher\n"                               \
        "def fetch(url, *args, **kwargs):\n"                                                    \
        "    if url[:5].lower() != 'data:': raise ValueError('not here')\n"                     \
        "    return default_url_fetcher(url, *args, **kwargs)\n"                                \
        "with open('/document', 'rb') as document:\n"                                           \
        "    page = HTML(file_obj=document, url_fetcher=fetch, base_url='about:blank')\n"       \
        "paper = CSS(string='@page { size: %spt %spt; margin: 2cm }' % tuple(sys.argv[1:3]))\n" \
        "page.write_pdf(sys.stdout.buffer, stylesheets=[paper])\n"
static const char *const html_argv[] = { "/usr/bin/python3", "-I",        "-c", HTML_PROGRAM,
                                         TOOL_WIDTH,         TOOL_HEIGHT, NULL };
static const char *const html_environment[] = { "PYTHONDONTWRITEBYTECODE", "1", "LC_ALL", "C.UTF-8", NULL };
static const struct cell_profile html_profile = {
        .folders = fonts,
        .environment = html_environment,
        .calls = tool_calls,
        .tmp_octets = 256 * MIB,
        .files = 256,
        .processes = 64,
};
const struct tool tool_html = { "/usr/bin/weasyprint", html_argv, "/document", &html_profile };

static const char *const postscript_argv[] = { "/usr/bin/gs",
                                               "-dSAFER",
                                               "-dBATCH",
                                               "-dNOPAUSE",
                                               "-dNOPROMPT",
                                               "-sstdout=%stderr",
                                               "-sDEVICE=pdfwrite",
                                               "-dDEVICEWIDTHPOINTS=" TOOL_WIDTH,
                                               "-dDEVICEHEIGHTPOINTS=" TOOL_HEIGHT,
                                               "-dEPSCrop",
                                               "-dAutoRotatePages=/None",
                                               "-dEmbedAllFonts=true",
                                               "-sOutputFile=%stdout",
                                               "-c",
                                               "<< /NeverEmbed [ ] >> setdistillerparams",
                                               "-f",
                                               "/document",
                                               NULL };
const struct tool tool_postscript = { "/usr/bin/gs", postscript_argv, "/document", &ghostscript_profile };
