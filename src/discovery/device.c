// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/device.h"

#include <stdio.h>
#include <string.h>

#include "base/scope.h"

void device_init(struct device *device)
{
        memset(device, 0, sizeof(*device));
        device->up_seconds = -1;
}

/* Not in the middle of a character of UTF-8. */
static size_t cut_at(struct text words, size_t most)
{
        size_t len = words.len < most ? words.len : most;

        if (len < words.len)
                while (len > 0 && ((uint8_t)words.at[len] & 0xc0) == 0x80)
                        len--;
        return len;
}

void device_set(char *to, size_t size, struct text words)
{
        char clean[1024];
        size_t len = 0;

        if (to[0])
                return;
        /* Descriptions come in lines, and with zeros at their end. */
        for (size_t i = 0; i < words.len && len < sizeof(clean); i++) {
                char c = words.at[i];

                if (c == 0)
                        break;
                clean[len++] = c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
        }
        words = text_trim((struct text){ clean, len });
        words.len = cut_at(words, size - 1);
        if (words.len > 0 && text_is_printable(words))
                (void)text_copy(text_trim(words), to, size);
}

static bool is_serial_character(char c)
{
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_' || c == '.' || c == '/' || c == ':' || c == '+';
}

/* "0", "XXXXXXXXXX" and the like are what devices say that have none. */
static bool says_something(struct text serial)
{
        size_t same = 0;

        while (same < serial.len && serial.at[same] == serial.at[0])
                same++;
        return serial.len >= 3 && same < serial.len;
}

void device_set_serial(struct device *device, struct text words)
{
        while (words.len > 0 && words.at[words.len - 1] == 0)
                words.len--;
        words = text_trim(words);
        for (size_t i = 0; i < words.len; i++)
                if (!is_serial_character(words.at[i]))
                        return;
        if (!device->serial[0] && says_something(words))
                (void)text_copy(words, device->serial, sizeof(device->serial));
}

void device_set_mac(struct device *device, struct text octets)
{
        size_t same = 0;

        while (same < octets.len && octets.at[same] == octets.at[0])
                same++;
        if (octets.len != 6 || same == octets.len || device->mac[0])
                return;
        snprintf(device->mac, sizeof(device->mac), "%02x:%02x:%02x:%02x:%02x:%02x", (uint8_t)octets.at[0],
                 (uint8_t)octets.at[1], (uint8_t)octets.at[2], (uint8_t)octets.at[3], (uint8_t)octets.at[4],
                 (uint8_t)octets.at[5]);
}

static void add_once(struct device_list *list, struct text keyword)
{
        if (keyword.len == 0 || keyword.len >= DEVICE_KEYWORD || list->count == DEVICE_KEYWORDS)
                return;
        for (size_t i = 0; i < list->count; i++)
                if (text_equal_string(keyword, list->at[i]))
                        return;
        (void)text_copy(keyword, list->at[list->count++], DEVICE_KEYWORD);
}

void device_add(struct device_list *list, struct text keyword)
{
        char copy[COURIER_KEYWORD];

        if (courier_keyword_copy(keyword, copy))
                add_once(list, keyword);
}

void device_add_format(struct device *device, struct text format)
{
        for (size_t i = 0; i < format.len; i++)
                if (!is_serial_character(format.at[i]))
                        return;
        add_once(&device->formats, format);
}

bool device_meter(struct device *device, const char *name, const char *unit, int64_t value)
{
        struct device_meter *meter;

        for (size_t i = 0; i < device->meter_count; i++)
                if (strcmp(device->meters[i].name, name) == 0)
                        return true;
        if (value < 0 || device->meter_count == DEVICE_METERS)
                return false;
        meter = &device->meters[device->meter_count++];
        snprintf(meter->name, sizeof(meter->name), "%s", name);
        snprintf(meter->unit, sizeof(meter->unit), "%s", unit);
        meter->value = value;
        return true;
}

void device_count(struct device *device, const char *name, int64_t value)
{
        size_t i = 0;

        while (i < device->counter_count && strcmp(device->counters[i].name, name) != 0)
                i++;
        if (value < 0 || value > INT64_MAX / 4 || i == DEVICE_METERS)
                return;
        if (i == device->counter_count) {
                device->counters[device->counter_count++] = (struct device_meter){ .value = 0 };
                snprintf(device->counters[i].name, sizeof(device->counters[i].name), "%s", name);
                snprintf(device->counters[i].unit, sizeof(device->counters[i].unit), "impressions");
        }
        if (device->counters[i].value <= INT64_MAX / 4)
                device->counters[i].value += value;
}

/* Each of the four alike: what is new is zero but for its index and what says that it is unknown. */
#define ROW(device, rows, row_count, max, index_of, ...)                                      \
        for (size_t i = 0; i < (device)->row_count; i++)                                      \
                if ((device)->rows[i].index == (index_of))                                    \
                        return &(device)->rows[i];                                            \
        if ((device)->row_count == (max))                                                     \
                return NULL;                                                                  \
        (device)->rows[(device)->row_count] = (__typeof__((device)->rows[0])){ __VA_ARGS__ }; \
        return &(device)->rows[(device)->row_count++]

struct device_supply *device_supply(struct device *device, uint32_t index)
{
        ROW(device, supplies, supply_count, DEVICE_SUPPLIES, index, .index = index, .max = DEVICE_UNKNOWN,
            .level = DEVICE_UNKNOWN);
}

struct device_tray *device_tray(struct device *device, uint32_t index)
{
        ROW(device, trays, tray_count, DEVICE_TRAYS, index, .index = index, .max = DEVICE_UNKNOWN,
            .level = DEVICE_UNKNOWN);
}

struct device_cover *device_cover(struct device *device, uint32_t index)
{
        ROW(device, covers, cover_count, DEVICE_COVERS, index, .index = index);
}

struct device_alert *device_alert(struct device *device, uint32_t index)
{
        ROW(device, alerts, alert_count, DEVICE_ALERTS, index, .index = index, .since = -1);
}

void device_add_finishing(struct device *device, int32_t finishing)
{
        for (size_t i = 0; i < device->finishing_count; i++)
                if (device->finishings[i] == finishing)
                        return;
        if (finishing >= 0 && finishing <= UINT16_MAX && device->finishing_count < DEVICE_FINISHINGS)
                device->finishings[device->finishing_count++] = finishing;
}

void device_add_uri(struct device *device, const char *uri)
{
        for (size_t i = 0; i < device->uri_count; i++)
                if (strcmp(device->uris[i], uri) == 0)
                        return;
        if (device->uri_count < DEVICE_URIS && strlen(uri) < sizeof(device->uris[0]))
                snprintf(device->uris[device->uri_count++], sizeof(device->uris[0]), "%s", uri);
}

/* ---- IEEE 1284 ---- */

static const struct {
        const char *name, *format;
} languages[] = {
        { "PCL", "application/vnd.hp-pcl" },
        { "PCL5", "application/vnd.hp-pcl" },
        { "PCL5C", "application/vnd.hp-pcl" },
        { "PCL5E", "application/vnd.hp-pcl" },
        { "PCL6", "application/vnd.hp-pclxl" },
        { "PCLXL", "application/vnd.hp-pclxl" },
        { "PCL-XL", "application/vnd.hp-pclxl" },
        { "POSTSCRIPT", "application/postscript" },
        { "PS", "application/postscript" },
        { "PS3", "application/postscript" },
        { "PDF", "application/pdf" },
        { "PWGRASTER", "image/pwg-raster" },
        { "PWG", "image/pwg-raster" },
        { "URF", "image/urf" },
        { "URP", "image/urf" },
        { "JPEG", "image/jpeg" },
        { "XPS", "application/vnd.ms-xpsdocument" },
};

static void read_languages(struct device *device, struct text list)
{
        struct text word;
        bool more = true;

        while (more) {
                more = text_cut(list, ',', &word, &list);
                word = text_trim(word);
                for (size_t i = 0; i < ARRAY_LENGTH(languages); i++)
                        if (text_equal_nocase(word, text_from(languages[i].name)))
                                device_add_format(device, text_from(languages[i].format));
        }
}

static bool is_key(struct text key, const char *brief, const char *full)
{
        return text_equal_nocase(key, text_from(brief)) || text_equal_nocase(key, text_from(full));
}

void device_read_id(struct device *device, struct text id)
{
        struct text field, key, value;
        bool more = true;

        if (id.len == 0 || id.len >= DEVICE_ID || !text_is_printable(id))
                return;
        device_set(device->device_id, sizeof(device->device_id), id);
        while (more) {
                more = text_cut(id, ';', &field, &id);
                if (!text_cut(field, ':', &key, &value))
                        continue;
                key = text_trim(key);
                if (is_key(key, "MFG", "MANUFACTURER"))
                        device_set(device->make, sizeof(device->make), value);
                else if (is_key(key, "MDL", "MODEL"))
                        device_set(device->model, sizeof(device->model), value);
                else if (is_key(key, "SN", "SERN") || is_key(key, "SER", "SERIALNUMBER"))
                        device_set_serial(device, value);
                else if (is_key(key, "CMD", "COMMAND SET"))
                        read_languages(device, value);
        }
}
