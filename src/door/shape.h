// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Shapes: what an object of JSON may hold, as a table, for what is looked into once and kept as it is (what
 * agents tell of printers). Everything is bounded; what stands in no row is refused, null stands for what is
 * not there.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum shape_kind {
        SHAPE_WORDS,   /* printable UTF-8 of at most max octets */
        SHAPE_KEYWORD, /* of IPP: letters, digits, - _ . of at most max octets */
        SHAPE_NUMBER,  /* 0 to max */
        SHAPE_FLAG,
        SHAPE_WORD,    /* one of words */
        SHAPE_ADDRESS, /* of a printer: ipps, ipp, socket, lpd; at most max octets */
};

struct shape {
        const char *name; /* NULL ends the table */
        enum shape_kind kind;
        int64_t max;
        size_t items; /* 0: one value; else an array of at most so many */
        bool required;
        const char *const *words;
};

#define SHAPE_COMPLAINT 128

/* Whether value is an object of that shape; otherwise complaint says what is wrong. */
bool shape_has(json_t *value, const struct shape *shape, char complaint[SHAPE_COMPLAINT]);
/* Whether it is an array of at most max such objects. */
bool shape_has_all(json_t *value, const struct shape *shape, size_t max, char complaint[SHAPE_COMPLAINT]);

/* A member of what has its shape: "" and 0 where it is not there; of a word, which of them. */
const char *shape_string(json_t *object, const char *name);
int64_t shape_number(json_t *object, const char *name, int64_t otherwise);
int shape_word(json_t *object, const char *name, const char *const *words, int otherwise);
