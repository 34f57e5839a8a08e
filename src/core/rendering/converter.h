// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Converters: conversion servers, programs on other machines that render documents for this service
 * (core/rendering/lease.h). They are the operators': a converter is given documents of every tenant, one
 * after another. Operators let it in with a one-time code, and revoke it; but only where the settings of the
 * service's own machine allow converters at all, so that who has come by an operator's account alone reads
 * nothing.
 *
 * What it can read it says itself. Clients are told of the formats that somebody can read who is here: the
 * service's own cells, or a converter that was heard of lately.
 */

#include "conversion/format.h"
#include "core/actor.h"
#include "core/site/outpost.h"

#define CONVERTERS_MAX 64

struct converter {
        struct id id;
        char name[CORE_NAME];
        bool enrolled;
        char formats[FORMAT_SET_STRING]; /* empty: it has not said */
        int64_t created_ms;
        int64_t expires_ms; /* of its key, or of its code */
        int64_t seen_ms;    /* to the minute; 0: never */
};

/* A new one, and the code with which it enrols once, within enrolment_ms. CORE_FORBIDDEN, CORE_TAKEN,
 * CORE_BAD_VALUE, CORE_LIMIT_REACHED, CORE_NOT_ACCEPTING (the settings allow none). */
int converter_make(struct core *core, const struct actor *actor, struct text name, struct converter *ret,
                   char ret_code[OUTPOST_CODE]);
/* What a converter with a fresh key says. CORE_WRONG_CREDENTIALS (also after its time, or used), CORE_LOCKED
 * (source guesses). */
int converter_enrol(struct core *core, struct text code, const uint8_t fingerprint[32], struct text source,
                    struct actor *ret);
/* Its next key takes the place of the last. CORE_TAKEN. */
int converter_renew(struct core *core, const struct actor *converter, const uint8_t fingerprint[32],
                    int64_t *ret_expires_ms);

/* For operators, and for a converter about itself. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int converter_list(struct core *core, const struct actor *actor, struct id after, struct converter *ret,
                   size_t max, size_t *ret_count);
int converter_find(struct core *core, const struct actor *actor, struct id id, struct converter *ret);
/* Revokes it from this moment: what was leased to it is wanted again. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int converter_delete(struct core *core, const struct actor *actor, struct id id);

/* What it can read from now on. CORE_FORBIDDEN. */
int converter_set_formats(struct core *core, const struct actor *converter, struct format_set formats);
/* It was heard of: written at most once a minute. */
void converter_seen(struct core *core, const struct actor *converter);

/* Looks again who is here and tells format_set_sources(). Cheap; the sweep does it, too. */
int converters_count_in(struct core *core);
