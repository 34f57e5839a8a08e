// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The files of the application (web/src), and what plain pages (web/sign-in) and panels (web/panel) load, as
 * web/pack.mjs packed them into the program. */

#include <stdbool.h>
#include <stddef.h>

struct app_form {
        const char *at; /* NULL: not in this form */
        size_t len;
};

struct app_file {
        const char *path; /* "/assets/index-CHvxYxJa.css" */
        const char *name; /* that the service asks for it by: "panel.css"; NULL: it never does */
        const char *type;
        const char *tag;   /* an entity tag, with its quotes: of the contents, in whatever form */
        bool is_immutable; /* its name changes with its contents */
        struct app_form plain, gzip, brotli;
};

extern const struct app_file app_files[];
extern const size_t app_file_count;

/* The first part of each address that is a page; what comes after it is the application's affair. NULL ends
 * them. */
extern const char *const app_sections[];
