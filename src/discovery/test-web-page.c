// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/web-page.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define CSV  0
#define XML  1
#define USE  2
#define HTML 3
#define SUM  4

static const struct {
        const char *name;
        size_t page;
        const char *octets;
        const char *serial;
        int64_t meter; /* -1: none */
} rows[] = {
        { "CSV", CSV, "\"Model\",\"Serial No.\",\"Page Counter\"\r\n\"HL\",\"U638\",\"12345\"\r\n", "U638",
          12345 },
        { "CSV without quotes", CSV, "Page Counter,Serial No.\n7,U638", "U638", 7 },
        { "CSV with a comma in a value", CSV, "\"a\",\"Serial No.\"\n\"x,\"\"y\",\"U638\"", "U638", -1 },
        { "CSV of names alone", CSV, "\"Serial No.\",\"Page Counter\"\r\n", "", -1 },
        { "CSV whose quote does not end", CSV, "\"Serial No.\n\"U638", "U638", -1 },
        { "a meter that is no number", CSV, "\"Page Counter\"\n\"many\"", "", -1 },
        { "a meter without end", CSV, "\"Page Counter\"\n\"1234567890123\"", "", -1 },
        { "a meter below nothing", CSV, "\"Page Counter\"\n\"-5\"", "", -1 },
        { "a serial number that is none", CSV, "\"Serial No.\"\n\"<b>&\"", "", -1 },
        { "XML", XML, "<?xml?><a><dd:SerialNumber>CN75</dd:SerialNumber></a>", "CN75", -1 },
        { "XML with attributes", USE, "<dd:TotalImpressions PEID=\"5082\"> 8211 </dd:TotalImpressions>", "",
          8211 },
        { "the first of several", USE,
          "<TotalImpressions>5</TotalImpressions><TotalImpressions>6</TotalImpressions>", "", 5 },
        { "XML in a comment", XML, "<!-- <SerialNumber>NO</SerialNumber> --><a/>", "", -1 },
        { "XML that ends in the middle", XML, "<dd:SerialNumber>CN75", "", -1 },
        { "another element's end", XML, "<SerialNumber><b>CN75</b></SerialNumber>", "", -1 },
        { "HTML", HTML, "<dt>Serial Number</dt><dd><div>X5KZ</div></dd>", "X5KZ", -1 },
        { "HTML with references", HTML, "<td>Serial&nbsp;Number&nbsp;:</td>\n<td> X5KZ\n</td>", "X5KZ", -1 },
        { "HTML in a script", HTML, "<script>\"<dt>Serial Number</dt><dd>EVIL</dd>\"</script>", "", -1 },
        { "HTML sums", SUM, "<td>Total Number of Pages</td><td>12,345</td>", "", 12345 },
        { "an open tag", SUM, "<td>Total Number of Pages</td><td", "", -1 },
        { "nothing", HTML, "", "", -1 },
};

static void test_pages(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                static struct device device;

                printf("%s\n", rows[i].name);
                device_init(&device);
                web_page_read(web_page_at(rows[i].page), text_from(rows[i].octets), &device);
                assert(strcmp(device.serial, rows[i].serial) == 0);
                assert(device.meter_count == (rows[i].meter >= 0));
                assert(rows[i].meter < 0 || (device.meters[0].value == rows[i].meter &&
                                             strcmp(device.meters[0].name, "life") == 0));
        }
}

/* Only models that are known, and only what is lacking. */
static void test_who_is_asked(void)
{
        const struct web_page *found[WEB_PAGES_MAX + 1];
        static struct device device;

        printf("who is asked\n");
        device_init(&device);
        strcpy(device.make_and_model, "Acme 9000");
        web_pages_find(&device, found);
        assert(!found[0]);
        strcpy(device.make_and_model, "HP OfficeJet Pro 8710");
        web_pages_find(&device, found);
        assert(found[0] == web_page_at(XML) && found[1] == web_page_at(USE) && !found[2]);
        strcpy(device.serial, "CN75");
        web_pages_find(&device, found);
        assert(found[0] == web_page_at(USE) && !found[1]);
        assert(device_meter(&device, "life", "impressions", 5));
        web_pages_find(&device, found);
        assert(!found[0]);
        device_init(&device);
        strcpy(device.description, "Brother NC-8700w, Firmware Ver.1.07");
        web_pages_find(&device, found);
        assert(found[0] == web_page_at(CSV) && !found[1]);
}

static void test_too_long(void)
{
        static char octets[WEB_PAGE_OCTETS + 1];
        static struct device device;

        printf("too long\n");
        memset(octets, ' ', sizeof(octets));
        memcpy(octets, rows[15].octets, strlen(rows[15].octets));
        device_init(&device);
        web_page_read(web_page_at(HTML), text_from_octets(octets, sizeof(octets)), &device);
        assert(!device.serial[0]);
        web_page_read(web_page_at(HTML), text_from_octets(octets, sizeof(octets) - 1), &device);
        assert(strcmp(device.serial, "X5KZ") == 0);
}

int main(void)
{
        test_pages();
        test_who_is_asked();
        test_too_long();
        return 0;
}
