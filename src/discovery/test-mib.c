// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What devices say of themselves: by SNMP, by IPP, as a 1284 id. And what is made of it for the service. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "discovery/dns-sd.h"
#include "discovery/ipp-facts.h"
#include "discovery/mib.h"
#include "discovery/sighting.h"
#include "ipp/build.h"
#include "snmp/ber.h"

static struct device device;
static struct mib_walk walk;
static struct snmp_answer answer;

static void test_1284(void)
{
        static const struct {
                const char *id, *make, *model, *serial;
                size_t formats;
        } rows[] = {
                { "MFG:Acme;MDL:ColorMFP 5055;CMD:PCLXL,POSTSCRIPT,PDF,PWGRaster;SN:ACM0000001;", "Acme",
                  "ColorMFP 5055", "ACM0000001", 4 },
                { "MANUFACTURER:Acme; MODEL:M 1; COMMAND SET:PCL, PJL;", "Acme", "M 1", "", 1 },
                { "MFG:Acme;SN:0000000", "Acme", "", "", 0 },
                { "MFG:Acme;SN:a serial", "Acme", "", "", 0 },
                { "MFG:first;MFG:second", "first", "", "", 0 },
                { ";;:;MFG;:x;MDL:", "", "", "", 0 },
                { "MFG:\001\002", "", "", "", 0 },
                { "", "", "", "", 0 },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].id);
                device_init(&device);
                device_read_id(&device, text_from(rows[i].id));
                assert(strcmp(device.make, rows[i].make) == 0 && strcmp(device.model, rows[i].model) == 0);
                assert(strcmp(device.serial, rows[i].serial) == 0 && device.formats.count == rows[i].formats);
        }
}

static void test_words(void)
{
        static const char octets[] = "\xc3\xa9\xc3\xa9\xc3\xa9";
        char small[6] = "", bad[16] = "";

        device_set(small, sizeof(small), text_from(octets)); /* not in the middle of a letter */
        assert(strlen(small) == 4);
        device_set(small, sizeof(small), TEXT_OF("other")); /* the first stays */
        assert(strlen(small) == 4);
        device_set(bad, sizeof(bad), TEXT_OF("\xff\xfe"));
        assert(!bad[0]);
        device_set(bad, sizeof(bad), TEXT_OF("  two\r\nlines\0rest"));
        assert(strcmp(bad, "two  lines") == 0);
        device_init(&device);
        device_set_mac(&device, (struct text){ "\0\0\0\0\0\0", 6 });
        device_set_mac(&device, TEXT_OF("seven o"));
        assert(!device.mac[0]);
}

/* Columns in the order in which they are asked, answered with one value each. */
static void say(const char *name, enum snmp_kind kind, uint8_t tag, int64_t number, const char *words)
{
        struct snmp_name asked[MIB_ASKED_MAX], wanted;
        size_t count = 0;
        uint32_t repetitions;

        assert(snmp_name_parse(text_from(name), &wanted));
        while (mib_next(&walk, asked, &count, &repetitions)) {
                bool is_asked = false;

                answer = (struct snmp_answer){ .value_count = count };
                for (size_t i = 0; i < count; i++) {
                        const uint32_t *rest;
                        size_t rest_count;

                        answer.values[i] =
                                (struct snmp_value){ .name = asked[i], .kind = SNMP_NOTHING, .tag = BER_END };
                        if (!snmp_name_is_below(&wanted, &asked[i], &rest, &rest_count))
                                continue;
                        answer.values[i] = (struct snmp_value){ wanted, kind, tag, number, text_from(words) };
                        is_asked = true;
                }
                mib_take(&walk, &answer, &device);
                if (is_asked)
                        return;
        }
        assert(false);
}

static void begin(enum purpose purpose)
{
        device_init(&device);
        mib_begin(&walk, purpose, false, false);
}

static void test_levels(void)
{
        static const struct {
                int64_t said;
                int32_t level;
                const char *state;
        } rows[] = {
                { 0, 0, "level" },
                { 42, 42, "level" },
                { -1, DEVICE_OTHER, "unlimited" },
                { -2, -2, "unknown" },
                { -3, DEVICE_SOME, "some" },
                { -4, -2, "unknown" },
                { INT64_C(1) << 40, -2, "unknown" },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct sighting sighting;
                json_t *json;

                begin(PURPOSE_SUPPLIES);
                say("1.3.6.1.2.1.43.11.1.1.9.1.3", SNMP_INTEGER, 2, rows[i].said, "");
                mib_end(&walk, &device);
                assert(device.supply_count == 1 && device.supplies[0].level == rows[i].level);
                sighting_init(&sighting, 0x0a070001, PURPOSE_SUPPLIES);
                sighting.device = device;
                sighting_note(&sighting, WAY_SNMP, TRIED_ANSWERED);
                json = sighting_format(&sighting);
                assert(strcmp(json_string_value(json_object_get(
                                      json_array_get(json_object_get(json, "supplies"), 0), "state")),
                              rows[i].state) == 0);
                assert(!json_object_get(json, "meters") && !json_object_get(json, "trays"));
                json_decref(json);
        }
}

/* Another column's value, one from before, one of a type that cannot be. */
static void test_wrong_values(void)
{
        begin(PURPOSE_DISCOVERY);
        say("1.3.6.1.2.1.43.5.1.1.17.1", SNMP_INTEGER, 2, 7, "");
        assert(!device.serial[0]);
        begin(PURPOSE_DISCOVERY);
        say("1.3.6.1.2.1.43.11.1.1.8.1.1", SNMP_OCTETS, 4, 0, "many");
        assert(device.supplies[0].max == DEVICE_UNKNOWN);
        begin(PURPOSE_DISCOVERY);
        say("1.3.6.1.2.1.43.18.1.1.2.1.1.1.1.1.1.1.1.1", SNMP_INTEGER, 2, 3, ""); /* a place too deep */
        assert(device.alert_count == 0);
}

/* Every walk ends, whatever is answered. */
static void test_ends(void)
{
        struct snmp_name asked[MIB_ASKED_MAX];
        uint32_t repetitions;
        size_t count;
        int questions = 0;

        for (int manner = 0; manner < 5; manner++) {
                begin(PURPOSE_DISCOVERY);
                for (questions = 0; mib_next(&walk, asked, &count, &repetitions); questions++) {
                        answer = (struct snmp_answer){ .error = manner == 0   ? SNMP_TOO_BIG
                                                                : manner == 1 ? 5
                                                                              : 0,
                                                       .index = (int32_t)questions % 20 - 1 };
                        if (manner == 2)
                                answer.value_count = 0;
                        for (size_t i = 0; manner >= 3 && i < count; i++) {
                                answer.values[i] =
                                        (struct snmp_value){ asked[i], SNMP_INTEGER, 2, 1, { "", 0 } };
                                /* the same place again and again; or always one row more */
                                if (manner == 3 || questions == 0 || asked[i].count < 13)
                                        answer.values[i].name.at[answer.values[i].name.count++] = 1;
                                else
                                        answer.values[i].name.at[asked[i].count - 1]++;
                                answer.value_count = count;
                        }
                        mib_take(&walk, &answer, &device);
                        assert(questions <= MIB_QUESTIONS_MAX);
                }
                mib_end(&walk, &device);
        }
}

/* Of wrong types, out of range, and much too many. */
static void test_ipp(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_builder b = ipp_answer(arena, IPP_OK, 1);

        ipp_begin_group(&b, IPP_TAG_PRINTER);
        ipp_add_integer(&b, "printer-uuid", 7);
        ipp_add_integer(&b, "printer-state", 9);
        ipp_add_string(&b, IPP_TAG_KEYWORD, "color-supported", "true");
        ipp_add_string(&b, IPP_TAG_TEXT, "printer-make-and-model", "Acme \001");
        ipp_add_integer(&b, "pages-per-minute", -5);
        ipp_add_integer(&b, "printer-impressions-completed", -1);
        ipp_add_integer(&b, "printer-pages-completed", 12);
        ipp_add_integer(&b, "finishings-supported", 4);
        ipp_add_enum(&b, "finishings-supported", -4);
        ipp_add_enum(&b, "finishings-supported", 5);
        for (int i = 0; i < 500; i++)
                ipp_add_format(&b, IPP_TAG_KEYWORD, "media-supported", "custom_%d_%dx1mm", i, i + 1);
        ipp_add_string(&b, IPP_TAG_OCTET_STRING, "printer-supply",
                       "type=tonerCartridge;maxcapacity=100;level=42;colorantname=cyan;");
        ipp_add_string(&b, IPP_TAG_OCTET_STRING, "printer-supply",
                       "level=-3;index=7;maxcapacity=-9;type=Waste Toner");
        ipp_add_string(&b, IPP_TAG_OCTET_STRING, "printer-supply", ";;;=;level");
        ipp_add_string(&b, IPP_TAG_KEYWORD, "printer-supply", "level=1;");
        ipp_add_string(&b, IPP_TAG_OCTET_STRING, "printer-alert",
                       "code=coverOpen;severity=critical;group=cover;time=5");
        assert(!b.failed);
        device_init(&device);
        device_read_ipp(b.group->attributes, &device);
        assert(!device.uuid[0] && device.condition == COURIER_UNKNOWN && device.colour == DEVICE_NOT_SAID);
        assert(!device.make_and_model[0] && device.pages_per_minute == 0);
        assert(device.meter_count == 1 && device.meters[0].value == 12);
        assert(device.finishing_count == 1 && device.finishings[0] == 5);
        assert(device.media.count == DEVICE_KEYWORDS && device.supply_count == 3);
        assert(strcmp(device.supplies[0].kind, "toner-cartridge") == 0 && device.supplies[0].level == 42 &&
               strcmp(device.supplies[0].colour, "cyan") == 0);
        assert(device.supplies[1].index == 7 && device.supplies[1].level == DEVICE_SOME &&
               device.supplies[1].max == DEVICE_UNKNOWN);
        assert(device.alert_count == 1 && device.alerts[0].severity == 3 &&
               strcmp(device.alerts[0].code, "cover-open") == 0);
}

static void test_announced(void)
{
        struct dns_sd_service service;

        assert(dns_sd_service_make(TEXT_OF("_ipps._tcp"), 0x0a000001, 631, TEXT_OF("ipp/print"), &service));
        assert(strcmp(service.at.uri, "ipps://10.0.0.1:631/ipp/print") == 0 || service.at.port == 631);
        assert(dns_sd_service_make(TEXT_OF("_ipp._tcp"), 0x0a000001, 8631, TEXT_OF("//printers/x"),
                                   &service));
        assert(strcmp(service.at.path, "/printers/x") == 0 && service.at.port == 8631);
        assert(!dns_sd_service_make(TEXT_OF("_ipp._tcp"), 0x0a000001, 0, TEXT_OF("ipp"), &service));
        assert(!dns_sd_service_make(TEXT_OF("_ipp._tcp"), 0xe0000001, 631, TEXT_OF("ipp"), &service));
        assert(!dns_sd_service_make(TEXT_OF("_ipp._tcp"), 0x0a000001, 631, TEXT_OF("a b\r\nc"), &service));
        assert(!dns_sd_service_make(TEXT_OF("_printer._tcp"), 0x0a000001, 515, TEXT_OF("auto"), &service));
}

int main(void)
{
        test_1284();
        test_words();
        test_levels();
        test_wrong_values();
        test_ends();
        test_ipp();
        test_announced();
        return 0;
}
