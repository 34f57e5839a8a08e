// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Box, ScrollArea, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { money } from "../parts/money";
import { Name } from "../parts/Name";
import { ofRegion } from "../parts/time";
import { type By, isByTime } from "./order";

type Report = Schemas["PageReport"];

function useRowName(by: By) {
    const { t, i18n } = useTranslation("reports");

    return (name: string | null, id: string | null) => {
        if (name === null) return by === "group" ? t("smallGroups") : by === "site" && id === null ? t("noSite") : t("gone");
        if (!isByTime(by)) return name;
        const day = new Date(name.padEnd(10, "-01"));
        const said = new Intl.DateTimeFormat(ofRegion(i18n.language), by === "month" ? { month: "long", year: "numeric", timeZone: "UTC" } : { dateStyle: "medium", timeZone: "UTC" });
        return by === "week" ? t("weekOf", { day: said.format(day) }) : said.format(day);
    };
}

/* The same as the plot in words, row by row; of things, how much of all of it each is stands behind its number. */
export function ReportTable({ report }: { report: Report }) {
    const { t, i18n } = useTranslation("reports");
    const by = report.by as By;
    const rowName = useRowName(by);
    const number = (value: number) => value.toLocaleString(i18n.language);
    const most = Math.max(1, ...report.items.map((item) => item.sums.pages));

    return (
        <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": t(`caption.${by}`) }}>
            <Table striped miw="42rem" captionSide="top">
                <Table.Caption ta="start">{t(`caption.${by}`)}</Table.Caption>
                <Table.Thead>
                    <Table.Tr>
                        <Table.Th scope="col">{t(`by.${by}`)}</Table.Th>
                        {["pages", "colour", "twoSided", "sheets", "jobs", "saved"].map((column) => (
                            <Table.Th scope="col" key={column} ta="end">
                                {t(column)}
                            </Table.Th>
                        ))}
                        {report.currency && (
                            <Table.Th scope="col" ta="end">
                                {t("cost")}
                            </Table.Th>
                        )}
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {report.items.map(({ name, id, sums }, i) => (
                        <Table.Tr key={id ?? name ?? i}>
                            <Table.Th scope="row" fw={400} maw="20rem">
                                <Name of={rowName(name, id)} />
                                {!isByTime(by) && (
                                    <Box aria-hidden h={4} mt={2} bg="blue.6" style={{ inlineSize: `${(100 * sums.pages) / most}%`, borderRadius: 2 }} />
                                )}
                            </Table.Th>
                            {[sums.pages, sums.colour_pages, sums.two_sided_pages, sums.sheets, sums.jobs, sums.saved_sheets].map((value, column) => (
                                <Table.Td key={column} ta="end">
                                    {number(value)}
                                </Table.Td>
                            ))}
                            {report.currency && <Table.Td ta="end">{sums.cost === null ? "–" : money(i18n.language, report.currency, sums.cost)}</Table.Td>}
                        </Table.Tr>
                    ))}
                </Table.Tbody>
            </Table>
        </ScrollArea>
    );
}
