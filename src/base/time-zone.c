// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/time-zone.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"

#define FOLDER      "/usr/share/zoneinfo/"
#define FILE_OCTETS 65536
#define HEADER      44
#define CHANGES_MAX 4096
#define KINDS_MAX   256
#define ZONES_MAX   1024
#define DAY_S       86400

/* "M10.5.0/3": the last Sunday of October at three. */
struct rule {
        int month, week, weekday;
        int64_t at_s;
};

struct time_zone {
        char name[TIME_ZONE_NAME];
        struct time_zone *next;
        size_t count;
        struct change {
                int64_t at_s, offset_s;
        } changes[CHANGES_MAX];
        int64_t first_s; /* before the first change */
        /* What goes on for ever after the last one, as the file's last line says. */
        bool has_rules, has_summer;
        int64_t winter_s, summer_s;
        struct rule begins, ends;
};

static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;
static struct time_zone *zones;
static size_t zones_count;

/* ---- the file: RFC 9636 ---- */

static int64_t read_number(const uint8_t *at, size_t octets)
{
        uint64_t value = at[0] & 0x80 ? UINT64_MAX : 0;

        for (size_t i = 0; i < octets; i++)
                value = value << 8 | at[i];
        return (int64_t)value;
}

struct counts {
        size_t utc, standard, leaps, changes, kinds, letters;
};

static bool read_header(struct text octets, struct counts *ret)
{
        const uint8_t *at = (const uint8_t *)octets.at;
        size_t numbers[6];

        if (octets.len < HEADER || memcmp(at, "TZif", 4) != 0)
                return false;
        for (size_t i = 0; i < 6; i++) {
                int64_t number = read_number(at + 20 + 4 * i, 4);

                if (number < 0 || number > FILE_OCTETS)
                        return false;
                numbers[i] = (size_t)number;
        }
        *ret = (struct counts){ numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5] };
        return true;
}

static size_t body_octets(const struct counts *c, size_t time)
{
        return c->changes * time + c->changes + c->kinds * 6 + c->letters + c->leaps * (time + 4) +
               c->standard + c->utc;
}

static bool read_changes(struct text body, const struct counts *c, struct time_zone *zone)
{
        const uint8_t *times = (const uint8_t *)body.at, *which = times + 8 * c->changes,
                      *kinds = which + c->changes;

        if (c->changes > CHANGES_MAX || c->kinds == 0 || c->kinds > KINDS_MAX)
                return false;
        zone->first_s = read_number(kinds, 4);
        for (size_t i = 0; i < c->changes; i++) {
                if (which[i] >= c->kinds)
                        return false;
                zone->changes[i] = (struct change){ read_number(times + 8 * i, 8),
                                                    read_number(kinds + 6 * which[i], 4) };
                if (i && zone->changes[i].at_s <= zone->changes[i - 1].at_s)
                        return false;
        }
        zone->count = c->changes;
        return true;
}

/* ---- its last line: the TZ of POSIX, "CET-1CEST,M3.5.0,M10.5.0/3" ---- */

static bool skip_letters(const char **at)
{
        const char *from = *at;

        if (*from == '<') {
                *at = strchr(from, '>');
                return *at && (*at)++;
        }
        while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
                (*at)++;
        return *at - from >= 3;
}

static bool read_small(const char **at, int max, int *ret)
{
        int value = 0;

        if (**at < '0' || **at > '9')
                return false;
        for (; **at >= '0' && **at <= '9'; (*at)++) {
                value = value * 10 + (**at - '0');
                if (value > max)
                        return false;
        }
        *ret = value;
        return true;
}

static bool read_clock(const char **at, int64_t *ret)
{
        int sign = **at == '-' ? -1 : 1, part;

        *at += **at == '-' || **at == '+';
        *ret = 0;
        for (int64_t unit = 3600; unit; unit /= 60) {
                if (!read_small(at, 167, &part))
                        return false;
                *ret += part * unit;
                if (**at != ':')
                        break;
                (*at)++;
        }
        *ret *= sign;
        return true;
}

static bool read_rule(const char **at, struct rule *ret)
{
        if (*(*at)++ != ',' || *(*at)++ != 'M' || !read_small(at, 12, &ret->month) || *(*at)++ != '.' ||
            !read_small(at, 5, &ret->week) || *(*at)++ != '.' || !read_small(at, 6, &ret->weekday))
                return false;
        ret->at_s = 7200;
        if (**at != '/')
                return ret->month > 0 && ret->week > 0;
        (*at)++;
        return ret->month > 0 && ret->week > 0 && read_clock(at, &ret->at_s);
}

/* Rules of another form than M, which no zone of today has, are none: the last change stays. */
static bool read_rules(const char *at, struct time_zone *zone)
{
        if (!skip_letters(&at) || !read_clock(&at, &zone->winter_s))
                return false;
        zone->winter_s = -zone->winter_s;
        if (!*at)
                return true;
        zone->summer_s = zone->winter_s + 3600;
        if (!skip_letters(&at))
                return false;
        if (*at != ',') {
                if (!read_clock(&at, &zone->summer_s))
                        return false;
                zone->summer_s = -zone->summer_s;
        }
        zone->has_summer = true;
        return read_rule(&at, &zone->begins) && read_rule(&at, &zone->ends) && !*at;
}

static void read_footer(struct text rest, struct time_zone *zone)
{
        char line[128];
        struct text head, tail;

        if (rest.len < 2 || rest.at[0] != '\n')
                return;
        text_cut(text_from_octets(rest.at + 1, rest.len - 1), '\n', &head, &tail);
        zone->has_rules = head.len && text_copy(head, line, sizeof(line)) && read_rules(line, zone);
}

static bool read_zone(struct text octets, struct time_zone *zone)
{
        struct counts c;
        size_t first, body;

        /* The first block is for readers of 32 bits; the second has everything. */
        if (!read_header(octets, &c) || octets.at[4] < '2')
                return false;
        first = HEADER + body_octets(&c, 4);
        if (octets.len < first || !read_header(text_from_octets(octets.at + first, octets.len - first), &c))
                return false;
        body = body_octets(&c, 8);
        first += HEADER;
        if (octets.len - first < body || !read_changes(text_from_octets(octets.at + first, body), &c, zone))
                return false;
        read_footer(text_from_octets(octets.at + first + body, octets.len - first - body), zone);
        return true;
}

int time_zone_parse(struct text octets, struct time_zone **ret)
{
        SCOPED(freep) struct time_zone *zone = calloc(1, sizeof(*zone));

        if (!zone)
                return fault(-ENOMEM);
        if (!read_zone(octets, zone))
                return TIME_ZONE_UNKNOWN;
        *ret = take(zone);
        return 0;
}

/* ---- found ---- */

/* Letters, digits, "_", "-", "+" and single "/" between them: no way out of the folder. */
static bool is_name(struct text name)
{
        if (name.len == 0 || name.len >= TIME_ZONE_NAME)
                return false;
        for (size_t i = 0; i < name.len; i++) {
                char c = name.at[i];
                bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

                if (i == 0 || name.at[i - 1] == '/' ? !is_letter
                                                    : !is_letter && !(c >= '0' && c <= '9') && c != '_' &&
                                                              c != '-' && c != '+' && c != '/')
                        return false;
        }
        return name.at[name.len - 1] != '/';
}

static int read_file(struct text name, struct time_zone **ret)
{
        char path[sizeof(FOLDER) + TIME_ZONE_NAME];
        SCOPED(freep) char *octets = malloc(FILE_OCTETS);
        SCOPED(closep) int fd = -1;
        size_t len = 0;
        ssize_t n;

        if (!octets)
                return fault(-ENOMEM);
        snprintf(path, sizeof(path), FOLDER "%.*s", TEXT_ARGS(name));
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return TIME_ZONE_UNKNOWN;
        while (len < FILE_OCTETS && (n = read(fd, octets + len, FILE_OCTETS - len)) > 0)
                len += (size_t)n;
        return time_zone_parse(text_from_octets(octets, len), ret);
}

static int add_zone(struct text name, const struct time_zone **ret)
{
        struct time_zone *zone = NULL;
        int r;

        if (text_equal_string(name, "UTC")) {
                zone = calloc(1, sizeof(*zone));
                r = zone ? 0 : fault(-ENOMEM);
        } else {
                r = zones_count < ZONES_MAX ? read_file(name, &zone) : TIME_ZONE_UNKNOWN;
        }
        if (r)
                return r;
        text_copy(name, zone->name, sizeof(zone->name));
        zone->next = zones;
        zones = zone;
        zones_count++;
        *ret = zone;
        return 0;
}

int time_zone_find(struct text name, const struct time_zone **ret)
{
        const struct time_zone *zone;
        int r = 0;

        if (!is_name(name))
                return TIME_ZONE_UNKNOWN;
        pthread_mutex_lock(&zones_lock);
        for (zone = zones; zone && !text_equal_string(name, zone->name);)
                zone = zone->next;
        if (!zone)
                r = add_zone(name, &zone);
        pthread_mutex_unlock(&zones_lock);
        if (r == 0)
                *ret = zone;
        return r;
}

/* ---- asked ---- */

/* Days since 1970 of a date (the proleptic Gregorian calendar, years from March on). */
static int64_t day_of(int64_t year, int month, int day)
{
        int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
        int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

        return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t year_of(int64_t day)
{
        int64_t year = 1970 + day / 366;

        while (day_of(year + 1, 1, 1) <= day)
                year++;
        return year;
}

static int64_t rule_day(const struct rule *rule, int64_t year)
{
        int64_t first = day_of(year, rule->month, 1);
        int64_t next = rule->month == 12 ? day_of(year + 1, 1, 1) : day_of(year, rule->month + 1, 1);
        /* 1 January 1970 was a Thursday. */
        int64_t day = first + (rule->weekday - (first + 4) % 7 + 7) % 7 + 7 * (rule->week - 1);

        return day < next ? day : day - 7;
}

static int64_t by_rules(const struct time_zone *zone, int64_t unix_s)
{
        int64_t year, begins, ends;

        if (!zone->has_summer)
                return zone->winter_s;
        year = year_of((unix_s + zone->winter_s) / DAY_S);
        begins = rule_day(&zone->begins, year) * DAY_S + zone->begins.at_s - zone->winter_s;
        ends = rule_day(&zone->ends, year) * DAY_S + zone->ends.at_s - zone->summer_s;
        if (begins < ends)
                return unix_s >= begins && unix_s < ends ? zone->summer_s : zone->winter_s;
        return unix_s >= begins || unix_s < ends ? zone->summer_s : zone->winter_s;
}

int64_t time_zone_offset_s(const struct time_zone *zone, int64_t unix_s)
{
        size_t low = 0, high = zone->count;

        while (low < high) {
                size_t middle = (low + high) / 2;

                if (zone->changes[middle].at_s <= unix_s)
                        low = middle + 1;
                else
                        high = middle;
        }
        if (low == zone->count && zone->has_rules)
                return by_rules(zone, unix_s);
        return low ? zone->changes[low - 1].offset_s : zone->first_s;
}

int64_t time_zone_day(const struct time_zone *zone, int64_t unix_ms)
{
        int64_t s = unix_ms / 1000 + time_zone_offset_s(zone, unix_ms / 1000);

        return s >= 0 ? s / DAY_S : -((DAY_S - 1 - s) / DAY_S);
}
