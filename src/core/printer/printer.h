// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Printers: where paper comes out. Administrators change them, those of a site its own; everyone of the
 * tenant may see those that are open to him (core/printer/printer-people.h). */

#include "core/report/accounting.h"
#include "core/printer/geo.h"
#include "core/job/substitution.h"

#define PRINTER_ADDRESSES  8
#define PRINTER_FORMATS    12
#define PRINTER_MEDIA      24
#define PRINTER_ADDRESS    256
#define PRINTER_BINS       12
#define PRINTER_TYPES      20
#define PRINTER_SOURCES    12
#define PRINTER_FINISHINGS 32
#define PRINTER_FORWARD    128
#define PRINTER_ALIAS      17 /* 16 octets, NUL */

/* Keys of certificates that a printer is known by at a time: one that is renewed has two for a while. */
#define PRINTER_ISSUED        4
#define PRINTER_ISSUED_COLUMN (PRINTER_ISSUED * (64 + 1 + 20 + 1) + 1)

struct printer {
        struct id id;
        char name[CORE_NAME];
        char title[CORE_TITLE];
        char alias[PRINTER_ALIAS]; /* short, for who types it: small letters, digits and '-'; empty: none */
        char location[CORE_TITLE];
        char make_and_model[CORE_TITLE];
        struct id agent; /* who delivers; zero: any agent of the tenant */
        struct id site;  /* where it stands; zero: nowhere */
        bool accepting;
        bool badges;    /* a badge held to its readers releases */
        bool is_public; /* guests may print there (core/person/guest.h) */
        bool colour;
        bool duplex;
        uint32_t resolution_dpi;   /* 0 is 300 */
        uint32_t pages_per_minute; /* 0 is 20 */
        /* "ipps://host/ipp/print", "ipp://…", "socket://host:9100", "lpd://host:515/queue"; tried in the
         * order IPPS, IPP, RAW, LPD. */
        char addresses[PRINTER_ADDRESSES][PRINTER_ADDRESS];
        size_t address_count;
        /* What it takes, best first: application/pdf, image/pwg-raster, application/vnd.hp-PCLXL,
         * application/postscript, … */
        char formats[PRINTER_FORMATS][CORE_FORMAT];
        size_t format_count;
        /* PWG 5101.1 size names, the default first; trays are named in the same order: "tray-1", … */
        char media[PRINTER_MEDIA][CORE_NAME];
        size_t media_count;
        uint32_t trays; /* 0 is 1 */
        /* As IPP spells them; empty is not said: auto, face-down and face-up; the usual types; auto and the
         * trays by number; no finishing. */
        char output_bins[PRINTER_BINS][CORE_NAME];
        size_t output_bin_count;
        char media_types[PRINTER_TYPES][CORE_NAME];
        size_t media_type_count;
        char media_sources[PRINTER_SOURCES][CORE_NAME];
        size_t media_source_count;
        uint32_t finishings[PRINTER_FINISHINGS]; /* enums of PWG 5100.1: 4 is staple */
        size_t finishing_count;
        /* How it wants the back of a sheet in a raster (pwg-raster-document-sheet-back, PWG 5102.4): normal
         * (also ""), flipped, manual-tumble, rotated. */
        char sheet_back[CORE_NAME];
        /* A queue of another server, to which jobs are handed over: under which name
         * (core/printer/printer-forward.h); empty: it is a device. */
        char forward_user[PRINTER_FORWARD];
        bool forward_titles;              /* what jobs are called goes along */
        enum accounting_needs accounting; /* what it asks for; printer_change() leaves it */
        enum substitution substitution;   /* where the paper asked for is not loaded */
        uint32_t password_digits;         /* of a job-password at most (PWG 5100.11); 0: it knows none */
        /* What the agent compares before the first octet; empty parts are not compared, the first delivery
         * pins them (printer_pin). */
        char identity_uuid[64]; /* printer-uuid, urn:uuid:… */
        char identity_spki[65]; /* SHA-256 of the TLS public key, hexadecimal */
        char identity_serial[64];
        /* By which keys it is known beside that: of certificates that were issued to it
         * (core/site/certificate.h).
         */
        char identity_issued[PRINTER_ISSUED_COLUMN];
        bool forgets_issued; /* printer_change(): these are over, too */
        int64_t openly_ms;   /* since when it is reached openly although it has IPPS; 0: it is not */
        int64_t metres;      /* printer_list() by place: to its site; or GEO_NOWHERE */
        int64_t created_ms;
};

/* As it is kept: capital letters become small ones. */
void printer_alias_fold(char *alias);
bool printer_takes(const struct printer *printer, struct text format);
/* Keywords (RFC 8011, section 5.1.4), with what is meant where the printer does not say; NULL beyond the last
 * one. Borrowed. */
const char *printer_output_bin(const struct printer *printer, size_t i);
const char *printer_media_type(const struct printer *printer, size_t i);
const char *printer_media_source(const struct printer *printer, size_t i);
/* 3, none, is what every printer can. */
bool printer_finishes(const struct printer *printer, uint32_t finishing);

/* All refuse CORE_NOT_ENCRYPTED (core/printer/printer-wire.h), CORE_FORBIDDEN (not an administrator, or of
 * another site), CORE_BAD_VALUE, CORE_TAKEN (name or alias, which are in one space), CORE_NOT_FOUND. A NULL
 * actor is init's. */
int printer_make(struct core *core, const struct actor *actor,
                 struct printer *printer); /* fills id, created_ms */
int printer_find(struct core *core, struct id tenant, struct id id, struct printer *ret);
/* By its name, or by its alias in letters of either size. */
int printer_find_by_name(struct core *core, struct id tenant, struct text name, struct printer *ret);
/* Adds what any of a tenant's printers can finish, and the bins, types and sources they name, to an example.
 */
int printer_unite(struct core *core, struct id tenant, struct printer *example);
/* Which of the printers that somebody sees; what is zero says nothing. */
struct printer_search {
        struct id group;   /* of printers (core/printer/printer-group.h) */
        struct id site;    /* where it stands */
        struct text words; /* in its name, title, alias, location or model, or in the name, title or address
                              of its site, in letters of either size */
        bool inspected;    /* those that he may inspect */
        bool attention;    /* of these, those that somebody should look at (core/printer/printer-glance.h) */
        bool usable;       /* those at which he may print, and not only see */
        const struct id *jobs; /* those where one of these may come out, as far as jobs are bound to a printer
                                  or a site; none that he may read: none of them. At most RELEASE_JOBS_MAX */
        size_t job_count;
        const struct geo
                *near; /* nearest first, by the places of their sites; those without one at the end */
};

/*
 * By id, or by distance. CORE_BAD_VALUE: words are too long, too many jobs, or, by distance, a printer to go
 * on after that is there no more. (core/printer/printer-search.c)
 */
int printer_list(struct core *core, const struct actor *actor, const struct printer_search *search,
                 struct id after, struct printer *ret, size_t max, size_t *ret_count);
/* Replaces all fields but id and created_ms. Clearing the identity fields is how an administrator accepts a
 * replaced printer. */
int printer_change(struct core *core, const struct actor *actor, const struct printer *printer);
/* CORE_TAKEN while deliveries are open or queues point to it. */
int printer_delete(struct core *core, const struct actor *actor, struct id id);
/* What an agent saw of a printer whose identity was not known yet: kept only where empty. CORE_NOT_FOUND,
 * also for a printer that another agent serves. */
int printer_pin(struct core *core, const struct actor *agent, struct id id, struct text uuid,
                struct text spki, struct text serial);
