// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a device said of itself, by whichever way. Everything is bounded: what does not fit is not kept. What
 * was told first stays, so that the better way is asked first (IPP, then SNMP).
 *
 * Words are printable UTF-8, keywords are IPP's; numbers are in the range of their meaning or say that they
 * are unknown. Values without pointers.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "courier/state.h"

#define DEVICE_WORDS       128
#define DEVICE_DESCRIPTION 256
#define DEVICE_ID          512 /* IEEE 1284 */
#define DEVICE_KEYWORD     64
#define DEVICE_METERS      16
#define DEVICE_SUPPLIES    32
#define DEVICE_TRAYS       16
#define DEVICE_COVERS      16
#define DEVICE_ALERTS      24
#define DEVICE_LINES       8
#define DEVICE_KEYWORDS    24
#define DEVICE_FINISHINGS  32
#define DEVICE_URIS        4

/* Levels as the Printer MIB has them (RFC 3805, prtMarkerSuppliesLevel). */
#define DEVICE_OTHER   (-1) /* no limit to what there is */
#define DEVICE_UNKNOWN (-2)
#define DEVICE_SOME    (-3)

enum device_answer { /* yes, no, not said */
        DEVICE_NOT_SAID,
        DEVICE_NO,
        DEVICE_YES,
};

struct device_meter {
        char name[DEVICE_KEYWORD]; /* "life", "colour", "copies-black", … */
        char unit[16];             /* "impressions", "sheets", … */
        int64_t value;
};

struct device_supply {
        uint32_t index;
        int32_t class;    /* PrtMarkerSuppliesClassTC: 3 is used up, 4 fills up; 0 not said */
        int32_t type;     /* PrtMarkerSuppliesTypeTC; 0 not said */
        int32_t unit;     /* PrtMarkerSuppliesSupplyUnitTC; 0 not said */
        int32_t colorant; /* index of prtMarkerColorantTable; 0 none */
        int32_t max, level;
        char name[DEVICE_WORDS];
        char kind[DEVICE_KEYWORD];    /* its type as a word; of IPP */
        char measure[DEVICE_KEYWORD]; /* its unit, likewise */
        char colour[DEVICE_KEYWORD];
};

struct device_tray {
        uint32_t index;
        int32_t max, level;
        char name[DEVICE_KEYWORD];
        char source[DEVICE_KEYWORD], media[DEVICE_KEYWORD], type[DEVICE_KEYWORD];
};

struct device_cover {
        uint32_t index;
        int32_t status; /* prtCoverStatus: 3 open, 4 closed, 5 and 6 of interlocks */
        char name[DEVICE_WORDS];
};

struct device_alert {
        uint32_t index;
        int32_t severity; /* 3 critical; 4, 5 warning */
        char group[DEVICE_KEYWORD], code[DEVICE_KEYWORD];
        int64_t since; /* sysUpTime, in hundredths of a second; -1 not said */
        char description[DEVICE_WORDS];
};

struct device_list { /* of keywords, each once; media are many, and the most used stand first */
        char at[DEVICE_KEYWORDS][DEVICE_KEYWORD];
        size_t count;
};

struct device {
        /* who it is */
        char uuid[64];
        char fingerprint[65];
        char serial[DEVICE_KEYWORD];
        char mac[18];

        char description[DEVICE_DESCRIPTION];
        char name[DEVICE_WORDS], location[DEVICE_WORDS];
        char asset_number[DEVICE_KEYWORD];
        char make[DEVICE_KEYWORD], model[DEVICE_WORDS], make_and_model[DEVICE_WORDS];
        char device_id[DEVICE_ID];
        char firmware[DEVICE_WORDS];
        int64_t up_seconds; /* -1 not said */

        enum courier_condition condition;
        struct device_list reasons; /* printer-state-reasons */
        struct device_list errors;  /* what hrPrinterDetectedErrorState means */
        char display[DEVICE_LINES][DEVICE_WORDS];
        enum device_answer colour, duplex;
        int32_t pages_per_minute; /* 0 not said */
        struct device_list formats, languages, media, media_types, media_sources, output_bins;
        int32_t finishings[DEVICE_FINISHINGS]; /* IPP's enums */
        size_t finishing_count;
        char sheet_back[DEVICE_KEYWORD];
        int32_t dots_per_inch;               /* 0 not said */
        char uris[DEVICE_URIS][ADDRESS_URI]; /* at which it was asked */
        size_t uri_count;
        bool has_raw, has_lpd; /* it says that it takes documents so */

        struct device_meter meters[DEVICE_METERS];
        size_t meter_count;
        struct device_meter counters[DEVICE_METERS]; /* of copies, scans and faxes */
        size_t counter_count;
        struct device_supply supplies[DEVICE_SUPPLIES];
        size_t supply_count;
        struct device_tray trays[DEVICE_TRAYS];
        size_t tray_count;
        struct device_cover covers[DEVICE_COVERS];
        size_t cover_count;
        struct device_alert alerts[DEVICE_ALERTS];
        size_t alert_count;
};

void device_init(struct device *device);
/* The row of an index, a new one where it is not there yet; NULL where there are too many. */
struct device_supply *device_supply(struct device *device, uint32_t index);
struct device_tray *device_tray(struct device *device, uint32_t index);
struct device_cover *device_cover(struct device *device, uint32_t index);
struct device_alert *device_alert(struct device *device, uint32_t index);

/* Each fills what is empty, and keeps only what is printable; longer words are cut at a character. */
void device_set(char *to, size_t size, struct text words);
/* Only without spaces around it, and only what could be one: letters, digits and signs. */
void device_set_serial(struct device *device, struct text words);
/* Six octets that are not all the same. */
void device_set_mac(struct device *device, struct text octets);
/* A keyword, once. */
void device_add(struct device_list *list, struct text keyword);
/* A MIME type, once. */
void device_add_format(struct device *device, struct text format);
void device_add_finishing(struct device *device, int32_t finishing);
void device_add_uri(struct device *device, const char *uri);
/* Adds to a counter of copies, scans or faxes. */
void device_count(struct device *device, const char *name, int64_t value);
/* A meter by its name, once; false where there is no room, or nothing is counted. */
bool device_meter(struct device *device, const char *name, const char *unit, int64_t value);

/* "MFG:Acme;MDL:ColorMFP 5055;SN:…;" (IEEE 1284-2000, section 7.6; PWG 5107.2): maker, model, serial number
 * and the languages it names. What is no such list changes nothing. */
void device_read_id(struct device *device, struct text id);
